package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
)

// tokenLife is how long an interaction can be answered (receiving-and-responding: 15
// minutes), less a margin.
const tokenLife = 14*time.Minute + 30*time.Second

// answers remembers the messages that show the answers to requests, so that later answers
// to the same request edit them.
type answers struct {
	mu  sync.Mutex
	ids map[string]answered
}

type answered struct {
	seats []seat
	at    time.Time
}

// seat is a message that shows an answer, or a part of a long one.
type seat struct {
	id    string
	panel bool // it is a panel and cannot be anything else
}

// original is the id under which an interaction's own message is found.
const original = "@original"

// maxAnswers is how many are remembered before the old ones are swept.
const maxAnswers = 1024

func (a *answers) get(request string) []seat {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.ids[request].seats)
}

func (a *answers) put(request string, seats []seat, now time.Time) {
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
	a.ids[request] = answered{slices.Clone(seats), now}
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

func nothing(reply bot.Reply) bool { return reply.Post == nil && reply.Toast == "" }

// post is what a reply shows.
func post(reply bot.Reply) digest.Post {
	if reply.Post == nil {
		return digest.Post{Lines: []digest.Line{digest.Plain(reply.Toast)}}
	}
	return *reply.Post
}

// answerCommand fills the message that says that an answer will come, or takes it away
// if there is none.
func (p *Platform) answerCommand(ctx context.Context, r bot.Request, n native, reply bot.Reply) error {
	hook := "/webhooks/" + n.Application + "/" + n.Token
	if nothing(reply) {
		if reply.Working {
			return nil // Discord says so already
		}
		return p.change(ctx, http.MethodDelete, hook+"/messages/"+original, nil)
	}
	return p.show(ctx, r, reply, stage{
		seats: []seat{{id: original}}, messages: hook + "/messages", public: r.Server != "" && !n.Unseen,
		add: func(m message, _ int) (string, error) { return p.follow(ctx, hook, m, n.Unseen) },
	})
}

// answerPress edits the message whose button was pressed where it is the user's own, and
// else answers beside it.
func (p *Platform) answerPress(ctx context.Context, r bot.Request, n native, reply bot.Reply) error {
	if nothing(reply) {
		return nil
	}
	hook := "/webhooks/" + n.Application + "/" + n.Token
	unseen := n.Unseen && !reply.Public || reply.Post == nil
	at := stage{
		messages: hook + "/messages", public: r.Server != "" && !unseen,
		add: func(m message, _ int) (string, error) { return p.follow(ctx, hook, m, unseen) },
	}
	if reply.Edit && reply.Post != nil && n.Dialogue {
		at.seats = []seat{{original, n.Panel}}
	}
	return p.show(ctx, r, reply, at)
}

// answerInPlace answers with messages of its own: texts, and interactions that can no
// longer be answered. What only the user may see is not shown to others.
func (p *Platform) answerInPlace(ctx context.Context, r bot.Request, n native, reply bot.Reply) error {
	switch {
	case nothing(reply):
		return nil
	case n.Unseen:
		return &digest.SendError{Fault: digest.Gone, Err: errors.New("discord: it is too late to answer this interaction")}
	}
	add := func(m message, nth int) (string, error) {
		m.Nonce, m.EnforceNonce = nonce(r.ID), true
		if nth > 0 {
			m.Nonce = nonce(r.ID + ":" + strconv.Itoa(nth))
		} else if n.Token == "" && n.Message != "" {
			m.Reference = &reference{MessageID: n.Message}
		}
		sent, err := p.post(ctx, r.Place.Channel, m)
		return sent.Message, err
	}
	return p.show(ctx, r, reply, stage{messages: "/channels/" + r.Place.Channel + "/messages", public: r.Server != "", add: add})
}

// stage is where the answers to a request are shown.
type stage struct {
	seats    []seat // those that are there before the first answer
	messages string // the path of all messages there
	public   bool   // everybody sees them: one message, never more
	// add makes a message more, the nth of the answer, and gives its id.
	add func(m message, nth int) (string, error)
}

// show shows a reply: in the messages of the answer before, in new ones as far as it
// needs more, and without those that it needs no more.
func (p *Platform) show(ctx context.Context, r bot.Request, reply bot.Reply, at stage) error {
	seats := p.answers.get(r.ID)
	if seats == nil {
		seats = at.seats
	}
	messages := shown(post(reply), slices.ContainsFunc(seats, func(s seat) bool { return s.panel }), at.public)
	for i, m := range messages {
		s := seat{panel: m.Flags&flagPanel != 0}
		var err error
		if i < len(seats) {
			s.id = seats[i].id
			err = p.change(ctx, http.MethodPatch, at.messages+"/"+s.id, m)
			seats[i] = s
		} else if s.id, err = at.add(m, i); s.id != "" {
			seats = append(seats, s)
		}
		if err != nil {
			return err
		}
		p.answers.put(r.ID, seats, time.Now())
	}
	for len(seats) > len(messages) {
		last := seats[len(seats)-1]
		if err := p.change(ctx, http.MethodDelete, at.messages+"/"+last.id, nil); err != nil {
			return err
		}
		seats = seats[:len(seats)-1]
		p.answers.put(r.ID, seats, time.Now())
	}
	return nil
}

// follow adds a message to the answer to an interaction and gives its id.
func (p *Platform) follow(ctx context.Context, hook string, m message, unseen bool) (string, error) {
	if unseen {
		m.Flags |= flagEphemeral
	}
	answer, err := p.call(ctx, http.MethodPost, hook, "", m)
	if err != nil {
		return "", fault(err, false)
	}
	var sent struct{ ID string }
	json.Unmarshal(answer, &sent) //nolint:errcheck // without an id, the next answer is a message of its own
	return sent.ID, nil
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

// Rights implements bot.Answerer. What concerns the place of the interaction came with
// it: Discord works out both parties' permissions for each. Manage Server holds for the
// whole server, so it does not matter which of its channels the request is about; what the
// bot may do in another one is asked for.
func (p *Platform) Rights(ctx context.Context, r bot.Request) (bot.Rights, error) {
	n := read(r)
	if r.Server == "" {
		return bot.Rights{Manage: r.Private}, nil
	}
	out := bot.Rights{Manage: n.May&(manageServer|administrator) != 0}
	if r.Chat.Channel != r.Place.Channel && !n.Visitor {
		if out.Manage && r.Chat.Channel != "" {
			if missing, err := p.Permits(ctx, r.Chat); err == nil { // else sending will tell
				out.Missing = missing
			}
		}
		return out, nil
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
