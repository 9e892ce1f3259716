package console

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"newsdigest/bot"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// Style is how posts look.
type Style struct {
	// Width is how many columns prose is wrapped to; 0 does not wrap.
	Width int
	// Color allows bold type. It never carries meaning.
	Color bool
	// Story says how to see all sources of the story with this number; nil if there is no
	// way. More says how to see the next page.
	Story func(number int) string
	More  func(page int) string
}

// maxWidth is the widest that prose is wrapped to.
const maxWidth = 80

// Fit is the width to wrap to in a window of so many columns.
func Fit(columns int) int { return min(columns, maxWidth) }

const indent = "    "

// Render is a post as text, with a line break at its end.
func (s Style) Render(p digest.Post) string { return s.post(p, &chooser{}) }

// screen is a post with what can be chosen under it.
func (s Style) screen(p digest.Post) (string, []choice) {
	var ch chooser
	text := s.post(p, &ch)
	return text + s.menus(p, &ch) + s.buttons(p, &ch), ch.choices
}

func (s Style) post(p digest.Post, ch *chooser) string {
	var b strings.Builder
	line := func(l string) { b.WriteString(l + "\n") }
	for _, l := range p.Lead {
		line(s.wrap(l.String(), ""))
	}
	if len(p.Title) > 0 {
		line(s.wrap(s.styled(p.Title), ""))
	}
	for _, l := range p.Lines {
		line(s.wrap(s.styled(l), ""))
	}
	for _, row := range p.Rows {
		line(s.wrap(s.styled(row.Line)+s.beside(row, ch), ""))
	}
	for _, st := range p.Stories {
		line("")
		b.WriteString(s.story(p, st))
	}
	if len(p.Stories) > 0 {
		line("")
	}
	for _, l := range s.end(p) {
		line(s.wrap(l, ""))
	}
	if p.Note != "" {
		line(s.wrap(p.Note, ""))
	}
	if p.File != nil {
		line("")
		line(p.File.Name + ":")
		line(strings.TrimRight(string(p.File.Body), "\n"))
	}
	return b.String()
}

// end are the lines under the stories; the first tells how to see the next page.
func (s Style) end(p digest.Post) []string {
	var out []string
	for _, l := range p.End {
		out = append(out, s.styled(l))
	}
	if s.More != nil && p.Page < p.Pages {
		out = append(out, s.More(p.Page+1))
	}
	return out
}

// uncapitalized is text without the capital that it begins with; German nouns keep theirs.
func uncapitalized(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(first)) + text[n:]
}

func (s Style) story(p digest.Post, st digest.PostStory) string {
	var b strings.Builder
	label := ""
	if st.Single() {
		label = uncapitalized(texts.Say(p.Language, texts.OneSource))
	}
	b.WriteString(s.headline(st, label) + "\n")
	if len(st.Summary) > 0 {
		text := digest.Prose(st.Summary)
		if st.Updated {
			text = texts.Say(p.Language, texts.Updated) + ": " + text
		}
		b.WriteString(s.wrap(text, indent) + "\n")
	}
	if st.Differ != "" {
		b.WriteString(s.wrap(texts.Say(p.Language, texts.SourcesDiffer)+": "+st.Differ, indent) + "\n")
	}
	for _, l := range s.links(p.Language, st) {
		b.WriteString(s.wrap(l, indent) + "\n")
	}
	return b.String()
}

// headline is the numbered headline, its label at the right edge where there is one.
func (s Style) headline(st digest.PostStory, label string) string {
	number := fmt.Sprintf("%2d  ", st.Number)
	lines := strings.Split(s.wrap(st.Headline, indent), "\n")
	lines[0] = number + strings.TrimPrefix(lines[0], indent)
	last := &lines[len(lines)-1]
	pad := s.Width - columns(*last) - columns(label)
	switch {
	case label == "":
	case s.Width == 0:
		*last += " (" + label + ")"
	case pad >= 2:
		*last += strings.Repeat(" ", pad) + label
	default:
		lines = append(lines, strings.Repeat(" ", s.Width-columns(label))+label)
	}
	if s.Color {
		lines[0] = number + bold(strings.TrimPrefix(lines[0], number))
	}
	return strings.Join(lines, "\n")
}

// links are the first outlet that can be read freely with its address, and the names of
// the others.
func (s Style) links(lang string, st digest.PostStory) []string {
	if len(st.Links) == 0 {
		return nil
	}
	first := 0
	for i, l := range st.Links {
		if !l.Paywall && l.URL != "" {
			first = i
			break
		}
	}
	out := []string{s.name(lang, st.Links[first]) + "   " + st.Links[first].URL}
	var others []string
	for i, l := range st.Links {
		if i != first {
			others = append(others, s.name(lang, l))
		}
	}
	if len(others) == 0 {
		return out
	}
	shown := min(len(others), digest.LinksShown-1)
	also := texts.List(lang, others[:shown], len(others)-shown)
	if s.Story != nil {
		also += ": " + s.Story(st.Number)
	}
	return append(out, also)
}

func (s Style) name(lang string, l digest.Link) string {
	if l.Paywall {
		return l.Name + " (" + texts.Say(lang, texts.Paywall) + ")"
	}
	return l.Name
}

// Sources is the card of one story: its headline and all outlets with their addresses.
func (s Style) Sources(e digest.Edition, number int) string {
	st := e.Stories[number-1]
	var b strings.Builder
	b.WriteString(s.headline(digest.PostStory{Number: number, Headline: st.Headline}, "") + "\n")
	for _, sentence := range st.Summary {
		b.WriteString(s.wrap(digest.Clean(sentence.Text), indent) + "\n")
	}
	if differ := bot.Differ(e.Language, st); differ != "" {
		b.WriteString(s.wrap(texts.Say(e.Language, texts.SourcesDiffer)+": "+differ, indent) + "\n")
	}
	for _, m := range st.Members {
		b.WriteString(indent + digest.Clean(m.Outlet) + ": " + digest.Clean(m.Title) + "\n" + indent + "  " + m.Link + "\n")
	}
	return b.String()
}

// styled is a line with its bold runs and its addresses. An address follows its text, the
// only one of a line the whole line: nothing stuck to its end belongs to it.
func (s Style) styled(l digest.Line) string {
	var b strings.Builder
	var only string
	if i := slices.IndexFunc(l, linked); i >= 0 && !slices.ContainsFunc(l[i+1:], linked) {
		l = slices.Clone(l)
		only, l[i].URL = "   "+l[i].URL, ""
	}
	for _, r := range l {
		text := r.Text
		if r.Bold && s.Color {
			text = bold(text)
		}
		b.WriteString(text)
		if r.URL != "" {
			b.WriteString("   " + r.URL)
		}
	}
	return b.String() + only
}

func linked(r digest.Run) bool { return r.URL != "" }

func bold(s string) string { return "\x1b[1m" + s + "\x1b[0m" }

// wrap breaks text at spaces so that no line is wider than the style allows, except for a
// single word. Every line starts with prefix.
func (s Style) wrap(text, prefix string) string {
	if s.Width == 0 || columns(prefix+text) <= s.Width {
		return prefix + text
	}
	var lines []string
	line := prefix
	for _, w := range strings.Fields(text) {
		switch {
		case line == prefix:
			line += w
		case columns(line)+1+columns(w) <= s.Width:
			line += " " + w
		default:
			lines = append(lines, line)
			line = prefix + w
		}
	}
	return strings.Join(append(lines, line), "\n")
}

// columns is how wide a text is on a terminal: East Asian wide characters take two
// columns, control sequences and isolates none.
func columns(s string) int {
	n, escape := 0, false
	for _, r := range s {
		switch {
		case r == '\x1b':
			escape = true
		case escape:
			escape = r != 'm'
		case r == digest.Isolate || r == digest.EndIsolate:
		case width.LookupRune(r).Kind() == width.EastAsianWide || width.LookupRune(r).Kind() == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
