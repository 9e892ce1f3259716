package catalog

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"newsdigest/digest/feed"
)

// site asks the sample server as a client does that connects all hosts to one address.
type site struct {
	t      *testing.T
	server *httptest.Server
	now    time.Time
}

func newSite(t *testing.T) *site {
	s := &site{t: t, now: SampleStart}
	s.server = httptest.NewServer(sample(t).Handler(func() time.Time { return s.now }))
	t.Cleanup(s.server.Close)
	return s
}

func (s *site) get(address string, header ...string) (*http.Response, string) {
	s.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodGet, s.server.URL+u.RequestURI(), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Host = u.Host
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := s.server.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp, string(body)
}

func (s *site) feed(address string) feed.Feed {
	s.t.Helper()
	resp, body := s.get(address)
	f, err := feed.Parse([]byte(body), resp.Header.Get("Content-Type"), address)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s, %v", address, resp.Status, err)
	}
	return f
}

func TestFeeds(t *testing.T) {
	s := newSite(t)
	all := sample(t)
	for _, moment := range []time.Duration{0, 24 * time.Hour, 72 * time.Hour} {
		s.now = SampleStart.Add(moment)
		for _, source := range all.Sources() {
			f := s.feed(source.URL)
			if f.Title != source.Name || f.Site != source.Site {
				t.Errorf("%s: calls itself %q at %s", source.URL, f.Title, f.Site)
			}
			if source.URL != "http://lakeland.example/index.rdf" && f.Language != source.Language {
				t.Errorf("%s: language %q, want %q", source.URL, f.Language, source.Language)
			}
			if len(f.Entries) == 0 {
				t.Errorf("%s: no entries at %v", source.URL, moment)
			}
			for _, e := range f.Entries {
				i := slices.IndexFunc(all.articles, func(a article) bool { return a.url() == e.Link })
				if i < 0 {
					t.Fatalf("%s: no article at %q", source.URL, e.Link)
				}
				a := all.articles[i]
				if e.Title != breakable(a.title) || !e.Published.Equal(a.at) || e.Author != a.author || len(e.Categories) == 0 {
					t.Errorf("%s: read as %+v", e.Link, e)
				}
				if e.Published.After(s.now) {
					t.Errorf("%s is from the future", e.Link)
				}
				if full := strings.Contains(e.Content, breakable(a.text[len(a.text)-1])); full != a.outlet.full {
					t.Errorf("%s: whole text in the feed: %v", e.Link, full)
				}
				if !strings.HasPrefix(e.Summary, breakable(a.text[0])) {
					t.Errorf("%s: summary %q", e.Link, e.Summary)
				}
			}
		}
	}
}

func TestEveryArticleIsInOneFeed(t *testing.T) {
	for _, a := range sample(t).articles {
		n := 0
		for _, c := range a.outlet.channels {
			if c.has(a) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s is in %d feeds", a.url(), n)
		}
	}
}

func TestFeedsGrow(t *testing.T) {
	s := newSite(t)
	const address = "http://harbour.example/feed.xml"
	first, _ := s.get(address)
	tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	if tag == "" || modified == "" {
		t.Fatalf("no validators: %v", first.Header)
	}
	s.now = s.now.Add(time.Hour) // the next article comes at +2h10m
	for _, header := range [][]string{
		{"If-None-Match", tag}, {"If-Modified-Since", modified}, {"If-None-Match", tag, "If-Modified-Since", modified},
	} {
		if resp, body := s.get(address, header...); resp.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%v: %s, %d bytes", header, resp.Status, len(body))
		}
	}
	before := len(s.feed(address).Entries)
	s.now = s.now.Add(2 * time.Hour)
	if resp, _ := s.get(address, "If-None-Match", tag); resp.StatusCode != http.StatusOK {
		t.Errorf("after news: %s", resp.Status)
	}
	if after := len(s.feed(address).Entries); after != before+1 {
		t.Errorf("%d entries after %d", after, before)
	}
}

func TestFrontPageNamesFeeds(t *testing.T) {
	s := newSite(t)
	for _, o := range outlets {
		_, body := s.get(o.base() + "/")
		var found []string
		for _, c := range feed.Discover([]byte(body), o.base()+"/") {
			found = append(found, c.URL)
		}
		var want []string
		for _, c := range o.channels {
			want = append(want, o.base()+c.path)
		}
		if !slices.Equal(found, want) {
			t.Errorf("%s: found %v, want %v", o.host, found, want)
		}
	}
}

func TestArticlePages(t *testing.T) {
	s := newSite(t)
	s.now = SampleStart.Add(72 * time.Hour)
	unescape := strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&amp;", "&", "&#43;", "+")
	for _, a := range sample(t).articles {
		resp, body := s.get(a.url())
		if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			t.Fatalf("%s: %s", a.url(), resp.Status)
		}
		body = unescape.Replace(body)
		for i, p := range a.text {
			if shown := strings.Contains(body, "<p>"+p+"</p>"); shown == (a.paywall && i >= wall) {
				t.Errorf("%s: paragraph %d shown: %v", a.url(), i, shown)
			}
		}
		for _, want := range []string{a.title, a.author, wordings[a.outlet.language].Newsletter, `rel="canonical" href="` + a.url()} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the page lacks %q", a.url(), want)
			}
		}
		if a.paywall != strings.Contains(body, `"isAccessibleForFree":  false`) {
			t.Errorf("%s: the page is not clear about its paywall", a.url())
		}
	}
}

func TestNotFound(t *testing.T) {
	s := newSite(t)
	for address, want := range map[string]int{
		"http://harbour.example/cod-quota":    http.StatusOK,
		"http://harbour.example/picture.svg":  http.StatusOK,
		"http://harbour.example/ferry-merger": http.StatusNotFound, // not written yet
		"http://harbour.example/nothing":      http.StatusNotFound,
		"http://nobody.example/":              http.StatusNotFound,
		SampleBroken:                          http.StatusServiceUnavailable,
		"http://harbour.example:8080/":        http.StatusOK,
	} {
		if resp, _ := s.get(address); resp.StatusCode != want {
			t.Errorf("%s: %s, want %d", address, resp.Status, want)
		}
	}
	resp, err := s.server.Client().Post(s.server.URL, "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %s", resp.Status)
	}
}

func BenchmarkFeed(b *testing.B) {
	s, err := NewSample(SampleStart)
	if err != nil {
		b.Fatal(err)
	}
	h := s.Handler(func() time.Time { return SampleStart.Add(72 * time.Hour) })
	r := httptest.NewRequest(http.MethodGet, "http://atlas.example/feed.atom", nil)
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
