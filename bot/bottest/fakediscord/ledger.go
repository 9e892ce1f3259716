package fakediscord

import (
	"encoding/json"
	"slices"
	"time"
)

// Call is one REST call as it arrived.
type Call struct {
	// Route is method and path with names in place of ids:
	// "POST /channels/{channel}/messages".
	Route  string
	Path   string
	Body   []byte
	Status int // as answered; 0 while it is being handled, or when nothing was answered
	// Refused is what was answered to a call that broke a rule.
	Refused string
	At      time.Time
}

// Message is a message as a reader sees it now.
type Message struct {
	ID, Channel string
	Body
	At        time.Time
	Ephemeral bool
	Loading   bool // "is thinking"
	Deleted   bool
	Edits     int
	// Reply is the message that this one replies to, empty if none.
	Reply  string
	author json.RawMessage // nil: the bot
	// interaction is what it is a follow-up of.
	interaction *Interaction
}

// Body is what a bot sends for a message.
type Body struct {
	Content         string            `json:"content"`
	Embeds          []Embed           `json:"embeds"`
	Components      []json.RawMessage `json:"components"`
	Flags           int               `json:"flags"`
	Nonce           any               `json:"nonce"`
	EnforceNonce    bool              `json:"enforce_nonce"`
	AllowedMentions *struct {
		Parse []string `json:"parse"`
	} `json:"allowed_mentions"`
	Reference *struct {
		MessageID string `json:"message_id"`
	} `json:"message_reference"`
	Attachments []struct {
		ID       any    `json:"id"`
		Filename string `json:"filename"`
	} `json:"attachments"`
	// Files are those that came with it.
	Files []File `json:"-"`
}

// Embed is the part of an embed that is text.
type Embed struct {
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	URL         string `json:"url,omitempty"`
	Color       int    `json:"color,omitempty"`
	Timestamp   string `json:"timestamp,omitempty"`
	Thumbnail   *struct {
		URL string `json:"url"`
	} `json:"thumbnail,omitempty"`
	Footer *struct {
		Text string `json:"text"`
	} `json:"footer,omitempty"`
	Author *struct {
		Name string `json:"name"`
	} `json:"author,omitempty"`
	Fields []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"fields,omitempty"`
}

// Buttons are the buttons and selects, wherever they stand.
func (b Body) Buttons() []Component {
	top, _ := read(b.Components)
	var out []Component
	for _, c := range top {
		for _, in := range c.within() {
			if in.pressable() {
				out = append(out, in)
			}
		}
	}
	return out
}

// Text is all that the message shows: content, the embeds' descriptions, the texts among
// the components.
func (b Body) Text() string {
	out := b.Content
	for _, e := range b.Embeds {
		out += "\n" + e.Description
	}
	top, _ := read(b.Components)
	for _, c := range top {
		for _, in := range c.within() {
			if in.Content != "" {
				out += "\n" + in.Content
			}
		}
	}
	return out
}

// Messages are the messages of a channel, in order, without deleted, ephemeral and
// loading ones: what everybody there sees.
func (s *Server) Messages(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.messages {
		if m.Channel == channel && !m.Deleted && !m.Ephemeral && !m.Loading {
			out = append(out, *m)
		}
	}
	return out
}

// Message is the message with this id as it is now, ephemeral ones too; ok is false if
// there is none.
func (s *Server) Message(id string) (m Message, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.message(id); found != nil {
		return *found, true
	}
	return m, false
}

// FromBot are those of a channel's messages that the bot wrote.
func (s *Server) FromBot(channel string) []Message {
	return slices.DeleteFunc(s.Messages(channel), func(m Message) bool { return m.author != nil })
}

// Calls are all calls of a route so far; all routes if it is empty.
func (s *Server) Calls(route string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if route == "" || c.Route == route {
			out = append(out, c)
		}
	}
	return out
}

// Commands are the registered slash commands.
func (s *Server) Commands() []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands)
}

// Violations are the things that should not have been sent, in words.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// DeleteMessage removes a message as a moderator would.
func (s *Server) DeleteMessage(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.message(id); m != nil {
		m.Deleted = true
	}
	s.touch()
}

// message finds one that is not deleted; the caller holds the lock.
func (s *Server) message(id string) *Message {
	for _, m := range s.messages {
		if m.ID == id && !m.Deleted {
			return m
		}
	}
	return nil
}

// messageReply is the type of a message that answers another (resources/message).
const messageReply = 19

// json is the message as the API returns it.
func (m *Message) json(s *Server) map[string]any {
	author := any(m.author)
	if m.author == nil {
		author = s.botUser()
	}
	out := map[string]any{
		"id": m.ID, "channel_id": m.Channel, "type": 0, "content": m.Content, "author": author,
		"timestamp": m.At.UTC().Format(time.RFC3339Nano), "edited_timestamp": nil, "tts": false,
		"mention_everyone": false, "mentions": []any{}, "mention_roles": []any{}, "attachments": m.attachments(s),
		"embeds": orEmpty(m.Embeds), "components": orEmpty(m.Components), "flags": m.Flags, "pinned": false,
	}
	if m.Reply != "" {
		out["type"], out["message_reference"] = messageReply, map[string]any{"message_id": m.Reply, "channel_id": m.Channel}
		if to := s.message(m.Reply); to != nil {
			out["referenced_message"] = to.json(s)
		}
	}
	if m.Nonce != nil {
		out["nonce"] = m.Nonce
	}
	return out
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (s *Server) botUser() map[string]any {
	return map[string]any{"id": s.opt.Application, "username": "newsdigest", "discriminator": "0000", "bot": true, "avatar": nil}
}
