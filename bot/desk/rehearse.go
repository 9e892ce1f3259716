package desk

import (
	"context"
	"time"

	"newsdigest/store"
)

// How what is due soon is composed beforehand. What is composed is thrown away; what stays
// is what chats have in common: the stories as their sources tell them, which take time, and,
// unless a story changes until then, the choice of them and the pages.
const (
	rehearseAhead = 2 * time.Minute
	rehearseBatch = 256     // in one step, so that what falls due meanwhile does not wait
	rehearseMost  = 200_000 // in one look ahead
)

// rehearsal is what is still to rehearse, and until when it was looked ahead.
type rehearsal struct {
	rest  []store.DueSubscription
	until time.Time
}

// rehearse composes some of what is due soon, and tells when Compose has to be called next.
// Only the loop of Compose calls it.
func (d *Desk) rehearse(ctx context.Context, next, now time.Time) (time.Time, error) {
	r := &d.ahead
	if len(r.rest) == 0 && next.Sub(now) <= rehearseAhead && r.until.Before(next) {
		due, err := d.due().DueSubscriptions(ctx, now.Add(rehearseAhead), rehearseMost)
		if err != nil {
			return now, err
		}
		for _, s := range due {
			if s.At.After(r.until) {
				r.rest = append(r.rest, s)
			}
		}
		r.until = now.Add(rehearseAhead)
	}
	n := min(len(r.rest), rehearseBatch)
	for _, s := range r.rest[:n] {
		d.rehearseOne(ctx, s)
	}
	if r.rest = r.rest[n:]; len(r.rest) > 0 {
		return now, ctx.Err()
	}
	r.rest = nil
	if soon := next.Add(-rehearseAhead); soon.After(now) {
		return soon, nil
	}
	return next, nil
}

// rehearseOne composes one digest for its slot, without filing it. What fails will fail
// again in time, and is told then.
func (d *Desk) rehearseOne(ctx context.Context, due store.DueSubscription) {
	var err error
	defer contain(&err)
	c, err := d.store.Chat(ctx, due.Chat)
	sub := c.Subscription(due.Ordinal)
	m := d.messengers[c.Address.Platform]
	if err != nil || sub == nil || sub.Next.IsZero() || m == nil {
		return
	}
	slot := sub.Next
	if _, err = d.expect(ctx, &c, slot.At); err != nil {
		return
	}
	if zone, err := sub.Zone(c); err == nil {
		sub.Next = sub.Schedule.Next(slot.At, zone)
	}
	in := d.minuteOf(slot.At)
	e, p, err := d.edition(ctx, in, c, sub.Topic, sub.Length, false)
	if err != nil {
		return
	}
	d.identify(&e, c, *sub, slot)
	_, _, _ = d.pagesOf(in, m, e, c.Address, p.shared)
}
