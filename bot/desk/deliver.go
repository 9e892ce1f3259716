package desk

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// How deliveries are sent.
const (
	sendTime = 10 * time.Second // for one attempt
	// sameKeyFor is how long a platform with keys is trusted to refuse the same key
	// twice; after that its history is asked. Discord says "the past few minutes"
	// (Create Message, enforce_nonce) and no number.
	sameKeyFor = 2 * time.Minute
	// badFor is how long a delivery waits that cannot be read or written.
	badFor = 10 * time.Second
)

// sending is what is on its way: at most one message to a chat, so that pages keep their
// order, and at most pace.atOnce to a platform, so that one that does not answer takes
// nothing from another.
type sending struct {
	mu    sync.Mutex
	chats map[digest.Platform]map[digest.ChatID]bool
	ids   map[digest.DeliveryID]bool
}

// begin tells whether a message to the delivery's chat may be sent now, and if so notes that
// it is.
func (s *sending) begin(d digest.Delivery) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.chats == nil {
		s.chats, s.ids = map[digest.Platform]map[digest.ChatID]bool{}, map[digest.DeliveryID]bool{}
	}
	chats := s.chats[d.Platform]
	if chats == nil {
		chats = map[digest.ChatID]bool{}
		s.chats[d.Platform] = chats
	}
	if chats[d.Chat] {
		return false
	}
	chats[d.Chat], s.ids[d.ID] = true, true
	return true
}

func (s *sending) end(d digest.Delivery) {
	s.mu.Lock()
	delete(s.chats[d.Platform], d.Chat)
	delete(s.ids, d.ID)
	s.mu.Unlock()
}

// to is how many messages are on their way to a platform.
func (s *sending) to(p digest.Platform) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.chats[p])
}

// has tells whether a page of the delivery is on its way.
func (s *sending) has(id digest.DeliveryID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ids[id]
}

// any tells whether a message is on its way to a chat like this.
func (s *sending) any(like func(digest.ChatID) bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, chats := range s.chats {
		for c := range chats {
			if like(c) {
				return true
			}
		}
	}
	return false
}

// Deliver begins the sends that are due at now, as many as the platforms' rates allow.
// They end on their own; the next step sees what became of them.
func (d *Desk) Deliver(ctx context.Context, now time.Time) (time.Time, error) {
	if err := d.unwritten.Swap(nil); err != nil {
		return now, *err
	}
	begun := sync.OnceValues(func() ([]digest.Delivery, error) {
		return d.due().UnsettledDeliveries(ctx, d.posted.has)
	})
	next := now.Add(idleLook)
	for _, p := range digest.Platforms {
		at, err := d.deliverTo(ctx, p, begun, now)
		if err != nil {
			return now, err
		}
		if at.Before(next) {
			next = at
		}
	}
	return next, nil
}

// deliverTo is Deliver for one platform: first what is in hand, and if the platform takes
// more, what is due besides. Begun are the deliveries to all platforms that were begun by
// an earlier life of the program and not ended.
func (d *Desk) deliverTo(ctx context.Context, p digest.Platform, begun func() ([]digest.Delivery, error), now time.Time) (time.Time, error) {
	h := d.handFor(p)
	next, full, err := d.sendHand(ctx, p, h, now)
	if err != nil || full {
		return next, err
	}
	if at := h.listed.Add(listEvery); h.idle && !d.walking && now.After(h.listed) && now.Before(at) {
		return earlier(next, at), nil // a send elsewhere has ended; nothing was due here a moment ago
	}
	if err := d.list(ctx, p, h, begun, now); err != nil {
		return now, err
	}
	next, full, err = d.sendHand(ctx, p, h, now)
	if err != nil || full {
		return next, err
	}
	at, ok, err := d.due().NextDelivery(ctx, p)
	if ok && at.After(now) && at.Before(next) {
		next = at
	}
	return next, err
}

// start brings one delivery a step further. It stays in hand if its chat takes nothing
// before again; else again is when to look at the platform again.
func (d *Desk) start(ctx context.Context, w waiting, now time.Time) (stays bool, again time.Time, err error) {
	if d.posted.has(w.id) { // asked before it is read, so that what is read is not older
		return true, now, nil
	}
	del, due, err := d.store.DueDelivery(ctx, w.id, now)
	if err != nil || !due || !d.parts().Owns(string(del.Chat)) {
		return false, now.Add(idleLook), err // it went on, or it is another process's since it was listed
	}
	if !d.posted.begin(del) {
		return true, now, nil // whoever ends it rouses the loop
	}
	sending := false
	defer func() {
		if !sending {
			d.posted.end(del)
		}
	}()
	own := d.of(string(del.Chat)) // from here to the outcome: a lease that is lost and taken again is another one
	c, m, err := d.ready(ctx, own, &del, now)
	if err != nil || m == nil {
		return false, now, err
	}
	at := c.Address
	if ok, _, later := d.paces[at.Platform].take(now, at.Key(), !at.Private()); !ok {
		return true, later, nil
	}
	sending = true
	d.idle.Go(func() {
		defer d.posted.end(del)
		del := del.Begin(now)
		// Sends that begin together write so together; nothing is sent that was not
		// written first.
		if err := own.SaveDelivery(ctx, del, nil); err != nil {
			d.unwritten.Store(&err)
			return
		}
		defer d.rouse(delivering)
		d.send(own, del, c, m, now)
	})
	return false, now, nil
}

// ready settles what needs no sending: deliveries that an earlier life of the program
// began and did not end, those of chats that are gone or have stopped the subscription,
// and those that are too late. For the others it returns the chat and its messenger.
func (d *Desk) ready(ctx context.Context, own *store.Store, del *digest.Delivery, now time.Time) (digest.Chat, Messenger, error) {
	if del.State == digest.Sending {
		// It may have ended since it was listed.
		fresh, err := d.store.Delivery(ctx, del.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && fresh.State != digest.Sending {
			return digest.Chat{}, nil, nil
		}
		if err != nil {
			return digest.Chat{}, nil, err
		}
		*del = fresh
	}
	c, err := d.store.Chat(ctx, del.Chat)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return c, nil, err
	}
	m := d.messengers[c.Address.Platform]
	settled := d.unsendable(*del, c, m, now)
	if settled == nil {
		return c, m, nil
	}
	err = d.settle(ctx, own, *settled, now)
	if errors.Is(err, store.ErrNotFound) { // deleted with its chat
		err = nil
	}
	return c, nil, err
}

// unsendable is what becomes of a delivery that is not to be sent now, nil if it is.
func (d *Desk) unsendable(del digest.Delivery, c digest.Chat, m Messenger, now time.Time) *digest.Delivery {
	page := del.Current()
	sub := c.Subscription(del.Ordinal)
	switch {
	case page < 0:
		del = del.End(digest.Empty, "no pages", now)
	case del.Pages[page].State == digest.Sending:
		// Where the platform does not run nobody can say whether repeating is safe.
		del = del.Next(digest.Outcome{Fault: digest.Unknown, Finds: m == nil || finds(m), Reason: "the program stopped"}, now)
	case c.Gone != "" || !del.IsNotice() && (sub == nil || !sub.Stopped.IsZero() || !c.Blocked.IsZero()):
		del = del.End(digest.Cancelled, "the chat is gone or has stopped it", now)
	case now.After(del.Deadline) && del.Pages[page].Unclear && finds(m):
		return nil // it is not sent any more, but asked for
	case now.After(del.Deadline) && del.Pages[page].Unclear:
		del = del.End(digest.Unsure, "too late to be sent again", now)
	case now.After(del.Deadline):
		del = del.End(digest.Expired, "too late", now)
	case m == nil:
		del = del.Postpone("the platform is not running", now)
	default:
		return nil
	}
	return &del
}

// settle writes what became of a delivery; one that arrived marks its stories as seen by
// the chat in the same write.
func (d *Desk) settle(ctx context.Context, own *store.Store, del digest.Delivery, now time.Time) error {
	if !del.State.Final() {
		return own.SaveDelivery(ctx, del, nil)
	}
	err := own.SaveDelivery(ctx, del, func(c *digest.Chat) {
		c.Pending = slices.DeleteFunc(c.Pending, func(id digest.DeliveryID) bool { return id == del.ID })
		if !del.Arrived() {
			return
		}
		for _, shown := range del.Shown {
			mark(c, shown, now)
		}
		if !del.IsNotice() {
			c.LastSent, c.LastEdition = now, del.Edition
		}
	})
	if err == nil {
		d.meter.settled(del)
	}
	return err
}

// send makes one attempt and writes how it ended. A program that is asked to stop waits
// for it: an attempt broken off would be one whose fate nobody knows.
func (d *Desk) send(own *store.Store, del digest.Delivery, c digest.Chat, m Messenger, now time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), sendTime)
	defer cancel()
	began := time.Now()
	o := d.try(ctx, del, &c, m, now)
	if !d.walking {
		now = now.Add(time.Since(began).Round(time.Millisecond))
	}
	ctx = context.Background()
	d.meter.sent(del, o, time.Since(began), now)
	if err := d.settle(ctx, own, del.Next(o, now), now); err != nil {
		// It stays in SENDING and is taken for unknown when it is looked at again.
		d.log.Error("outcome not written", "delivery", del.ID, "error", err)
	}
	if o.Fault != "" {
		d.log.Warn("send failed", "delivery", del.ID, "platform", del.Platform, "chat", c.ID, "fault", o.Fault, "reason", o.Reason)
		d.meter.failed(Failure{At: now, What: "send", Platform: del.Platform, Delivery: del.ID, Reason: o.Reason})
	}
}

// try is attempt; after a panic in it nobody knows what became of the page.
func (d *Desk) try(ctx context.Context, del digest.Delivery, c *digest.Chat, m Messenger, now time.Time) (o digest.Outcome) {
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("a send panicked", "delivery", del.ID, "panic", p, "stack", string(debug.Stack()))
			o = digest.Outcome{Fault: digest.Unknown, Finds: finds(m), Reason: "a fault of the program"}
		}
	}()
	return d.attempt(ctx, del, c, m, now)
}

// attempt sends the current page, or finds out that it arrived before.
func (d *Desk) attempt(ctx context.Context, del digest.Delivery, c *digest.Chat, m Messenger, now time.Time) digest.Outcome {
	page, safe := del.Pages[del.Current()], finds(m)
	if c.Address.Channel == "" {
		if err := d.reach(ctx, c, m); err != nil {
			return d.outcome(ctx, c, err, safe, now)
		}
	}
	a, late := del.Attempt(safe), now.After(del.Deadline)
	if f, ok := m.(Finder); ok && page.Unclear && (late || now.Sub(page.FirstAt) > sameKeyFor) {
		r, found, err := f.Find(ctx, c.Address, a.Key, page.FirstAt)
		switch {
		case found:
			return digest.Outcome{Receipt: r, Finds: true}
		case err != nil && fault(err) != digest.Rejected:
			return d.outcome(ctx, c, err, safe, now)
		case late && err == nil:
			return digest.Outcome{Fault: digest.NotSent, Absent: true, Reason: "too late"}
		case late:
			return d.outcome(ctx, c, err, safe, now)
		case err != nil: // the history is closed to us: as where there is none
			a.Repeat, safe = true, false
		}
	}
	if !d.sure(string(del.Chat)) {
		return digest.Outcome{Fault: digest.NotSent, Reason: "the process stood still"}
	}
	r, err := m.Send(ctx, c.Address, page.Page, a)
	if err != nil {
		return d.outcome(ctx, c, err, safe, now)
	}
	return digest.Outcome{Receipt: r, Finds: safe}
}

// fault is what an error of a messenger means; unknown unless it says so.
func fault(err error) digest.Fault {
	var se *digest.SendError
	if errors.As(err, &se) {
		return se.Fault
	}
	return digest.Unknown
}

// outcome is how an attempt ended that failed with an error, and does what that asks for
// beyond the delivery: the chat moved or is gone, or the whole platform wants a pause.
func (d *Desk) outcome(ctx context.Context, c *digest.Chat, err error, safe bool, now time.Time) digest.Outcome {
	o := digest.Outcome{Fault: digest.Unknown, Finds: safe, Reason: err.Error()}
	var se *digest.SendError
	if !errors.As(err, &se) {
		return o
	}
	o.Fault, o.RetryAfter = se.Fault, se.RetryAfter
	if se.Global {
		d.paces[c.Address.Platform].pause(now.Add(se.RetryAfter))
	}
	var failed error
	switch se.Fault {
	case digest.Moved:
		failed = d.moved(ctx, c, se.To)
	case digest.Gone:
		failed = d.Lose(ctx, c.ID, se.Error(), now)
	}
	if failed != nil {
		return digest.Outcome{Fault: digest.NotSent, Reason: failed.Error()}
	}
	return o
}

func finds(m Messenger) bool {
	_, ok := m.(Finder)
	return ok
}
