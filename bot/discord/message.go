package discord

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"newsdigest/digest"
)

// Limits of a message (resources/message, "Create Message" and "Embed Limits").
// descriptionRoom and contentRoom are below Discord's 4096 and 2000: what is put in front
// of a repeat needs room as well, and a description over 3,800 is more than a digest
// should be.
const (
	descriptionRoom = 3800
	contentRoom     = 1900
	maxEmbedText    = 6000
	maxTitle        = 256
	maxFooter       = 2048
	maxPicture      = 2048
	maxNonce        = 25
)

// Message flags (resources/message, "Message Flags").
const (
	flagEphemeral = 1 << 6
	flagSilent    = 1 << 12
	flagPanel     = 1 << 15 // IS_COMPONENTS_V2; a message that has it keeps it
)

// message is the body of a message, of an edit, and of what answers an interaction.
// Absent and empty differ: an edit has to clear what was there before.
type message struct {
	Content         string      `json:"content"`
	Embeds          []embed     `json:"embeds"`
	Components      []component `json:"components"`
	Flags           int         `json:"flags,omitempty"`
	Nonce           string      `json:"nonce,omitempty"`
	EnforceNonce    bool        `json:"enforce_nonce,omitempty"`
	AllowedMentions mentions    `json:"allowed_mentions"`
	Reference       *reference  `json:"message_reference,omitempty"`
	Attachments     []upload    `json:"attachments"`
	file            *digest.File
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
	URL         string  `json:"url,omitempty"` // of others' messages
	Description string  `json:"description,omitempty"`
	Color       int     `json:"color,omitempty"`
	Timestamp   string  `json:"timestamp,omitempty"`
	Author      *author `json:"author,omitempty"`
	Footer      *footer `json:"footer,omitempty"`
	// Thumbnail is a picture beside the text. Discord fetches it, and shows none if that
	// fails.
	Thumbnail *media `json:"thumbnail,omitempty"`
}

type author struct {
	Name string `json:"name"`
}

type footer struct {
	Text string `json:"text"`
}

type media struct {
	URL string `json:"url"`
}

// MarshalJSON implements json.Marshaler: a panel has neither content nor embeds, and an
// edit that makes one takes them away.
func (m message) MarshalJSON() ([]byte, error) {
	type plain message
	if m.Flags&flagPanel == 0 {
		return json.Marshal(plain(m))
	}
	return json.Marshal(struct {
		plain
		Content *string `json:"content"`
		Embeds  []embed `json:"embeds"`
	}{plain: plain(m)})
}

func newMessage(content string, embeds ...embed) message {
	return message{Content: content, Embeds: append([]embed{}, embeds...), Components: []component{}, AllowedMentions: mentions{Parse: []string{}}, Attachments: []upload{}}
}

// fits tells whether Discord takes the message.
func (m message) fits() bool {
	if m.Flags&flagPanel != 0 {
		return m.panelFits()
	}
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

func isID(s string) bool {
	return s != "" && len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}

// timestamp is a moment on the reader's own clock, or how long ago it is (Discord, Message
// Formatting, Timestamp Styles).
func timestamp(r digest.Run) string {
	style := "F"
	if r.Ago {
		style = "R"
	}
	return fmt.Sprintf("<t:%d:%s>", r.At.Unix(), style)
}

func iso(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
