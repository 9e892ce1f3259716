package discord

import (
	"strings"

	"newsdigest/digest"
)

// panelRoom is the most text of a panel, below Discord's 4,000 for all its texts.
const panelRoom = 3800

// panel is the post in Discord's second kind of message, which can put a button beside
// each line ("Components V2"). It has neither content nor embeds, so that a notification
// of it is empty: it is only for what somebody has just asked for.
func panel(p digest.Post) message {
	m := newMessage("")
	m.Flags = flagPanel
	mk := newMaker()
	m.text(append([]string{inContent.lines(p.Lead), styled(escape(p.Title.String(), true), "**"), inContent.lines(p.Lines)}, stories(p)...))
	for _, r := range p.Rows {
		m.row(mk, r)
	}
	foot := []string{inContent.lines(p.End), smallPrint(p.Note)}
	room := maxComponents - count(m.Components) - 2 // for the foot and a file
	for _, row := range mk.rows(p, maxRows) {
		if room -= count([]component{row}); room >= 0 {
			m.Components = append(m.Components, row)
		}
	}
	m.text(foot)
	return m.with(p.File)
}

// text adds paragraphs.
func (m *message) text(parts []string) {
	if s := paragraphs(parts, "\n"); s != "" {
		m.Components = append(m.Components, component{Type: typeText, Content: s})
	}
}

// row adds a line with its button.
func (m *message) row(mk maker, r digest.Row) {
	line := strings.TrimSpace(inContent.line(r.Line))
	if line == "" {
		return
	}
	text := component{Type: typeText, Content: line}
	if b, ok := mk.button(r.Button); ok {
		text = component{Type: typeSection, Components: []component{text}, Accessory: &b}
	}
	m.Components = append(m.Components, text)
}

// stories are a digest's stories, for a message that was a panel and stays one.
func stories(p digest.Post) []string {
	var out []string
	for _, s := range p.Stories {
		out = append(out, "\n"+inContent.story(p, s))
	}
	return out
}

func paragraphs(parts []string, gap string) string {
	var out []string
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Trim(strings.Join(out, gap), "\n")
}

func smallPrint(note string) string {
	if note = digest.CleanOwn(note); note == "" {
		return ""
	}
	return "-# " + escape(note, false)
}

// panelFits tells whether Discord takes the panel.
func (m message) panelFits() bool {
	return textOf(m.Components) <= panelRoom && count(m.Components) <= maxComponents
}

// textOf is how much text these components show.
func textOf(cs []component) int {
	n := 0
	for _, c := range cs {
		n += units(c.Content) + textOf(c.Components)
	}
	return n
}

// asLines is a post for a message that nobody asked for: rows are lines whose buttons go
// under the text, and no file comes along.
func asLines(p digest.Post) digest.Post {
	lines, buttons := p.Lines[:len(p.Lines):len(p.Lines)], []digest.Button{}
	for _, r := range p.Rows {
		lines, buttons = append(lines, r.Line), append(buttons, r.Button)
	}
	p.Lines, p.Rows, p.File = lines, nil, nil
	if len(buttons) > 0 {
		p.Buttons = append([][]digest.Button{buttons}, p.Buttons...)
	}
	return p
}
