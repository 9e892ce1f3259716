package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	"newsdigest/digest"
)

// How deliveries are sent.
const (
	deliverBatch = 256              // looked at in one step
	sendsAtOnce  = 8                // also the most messages whose fate a crash can leave open
	sendTime     = 10 * time.Second // for one attempt
	// sameKeyFor is how long a platform with keys is trusted to refuse the same key
	// twice; after that its history is asked. Discord says "the past few minutes"
	// (Create Message, enforce_nonce) and no number.
	sameKeyFor = 2 * time.Minute
)

// sending is what is on its way: at most one message to a chat, so that pages keep their
// order.
type sending struct {
	mu    sync.Mutex
	chats map[digest.ChatID]bool
}

// begin tells whether a message to the chat may be sent now, and if so notes that it is.
func (s *sending) begin(c digest.ChatID) (ok, full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.chats) >= sendsAtOnce {
		return false, true
	}
	if s.chats[c] {
		return false, false
	}
	if s.chats == nil {
		s.chats = map[digest.ChatID]bool{}
	}
	s.chats[c] = true
	return true, false
}

func (s *sending) end(c digest.ChatID) {
	s.mu.Lock()
	delete(s.chats, c)
	s.mu.Unlock()
}

// Deliver begins the sends that are due at now, as many as the platforms' rates allow.
// They end on their own; the next step sees what became of them.
func (d *Desk) Deliver(ctx context.Context, now time.Time) (time.Time, error) {
	due, err := d.store.DueDeliveries(ctx, now, deliverBatch)
	if err != nil {
		return now, err
	}
	next := now.Add(idleLook)
	for _, del := range due {
		ok, full := d.posted.begin(del.Chat)
		if full {
			break // whichever ends first rouses the loop
		}
		if !ok {
			continue
		}
		again, err := d.start(ctx, del, now)
		if err != nil {
			return now, err
		}
		if !again.IsZero() && again.Before(next) {
			next = again
		}
	}
	if at, ok, err := d.store.NextDelivery(ctx); err != nil {
		return now, err
	} else if ok && at.After(now) && at.Before(next) {
		next = at
	}
	return next, nil
}

// start brings one delivery a step further. Its chat is taken; whoever ends the work on
// it frees it. again is when to ask again, zero if that shows by itself.
func (d *Desk) start(ctx context.Context, del digest.Delivery, now time.Time) (again time.Time, err error) {
	del, c, m, err := d.ready(ctx, del, now)
	if err != nil || m == nil {
		d.posted.end(del.Chat)
		if err == nil {
			again = now
		}
		return again, err
	}
	at := c.Address
	if ok, later := d.paces[at.Platform].take(now, at.Key(), !at.Private()); !ok {
		d.posted.end(del.Chat)
		return later, nil
	}
	del = del.Begin(now)
	if err := d.store.SaveDelivery(ctx, del, nil); err != nil {
		d.posted.end(del.Chat)
		return now, err // nothing is sent that was not written first
	}
	d.idle.Go(func() {
		defer d.rouse(delivering)
		defer d.posted.end(del.Chat)
		d.send(del, c, m, now)
	})
	return time.Time{}, nil
}

// ready settles what needs no sending: deliveries of chats that are gone or have stopped
// the subscription, those that are too late, and those that an earlier life of the
// program began and did not finish. For the others it returns the messenger.
func (d *Desk) ready(ctx context.Context, del digest.Delivery, now time.Time) (digest.Delivery, digest.Chat, Messenger, error) {
	c, err := d.store.Chat(ctx, del.Chat)
	if err != nil {
		return del, c, nil, err
	}
	m := d.messengers[c.Address.Platform]
	sub := c.Subscription(del.Ordinal)
	page := del.Current()
	settled := del
	switch {
	case page >= 0 && del.Pages[page].State == digest.Sending:
		settled = del.Next(digest.Outcome{Fault: digest.Unknown, Finds: finds(m), Reason: "the program stopped"}, now)
	case page < 0:
		settled = del.End(digest.Empty, "no pages", now)
	case c.Gone != "" || sub == nil || !sub.Stopped.IsZero():
		settled = del.End(digest.Cancelled, "the chat is gone or has stopped it", now)
	case m == nil:
		settled = del.Next(digest.Outcome{Fault: digest.NotSent, Reason: "the platform is not running"}, now)
	case now.After(del.Deadline) && !del.Pages[page].Unclear:
		settled = del.End(digest.Expired, "too late", now)
	default:
		return del, c, m, nil
	}
	return settled, c, nil, d.settle(ctx, settled, now)
}

// settle writes what became of a delivery; one that arrived marks its stories as seen by
// the chat in the same write.
func (d *Desk) settle(ctx context.Context, del digest.Delivery, now time.Time) error {
	if !del.Arrived() {
		return d.store.SaveDelivery(ctx, del, nil)
	}
	return d.store.SaveDelivery(ctx, del, func(c *digest.Chat) {
		for _, id := range del.Shown {
			mark(c, id, now)
		}
		c.LastSent, c.LastEdition = now, del.Edition
	})
}

// send makes one attempt and writes how it ended. A program that is asked to stop waits
// for it: an attempt broken off would be one whose fate nobody knows.
func (d *Desk) send(del digest.Delivery, c digest.Chat, m Messenger, now time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), sendTime)
	defer cancel()
	began := time.Now()
	o := d.attempt(ctx, del, &c, m, now)
	now = now.Add(time.Since(began).Round(time.Millisecond))
	ctx = context.Background()
	if err := d.settle(ctx, del.Next(o, now), now); err != nil {
		// It stays in SENDING and is taken for unknown when it is looked at again.
		d.log.Error("outcome not written", "delivery", del.ID, "error", err)
	}
	if o.Fault != "" {
		d.log.Warn("send failed", "delivery", del.ID, "chat", c.Address, "fault", o.Fault, "reason", o.Reason)
	}
}

// attempt sends the current page, or finds out that it arrived before.
func (d *Desk) attempt(ctx context.Context, del digest.Delivery, c *digest.Chat, m Messenger, now time.Time) digest.Outcome {
	page := del.Pages[del.Current()]
	a := del.Attempt(finds(m))
	if c.Address.Channel == "" {
		to, err := m.Open(ctx, c.Address.User)
		if err != nil {
			return d.outcome(ctx, c, m, err, now)
		}
		if err := d.moved(ctx, c, to); err != nil {
			return digest.Outcome{Fault: digest.NotSent, Reason: err.Error()}
		}
	}
	if f, ok := m.(Finder); ok && page.Unclear && now.Sub(page.FirstAt) > sameKeyFor {
		if r, found, err := f.Find(ctx, c.Address, a.Key, page.FirstAt); err != nil {
			return d.outcome(ctx, c, m, err, now)
		} else if found {
			return digest.Outcome{Receipt: r}
		}
	}
	r, err := m.Send(ctx, c.Address, page.Page, a)
	if err != nil {
		return d.outcome(ctx, c, m, err, now)
	}
	return digest.Outcome{Receipt: r}
}

// outcome is what an error of the platform means, and does what it asks for beyond the
// delivery: the chat moved or is gone, or the whole platform wants a pause.
func (d *Desk) outcome(ctx context.Context, c *digest.Chat, m Messenger, err error, now time.Time) digest.Outcome {
	o := digest.Outcome{Fault: digest.Unknown, Finds: finds(m), Reason: err.Error()}
	var se *digest.SendError
	if !errors.As(err, &se) {
		return o
	}
	o.Fault, o.RetryAfter = se.Fault, se.RetryAfter
	switch {
	case se.Global:
		d.paces[c.Address.Platform].pause(now.Add(se.RetryAfter))
	case se.Fault == digest.Moved:
		err = d.moved(ctx, c, se.To)
	case se.Fault == digest.Gone:
		err = d.Lose(ctx, c.ID, se.Error())
	default:
		return o
	}
	if err != nil && (se.Fault == digest.Moved || se.Fault == digest.Gone) {
		return digest.Outcome{Fault: digest.NotSent, Reason: err.Error()}
	}
	return o
}

// moved notes a chat's new address.
func (d *Desk) moved(ctx context.Context, c *digest.Chat, to digest.Address) error {
	changed, err := d.store.UpdateChat(context.WithoutCancel(ctx), c.ID, func(c *digest.Chat) error {
		c.Address = to
		return nil
	})
	if err == nil {
		*c = changed
	}
	return err
}

// Move notes that the chat at one address is at another now; nothing if no chat is known
// there.
func (d *Desk) Move(ctx context.Context, from, to digest.Address) error {
	c, ok, err := d.store.ChatAt(ctx, from)
	if err != nil || !ok {
		return err
	}
	return d.moved(ctx, &c, to)
}

// Lose notes that a chat cannot be reached any more and why. Nothing is sent there until
// somebody speaks there again.
func (d *Desk) Lose(ctx context.Context, id digest.ChatID, why string) error {
	_, err := d.store.UpdateChat(context.WithoutCancel(ctx), id, func(c *digest.Chat) error {
		c.Gone, c.Counted = why, nil // its sources are not polled for it
		return nil
	})
	return err
}

func finds(m Messenger) bool {
	_, ok := m.(Finder)
	return ok
}

// Turn waits for the place of an answer to the address among everything that is sent to
// its platform. Answers go before deliveries.
func (d *Desk) Turn(ctx context.Context, at digest.Address, now time.Time) error {
	p, ok := d.paces[at.Platform]
	if !ok {
		return nil
	}
	wait := p.answer(now, at.Key())
	if wait <= 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// Retain drops what is older than it is kept.
func (d *Desk) Retain(ctx context.Context, now time.Time) (time.Time, error) {
	d.forget(now.Add(-digest.StoryLife))
	looked, err := d.store.Retain(ctx, now, retainBatch)
	if err != nil || looked == retainBatch {
		return now, err
	}
	return now.Add(time.Hour), nil
}

// retainBatch is how many rows one step looks at.
const retainBatch = 500
