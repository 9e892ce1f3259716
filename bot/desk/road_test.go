package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

// TestRoad goes from the feeds to one digest a slot, each story once.
func TestRoad(t *testing.T) {
	w := newWorld(t)
	for day := range 3 {
		at := start.AddDate(0, 0, day).Add(-time.Hour)
		w.sites["a.example"].add(tale(fmt.Sprint("quake", day), at))
		w.sites["b.example"].add(tale(fmt.Sprint("chip", day), at))
	}
	c := w.meet(private)
	w.daily(c, 8)
	w.walk(72 * time.Hour)

	got := w.telegram.messages()
	if len(got) != 3 {
		t.Fatalf("%d messages in three days: %v", len(got), got)
	}
	seen := map[string]int{}
	for day, m := range got {
		if want := start.AddDate(0, 0, day).Add(time.Hour); !m.at.Equal(want) || m.silent || m.repeat {
			t.Errorf("message %d %+v, want at %v", day, m, want)
		}
		for _, h := range strings.Split(strings.TrimPrefix(m.text, "rich 1: "), " | ") {
			seen[h]++
		}
	}
	for day := range 3 {
		for _, h := range []string{headline(fmt.Sprint("quake", day)), headline(fmt.Sprint("chip", day))} {
			if seen[h] != 1 {
				t.Errorf("%q was brought %d times: %v", h, seen[h], seen)
			}
		}
	}
	want := map[string]digest.State{"2026-03-02T08:00 telegram:7 1": digest.Sent, "2026-03-03T08:00 telegram:7 1": digest.Sent, "2026-03-04T08:00 telegram:7 1": digest.Sent}
	if diff := cmp.Diff(want, w.states()); diff != "" {
		t.Error(diff)
	}
	if c := w.chat(c); len(c.Pending) != 0 || !c.LastSent.Equal(got[2].at) {
		t.Errorf("pending %v, last sent %v", c.Pending, c.LastSent)
	}
}

// TestKilled kills the program at each of its writes in turn and goes on in a new life:
// a digest a slot, none twice where the platform can be asked, elsewhere at most one more
// that says so.
func TestKilled(t *testing.T) {
	w := newWorld(t)
	prepare := func(w *world) {
		w.telegram.pages, w.discord.pages = 2, 2
		w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)))
		w.sites["b.example"].add(tale("chip", start.Add(-2*time.Hour)))
		for _, at := range []digest.Address{private, person} {
			w.daily(w.meet(at), 8)
		}
	}
	prepare(w)
	w.engine.used.Store(0)
	w.walk(3 * time.Hour)
	writes := int(w.engine.used.Load())
	if writes < 10 {
		t.Fatalf("only %d writes", writes)
	}
	for n := range writes + 1 {
		w := newWorld(t)
		prepare(w)
		w.engine.left.Store(int64(n))
		if err := w.walk(3 * time.Hour); (err == nil) && n < writes-4 { // a delivery's own goroutine may be the last to write
			t.Logf("killed at write %d of %d: walked to the end", n, writes)
		}
		w.live()
		w.walk(start.Add(3 * time.Hour).Sub(w.now))
		copies := map[string]int{}
		for _, m := range append(w.telegram.messages(), w.discord.messages()...) {
			k := m.to.String() + " " + m.text
			copies[k]++
			if copies[k] > 1 && (m.to.Platform == digest.Discord || !m.repeat) || copies[k] > 2 {
				t.Errorf("killed at write %d: copy %d of %q, marked %v", n, copies[k], k, m.repeat)
			}
		}
		if len(copies) != 4 {
			t.Errorf("killed at write %d: arrived %v", n, copies)
		}
		for slot, d := range w.deliveries() {
			if d.State != digest.Sent {
				t.Errorf("killed at write %d: %s is %s (%s)", n, slot, d.State, d.Reason)
			}
		}
		if t.Failed() {
			return
		}
	}
}

// TestAfterDigest: a digest on request, just before, takes nothing from the scheduled one.
func TestAfterDigest(t *testing.T) {
	w := newWorld(t)
	w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)))
	c := w.meet(private)
	w.daily(c, 8)
	w.walk(59 * time.Minute)
	e, err := w.Digest(t.Context(), w.chat(c), "request 1", "", "", w.now)
	if err != nil || len(e.Stories) != 1 {
		t.Fatalf("%d stories, %v", len(e.Stories), err)
	}
	again, err := w.Digest(t.Context(), w.chat(c), "request 1", "", "", w.now.Add(time.Second))
	if err != nil || !again.At.Equal(e.At) {
		t.Errorf("the same request made another edition: %v, %v", again.At, err)
	}
	if c := w.chat(c); len(c.Seen) != 0 || c.LastEdition != e.ID {
		t.Errorf("a digest on request marks %v, last edition %v", c.Seen, c.LastEdition)
	}
	w.walk(time.Hour)
	if got := w.telegram.messages(); len(got) != 1 || got[0].text != "rich 1: "+headline("quake") {
		t.Errorf("arrived %v", got)
	}
	// What was shown may come again on request, behind what is new.
	w.sites["b.example"].add(tale("chip", w.now.Add(-4*time.Hour)))
	w.walk(time.Hour)
	e, err = w.Digest(t.Context(), w.chat(c), "request 2", "", "", w.now)
	if err != nil || len(e.Stories) != 2 || e.Stories[0].Headline != headline("chip") {
		t.Errorf("on request: %v, %v", e.Stories, err)
	}
	if _, err := w.Edition(t.Context(), "nothing"); reason(err) != NoSuchDigest {
		t.Errorf("an edition that never was: %v", err)
	}
}

// TestMissed: after two days of silence only the newest slot is delivered, late, and the
// others are recorded.
func TestMissed(t *testing.T) {
	w := newWorld(t)
	w.sites["a.example"].add(tale("quake", start.Add(20*time.Hour)))
	c := w.meet(private)
	w.daily(c, 8, 20)
	w.now = start.AddDate(0, 0, 2).Add(90 * time.Minute) // Wednesday 08:30
	w.sites["a.example"].add(tale("flood", w.now.Add(-time.Hour)))
	w.live()
	w.walk(time.Hour)
	want := map[string]digest.State{
		"2026-03-02T08:00 telegram:7 1": digest.Missed, "2026-03-02T20:00 telegram:7 1": digest.Missed,
		"2026-03-03T08:00 telegram:7 1": digest.Missed, "2026-03-03T20:00 telegram:7 1": digest.Missed,
		"2026-03-04T08:00 telegram:7 1": digest.Sent,
	}
	if diff := cmp.Diff(want, w.states()); diff != "" {
		t.Error(diff)
	}
	if got := w.telegram.messages(); len(got) != 1 || !strings.HasPrefix(got[0].text, "rich 1: late") {
		t.Errorf("arrived %v", got)
	}
	// Later than half the time to the next slot, at most six hours: missed as well.
	w.now = start.AddDate(0, 0, 4).Add(8 * time.Hour) // Friday 15:00
	w.live()
	w.walk(time.Hour)
	if got := w.states()["2026-03-06T08:00 telegram:7 1"]; got != digest.Missed || len(w.telegram.messages()) != 1 {
		t.Errorf("seven hours late: %s", got)
	}
	if next := w.chat(c).Subscriptions[0].Next.Local; next != "2026-03-06T20:00" {
		t.Errorf("waits for %s", next)
	}
}

// TestMissedKilled: a crash between the records of missed slots skips none.
func TestMissedKilled(t *testing.T) {
	for n := range 8 {
		w := newWorld(t)
		c := w.meet(private)
		w.daily(c, 8, 20)
		w.now = start.AddDate(0, 0, 2).Add(90 * time.Minute)
		w.engine.left.Store(int64(n))
		w.Compose(t.Context(), w.now)
		w.live()
		w.walk(time.Hour)
		if got := len(w.deliveries()); got != 5 || len(w.telegram.messages()) != 1 {
			t.Errorf("killed at write %d: %d slots recorded, %d messages", n, got, len(w.telegram.messages()))
		}
	}
}

// TestEmpty: a person is told that there is nothing new, without a sound; a group is not;
// that no source answers is told to both.
func TestEmpty(t *testing.T) {
	w := newWorld(t)
	for _, at := range []digest.Address{private, crowd} {
		w.daily(w.meet(at), 8)
	}
	w.walk(2 * time.Hour)
	got := w.telegram.messages()
	if len(got) != 1 || got[0].to != private || !got[0].silent {
		t.Errorf("nothing new: %v", got)
	}
	if len(w.deliveries()) != 2 {
		t.Errorf("states %v", w.states())
	}
	for _, s := range w.sites {
		s.set(func(s *site) { s.status = 500 })
	}
	w.walk(24 * time.Hour)
	if got := w.telegram.messages(); len(got) != 3 {
		t.Errorf("no source answers: %d messages", len(got))
	}
}

// TestShared: two digests of a chat in the same minute share what is new.
func TestShared(t *testing.T) {
	w := newWorld(t)
	w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)))
	c := w.meet(private)
	w.daily(c, 8)
	if _, made, err := w.Subscribe(t.Context(), c.ID, digest.Subscription{Schedule: everyDay(8), Topic: "World"}, w.now); err != nil || !made {
		t.Fatal(made, err)
	}
	w.walk(2 * time.Hour)
	n := 0
	for _, m := range w.telegram.messages() {
		n += strings.Count(m.text, headline("quake"))
	}
	if n != 1 || len(w.telegram.messages()) != 2 {
		t.Errorf("the story came %d times: %v", n, w.telegram.messages())
	}
}

// TestFades: a story not shown stays for 48 hours, or since the last digest.
func TestFades(t *testing.T) {
	w := newWorld(t)
	w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)))
	early, late := w.meet(private), w.meet(crowd)
	weekly := digest.Schedule{Days: digest.On(time.Wednesday), Times: []int{5 * 60}}
	w.Subscribe(t.Context(), early.ID, digest.Subscription{Schedule: weekly}, w.now)
	weekly.Times = []int{7 * 60}
	w.Subscribe(t.Context(), late.ID, digest.Subscription{Schedule: weekly}, w.now)
	w.walk(72 * time.Hour)
	if got := w.telegram.messages(); len(got) != 1 || got[0].to != private || !strings.Contains(got[0].text, headline("quake")) {
		t.Errorf("46 hours later and 48 hours later: %v", got)
	}
	// A week later the story of two days after the last digest is still new.
	w.sites["a.example"].add(tale("flood", w.now))
	w.walk(7 * 24 * time.Hour)
	if got := w.telegram.messages(); len(got) != 2 || !strings.Contains(got[1].text, headline("flood")) {
		t.Errorf("a week later: %v", got)
	}
}

// TestOpened: a page of a scheduled digest that somebody opens counts as shown.
func TestOpened(t *testing.T) {
	w := newWorld(t)
	for i := range 7 {
		w.sites["a.example"].add(tale(fmt.Sprint("event", i), start.Add(-time.Hour)))
	}
	c := w.meet(private)
	w.daily(c, 8)
	w.walk(2 * time.Hour)
	c = w.chat(c)
	if len(c.Seen) != digest.PageStories {
		t.Fatalf("page 1 of %d stories marks %d", 7, len(c.Seen))
	}
	e, err := w.Edition(t.Context(), c.LastEdition)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Opened(t.Context(), e, 2, w.now); err != nil {
		t.Fatal(err)
	}
	if c = w.chat(c); len(c.Seen) != 7 {
		t.Errorf("both pages mark %d", len(c.Seen))
	}
}

// TestAbsorbed: a story is known to a chat also by a name that it had before.
func TestAbsorbed(t *testing.T) {
	seen := map[digest.StoryID]digest.Seen{"old": {}}
	knows := func(seen map[digest.StoryID]digest.Seen, s digest.Story) bool { _, ok := seenOf(seen, s); return ok }
	if !knows(seen, digest.Story{ID: "new", Absorbed: []digest.StoryID{"other", "old"}}) || knows(seen, digest.Story{ID: "new"}) {
		t.Error("a story that absorbed one that was seen is seen")
	}
	s := digest.Story{ID: "new"}
	merge(&s, digest.Story{ID: "old", Absorbed: []digest.StoryID{"older"}, Members: []digest.Member{{Article: "1"}}})
	if len(s.Members) != 1 || !knows(map[digest.StoryID]digest.Seen{"older": {}}, s) {
		t.Errorf("story %+v", s)
	}
}

// TestZoneChange: the clock goes forward between two slots, and each comes once.
func TestZoneChange(t *testing.T) {
	w := newWorld(t)
	w.now = time.Date(2026, 10, 24, 0, 0, 0, 0, time.UTC) // the night before Berlin's long one
	c := w.meet(private)
	if _, err := w.SetZone(t.Context(), c.ID, "Europe/Berlin", "Berlin", w.now); err != nil {
		t.Fatal(err)
	}
	s := digest.Schedule{Days: digest.EveryDay, Times: []int{150, 480}} // 02:30 comes twice
	if _, _, err := w.Subscribe(t.Context(), c.ID, digest.Subscription{Schedule: s}, w.now); err != nil {
		t.Fatal(err)
	}
	w.walk(48 * time.Hour)
	var at []string
	for _, m := range w.telegram.messages() {
		at = append(at, m.at.Format("02 15:04"))
	}
	if diff := cmp.Diff([]string{"24 00:30", "24 06:00", "25 00:30", "25 07:00"}, at); diff != "" {
		t.Error(diff)
	}
}
