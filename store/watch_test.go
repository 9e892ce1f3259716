package store

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

// TestWatchers: the index has who follows a story, as long as the chat is there and follows.
func TestWatchers(t *testing.T) {
	e := openEngine(t)
	s := openStore(t, e)
	a, b := addChat(t, s, 1), addChat(t, s, 2)
	follow := func(c digest.Chat, ids ...digest.StoryID) {
		t.Helper()
		must[digest.Chat](t)(s.UpdateChat(t.Context(), c.ID, func(c *digest.Chat) error {
			c.Followed = nil
			for _, id := range ids {
				c.Followed = append(c.Followed, digest.FollowedStory{Story: id})
			}
			return nil
		}))
	}
	want := func(id digest.StoryID, n int) {
		t.Helper()
		if got := must[[]digest.ChatID](t)(s.WatchersOf(t.Context(), id)); len(got) != n {
			t.Errorf("story %s: %v, want %d", id, got, n)
		}
	}
	follow(a, "x", "y")
	follow(b, "x")
	want("x", 2)
	want("y", 1)
	if d := cmp.Diff([]digest.StoryID{"x", "y"}, must[[]digest.StoryID](t)(s.Watched(t.Context()))); d != "" {
		t.Error(d)
	}
	gone := func(why string) {
		must[digest.Chat](t)(s.UpdateChat(t.Context(), a.ID, func(c *digest.Chat) error { c.Gone = why; return nil }))
	}
	gone("blocked")
	want("x", 1)
	gone("")
	want("x", 2)
	follow(a, "y")
	want("x", 1)
	check(t, s.DeleteChat(t.Context(), a.ID))
	check(t, s.DeleteChat(t.Context(), b.ID))
	for k := range dump(t, e) {
		if strings.HasPrefix(k, "watch/") {
			t.Errorf("%s stays", k)
		}
	}
}
