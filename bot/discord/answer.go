package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
)

// tokenLife is how long an interaction can be answered (receiving-and-responding: 15
// minutes), less a margin.
const tokenLife = 14*time.Minute + 30*time.Second

// answers remembers the messages that answered requests whose first message is not
// found by the interaction itself, so that later answers edit it.
type answers struct {
	mu  sync.Mutex
	ids map[string]answered
}

type answered struct {
	message string
	at      time.Time
}

// maxAnswers is how many are remembered before the old ones are swept.
const maxAnswers = 1024

func (a *answers) get(request string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ids[request].message
}

func (a *answers) put(request, message string, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ids == nil {
		a.ids = map[string]answered{}
	}
	if len(a.ids) >= maxAnswers {
		for k, v := range a.ids {
			if now.Sub(v.at) > tokenLife {
				delete(a.ids, k)
			}
		}
	}
	a.ids[request] = answered{message, now}
}

// read is the native part of a request.
func read(r bot.Request) native {
	var n native
	json.Unmarshal(r.Native, &n) //nolint:errcheck // without one, the request is answered in its place
	return n
}

// unseen tells whether answers are shown to the user only.
func unseen(r bot.Request) bool { return read(r).Unseen }

// Answer implements bot.Answerer.
func (p *Platform) Answer(ctx context.Context, r bot.Request, reply bot.Reply) error {
	n := read(r)
	switch {
	case n.Token == "" || time.Since(r.At) > tokenLife:
		return p.answerInPlace(ctx, r, n, reply)
	case n.Kind == kindCommand || n.Message == "":
		return p.answerCommand(ctx, r, n, reply)
	}
	return p.answerPress(ctx, r, n, reply)
}

// body is the reply's message.
func body(reply bot.Reply) message {
	if reply.Post == nil {
		return shown(digest.Post{Lines: []digest.Line{digest.Plain(reply.Toast)}})
	}
	return shown(*reply.Post)
}

func nothing(reply bot.Reply) bool { return reply.Post == nil && reply.Toast == "" }

// answerCommand fills the message that says that an answer will come, or takes it away
// if there is none.
func (p *Platform) answerCommand(ctx context.Context, r bot.Request, n native, reply bot.Reply) error {
	original := "/webhooks/" + n.Application + "/" + n.Token + "/messages/@original"
	if nothing(reply) {
		if reply.Working {
			return nil // Discord says so already
		}
		return p.change(ctx, http.MethodDelete, original, nil)
	}
	return p.change(ctx, http.MethodPatch, original, body(reply))
}

// answerPress edits the message whose button was pressed where it is the user's own, and
// else answers beside it.
func (p *Platform) answerPress(ctx context.Context, r bot.Request, n native, reply bot.Reply) error {
	if nothing(reply) {
		return nil
	}
	hook := "/webhooks/" + n.Application + "/" + n.Token
	if reply.Edit && reply.Post != nil && n.Dialogue {
		return p.change(ctx, http.MethodPatch, hook+"/messages/@original", body(reply))
	}
	m := body(reply)
	if id := p.answers.get(r.ID); id != "" {
		return p.change(ctx, http.MethodPatch, hook+"/messages/"+id, m)
	}
	if n.Unseen && !reply.Public || reply.Post == nil {
		m.Flags |= flagEphemeral
	}
	answer, err := p.call(ctx, http.MethodPost, hook, "", m)
	if err != nil {
		return fault(err, false)
	}
	p.remember(r, answer)
	return nil
}

// answerInPlace answers with a message of its own: texts, and interactions that can no
// longer be answered. What only the user may see is not shown to others.
func (p *Platform) answerInPlace(ctx context.Context, r bot.Request, n native, reply bot.Reply) error {
	switch {
	case nothing(reply):
		return nil
	case n.Unseen:
		return &digest.SendError{Fault: digest.Gone, Err: errors.New("discord: it is too late to answer this interaction")}
	}
	m := body(reply)
	channel := "/channels/" + r.Place.Channel + "/messages"
	if id := p.answers.get(r.ID); id != "" {
		return p.change(ctx, http.MethodPatch, channel+"/"+id, m)
	}
	m.Nonce, m.EnforceNonce = nonce(r.ID), true
	if n.Token == "" && n.Message != "" {
		m.Reference = &reference{MessageID: n.Message}
	}
	sent, err := p.post(ctx, r.Place.Channel, m)
	if err == nil && sent.Message != "" {
		p.answers.put(r.ID, sent.Message, time.Now())
	}
	return err
}

// change edits or deletes a message.
func (p *Platform) change(ctx context.Context, method, path string, m any) error {
	key := ""
	if route(path) == path { // not an interaction's
		key = method + " " + path
	}
	if _, err := p.call(ctx, method, path, key, m); err != nil {
		return fault(err, false)
	}
	return nil
}

func (p *Platform) remember(r bot.Request, answer []byte) {
	var sent struct{ ID string }
	if json.Unmarshal(answer, &sent) == nil && sent.ID != "" {
		p.answers.put(r.ID, sent.ID, time.Now())
	}
}

// needed are the permissions for a digest, as Discord's own pages name them.
var needed = []struct {
	bit    int64
	name   string
	thread bool // in threads instead of the other one for writing
}{
	{viewChannel, "View Channel", false},
	{sendMessages, "Send Messages", false},
	{sendInThreads, "Send Messages in Threads", true},
	{embedLinks, "Embed Links", false},
}

// Rights implements bot.Answerer. All of it came with the interaction: Discord works out
// both parties' permissions for each. Manage Server holds for the whole server, so it
// does not matter which of its channels the request is about.
func (p *Platform) Rights(_ context.Context, r bot.Request) (bot.Rights, error) {
	n := read(r)
	if r.Server == "" {
		return bot.Rights{Manage: r.Private}, nil
	}
	out := bot.Rights{Manage: n.May&(manageServer|administrator) != 0}
	if r.Chat.Channel != r.Place.Channel && !n.Visitor {
		return out, nil // of another channel nothing is known; sending will tell
	}
	may := n.BotMay
	if n.Visitor {
		may = 0
	}
	out.Missing = lacking(may, n.Thread)
	return out, nil
}

// lacking are the permissions that the bot needs in a channel or thread and may not use
// there.
func lacking(may int64, thread bool) []string {
	var out []string
	for _, need := range needed {
		if (need.bit == sendMessages || need.bit == sendInThreads) && need.thread != thread {
			continue
		}
		if may&(need.bit|administrator) == 0 {
			out = append(out, need.name)
		}
	}
	return out
}
