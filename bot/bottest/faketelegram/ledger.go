package faketelegram

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Call is a call that arrived.
type Call struct {
	N      int // counted from 1 over all calls
	At     time.Time
	Method string
	Params map[string]string // scalars as text, the rest as JSON, a file as name, zero byte and content
	// Status is that of the true answer; 0 if a fault kept the call from being carried
	// out, whatever the client saw.
	Status  int
	Problem string // the description of the true answer's error
}

// Message is one message of the bot as it stands now.
type Message struct {
	ID       int
	Chat     int64
	Thread   int64
	At       time.Time
	Text     string // without markup
	Source   string // as sent
	HTML     bool   // sent with parse_mode HTML
	Entities []Entity
	Buttons  [][]Button
	Force    bool // carries a ForceReply
	ReplyTo  int
	Silent   bool
	Preview  bool // link previews are on
	Edits    int
	File     *File // the document it is, nil for a text
}

// Button is a key of an inline keyboard.
type Button struct {
	Label string `json:"text"`
	Data  string `json:"callback_data,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Find finds the button with this label under the message.
func (m Message) Find(label string) (Button, bool) {
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Label == label {
				return b, true
			}
		}
	}
	return Button{}, false
}

// Pressed is what became of a press of a button.
type Pressed struct {
	ID      string
	Chat    int64
	User    int64
	Data    string
	At      time.Time
	Answers []Toast
}

// Toast is an answer to a press.
type Toast struct {
	Text  string
	Alert bool
}

// Ledger is what arrived at the server.
type Ledger struct {
	calls      []*Call
	messages   map[int64][]*Message
	presses    []*Pressed
	violations []string
}

// Calls are the calls of a method that arrived, in order; of all methods if it is empty.
func (l *Ledger) Calls(method string) []Call {
	var out []Call
	for _, c := range l.calls {
		if method == "" || strings.EqualFold(c.Method, method) {
			out = append(out, *c)
			out[len(out)-1].Params = maps.Clone(c.Params)
		}
	}
	return out
}

// Messages are the bot's messages in a chat as they stand, oldest first.
func (l *Ledger) Messages(chat int64) []Message {
	var out []Message
	for _, m := range l.messages[chat] {
		out = append(out, *m)
	}
	return out
}

// Total is how many messages of the bot arrived in all chats.
func (l *Ledger) Total() int {
	n := 0
	for _, ms := range l.messages {
		n += len(ms)
	}
	return n
}

// Presses are the presses of buttons with the answers they got, in order.
func (l *Ledger) Presses() []Pressed {
	var out []Pressed
	for _, p := range l.presses {
		out = append(out, *p)
		out[len(out)-1].Answers = slices.Clone(p.Answers)
	}
	return out
}

// Violations are the calls that broke the rules: what the API description does not know,
// parameters Telegram has retired, presses answered twice.
func (l *Ledger) Violations() []string { return slices.Clone(l.violations) }

// Calls is Ledger.Calls of this moment.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger.Calls(method)
}

// Messages is Ledger.Messages of this moment.
func (s *Server) Messages(chat int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger.Messages(chat)
}

// Presses is Ledger.Presses of this moment.
func (s *Server) Presses() []Pressed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger.Presses()
}

// Violations is Ledger.Violations of this moment.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger.Violations()
}
