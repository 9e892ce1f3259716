package console

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"newsdigest/digest"
)

// choice is something that can be chosen by its number.
type choice struct {
	Number int    `json:"number"`
	Label  string `json:"label"`
	Action string `json:"action"`
	// Values and Toggled are those of a menu's press.
	Values  []string `json:"values,omitempty"`
	Toggled bool     `json:"toggled,omitempty"`
}

// chooser numbers what can be chosen.
type chooser struct{ choices []choice }

// add numbers a choice and is how it is offered: "[3] Undo".
func (c *chooser) add(ch choice) string {
	ch.Number = len(c.choices) + 1
	c.choices = append(c.choices, ch)
	return "[" + strconv.Itoa(ch.Number) + "] " + ch.Label
}

// button offers a button; a link is its label and its address. A link to the bot itself
// leads nowhere from here.
func (c *chooser) button(b digest.Button) string {
	switch {
	case b.URL != "":
		return b.Label + " " + b.URL
	case b.Action != "":
		return c.add(choice{Label: b.Label, Action: b.Action})
	}
	return ""
}

// beside is a row's button, after its line.
func (s Style) beside(r digest.Row, ch *chooser) string {
	if offer := ch.button(r.Button); offer != "" {
		return "   " + offer
	}
	return ""
}

// chosenMark stands before the label of an option that is chosen.
const chosenMark = "✓ "

// menuName is what stands before the options of a menu: nothing if the line above it says
// the same.
func menuName(p digest.Post, m digest.Menu) string {
	switch last := len(p.Lines) - 1; {
	case m.Placeholder == "" || last >= 0 && p.Lines[last].String() == m.Placeholder:
		return ""
	case strings.ContainsRune("?？؟", lastRune(m.Placeholder)):
		return m.Placeholder
	}
	return m.Placeholder + ":"
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// menus are the options of the menus, each menu on lines of its own.
func (s Style) menus(p digest.Post, ch *chooser) string {
	var b strings.Builder
	for _, m := range p.Menus {
		if m.Channels {
			continue // a terminal has none
		}
		var offers []string
		if name := menuName(p, m); name != "" && len(m.Options) > 0 {
			offers = append(offers, name)
		}
		for _, o := range m.Options {
			c := choice{Label: o.Label, Action: m.Action, Values: []string{o.Value}, Toggled: m.Many}
			if o.Chosen {
				c.Label = chosenMark + c.Label
			}
			offers = append(offers, ch.add(c))
		}
		b.WriteString(s.row(offers))
	}
	return b.String()
}

// buttons are the buttons under a post, on one line if they fit.
func (s Style) buttons(p digest.Post, ch *chooser) string {
	var offers []string
	for _, row := range p.Buttons {
		for _, b := range row {
			if offer := ch.button(b); offer != "" {
				offers = append(offers, offer)
			}
		}
	}
	return s.row(offers)
}

// row puts offers on lines, two spaces apart; none is broken.
func (s Style) row(offers []string) string {
	var lines []string
	for _, o := range offers {
		last := len(lines) - 1
		if last < 0 || s.Width > 0 && columns(lines[last])+2+columns(o) > s.Width {
			lines = append(lines, o)
			continue
		}
		lines[last] += "  " + o
	}
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}
