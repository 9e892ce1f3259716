package feed

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"newsdigest/digest/fetch"
)

// MaxCandidates is how many feeds of one page are worth a choice.
const MaxCandidates = 10

// Candidate is the address of what may be a feed.
type Candidate struct {
	URL   string // canonical
	Title string // as the page calls it, or empty
}

// wellKnown are the places where sites keep a feed that their pages do not name.
var wellKnown = []string{"/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml"}

// Discover lists the feeds that a page names, the likeliest first: those it declares,
// feeds of comments after the others; else what its links look like; else the well-known
// places of the site, as guesses. pageURL is the address of the page after redirects.
func Discover(page []byte, pageURL string) []Candidate {
	p := newFinder(page, pageURL)
	for p.next() {
	}
	for _, found := range [][]Candidate{p.declared, p.linked, guesses(pageURL)} {
		if len(found) > 0 {
			slices.SortStableFunc(found, func(a, b Candidate) int { return comments(a) - comments(b) })
			return found[:min(len(found), MaxCandidates)]
		}
	}
	return nil
}

func comments(c Candidate) int {
	if strings.Contains(strings.ToLower(c.URL+c.Title), "comment") {
		return 1
	}
	return 0
}

func guesses(pageURL string) []Candidate {
	var out []Candidate
	for _, place := range wellKnown {
		if u, err := fetch.Resolve(pageURL, place); err == nil {
			out = append(out, Candidate{URL: u})
		}
	}
	return out
}

// finder walks through a page's tokens. Like walk it needs no tree.
type finder struct {
	tokens           *html.Tokenizer
	base             string
	declared, linked []Candidate
	anchor           *Candidate // the feed-like link whose text is being read
}

func newFinder(page []byte, pageURL string) *finder {
	enc, _, _ := charset.DetermineEncoding(page, "")
	text, err := enc.NewDecoder().Bytes(page)
	if err != nil {
		text = page
	}
	return &finder{tokens: html.NewTokenizer(bytes.NewReader(text)), base: pageURL}
}

func (f *finder) next() bool {
	kind := f.tokens.Next()
	if kind == html.ErrorToken {
		return false
	}
	t := f.tokens.Token()
	switch {
	case kind == html.TextToken && f.anchor != nil:
		f.anchor.Title = line(f.anchor.Title+" "+html.EscapeString(t.Data), maxTitle)
	case kind == html.EndTagToken && t.DataAtom == atom.A:
		f.anchor = nil
	case kind == html.StartTagToken, kind == html.SelfClosingTagToken:
		f.start(t)
	}
	return true
}

func (f *finder) start(t html.Token) {
	a := map[string]string{}
	for _, attr := range t.Attr {
		a[attr.Key] = attr.Val
	}
	switch t.DataAtom {
	case atom.Base:
		if u, err := fetch.Resolve(f.base, a["href"]); err == nil {
			f.base = u
		}
	case atom.Link:
		rel := strings.Fields(strings.ToLower(a["rel"]))
		if slices.Contains(rel, "alternate") && feedType(a["type"]) || slices.Contains(rel, "feed") {
			f.declared, _ = f.add(f.declared, a["href"], a["title"])
		}
	case atom.A:
		f.anchor = nil
		if feedType(a["type"]) || feedLike(a["href"]) {
			f.linked, f.anchor = f.add(f.linked, a["href"], a["title"])
		}
	}
}

// add appends a candidate that is not yet in the list, and gives it back to be titled.
func (f *finder) add(to []Candidate, href, title string) ([]Candidate, *Candidate) {
	u, err := fetch.Resolve(f.base, href)
	if err != nil || slices.ContainsFunc(to, func(c Candidate) bool { return c.URL == u }) {
		return to, nil
	}
	to = append(to, Candidate{URL: u, Title: line(title, maxTitle)})
	return to, &to[len(to)-1]
}

func feedType(t string) bool {
	t, _, _ = strings.Cut(strings.ToLower(t), ";")
	switch strings.TrimSpace(t) {
	case "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/rss+xml":
		return true
	}
	return false
}

// feedLike tells whether the last part of a link's path is what feeds are called.
func feedLike(href string) bool {
	p, _, _ := strings.Cut(strings.ToLower(href), "?")
	p, _, _ = strings.Cut(p, "#")
	last := path.Base(p)
	switch last {
	case "feed", "rss", "atom", "rdf", "feeds", "rss2":
		return true
	}
	switch path.Ext(last) {
	case ".rss", ".atom", ".rdf":
		return true
	case ".xml", ".json":
		return strings.Contains(last, "rss") || strings.Contains(last, "feed") || strings.Contains(last, "atom")
	}
	return false
}
