package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
)

// receiver takes the gateway's events and hands requests to the inbox.
type receiver struct {
	p     *Platform
	ctx   context.Context
	inbox bot.Inbox

	mu         sync.Mutex
	ended      bool // no more events are taken
	busy       sync.WaitGroup
	room       chan struct{} // bounds how many are handled at once
	registers  bool          // the commands
	registered sync.Once
}

// atOnce is how many events are handled at the same time; more wait at the gateway.
const atOnce = 256

func newReceiver(ctx context.Context, p *Platform, in bot.Inbox) *receiver {
	return &receiver{p: p, ctx: ctx, inbox: in, room: make(chan struct{}, atOnce)}
}

// end takes no more events and returns when all are handled.
func (v *receiver) end() {
	v.mu.Lock()
	v.ended = true
	v.mu.Unlock()
	v.busy.Wait()
}

// begin takes room for one event; false if no more are taken.
func (v *receiver) begin() bool {
	select {
	case v.room <- struct{}{}:
	case <-v.ctx.Done():
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		return false
	}
	v.busy.Add(1)
	return true
}

// event handles one event of the gateway, aside: the caller reads the connection.
func (v *receiver) event(kind string, raw json.RawMessage) {
	var handle func(json.RawMessage)
	switch kind {
	case "READY":
		handle = v.ready
	case "INTERACTION_CREATE":
		handle = v.interaction
	case "MESSAGE_CREATE":
		handle = v.message
	case "GUILD_CREATE":
		handle = v.joined
	case "GUILD_DELETE":
		handle = v.removed
	case "CHANNEL_DELETE", "THREAD_DELETE":
		handle = v.left
	default:
		return
	}
	if !v.begin() {
		return
	}
	go func() {
		defer v.busy.Done()
		defer func() {
			<-v.room
			if r := recover(); r != nil {
				v.p.log.Error("discord: a handler failed", "event", kind, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			}
		}()
		handle(raw)
	}()
}

// decode reads an event; one that cannot be read is logged and left.
func decode[T any](v *receiver, raw json.RawMessage) (T, bool) {
	var out T
	if err := json.Unmarshal(raw, &out); err != nil {
		v.p.log.Warn("discord: an event that cannot be read", "error", err)
		return out, false
	}
	return out, true
}

// accept hands requests over; Discord does not ask for a confirmation, so what cannot be
// recorded is lost, and said so.
func (v *receiver) accept(r bot.Request) {
	if err := v.inbox.Accept(v.ctx, digest.Discord, []bot.Request{r}, ""); err != nil && v.ctx.Err() == nil {
		v.p.log.Error("discord: a request was not recorded", "kind", r.Kind, "error", err)
	}
}

func (v *receiver) message(raw json.RawMessage) {
	me := ""
	if known := v.p.me.Load(); known != nil {
		me = known.User
	}
	if m, ok := decode[heard](v, raw); ok {
		if r, ok := m.request(time.Now(), me); ok {
			v.accept(r)
		}
	}
}

func (v *receiver) joined(raw json.RawMessage) {
	if s, ok := decode[server](v, raw); ok {
		if r, ok := s.request(time.Now()); ok {
			v.accept(r)
		}
	}
}

// removed handles a GUILD_DELETE.
func (v *receiver) removed(raw json.RawMessage) {
	if l, ok := decode[lost](v, raw); ok {
		if r, ok := l.request(time.Now()); ok {
			v.accept(r)
		}
	}
}

func (v *receiver) left(raw json.RawMessage) {
	if c, ok := decode[channel](v, raw); ok {
		v.accept(left(c, time.Now()))
	}
}

// ready registers the commands, once for as long as the program listens.
func (v *receiver) ready(json.RawMessage) {
	if !v.registers {
		return
	}
	v.registered.Do(func() {
		for wait := v.p.timing.retry; ; wait = min(2*wait, v.p.timing.longest) {
			err := v.p.register(v.ctx)
			if err == nil || v.ctx.Err() != nil {
				return
			}
			v.p.log.Warn("discord: the commands were not registered", "error", err, "retry_in", wait)
			if !sleep(v.ctx, wait) {
				return
			}
		}
	})
}

// Kinds of callback ("Interaction Callback Type").
const (
	callbackMessage  = 4
	callbackDeferred = 5
	callbackSilent   = 6
	callbackChoices  = 8
	callbackForm     = 9
)

// answerWithin is the time for the first answer to an interaction, after which it is void
// (interactions/receiving-and-responding); a little is kept for the way there.
const answerWithin = 2500 * time.Millisecond

// interaction acknowledges an interaction and hands it to the inbox. Suggestions and
// forms are the acknowledgement themselves.
func (v *receiver) interaction(raw json.RawMessage) {
	i, ok := decode[interaction](v, raw)
	if !ok || i.by() == "" {
		return
	}
	ctx, cancel := context.WithTimeout(v.ctx, answerWithin)
	defer cancel()
	r := i.request(time.Now())
	switch {
	case r.Kind == bot.Completion:
		v.suggest(ctx, i, r)
		return
	case r.Kind == bot.Press && strings.HasPrefix(r.Action, bot.AskPrefix), r.Kind == bot.Command && asks(r.Command):
		v.ask(ctx, i, r)
		return
	}
	v.acknowledge(ctx, i, r)
	v.accept(r)
}

// asks tells whether a command is answered by a form at once.
func asks(command string) bool {
	return slices.ContainsFunc(bot.Commands, func(c bot.CommandSpec) bool { return c.Name == command && c.Asks })
}

// callback is the body of an interaction's first answer.
type callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

func (v *receiver) answer(ctx context.Context, i interaction, c callback) {
	_, err := v.p.call(ctx, http.MethodPost, "/interactions/"+i.ID+"/"+i.Token+"/callback", "", c)
	var call *callError
	if err != nil && v.ctx.Err() == nil && !(errors.As(err, &call) && call.code == alreadyAcknowledged) {
		v.p.log.Warn("discord: an interaction was not acknowledged", "error", err)
	}
}

// alreadyAcknowledged is the code for a second acknowledgement.
const alreadyAcknowledged = 40060

// acknowledge tells Discord that an answer will come: for a command and a form of its
// own as a message that says so, for the rest without a sign.
func (v *receiver) acknowledge(ctx context.Context, i interaction, r bot.Request) {
	if i.Message != nil {
		v.answer(ctx, i, callback{Type: callbackSilent})
		return
	}
	c := callback{Type: callbackDeferred}
	if unseen(r) {
		c.Data = map[string]int{"flags": flagEphemeral}
	}
	v.answer(ctx, i, c)
}

func (v *receiver) suggest(ctx context.Context, i interaction, r bot.Request) {
	type suggestion struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	out := []suggestion{}
	for _, c := range v.inbox.Immediate(ctx, r).Choices {
		label, value := shorten(digest.CleanOwn(c.Label), maxChoice), c.Value
		if label != "" && value != "" && units(value) <= maxChoice && len(out) < maxChoices {
			out = append(out, suggestion{label, value})
		}
	}
	v.answer(ctx, i, callback{Type: callbackChoices, Data: map[string]any{"choices": out}})
}

// ask answers a press or a command with a form, or with what the bot has to say instead;
// where it has neither, they are as any other.
func (v *receiver) ask(ctx context.Context, i interaction, r bot.Request) {
	reply := v.inbox.Immediate(ctx, r)
	switch {
	case reply.Form != nil:
		v.answer(ctx, i, callback{Type: callbackForm, Data: newForm(*reply.Form)})
	case reply.Post != nil:
		m := shown(*reply.Post, false, true)[0]
		m.Flags |= flagEphemeral
		v.answer(ctx, i, callback{Type: callbackMessage, Data: m})
	default:
		v.acknowledge(ctx, i, r)
		v.accept(r)
	}
}

// Limits of suggestions and forms (receiving-and-responding; components/reference).
const (
	maxChoices         = 25
	maxChoice          = 100
	maxFields          = 5
	maxFormTitle       = 45
	maxFormLabel       = 45
	maxFormPlaceholder = 100
)

// modal is a form as Discord takes it.
type modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

func newForm(f bot.Form) modal {
	m := modal{CustomID: f.Action, Title: shorten(digest.CleanOwn(f.Title), maxFormTitle)}
	for _, field := range f.Fields[:min(len(f.Fields), maxFields)] {
		input := component{
			Type: typeTextInput, Style: styleShort, CustomID: field.Key, MaxLength: maxInput, Required: new(bool),
			Placeholder: shorten(digest.CleanOwn(field.Placeholder), maxFormPlaceholder), Value: shorten(field.Value, maxInput),
		}
		*input.Required = !field.Optional
		if field.Long {
			input.Style = styleLong
		}
		m.Components = append(m.Components, component{Type: typeLabel, Label: shorten(digest.CleanOwn(field.Label), maxFormLabel), Component: &input})
	}
	return m
}
