package discord

import (
	"newsdigest/digest"
)

// Limits of components (components/reference). A message without flagPanel has five rows;
// one with it has 40 components, those inside others counted too.
const (
	maxRows        = 5
	maxInRow       = 5
	maxComponents  = 40
	maxLabel       = 80
	maxButtonURL   = 512
	maxCustomID    = 100
	maxOption      = 100 // label, value and description of a menu's option
	maxPlaceholder = 150 // of a menu
	maxInput       = 4000
)

// Component types and styles of buttons and text inputs (components/reference).
const (
	typeRow         = 1
	typeButton      = 2
	typeMenu        = 3
	typeTextInput   = 4
	typeChannelMenu = 8
	typeSection     = 9
	typeText        = 10
	typeFile        = 13
	typeLabel       = 18
	styleGray       = 2
	styleLink       = 5
	styleShort      = 1
	styleLong       = 2
)

// component is what a message or a form is put together from: a row, a button, a menu, a
// text, a section, a text input and its label.
type component struct {
	Type        int      `json:"type"`
	Style       int      `json:"style,omitempty"`
	Label       string   `json:"label,omitempty"`
	CustomID    string   `json:"custom_id,omitempty"`
	URL         string   `json:"url,omitempty"`
	Content     string   `json:"content,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	Value       string   `json:"value,omitempty"`
	MaxLength   int      `json:"max_length,omitempty"`
	Required    *bool    `json:"required,omitempty"`
	Options     []choice `json:"options,omitempty"`
	MinValues   *int     `json:"min_values,omitempty"` // none counts as 1
	MaxValues   int      `json:"max_values,omitempty"`
	Defaults    []preset `json:"default_values,omitempty"`
	Channels    []int    `json:"channel_types,omitempty"`
	// Components are what a row or a section holds, Component what a label does, Accessory
	// the button beside a section's text.
	Components []component `json:"components,omitempty"`
	Component  *component  `json:"component,omitempty"`
	Accessory  *component  `json:"accessory,omitempty"`
	File       *media      `json:"file,omitempty"` // what a file shows
}

// choice is an option of a menu.
type choice struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// preset is the channel that stands in a menu of channels at first.
type preset struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// count is how many components these are, those inside counted too.
func count(cs []component) int {
	n := len(cs)
	for _, c := range cs {
		n += count(c.Components)
		if c.Accessory != nil {
			n++
		}
	}
	return n
}

// maker makes the components of one message, in which no custom id may be there twice.
type maker struct{ seen map[string]bool }

func newMaker() maker { return maker{seen: map[string]bool{}} }

// fresh tells whether a component may be shown that comes back, or leads, to this.
func (m maker) fresh(id string) bool {
	if m.seen[id] {
		return false
	}
	m.seen[id] = true
	return true
}

// rows puts menus and buttons into at most room rows: menus first, buttons as they are
// given, or closer together if there are too many; what cannot be shown is left out.
func (m maker) rows(p digest.Post, room int) []component {
	out := []component{}
	forMenus := room
	if len(p.Buttons) > 0 {
		forMenus--
	}
	for _, menu := range p.Menus {
		if c, ok := m.menu(menu); ok && len(out) < forMenus {
			out = append(out, component{Type: typeRow, Components: []component{c}})
		}
	}
	return append(out, m.buttons(p.Buttons, room-len(out))...)
}

func (m maker) buttons(lines [][]digest.Button, room int) []component {
	var out, all []component
	for _, line := range lines {
		var cs []component
		for _, b := range line {
			if c, ok := m.button(b); ok {
				cs = append(cs, c)
			}
		}
		all = append(all, cs...)
		out = append(out, inRows(cs)...)
	}
	if len(out) > room {
		out = inRows(all[:min(len(all), room*maxInRow)])
	}
	return out
}

func inRows(cs []component) []component {
	var out []component
	for from := 0; from < len(cs); from += maxInRow {
		out = append(out, component{Type: typeRow, Components: cs[from:min(len(cs), from+maxInRow)]})
	}
	return out
}

// button is a button; ok is false for one that cannot be shown. Discord has no link that
// opens direct messages with a bot and says something there.
func (m maker) button(b digest.Button) (c component, ok bool) {
	c = component{Type: typeButton, Style: styleGray, Label: shorten(digest.CleanOwn(b.Label), maxLabel), CustomID: b.Action}
	if c.Label == "" || b.Start != "" {
		return c, false
	}
	if b.URL != "" {
		c.Style, c.CustomID, c.URL = styleLink, "", address(b.URL)
		return c, c.URL != "" && len(c.URL) <= maxButtonURL && m.fresh(c.URL)
	}
	return c, c.CustomID != "" && len(c.CustomID) <= maxCustomID && m.fresh(c.CustomID)
}

// menu is a menu; ok is false for one that cannot be shown.
func (m maker) menu(of digest.Menu) (c component, ok bool) {
	c = component{Type: typeMenu, CustomID: of.Action, Placeholder: shorten(digest.CleanOwn(of.Placeholder), maxPlaceholder)}
	if of.Channels {
		c.Type, c.Channels, c.Defaults = typeChannelMenu, postable, presets(of.Options)
	} else {
		c.Options = choices(of)
	}
	if of.Many && !of.Channels {
		c.MinValues, c.MaxValues = new(int), len(c.Options)
	}
	return c, len(c.Options)+len(c.Channels) > 0 && len(c.CustomID) <= maxCustomID && c.CustomID != "" && m.fresh(c.CustomID)
}

func presets(options []digest.Option) []preset {
	if len(options) == 0 || !isID(options[0].Value) {
		return nil
	}
	return []preset{{ID: options[0].Value, Type: "channel"}}
}

// choices are a menu's options, as many as Discord takes, each once.
func choices(of digest.Menu) []choice {
	var out []choice
	values, chosen := map[string]bool{}, false
	for _, o := range of.Options {
		label := shorten(digest.CleanOwn(o.Label), maxOption)
		if label == "" || o.Value == "" || len(o.Value) > maxOption || values[o.Value] || len(out) == digest.MaxOptions {
			continue
		}
		values[o.Value] = true
		out = append(out, choice{Label: label, Value: o.Value,
			Description: shorten(digest.CleanOwn(o.Detail), maxOption), Default: o.Chosen && (of.Many || !chosen)})
		chosen = chosen || o.Chosen
	}
	return out
}
