package store

import (
	"errors"
	"regexp"
	"testing"
	"time"

	"newsdigest/digest"
)

// TestPublicIDs: a public id is of this store, finds what it names as long as that is kept,
// and tells kinds apart.
func TestPublicIDs(t *testing.T) {
	e := openEngine(t)
	s := openStore(t, e)
	c := addChat(t, s, 1)
	edition := digest.Edition{ID: digest.NewEditionID(c.ID, "x"), Chat: c.ID, At: start}
	edition.Public = s.PublicID(PublicEdition, string(edition.ID))
	must[digest.Edition](t)(s.PutEdition(t.Context(), edition))
	if !regexp.MustCompile(`^[a-z2-7]{16}$`).MatchString(edition.Public) || edition.Public == string(edition.ID) {
		t.Errorf("public id %q", edition.Public)
	}
	if again := openStore(t, e).PublicID(PublicEdition, string(edition.ID)); again != edition.Public {
		t.Errorf("%q after another start, %q before", again, edition.Public)
	}
	if other := newStore(t).PublicID(PublicEdition, string(edition.ID)); other == edition.Public {
		t.Error("two stores make the same public id")
	}
	if id := must[string](t)(s.Published(t.Context(), PublicEdition, edition.Public)); id != string(edition.ID) {
		t.Errorf("it names %q", id)
	}
	if _, err := s.Published(t.Context(), PublicStory, edition.Public); !errors.Is(err, ErrNotFound) {
		t.Errorf("as a story: %v", err)
	}
	story := digest.Story{ID: "s", Members: []digest.Member{{Article: "a", Published: start.Add(20 * 24 * time.Hour)}}}
	place(t, s, Placed{Story: story, Articles: []digest.Article{{ID: "a", Story: "s", Found: start}}})
	public := must[string](t)(s.Publish(t.Context(), PublicStory, "s", start))
	for _, step := range []struct {
		days             int
		edition, isStory bool
	}{{29, true, true}, {31, false, true}, {49, false, true}, {52, false, true}, {54, false, false}} {
		must[int](t)(s.Retain(t.Context(), start.AddDate(0, 0, step.days), 1000))
		must[int](t)(s.Retain(t.Context(), start.AddDate(0, 0, step.days), 1000))
		_, errE := s.Published(t.Context(), PublicEdition, edition.Public)
		_, errS := s.Published(t.Context(), PublicStory, public)
		if (errE == nil) != step.edition || (errS == nil) != step.isStory {
			t.Errorf("after %d days: edition %v, story %v", step.days, errE, errS)
		}
	}
}

// TestFeedback: told once, in order, and gone with its chat or its time.
func TestFeedback(t *testing.T) {
	s := newStore(t)
	a, b := addChat(t, s, 1), addChat(t, s, 2)
	for i, c := range []digest.Chat{b, a, a} {
		f := digest.Feedback{ID: digest.NewFeedbackID(c.ID, "r"), Chat: c.ID, At: start.Add(-time.Duration(i) * time.Hour), Kind: digest.AnIdea}
		if i == 2 {
			f.At = start.Add(-time.Hour) // the same request, carried out again
		}
		check(t, s.PutFeedback(t.Context(), f))
	}
	read := func(want ...digest.ChatID) {
		t.Helper()
		var got []digest.ChatID
		for f, err := range s.Feedback(t.Context()) {
			check(t, err)
			got = append(got, f.Chat)
		}
		if len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
			t.Errorf("%v, want %v", got, want)
		}
	}
	read(a.ID, b.ID)
	check(t, s.DeleteChat(t.Context(), a.ID))
	read(b.ID)
	must[int](t)(s.Retain(t.Context(), start.Add(feedbackLife), 100))
	read()
}
