package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// TestSavePolls: many polls are few updates, each poll is whole, and one that cannot be
// stored takes no other with it.
func TestSavePolls(t *testing.T) {
	s := newStore(t)
	counted := &cutOff{Engine: s.kv, left: 1 << 30}
	many := &Store{kv: counted, parts: AllParts}
	var polls []*Poll
	n := 0
	for i := range 100 {
		src := testSource(i)
		src.Fetch.LastTry, src.Fetch.Next, src.Fetch.ETag = start, start.Add(time.Hour), "new"
		p := &Poll{Source: src, Seen: marks("a", "b")}
		for range 10 {
			n++
			p.Articles = append(p.Articles, testArticle(n, start))
		}
		switch i {
		case 30: // more than fits into one update, and yet it is stored
			for j := range p.Articles {
				p.Articles[j].Text = strings.Repeat("x", 600_000)
			}
		case 60: // an article that fits into none
			p.Articles[5].Text = strings.Repeat("x", kv.MaxBytes)
		}
		polls = append(polls, p)
	}
	if err := many.SavePolls(t.Context(), polls); !errors.Is(err, kv.ErrTooLarge) {
		t.Errorf("%v", err)
	}
	if updates := 1<<30 - counted.left; updates > 20 {
		t.Errorf("%d updates", updates)
	}
	for i, p := range polls {
		got, err := s.Source(t.Context(), p.Source.ID)
		seen := must[SeenEntries](t)(s.SeenEntries(t.Context(), p.Source.ID))
		if stored := err == nil && got.Fetch.ETag == "new"; stored != (i != 60) || (seen.Len() == 2) != stored {
			t.Errorf("poll %d: %+v, %d seen, %v", i, got.Fetch, seen.Len(), err)
		}
		for _, a := range p.Articles {
			if _, err := s.Article(t.Context(), a.ID); err != nil && i != 60 {
				t.Errorf("poll %d, article %s: %v", i, a.ID, err)
			}
		}
	}
	if due := must[[]digest.SourceID](t)(s.DueSources(t.Context(), start.Add(time.Hour), 1000)); len(due) != 99 {
		t.Errorf("%d due", len(due))
	}
}

// TestSame: only stores under the same lease write for each other.
func TestSame(t *testing.T) {
	s := newStore(t)
	one, two := Lease{Name: "one", Epoch: 1}, Lease{Name: "two", Epoch: 1}
	for _, tt := range []struct {
		a, b *Store
		want bool
	}{
		{s, s, true}, {s, s.Share(Part(3)), true}, {s.Under(one), s.Under(one), true},
		{s.Under(one), s.Under(two), false}, {s, s.Under(one), false},
	} {
		if got := tt.a.Same(tt.b); got != tt.want {
			t.Errorf("%v, want %v", got, tt.want)
		}
	}
}
