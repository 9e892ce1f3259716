package extract

import (
	"bytes"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"newsdigest/digest"
	"newsdigest/digest/language"
)

// skimmer reads a page token by token: what its head says, and its bare paragraphs. It
// builds no tree, so neither depth nor size can stop it.
type skimmer struct {
	article Article
	title   string // <title>
	base    *url.URL
	text    strings.Builder
	inside  atom.Atom // the element whose text is wanted, 0 = none
	skip    atom.Atom // the element whose content is left out
	depth   int       // how many of them are open
}

// skim is what the page's head says, and the text of its paragraphs.
func skim(body []byte, base *url.URL) (Article, string) {
	s := skimmer{base: base}
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return s.done(body)
		case html.StartTagToken, html.SelfClosingTagToken:
			s.start(z.Token())
		case html.EndTagToken:
			s.end(z.Token().DataAtom)
		case html.TextToken:
			s.words(string(z.Text()))
		}
	}
}

func (s *skimmer) done(body []byte) (Article, string) {
	a := s.article
	if a.Title == "" {
		a.Title = digest.Clean(s.title)
	}
	a.Outlet = siteName(a.Outlet, a.Title)
	a.Paywall = a.Paywall || notFree(body)
	return a, paragraphs(s.text.String())
}

func (s *skimmer) start(t html.Token) {
	switch t.DataAtom {
	case atom.Html:
		s.article.Language = language.Base(attribute(t, "lang"))
	case atom.Meta:
		s.meta(t)
	case atom.Link:
		if strings.EqualFold(attribute(t, "rel"), "canonical") {
			s.article.Canonical = s.address(attribute(t, "href"))
		}
	case atom.Script, atom.Style, atom.Nav, atom.Aside, atom.Footer, atom.Figcaption, atom.Form, atom.Noscript:
		if s.skip == 0 {
			s.skip = t.DataAtom
		}
		if s.skip == t.DataAtom && t.Type == html.StartTagToken {
			s.depth++
		}
	case atom.P, atom.Title:
		if s.skip == 0 {
			s.inside = t.DataAtom
			s.text.WriteByte('\n')
		}
	case atom.Br:
		s.text.WriteByte(' ')
	case atom.Div, atom.Section, atom.Article, atom.Ul, atom.Table, atom.H1, atom.H2, atom.H3, atom.H4:
		s.inside = 0
	}
}

func (s *skimmer) end(a atom.Atom) {
	switch {
	case s.skip != 0:
		if a == s.skip {
			if s.depth--; s.depth <= 0 {
				s.skip, s.depth = 0, 0
			}
		}
	case a == s.inside:
		s.inside = 0
	}
}

func (s *skimmer) words(text string) {
	switch {
	case s.skip != 0:
	case s.inside == atom.Title:
		s.title += html.UnescapeString(text)
	case s.inside == atom.P && s.text.Len() < 2*maxText:
		s.text.WriteString(strings.ReplaceAll(html.UnescapeString(text), "\n", " "))
	}
}

// meta takes what a <meta> says.
func (s *skimmer) meta(t html.Token) {
	key := strings.ToLower(attribute(t, "property"))
	if key == "" {
		key = strings.ToLower(attribute(t, "name"))
	}
	value := attribute(t, "content")
	a := &s.article
	switch key {
	case "og:title":
		a.Title = digest.Clean(value)
	case "og:site_name":
		a.Outlet = value
	case "og:locale":
		if a.Language == "" {
			a.Language = language.Base(value)
		}
	case "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src":
		if a.Picture == "" {
			a.Picture = Picture(s.address(value))
		}
	case "author":
		a.Byline = byline(value)
	case "article:published_time", "date", "datepublished", "dc.date", "parsely-pub-date":
		if a.Published.IsZero() {
			a.Published = date(value)
		}
	case "article:content_tier", "article:content-tier":
		a.Paywall = strings.EqualFold(value, "locked") || strings.EqualFold(value, "metered")
	}
}

func attribute(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// address is a link of the page made absolute, "" unless it is http or https.
func (s *skimmer) address(link string) string {
	u, err := s.base.Parse(link)
	if link == "" || err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// date reads the forms of ISO 8601 that pages use; the zero time is none of them.
func date(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
