package fakediscord

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Limits of components (components/reference).
const (
	maxRows        = 5
	maxInRow       = 5
	maxComponents  = 40
	maxText        = 4000
	maxInSection   = 3
	maxCustomID    = 100
	maxLabel       = 80
	maxLinkURL     = 512
	maxOptions     = 25
	maxOption      = 100
	maxPlaceholder = 150
)

// Component types (components/reference).
const (
	typeRow           = 1
	typeButton        = 2
	typeSelect        = 3
	typeChannelSelect = 8
	typeSection       = 9
	typeText          = 10
	typeThumbnail     = 11
	typeFile          = 13
	typeSeparator     = 14
	typeContainer     = 17
)

// Component is a part of a message: something to press, something to read, or what holds
// others.
type Component struct {
	Type         int                   `json:"type"`
	Style        int                   `json:"style"`
	Label        string                `json:"label"`
	CustomID     string                `json:"custom_id"`
	URL          string                `json:"url"`
	Disabled     bool                  `json:"disabled"`
	Content      string                `json:"content"`
	Placeholder  string                `json:"placeholder"`
	Options      []SelectOption        `json:"options"`
	MinValues    *int                  `json:"min_values"`
	MaxValues    *int                  `json:"max_values"`
	ChannelTypes []int                 `json:"channel_types"`
	Components   []Component           `json:"components"`
	Accessory    *Component            `json:"accessory"`
	File         *struct{ URL string } `json:"file"`
}

// SelectOption is one of the choices of a select.
type SelectOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description"`
	Default     bool   `json:"default"`
}

// within gives a component and all those inside it.
func (c Component) within() []Component {
	out := []Component{c}
	for _, in := range c.Components {
		out = append(out, in.within()...)
	}
	if c.Accessory != nil {
		out = append(out, c.Accessory.within()...)
	}
	return out
}

// pressable tells whether a person can do something with it.
func (c Component) pressable() bool { return c.Type == typeButton || c.choosable() }

func (c Component) choosable() bool { return c.Type == typeSelect || c.Type >= 5 && c.Type <= 8 }

// picks are how few and how many of a select's options are chosen.
func (c Component) picks() (least, most int) {
	least, most = 1, 1
	if c.MinValues != nil {
		least = *c.MinValues
	}
	if c.MaxValues != nil {
		most = *c.MaxValues
	}
	return least, most
}

// read decodes components; problems names those that are none.
func read(raws []json.RawMessage) (out []Component, problems []string) {
	for _, raw := range raws {
		var c Component
		if err := json.Unmarshal(raw, &c); err != nil {
			problems = append(problems, "components: "+err.Error())
			continue
		}
		out = append(out, c)
	}
	return out, problems
}

// rowProblems are what is wrong with the components of a message without
// IS_COMPONENTS_V2.
func rowProblems(raws []json.RawMessage) []string {
	rows, out := read(raws)
	over(&out)("components", len(rows), maxRows)
	seen := map[string]bool{}
	for _, row := range rows {
		if row.Type != typeRow {
			out = append(out, fmt.Sprintf("components: type %d needs IS_COMPONENTS_V2", row.Type))
			continue
		}
		out = append(out, row.problems(seen)...)
	}
	return out
}

// layoutProblems are what is wrong with the components of a message with
// IS_COMPONENTS_V2.
func layoutProblems(raws []json.RawMessage, files []File) []string {
	top, out := read(raws)
	seen, n, text := map[string]bool{}, 0, 0
	for _, c := range top {
		out = append(out, c.problems(seen)...)
		for _, in := range c.within() {
			n++
			text += length(in.Content)
			if in.Type == typeFile && (in.File == nil || !slices.ContainsFunc(files, func(f File) bool { return "attachment://"+f.Name == in.File.URL })) {
				out = append(out, "file: shows none that comes with the message")
			}
		}
	}
	note := over(&out)
	note("components", n, maxComponents)
	note("text of all components", text, maxText)
	return out
}

// problems are what is wrong with a component that stands alone, and those in it.
func (c Component) problems(seen map[string]bool) []string {
	var out []string
	switch c.Type {
	case typeRow:
		if n := len(c.Components); n < 1 || n > maxInRow {
			out = append(out, fmt.Sprintf("components: a row has 1 to %d, not %d", maxInRow, n))
		}
		for _, in := range c.Components {
			out = append(out, in.pressProblems(seen)...)
			if in.Type != typeButton && len(c.Components) > 1 {
				out = append(out, "components: a select stands alone in its row")
			}
		}
	case typeSection:
		if n := len(c.Components); n < 1 || n > maxInSection || slices.ContainsFunc(c.Components, func(in Component) bool { return in.Type != typeText }) {
			out = append(out, "section: 1 to 3 texts")
		}
		switch a := c.Accessory; {
		case a == nil || a.Type != typeButton && a.Type != typeThumbnail:
			out = append(out, "section: needs a button or a thumbnail")
		case a.Type == typeButton:
			out = append(out, a.pressProblems(seen)...)
		}
	case typeText:
		if n := length(c.Content); n < 1 || n > maxText {
			out = append(out, fmt.Sprintf("text: 1 to %d characters, not %d", maxText, n))
		}
	case typeContainer:
		for _, in := range c.Components {
			out = append(out, in.problems(seen)...)
		}
	case typeFile, typeSeparator:
	default:
		out = append(out, fmt.Sprintf("components: type %d is not allowed here", c.Type))
	}
	return out
}

// pressProblems are what is wrong with a button or a select.
func (c Component) pressProblems(seen map[string]bool) []string {
	var out []string
	note := over(&out)
	note("label", length(c.Label), maxLabel)
	switch {
	case c.Type == typeButton && c.Style == 5:
		u, err := url.Parse(c.URL)
		if err != nil || u.Host == "" && u.Scheme != "discord" || c.CustomID != "" || len(c.URL) > maxLinkURL {
			out = append(out, "button: a link has a url and no custom_id")
		}
	case c.pressable():
		if n := length(c.CustomID); n < 1 || n > maxCustomID || seen[c.CustomID] {
			out = append(out, fmt.Sprintf("custom_id: %q is empty, too long or there twice", c.CustomID))
		}
		seen[c.CustomID] = true
	default:
		out = append(out, fmt.Sprintf("components: type %d is not allowed here", c.Type))
	}
	if c.Type == typeButton && (c.Style < 1 || c.Style > 5 || c.Label == "") {
		out = append(out, "button: style or label missing")
	}
	if c.choosable() {
		out = append(out, c.selectProblems()...)
	}
	return out
}

func (c Component) selectProblems() []string {
	var out []string
	note := over(&out)
	note("placeholder", length(c.Placeholder), maxPlaceholder)
	least, most := c.picks()
	if least < 0 || most < 1 || least > most || most > maxOptions || c.Type == typeSelect && most > len(c.Options) {
		out = append(out, fmt.Sprintf("select: %d to %d of %d options", least, most, len(c.Options)))
	}
	if c.Type != typeSelect {
		return out
	}
	if len(c.Options) < 1 || len(c.Options) > maxOptions {
		out = append(out, "select: 1 to 25 options")
	}
	values, chosen := map[string]bool{}, 0
	for _, o := range c.Options {
		note("option label", length(o.Label), maxOption)
		note("option value", length(o.Value), maxOption)
		note("option description", length(o.Description), maxOption)
		if strings.TrimSpace(o.Label) == "" || o.Value == "" || values[o.Value] {
			out = append(out, fmt.Sprintf("option %q: label and value are required and not there twice", o.Value))
		}
		values[o.Value] = true
		if o.Default {
			chosen++
		}
	}
	note("default options", chosen, most)
	return out
}
