package desk

import (
	"testing"
	"time"

	"newsdigest/digest"
)

// TestRhythm: a source is asked again as late as its feed wants, within bounds, also
// after polls that brought nothing.
func TestRhythm(t *testing.T) {
	w := newWorld(t)
	w.meet(private)
	a, id := w.sites["a.example"], w.starter[0].ID
	feed := func(what string) string {
		return `<rss version="2.0"><channel><title>A</title>` + what + `</channel></rss>`
	}
	for _, tt := range []struct {
		what string
		wait time.Duration // from seven o'clock
	}{
		{"", time.Hour},
		{"<ttl>5</ttl>", time.Hour},
		{"<ttl>180</ttl>", 3 * time.Hour},
		{"<ttl>6000</ttl>", longestRest},
		{"<skipHours><hour>8</hour><hour>9</hour></skipHours>", 3 * time.Hour},
		{"<ttl>180</ttl><skipHours><hour>10</hour></skipHours>", 4 * time.Hour},
		{"<skipDays><day>Monday</day></skipDays>", 17 * time.Hour},
		{"<skipDays><day>Monday</day><day>Tuesday</day></skipDays>", 25 * time.Hour},
	} {
		a.set(func(s *site) { s.body = feed(tt.what) })
		for _, again := range []bool{false, true} {
			if err := w.pollAll(t.Context(), []digest.SourceID{id}, w.now, nil); err != nil {
				t.Fatal(err)
			}
			if f := w.get(id).Fetch; f.Failures != 0 || f.Next.Sub(w.now) != tt.wait {
				t.Errorf("%s (again %v): next in %v, want %v", tt.what, again, f.Next.Sub(w.now), tt.wait)
			}
		}
	}
}

// TestMoved: a source that has moved for good is polled there from the fourth poll on; the
// chat's source stays the one it follows.
func TestMoved(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	w.bring(c, "c.example")
	s := w.source("c.example")
	old, moved := w.sites["c.example"], w.sites["news.example"]
	old.movedTo = "http://news.example/rss"
	moved.add(tale("quake", start.Add(-time.Hour)))
	w.walk(2*time.Hour + time.Minute) // three polls
	hits := old.count()
	w.walk(2 * time.Hour)
	if old.count() != hits || w.get(s.ID).URL != "http://news.example/rss" || hits != 3 {
		t.Errorf("polled %d times, then %d times, at %s", hits, old.count()-hits, w.get(s.ID).URL)
	}
	if all := w.stories(); len(all) != 1 || !all[0].Members[0].From(map[digest.SourceID]bool{s.ID: true}) {
		t.Errorf("stories %+v", all)
	}
}
