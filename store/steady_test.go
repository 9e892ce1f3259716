package store

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/store/bolt"
)

var steadyChats = flag.Int("chats", 2, "how many chats TestSteady has, and half as many sources")

// steady is a store in steady use, on a clock of its own.
type steady struct {
	t      testing.TB
	s      *Store
	now    time.Time
	chats  []digest.Chat
	source []digest.Source
	n      int // counts articles and messages
}

func newSteady(t testing.TB, s *Store, chats int) *steady {
	w := &steady{t: t, s: s, now: start}
	for n := range max(2, chats/2) {
		src := testSource(n)
		w.source = append(w.source, src)
		check(t, s.PutSource(t.Context(), src))
	}
	for n := range chats {
		c := testChat(n)
		c.Settings.Zone = "Europe/Berlin"
		for _, src := range w.source[:min(20, len(w.source))] {
			c.Counted = append(c.Counted, src.ID)
		}
		c.Subscriptions = []digest.Subscription{subscription(c, 1, start)}
		w.chats = append(w.chats, must[digest.Chat](t)(s.CreateChat(t.Context(), c)))
	}
	return w
}

// turn is how often the same happens.
const turn = 48 * time.Hour

// goOn is what a turn brings: each source has an article, every chat gets a digest, and one
// asks for another, says something and is answered.
func (w *steady) goOn() {
	for _, src := range w.source {
		w.poll(src)
	}
	w.place()
	for _, c := range w.chats {
		w.digest(c)
	}
	w.talk(w.chats[w.n%len(w.chats)])
	w.visit()
	w.now = w.now.Add(turn)
	for looked := 500; looked == 500; {
		looked = must[int](w.t)(w.s.Retain(w.t.Context(), w.now, 500))
	}
}

func (w *steady) poll(src digest.Source) {
	w.n++
	link := fmt.Sprintf("https://source.example/world/%d/the-harbor-was-closed-on-monday", w.n)
	title := fmt.Sprintf("The harbor was closed on Monday after a collision, police say (%d)", w.n)
	a := digest.Article{ID: digest.NewArticleID(link, title, "", ""), Source: src.ID, Outlet: src.Name, Title: title, Link: link,
		Published: w.now.Add(-time.Minute), Found: w.now, Language: "en", Text: strings.Repeat("The harbor was closed after two ships met. ", 80)}
	src.Fetch = digest.Fetch{ETag: fmt.Sprintf("%q", title), LastTry: w.now, LastSuccess: w.now, Next: w.now.Add(time.Hour)}
	check(w.t, w.s.SavePoll(w.t.Context(), Poll{Source: src, Articles: []digest.Article{a}, Seen: marks(link)}))
}

// place puts two articles at a time into a story.
func (w *steady) place() {
	ctx := w.t.Context()
	for {
		articles := must[[]digest.Article](w.t)(w.s.ToPlace(ctx, 100))
		if len(articles) == 0 {
			return
		}
		var placed []Placed
		for i := range articles {
			a := &articles[i]
			if i%2 == 0 {
				placed = append(placed, Placed{Story: digest.Story{ID: digest.NewStoryID(a.ID), Headline: a.Title, Language: "en"}})
			}
			p := &placed[len(placed)-1]
			a.Story = p.Story.ID
			p.Story.Add(digest.Member{Article: a.ID, Source: a.Source, Outlet: a.Outlet, Title: a.Title, Link: a.Link, Published: a.Published})
			p.Articles = append(p.Articles, *a)
		}
		must[int](w.t)(w.s.SaveStories(ctx, placed))
	}
}

// digest files a chat's digest of the turn and sends it.
func (w *steady) digest(c digest.Chat) {
	ctx := w.t.Context()
	d := testDelivery(c, w.now)
	e := digest.Edition{ID: digest.NewEditionID(c.ID, d.Slot.Local), Chat: c.ID, At: w.now, Slot: d.Slot}
	e.Public, d.Edition = w.s.PublicID(PublicEdition, string(e.ID)), e.ID
	for st, err := range w.s.LiveStories(ctx, w.now.Add(-turn)) {
		check(w.t, err)
		if e.Stories = append(e.Stories, digest.EditionStory{Story: st.ID, Headline: st.Headline, Members: st.Members}); len(e.Stories) == 7 {
			break
		}
	}
	d.Pages = []digest.PageDelivery{{State: digest.Ready, Page: digest.Page{Variants: []digest.Variant{{Payload: []byte(`"` + strings.Repeat("text ", 300) + `"`)}}}}}
	must[bool](w.t)(w.s.FileDelivery(ctx, d, e, func(c *digest.Chat) {
		c.Subscriptions[0].Next = slotAt(w.now.Add(turn))
	}))
	for _, state := range []digest.State{digest.Sending, digest.Sent} {
		d.State, d.Pages[0].State = state, state
		check(w.t, w.s.SaveDelivery(ctx, d, func(c *digest.Chat) { c.LastSent, c.LastEdition = w.now, e.ID }))
	}
}

// talk is a message of a chat and its answer: a digest on request, and feedback.
func (w *steady) talk(c digest.Chat) {
	ctx := w.t.Context()
	w.n++
	id := fmt.Sprint(w.n)
	must[[]Incoming](w.t)(w.s.Accept(ctx, digest.Telegram, []Incoming{{ID: id, Body: []byte(`{}`), At: w.now}}, id))
	must[digest.Edition](w.t)(w.s.PutEdition(ctx, digest.Edition{ID: digest.NewEditionID(c.ID, id), Chat: c.ID, At: w.now}))
	check(w.t, w.s.PutFeedback(ctx, digest.Feedback{ID: digest.NewFeedbackID(c.ID, id), Chat: c.ID, At: w.now}))
	check(w.t, w.s.Handled(ctx, digest.Telegram, id))
}

// visit is a chat that comes with a source of its own, and blocks the bot before the next
// turn. Its source is polled once more and put to rest, another one is only offered.
func (w *steady) visit() {
	ctx := w.t.Context()
	w.n++
	src, c := testSource(1000+w.n), testChat(1000+w.n)
	must[digest.Source](w.t)(w.s.IntroduceSource(ctx, testSource(1_000_000+w.n), w.now))
	must[digest.Source](w.t)(w.s.IntroduceSource(ctx, src, w.now))
	c.Own, c.Counted, c.Feeds = []digest.SourceID{src.ID}, []digest.SourceID{src.ID}, 1
	c.Subscriptions = []digest.Subscription{subscription(c, 1, w.now.Add(turn))}
	c = must[digest.Chat](w.t)(w.s.CreateChat(ctx, c))
	w.poll(src)
	w.place()
	w.digest(c)
	w.talk(c)
	must[digest.Chat](w.t)(w.s.UpdateChat(ctx, c.ID, func(c *digest.Chat) error {
		c.Gone, c.GoneSince, c.Counted = "blocked", w.now, nil
		return nil
	}))
	check(w.t, w.s.RestSource(ctx, src.ID, w.now))
	process := fmt.Sprint("host-", w.n)
	check(w.t, w.s.Touch(ctx, process, w.now))
	check(w.t, w.s.SaveProblems(ctx, process, []digest.Problem{{}}))
}

// TestSteady uses a store in the same way for longer than anything is kept: from then on
// it has as many rows of each kind as before, and its file does not grow.
func TestSteady(t *testing.T) {
	file := filepath.Join(t.TempDir(), "db")
	e, err := bolt.Open(file)
	check(t, err)
	w := newSteady(t, openStore(t, e), *steadyChats)
	defer w.s.Close()
	const full = 124 // days: longer than anything is kept
	seen := map[int]Stats{}
	sizes := map[int]int64{}
	for day := 2; day <= full+20; day += 2 {
		w.goOn()
		if day%20 == 4 {
			seen[day] = must[Stats](t)(w.s.Stats(t.Context()))
			info, err := os.Stat(file)
			check(t, err)
			sizes[day] = info.Size()
		}
	}
	t.Logf("file in bytes by day: %v", sizes)
	// What is about news is kept for 30 days, and for longer only what was sent and said.
	w.same(seen[44], seen[104], "article", "story", "live", "news", "edition", "own/edition", "expire/article", "expire/story", "expire/edition",
		"inbox/done", "expire/marker", "queue/read", "queue/place", "sending", "due/delivery", "public/edition", "expire/public")
	for _, k := range seen[full+20].Kinds {
		w.same(seen[full], seen[full+20], k.Kind)
	}
	if sizes[full+20] > sizes[full]*21/20 {
		t.Errorf("the file grew from %d to %d bytes", sizes[full], sizes[full+20])
	}
}

// same tells of kinds of which there are more rows or bytes than before.
func (w *steady) same(before, after Stats, kinds ...string) {
	w.t.Helper()
	was := map[string]Kind{}
	for _, k := range before.Kinds {
		was[k.Kind] = k
	}
	for _, name := range kinds {
		for _, k := range after.Kinds {
			if old := was[name]; k.Kind == name && (k.Rows > old.Rows || k.Bytes > old.Bytes*51/50) {
				w.t.Errorf("%s grew from %d rows, %d bytes to %d rows, %d bytes", name, old.Rows, old.Bytes, k.Rows, k.Bytes)
			}
		}
	}
}
