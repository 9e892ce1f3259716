// Package bot is the one conversation that newsdigest has on all platforms: commands,
// rights, and the words of digests. Platforms hand it requests and show its replies; the
// desk does the work.
package bot

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"newsdigest/bot/desk"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// Options are what a bot works with.
type Options struct {
	Desk   *desk.Desk
	Access Access
	// Web is where digests have pages and feeds, see Editor; empty if they have none.
	Web string
	// Version and Home (the project's address) are named by help.
	Version, Home string
	Log           *slog.Logger
}

// Bot answers requests. It is safe for concurrent use; what one person asks for in one
// place is answered in order.
type Bot struct {
	desk      *desk.Desk
	access    Access
	editor    Editor
	version   string
	home      string
	log       *slog.Logger
	answerers map[digest.Platform]Answerer

	mu sync.Mutex
	// queues are the requests of one person in one place: nobody waits for what others
	// asked for there. A queue exists while somebody works on it.
	queues map[string]*queue
	// taken are the requests in queues or in work, by platform and id, each with what to do
	// should it be left undone; nil for nothing.
	taken map[string]func()
	work  sync.WaitGroup

	// unreached is how long an answer waits, each time, for a platform that cannot be
	// reached and so states no wait.
	unreached []time.Duration
}

// New makes a bot. Platforms are added before they listen.
func New(o Options) *Bot {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Bot{
		desk: o.Desk, access: o.Access, editor: Editor{Web: o.Web}, version: o.Version, home: o.Home, log: o.Log,
		answerers: map[digest.Platform]Answerer{}, queues: map[string]*queue{}, taken: map[string]func(){},
		unreached: []time.Duration{time.Second, 2 * time.Second, 4 * time.Second},
	}
}

// Add plugs in a platform's answers.
func (b *Bot) Add(p digest.Platform, a Answerer) { b.answerers[p] = a }

// Wait returns when everything accepted so far is answered.
func (b *Bot) Wait() { b.work.Wait() }

// queue puts a request behind those of the same person in the same place.
func (b *Bot) queue(ctx context.Context, r request) {
	key := r.Place.Key() + " " + r.User
	b.mu.Lock()
	defer b.mu.Unlock()
	q, busy := b.queues[key]
	if !busy {
		q = &queue{}
		b.queues[key] = q
	}
	if len(q.waiting) >= mostWaiting {
		aloud := !q.told
		q.told = true
		b.work.Go(func() { b.putOff(ctx, r, aloud) })
		return
	}
	q.waiting = append(q.waiting, r)
	if !busy {
		b.work.Go(func() { b.serve(ctx, key, q) })
	}
}

// serve answers the requests of one queue until there are none.
func (b *Bot) serve(ctx context.Context, key string, q *queue) {
	for {
		b.mu.Lock()
		if len(q.waiting) == 0 {
			delete(b.queues, key)
			b.mu.Unlock()
			return
		}
		r := q.waiting[0]
		q.waiting = q.waiting[1:]
		b.mu.Unlock()
		b.handle(ctx, r)
	}
}

// answerTime is how long work on one request may take. Discord takes no answer after 15
// minutes (Interactions, Followup Messages).
const answerTime = 2 * time.Minute

// handle answers one request and notes that it was handled. One whose lease is another
// process's by now is left to that.
func (b *Bot) handle(ctx context.Context, r request) {
	if b.leaves(ctx, r) {
		b.end(r, true)
		return
	}
	bounded, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if err := b.respond(bounded, r.Request); err != nil {
		b.log.Warn("request not answered", "platform", r.Platform, "request", r.ID, "error", err)
	}
	b.handled(ctx, r)
}

// leaves tells whether nothing is to be done here about a request: its lease is another
// process's, or it has been answered.
func (b *Bot) leaves(ctx context.Context, r request) bool {
	if r.in.lease != "" && !b.desk.Holds(r.in.lease) {
		return true
	}
	if !r.read {
		return false
	}
	waits, err := b.desk.Waits(ctx, r.Platform, r.ID)
	return err == nil && !waits // in doubt, twice is better than not at all
}

// handled notes that a request was handled.
func (b *Bot) handled(ctx context.Context, r request) {
	defer b.end(r, false)
	if err := b.desk.Handled(ctx, r.in.lease, r.Platform, r.ID); err != nil {
		b.log.Error("request stays recorded", "platform", r.Platform, "request", r.ID, "error", err)
	}
}

func (b *Bot) respond(ctx context.Context, r Request) error {
	a, ok := b.answerers[r.Platform]
	if !ok {
		return fmt.Errorf("platform %s is not running", r.Platform)
	}
	c := &conversation{b: b, a: a, r: r, now: r.At, lang: texts.Supported(r.Language)}
	reply, err := b.reply(ctx, c)
	if err != nil {
		reply = c.refuse(err)
	}
	return c.answer(ctx, reply)
}

// reply makes the reply to a request. A panic in it is an error like any other.
func (b *Bot) reply(ctx context.Context, c *conversation) (reply Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if !b.access.Allows(c.r) {
		return Reply{}, nil
	}
	return c.reply(ctx)
}

// refuse turns an error into a reply: a refusal in the chat's words, anything else into
// a short reference that is in the log too.
func (c *conversation) refuse(err error) Reply {
	var no *desk.Refusal
	if errors.As(err, &no) {
		if id, ok := refusals[no.Reason]; ok {
			return c.say(id, texts.Args{"Host": quote(no.Host), "Max": digest.MaxSources})
		}
	}
	h := fnv.New32a()
	h.Write([]byte(c.r.ID + c.r.At.String()))
	ref := fmt.Sprintf("%05X", h.Sum32()&0xfffff)
	c.b.log.Error("request failed", "ref", ref, "platform", c.r.Platform, "request", c.r.ID, "kind", c.r.Kind,
		"command", c.r.Command, "error", err)
	return c.say(texts.Fault, texts.Args{"Ref": ref})
}

var refusals = map[desk.Reason]texts.ID{
	desk.BadAddress:     texts.BadAddress,
	desk.NotAnswering:   texts.NotAnswering,
	desk.PageGone:       texts.PageGone,
	desk.PageRefused:    texts.PageRefused,
	desk.NoFeed:         texts.NoFeed,
	desk.NoArticle:      texts.NoArticle,
	desk.TooManySources: texts.TooManySources,
	desk.NoSuchSource:   texts.NoSuchSource,
	desk.NoSuchStory:    texts.NoSuchStory,
	desk.NoSuchDigest:   texts.NoSuchDigest,
}
