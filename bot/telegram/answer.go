package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"newsdigest/bot"
	"newsdigest/digest"
)

// maxToast is the most characters of a notice over a button (Bot API,
// answerCallbackQuery).
const maxToast = 200

// Answer implements bot.Answerer. A press is acknowledged first, once; the message then
// is one call, more only where Telegram refuses the markup, the post needs two pages or a
// file comes with it.
func (t *Telegram) Answer(ctx context.Context, r bot.Request, reply bot.Reply) error {
	n, err := readNative(r)
	if err != nil {
		return err
	}
	if n.Callback != "" && t.answered.acknowledge(r.ID) {
		t.acknowledge(ctx, n.Callback, reply.Toast)
	}
	switch {
	case n.Mute:
	case reply.Post != nil:
		return t.show(ctx, r, n, reply)
	case reply.Working:
		p := target(r.Place)
		p["action"] = "typing"
		if err := t.client.call(ctx, "sendChatAction", p, nil); err != nil {
			return t.failed(err, r.Place)
		}
	}
	return nil
}

func readNative(r bot.Request) (n native, err error) {
	if err := json.Unmarshal(r.Native, &n); err != nil && len(r.Native) > 0 {
		return n, fmt.Errorf("telegram: a request cannot be read: %w", err)
	}
	return n, nil
}

// acknowledgeWithin is how long a press waits for its answer before it is acknowledged
// without one: whoever pressed sees a clock on the button until then.
const acknowledgeWithin = 700 * time.Millisecond

// acknowledgeSoon sees to it that presses are acknowledged however long their answers
// take.
func (t *Telegram) acknowledgeSoon(ctx context.Context, rs []bot.Request) {
	for _, r := range rs {
		n, err := readNative(r)
		if err != nil || n.Callback == "" {
			continue
		}
		time.AfterFunc(t.patience, func() {
			if ctx.Err() == nil && t.answered.acknowledge(r.ID) {
				t.acknowledge(ctx, n.Callback, "")
			}
		})
	}
}

// acknowledge ends the press's waiting state. A press that waited too long cannot be
// acknowledged any more, which nobody sees: the answer itself still comes.
func (t *Telegram) acknowledge(ctx context.Context, callback, toast string) {
	p := tgbotapi.Params{"callback_query_id": callback}
	text := []rune(toast)
	p.AddNonEmpty("text", string(text[:min(maxToast, len(text))]))
	if err := t.client.call(ctx, "answerCallbackQuery", p, nil); err != nil {
		t.log.Info("telegram press not acknowledged", "error", err)
	}
}

// show puts the reply's post where it belongs: into the message that answered this
// request before, into the one whose button was pressed, or into a new one. A message that
// shows the same already is left alone.
func (t *Telegram) show(ctx context.Context, r bot.Request, n native, reply bot.Reply) error {
	posts := fit(*reply.Post)
	edit, showing := t.answered.message(r.ID)
	if edit == 0 && reply.Edit && r.Kind == bot.Press && !n.Lost && !asksAloud(r, reply) {
		edit, showing = n.Message, n.Shown
	}
	for i, post := range posts {
		forms := variants(post, t.username())
		if i == len(posts)-1 && asksAloud(r, reply) {
			forms = aloud(forms, r, n)
		}
		if edit != 0 && slices.ContainsFunc(forms, func(v variant) bool { return v.fingerprint() == showing }) {
			t.answered.remember(r.ID, edit, showing)
			edit = 0
			continue
		}
		sent, shows, err := t.write(ctx, r, n, edit, forms)
		if err != nil {
			return t.failed(err, r.Place)
		}
		if i == 0 && sent != 0 {
			t.answered.remember(r.ID, sent, shows)
		}
		edit = 0
	}
	return t.attach(ctx, r, reply.Post.File)
}

// write sends a message, or edits one unless edit is 0, in the richest form that Telegram
// takes, and returns its id and what it shows. Only a form that was surely refused for its
// markup makes way for the next.
func (t *Telegram) write(ctx context.Context, r bot.Request, n native, edit int64, forms []variant) (int64, fingerprint, error) {
	method, p := "sendMessage", target(r.Place)
	if edit != 0 {
		method = "editMessageText"
		delete(p, "message_thread_id")
		p["message_id"] = id(edit)
	} else if !r.Private {
		p.AddNonEmpty("reply_parameters", replyTo(r, n))
	}
	var err error
	for _, v := range forms {
		form := maps.Clone(p)
		v.payload.content(form)
		if v.force != "" {
			form["reply_markup"] = v.force
		}
		m := message{ID: edit}
		err = t.post(ctx, method, form, &m)
		if err == nil || describes(err, "message is not modified") {
			return m.ID, v.fingerprint(), nil
		}
		if !describes(err, "can't parse entities") {
			break
		}
	}
	return 0, "", err
}

// post makes a call with a text. A server that refuses times in the reader's own clock
// gets texts without them from then on.
func (t *Telegram) post(ctx context.Context, method string, p tgbotapi.Params, result any) error {
	timeless := t.timeless.Load()
	if timeless {
		p["text"] = withoutTimes(p["text"], p["parse_mode"])
	}
	err := t.client.call(ctx, method, p, result)
	if timeless || !describes(err, "can't parse entities") || !describes(err, "tg-time") {
		return err
	}
	t.timeless.Store(true)
	p["text"] = withoutTimes(p["text"], p["parse_mode"])
	return t.client.call(ctx, method, p, result)
}

// replyTo names the message that is answered in a group. It may have been deleted since.
func replyTo(r bot.Request, n native) string {
	if n.Message == 0 || r.Kind != bot.Command && r.Kind != bot.Text {
		return ""
	}
	return encode(map[string]any{"message_id": n.Message, "allow_sending_without_reply": true})
}

// asksAloud tells whether the reply asks somebody in a group for typed text. There the
// bot hears only answers to its own messages, so it asks for one.
func asksAloud(r bot.Request, reply bot.Reply) bool { return reply.Ask && !r.Private }

// aloud are the forms with a ForceReply in place of the buttons, which shows to the user
// alone: the one whose message is answered, or who is named in the text.
func aloud(forms []variant, r bot.Request, n native) []variant {
	for i := range forms {
		f := &forms[i]
		f.payload.Buttons = nil
		f.force = encode(map[string]any{"force_reply": true, "selective": true})
		if r.Kind == bot.Press && f.payload.HTML && n.Name != "" {
			f.payload.Text = `<a href="tg://user?id=` + r.User + `">` +
				html.EscapeString(digest.Clean(n.Name)) + "</a>: " + f.payload.Text
		}
	}
	return forms
}

// rememberedAnswers is how many requests' answers can still be edited.
const rememberedAnswers = 1000

// answers remembers what became of the latest requests.
type answers struct {
	mu    sync.Mutex
	byID  map[string]*answered
	order []string
}

type answered struct {
	acknowledged bool
	message      int64
	shows        fingerprint
}

func newAnswers() *answers { return &answers{byID: map[string]*answered{}} }

// entry is a request's entry; the caller holds the lock.
func (a *answers) entry(request string) *answered {
	if e := a.byID[request]; e != nil {
		return e
	}
	if len(a.order) == rememberedAnswers {
		delete(a.byID, a.order[0])
		a.order = a.order[1:]
	}
	e := &answered{}
	a.byID[request] = e
	a.order = append(a.order, request)
	return e
}

// acknowledge tells whether the press has not been acknowledged yet, and notes that it
// is now.
func (a *answers) acknowledge(request string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	e := a.entry(request)
	first := !e.acknowledged
	e.acknowledged = true
	return first
}

// message is the message that answered a request, 0 for none yet, and what it shows.
func (a *answers) message(request string) (int64, fingerprint) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e := a.byID[request]; e != nil {
		return e.message, e.shows
	}
	return 0, ""
}

func (a *answers) remember(request string, message int64, shows fingerprint) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e := a.entry(request)
	e.message, e.shows = message, shows
}
