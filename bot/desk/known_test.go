package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

// TestKnownEntries: entries that are left out because their bytes are known are in the feed
// all the same: they are remembered from then on, and their dates make the rhythm. One that
// was altered is the same entry still.
func TestKnownEntries(t *testing.T) {
	w := newWorld(t)
	w.meet(private)
	a, id := w.sites["a.example"], w.starter[0].ID
	at := w.now
	poll := func(later time.Duration, head string, items ...string) digest.Source {
		t.Helper()
		a.set(func(s *site) {
			s.body = `<rss version="2.0"><channel><title>A</title>` + head + strings.Join(items, "") + `</channel></rss>`
		})
		if err := w.pollAll(t.Context(), []digest.SourceID{id}, at.Add(later), nil); err != nil {
			t.Fatal(err)
		}
		return w.get(id)
	}
	entry := func(n int, text string) string {
		return fmt.Sprintf("<item><title>Event %d</title><guid>%d</guid><pubDate>%s</pubDate><description>%s</description></item>",
			n, n, at.Add(-time.Duration(n)*time.Hour).Format(time.RFC1123Z), text)
	}
	count := func() string {
		seen, err := w.store.SeenEntries(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		waiting, err := w.store.ToPlace(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(seen.Len(), " seen, ", len(waiting), " articles")
	}
	for _, step := range []struct {
		what   string
		later  time.Duration
		head   string
		items  []string
		want   string
		newest int // entry of the rhythm
		gap    time.Duration
	}{
		{"first", 0, "", []string{entry(2, ""), entry(4, ""), entry(6, ""), entry(8, "")}, "4 seen, 4 articles", 2, 2 * time.Hour},
		{"one new", time.Minute, "", []string{entry(1, ""), entry(2, ""), entry(4, ""), entry(6, "")}, "5 seen, 5 articles", 1, 100 * time.Minute},
		{"altered", time.Hour, "<ttl>5</ttl>", []string{entry(1, "More."), entry(2, ""), entry(4, ""), entry(6, "")}, "5 seen, 5 articles", 1, 100 * time.Minute},
		{"still there", 100 * day, "<ttl>6</ttl>", []string{entry(1, "More."), entry(2, "")}, "5 seen, 5 articles", 1, 100 * time.Minute},
		{"long after", 125 * day, "<ttl>7</ttl>", []string{entry(2, "")}, "2 seen, 5 articles", 1, 100 * time.Minute},
	} {
		s := poll(step.later, step.head, step.items...)
		want := digest.Rhythm{Gap: step.gap, Newest: at.Add(-time.Duration(step.newest) * time.Hour)}
		if got := count(); got != step.want || s.Fetch.Rhythm.Gap != want.Gap || !s.Fetch.Rhythm.Newest.Equal(want.Newest) {
			t.Errorf("%s: %s, want %s; rhythm %+v, want %+v", step.what, got, step.want, s.Fetch.Rhythm, want)
		}
	}
}

// TestListedAsDue: what was listed as due, and polled by somebody else since, is not polled
// once more.
func TestListedAsDue(t *testing.T) {
	w := newWorld(t)
	w.meet(private)
	a, id := w.sites["a.example"], w.starter[0].ID
	for range 2 {
		p := w.newPoller(t.Context(), pollLine)
		p.begin(id, w.now, func() {})
		if err := p.close(); err != nil {
			t.Fatal(err)
		}
	}
	if n := a.count(); n != 1 {
		t.Errorf("polled %d times", n)
	}
	if err := w.pollAll(t.Context(), []digest.SourceID{id}, w.now, nil); err != nil || a.count() != 2 {
		t.Errorf("asked for: polled %d times, %v", a.count(), err)
	}
}
