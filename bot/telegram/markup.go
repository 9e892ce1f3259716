package telegram

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"newsdigest/digest"
)

// markup is how a message is written: as HTML or as plain text.
type markup struct {
	html bool
	// detail says that details are there: folded away in HTML, in plain text only to
	// measure what Telegram counts.
	detail bool
	// urls says that plain text shows addresses, a story's first one only.
	urls bool
	tags int // written so far
}

var (
	escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
	mention = regexp.MustCompile(`@([A-Za-z][A-Za-z0-9_]{3})`)
)

// wordJoiner is an invisible character. Between "@" and a name it keeps Telegram from
// reading a mention, which would call whoever has that name.
const wordJoiner = "\u2060"

// text is outside text as part of a line: control characters out, markup escaped, nobody
// called.
func (m *markup) text(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < ' ' || r == 0x7f:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
	if strings.Contains(s, "@") {
		s = mention.ReplaceAllString(s, "@"+wordJoiner+"$1")
	}
	if m.html {
		s = escaper.Replace(s)
	}
	return s
}

// tag is s inside an element. attributes are ready to be put into the start tag.
func (m *markup) tag(name, attributes, s string) string {
	return m.around(name, attributes, m.text(s))
}

// around is an element around markup.
func (m *markup) around(name, attributes, s string) string {
	if !m.html || s == "" {
		return s
	}
	m.tags++
	return "<" + name + attributes + ">" + s + "</" + name + ">"
}

func (m *markup) link(name, address string) string {
	if !m.html || !webAddress(address) {
		return m.text(name)
	}
	return m.tag("a", ` href="`+escaper.Replace(address)+`"`, name)
}

// webAddress tells whether a link can be followed from a chat and says nothing else.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		!strings.ContainsAny(s, " \t\r\n") && utf8.ValidString(s)
}

func (m *markup) run(r digest.Run) string {
	switch {
	case r.URL != "" && m.urls && webAddress(r.URL):
		return m.text(r.Text) + " " + r.URL
	case r.URL != "":
		return m.link(r.Text, r.URL)
	case !r.At.IsZero():
		return m.tag("tg-time", fmt.Sprintf(` unix="%d" format="wDt"`, r.At.Unix()), r.Text)
	case r.Bold:
		return m.tag("b", "", r.Text)
	case r.Italic:
		return m.tag("i", "", r.Text)
	}
	return m.text(r.Text)
}

func (m *markup) lines(ls []digest.Line) []string {
	var out []string
	for _, l := range ls {
		var line string
		for _, r := range l {
			line += m.run(r)
		}
		out = append(out, line)
	}
	return out
}

// times are the elements that show a moment in the reader's own clock.
var times = regexp.MustCompile(`</?tg-time[^>]*>`)

// withoutTimes is a text whose moments are plain words.
func withoutTimes(text, parseMode string) string {
	if parseMode != parseHTML {
		return text
	}
	return times.ReplaceAllString(text, "")
}
