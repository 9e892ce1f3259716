package telegram

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
)

// The parts of an update that the bot reads. The library's own types know neither topics
// nor forums.
type (
	update struct {
		ID       int64          `json:"update_id"`
		Message  *message       `json:"message"`
		Callback *callback      `json:"callback_query"`
		Status   *statusChanged `json:"my_chat_member"`
	}
	message struct {
		ID          int64     `json:"message_id"`
		Thread      int64     `json:"message_thread_id"`
		InTopic     bool      `json:"is_topic_message"`
		Date        int64     `json:"date"` // 0 in a message the bot may not see any more
		From        *user     `json:"from"`
		As          *chat     `json:"sender_chat"`
		Chat        chat      `json:"chat"`
		Text        string    `json:"text"`
		Entities    []entity  `json:"entities"`
		Caption     string    `json:"caption"` // the text of a message that is a picture or a file
		CapEntities []entity  `json:"caption_entities"`
		Document    *document `json:"document"`
		ReplyTo     *message  `json:"reply_to_message"`
		Keyboard    struct {
			Rows [][]button `json:"inline_keyboard"`
		} `json:"reply_markup"`
		MovedTo     int64 `json:"migrate_to_chat_id"`
		MovedFrom   int64 `json:"migrate_from_chat_id"`
		Forwarded   any   `json:"forward_origin"`
		ViaBot      *user `json:"via_bot"`
		AutoForward bool  `json:"is_automatic_forward"`
	}
	// entity is a MessageEntity; of a text_link it has the address.
	entity struct {
		Type string `json:"type"`
		URL  string `json:"url"`
	}
	document struct {
		ID   string `json:"file_id"`
		Name string `json:"file_name"`
		Size int    `json:"file_size"`
	}
	callback struct {
		ID      string   `json:"id"`
		From    user     `json:"from"`
		Message *message `json:"message"`
		Data    string   `json:"data"`
	}
	statusChanged struct {
		Chat chat       `json:"chat"`
		From user       `json:"from"`
		Old  chatMember `json:"old_chat_member"`
		New  chatMember `json:"new_chat_member"`
	}
	chatMember struct {
		User     user   `json:"user"`
		Status   string `json:"status"`
		IsMember bool   `json:"is_member"` // these two are told of restricted members only
		MaySend  bool   `json:"can_send_messages"`
		MayPost  *bool  `json:"can_post_messages"` // told of administrators of channels only
	}
	user struct {
		ID       int64  `json:"id"`
		IsBot    bool   `json:"is_bot"`
		Name     string `json:"first_name"`
		Username string `json:"username"`
		Language string `json:"language_code"`
	}
	chat struct {
		ID    int64  `json:"id"`
		Type  string `json:"type"` // private, group, supergroup or channel
		Title string `json:"title"`
	}
)

// allowedUpdates are the kinds of update that the bot asks for.
var allowedUpdates = encode([]string{"message", "callback_query", "my_chat_member"})

func (c chat) private() bool { return c.Type == "private" }

// address is where the chat is reached; thread is 0 outside of topics.
func (c chat) address(thread int64) digest.Address {
	if c.private() {
		return privateChat(id(c.ID))
	}
	a := digest.Address{Platform: digest.Telegram, Channel: id(c.ID)}
	if thread != 0 {
		a.Thread = id(thread)
	}
	return a
}

// topic is the message's topic, 0 for none. Replies outside of forums carry a thread id,
// too, but cannot be sent to.
func (m message) topic() int64 {
	if m.InTopic {
		return m.Thread
	}
	return 0
}

// native is what answering needs to know of a request besides what the bot knows.
type native struct {
	// Message is the command's message, or the one whose button was pressed.
	Message int64 `json:"message,omitempty"`
	// Lost says that the pressed message cannot be edited any more.
	Lost bool `json:"lost,omitempty"`
	// Shown is what the pressed message shows.
	Shown fingerprint `json:"shown,omitempty"`
	// Callback is the press to be answered.
	Callback string `json:"callback,omitempty"`
	// As is the chat on whose behalf the user wrote: the group itself for its anonymous
	// administrators.
	As int64 `json:"as,omitempty"`
	// Name is what the user is called.
	Name string `json:"name,omitempty"`
	// File is Telegram's id of the document that came with the message.
	File string `json:"file,omitempty"`
	// Mute says that nobody waits for words: the bot was added to a channel.
	Mute bool `json:"mute,omitempty"`
}

// request is what an update asks for; false if it is none of the bot's business. me is
// the bot.
func (u update) request(me user, now time.Time) (bot.Request, bool) {
	r := bot.Request{ID: id(u.ID), Platform: digest.Telegram, At: now}
	var n native
	var ok bool
	switch {
	case u.Message != nil:
		ok = u.Message.request(&r, &n, me)
	case u.Callback != nil:
		ok = u.Callback.request(&r, &n)
	case u.Status != nil:
		ok = u.Status.request(&r, &n)
	}
	r.Native = json.RawMessage(encode(n))
	return r, ok
}

// at fills in where a request comes from.
func at(r *bot.Request, c chat, thread int64) {
	r.Chat = c.address(thread)
	r.Place = r.Chat
	r.Private = c.private()
	if !r.Private {
		r.ChatName = c.Title
	}
}

func by(r *bot.Request, u user) {
	r.User = id(u.ID)
	r.Language = u.Language // with a region where the client has one: "pt-br" (Bot API, User)
}

func (m *message) request(r *bot.Request, n *native, me user) bool {
	at(r, m.Chat, m.topic())
	if m.MovedTo != 0 || m.MovedFrom != 0 {
		m.moved(r)
		return true
	}
	if m.From == nil || m.Chat.Type == "channel" || m.borrowed() ||
		strings.TrimSpace(m.words()) == "" && m.Document == nil {
		return false
	}
	by(r, *m.From)
	n.Message, n.Name = m.ID, m.From.Name
	if m.As != nil {
		n.As = m.As.ID
	}
	if m.Document != nil {
		r.File = &bot.File{Name: m.Document.Name, Size: m.Document.Size}
		n.File = m.Document.ID
	}
	if m.ReplyTo != nil {
		r.Under, r.Quoted = m.ReplyTo.actions(), m.ReplyTo.linked()
	}
	if command, args, ok := m.command(me); ok {
		r.Kind, r.Command, r.Args = bot.Command, command, args
		return true
	}
	r.Kind, r.Text = bot.Text, m.linked()
	toBot := m.ReplyTo != nil && m.ReplyTo.From != nil && m.ReplyTo.From.ID == me.ID
	return (r.Private || toBot) && !m.forOther(me)
}

// moved reads either of the two messages that tell of a group that became a supergroup.
func (m *message) moved(r *bot.Request) {
	r.Kind = bot.Moved
	if m.MovedTo != 0 {
		r.Place.Channel = id(m.MovedTo)
	} else {
		r.Chat.Channel = id(m.MovedFrom)
	}
}

// borrowed tells whether the words are not the user's own or the user is a program: other
// bots, channels that speak in a group, forwarded messages except what somebody forwards
// to the bot to be read. Only administrators may write as their group.
func (m *message) borrowed() bool {
	asGroup := m.As != nil && m.As.ID == m.Chat.ID
	return m.AutoForward || m.ViaBot != nil || (m.From.IsBot || m.As != nil) && !asGroup ||
		m.Forwarded != nil && (!m.Chat.private() || strings.HasPrefix(m.words(), "/"))
}

// words are the text of a message, or what is written under its picture or file.
func (m *message) words() string {
	if m.Text != "" {
		return m.Text
	}
	return m.Caption
}

// linked is the text with the addresses that words in it link to, a line each.
func (m *message) linked() string {
	text := m.words()
	for _, e := range append(m.Entities, m.CapEntities...) {
		if e.Type == "text_link" && webAddress(e.URL) {
			text += "\n" + e.URL
		}
	}
	return text
}

// actions are what the buttons under a message do.
func (m *message) actions() []string {
	var out []string
	for _, row := range m.Keyboard.Rows {
		for _, b := range row {
			action, _, _ := pressed(b.Data)
			if action != "" && !slices.Contains(out, action) {
				out = append(out, action)
			}
		}
	}
	return out
}

// commandLine is a command as Telegram forms it, with the bot it is meant for.
var commandLine = regexp.MustCompile(`(?s)^/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?$`)

// command reads a command that is meant for this bot.
func (m *message) command(me user) (name, args string, ok bool) {
	p := commandLine.FindStringSubmatch(m.words())
	if p == nil || p[2] != "" && !strings.EqualFold(p[2], me.Username) {
		return "", "", false
	}
	return strings.ToLower(p[1]), strings.TrimSpace(p[3]), true
}

// forOther tells whether the message is a command that names another bot.
func (m *message) forOther(me user) bool {
	p := commandLine.FindStringSubmatch(m.words())
	return p != nil && p[2] != "" && !strings.EqualFold(p[2], me.Username)
}

func (c *callback) request(r *bot.Request, n *native) bool {
	if c.Message == nil || c.Data == "" {
		return false
	}
	at(r, c.Message.Chat, c.Message.topic())
	by(r, c.From)
	r.Kind = bot.Press
	r.Action, r.Values, r.Toggled = pressed(c.Data)
	*n = native{
		Message: c.Message.ID, Lost: c.Message.Date == 0, Callback: c.ID, Name: c.From.Name,
		Shown: fingerprintOf(c.Message.Text, c.Message.Keyboard.Rows),
	}
	return true
}

// request tells of the bot being added to a group or channel, thrown out of one, or
// blocked. A user who unblocks the bot says so by writing to it.
func (s *statusChanged) request(r *bot.Request, n *native) bool {
	at(r, s.Chat, 0)
	by(r, s.From)
	switch {
	case s.Old.in() && !s.New.in():
		r.Kind = bot.Left
		return true
	case !s.Old.in() && s.New.in():
		r.Kind, n.Mute = bot.Joined, s.Chat.Type == "channel"
		return !s.Chat.private()
	}
	return false
}
