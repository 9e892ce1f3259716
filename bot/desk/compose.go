package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// How editions are composed.
const (
	composeBatch   = 256 // subscriptions in one step
	composeWorkers = 16  // chats at once
	lateAfter      = 10 * time.Minute
)

// Compose files the deliveries of the subscriptions that are due at now.
func (d *Desk) Compose(ctx context.Context, now time.Time) (time.Time, error) {
	if err := d.opened(ctx, now); err != nil {
		return now, err
	}
	if err := d.rewind(ctx, now); err != nil {
		return now, err
	}
	due, err := d.due().DueSubscriptions(ctx, now, composeBatch)
	if err != nil {
		return now, err
	}
	if len(due) > 0 {
		defer d.rouse(delivering)
	}
	if err := d.fileAll(ctx, due, now); err != nil {
		return now, err
	}
	next, ok, err := d.due().NextSubscription(ctx)
	if err != nil || !ok {
		return now.Add(idleLook), err
	}
	return next, nil
}

// rewindEvery is how often it is looked whether the clock was wrong.
const rewindEvery = time.Hour

// rewind lets go on what a clock set off too far that has been put right since. Only the
// loop of Compose calls it.
func (d *Desk) rewind(ctx context.Context, now time.Time) error {
	if since := now.Sub(d.rewound); !d.rewound.IsZero() && since >= 0 && since < rewindEvery {
		return nil
	}
	own, ours := d.grouping()
	if !ours {
		return nil // once is enough
	}
	d.rewound = now
	n, err := own.Rewind(ctx, now)
	if n > 0 {
		d.log.Warn("the clock was wrong: what waited for a time that is far off goes on now", "waiting", n)
		d.rouse(polling)
		d.rouse(delivering)
	}
	return err
}

// fileAll files what is due of the subscriptions, several chats at once, so that their
// writes share a flush; those of one chat in turn. One that cannot be composed is no
// reason to keep the others waiting.
func (d *Desk) fileAll(ctx context.Context, due []store.DueSubscription, now time.Time) error {
	chats := map[digest.ChatID][]int{}
	for _, s := range due {
		chats[s.Chat] = append(chats[s.Chat], s.Ordinal)
	}
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		errs  []error
		slots = make(chan struct{}, composeWorkers)
	)
	for chat, ordinals := range chats {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			for _, o := range ordinals {
				err := d.file(ctx, chat, o, now)
				mu.Lock()
				errs = append(errs, err)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// file files what is due of one subscription: the newest slot, unless it is too late for
// it, and the missed ones before it. After each write the subscription waits for the slot
// after it, so that a crash in between skips none.
func (d *Desk) file(ctx context.Context, id digest.ChatID, ordinal int, now time.Time) (err error) {
	defer contain(&err)
	defer d.filing.lock(id)()
	c, err := d.store.Chat(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil // deleted since it was listed
	}
	if err != nil {
		return err
	}
	sub := c.Subscription(ordinal)
	if sub == nil || !sub.Stopped.IsZero() || sub.Next.IsZero() {
		return nil // stopped or paused since it was listed
	}
	zone, err := sub.Zone(c)
	if err != nil {
		return err
	}
	due, missed := sub.Schedule.CatchUp(sub.Next, now, zone)
	waits := slices.Clone(missed)
	if !due.IsZero() {
		waits = append(waits, due)
	}
	waits = append(waits, sub.Schedule.Next(now, zone))
	for i, slot := range missed {
		gone := d.delivery(c, *sub, slot, now).End(digest.Missed, "the program did not run", now)
		filed, err := d.of(string(c.ID)).FileDelivery(ctx, gone, digest.Edition{}, func(c *digest.Chat) { advance(c, ordinal, slot, waits[i+1]) })
		if err != nil {
			return err
		}
		d.meter.filed(filed, gone)
	}
	if due.IsZero() {
		return nil
	}
	return d.fileDue(ctx, c, ordinal, due, waits[len(waits)-1], now)
}

// advance lets a subscription wait for its next slot once it has waited up to one. A
// subscription that was paused or given another schedule meanwhile waits for what that
// says.
func advance(c *digest.Chat, ordinal int, reached, next digest.Slot) {
	if s := c.Subscription(ordinal); s != nil && !s.Next.IsZero() && !s.Next.At.After(reached.At) {
		s.Next = next
	}
}

// fileDue composes the edition for a slot and files its delivery. What other deliveries
// on their way to the chat show is not new to it.
func (d *Desk) fileDue(ctx context.Context, c digest.Chat, ordinal int, due, next digest.Slot, now time.Time) error {
	defer d.meter.compose.since(time.Now())
	settled, err := d.expect(ctx, &c, now)
	if err != nil {
		return err
	}
	advance(&c, ordinal, due, next)
	del, e, err := d.prepare(ctx, c, *c.Subscription(ordinal), due, now)
	if err != nil {
		return err
	}
	if err := d.tellQuiet(ctx, c, e); err != nil {
		return err
	}
	filed, err := d.of(string(c.ID)).FileDelivery(ctx, del, e, func(c *digest.Chat) {
		advance(c, ordinal, due, next)
		countQuiet(c, e)
		c.Pending = slices.DeleteFunc(c.Pending, func(id digest.DeliveryID) bool { return settled[id] || id == del.ID })
		if !del.State.Final() {
			c.Pending = append(c.Pending, del.ID)
		}
	})
	d.meter.filed(filed, del)
	return err
}

// delivery is a subscription's delivery for a slot, before there are pages.
func (d *Desk) delivery(c digest.Chat, s digest.Subscription, slot digest.Slot, now time.Time) digest.Delivery {
	deadline := now
	if zone, err := s.Zone(c); err == nil {
		deadline = s.Schedule.Deadline(slot, zone)
	}
	return digest.Delivery{
		ID: digest.NewDeliveryID(s.ID, slot), Chat: c.ID, Subscription: s.ID, Ordinal: s.Ordinal,
		Platform: c.Address.Platform, Slot: slot, State: digest.Ready, NextAt: now, Deadline: deadline,
		NoRepeat: s.NoRepeat,
	}
}

// prepare composes the edition for a slot and freezes its page.
func (d *Desk) prepare(ctx context.Context, c digest.Chat, s digest.Subscription, slot digest.Slot, now time.Time) (digest.Delivery, digest.Edition, error) {
	del := d.delivery(c, s, slot, now)
	m, ok := d.messengers[c.Address.Platform]
	if !ok {
		return del.End(digest.Missed, "the platform was not running", now), digest.Edition{}, nil
	}
	e, err := d.edition(ctx, c, s.Topic, s.Length, now, false)
	if err != nil {
		return del, e, err
	}
	e.ID = digest.NewEditionID(c.ID, string(s.ID)+" "+slot.Local)
	e.Subscription, e.Slot, e.Late = s.ID, slot, now.Sub(slot.At) > lateAfter
	e.Public = d.publicID(c, e.ID)
	if len(e.Stories) == 0 && !c.Address.Private() && !e.AllSilent() {
		return del.End(digest.Empty, "nothing new", now), e, nil
	}
	del.Edition, del.Silent = e.ID, len(e.Stories) == 0
	del.NextAt = d.turns.next(cmp.Or(s.By, string(c.ID)), now)
	shown, _ := e.OnPage(1)
	for _, st := range shown {
		del.Shown = append(del.Shown, digest.Shown{Story: st.Story, Facts: told(st)})
	}
	for _, p := range m.Pages(d.editor.Post(e, 1, c.Address)) {
		del.Pages = append(del.Pages, digest.PageDelivery{Page: p, State: digest.Ready})
	}
	return del, e, nil
}

// silent names the sources that did not answer.
func (d *Desk) silent(ctx context.Context, ids []digest.SourceID, last, now time.Time) ([]digest.SilentSource, error) {
	var out []digest.SilentSource
	for _, id := range ids {
		s, err := d.store.Source(ctx, id)
		if err != nil {
			return nil, err
		}
		if s.Silent(last, now, d.pollEvery) {
			out = append(out, digest.SilentSource{Name: s.Label(), Since: s.Fetch.FailingSince})
		}
	}
	return out, nil
}

// nextSlot is the chat's next slot after now, and the clock it is told in.
func nextSlot(c digest.Chat, now time.Time) (next digest.Slot, zone, place string) {
	for _, s := range c.Active() {
		if s.Next.At.After(now) && (next.IsZero() || s.Next.At.Before(next.At)) {
			next, zone, place = s.Next, s.Schedule.Zone, s.Schedule.Place
		}
	}
	if zone == "" {
		zone, place = c.Settings.Zone, c.Settings.Place
	}
	return next, zone, place
}

// Digest composes an edition for a request of the chat, and keeps it for its pages. The
// same request gives the same edition.
func (d *Desk) Digest(ctx context.Context, c digest.Chat, request, topic string, length digest.Length, now time.Time) (digest.Edition, error) {
	id := digest.NewEditionID(c.ID, request)
	if e, err := d.store.Edition(ctx, id); err == nil {
		return e, nil
	}
	if err := d.opened(ctx, now); err != nil {
		return digest.Edition{}, err
	}
	e, err := d.edition(ctx, c, topic, length, now, true)
	if err != nil {
		return e, err
	}
	e.ID, e.Public = id, d.publicID(c, id)
	if e, err = d.store.PutEdition(ctx, e); err != nil {
		return e, err
	}
	_, err = d.store.UpdateChat(ctx, c.ID, func(c *digest.Chat) error {
		c.LastEdition = e.ID
		return nil
	})
	return e, err
}

// Edition is an edition composed before; a Refusal if it is gone.
func (d *Desk) Edition(ctx context.Context, id digest.EditionID) (digest.Edition, error) {
	e, err := d.store.Edition(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		err = &Refusal{Reason: NoSuchDigest, Err: err}
	}
	return e, err
}

// Opened marks the stories on a page that somebody opened with "Show more" as seen. Only
// pages of scheduled digests count: what was asked for is not owed.
func (d *Desk) Opened(ctx context.Context, e digest.Edition, page int, now time.Time) error {
	if e.Slot.IsZero() {
		return nil
	}
	stories, _ := e.OnPage(page)
	_, err := d.store.UpdateChat(ctx, e.Chat, func(c *digest.Chat) error {
		for _, s := range stories {
			mark(c, digest.Shown{Story: s.Story, Facts: told(s)}, now)
		}
		return nil
	})
	return err
}
