package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// How editions are composed.
const (
	composeBatch   = 4096 // subscriptions in one step
	composePack    = 64   // filed in one write
	composeWorkers = 16   // packs at once
	lateAfter      = 10 * time.Minute
)

// Compose files the deliveries of the subscriptions that are due at now; if there are none,
// it gets ready for those that are due soon.
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
	if err != nil {
		return now.Add(idleLook), err
	}
	if !ok {
		next = now.Add(idleLook)
	}
	if !next.After(now) || d.walking {
		return next, nil
	}
	return d.rehearse(ctx, next, now)
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

// fileAll files what is due of the subscriptions, many chats in one write; those of one chat
// in turn. One that cannot be composed is no reason to keep the others waiting.
func (d *Desk) fileAll(ctx context.Context, due []store.DueSubscription, now time.Time) error {
	defer d.filing.lockAll(due)()
	d.minutes.begin(now)
	var errs []error
	for len(due) > 0 {
		var round, later []store.DueSubscription
		seen := make(map[digest.ChatID]bool, len(due))
		for _, s := range due {
			if seen[s.Chat] {
				later = append(later, s)
			} else {
				round = append(round, s)
			}
			seen[s.Chat] = true
		}
		errs = append(errs, d.fileRound(ctx, round, now))
		due = later
	}
	return errors.Join(errs...)
}

// fileRound files what is due of subscriptions of different chats, several packs at once, so
// that their writes share a flush.
func (d *Desk) fileRound(ctx context.Context, round []store.DueSubscription, now time.Time) error {
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		errs  []error
		slots = make(chan struct{}, composeWorkers)
	)
	for _, pack := range packs(round) {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			err := d.filePack(ctx, pack, now)
			mu.Lock()
			errs = append(errs, err)
			mu.Unlock()
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// packs are the subscriptions by partition, in packs of composePack, the chats of each in
// order, as the ids are of what is made for them: neighbors in the store are written
// together.
func packs(round []store.DueSubscription) [][]store.DueSubscription {
	var byPart [digest.Partitions][]store.DueSubscription
	for _, s := range round {
		p := digest.Partition(string(s.Chat))
		byPart[p] = append(byPart[p], s)
	}
	var out [][]store.DueSubscription
	for _, part := range byPart {
		slices.SortFunc(part, func(a, b store.DueSubscription) int { return cmp.Compare(a.Chat, b.Chat) })
		out = slices.AppendSeq(out, slices.Chunk(part, composePack))
	}
	return out
}

// filePack files what is due of subscriptions of one partition in one write.
func (d *Desk) filePack(ctx context.Context, pack []store.DueSubscription, now time.Time) error {
	var errs []error
	var all []store.Filing
	for _, s := range pack {
		filings, err := d.filings(ctx, s.Chat, s.Ordinal, now)
		if err != nil {
			errs = append(errs, fmt.Errorf("chat %s: %w", s.Chat, err))
		}
		all = append(all, filings...)
	}
	if len(all) > 0 {
		filed, err := d.of(string(pack[0].Chat)).FileDeliveries(ctx, all)
		for i, f := range all {
			d.meter.filed(filed[i], f.Delivery)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// filings are what is due of one subscription: the missed slots, and the newest one, unless
// it is too late for it. Each lets the subscription wait for the slot after it, so that
// none is skipped. What is composed before an error counts.
func (d *Desk) filings(ctx context.Context, id digest.ChatID, ordinal int, now time.Time) (out []store.Filing, err error) {
	defer contain(&err)
	read, err := d.store.ReadChat(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil // deleted since it was listed
	}
	if err != nil {
		return nil, err
	}
	c := read.Chat()
	sub := c.Subscription(ordinal)
	if sub == nil || !sub.Stopped.IsZero() || sub.Next.IsZero() {
		return nil, nil // stopped or paused since it was listed
	}
	zone, err := sub.Zone(c)
	if err != nil {
		return nil, err
	}
	due, missed := sub.Schedule.CatchUp(sub.Next, now, zone)
	waits := slices.Clone(missed)
	if !due.IsZero() {
		waits = append(waits, due)
	}
	waits = append(waits, sub.Schedule.Next(now, zone))
	for i, slot := range missed {
		gone := d.delivery(c, *sub, slot, now).End(digest.Missed, "the program did not run", now)
		out = append(out, store.Filing{Delivery: gone, Next: func(c *digest.Chat) { advance(c, ordinal, slot, waits[i+1]) }})
	}
	if due.IsZero() {
		return out, nil
	}
	f, err := d.fileDue(ctx, c, ordinal, due, waits[len(waits)-1], now)
	if err != nil {
		return out, err
	}
	f.Read = read
	return append(out, f), nil
}

// advance lets a subscription wait for its next slot once it has waited up to one. A
// subscription that was paused or given another schedule meanwhile waits for what that
// says.
func advance(c *digest.Chat, ordinal int, reached, next digest.Slot) {
	if s := c.Subscription(ordinal); s != nil && !s.Next.IsZero() && !s.Next.At.After(reached.At) {
		s.Next = next
	}
}

// fileDue composes the edition for a slot and its delivery. What other deliveries on their
// way to the chat show is not new to it.
func (d *Desk) fileDue(ctx context.Context, c digest.Chat, ordinal int, due, next digest.Slot, now time.Time) (store.Filing, error) {
	defer d.meter.compose.since(time.Now())
	settled, err := d.expect(ctx, &c, now)
	if err != nil {
		return store.Filing{}, err
	}
	advance(&c, ordinal, due, next)
	f, err := d.prepare(ctx, c, *c.Subscription(ordinal), due, now)
	if err != nil {
		return f, err
	}
	e, del := f.Edition, f.Delivery
	if err := d.tellQuiet(ctx, c, e); err != nil {
		return f, err
	}
	f.Next = func(c *digest.Chat) {
		advance(c, ordinal, due, next)
		countQuiet(c, e)
		c.Pending = slices.DeleteFunc(c.Pending, func(id digest.DeliveryID) bool { return settled[id] || id == del.ID })
		if !del.State.Final() {
			c.Pending = append(c.Pending, del.ID)
		}
	}
	return f, nil
}

// delivery is a subscription's delivery for a slot, before there are pages.
func (d *Desk) delivery(c digest.Chat, s digest.Subscription, slot digest.Slot, now time.Time) digest.Delivery {
	deadline := now
	if zone, err := s.Zone(c); err == nil {
		deadline = s.Schedule.Deadline(slot, zone)
	}
	return digest.Delivery{
		ID: digest.NewDeliveryID(c.ID, s.ID, slot), Chat: c.ID, Subscription: s.ID, Ordinal: s.Ordinal,
		Platform: c.Address.Platform, Slot: slot, State: digest.Ready, NextAt: now, Deadline: deadline,
		NoRepeat: s.NoRepeat,
	}
}

// prepare composes the edition for a slot and freezes its page.
func (d *Desk) prepare(ctx context.Context, c digest.Chat, s digest.Subscription, slot digest.Slot, now time.Time) (store.Filing, error) {
	f := store.Filing{Delivery: d.delivery(c, s, slot, now)}
	del := &f.Delivery
	m, ok := d.messengers[c.Address.Platform]
	if !ok {
		*del = del.End(digest.Missed, "the platform was not running", now)
		return f, nil
	}
	in := d.minuteOf(now)
	e, p, err := d.edition(ctx, in, c, s.Topic, s.Length, false)
	if err != nil {
		return f, err
	}
	d.identify(&e, c, s, slot)
	e.Late = now.Sub(slot.At) > lateAfter
	f.Edition, f.Stories = e, p.content
	if len(e.Stories) == 0 && !c.Address.Private() && !e.AllSilent() {
		*del = del.End(digest.Empty, "nothing new", now)
		return f, nil
	}
	del.Edition, del.Silent = e.ID, len(e.Stories) == 0
	del.NextAt = d.turns.next(cmp.Or(s.By, string(c.ID)), now)
	del.Shown, del.ShownIn, f.Shown = p.shown, p.shownIn.ID, p.shownIn
	pages, contents, err := d.pagesOf(in, m, e, c.Address, p.shared)
	for _, page := range pages {
		del.Pages = append(del.Pages, digest.PageDelivery{Page: page, State: digest.Ready})
	}
	f.Pages = contents
	return f, err
}

// identify says which slot of which chat an edition is for.
func (d *Desk) identify(e *digest.Edition, c digest.Chat, s digest.Subscription, slot digest.Slot) {
	e.ID = digest.SlotEditionID(c.ID, s.ID, slot)
	e.Subscription, e.Slot, e.Public = s.ID, slot, d.publicID(c, e.ID)
}

// silent names the sources that did not answer.
func (d *Desk) silent(ctx context.Context, in *minute, w *want, last time.Time) ([]digest.SilentSource, error) {
	failing, err := d.failing(ctx, in, w)
	var out []digest.SilentSource
	for _, s := range failing {
		if s.Silent(last, in.at, d.pollEvery) {
			out = append(out, digest.SilentSource{Name: s.Label(), Since: s.Fetch.FailingSince})
		}
	}
	return out, err
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
	e, _, err := d.edition(ctx, d.newMinute(now), c, topic, length, true)
	if err != nil {
		return e, err
	}
	e.ID, e.Public, e.Content = id, d.publicID(c, id), ""
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
