package telegram

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"newsdigest/bot"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// Limits of a message (Bot API, sendMessage; tdlib/telegram-bot-api, Client.cpp). Telegram
// counts characters after parsing; counting UTF-16 units, of which a character has one or
// two, is on the safe side.
const (
	maxText     = 4096
	repeatRoom  = 96       // of those, kept for the mark of a repeat
	maxSource   = 32 << 10 // bytes with markup
	maxEntities = 100      // Telegram drops more without a word
	maxButtons  = 100
	maxLabel    = 64 // characters; clients show fewer
	maxData     = 64 // bytes
)

// markup is how a message is written: as HTML or as plain text.
type markup struct {
	html bool
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
	s = m.text(s)
	if !m.html || s == "" {
		return s
	}
	m.tags++
	return "<" + name + attributes + ">" + s + "</" + name + ">"
}

func (m *markup) link(name, address string) string {
	if !webAddress(address) {
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

// post is a whole post: lead, head, stories and end, a blank line between them.
func (m *markup) post(p digest.Post) string {
	blocks := [][]string{m.lines(p.Lead)}
	var head []string
	if len(p.Title) > 0 {
		head = m.lines([]digest.Line{p.Title})
	}
	blocks = append(blocks, append(head, m.lines(p.Lines)...))
	for _, s := range p.Stories {
		blocks = append(blocks, m.story(p, s))
	}
	end := m.lines(p.End)
	if p.Note != "" {
		end = append(end, m.tag("i", "", p.Note))
	}
	var out []string
	for _, b := range append(blocks, end) {
		if len(b) > 0 {
			out = append(out, strings.Join(b, "\n"))
		}
	}
	return strings.Join(out, "\n\n")
}

// story is a story's lines: headline, summary, where outlets differ, outlets.
func (m *markup) story(p digest.Post, s digest.PostStory) []string {
	lines := []string{m.tag("b", "", headline(s))}
	if len(s.Summary) > 0 {
		text := m.text(strings.Join(s.Summary, " "))
		if s.Updated {
			text = m.tag("i", "", texts.Say(p.Language, texts.Updated)+":") + " " + text
		}
		lines = append(lines, text)
	}
	if s.Differ != "" {
		lines = append(lines, m.tag("b", "", texts.Say(p.Language, texts.SourcesDiffer)+":")+" "+m.text(s.Differ))
	}
	if len(s.Links) == 0 {
		return lines
	}
	lines = append(lines, m.outlets(p, s))
	if first := s.Links[0].URL; m.urls && webAddress(first) {
		lines = append(lines, first)
	}
	return lines
}

// outlets is the line that names who tells the story.
func (m *markup) outlets(p digest.Post, s digest.PostStory) string {
	links, more := p.Shown(s)
	var names []string
	for _, l := range links {
		name := m.link(l.Name, l.URL)
		if l.Paywall {
			name += " (" + m.text(texts.Say(p.Language, texts.Paywall)) + ")"
		}
		names = append(names, name)
	}
	if more > 0 {
		names = append(names, m.text(texts.Say(p.Language, texts.MoreLinks, texts.Args{"Count": more})))
	}
	line := strings.Join(names, " · ")
	if s.Single() {
		line = m.text(texts.Say(p.Language, texts.OneSource)) + ": " + line
	}
	return line
}

func headline(s digest.PostStory) string { return fmt.Sprintf("%d. %s", s.Number, s.Headline) }

// units is the length in UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

func rich(p digest.Post) (text string, tags int) {
	m := &markup{html: true}
	text = m.post(p)
	return text, m.tags
}

func plain(p digest.Post, urls bool) string {
	m := &markup{urls: urls}
	return m.post(p)
}

// fits tells whether a post is one message. Plain text is what Telegram sees of HTML.
func fits(p digest.Post) bool {
	if units(plain(p, false)) > maxText-repeatRoom {
		return false
	}
	text, tags := rich(p)
	return len(text) <= maxSource-repeatRoom && tags <= maxEntities
}

// fit makes messages of a post.
func fit(p digest.Post) []digest.Post { return bot.Fit(p, fits) }

// variant is a form of a message.
type variant struct {
	kind    string
	payload payload
	force   string // a ForceReply that takes the place of buttons
}

// variants are the forms of a post, the richest first. A post that is too long even after
// fit has no rich form: markup must not be cut.
func variants(p digest.Post) []variant {
	buttons := keyboard(p.Buttons)
	var out []variant
	add := func(kind, text string, html bool) {
		if strings.TrimSpace(text) == "" {
			return
		}
		repeat := (&markup{html: html}).text(texts.Say(p.Language, texts.MayRepeat))
		out = append(out, variant{kind: kind, payload: payload{Text: text, HTML: html, Repeat: repeat, Buttons: buttons}})
	}
	if fits(p) {
		text, _ := rich(p)
		add(digest.Rich, text, true)
	}
	text := plain(p, true)
	if units(text) > maxText-repeatRoom {
		text = plain(p, false)
	}
	add(digest.PlainText, clip(text), false)
	if len(p.Stories) > 0 {
		add(digest.LinksOnly, linksOnly(p), false)
	}
	return out
}

// linksOnly is what is left when everything else was refused: each headline with an
// address, as long as there is room for it.
func linksOnly(p digest.Post) string {
	m := &markup{}
	var text string
	for _, s := range p.Stories {
		text += m.text(headline(s)) + "\n"
		if len(s.Links) == 0 || !webAddress(s.Links[0].URL) {
			continue
		}
		if address := s.Links[0].URL; units(text)+units(address) <= maxText/2 {
			text += address + "\n"
		}
	}
	return clip(strings.TrimSpace(text))
}

// clip cuts plain text that is too long at a word.
func clip(s string) string {
	const most = maxText - repeatRoom - 1
	if units(s) <= most+1 {
		return s
	}
	n, end := 0, 0
	for i, r := range s {
		if n += units(string(r)); n > most {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	if space := strings.LastIndexAny(s[:end], " \n"); space > end/2 {
		end = space
	}
	return s[:end] + "…"
}

// keyboard is the inline keyboard of a post. What Telegram would refuse is left out, as
// it would take the message with it.
func keyboard(rows [][]digest.Button) [][]button {
	var out [][]button
	n := 0
	for _, row := range rows {
		var keys []button
		for _, b := range row {
			label := []rune(digest.Clean(b.Label))
			k := button{Text: string(label[:min(maxLabel, len(label))]), Data: b.Action}
			if b.URL != "" {
				k.Data, k.URL = "", b.URL
			}
			if k.Text == "" || len(k.Data) > maxData || k.Data == "" && !webAddress(k.URL) || n == maxButtons {
				continue
			}
			n++
			keys = append(keys, k)
		}
		if len(keys) > 0 {
			out = append(out, keys)
		}
	}
	return out
}
