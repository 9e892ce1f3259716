package faketelegram

import (
	"encoding/json"
	"reflect"
	"strings"
	"unicode/utf8"
)

// Limits of messages.
const (
	maxText     = 4096    // characters after parsing (Bot API, sendMessage)
	maxSource   = 1 << 15 // bytes before parsing (tdlib/telegram-bot-api, Client.cpp)
	maxEntities = 100     // more are dropped without a word
	maxToast    = 200     // characters (Bot API, answerCallbackQuery)
	maxData     = 64      // bytes (Bot API, InlineKeyboardButton)
	maxButtons  = 100     // keys of an inline keyboard
	parseHTML   = "html"
)

// methods are the methods that the server knows, in lower case as the real one compares
// them, besides getUpdates. They run under the lock.
var methods = map[string]func(*Server, params) (any, *apiError){
	"getme":                  func(s *Server, _ params) (any, *apiError) { return s.self(), nil },
	"sendmessage":            (*Server).sendMessage,
	"editmessagetext":        (*Server).editMessageText,
	"editmessagereplymarkup": (*Server).editMessageReplyMarkup,
	"answercallbackquery":    (*Server).answerCallbackQuery,
	"sendchataction":         (*Server).sendChatAction,
	"setmycommands":          (*Server).setMyCommands,
	"deletemycommands":       (*Server).deleteMyCommands,
	"getmycommands":          (*Server).getMyCommands,
	"setmydescription":       describe("description", 512),
	"setmyshortdescription":  describe("short_description", 120),
	"getmydescription":       described("description"),
	"getmyshortdescription":  described("short_description"),
	"setchatmenubutton":      (*Server).setChatMenuButton,
	"getchatmenubutton":      (*Server).getChatMenuButton,
	"senddocument":           (*Server).sendDocument,
	"getchat":                (*Server).getChat,
	"getchatmember":          (*Server).getChatMember,
	"getchatadministrators":  (*Server).getChatAdministrators,
	"leavechat":              (*Server).leaveChat,
	"deletewebhook":          (*Server).deleteWebhook,
	"getfile":                (*Server).getFile,
}

// content is what a message says: text, entities and keyboard.
type content struct {
	text     string
	source   string
	html     bool
	entities []Entity
	buttons  [][]Button
	force    bool
	preview  bool
}

// content reads and checks the text and the keyboard of a call.
func (p params) content() (content, *apiError) {
	c, e := p.words("text")
	if e != nil {
		return c, e
	}
	if strings.TrimSpace(c.text) == "" {
		return c, badRequest("message text is empty")
	}
	if utf8.RuneCountInString(c.text) > maxText {
		return c, badRequest("message is too long")
	}
	var preview struct {
		Disabled bool `json:"is_disabled"`
	}
	if raw := p["link_preview_options"]; raw != "" && json.Unmarshal([]byte(raw), &preview) != nil {
		return c, badRequest("can't parse link preview options JSON object")
	}
	c.preview = !preview.Disabled
	return c, p.keyboard(&c)
}

// words reads a parameter that may have markup in it.
func (p params) words(name string) (content, *apiError) {
	c := content{text: p[name], source: p[name], preview: true}
	if len(c.source) > maxSource {
		return c, badRequest("text is too long")
	}
	switch strings.ToLower(p["parse_mode"]) {
	case "":
	case parseHTML:
		text, entities, err := ParseHTML(c.source)
		if err != nil {
			return c, badRequest("can't parse entities: %v", err)
		}
		c.html, c.text, c.entities = true, text, entities[:min(maxEntities, len(entities))]
	default:
		return c, badRequest("unsupported parse_mode")
	}
	return c, nil
}

// keyboard reads reply_markup.
func (p params) keyboard(c *content) *apiError {
	if p["reply_markup"] == "" {
		return nil
	}
	var markup struct {
		Inline [][]Button `json:"inline_keyboard"`
		Force  bool       `json:"force_reply"`
	}
	if json.Unmarshal([]byte(p["reply_markup"]), &markup) != nil {
		return badRequest("can't parse reply keyboard markup JSON object")
	}
	n := 0
	for _, row := range markup.Inline {
		for _, b := range row {
			n++
			switch {
			case strings.TrimSpace(b.Label) == "":
				return badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
			case b.URL == "" && b.Data == "":
				return badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
			case len(b.Data) > maxData:
				return badRequest("BUTTON_DATA_INVALID")
			case b.URL != "" && checkedLink(b.URL) == "":
				return badRequest("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", b.URL)
			}
		}
	}
	if n > maxButtons {
		return badRequest("REPLY_MARKUP_TOO_LONG")
	}
	c.buttons, c.force = markup.Inline, markup.Force
	return nil
}

func (s *Server) sendMessage(p params) (any, *apiError) {
	c, e := p.content()
	if e != nil {
		return nil, e
	}
	r, e := s.open(p)
	if e != nil {
		return nil, e
	}
	m, e := s.place(r, p)
	if e != nil {
		return nil, e
	}
	m.set(c)
	return s.show(r, m), nil
}

// place puts a new message, still without content, into the chat that a call names.
func (s *Server) place(r *room, p params) (*Message, *apiError) {
	thread := p.int("message_thread_id")
	if e := r.mayWrite(thread); e != nil {
		return nil, e
	}
	replyTo, e := p.replyTo(r)
	if e != nil {
		return nil, e
	}
	if wait := s.flood.take(r.ID, r.group(), s.opts.Now()); wait > 0 {
		return nil, tooMany(wait)
	}
	r.last++
	r.known[r.last] = true
	m := &Message{
		ID: r.last, Chat: r.ID, Thread: thread, At: s.opts.Now(),
		ReplyTo: replyTo, Silent: p.bool("disable_notification"),
	}
	if s.ledger.messages == nil {
		s.ledger.messages = map[int64][]*Message{}
	}
	s.ledger.messages[r.ID] = append(s.ledger.messages[r.ID], m)
	return m, nil
}

func (m *Message) set(c content) {
	m.Text, m.Source, m.HTML, m.Entities = c.text, c.source, c.html, c.entities
	m.Buttons, m.Force, m.Preview = c.buttons, c.force, c.preview
}

// replyTo reads reply_parameters.
func (p params) replyTo(r *room) (int, *apiError) {
	raw := p["reply_parameters"]
	if raw == "" {
		return 0, nil
	}
	var reply struct {
		Message int  `json:"message_id"`
		Anyway  bool `json:"allow_sending_without_reply"`
	}
	if json.Unmarshal([]byte(raw), &reply) != nil {
		return 0, badRequest("can't parse reply parameters JSON object")
	}
	if !r.known[reply.Message] {
		if reply.Anyway {
			return 0, nil
		}
		return 0, badRequest("message to be replied not found")
	}
	return reply.Message, nil
}

// DeleteMessage deletes a message for everybody, the bot's or a user's.
func (s *Server) DeleteMessage(chat int64, message int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.room(chat).known, message)
}

// find finds a message of the bot.
func (s *Server) find(chat int64, message int) *Message {
	r := s.chats[chat]
	if r == nil || !r.known[message] {
		return nil
	}
	for _, m := range s.ledger.messages[chat] {
		if m.ID == message {
			return m
		}
	}
	return nil
}

// edited finds the message that an edit is about.
func (s *Server) edited(p params) (*room, *Message, *apiError) {
	r, e := s.open(p)
	if e != nil {
		return nil, nil, e
	}
	id := int(p.int("message_id"))
	m := s.find(r.ID, id)
	switch {
	case m == nil && r.known[id]:
		return nil, nil, badRequest("message can't be edited")
	case m == nil:
		return nil, nil, badRequest("message to edit not found")
	}
	return r, m, nil
}

var errUnchanged = badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")

func (s *Server) editMessageText(p params) (any, *apiError) {
	c, e := p.content()
	if e != nil {
		return nil, e
	}
	r, m, e := s.edited(p)
	if e != nil {
		return nil, e
	}
	if m.File != nil {
		return nil, badRequest("there is no text in the message to edit")
	}
	if c.force {
		return nil, badRequest("message can't be edited") // ForceReply is for new messages only
	}
	if m.Text == c.text && reflect.DeepEqual(m.Entities, c.entities) && reflect.DeepEqual(m.Buttons, c.buttons) {
		return nil, errUnchanged
	}
	m.set(c)
	m.Edits++
	return s.show(r, m), nil
}

func (s *Server) editMessageReplyMarkup(p params) (any, *apiError) {
	var c content
	if e := p.keyboard(&c); e != nil {
		return nil, e
	}
	r, m, e := s.edited(p)
	if e != nil {
		return nil, e
	}
	if reflect.DeepEqual(m.Buttons, c.buttons) {
		return nil, errUnchanged
	}
	m.Buttons = c.buttons
	m.Edits++
	return s.show(r, m), nil
}

// show is a message of the bot as the Bot API shows it.
func (s *Server) show(r *room, m *Message) map[string]any {
	v := map[string]any{
		"message_id": m.ID, "date": m.At.Unix(), "chat": r.Chat, "from": s.self(), "text": m.Text,
	}
	if m.File != nil {
		delete(v, "text")
		v["caption"] = m.Text
		v["document"] = map[string]any{"file_id": "sent", "file_unique_id": "sent", "file_name": m.File.Name, "file_size": len(m.File.Body)}
	} else if len(m.Entities) > 0 {
		v["entities"] = m.Entities
	}
	if m.Thread != 0 {
		v["message_thread_id"], v["is_topic_message"] = m.Thread, true
	}
	if len(m.Buttons) > 0 {
		v["reply_markup"] = map[string]any{"inline_keyboard": m.Buttons}
	}
	if m.Edits > 0 {
		v["edit_date"] = s.opts.Now().Unix()
	}
	return v
}

func (s *Server) answerCallbackQuery(p params) (any, *apiError) {
	if utf8.RuneCountInString(p["text"]) > maxToast {
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	for _, q := range s.ledger.presses {
		if q.ID != p["callback_query_id"] {
			continue
		}
		if life := s.opts.PressLife; life > 0 && s.opts.Now().Sub(q.At) > life {
			break
		}
		if len(q.Answers) > 0 {
			s.ledger.violations = append(s.ledger.violations, "answerCallbackQuery: press "+q.ID+" answered twice")
		}
		q.Answers = append(q.Answers, Toast{p["text"], p.bool("show_alert")})
		return true, nil
	}
	return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
}
