package desk

import (
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

// TestOneVoice: outlets that bring an agency's text are one voice, whichever article came
// first, for a chat that follows only some of them, and after a restart.
func TestOneVoice(t *testing.T) {
	w := newWorld(t)
	wire := tale("quake", start.Add(-2*time.Hour))
	copied := wire
	copied.title, copied.at = wire.title+" strikes", start.Add(-time.Hour)
	own := wire
	own.title, own.at = wire.title+" felt", start.Add(30*time.Minute)
	own.text = words("quake", 40) + " " + words("our own", 260)
	w.sites["a.example"].add(copied)
	c := w.meet(private)
	w.walk(time.Minute)
	w.sites["b.example"].add(wire, own) // the original comes late
	w.walk(2 * time.Hour)

	check := func(when string) {
		t.Helper()
		all := w.stories()
		if len(all) != 1 || len(all[0].Members) != 3 {
			t.Fatalf("%s: stories %+v", when, all)
		}
		for _, m := range all[0].Members {
			if got, want := m.CopyOf != "", m.Title == copied.title; got != want {
				t.Errorf("%s: %q is a copy of %q", when, m.Title, m.CopyOf)
			}
		}
		if n := all[0].Voices(); n != 1 { // the copy, and an outlet that has both
			t.Errorf("%s: %d voices", when, n)
		}
		v, ok, err := w.view(t.Context(), all[0], map[digest.SourceID]bool{w.starter[0].ID: true})
		if err != nil || !ok || v.Voices() != 1 || strings.Count(v.Headline, copied.title) != 1 {
			t.Errorf("%s: to a follower of the copy: %d voices, %+v, %v", when, v.Voices(), v, err)
		}
	}
	check("in one life")
	w.live()
	if err := w.opened(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	check("after a restart")
	third := own
	third.title, third.at = wire.title+" near", start.Add(2*time.Hour)
	third.text = own.text
	w.sites["a.example"].add(third)
	w.walk(2 * time.Hour)
	s := w.stories()[0]
	if m := s.Members[len(s.Members)-1]; len(s.Members) != 4 || m.CopyOf == "" {
		t.Errorf("a copy after a restart: %+v", m)
	}
	if _, err := w.Digest(t.Context(), c, "now", "", "", w.now); err != nil {
		t.Error(err)
	}
}
