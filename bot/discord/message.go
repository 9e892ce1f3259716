package discord

import (
	"fmt"
	"strings"
	"time"

	"newsdigest/digest"
)

// Limits of a message (resources/message, "Create Message" and "Embed Limits";
// components/reference). descriptionRoom and contentRoom are below Discord's 4096 and
// 2000: what is put in front of a repeat needs room as well, and a description over 3,800
// is more than a digest should be.
const (
	descriptionRoom = 3800
	contentRoom     = 1900
	maxEmbedText    = 6000
	maxTitle        = 256
	maxFooter       = 2048
	maxRows         = 5
	maxInRow        = 5
	maxLabel        = 80
	maxButtonURL    = 512
	maxNonce        = 25
	maxInput        = 4000
)

// Message flags (resources/message, "Message Flags").
const (
	flagEphemeral = 1 << 6
	flagSilent    = 1 << 12
)

// message is the body of a message, of an edit, and of what answers an interaction.
// Absent and empty differ: an edit has to clear what was there before.
type message struct {
	Content         string     `json:"content"`
	Embeds          []embed    `json:"embeds"`
	Components      []row      `json:"components"`
	Flags           int        `json:"flags,omitempty"`
	Nonce           string     `json:"nonce,omitempty"`
	EnforceNonce    bool       `json:"enforce_nonce,omitempty"`
	AllowedMentions mentions   `json:"allowed_mentions"`
	Reference       *reference `json:"message_reference,omitempty"`
}

// mentions is who may be pinged: with an empty list, nobody. Discord's default is
// everybody.
type mentions struct {
	Parse []string `json:"parse"`
}

type reference struct {
	MessageID       string `json:"message_id"`
	FailIfNotExists bool   `json:"fail_if_not_exists"`
}

type embed struct {
	Title       string  `json:"title,omitempty"`
	Description string  `json:"description,omitempty"`
	Color       int     `json:"color,omitempty"`
	Timestamp   string  `json:"timestamp,omitempty"`
	Author      *author `json:"author,omitempty"`
	Footer      *footer `json:"footer,omitempty"`
}

type author struct {
	Name string `json:"name"`
}

type footer struct {
	Text string `json:"text"`
}

// Component types and button styles (components/reference).
const (
	typeRow       = 1
	typeButton    = 2
	typeTextInput = 4
	styleGray     = 2
	styleLink     = 5
	styleShort    = 1
)

type row struct {
	Type       int         `json:"type"`
	Components []component `json:"components"`
}

// component is a button or a text input.
type component struct {
	Type        int    `json:"type"`
	Style       int    `json:"style"`
	Label       string `json:"label"`
	CustomID    string `json:"custom_id,omitempty"`
	URL         string `json:"url,omitempty"`
	Placeholder string `json:"placeholder,omitempty"`
	MaxLength   int    `json:"max_length,omitempty"`
}

func newMessage(content string, embeds ...embed) message {
	return message{Content: content, Embeds: append([]embed{}, embeds...), Components: []row{}, AllowedMentions: mentions{Parse: []string{}}}
}

// fits tells whether Discord takes the message.
func (m message) fits() bool {
	total := 0
	for _, e := range m.Embeds {
		n := units(e.Description)
		if n > descriptionRoom || units(e.Title) > maxTitle {
			return false
		}
		total += n + units(e.Title)
		if e.Footer != nil {
			total += units(e.Footer.Text)
		}
		if e.Author != nil {
			total += units(e.Author.Name)
		}
	}
	return units(m.Content) <= contentRoom && total <= maxEmbedText
}

// rows puts buttons into rows as they are given, or closer together if there are too
// many; what cannot be shown is left out.
func rows(buttons [][]digest.Button) []row {
	out, all := []row{}, []component{}
	seen := map[string]bool{}
	for _, line := range buttons {
		var cs []component
		for _, b := range line {
			if c, ok := button(b); ok && !seen[c.CustomID+c.URL] {
				seen[c.CustomID+c.URL] = true
				cs = append(cs, c)
			}
		}
		all = append(all, cs...)
		out = append(out, inRows(cs)...)
	}
	if len(out) > maxRows {
		out = inRows(all[:min(len(all), maxRows*maxInRow)])
	}
	return out
}

func inRows(cs []component) []row {
	var out []row
	for from := 0; from < len(cs); from += maxInRow {
		out = append(out, row{Type: typeRow, Components: cs[from:min(len(cs), from+maxInRow)]})
	}
	return out
}

func button(b digest.Button) (component, bool) {
	c := component{Type: typeButton, Style: styleGray, Label: shorten(digest.Clean(b.Label), maxLabel), CustomID: b.Action}
	if b.URL != "" {
		c.Style, c.CustomID, c.URL = styleLink, "", address(b.URL)
		return c, c.URL != "" && len(c.URL) <= maxButtonURL && c.Label != ""
	}
	return c, c.CustomID != "" && len(c.CustomID) <= digest.MaxAction && c.Label != ""
}

func isID(s string) bool {
	return s != "" && len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}

func timestamp(r digest.Run) string { return fmt.Sprintf("<t:%d:F>", r.At.Unix()) }

func iso(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
