package store

import (
	"errors"
	"testing"
	"time"

	"newsdigest/digest"
)

// TestFeeds: a chat's feeds have an id that finds the chat until it is renewed, and longer
// than news are kept; the chat's editions are its own.
func TestFeeds(t *testing.T) {
	s := newStore(t)
	a, b := addChat(t, s, 1), addChat(t, s, 2)
	if id := s.FeedID(a); id != "" {
		t.Errorf("a chat that asked for none has the feed %q", id)
	}
	a = must[digest.Chat](t)(s.RenewFeed(t.Context(), a.ID, start))
	first := s.FeedID(a)
	if c := must[digest.Chat](t)(s.FeedChat(t.Context(), first)); c.ID != a.ID {
		t.Errorf("%s is of %s", first, c.ID)
	}
	must[int](t)(s.Retain(t.Context(), start.AddDate(0, 0, 31), 100))
	if _, err := s.FeedChat(t.Context(), first); err != nil {
		t.Errorf("after a month: %v", err)
	}
	a = must[digest.Chat](t)(s.RenewFeed(t.Context(), a.ID, start))
	if _, err := s.FeedChat(t.Context(), first); !errors.Is(err, ErrNotFound) || s.FeedID(a) == first {
		t.Errorf("renewed, the first one: %v", err)
	}
	for i, c := range []digest.Chat{a, b, a} {
		e := digest.Edition{ID: digest.NewEditionID(c.ID, string(rune('x'+i))), Chat: c.ID, At: start.Add(time.Duration(i) * time.Hour)}
		must[digest.Edition](t)(s.PutEdition(t.Context(), e))
	}
	n := 0
	for e, err := range s.Editions(t.Context(), a.ID) {
		check(t, err)
		if n++; e.Chat != a.ID {
			t.Errorf("an edition of %s", e.Chat)
		}
	}
	if n != 2 {
		t.Errorf("%d editions", n)
	}
	check(t, s.DeleteChat(t.Context(), a.ID))
	if _, err := s.Published(t.Context(), PublicFeed, s.FeedID(a)); !errors.Is(err, ErrNotFound) {
		t.Errorf("of a deleted chat: %v", err)
	}
	if _, err := s.RenewFeed(t.Context(), a.ID, start); !errors.Is(err, ErrNotFound) {
		t.Errorf("renewed for a deleted chat: %v", err)
	}
}
