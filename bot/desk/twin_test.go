package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

// entry is a feed with one entry, a teaser.
func entry(title, link string) string {
	return fmt.Sprintf(`<rss version="2.0"><channel><title>F</title><language>en</language><item><title>%s</title><link>%s</link>
<pubDate>Mon, 02 Mar 2026 06:00:00 GMT</pubDate><description>Short.</description></item></channel></rss>`, title, link)
}

// TestTwins: an article that two feeds bring by two addresses is one article of both,
// whichever comes first, in one poll, in two, after a restart, and when it comes again.
func TestTwins(t *testing.T) {
	const plain, amp, story = "http://news.example/quake", "http://m.news.example/quake/amp", "http://news.example/page"
	text := strings.ReplaceAll(words("quake", 200), ". ", ".</p><p>")
	tests := []struct {
		name, first, second, canonical, link string
	}{
		{"their shapes tell", plain, amp, "", ""}, // the link is the one that came first
		{"the page tells", story, "http://news.example/page?from=b", "/page", story},
		{"the page tells both", "http://news.example/page?from=a", "http://news.example/page?from=b", "/2026/quake", "http://news.example/2026/quake"},
		{"a page that names its home", story, "http://news.example/page?m=1", "/", ""},
	}
	for _, tt := range tests {
		for _, together := range []bool{true, false} {
			w := newWorld(t)
			w.sites["news.example"].page = `<html><head><link rel="canonical" href="` + tt.canonical + `"></head><body><article><p>` + text + `</p></article></body></html>`
			w.sites["a.example"].body = entry("The quake", tt.first)
			if together {
				w.sites["b.example"].body = entry("The quake", tt.second)
			}
			w.meet(private)
			w.walk(time.Minute)
			if !together {
				w.live()
				w.sites["b.example"].set(func(s *site) { s.body = entry("The quake", tt.second) })
				w.walk(2 * time.Hour)
			}
			check := func(when string, sources int) {
				t.Helper()
				all := w.stories()
				if len(all) != 1 || len(all[0].Members) != 1 {
					t.Fatalf("%s (together %v), %s: %+v", tt.name, together, when, all)
				}
				if m := all[0].Members[0]; len(m.Also) != sources-1 || tt.link != "" && m.Link != tt.link || len(m.Topics) != 2 {
					t.Errorf("%s (together %v), %s: link %s, also %v, topics %v", tt.name, together, when, m.Link, m.Also, m.Topics)
				}
			}
			check("at first", 2)
			c := w.meet(crowd)
			w.bring(c, "c.example")
			w.sites["c.example"].set(func(s *site) { s.body = entry("The quake", tt.first) })
			w.walk(2 * time.Hour)
			check("by a third source", 3)
			if q, err := w.store.ToPlace(t.Context(), 10); err != nil || len(q) != 0 {
				t.Errorf("%s: in the queue still %v, %v", tt.name, q, err)
			}
		}
	}
}

// bring makes a chat follow the feed of a site.
func (w *world) bring(c digest.Chat, host string) {
	w.t.Helper()
	s := w.source(host)
	if _, err := w.introduce(w.t.Context(), s, w.now); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.FollowSource(w.t.Context(), c.ID, s.ID); err != nil {
		w.t.Fatal(err)
	}
}

// TestNoTwins: another headline is another article, and so is another page.
func TestNoTwins(t *testing.T) {
	w := newWorld(t)
	w.sites["a.example"].body = entry("The quake", "http://news.example/live")
	w.sites["b.example"].body = entry("The flood", "http://news.example/live?amp=1")
	w.meet(private)
	w.walk(time.Minute)
	members := 0
	for _, s := range w.stories() {
		members += len(s.Members)
	}
	if members != 2 {
		t.Errorf("%d articles", members)
	}
}
