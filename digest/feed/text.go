package feed

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"newsdigest/digest"
)

// maxMarkup is how much of an entry's HTML is read, in bytes.
const maxMarkup = 1 << 20

// line is markup as one line of plain text of at most max bytes.
func line(markup string, max int) string {
	text, _ := plain(markup)
	return cut(digest.Clean(text), max)
}

// plain turns the HTML of an entry into text: blocks are paragraphs, separated by blank
// lines; a line break stays one; scripts and the like are left out. It also gives the
// address of the first picture, as written. Text without any tag keeps its own
// paragraphs.
func plain(markup string) (text, picture string) {
	markup = cut(markup, maxMarkup)
	if !strings.ContainsAny(markup, "<&") {
		return tidy(markup, " "), ""
	}
	if !tag.MatchString(markup) {
		markup = html.UnescapeString(markup)
		if !escapedTwice.MatchString(markup) {
			return tidy(markup, " "), ""
		}
	}
	w := walk{tokens: html.NewTokenizer(strings.NewReader(markup))}
	for w.next() {
	}
	return tidy(w.text.String(), "\n"), w.picture
}

var (
	tag          = regexp.MustCompile(`<[/!]?[a-zA-Z-]`)
	escapedTwice = regexp.MustCompile(`(?i)<(?:p|br|div|a|img|strong|em|ul|span)\b[^<>]*>`)
)

// walk goes through HTML token by token. It builds no tree, so neither depth nor odd
// nesting costs anything.
type walk struct {
	tokens  *html.Tokenizer
	text    strings.Builder
	picture string
	skip    atom.Atom // the element whose content is being left out
	depth   int       // how many of them are open
}

func (w *walk) next() bool {
	switch w.tokens.Next() {
	case html.ErrorToken:
		return false
	case html.TextToken:
		if w.skip == 0 {
			w.write(w.tokens.Token().Data)
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		w.start(w.tokens.Token())
	case html.EndTagToken:
		w.end(w.tokens.Token())
	}
	return true
}

// write adds text. In HTML its line ends are spaces.
func (w *walk) write(s string) { w.text.WriteString(lineEnds.Replace(s)) }

var lineEnds = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

func (w *walk) start(t html.Token) {
	switch {
	case w.skip != 0:
		if t.DataAtom == w.skip && t.Type == html.StartTagToken {
			w.depth++
		}
	case skipped[t.DataAtom] && t.Type == html.StartTagToken:
		w.skip, w.depth = t.DataAtom, 1
	case t.DataAtom == atom.Img:
		if w.picture == "" {
			w.picture = source(t)
		}
	case t.DataAtom == atom.Br:
		w.text.WriteByte('\n')
	case t.DataAtom == atom.Td, t.DataAtom == atom.Th:
		w.text.WriteByte(' ')
	case blocks[t.DataAtom]:
		w.text.WriteString("\n\n")
	}
}

func (w *walk) end(t html.Token) {
	switch {
	case w.skip != 0:
		if t.DataAtom == w.skip {
			if w.depth--; w.depth == 0 {
				w.skip = 0
			}
		}
	case blocks[t.DataAtom]:
		w.text.WriteString("\n\n")
	}
}

// source is the address of a picture, unless it is a pixel that counts readers.
func source(img html.Token) string {
	src := ""
	for _, a := range img.Attr {
		switch a.Key {
		case "src":
			src = a.Val
		case "width", "height":
			if a.Val == "0" || a.Val == "1" {
				return ""
			}
		}
	}
	return src
}

var blocks = set(atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Li,
	atom.Blockquote, atom.Pre, atom.Table, atom.Tr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Figure,
	atom.Figcaption, atom.Hr, atom.Dl, atom.Dt, atom.Dd, atom.Aside, atom.Main, atom.Nav, atom.Form, atom.Address,
	atom.Details, atom.Summary, atom.Fieldset, atom.Center)

var skipped = set(atom.Script, atom.Style, atom.Template, atom.Iframe, atom.Noscript, atom.Svg, atom.Math, atom.Video,
	atom.Audio, atom.Object, atom.Button, atom.Select, atom.Textarea, atom.Title, atom.Noembed, atom.Noframes)

func set(atoms ...atom.Atom) map[atom.Atom]bool {
	m := make(map[atom.Atom]bool, len(atoms))
	for _, a := range atoms {
		m[a] = true
	}
	return m
}

// tidy cleans every line, leaves one blank line between paragraphs and joins the lines
// within.
func tidy(s, joint string) string {
	var out strings.Builder
	blank := false
	for l := range strings.SplitSeq(s, "\n") {
		l = digest.Clean(l)
		switch {
		case l == "":
			blank = true
			continue
		case out.Len() == 0:
		case blank:
			out.WriteString("\n\n")
		default:
			out.WriteString(joint)
		}
		out.WriteString(l)
		blank = false
	}
	return out.String()
}

// cut shortens to at most max bytes, at a space if one is near, and never inside a
// character.
func cut(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	s = s[:max]
	if i := strings.LastIndexAny(s, " \n"); i > max-100 && i > 0 {
		s = s[:i]
	}
	return strings.TrimRight(s, " \n")
}
