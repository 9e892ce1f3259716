package discord

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"

	"newsdigest/digest"
)

// units is a text's length as Discord's clients count it, in UTF-16 units: never less
// than what the server counts.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// escape makes plain text show as it is: no style, no link, no mention, no time stamp, no
// emoji code, no heading, no list. start says that it begins a line.
func escape(s string, start bool) string {
	var b strings.Builder
	rs := []rune(s)
	for i, r := range rs {
		switch {
		case r == '\n':
			b.WriteRune(r)
			start = true
			continue
		case strings.ContainsRune("\\*_~`|[]<>@", r), r == ':' && opensName(rs[i+1:]),
			start && strings.ContainsRune("#-+", r), r == '.' && endsNumber(rs[:i], rs[i+1:]):
			b.WriteRune('\\')
		}
		b.WriteRune(r)
		start = start && unicode.IsSpace(r)
	}
	return b.String()
}

// opensName tells whether a colon before this may begin an emoji code (":100:") or the
// slashes of an address. One before a number, as in a time of day, mostly does not.
func opensName(rest []rune) bool {
	if len(rest) == 0 || unicode.IsSpace(rest[0]) {
		return false
	}
	i := 0
	for i < len(rest) && unicode.IsDigit(rest[i]) {
		i++
	}
	return i == 0 || i < len(rest) && (rest[i] == ':' || rest[i] == '_' || unicode.IsLetter(rest[i]))
}

// endsNumber tells whether a dot after this and before that would make a numbered list.
func endsNumber(before, after []rune) bool {
	i := len(before)
	for i > 0 && unicode.IsDigit(before[i-1]) {
		i--
	}
	if i == len(before) || len(after) > 0 && !unicode.IsSpace(after[0]) {
		return false
	}
	for ; i > 0 && before[i-1] != '\n'; i-- {
		if !unicode.IsSpace(before[i-1]) {
			return false
		}
	}
	return true
}

// styled puts markers around a text, inside its outer spaces, where they would not work.
func styled(text, marker string) string {
	inner := strings.TrimSpace(text)
	if inner == "" {
		return text
	}
	from := strings.Index(text, inner)
	return text[:from] + marker + inner + marker + text[from+len(inner):]
}

// maxLinkURL is the longest address that is linked: a longer one would eat the message.
const maxLinkURL = 2000

// address makes a URL safe inside a link's parentheses; empty if it is not one to show.
func address(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(raw) > maxLinkURL {
		return ""
	}
	var b strings.Builder
	for _, c := range []byte(raw) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("()<>\"\\`|", c) >= 0 {
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// link is a masked link, or only its label where the address is none. In a message's own
// text the address stands in angle brackets, so that Discord shows no preview.
func (f form) link(label, raw string) string {
	to := address(raw)
	label = escape(label, false)
	switch {
	case to == "" || strings.TrimSpace(label) == "":
		return label
	case f == inContent:
		return "[" + label + "](<" + to + ">)"
	}
	return "[" + label + "](" + to + ")"
}

// form is where a text stands: rules differ a little.
type form int

const (
	inEmbed form = iota
	inContent
)

// line is a line of runs as markdown.
func (f form) line(l digest.Line) string {
	var b strings.Builder
	for _, r := range join(l) {
		text := escape(r.Text, b.Len() == 0)
		switch {
		case !r.At.IsZero():
			text = timestamp(r)
		case r.URL != "":
			text = f.link(r.Text, r.URL)
		}
		if r.Italic {
			text = styled(text, "*")
		}
		if r.Bold {
			text = styled(text, "**")
		}
		b.WriteString(text)
	}
	return b.String()
}

// join puts neighbors of the same style together: their markers would meet and cancel
// out.
func join(l digest.Line) digest.Line {
	var out digest.Line
	for _, r := range l {
		if n := len(out) - 1; n >= 0 && sameStyle(out[n], r) {
			out[n].Text += r.Text
			continue
		}
		out = append(out, r)
	}
	return out
}

func sameStyle(a, b digest.Run) bool {
	return a.Bold == b.Bold && a.Italic == b.Italic && a.URL == "" && b.URL == "" && a.At.IsZero() && b.At.IsZero()
}

// shorten cuts a text to at most n units at a word, with an ellipsis.
func shorten(s string, n int) string {
	if units(s) <= n {
		return s
	}
	room, end, word := n-1, 0, 0
	for i, r := range s {
		if room -= max(1, utf16.RuneLen(r)); room < 0 {
			break
		}
		if unicode.IsSpace(r) {
			word = i
		}
		end = i + len(string(r))
	}
	if word > end/2 {
		end = word
	}
	return strings.TrimRight(s[:end], " ,;:–-") + "…"
}
