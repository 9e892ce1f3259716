package desk

import (
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

const (
	stormText = "A storm with gusts of 131 kilometers an hour brought down two high-voltage lines near Northport late on Sunday, leaving 92,000 homes without power. " +
		"Trams stopped in the whole city and the airport of Northport diverted 14 flights to Lakeland. " +
		"Grid operator Bay Power said its crews could not climb the masts before the wind eased."
	stormAgain = "Two high-voltage lines near Northport were brought down by a storm late on Sunday, and 92,000 homes are without power. " +
		"The airport of Northport diverted 14 flights to Lakeland, and trams stopped in the whole city. " +
		"The grid operator Bay Power said that crews could not climb the masts before the wind eased."
	stormOver = "Power has returned to 90% of the homes near Northport that the storm had left without power, grid operator Bay Power said. " +
		"Two high-voltage lines near Northport had been brought down by a storm late on Sunday, leaving 92,000 homes without power."
)

// editions are the editions that a chat's deliveries were made of, by the day of the slot.
func (w *world) editions() map[string]digest.Edition {
	w.t.Helper()
	out := map[string]digest.Edition{}
	for _, d := range w.deliveries() {
		e, err := w.Edition(w.t.Context(), d.Edition)
		if err != nil {
			w.t.Fatal(err)
		}
		out[d.Slot.Local[:len("2026-03-02")]] = e
	}
	return out
}

func sentences(st digest.EditionStory) string {
	var all []string
	for _, s := range st.Summary {
		all = append(all, s.Text)
	}
	return strings.Join(all, " ")
}

// TestUpdate: a story comes again only when something new is told of it, and then with
// what is new alone; who repeats what was told brings nothing.
func TestUpdate(t *testing.T) {
	w := newWorld(t)
	day := func(n int, hours float64) time.Time {
		return start.AddDate(0, 0, n).Add(time.Duration(hours * float64(time.Hour)))
	}
	w.sites["a.example"].add(
		item{title: "Storm cuts power to 92,000 homes around Northport", at: day(0, -2), text: stormText},
		item{title: "Power is back for 90% of homes around Northport after storm", at: day(2, -1), text: stormOver})
	w.sites["b.example"].add(
		item{title: "Storm: 92,000 homes around Northport are without power", at: day(1, -4), text: stormAgain})
	c := w.meet(private)
	w.daily(c, 8)
	w.walk(70 * time.Hour)

	got := w.editions()
	first, second, third := got["2026-03-02"], got["2026-03-03"], got["2026-03-04"]
	if len(first.Stories) != 1 || first.Stories[0].Updated || !strings.Contains(sentences(first.Stories[0]), "92,000 homes") {
		t.Fatalf("first day: %+v", first.Stories)
	}
	if len(second.Stories) != 0 {
		t.Errorf("an outlet that repeats what was told: %+v", second.Stories)
	}
	if len(third.Stories) != 1 || !third.Stories[0].Updated {
		t.Fatalf("third day: %+v", third.Stories)
	}
	want := "Power has returned to 90% of the homes near Northport that the storm had left without power, grid operator Bay Power said."
	if got := sentences(third.Stories[0]); got != want || len(third.Stories[0].Members) != 3 {
		t.Errorf("updated with %q of %d articles, want %q", got, len(third.Stories[0].Members), want)
	}
	if got := third.Stories[0].Headline; got != "Power is back for 90% of homes around Northport after storm" {
		t.Errorf("updated under %q", got)
	}
	seen := w.chat(c).Seen[third.Stories[0].Story]
	if !seen.At.Equal(day(2, 1)) || len(seen.Facts) == 0 || len(seen.Facts) > digest.MaxFacts {
		t.Errorf("remembered %+v", seen)
	}
}

// TestUpdateIsNobodyElses: articles of sources that a chat does not follow update nothing
// for it and contradict nobody.
func TestUpdateIsNobodyElses(t *testing.T) {
	w := newWorld(t)
	w.sites["a.example"].add(item{title: "Storm cuts power to 92,000 homes around Northport", at: start.Add(-2 * time.Hour),
		text: stormText + " The storm injured 11 people in Northport, the city said."})
	w.sites["c.example"].add(
		item{title: "Storm cuts power around Northport and injures many", at: start.Add(-time.Hour),
			text: stormAgain + " The storm injured 14 people in Northport, the hospital said."},
		item{title: "Power is back for 90% of homes around Northport after storm", at: start.Add(20 * time.Hour), text: stormOver})
	all, own := w.meet(private), w.meet(person)
	for _, c := range []digest.Chat{all, own} {
		w.daily(c, 8)
	}
	if _, err := w.AddSource(t.Context(), all.ID, "http://c.example/feed", w.now); err != nil {
		t.Fatal(err)
	}
	w.walk(26 * time.Hour)
	for _, c := range []struct {
		chat            digest.Chat
		differ, updated bool
	}{{all, true, true}, {own, false, false}} {
		var differ, updated bool
		for _, d := range w.deliveries() {
			e, err := w.Edition(t.Context(), d.Edition)
			if err != nil || e.Chat != c.chat.ID {
				continue
			}
			for _, s := range e.Stories {
				differ, updated = differ || s.Differ != nil, updated || s.Updated
			}
		}
		if differ != c.differ || updated != c.updated {
			t.Errorf("%s: differ %v, updated %v; want %v, %v", c.chat.Address, differ, updated, c.differ, c.updated)
		}
	}
}

// TestMarkForgets: what a chat was told of a story is kept while the story may have news.
func TestMarkForgets(t *testing.T) {
	var c digest.Chat
	mark(&c, digest.Shown{Story: "a", Facts: digest.Facts{1}}, start)
	mark(&c, digest.Shown{Story: "a", Facts: digest.Facts{2}}, start.Add(time.Hour))
	if got := c.Seen["a"]; len(got.Facts) != 2 || !got.At.Equal(start.Add(time.Hour)) {
		t.Errorf("after an update: %+v", got)
	}
	mark(&c, digest.Shown{Story: "b"}, start.Add(digest.StoryLife+2*time.Hour))
	if got, ok := c.Seen["a"]; !ok || got.Facts != nil {
		t.Errorf("a story that has closed: %+v, %v", got, ok)
	}
	mark(&c, digest.Shown{Story: "b"}, start.Add(seenFor+2*time.Hour))
	if _, ok := c.Seen["a"]; ok {
		t.Error("a story shown long ago is remembered")
	}
}
