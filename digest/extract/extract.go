// Package extract makes readable text of a page: the article without what stands around
// it, its title, author, outlet, language and date, and whether it is behind a paywall.
package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	"codeberg.org/readeck/go-readability/v2/render"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"newsdigest/digest"
	"newsdigest/digest/extract/boilerplate"
	"newsdigest/digest/language"
)

// Limits of what is read. Extraction cannot be cancelled midway, and hostile pages of
// 2 MiB can take seconds.
const (
	MaxBody     = 2 << 20 // bytes of a page; the rest is left unread
	maxElements = 25_000  // elements of a page; one with more is read as bare paragraphs
	maxText     = 100_000 // bytes of an article's text
)

// Why a page has no article in it.
var (
	ErrNoArticle = errors.New("no article found in the page")
	ErrNotText   = errors.New("the address does not lead to a web page or a text")
	ErrChallenge = errors.New("the site asks visitors to prove that they are human")
	ErrConsent   = errors.New("the site shows a consent notice instead of the article")
)

// Article is what a page says.
type Article struct {
	Title     string
	Byline    string
	Outlet    string // the page's own name of its site, "" if it has none
	Text      string // plain text, paragraphs separated by blank lines
	Language  string // BCP 47 base language the page declares, else that of the text, or ""
	Published time.Time
	Picture   string // https address of the lead picture, or ""
	Canonical string // the address the page gives itself, http or https, or ""
	Paywall   bool   // only a part can be read without paying
}

// Page reads a page as it was received: body, its Content-Type, the address it came
// from. A page that nests too deep or has too many elements is read as bare paragraphs.
func Page(body []byte, contentType, address string) (a Article, err error) {
	defer func() {
		if r := recover(); r != nil {
			a, err = Article{}, fmt.Errorf("%w: the page could not be read", ErrNoArticle)
		}
	}()
	body = body[:min(len(body), MaxBody)]
	if len(bytes.TrimSpace(body)) == 0 {
		return Article{}, fmt.Errorf("%w: it is empty", ErrNoArticle)
	}
	media, _, _ := mime.ParseMediaType(contentType)
	switch {
	case media == "text/plain":
		return plain(string(body))
	case media != "" && !strings.Contains(media, "html") && !xhtml(media, body):
		return Article{}, fmt.Errorf("%w: it is %s", ErrNotText, media)
	}
	body, err = decode(body, contentType)
	if err != nil {
		return Article{}, err
	}
	base, err := url.Parse(address)
	if err != nil {
		base = &url.URL{}
	}
	return page(body, base)
}

// xhtml tells whether what was sent as XML is a web page, and not a feed.
func xhtml(media string, body []byte) bool {
	const head = 1 << 10 // declaration, comments and document type go before the root
	return (media == "text/xml" || media == "application/xml") &&
		bytes.Contains(bytes.ToLower(body[:min(len(body), head)]), []byte("<html"))
}

// decode makes the page UTF-8, by its byte order mark, its Content-Type or its own
// declaration. Bytes that are valid UTF-8 and more than ASCII are UTF-8, whatever is
// declared: no other encoding looks like it by chance.
func decode(body []byte, contentType string) ([]byte, error) {
	if utf8.Valid(body) && bytes.ContainsFunc(body, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return bytes.TrimPrefix(body, []byte("\ufeff")), nil
	}
	r, err := charset.NewReader(bytes.NewReader(body), contentType)
	if err != nil {
		return nil, fmt.Errorf("%w: unknown character set", ErrNotText)
	}
	body, err = io.ReadAll(io.LimitReader(r, 2*MaxBody))
	if err != nil {
		return nil, fmt.Errorf("%w: broken character set", ErrNotText)
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD")), nil
}

func page(body []byte, base *url.URL) (Article, error) {
	a, whole := skim(body, base)
	text := whole
	if read, err := readable(body, base); err == nil && read.Node != nil {
		removeAsides(read.Node)
		text = render.InnerText(read.Node)
		a.fill(read)
	}
	a.Title = withoutSite(a.Title, a.Outlet, base.Hostname())
	if a.Byline == a.Outlet {
		a.Byline = ""
	}
	a.finish(text)
	if len(a.Text) < len(whole)/4 && len(a.Text) < enoughText {
		a.finish(whole)
	}
	if err := refusal(a, whole); err != nil {
		return a, err
	}
	a.Paywall = a.Paywall || walled(whole, a.Text)
	if a.Text == "" {
		return a, ErrNoArticle
	}
	return a, nil
}

// enoughText is from how many bytes on a text is taken for the article, even if the page
// has more paragraphs than that.
const enoughText = 600

// readable finds the article in the page's tree.
func readable(body []byte, base *url.URL) (readability.Article, error) {
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil { // x/net/html refuses more than 512 nested elements
		return readability.Article{}, fmt.Errorf("%w: the page nests too deep", ErrNoArticle)
	}
	p := readability.NewParser()
	p.MaxElemsToParse = maxElements
	read, err := p.ParseAndMutate(doc, base)
	if err != nil {
		return readability.Article{}, fmt.Errorf("%w: %w", ErrNoArticle, err)
	}
	return read, nil
}

// fill takes what readability found and the page's head did not say.
func (a *Article) fill(read readability.Article) {
	if t := digest.Clean(read.Title()); t != "" {
		a.Title = t
	}
	if a.Byline == "" {
		a.Byline = byline(read.Byline())
	}
	if a.Outlet == "" {
		a.Outlet = siteName(read.SiteName(), a.Title)
	}
	if a.Language == "" {
		a.Language = language.Base(read.Language())
	}
	if t, err := read.PublishedTime(); err == nil && a.Published.IsZero() {
		a.Published = t
	}
}

// finish cleans the text and decides its language.
func (a *Article) finish(text string) {
	text = paragraphs(text)
	a.Language = Language("", a.Language, text)
	a.Text = boilerplate.Clean(text, a.Language)
	if rest, found := strings.CutPrefix(a.Text, a.Title+"\n"); found && a.Title != "" {
		a.Text = strings.TrimSpace(rest)
	}
	a.Text = withoutAuthor(a.Text, a.Byline)
}

// withoutAuthor is the text without a last paragraph that introduces its author.
func withoutAuthor(text, author string) string {
	i := strings.LastIndexByte(text, '\n')
	if i < 0 || author == "" || !strings.HasPrefix(text[i+1:], author+" ") {
		return text
	}
	return strings.TrimSpace(text[:i])
}

// plain is a page of plain text; its first line is the title if it says so ("Title: ...").
func plain(text string) (Article, error) {
	text = strings.ToValidUTF8(text, "\uFFFD")
	var a Article
	if first, rest, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "Title:") {
		a.Title = digest.Clean(strings.TrimPrefix(first, "Title:"))
		text = rest
	}
	a.finish(text)
	if a.Text == "" {
		return a, ErrNoArticle
	}
	return a, nil
}

// paragraphs is the text with one blank line between paragraphs, lines trimmed and
// spaces folded, cut at maxText.
func paragraphs(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		line = digest.Clean(line)
		if line == "" {
			continue
		}
		if out.Len()+len(line) > maxText {
			break
		}
		if out.Len() > 0 {
			out.WriteString("\n\n")
		}
		out.WriteString(line)
	}
	return out.String()
}

// byline is an author's name as pages write it, "" if it is none. What begins with a
// number is a date that got into it.
func byline(s string) string {
	s = digest.Clean(s)
	for _, by := range []string{"By ", "by ", "Von ", "Par ", "Por "} {
		s = strings.TrimPrefix(s, by)
	}
	if len(s) > 120 || strings.Contains(s, "://") {
		return ""
	}
	if i := strings.IndexAny(s, "0123456789"); i >= 0 {
		s = strings.TrimRight(s[:i], " ,;|-–—·(")
		if len(strings.Fields(s)) < 2 {
			return ""
		}
	}
	return s
}

// asides are the elements of an article that are not its text.
var asides = map[string]bool{
	"figcaption": true, "aside": true, "nav": true, "form": true, "button": true, "footer": true, "style": true,
	"script": true, "noscript": true, "table": true, "iframe": true,
}

func removeAsides(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.ElementNode && asides[c.Data] {
			n.RemoveChild(c)
		} else {
			removeAsides(c)
		}
		c = next
	}
}
