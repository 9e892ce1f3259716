package desk

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

// crowded is a world with so many chats.
func crowded(t *testing.T, chats int) *world {
	w := newWorld(t)
	for n := range chats {
		w.meet(digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(n + 1)})
	}
	return w
}

// miscounted is how many chats are not counted where they follow.
func (w *world) miscounted() (n int) {
	w.t.Helper()
	for c, err := range w.store.Chats(w.t.Context()) {
		if err != nil {
			w.t.Fatal(err)
		}
		if !slices.Equal(c.Counted, w.Follows(c)) {
			n++
		}
	}
	return n
}

// TestRecountOnce: all chats are read at a start with another starter set only.
func TestRecountOnce(t *testing.T) {
	w := crowded(t, 3)
	w.live()
	if n := w.engine.read.Load(); n != 0 {
		t.Errorf("the second start read all chats %d times", n)
	}
	w.starter[1] = w.source("c.example", "World")
	w.live()
	if n := w.engine.read.Load(); n != 1 || w.miscounted() != 0 {
		t.Errorf("with another set they were read %d times, and %d are miscounted", n, w.miscounted())
	}
	w.live()
	if n := w.engine.read.Load(); n != 0 {
		t.Errorf("the start after that read them %d times", n)
	}
	if w.get(digest.NewSourceID("http://b.example/feed")).Starter {
		t.Error("what has left the set is a starter source still")
	}
}

// TestRecountKilled: killed while it counts, the next start counts again, be it with the new
// starter set or the old one.
func TestRecountKilled(t *testing.T) {
	for _, back := range []bool{false, true} {
		w := crowded(t, 5)
		was := slices.Clone(w.starter)
		other := []digest.Source{w.starter[0], w.source("c.example", "World")}
		w.engine.left.Store(8) // two sources, the mark, what left the set, its rest, some chats
		if err := w.SetStarter(t.Context(), other); err == nil {
			t.Fatal("it was not killed")
		}
		w.engine.left.Store(-1)
		if n := w.miscounted(); n == 0 || n == 5 {
			t.Fatalf("it was not killed while counting: %d chats left", n)
		}
		if w.starter = other; back {
			w.starter = was
		}
		w.live()
		if n := w.miscounted(); n != 0 {
			t.Errorf("back to the old set: %t; %d chats are miscounted", back, n)
		}
	}
}

// TestStarterUnknown: as long as the starter set cannot be read, chats stay counted where
// they were, and are looked at once it can.
func TestStarterUnknown(t *testing.T) {
	w := crowded(t, 2)
	known := w.starter
	w.starter = nil
	w.live()
	source := known[0].ID
	if n, err := w.store.Followers(t.Context(), source); n != 2 || err != nil {
		t.Errorf("%d followers, %v", n, err)
	}
	w.meet(crowd)
	if err := w.SetStarter(t.Context(), known); err != nil || w.miscounted() != 0 {
		t.Errorf("%d chats are miscounted, %v", w.miscounted(), err)
	}
	if n, err := w.store.Followers(t.Context(), source); n != 3 || err != nil {
		t.Errorf("%d followers, %v", n, err)
	}
}

// TestGoneOfOldStores: a chat that an older program found gone is forgotten, too.
func TestGoneOfOldStores(t *testing.T) {
	w := crowded(t, 1)
	c := w.meet(private)
	_, err := w.store.UpdateChat(t.Context(), c.ID, func(c *digest.Chat) error {
		c.Gone, c.Counted = "blocked", nil
		return nil
	})
	if err == nil {
		err = w.store.SetStarterCounted(t.Context(), "")
	}
	if err != nil {
		t.Fatal(err)
	}
	w.live()
	if since := w.chat(c).GoneSince; time.Since(since) > time.Minute {
		t.Errorf("gone since %v", since)
	}
}

// TestNameOf: a starter set has another name if others would follow its sources.
func TestNameOf(t *testing.T) {
	base := digest.Source{ID: "1", Language: "en", Topics: []string{"World"}}
	named := map[string]string{}
	for what, change := range map[string]func(*digest.Source){
		"as it is": func(*digest.Source) {}, "id": func(s *digest.Source) { s.ID = "2" },
		"language": func(s *digest.Source) { s.Language = "" }, "topics": func(s *digest.Source) { s.Topics = nil },
	} {
		s := base
		change(&s)
		name := nameOf([]digest.Source{s})
		if other := named[name]; other != "" {
			t.Errorf("%s is named as %s", what, other)
		}
		named[name] = what
	}
	renamed := base
	renamed.Name, renamed.URL = "Another", "https://moved.example"
	if diff := cmp.Diff(nameOf([]digest.Source{base}), nameOf([]digest.Source{renamed})); diff != "" {
		t.Errorf("its name and address do not matter: %s", diff)
	}
}
