package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// TestGoneMidway: a chat that is lost, or closed to the bot for a while, in the middle of a
// digest gets no page after that, or those that were left, in order.
func TestGoneMidway(t *testing.T) {
	for _, c := range []struct {
		name    string
		err     error
		state   digest.State
		arrived string
		sends   int
	}{
		{"gone", sendError(digest.Gone), digest.Cancelled, "1", 2},
		{"no permission for an hour", &digest.SendError{Fault: digest.NotSent, RetryAfter: time.Hour}, digest.Sent, "123", 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.telegram.pages = 3
			w.telegram.fate = func(n int, _ digest.Address, _ digest.Attempt) (bool, error) {
				if n == 2 {
					return false, c.err
				}
				return true, nil
			}
			w.daily(w.meet(crowd), 8)
			w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)))
			w.walk(5 * time.Hour)
			arrived := ""
			for _, m := range w.telegram.messages() {
				arrived += string(m.text[len("rich ")])
			}
			d := w.deliveries()["2026-03-02T08:00 telegram:-7 1"]
			if d.State != c.state || arrived != c.arrived || w.telegram.sends != c.sends {
				t.Errorf("%s (%s), pages %q by %d sends", d.State, d.Reason, arrived, w.telegram.sends)
			}
			if c.state == digest.Cancelled && (d.Pages[0].State != digest.Sent || d.Pages[2].State == digest.Sent) {
				t.Errorf("pages are recorded as %s, %s, %s", d.Pages[0].State, d.Pages[1].State, d.Pages[2].State)
			}
		})
	}
}

// clumsy is an editor with a bug that one chat meets.
type clumsy struct {
	editor
	at digest.Address
}

func (c clumsy) Post(e digest.Edition, page int, at digest.Address) digest.Post {
	if at == c.at {
		panic("a bug in the words")
	}
	return c.editor.Post(e, page, at)
}

// TestPanic: a bug that one chat's digest meets, or one message on its way, holds up
// nobody else, and the message is taken for one whose fate is unknown.
func TestPanic(t *testing.T) {
	w := newWorld(t)
	for _, a := range []digest.Address{private, crowd, person} {
		w.daily(w.meet(a), 8)
	}
	w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)))
	w.editor = clumsy{at: crowd}
	w.telegram.fate = func(n int, _ digest.Address, _ digest.Attempt) (bool, error) {
		if n == 1 {
			panic("a bug in the platform")
		}
		return true, nil
	}
	w.walk(59 * time.Minute)
	w.now = start.Add(time.Hour)
	if _, err := w.Compose(t.Context(), w.now); err == nil || !strings.Contains(err.Error(), "a bug in the words") {
		t.Errorf("composed over a bug: %v", err)
	}
	for range 20 { // so many seconds of delivering, while the other keeps failing
		if _, err := w.Deliver(t.Context(), w.now); err != nil {
			t.Fatal(err)
		}
		w.idle.Wait()
		w.now = w.now.Add(time.Second)
	}
	if got := w.telegram.messages(); len(got) != 1 || got[0].to != private || !got[0].repeat {
		t.Errorf("arrived on Telegram: %v", got)
	}
	if got := w.discord.messages(); len(got) != 1 {
		t.Errorf("arrived on Discord: %v", got)
	}
	w.editor = editor{}
	w.walk(time.Minute)
	if got := w.telegram.messages(); len(got) != 2 || got[1].to != crowd {
		t.Errorf("without the bug: %v", got)
	}
	failing := step{"fail", func(context.Context, time.Time) (time.Time, error) { panic("a bug in a step") }}
	if _, err := failing.contained(t.Context(), w.now); err == nil {
		t.Error("a step's panic is no error")
	}
}

// TestClockSteps: whatever the machine's clock does, a digest comes once for each local
// day that people live through, and goes on by itself when the clock is right again.
func TestClockSteps(t *testing.T) {
	for name, c := range map[string]struct {
		after time.Duration // the first digest
		step  time.Duration
		days  int // with a digest, of the three after the clock is right again
	}{
		"an hour back":                {30 * time.Minute, -time.Hour, 3},
		"an hour ahead":               {30 * time.Minute, time.Hour, 3},
		"back over the digest":        {time.Minute, -2 * time.Hour, 3},
		"a day back":                  {time.Hour, -24 * time.Hour, 3},
		"1970 at the start":           {time.Hour, -time.Since(time.Unix(0, 0)), 3},
		"a year ahead and back again": {time.Hour, 365 * 24 * time.Hour, 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.starter = nil
			w.live()
			w.daily(w.meet(private), 8)
			w.walk(time.Hour + c.after)
			right := w.now
			w.now = w.now.Add(c.step)
			w.live() // a restart on the wrong clock
			w.walk(90 * time.Minute)
			w.now = right.Add(90 * time.Minute)
			w.live()
			before := len(w.digests())
			w.walk(72 * time.Hour)
			if got := len(w.digests()) - before; got != c.days {
				t.Errorf("%d digests in the three days after, want %d", got, c.days)
			}
			fired := map[string]int{}
			for _, m := range w.digests() {
				fired[m.key]++
				if fired[m.key] > 1 {
					t.Errorf("%s came twice", m.key)
				}
			}
		})
	}
}

// TestClockOfAnotherPlace: when a country moves its clocks, what waits for an instant that
// is no longer the hour comes once on that day, and at the hour from then on.
func TestClockOfAnotherPlace(t *testing.T) {
	for _, off := range []time.Duration{-time.Hour, time.Hour} {
		w := newWorld(t)
		w.starter = nil
		w.live()
		c := w.meet(private)
		w.daily(c, 8)
		w.walk(2 * time.Hour) // the next is tomorrow's
		_, err := w.Change(t.Context(), c.ID, func(c *digest.Chat) error {
			c.Subscriptions[0].Next.At = c.Subscriptions[0].Next.At.Add(off)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		w.live()
		w.walk(48 * time.Hour)
		got := w.digests()
		if len(got) != 3 || got[2].at.Hour() != 8 {
			t.Errorf("%s off: %v", off, got)
		}
	}
}

// TestTraveler: whoever changes zones, over the date line and in the last second too, gets
// at most one digest for each day on their clock, and goes on getting them.
func TestTraveler(t *testing.T) {
	w := newWorld(t)
	w.starter = nil
	w.live()
	c := w.meet(private)
	w.daily(c, 9)
	zone := func(name string) {
		if _, err := w.SetZone(t.Context(), c.ID, name, name, w.now); err != nil {
			t.Fatal(err)
		}
	}
	zone("Europe/Berlin")
	w.walk(61 * time.Minute) // nine in Berlin is eight in UTC
	zone("America/New_York")
	w.walk(12 * time.Hour)
	if got := w.digests(); len(got) != 1 {
		t.Fatalf("two digests on one day of a traveler: %v", got)
	}
	for range 3 {
		zone("Pacific/Auckland")
		w.now = w.chat(c).Subscriptions[0].Next.At.Add(-time.Second)
		zone("Pacific/Honolulu")
		w.walk(2 * time.Hour)
	}
	zone("Pacific/Auckland")
	w.walk(26 * time.Hour)
	days := map[string]int{}
	for slot, state := range w.states() {
		if day, _, _ := strings.Cut(slot, "T"); state == digest.Sent && strings.HasPrefix(day, "2026") {
			days[day]++
		}
	}
	for day, n := range days {
		if n > 1 {
			t.Errorf("%d digests for %s", n, day)
		}
	}
	if len(days) < 2 {
		t.Errorf("digests stopped: %v", w.states())
	}
}

// digests are the messages on Telegram that are no notices.
func (w *world) digests() []message {
	return slices.DeleteFunc(w.telegram.messages(), func(m message) bool { return strings.Contains(m.text, string(digest.QuietNotice)) })
}

// TestMoveUnderKill: a chat that moves is reached at one address only, at whichever write
// the program dies, and its digest comes once.
func TestMoveUnderKill(t *testing.T) {
	to := digest.Address{Platform: digest.Telegram, Channel: "-1007"}
	for n := range 6 {
		w := newWorld(t)
		w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)))
		w.daily(w.meet(crowd), 8)
		w.walk(30 * time.Minute)
		w.engine.left.Store(int64(n))
		err := w.Move(t.Context(), crowd, to)
		w.live()
		if err != nil { // Telegram tells of it until it is recorded
			if err := w.Move(t.Context(), crowd, to); err != nil {
				t.Fatal(err)
			}
		}
		w.walk(time.Hour)
		if got := w.telegram.messages(); len(got) != 1 || got[0].to != to {
			t.Errorf("killed at write %d: %v", n, got)
		}
	}
}

// TestFreshIDs: entries of which the ids, the order or the dates change at every poll are
// told once, and so are those that a feed drops and brings again.
func TestFreshIDs(t *testing.T) {
	n := 0
	entry := func(i int, id string) string {
		return fmt.Sprintf(`<item><title>%s</title><link>http://news.example/%d</link><guid isPermaLink="false">%s</guid><pubDate>%s</pubDate><description>%s</description></item>`,
			headline(fmt.Sprint("event", i)), i, id, start.Add(-time.Hour+time.Duration(n)*time.Second).Format(time.RFC1123Z), words(fmt.Sprint("event", i), 200))
	}
	feeds := map[string]func() string{
		"new ids":   func() string { return entry(1, fmt.Sprint("a", n)) + entry(2, fmt.Sprint("b", n)) },
		"any order": func() string { return []string{entry(1, "a") + entry(2, "b"), entry(2, "b") + entry(1, "a")}[n%2] },
		"now and then": func() string {
			return []string{entry(1, "a") + entry(2, "b"), entry(2, "b"), entry(1, "a") + entry(2, "b")}[n%3]
		},
		"same id, later title": func() string {
			return strings.Replace(entry(1, "a"), "</title>", []string{"</title>", ", corrected</title>"}[n%2], 1) + entry(2, "b")
		},
	}
	for name, body := range feeds {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			n = 0
			w.daily(w.meet(private), 8, 12, 18)
			told := map[string]int{}
			for ; n < 12; n++ {
				w.sites["a.example"].set(func(s *site) {
					s.body = `<?xml version="1.0"?><rss version="2.0"><channel><title>A</title><language>en</language>` + body() + `</channel></rss>`
				})
				w.walk(time.Hour)
			}
			for _, m := range w.telegram.messages() {
				for _, h := range strings.Split(strings.TrimPrefix(m.text, "rich 1:"), "|") {
					if h = strings.TrimSpace(h); h != "" {
						told[strings.TrimSuffix(h, ", corrected")]++
					}
				}
			}
			if len(told) != 2 {
				t.Errorf("told %v", told)
			}
			for h, times := range told {
				if times != 1 {
					t.Errorf("%q was told %d times", h, times)
				}
			}
		})
	}
}

// TestSameIDOfANewStory: an id that comes again with another story is that story.
func TestSameIDOfANewStory(t *testing.T) {
	w := newWorld(t)
	w.daily(w.meet(private), 8, 12)
	for i, event := range []string{"quake", "flood"} {
		w.sites["a.example"].set(func(s *site) {
			s.body = fmt.Sprintf(`<rss version="2.0"><channel><title>A</title><language>en</language><item><title>%s</title><link>http://news.example/%d</link><guid isPermaLink="false">1</guid><description>%s</description></item></channel></rss>`,
				headline(event), i, words(event, 200))
		})
		w.walk(4 * time.Hour)
	}
	if got := w.telegram.messages(); len(got) != 2 || !strings.Contains(got[0].text, headline("quake")) || !strings.Contains(got[1].text, headline("flood")) {
		t.Errorf("%v", got)
	}
}

// TestFrozenValidators: what a feed says about itself does not hide news: the same tag
// with another body is read, and 304 where a restored store asks in full is an error that
// leaves the news as they are.
func TestFrozenValidators(t *testing.T) {
	w := newWorld(t)
	w.meet(private)
	a := w.sites["a.example"]
	a.set(func(s *site) { s.tag = `"frozen"` })
	for i := range 3 {
		a.add(tale(fmt.Sprint("event", i), w.now.Add(-time.Minute)))
		w.walk(time.Hour)
	}
	if n := len(w.stories()); n != 3 {
		t.Errorf("%d stories behind a tag that never changes", n)
	}
	s, err := store.Open(t.Context(), w.engine)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Restored(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	a.set(func(s *site) { s.status = 304 })
	w.live()
	w.walk(2 * time.Hour)
	if f := w.get(w.starter[0].ID).Fetch; f.Failures == 0 || len(w.stories()) != 3 {
		t.Errorf("304 unasked: %+v, %d stories", f, len(w.stories()))
	}
}
