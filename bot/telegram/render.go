package telegram

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
)

// post is a whole post: lead, head, stories and end, a blank line between them.
func (m *markup) post(p digest.Post) string {
	blocks := [][]string{m.lines(p.Lead)}
	var head []string
	if len(p.Title) > 0 {
		head = m.lines([]digest.Line{p.Title})
	}
	head = append(head, m.lines(p.Lines)...)
	for _, r := range p.Rows {
		head = append(head, m.lines([]digest.Line{r.Line})...)
	}
	blocks = append(blocks, head)
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

// story is a story's lines: headline, summary, what is folded away, outlets.
func (m *markup) story(p digest.Post, s digest.PostStory) []string {
	lines := []string{m.tag("b", "", headline(s))}
	if len(s.Summary) > 0 {
		text := m.text(digest.Prose(s.Summary))
		if s.Updated {
			text = m.tag("i", "", texts.Say(p.Language, texts.Updated)+":") + " " + text
		}
		lines = append(lines, text)
	}
	if more := m.folded(p, s); more != "" {
		lines = append(lines, more)
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

// folded is what a reader opens: where outlets differ, and further sentences. Its first
// lines are seen without opening it.
func (m *markup) folded(p digest.Post, s digest.PostStory) string {
	var lines []string
	if s.Differ != "" {
		lines = append(lines, m.tag("b", "", texts.Say(p.Language, texts.SourcesDiffer)+":")+" "+m.text(s.Differ))
	}
	if m.detail && len(s.Detail) > 0 {
		lines = append(lines, m.text(digest.Prose(s.Detail)))
	}
	return m.around("blockquote", " expandable", strings.Join(lines, "\n"))
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
	m := &markup{html: true, detail: true}
	text = m.post(p)
	return text, m.tags
}

func plain(p digest.Post, urls bool) string { return (&markup{urls: urls}).post(p) }

// shown is what Telegram sees of the rich form.
func shown(p digest.Post) string { return (&markup{detail: true}).post(p) }

// fits tells whether a post is one message.
func fits(p digest.Post) bool {
	if units(shown(p)) > maxText-repeatRoom {
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
	visible string // the text without its markup
	force   string // a ForceReply that takes the place of buttons
}

// fingerprint stands for what a message shows: its words and its buttons.
type fingerprint string

func fingerprintOf(text string, buttons [][]button) fingerprint {
	sum := sha256.Sum256([]byte(strings.TrimSpace(text) + encode(buttons)))
	return fingerprint(hex.EncodeToString(sum[:8]))
}

func (v variant) fingerprint() fingerprint { return fingerprintOf(v.visible, v.payload.Buttons) }

// variants are the forms of a post, the richest first. A post that is too long even after
// fit has no rich form: markup must not be cut. username is the bot's own.
func variants(p digest.Post, username string) []variant {
	buttons := keyboard(p, username)
	var out []variant
	add := func(kind, text, visible string, html bool) {
		if strings.TrimSpace(text) == "" {
			return
		}
		repeat := (&markup{html: html}).text(texts.Say(p.Language, texts.MayRepeat))
		out = append(out, variant{kind: kind, visible: visible, payload: payload{Text: text, HTML: html, Repeat: repeat, Buttons: buttons}})
	}
	if fits(p) {
		text, _ := rich(p)
		add(digest.Rich, text, shown(p), true)
	}
	text := plain(p, true)
	if units(text) > maxText-repeatRoom {
		text = plain(p, false)
	}
	text = clip(text)
	add(digest.PlainText, text, text, false)
	if len(p.Stories) > 0 {
		text = linksOnly(p)
		add(digest.LinksOnly, text, text, false)
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
