package desk

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/fetch"
	"newsdigest/store"
)

// publisher is a server of article pages.
type publisher struct {
	mu     sync.Mutex
	robots string
	slow   chan struct{} // pages whose address has "slow" in it wait for it
	hits   map[string]int
}

func (p *publisher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.hits[r.Host+r.URL.Path]++
	robots, slow := p.robots, p.slow
	p.mu.Unlock()
	switch {
	case r.URL.Path == "/robots.txt":
		fmt.Fprint(w, robots)
	case strings.Contains(r.URL.Path, "missing"):
		http.NotFound(w, r)
	default:
		if strings.Contains(r.URL.Path, "slow") {
			<-slow
		}
		fmt.Fprintf(w, `<html><head><meta property="og:site_name" content="The Herald"></head><body><article><h1>%s</h1><p>%s</p></article></body></html>`,
			r.URL.Path, strings.ReplaceAll(words(r.URL.Path, 200), ". ", ".</p><p>"))
	}
}

// publish makes hosts that a publisher answers for, and a client that finds them.
func publish(t testing.TB, o fetch.Options, hosts ...string) (*publisher, *fetch.Client) {
	p := &publisher{hits: map[string]int{}, slow: make(chan struct{})}
	server := httptest.NewServer(p)
	o.Dial = map[string]string{}
	for _, h := range hosts {
		o.Dial[h] = server.Listener.Addr().String()
	}
	c := fetch.New(o)
	t.Cleanup(func() { c.Close(); server.Close() })
	return p, c
}

// teasers lines up articles whose pages are at these addresses, the first the newest.
func (w *world) teasers(links ...string) (ids []digest.ArticleID) {
	w.t.Helper()
	var articles []digest.Article
	for i, link := range links {
		a := digest.Article{
			ID: digest.NewArticleID(link, link, "", ""), Source: w.starter[i%len(w.starter)].ID, Title: "The news of " + link, Link: link, Text: "Short.", Unread: true,
			Language: "en", Published: start.Add(-time.Duration(i+1) * time.Minute), Found: start,
		}
		articles, ids = append(articles, a), append(ids, a.ID)
	}
	if err := w.store.SavePoll(w.t.Context(), store.Poll{Source: w.starter[0], Articles: articles}); err != nil {
		w.t.Fatal(err)
	}
	return ids
}

func (w *world) article(id digest.ArticleID) digest.Article {
	w.t.Helper()
	a, err := w.store.Article(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// TestRead: a teaser's page is read, once; one that cannot be read, or that robots.txt
// asks not to read, leaves the teaser. All of them are placed.
func TestRead(t *testing.T) {
	w := newWorld(t)
	p, client := publish(t, fetch.Options{}, "news.example")
	p.robots = "User-agent: *\nDisallow: /private"
	w.fetch = client
	ids := w.teasers("http://news.example/quake", "http://news.example/missing", "http://news.example/private/flood", "http://10.0.0.1/page")
	for range 2 {
		if next, err := w.Read(t.Context(), w.now); err != nil || !next.After(w.now) {
			t.Fatal(next, err)
		}
		if err := w.ingestAll(t.Context(), w.now); err != nil {
			t.Fatal(err)
		}
	}
	for i, id := range ids {
		a := w.article(id)
		if read := digest.Words(a.Text) > 150 && a.Outlet == "The Herald" && !a.Teaser; read != (i == 0) || a.Unread || a.Story == "" {
			t.Errorf("%s: %d words, outlet %q, teaser %v, unread %v, story %q", a.Link, digest.Words(a.Text), a.Outlet, a.Teaser, a.Unread, a.Story)
		}
	}
	for path, want := range map[string]int{"/quake": 1, "/missing": 1, "/private/flood": 0, "/robots.txt": 1} {
		if n := p.hits["news.example"+path]; n != want {
			t.Errorf("%s was read %d times", path, n)
		}
	}
}

// TestReadAfterAKill: pages that were read and not saved are read again, none is lost.
func TestReadAfterAKill(t *testing.T) {
	w := newWorld(t)
	_, client := publish(t, fetch.Options{}, "news.example")
	w.fetch = client
	ids := w.teasers("http://news.example/1", "http://news.example/2")
	w.engine.left.Store(0)
	if _, err := w.Read(t.Context(), w.now); err == nil {
		t.Error("reading without a store is no error")
	}
	w.engine.left.Store(-1)
	if _, err := w.Read(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if a := w.article(id); a.Unread || digest.Words(a.Text) < 150 {
			t.Errorf("unread %v, %d words", a.Unread, digest.Words(a.Text))
		}
	}
}

// TestSlowHost: pages of a host that does not answer hold up neither those of others nor
// somebody who has waited enough, who gets the teasers.
func TestSlowHost(t *testing.T) {
	w := newWorld(t)
	p, client := publish(t, fetch.Options{}, "slow.example", "fast.example")
	w.fetch = client
	var links []string
	for i := range 2 * pageReaders {
		links = append(links, fmt.Sprint("http://slow.example/slow/", i))
	}
	ids := w.teasers(append(links, "http://fast.example/1", "http://fast.example/2")...)
	ctx, enough := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		ended <- w.readPages(t.Context(), ctx, func() *store.Store { return w.store }, func(store.Unread) bool { return true })
	}()
	for w.article(ids[len(ids)-1]).Unread || w.article(ids[len(ids)-2]).Unread {
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
	}
	enough()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	close(p.slow)
	if err := w.leaveTeasers(t.Context(), func(store.Unread) bool { return true }); err != nil {
		t.Error(err)
	}
	for _, id := range ids[:2*pageReaders] {
		if a := w.article(id); a.Unread || a.Text != "Short." {
			t.Errorf("%s: unread %v, %q", a.Link, a.Unread, a.Text)
		}
	}
}

// TestPageHost: a host that is limited is asked one page at a time, that far apart; one
// that does not answer is left alone for a while, and its articles keep their teasers.
func TestPageHost(t *testing.T) {
	w := newWorld(t)
	now := start
	h := &pageHost{atOnce: 1, waiting: []store.Unread{{}, {}}}
	p := &pages{d: w.Desk}
	if !h.may(now) {
		t.Error("the first page has to wait")
	}
	h.under, p.under = 1, 1
	if h.may(now) {
		t.Error("two pages at once of a host that nobody knows")
	}
	h.under = 0
	h.asked(pageRead{asked: true, atOnce: 2, apart: time.Second}, now)
	if h.may(now) || !h.may(now.Add(time.Second)) {
		t.Errorf("the next page is ready at %v", h.ready)
	}
	for range hostFailures {
		h.asked(pageRead{asked: true, failed: true}, now)
	}
	if !now.Before(h.rests) || !h.may(now) {
		t.Error("a host that does not answer is asked on")
	}
	h.asked(pageRead{asked: true}, now)
	if h.failures != 0 {
		t.Error("a host that answers again is not trusted")
	}
}

// TestHostsTakeTurns: the newest page of each host comes before the second newest of any.
func TestHostsTakeTurns(t *testing.T) {
	w := newWorld(t)
	p := &pages{d: w.Desk, share: func() *store.Store { return w.store }, want: func(store.Unread) bool { return true }, hosts: map[string]*pageHost{}}
	var links []string
	for i := range 2 * pagesOfHost {
		links = append(links, fmt.Sprint("http://many.example/", i))
	}
	w.teasers(append(links, "http://few.example/1", "http://one.example/1", "http://few.example/2")...)
	if err := p.refill(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range p.turns {
		got = append(got, fmt.Sprint(h.name, " ", len(h.waiting)))
	}
	if want := fmt.Sprintf("[many.example %d few.example 2 one.example 1]", pagesOfHost); fmt.Sprint(got) != want {
		t.Errorf("in hand %v, want %s", got, want)
	}
	p.forget(time.Now().Add(time.Hour))
	if len(p.hosts) != 3 {
		t.Errorf("hosts with pages are forgotten: %v", p.hosts)
	}
}
