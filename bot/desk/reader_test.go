package desk

import (
	"testing"
	"time"

	"newsdigest/digest"
)

// reading is a world whose digests are on the web, with a private chat and a digest at
// eight in the morning.
func reading(t *testing.T) (w *world, c digest.Chat) {
	w = newWorld(t)
	w.Desk.pages = true
	c = w.meet(private)
	w.daily(c, 8)
	w.sites["a.example"].add(tale("storm", start.Add(-time.Hour)))
	return w, c
}

// TestPublished: with pages on the web a private digest has an address of its own, which
// finds it as it was sent, until the chat is deleted.
func TestPublished(t *testing.T) {
	w, c := reading(t)
	w.walk(2 * time.Hour)
	asked, err := w.Digest(t.Context(), w.chat(c), "r", "", "", w.now)
	if err != nil || asked.Public == "" {
		t.Fatalf("public id %q, %v", asked.Public, err)
	}
	if e, err := w.Published(t.Context(), asked.Public); err != nil || e.ID != asked.ID {
		t.Errorf("by its public id: %s, %v", e.ID, err)
	}
	if _, err := w.Published(t.Context(), string(asked.ID)); reason(err) != NoSuchDigest {
		t.Errorf("by its id: %v", err)
	}
	if err := w.EraseUser(t.Context(), c.Address.Platform, c.Address.Channel); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Published(t.Context(), asked.Public); reason(err) != NoSuchDigest {
		t.Errorf("of a deleted chat: %v", err)
	}
}

// TestSince: a story goes on after the digest; what its chat mutes and what is of others
// is not there.
func TestSince(t *testing.T) {
	w, c := reading(t)
	w.walk(2 * time.Hour)
	e, err := w.Digest(t.Context(), w.chat(c), "r", "", "", w.now)
	if err != nil || len(e.Stories) != 1 {
		t.Fatal(e.Stories, err)
	}
	p, err := w.Since(t.Context(), e, e.Stories[0], w.now)
	if err != nil || len(p.Story.Members) != 1 || len(p.New)+len(p.Added) != 0 {
		t.Errorf("at once: %+v, %v", p, err)
	}
	more := tale("storm", w.now.Add(time.Hour))
	more.title += " goes on"
	more.text = "The harbor was closed on Tuesday because 40 ships were damaged. " + words("storm", 200)
	w.sites["b.example"].add(more)
	w.walk(3 * time.Hour)
	p, err = w.Since(t.Context(), e, e.Stories[0], w.now)
	if err != nil || len(p.Story.Members) != 2 || len(p.New) == 0 || len(p.Added) != 1 || p.Added[p.Story.Members[1].Article].Text != p.New[0].Text {
		t.Errorf("later: %+v, %v", p, err)
	}
	if _, err := w.Change(t.Context(), c.ID, func(c *digest.Chat) error {
		c.Mutes = append(c.Mutes, digest.Mute{Kind: digest.OfSource, What: p.Story.Members[0].Outlet, Since: w.now})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if p, err = w.Since(t.Context(), e, e.Stories[0], w.now); err != nil || len(p.Story.Members) != 1 {
		t.Errorf("one outlet muted: %+v, %v", p, err)
	}
	gone := e.Stories[0]
	gone.Story = "nothing"
	if _, err := w.Since(t.Context(), e, gone, w.now); reason(err) != NoSuchStory {
		t.Errorf("a story that is gone: %v", err)
	}
}

// TestFeed: a chat's feed has its scheduled digests with something in them, the newest
// first, under an address that ends when it is renewed.
func TestFeed(t *testing.T) {
	w, c := reading(t)
	w.walk(2 * time.Hour)
	w.sites["a.example"].add(tale("fire", w.now))
	w.walk(48 * time.Hour)
	if _, err := w.Digest(t.Context(), w.chat(c), "r", "", "", w.now); err != nil {
		t.Fatal(err)
	}
	if id := w.FeedID(w.chat(c)); id != "" {
		t.Errorf("feed %q, though nobody asked for one", id)
	}
	renewed, err := w.RenewFeed(t.Context(), c.ID, w.now)
	if err != nil {
		t.Fatal(err)
	}
	id := w.FeedID(renewed)
	owner, got, err := w.Feed(t.Context(), id)
	if err != nil || owner.ID != c.ID || len(got) != 2 || got[0].At.Before(got[1].At) {
		t.Errorf("%d editions, %v", len(got), err)
	}
	if _, err := w.RenewFeed(t.Context(), c.ID, w.now); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Feed(t.Context(), id); reason(err) != NoSuchDigest {
		t.Errorf("the address before: %v", err)
	}
}
