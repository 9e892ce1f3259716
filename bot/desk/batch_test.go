package desk

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/group"
	"newsdigest/store"
)

// ingestAll ingests until the queue is empty.
func (d *Desk) ingestAll(ctx context.Context, now time.Time) error {
	for {
		more, err := d.ingest(ctx, now)
		if err != nil || !more {
			return err
		}
	}
}

// told is what the stories in the store tell, in the order of their newest articles.
func (w *world) told() string {
	var b strings.Builder
	for s, err := range w.store.LiveStories(w.t.Context(), start.Add(-100*time.Hour)) {
		if err != nil {
			w.t.Fatal(err)
		}
		fmt.Fprintln(&b, s.ID, s.Headline, len(s.Members), s.Summary)
	}
	return b.String()
}

// TestIngestAgain: an ingest that was cut off at any write is done again and gives the
// same, in the same life and in another one.
func TestIngestAgain(t *testing.T) {
	const events = 150 // more than one update takes
	fill := func(w *world) {
		var articles []digest.Article
		for i := range events {
			for k, s := range w.starter[:1+i%2] {
				event := fmt.Sprint("event ", i)
				title := headline(event) + strings.Repeat(" again", k)
				articles = append(articles, digest.Article{
					ID: digest.NewArticleID("", title, s.ID, title), Source: s.ID, Outlet: s.Name, Title: title, Text: words(event, 45), // too short to tell its language
					Published: start.Add(-time.Duration(i+k) * time.Minute), Found: start, Language: "en",
				})
			}
		}
		if err := w.store.SavePoll(t.Context(), store.Poll{Source: w.starter[0], Articles: articles}); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(t)
	fill(w)
	before := w.engine.used.Load()
	if err := w.ingestAll(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	want, writes := w.told(), w.engine.used.Load()-before
	if n := strings.Count(want, "\n"); n < events || writes != 2 {
		t.Fatalf("%d stories of %d events in %d writes", n, events, writes)
	}
	for n := range writes {
		for _, another := range []bool{false, true} {
			w := newWorld(t)
			fill(w)
			w.engine.left.Store(n)
			if err := w.ingestAll(t.Context(), w.now); err == nil {
				t.Errorf("cut off at write %d: no error", n)
			}
			if another {
				w.live()
			}
			w.engine.left.Store(-1) // in the same life what is in memory must not be believed
			if err := w.ingestAll(t.Context(), w.now); err != nil {
				t.Fatal(err)
			}
			if got := w.told(); got != want {
				t.Errorf("cut off at write %d:\n%s\nwant\n%s", n, got, want)
			}
			if q, _ := w.store.ToPlace(t.Context(), 100); len(q) != 0 {
				t.Errorf("cut off at write %d: %d still in the queue", n, len(q))
			}
		}
	}
}

// TestSetAside: an article that makes grouping panic is set aside, told of once, and takes
// none of the others with it.
func TestSetAside(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	w.log = slog.New(slog.NewTextHandler(&log, nil))
	w.queue("", 30, start.Add(-time.Hour))
	articles, err := w.store.ToPlace(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	bad := articles[7].ID
	why := &unplaceable{[]digest.ArticleID{bad}, errDead}
	if err := w.setAside(t.Context(), w.store, why); err != nil {
		t.Fatal(err)
	}
	if err := w.ingestAll(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	for _, a := range articles {
		if got := w.article(a.ID); (got.Story != "") == (a.ID == bad) || got.SetAside != (a.ID == bad) {
			t.Errorf("%s: story %q, set aside %v", a.ID, got.Story, got.SetAside)
		}
	}
	if n := strings.Count(log.String(), string(bad)); n != 1 {
		t.Errorf("told of %d times:\n%s", n, log.String())
	}
}

// TestUnplaceable: a panic names the articles that are to blame for it.
func TestUnplaceable(t *testing.T) {
	w := newWorld(t)
	a := digest.Article{ID: "1", Title: "Quake", Text: words("quake", 50), Published: start}
	b := newBatch(w.Desk, []digest.Article{a})
	w.room.index = nil // its methods panic
	err := b.place(t.Context())
	no, ok := err.(*unplaceable)
	if !ok || len(no.articles) != 1 || no.articles[0] != "1" {
		t.Errorf("%v", err)
	}
	w.room.index = group.New()
	if got := culprits(nil, []digest.Article{{ID: "2"}, {ID: "3"}}); len(got) != 1 || got[0] != "3" {
		t.Errorf("of two innocent articles %v is to blame, want the last", got)
	}
}

// TestMergedInOneBatch: a story that opens and is absorbed in the same batch leaves a note.
func TestMergedInOneBatch(t *testing.T) {
	w := newWorld(t)
	if err := w.indexed(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	b := newBatch(w.Desk, nil)
	var changes []*change
	for i := range 3 {
		a := digest.Article{ID: digest.ArticleID(fmt.Sprint(i)), Title: headline(fmt.Sprint(i)), Text: words(fmt.Sprint(i), 50), Published: start, Found: start}
		c := b.change(digest.Story{ID: digest.NewStoryID(a.ID)})
		b.take(c, a, member(a))
		changes = append(changes, c)
	}
	first, second, third := changes[0].Story.ID, changes[1].Story.ID, changes[2].Story.ID
	b.absorb(changes[1], third)
	b.absorb(changes[0], second)
	if c := b.in["2"]; c != changes[0] {
		t.Errorf("the third article is in %+v", c)
	}
	if err := b.save(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	for _, id := range []digest.StoryID{first, second, third} {
		s, err := w.store.Story(t.Context(), id)
		if err != nil || s.ID != first || len(s.Members) != 3 || len(s.Absorbed) != 2 {
			t.Errorf("story %s leads to %+v, %v", id, s, err)
		}
	}
	for _, id := range []digest.ArticleID{"0", "1", "2"} {
		if a := w.article(id); a.Story != first {
			t.Errorf("article %s is in %s", id, a.Story)
		}
	}
	if s, _ := w.room.story(second); len(s.Members) != 0 {
		t.Errorf("the newsroom has the absorbed story still: %+v", s)
	}
}

// TestYield: while polls use all processors, placing and reading take little of them.
func TestYield(t *testing.T) {
	w := newWorld(t)
	if w.workers() != runtime.GOMAXPROCS(0) {
		t.Errorf("%d workers while nothing is polled", w.workers())
	}
	for range cap(w.window.hands) {
		w.window.hands <- struct{}{}
	}
	if w.workers() != 1 {
		t.Errorf("%d workers beside a sweep", w.workers())
	}
	p := &pages{d: w.Desk}
	if p.begin(t.Context(), start); p.most != pagesBeside {
		t.Errorf("%d pages at once beside a sweep", p.most)
	}
	began := time.Now()
	if w.yield(t.Context(), time.Millisecond); time.Since(began) < yieldShare*time.Millisecond {
		t.Error("placing leaves nothing to the polls")
	}
}
