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
}

// request is a request with the inbox that took it in.
type request struct {
	Request
	in *inbox
}

// Accept implements Inbox for a platform that only one process ever listens to.
func (b *Bot) Accept(ctx context.Context, p digest.Platform, rs []Request, cursor string) error {
	return (&inbox{Bot: b}).Accept(ctx, p, rs, cursor)
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
		return err
	}
	return i.take(context.WithoutCancel(ctx), fresh)
}

// take puts requests into their queues.
func (i *inbox) take(ctx context.Context, in []desk.Incoming) error {
	for _, one := range in {
		var r Request
		if err := json.Unmarshal(one.Body, &r); err != nil {
			return fmt.Errorf("a recorded request cannot be read: %w", err)
		}
		if one := (request{r, i}); i.begin(one) {
			i.queue(ctx, one)
		}
	}
	return nil
}

// begin tells whether a request is to be answered: not if that is being done.
func (b *Bot) begin(r request) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.taken[r.name()] {
		return false
	}
	b.taken[r.name()] = true
	r.in.work.Add(1)
	return true
}

// end says that nothing more is done about a request.
func (b *Bot) end(r request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.taken, r.name())
	r.in.work.Done()
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
		i := &inbox{Bot: b, lease: e.Lease}
		for err := i.resume(ctx, e); err != nil; err = i.resume(ctx, e) {
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

// resume answers the requests that were recorded by an ear and not handled.
func (i *inbox) resume(ctx context.Context, e Ear) error {
	waiting, err := i.desk.Waiting(ctx)
	if err != nil {
		return err
	}
	waiting = slices.DeleteFunc(waiting, func(in desk.Incoming) bool {
		orphan := e.First && in.Platform == e.Platform && !slices.Contains(e.Others, in.By)
		return in.By != e.Lease && !orphan
	})
	return i.take(context.WithoutCancel(ctx), waiting)
}
