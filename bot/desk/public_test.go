package desk

import (
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// TestPublicEdition: what a link opens is the reader's own, not the group's: nothing done
// with it is about the group.
func TestPublicEdition(t *testing.T) {
	w := newWorld(t)
	w.sites["a.example"].add(tale("storm", start.Add(-time.Hour)), tale("fire", start.Add(-2*time.Hour)))
	group, reader := w.meet(crowd), w.meet(private)
	w.walk(time.Minute)
	e, err := w.Digest(t.Context(), group, "r", "", "", w.now)
	if err != nil || e.Public == "" {
		t.Fatal(e.Public, err)
	}
	if own, err := w.Digest(t.Context(), reader, "r", "", "", w.now); err != nil || own.Public != "" {
		t.Errorf("a private digest has the public id %q, %v", own.Public, err)
	}
	if _, err := w.PublicEdition(t.Context(), reader, string(e.ID), w.now); reason(err) != NoSuchDigest {
		t.Errorf("by its id: %v", err)
	}
	own, err := w.PublicEdition(t.Context(), reader, e.Public, w.now)
	if err != nil || own.ID == e.ID || own.Chat != reader.ID || len(own.Stories) != 2 || own.Public != "" {
		t.Fatalf("%+v, %v", own, err)
	}
	again, err := w.PublicEdition(t.Context(), reader, e.Public, w.now.Add(time.Hour))
	if err != nil || again.ID != own.ID || w.chat(reader).LastEdition != own.ID {
		t.Errorf("opened twice: %s, then %s, %v", own.ID, again.ID, err)
	}
	if same, err := w.PublicEdition(t.Context(), group, e.Public, w.now); err != nil || same.ID != e.ID {
		t.Errorf("in its own chat: %s, %v", same.ID, err)
	}
	if len(w.chat(reader).Seen)+len(w.chat(group).Seen) > 0 {
		t.Error("opening it marked something as seen")
	}
}

// TestPublicCard: a story of a source that somebody else added is nobody else's business,
// also by a link.
func TestPublicCard(t *testing.T) {
	w := newWorld(t)
	w.sites["c.example"].add(tale("storm", start.Add(-time.Hour)))
	w.sites["a.example"].add(tale("fire", start.Add(-time.Hour)))
	owner, other := w.meet(private), w.meet(person)
	if _, err := w.AddSource(t.Context(), owner.ID, "http://c.example/feed", w.now); err != nil {
		t.Fatal(err)
	}
	w.walk(time.Minute)
	owner = w.chat(owner)
	for s := range w.store.LiveStories(t.Context(), start.AddDate(0, 0, -1)) {
		public, err := w.store.Publish(t.Context(), store.PublicStory, string(s.ID), w.now)
		if err != nil {
			t.Fatal(err)
		}
		st, err := w.PublicCard(t.Context(), owner, public, w.now)
		if err != nil || st.Story != s.ID || len(st.Summary) == 0 || len(st.Reasons) == 0 {
			t.Errorf("to its owner: %+v, %v", st, err)
		}
		_, err = w.PublicCard(t.Context(), other, public, w.now)
		if hidden := strings.Contains(s.Members[0].Outlet, "c.example"); (reason(err) == NoSuchStory) != hidden {
			t.Errorf("a story of %s to others: %v", s.Members[0].Outlet, err)
		}
	}
	if _, err := w.PublicCard(t.Context(), owner, "nosuch", w.now); reason(err) != NoSuchStory {
		t.Errorf("nothing: %v", err)
	}
}

// TestNoticeInAGroup: there a story's news leads to its card in private.
func TestNoticeInAGroup(t *testing.T) {
	w := newWorld(t)
	c := w.follower(crowd, 3*time.Hour)
	w.walk(6 * time.Hour)
	if got := storyNotices(w.telegram.messages()); len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	public := w.store.PublicID(store.PublicStory, string(w.chat(c).Followed[0].Story))
	if st, err := w.PublicCard(t.Context(), w.meet(private), public, w.now); err != nil || st.Headline == "" {
		t.Errorf("%+v, %v", st, err)
	}
}

// BenchmarkUpdate looks at a story that changed, among thousands of chats of which ten
// follow it and each of the others follows another: who follows nothing of it costs
// nothing.
func BenchmarkUpdate(b *testing.B) {
	w := newWorld(b)
	c := w.follower(private)
	story := w.chat(c).Followed[0]
	for i := range 3000 {
		at := digest.Address{Platform: digest.Telegram, Channel: string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676))}
		f := story
		if i >= 10 {
			f.Story = digest.StoryID(at.Channel)
		}
		w.change(w.meet(at), func(c *digest.Chat) { c.Followed = []digest.FollowedStory{f} })
	}
	w.walk(time.Minute)
	for b.Loop() {
		w.watch.note(story.Story, w.now)
		if _, err := w.Update(b.Context(), w.now); err != nil {
			b.Fatal(err)
		}
	}
}
