package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"newsdigest/bot/desk"
	"newsdigest/digest"
)

// Ear is one way in which a platform's requests come to the bot, and the lease under which
// one process at a time listens there.
type Ear struct {
	Platform digest.Platform
	Lease    string
	// Others are the leases of the platform's other ears; the first of all answers what
	// was recorded by an ear that is no more.
	First  bool
	Others []string
	Listen func(context.Context, Inbox) error
}

// inbox is what an ear hands requests to: they are recorded under its lease.
type inbox struct {
	*Bot
	lease string
	work  sync.WaitGroup // what was taken in by it

	mu sync.Mutex
	// mine tells which of the requests that wait are for this ear to answer, and failed that
	// an Accept has failed: what it was to record may be recorded all the same.
	mine   func(desk.Incoming) bool
	failed bool
}

// request is a request with the inbox that took it in. One that was read from the store
// instead of being told by its platform may have been answered since.
type request struct {
	Request
	in   *inbox
	read bool
}

// Accept implements Inbox for a platform that only one process ever listens to.
func (b *Bot) Accept(ctx context.Context, p digest.Platform, rs []Request, cursor string) error {
	return (&inbox{Bot: b, mine: func(desk.Incoming) bool { return false }}).Accept(ctx, p, rs, cursor)
}

// Cursor implements Inbox.
func (b *Bot) Cursor(ctx context.Context, p digest.Platform) (string, error) {
	return b.desk.Cursor(ctx, p)
}

// Accept implements Inbox. Once another process has the lease it fails, and with it the
// confirmation to the platform.
func (i *inbox) Accept(ctx context.Context, p digest.Platform, rs []Request, cursor string) error {
	var in []desk.Incoming
	for _, r := range rs {
		body, err := json.Marshal(r)
		if err != nil {
			return err
		}
		in = append(in, desk.Incoming{Platform: p, ID: r.ID, Body: body, At: r.At, By: i.lease})
	}
	fresh, err := i.desk.Accept(ctx, i.lease, p, in, cursor)
	if err != nil {
		i.doubt(true)
		return err
	}
	if err := i.take(context.WithoutCancel(ctx), fresh, false); err != nil || !i.doubt(false) {
		return err
	}
	if err := i.resume(ctx); err != nil {
		i.doubt(true)
		i.log.Error("what waits for an answer cannot be read", "lease", i.lease, "error", err)
	}
	return nil
}

// doubt notes whether an Accept has failed, and returns what was noted before.
func (i *inbox) doubt(failed bool) (before bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	before, i.failed = i.failed, failed
	return before
}

// take puts requests into their queues; read says that they come from the store.
func (i *inbox) take(ctx context.Context, in []desk.Incoming, read bool) error {
	for _, one := range in {
		var r Request
		if err := json.Unmarshal(one.Body, &r); err != nil {
			return fmt.Errorf("a recorded request cannot be read: %w", err)
		}
		if one := (request{r, i, read}); i.begin(ctx, one) {
			i.queue(ctx, one)
		}
	}
	return nil
}

// begin tells whether a request is to be answered: not if that is being done.
func (b *Bot) begin(ctx context.Context, r request) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, taken := b.taken[r.name()]; taken {
		b.taken[r.name()] = func() { r.in.retake(ctx, r) }
		return false
	}
	b.taken[r.name()] = nil
	r.in.work.Add(1)
	return true
}

// end says that nothing more is done about a request. One that was left to whoever has the
// lease, and was to be taken up again here meanwhile, is.
func (b *Bot) end(r request, left bool) {
	b.mu.Lock()
	again := b.taken[r.name()]
	delete(b.taken, r.name())
	b.mu.Unlock()
	if left && again != nil {
		again()
	}
	r.in.work.Done()
}

// retake takes up a request that was in hand before.
func (i *inbox) retake(ctx context.Context, r request) {
	if i.begin(ctx, r) {
		i.queue(ctx, r)
	}
}

func (r request) name() string { return string(r.Platform) + " " + r.ID }

// lastAnswers is how long an ear that is closed waits for the answers under way. Then
// whoever listens next gives them.
const lastAnswers = 10 * time.Second

// resumeAgain is when the store is asked again that did not answer.
const resumeAgain = time.Second

// Listen answers what comes in by an ear, whenever this process has its lease, until ctx
// ends or the platform refuses the bot: first what an earlier holder recorded and did not
// get to, then what is new.
func (b *Bot) Listen(ctx context.Context, e Ear) error {
	return b.desk.Hold(ctx, e.Lease, func(ctx context.Context) error {
		i := &inbox{Bot: b, lease: e.Lease, mine: e.answers}
		for err := i.resume(ctx); err != nil; err = i.resume(ctx) {
			b.log.Error("what waits for an answer cannot be read", "lease", e.Lease, "error", err)
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(resumeAgain):
			}
		}
		err := e.Listen(ctx, i)
		done := make(chan struct{})
		go func() {
			i.work.Wait()
			close(done)
		}()
		select {
		case <-done:
		case <-time.After(lastAnswers):
		}
		return err
	})
}

// answers tells whether a recorded request is for this ear to answer.
func (e Ear) answers(in desk.Incoming) bool {
	orphan := e.First && in.Platform == e.Platform && !slices.Contains(e.Others, in.By)
	return in.By == e.Lease || orphan
}

// resume answers the requests that were recorded by an ear and not handled.
func (i *inbox) resume(ctx context.Context) error {
	waiting, err := i.desk.Waiting(ctx)
	if err != nil {
		return err
	}
	waiting = slices.DeleteFunc(waiting, func(in desk.Incoming) bool { return !i.mine(in) })
	return i.take(context.WithoutCancel(ctx), waiting, true)
}
