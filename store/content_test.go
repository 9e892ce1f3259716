package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// shared is a filing for a chat of an edition, a page and facts that are stored for many.
func shared(t *testing.T, s *Store, c digest.Chat, at time.Time) Filing {
	t.Helper()
	id, public := s.Blank()
	stories := []digest.EditionStory{{Story: "s", Headline: "A headline", Members: []digest.Member{{Article: "a", Outlet: "Atlas Wire"}}}}
	page := digest.Page{Variants: []digest.Variant{{Kind: digest.Rich, Payload: fmt.Appendf(nil, `{"follow":"follow:%s","open":"d-%s"}`, id, public)}}}
	f := Filing{Delivery: testDelivery(c, at), Next: func(*digest.Chat) {}}
	f.Stories = must[Content](t)(NewContent(stories))
	f.Delivery.Shown = []digest.Shown{{Story: "s", Facts: digest.Facts{1, 2}}}
	f.Shown = must[Content](t)(NewContent(f.Delivery.Shown))
	f.Delivery.ShownIn = f.Shown.ID
	content, page, err := NewPage(page)
	check(t, err)
	f.Pages = []Content{content}
	f.Edition = digest.Edition{ID: digest.NewEditionID(c.ID, f.Delivery.Slot.Local), Chat: c.ID, At: at, Stories: stories, Content: f.Stories.ID}
	f.Delivery.Edition = f.Edition.ID
	f.Delivery.Pages = []digest.PageDelivery{{State: digest.Ready, Page: page}}
	return f
}

func made(t *testing.T, s *Store, n int) digest.Chat {
	t.Helper()
	return must[digest.Chat](t)(s.CreateChat(t.Context(), testChat(n)))
}

// TestContent: what two chats get alike is stored once, is whole for each, with its own ids,
// and stays whole for one when the other is deleted.
func TestContent(t *testing.T) {
	e := openEngine(t)
	s := openStore(t, e)
	first, second := shared(t, s, made(t, s, 1), start), shared(t, s, made(t, s, 2), start)
	must[[]bool](t)(s.FileDeliveries(t.Context(), []Filing{first, second}))
	contents := 0
	for k, v := range dump(t, e) {
		if strings.HasPrefix(k, "content/") {
			contents++
		}
		if chat := string(first.Delivery.Chat); strings.HasPrefix(k, "content/") && strings.Contains(v, chat) {
			t.Errorf("%s names chat %s", k, chat)
		}
		if strings.HasPrefix(k, "edition/") && strings.Contains(v, "A headline") || strings.HasPrefix(k, "delivery/") && strings.Contains(v, "follow:") {
			t.Errorf("%s has its content: %s", k, v)
		}
	}
	if contents != 3 {
		t.Errorf("%d contents", contents)
	}
	check(t, s.DeleteChat(t.Context(), first.Delivery.Chat))
	got := must[digest.Delivery](t)(s.Delivery(t.Context(), second.Delivery.ID))
	id := string(second.Edition.ID)
	want := fmt.Sprintf(`{"follow":"follow:%s","open":"d-%s"}`, id, s.PublicID(PublicEdition, id))
	if payload := string(got.Pages[0].Page.Variants[0].Payload); payload != want {
		t.Errorf("page %s, want %s", payload, want)
	}
	if d := cmp.Diff(second.Delivery.Shown, got.Shown); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(second.Edition, must[digest.Edition](t)(s.Edition(t.Context(), second.Edition.ID))); d != "" {
		t.Error(d)
	}
	check(t, s.SaveDelivery(t.Context(), got.Begin(start), nil))
	again := must[digest.Delivery](t)(s.Delivery(t.Context(), second.Delivery.ID))
	if d := cmp.Diff(got.Begin(start), again); d != "" {
		t.Errorf("saved and read: %s", d)
	}
	person := must[Person](t)(s.Person(t.Context(), digest.Telegram, "2"))
	if row := string(person.Rows["edition/"+id]); !strings.Contains(row, "A headline") {
		t.Errorf("exported %q", row)
	}
}

// TestContentIsKept: content goes with the last edition that has it, and not before, also
// if that came later than it.
func TestContentIsKept(t *testing.T) {
	e := openEngine(t)
	s := openStore(t, e)
	c := made(t, s, 1)
	days := func(n int) time.Time { return start.AddDate(0, 0, n) }
	for _, day := range []int{0, 5} {
		must[bool](t)(s.File(t.Context(), shared(t, s, c, days(day))))
	}
	last := shared(t, s, c, days(5)).Edition.ID
	for _, day := range []int{31, 34} {
		must[int](t)(s.Retain(t.Context(), days(day), 1000))
		if e := must[digest.Edition](t)(s.Edition(t.Context(), last)); len(e.Stories) != 1 {
			t.Errorf("on day %d the edition has %d stories", day, len(e.Stories))
		}
	}
	must[int](t)(s.Retain(t.Context(), days(37), 1000))
	for k := range dump(t, e) {
		if strings.HasPrefix(k, "content/") || strings.HasPrefix(k, "kept/") || strings.Contains(k, "/content/") {
			t.Errorf("%s is left", k)
		}
	}
	// An edition that names a content which is gone takes its own stories.
	late := shared(t, s, c, days(40)).Edition
	must[digest.Edition](t)(s.PutEdition(t.Context(), late))
	if e := must[digest.Edition](t)(s.Edition(t.Context(), late.ID)); len(e.Stories) != 1 || e.Content != "" {
		t.Errorf("stored %+v", e)
	}
}

// TestFileDeliveries: a chat that is no more takes none of the others along, nor do
// deliveries that are too large for one update.
func TestFileDeliveries(t *testing.T) {
	s := newStore(t)
	var all []Filing
	for i := range 100 {
		c := testChat(i + 1)
		if i != 50 {
			c = made(t, s, i+1)
		}
		f := shared(t, s, c, start)
		f.Delivery.Reason = strings.Repeat("x", kv.MaxBytes/40)
		all = append(all, f)
	}
	filed, err := s.FileDeliveries(t.Context(), all)
	if err != nil {
		t.Error(err)
	}
	for i, f := range all {
		_, err := s.Delivery(t.Context(), f.Delivery.ID)
		if filed[i] != (i != 50) || filed[i] != (err == nil) {
			t.Errorf("%d: filed %t, %v", i, filed[i], err)
		}
	}
	if again, err := s.FileDeliveries(t.Context(), all[:3]); err != nil || again[0] || again[1] {
		t.Errorf("filed again: %v, %v", again, err)
	}
}

// TestOutrun: what was made of a chat for which something else was filed meanwhile is not
// filed; what a person changed in between is no obstacle.
func TestOutrun(t *testing.T) {
	s := newStore(t)
	c := made(t, s, 1)
	waits := func(f Filing) Filing {
		f.Read = must[*ChatRead](t)(s.ReadChat(t.Context(), c.ID))
		f.Next = func(c *digest.Chat) { c.Pending = append(c.Pending, f.Delivery.ID) }
		return f
	}
	first, second := waits(shared(t, s, c, start)), waits(shared(t, s, c, start.Add(time.Hour)))
	must[digest.Chat](t)(s.UpdateChat(t.Context(), c.ID, func(c *digest.Chat) error { c.Settings.Language = "fr"; return nil }))
	for i := range 2 { // the second time as after an answer that was lost
		if filed, err := s.File(t.Context(), first); filed != (i == 0) || err != nil {
			t.Errorf("the first: filed %t, %v", filed, err)
		}
	}
	if _, err := s.File(t.Context(), second); !errors.Is(err, ErrOutrun) {
		t.Errorf("the second: %v", err)
	}
	other := shared(t, s, made(t, s, 2), start)
	if filed, err := s.FileDeliveries(t.Context(), []Filing{second, other}); filed[0] || !filed[1] || err != nil {
		t.Errorf("filed %v, %v", filed, err)
	}
	if _, err := s.Delivery(t.Context(), second.Delivery.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("the second is there: %v", err)
	}
	if filed, err := s.File(t.Context(), waits(second)); !filed || err != nil {
		t.Errorf("made anew: filed %t, %v", filed, err)
	}
}
