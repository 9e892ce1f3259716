package discord

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
)

// Kinds of message that people write (resources/message, "Message Types").
const (
	messageText  = 0
	messageReply = 19
)

// heard is what is read of a message: of a MESSAGE_CREATE, of the message that it replies
// to, and of the one that a command of the message menu was used on.
type heard struct {
	ID         string       `json:"id"`
	ChannelID  string       `json:"channel_id"`
	GuildID    string       `json:"guild_id"`
	Type       int          `json:"type"`
	Content    string       `json:"content"`
	Author     user         `json:"author"`
	WebhookID  string       `json:"webhook_id"`
	Embeds     []embed      `json:"embeds"`
	Components []component  `json:"components"`
	Files      []attachment `json:"attachments"`
	Referenced *heard       `json:"referenced_message"`
	// Forwarded are the messages that this one passes on.
	Forwarded []struct {
		Message heard `json:"message"`
	} `json:"message_snapshots"`
}

type attachment struct {
	Name string `json:"filename"`
	Size int    `json:"size"`
	URL  string `json:"url"`
}

// request is a direct message in the bot's words; ok is false for those that are nobody's.
// me is the bot's own user.
func (m heard) request(now time.Time, me string) (r bot.Request, ok bool) {
	if m.GuildID != "" || m.Author.Bot || m.WebhookID != "" || m.Type != messageText && m.Type != messageReply ||
		m.Content == "" && len(m.Files) == 0 {
		return r, false
	}
	at := digest.Address{Platform: digest.Discord, User: m.Author.ID, Channel: m.ChannelID}
	r = bot.Request{
		ID: m.ID, Platform: digest.Discord, Kind: bot.Text, Chat: at, Place: at, Private: true,
		User: m.Author.ID, At: now, Text: m.Content,
	}
	n := native{Message: m.ID}
	if f, ok := m.document(); ok {
		r.File, n.File = &bot.File{Name: digest.Clean(f.Name), Size: f.Size}, f.URL
	}
	if to := m.Referenced; to != nil {
		r.Quoted = to.quoted()
		if to.Author.ID == me {
			r.Under = actions(to.Components)
		}
	}
	r.Native, _ = json.Marshal(n) // strings, numbers and booleans: cannot fail
	return r, true
}

// document is the file of a message that is most likely meant: a list of feeds, or else
// the first.
func (m heard) document() (attachment, bool) {
	if len(m.Files) == 0 {
		return attachment{}, false
	}
	i := slices.IndexFunc(m.Files, func(a attachment) bool {
		ext := strings.ToLower(path.Ext(a.Name))
		return ext == ".opml" || ext == ".xml"
	})
	return m.Files[max(0, i)], true
}

// quoted is a message's text with the addresses that it shows.
func (m heard) quoted() string {
	parts := []string{m.Content}
	for _, e := range m.Embeds {
		parts = append(parts, e.Title, e.URL, e.Description)
	}
	parts = append(parts, said(m.Components)...)
	for _, f := range m.Forwarded {
		parts = append(parts, f.Message.quoted())
	}
	return paragraphs(parts, "\n")
}

// said are the texts of components and the addresses of their buttons.
func said(cs []component) []string {
	var out []string
	for _, c := range cs {
		out = append(append(out, c.Content, c.URL), said(c.Components)...)
	}
	return out
}

// actions are the custom ids of components.
func actions(cs []component) []string {
	var out []string
	for _, c := range cs {
		if c.CustomID != "" {
			out = append(out, c.CustomID)
		}
		out = append(out, actions(c.Components)...)
		if c.Accessory != nil {
			out = append(out, actions([]component{*c.Accessory})...)
		}
	}
	return out
}
