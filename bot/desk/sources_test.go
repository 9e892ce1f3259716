package desk

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
	"newsdigest/digest/feed"
)

// page is a web page that names feeds.
func page(feeds ...string) string {
	var b strings.Builder
	b.WriteString("<html><head><title>Site</title>")
	for _, f := range feeds {
		fmt.Fprintf(&b, `<link rel="alternate" type="application/rss+xml" title="%s" href="%s">`, f, f)
	}
	return b.String() + "</head><body><p>Hello.</p></body></html>"
}

func TestAddSource(t *testing.T) {
	tests := []struct {
		name       string
		address    string
		page       string // of news.example
		source     string // host of what was added
		candidates int
		already    bool
		refused    Reason
	}{
		{name: "a feed", address: "http://c.example/feed", source: "c.example"},
		{name: "without scheme", address: " c.example/feed ", source: "c.example"},
		{name: "a page with one feed", address: "http://news.example/page", page: page("http://c.example/feed"), source: "c.example"},
		{name: "a page that names one feed twice", address: "http://news.example/page", page: page("http://c.example/feed", "http://c.example/feed#top"), source: "c.example"},
		{name: "a page with several", address: "http://news.example/page", page: page("http://c.example/feed", "http://b.example/feed"), candidates: 2},
		{name: "a page with none", address: "http://news.example/page", page: page(), refused: NoFeed},
		{name: "a starter source", address: "http://a.example/feed", already: true, source: "a.example"},
		{name: "no address", address: "ftp://c.example/feed", refused: BadAddress},
		{name: "inside", address: "http://127.0.0.1/feed", refused: BadAddress},
		{name: "gone", address: "http://b.example/feed", refused: PageGone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			c := w.meet(private)
			for _, h := range []string{"a.example", "b.example", "c.example"} {
				w.sites[h].add(tale("old "+h, start.Add(-2*time.Hour)), tale("new "+h, start.Add(-time.Hour)))
			}
			w.sites["news.example"].page = tt.page
			if tt.page == page() {
				w.sites["news.example"].status = http.StatusNotFound // at the well-known places
			}
			if tt.refused == PageGone {
				w.sites["b.example"].status = http.StatusGone
			}
			got, err := w.AddSource(t.Context(), c.ID, tt.address, w.now)
			if reason(err) != tt.refused || tt.refused == "" && err != nil {
				t.Fatalf("refused as %q (%v), want %q", reason(err), err, tt.refused)
			}
			if got.Source.Label() != tt.source && tt.source != "" || got.Already != tt.already || len(got.Candidates) != tt.candidates {
				t.Errorf("added %+v", got)
			}
			follows := w.Follows(w.chat(c))
			if added := slices.Contains(follows, got.Source.ID); added != (tt.source != "") || tt.source != "" && got.Latest != headline("new "+tt.source) {
				t.Errorf("followed %v, latest %q", added, got.Latest)
			}
			for _, o := range got.Candidates { // a button names it
				if a, err := w.FollowSource(t.Context(), c.ID, o.ID); err != nil || a.Already != (o.Label() == "b.example") {
					t.Errorf("candidate %s: %+v, %v", o.Label(), a, err)
				}
			}
		})
	}
}

// TestStarterStays: naming a starter source's address changes nothing of it for others.
func TestStarterStays(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	want := w.get(w.starter[0].ID)
	if _, err := w.RemoveSource(t.Context(), c.ID, want.ID); err != nil {
		t.Fatal(err)
	}
	if added, err := w.AddSource(t.Context(), c.ID, "http://a.example/feed", w.now); err != nil || added.Already {
		t.Errorf("added %+v, %v", added, err)
	}
	if _, _, err := w.Import(t.Context(), c.ID, []feed.Outline{{URL: want.URL, Title: "Mine"}}, w.now); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, w.get(want.ID)); diff != "" {
		t.Error(diff)
	}
	if got := w.chat(c); len(got.Own) != 0 || len(got.Dropped) != 0 {
		t.Errorf("own %v, dropped %v", got.Own, got.Dropped)
	}
}

func TestRemoveSource(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	added, err := w.AddSource(t.Context(), c.ID, "http://c.example/feed", w.now)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []digest.SourceID{added.Source.ID, w.starter[0].ID} {
		if s, err := w.RemoveSource(t.Context(), c.ID, id); err != nil || s.ID != id {
			t.Fatal(s, err)
		}
		if slices.Contains(w.Follows(w.chat(c)), id) {
			t.Errorf("%s is still followed", id)
		}
		if _, err := w.RemoveSource(t.Context(), c.ID, id); reason(err) != NoSuchSource {
			t.Errorf("removed twice: %v", err)
		}
		if _, err := w.FollowSource(t.Context(), c.ID, id); err != nil { // Undo
			t.Fatal(err)
		}
		if !slices.Contains(w.Follows(w.chat(c)), id) {
			t.Errorf("%s is not back", id)
		}
	}
	for _, f := range []func() error{
		func() error { _, err := w.RemoveSource(t.Context(), c.ID, "nothing"); return err },
		func() error { _, err := w.FollowSource(t.Context(), c.ID, "nothing"); return err },
	} {
		if err := f(); reason(err) != NoSuchSource {
			t.Errorf("a source nobody knows: %v", err)
		}
	}
	all, err := w.Sources(t.Context(), w.chat(c))
	if err != nil || len(all) != 3 || all[0].Name != "a.example" || all[2].Name != "c.example" {
		t.Errorf("sources %v, %v", all, err)
	}
}

func TestSourceLimit(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	outlines := []feed.Outline{{URL: "http://a.example/feed"}, {URL: "file:///etc/passwd"}}
	for i := range digest.MaxSources + 1 {
		outlines = append(outlines, feed.Outline{URL: fmt.Sprintf("http://s%d.example/feed", i), Title: "S"})
	}
	added, already, err := w.Import(t.Context(), c.ID, outlines, w.now)
	if added != digest.MaxSources || already != 1 || reason(err) != TooManySources {
		t.Errorf("added %d, already %d, %v", added, already, err)
	}
	if _, err := w.AddSource(t.Context(), c.ID, "http://c.example/feed", w.now); reason(err) != TooManySources {
		t.Errorf("source %d: %v", digest.MaxSources+1, err)
	}
}

// TestOwnSources: a source of one chat is nobody else's business, in headline, summary,
// members or search.
func TestOwnSources(t *testing.T) {
	w := newWorld(t)
	mine, other := w.meet(private), w.meet(crowd)
	if _, err := w.AddSource(t.Context(), mine.ID, "http://c.example/feed", w.now); err != nil {
		t.Fatal(err)
	}
	w.sites["a.example"].add(item{event: "quake", title: "Quake hits northern coast of Carrow", at: start.Add(-2 * time.Hour)})
	w.sites["c.example"].add(item{event: "quake", title: "Secret: quake hits northern coast of Carrow", at: start.Add(-time.Hour)})
	w.sites["c.example"].add(tale("hidden", start.Add(-time.Hour)))
	w.walk(time.Minute)
	if s := w.stories(); len(s) != 2 {
		t.Fatalf("%d stories, want 2", len(s))
	}
	counts := func(c digest.Chat) (stories, members int) {
		e, err := w.Digest(t.Context(), w.chat(c), "now", "", "", w.now)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range e.Stories {
			members += len(s.Members)
			if c.ID == other.ID && strings.Contains(s.Headline, "Secret") {
				t.Errorf("headline %q", s.Headline)
			}
			for _, sentence := range s.Summary {
				if !slices.ContainsFunc(s.Members, func(m digest.Member) bool { return m.Article == sentence.Article }) {
					t.Error("a sentence of somebody else's source")
				}
			}
		}
		return len(e.Stories), members
	}
	if s, m := counts(mine); s != 2 || m != 3 {
		t.Errorf("who added it sees %d stories of %d articles", s, m)
	}
	for range 2 { // the second from memory
		if s, m := counts(other); s != 1 || m != 1 {
			t.Errorf("others see %d stories of %d articles", s, m)
		}
	}
	for query, want := range map[string][2]int{"Secret": {1, 0}, "Carrow quake": {1, 1}, "hidden": {1, 0}, "nowhere": {0, 0}, "": {2, 1}} {
		for i, c := range []digest.Chat{mine, other} {
			got, err := w.Search(t.Context(), w.chat(c), query, w.now, 10)
			if err != nil || len(got) != want[i] {
				t.Errorf("search %q by %v: %d, %v; want %d", query, c.Address, len(got), err, want[i])
			}
		}
	}
	for _, s := range w.stories() {
		_, ok, err := w.Story(t.Context(), w.chat(other), s.ID)
		if err != nil || ok != (len(s.Members) == 2) {
			t.Errorf("story of %d articles: %v, %v", len(s.Members), ok, err)
		}
	}
	if _, _, err := w.Story(t.Context(), other, "nothing"); reason(err) != NoSuchStory {
		t.Errorf("a story nobody knows: %v", err)
	}
}

func TestArticle(t *testing.T) {
	w := newWorld(t)
	news := w.sites["news.example"]
	news.page = `<html lang="en"><head><title>Dam opens</title></head><body><article><h1>Dam opens</h1>` +
		strings.Repeat("<p>The dam above Lakeland was opened on Monday after four years of work. Farmers said that the water came two weeks early this spring.</p>", 4) + "</article></body></html>"
	b, err := w.Article(t.Context(), digest.Chat{}, "news.example/page", w.now)
	if err != nil || len(b.Summary.Standard) == 0 || b.Article.Link != "http://news.example/page" {
		t.Errorf("%+v, %v", b, err)
	}
	for _, s := range b.Summary.Full {
		if b.Article.Text[s.From:s.To] != s.Text {
			t.Errorf("sentence %q is not in the text", s.Text)
		}
	}
	news.set(func(s *site) { s.page = "<html><body></body></html>" })
	for address, want := range map[string]Reason{
		"http://news.example/page":     NoArticle,
		"news":                         BadAddress,
		"http://192.168.0.1/":          BadAddress,
		"gopher://news.example/":       BadAddress,
		"http://a.example/gone":        PageGone,
		"http://b.example/broken":      PageRefused,
		"http://no such host.example/": BadAddress,
	} {
		w.sites["a.example"].set(func(s *site) { s.status = http.StatusNotFound })
		w.sites["b.example"].set(func(s *site) { s.status = http.StatusBadGateway })
		_, err := w.Article(t.Context(), digest.Chat{}, address, w.now)
		if reason(err) != want {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	news.set(func(s *site) {
		s.page = "<html><head><title>The News</title></head><body><h1>The News</h1><p>The paper of the ports since 1871</p></body></html>"
	})
	if _, err := w.Article(t.Context(), digest.Chat{}, "http://news.example/page", w.now); reason(err) != NoArticle {
		t.Errorf("a front page: %v", err)
	}
	var no *Refusal
	_, err = w.Article(t.Context(), digest.Chat{}, "http://a.example/secret?token=1", w.now)
	if !errors.As(err, &no) || no.Host != "a.example" || strings.Contains(err.Error(), "token") || no.Unwrap() == nil {
		t.Errorf("refusal %v", err)
	}
}
