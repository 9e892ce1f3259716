package desk

import (
	"testing"
	"time"

	"newsdigest/digest"
)

// TestOthersWrite: a desk knows what another one on the same store has placed, merged and
// reworded, looks at stories that tell something else for who follows them, and places
// articles in the stories of the other.
func TestOthersWrite(t *testing.T) {
	w := newWorld(t)
	other, err := New(t.Context(), Options{Store: w.store, Fetch: w.client, Starter: w.starter, Editor: editor{}})
	if err != nil {
		t.Fatal(err)
	}
	known := func(d *Desk) map[digest.StoryID]digest.Story {
		t.Helper()
		if err := d.opened(t.Context(), w.now); err != nil {
			t.Fatal(err)
		}
		d.room.mu.RLock()
		defer d.room.mu.RUnlock()
		return d.room.stories
	}
	if n := len(known(other)); n != 0 {
		t.Fatalf("%d stories before any came", n)
	}
	other.watch.take(w.now)
	w.queue("first ", 6, start.Add(-time.Hour))
	if err := w.ingestAll(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	if a, b := len(known(w.Desk)), len(known(other)); a != 2 || b != 2 {
		t.Fatalf("%d stories here, %d there", a, b)
	}
	if ids, _ := other.watch.take(w.now); len(ids) != 2 {
		t.Errorf("%d stories to look at, want 2", len(ids))
	}
	if w.room.rev != other.room.rev || w.room.others {
		t.Errorf("revision %d here, %d there; foreign %v", w.room.rev, other.room.rev, w.room.others)
	}
	var s digest.Story
	for _, s = range known(w.Desk) {
		break
	}
	worded, err := other.store.SaveRewrite(t.Context(), s.ID, digest.Rewrite{Of: s.Telling(), Headline: "In other words"})
	if err != nil {
		t.Fatal(err)
	}
	other.room.reword(worded)
	if !known(w.Desk)[s.ID].Reworded() || w.room.others {
		t.Error("a rewrite by another process is not known, or taken for news")
	}
	if ids, _ := other.watch.take(w.now); len(ids) != 0 {
		t.Errorf("a rewrite is looked at as news: %v", ids)
	}
	w.queue("second ", 3, start.Add(-time.Hour))
	if err := other.ingestAll(t.Context(), w.now); err != nil { // takes over
		t.Fatal(err)
	}
	w.queue("second ", 4, start.Add(-time.Hour)) // one more of the same event
	if err := w.ingestAll(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	if n := len(known(w.Desk)); n > 4 {
		t.Errorf("%d stories", n)
	}
	for id, s := range known(other) {
		if mine := known(w.Desk)[id]; mine.Rev != s.Rev || len(mine.Members) != len(s.Members) {
			t.Errorf("story %s: revision %d with %d members here, %d with %d there", id, mine.Rev, len(mine.Members), s.Rev, len(s.Members))
		}
	}
}
