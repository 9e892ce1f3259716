package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// TestAlike: what chats that are due together share is what each gets alone: of no other's
// taste, mutes, memory or sources.
func TestAlike(t *testing.T) {
	w := newWorld(t)
	w.starter = nil
	for i, topic := range []string{"World", "World", "Sport", "Sport", "Technology", "Technology"} {
		w.starter = append(w.starter, w.source(fmt.Sprintf("s%d.example", i), topic))
	}
	w.live()
	w.fill(45, time.Hour)
	w.fill(45, 30*time.Hour)
	at := start.Add(31 * time.Hour)
	all, err := w.edition2(t.Context(), w.newMinute(at), digest.Chat{AllTopics: true}, "", digest.Full)
	if err != nil || len(all.Stories) < 3 {
		t.Fatal(len(all.Stories), err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		in := w.newMinute(at)
		shared := 0
		one := digest.Chat{AllTopics: rapid.Bool().Draw(rt, "all topics"), Topics: []string{"World"}}
		one.Settings.Reads = []string{"en"}
		for range 2 {
			w.vary(rt, &one, all.Stories, at)
		}
		for n := range rapid.IntRange(2, 8).Draw(rt, "chats") {
			c := one // but for one thing
			c.Seen = maps.Clone(c.Seen)
			w.vary(rt, &c, all.Stories, at)
			c.ID = digest.ChatID(fmt.Sprint("chat", n))
			topic := rapid.SampledFrom([]string{"", "", "Sport"}).Draw(rt, "topic")
			length := rapid.SampledFrom(digest.Lengths).Draw(rt, "length")
			request := rapid.Bool().Draw(rt, "request")
			got, pick, err := w.Desk.edition(t.Context(), in, c, topic, length, request)
			if err != nil {
				rt.Fatal(err)
			}
			alone, own, err := w.Desk.edition(t.Context(), w.newMinute(at), c, topic, length, request)
			if err != nil {
				rt.Fatal(err)
			}
			if d := cmp.Diff(alone, got); d != "" {
				rt.Fatalf("chat %d (-alone +shared):\n%s", n, d)
			}
			if d := cmp.Diff(own.shown, pick.shown); d != "" || own.shared != pick.shared {
				rt.Fatalf("shown of chat %d (-alone +shared):\n%s", n, d)
			}
			for _, s := range got.Stories {
				for _, r := range s.Reasons {
					if r.Kind == digest.ByTaste && pick.shared {
						rt.Fatalf("the taste of chat %d is stored for many", n)
					}
				}
			}
			if pick.shared {
				shared++
			}
		}
		if len(in.picks) > shared {
			rt.Fatalf("%d choices for %d chats", len(in.picks), shared)
		}
	})
}

// edition2 is edition without its choice.
func (w *world) edition2(ctx context.Context, in *minute, c digest.Chat, topic string, length digest.Length) (digest.Edition, error) {
	e, _, err := w.Desk.edition(ctx, in, c, topic, length, false)
	return e, err
}

// vary changes one thing of what a chat follows, likes, hides and has seen.
func (w *world) vary(t *rapid.T, c *digest.Chat, stories []digest.EditionStory, at time.Time) {
	source := rapid.Custom(func(t *rapid.T) digest.SourceID { return rapid.SampledFrom(w.starter).Draw(t, "source").ID })
	s := rapid.SampledFrom(stories).Draw(t, "story")
	switch rapid.IntRange(0, 8).Draw(t, "vary") {
	case 0:
		c.Own = rapid.SliceOfN(source, 0, 2).Draw(t, "own")
	case 1:
		c.Dropped = rapid.SliceOfN(source, 0, 2).Draw(t, "dropped")
	case 2:
		c.AllTopics, c.Topics = false, rapid.SampledFrom([][]string{nil, {"World"}, {"Sport", "World"}}).Draw(t, "topics")
	case 3:
		c.Learn(s, rapid.Bool().Draw(t, "more"), at)
	case 4:
		c.Mutes = []digest.Mute{rapid.SampledFrom([]digest.Mute{
			{Kind: digest.OfSource, What: s.Members[0].Outlet}, {Kind: digest.OfSource, What: string(s.Members[0].Source), Until: at.Add(-time.Hour)},
			{Kind: digest.OfWord, What: strings.Fields(s.Headline)[1]}, {Kind: digest.OfTopic, What: "Sport"},
		}).Draw(t, "mute")}
	case 5:
		if c.Seen == nil {
			c.Seen = map[digest.StoryID]digest.Seen{}
		}
		seen := digest.Seen{At: at.Add(-rapid.SampledFrom([]time.Duration{time.Hour, 25 * time.Hour, 29 * time.Hour}).Draw(t, "ago"))}
		if rapid.Bool().Draw(t, "told") {
			seen.Facts = told(s)
		}
		c.Seen[s.Story] = seen
	case 6:
		c.LastSent = at.Add(-rapid.SampledFrom([]time.Duration{20 * time.Hour, 3 * 24 * time.Hour, 6 * 24 * time.Hour}).Draw(t, "last sent"))
	case 7:
		c.Restored = at.Add(-20 * time.Hour)
	}
}

// TestRehearse: what is due soon is ready when it is due, unless a story has changed.
func TestRehearse(t *testing.T) {
	w := newWorld(t)
	w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)), tale("flood", start.Add(59*time.Minute)))
	for i := range 3 {
		w.daily(w.meet(digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(i + 1)}), 8)
	}
	w.walk(30 * time.Minute)
	due := start.Add(time.Hour)
	rehearse := func() *minute {
		t.Helper()
		w.ahead = rehearsal{}
		for next := due.Add(-time.Minute); !next.After(due.Add(-time.Minute)); {
			var err error
			if next, err = w.Compose(t.Context(), next); err != nil {
				t.Fatal(err)
			}
		}
		in := w.minutes.at[due.Unix()]
		if in == nil || len(in.picks) != 1 || len(in.posts) != 1 || len(w.deliveries()) != 0 {
			t.Fatalf("rehearsed %+v, %d filed", in, len(w.deliveries()))
		}
		return in
	}
	in := rehearse()
	if w.minuteOf(due) != in {
		t.Error("what was rehearsed is not used")
	}
	w.fill(1, 59*time.Minute)
	if w.minuteOf(due) == in {
		t.Error("what was rehearsed is used although a story came")
	}
	if _, err := w.Compose(t.Context(), due); err != nil {
		t.Fatal(err)
	}
	for slot, del := range w.deliveries() {
		if e, err := w.Edition(t.Context(), del.Edition); err != nil || len(e.Stories) != 2 {
			t.Errorf("%s: %d stories, %v", slot, len(e.Stories), err)
		}
	}
}

// TestOneBadChat: a chat that cannot be read keeps none of the others from their digests.
func TestOneBadChat(t *testing.T) {
	w := newWorld(t)
	var chats []digest.Chat
	for i := range 5 {
		chats = append(chats, w.meet(digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(i + 1)}))
		w.daily(chats[i], 8)
	}
	err := w.engine.Update(t.Context(), func(tx kv.Tx) error { return tx.Put([]byte("chat/"+string(chats[2].ID)), []byte("{")) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Compose(t.Context(), start.Add(time.Hour)); err == nil || !strings.Contains(err.Error(), string(chats[2].ID)) {
		t.Errorf("composed with %v", err)
	}
	var filed []digest.ChatID
	for del := range w.store.Deliveries(t.Context()) {
		filed = append(filed, del.Chat)
	}
	if len(filed) != 4 || slices.Contains(filed, chats[2].ID) {
		t.Errorf("filed for %v", filed)
	}
	if _, err := w.Deliver(t.Context(), start.Add(time.Hour)); err != nil {
		t.Error(err)
	}
	w.idle.Wait()
	if got := w.telegram.messages(); len(got) != 4 {
		t.Errorf("%d arrived", len(got))
	}
}
