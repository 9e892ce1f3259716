package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

const day = 24 * time.Hour

// retainAll retains until nothing is left to do.
func retainAll(t *testing.T, s *Store, now time.Time) {
	t.Helper()
	for range 1000 {
		if must[int](t)(s.Retain(t.Context(), now, 7)) < 7 {
			return
		}
	}
	t.Fatal("retention does not end")
}

// left names what is still there of each kind.
func left(t *testing.T, s *Store) string {
	t.Helper()
	kinds := map[string]int{}
	for k, v := range dump(t, s.kv) {
		kind, _, _ := strings.Cut(k, "/")
		if kind == "article" && !strings.Contains(v, `"text"`) {
			kind = "bare"
		}
		if strings.HasPrefix(k, "inbox/done") {
			kind = "done"
		}
		kinds[kind]++
	}
	var out []string
	for _, kind := range []string{"article", "bare", "queue", "story", "live", "edition", "delivery", "done", "seen", "expire"} {
		if kinds[kind] > 0 {
			out = append(out, fmt.Sprint(kind, " ", kinds[kind]))
		}
	}
	return strings.Join(out, ", ")
}

// TestRetention walks through the days after some news.
func TestRetention(t *testing.T) {
	s := newStore(t)
	a := saveStory(t, s, "a", nil, start)
	saveStory(t, s, "b", []digest.Story{a}, start, start.Add(4*day)) // goes on for four days
	check(t, s.SavePoll(t.Context(), Poll{Source: testSource(1), Articles: []digest.Article{testArticle(1, start)}}))
	c := subscribed(t, s)
	d := testDelivery(c, start)
	d.State = digest.Sent
	e := digest.Edition{ID: "edition", Chat: c.ID, At: start}
	must[bool](t)(s.FileDelivery(t.Context(), d, e, nextDay))
	must[[]Incoming](t)(s.Accept(t.Context(), digest.Telegram, []Incoming{{ID: "1", Body: []byte("{}"), At: start}}, ""))
	check(t, s.Handled(t.Context(), digest.Telegram, "1"))
	for _, step := range []struct {
		days int
		want string
	}{
		{0, "article 4, queue 1, story 2, live 1, edition 1, delivery 1, done 1, expire 9"},
		{2, "article 4, queue 1, story 2, live 1, edition 1, delivery 1, expire 8"},
		// The texts of b and of a, which b absorbed, stay until b closes on day 9.
		{5, "article 3, bare 1, queue 1, story 2, live 1, edition 1, delivery 1, expire 8"},
		{9, "bare 4, queue 1, story 2, live 1, edition 1, delivery 1, expire 8"},
		// Those found on day 0 go 30 days later; the queue does not keep one for ever.
		{30, "bare 1, story 2, live 1, delivery 1, expire 4"},
		{34, "delivery 1, expire 1"},
		{119, "delivery 1, expire 1"},
		{120, ""},
	} {
		now := start.Add(time.Duration(step.days) * day)
		retainAll(t, s, now)
		if d := cmp.Diff(step.want, left(t, s)); d != "" {
			t.Errorf("day %d (-want +got):\n%s", step.days, d)
		}
	}
}

// TestRetainForgetsUnfollowedSources: a source that nobody has followed for long goes with
// its seen entries; a starter source stays, as one that was never polled.
func TestRetainForgetsUnfollowedSources(t *testing.T) {
	s := newStore(t)
	const starter, back, paused = 1, 2, 3 // and 0 is just left
	for n := range 4 {
		src := testSource(n)
		src.Starter = n == starter
		c := testChat(n)
		c.Counted = []digest.SourceID{src.ID}
		must[digest.Chat](t)(s.CreateChat(t.Context(), c))
		src.Fetch = digest.Fetch{ETag: `"1"`, LastTry: start, Next: start.Add(time.Hour), Paused: n == paused}
		if n == paused {
			src.Fetch.Next = time.Time{}
		}
		check(t, s.SavePoll(t.Context(), Poll{Source: src, Seen: marks("a")}))
		check(t, s.DeleteChat(t.Context(), c.ID))
		due := must[[]digest.SourceID](t)(s.DueSources(t.Context(), start.Add(time.Hour), 10))
		if len(due) != 1 || due[0] != src.ID {
			t.Fatalf("nobody looks after source %d: %v", n, due)
		}
		check(t, s.RestSource(t.Context(), src.ID, start))
	}
	must[digest.Source](t)(s.IntroduceSource(t.Context(), testSource(4), start)) // nobody ever follows it
	again := testChat(1)
	again.Counted = []digest.SourceID{testSource(back).ID}
	must[digest.Chat](t)(s.CreateChat(t.Context(), again))
	known := func(n int) string {
		src, err := s.Source(t.Context(), testSource(n).ID)
		return fmt.Sprint(err == nil, " ", src.Fetch.ETag != "", " ", must[SeenEntries](t)(s.SeenEntries(t.Context(), testSource(n).ID)).Len())
	}
	for _, step := range []struct {
		days int
		want []string
	}{
		{119, []string{"true true 1", "true true 1", "true true 1", "true true 1", "true false 0"}},
		{120, []string{"false false 0", "true false 0", "true true 1", "false false 0", "false false 0"}},
		{300, []string{"false false 0", "true false 0", "true true 1", "false false 0"}},
	} {
		retainAll(t, s, start.Add(time.Duration(step.days)*day))
		for n, want := range step.want {
			if got := known(n); got != want {
				t.Errorf("day %d, source %d: known, with validator, seen: %s, want %s", step.days, n, got, want)
			}
		}
	}
}

// TestRetainForgetsGoneChats: a chat that is gone goes after 30 days with all that it owns;
// one that came back, or is shut out, stays.
func TestRetainForgetsGoneChats(t *testing.T) {
	s := newStore(t)
	const gone, back, again, blocked = 0, 1, 2, 3
	leave := func(id digest.ChatID, at time.Time) {
		must[digest.Chat](t)(s.UpdateChat(t.Context(), id, func(c *digest.Chat) error {
			c.Gone, c.GoneSince, c.Counted = "blocked", at, nil
			return nil
		}))
	}
	var ids []digest.ChatID
	for n := range 4 {
		c := testChat(n)
		c.Counted, c.Feeds = []digest.SourceID{testSource(1).ID}, 1
		if n == blocked {
			c.Blocked = start
		}
		c = must[digest.Chat](t)(s.CreateChat(t.Context(), c))
		ids = append(ids, c.ID)
		check(t, s.PutFeedback(t.Context(), digest.Feedback{ID: digest.NewFeedbackID(c.ID, "1"), Chat: c.ID, At: start}))
		leave(c.ID, start)
	}
	for _, n := range []int{back, again} {
		must[digest.Chat](t)(s.UpdateChat(t.Context(), ids[n], func(c *digest.Chat) error {
			c.Gone, c.GoneSince = "", time.Time{}
			return nil
		}))
	}
	leave(ids[again], start.Add(10*day))
	for _, step := range []struct {
		days int
		want []bool
	}{
		{29, []bool{true, true, true, true}}, {30, []bool{false, true, true, true}},
		{39, []bool{false, true, true, true}}, {40, []bool{false, true, false, true}}, {100, []bool{false, true, false, true}},
	} {
		retainAll(t, s, start.Add(time.Duration(step.days)*day))
		for n, want := range step.want {
			if _, err := s.Chat(t.Context(), ids[n]); (err == nil) != want {
				t.Errorf("day %d, chat %d: %v", step.days, n, err)
			}
		}
	}
	for k := range dump(t, s.kv) {
		for _, n := range []int{gone, again} {
			if strings.Contains(k, string(ids[n])) || strings.HasPrefix(k, "addr/") && strings.HasSuffix(k, testChat(n).Address.Key()) {
				t.Errorf("of a chat that is deleted there is still %s", k)
			}
		}
	}
}

// TestRetainForgetsProcesses: what a process noted goes a week after its last sign of life.
func TestRetainForgetsProcesses(t *testing.T) {
	s := newStore(t)
	for d := range 20 {
		now := start.Add(time.Duration(d) * day)
		retainAll(t, s, now)
		for _, process := range []string{"dies", "lives"} {
			if process == "dies" && d > 2 {
				continue
			}
			check(t, s.Touch(t.Context(), process, now))
			check(t, s.SaveProblems(t.Context(), process, []digest.Problem{{}}))
		}
		dies := must[[]digest.Problem](t)(s.Problems(t.Context(), "dies"))
		lives := must[[]digest.Problem](t)(s.Problems(t.Context(), "lives"))
		if (len(dies) > 0) != (d < 9) || len(lives) != 1 {
			t.Errorf("day %d: %d problems of the dead, %d of the living", d, len(dies), len(lives))
		}
	}
	n := 0
	for k := range dump(t, s.kv) {
		if strings.HasPrefix(k, "expire/") {
			n++
		}
	}
	if n > 9 {
		t.Errorf("%d entries for one process", n)
	}
}

func TestRetainRefusesWhatItDoesNotKnow(t *testing.T) {
	s := newStore(t)
	check(t, s.kv.Update(t.Context(), func(tx kv.Tx) error { return tx.Put(key("expire", stamp(start), "thing", "1"), nil) }))
	if _, err := s.Retain(t.Context(), start, 10); err == nil {
		t.Error("an unknown kind: no error")
	}
}
