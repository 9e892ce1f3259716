package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// PostNow sends a digest of a subscription between its times; false if there is nothing to
// tell. What it tells is not new to the chat any more.
func (d *Desk) PostNow(ctx context.Context, id digest.ChatID, ordinal int, now time.Time) (posted bool, err error) {
	if err := d.opened(ctx, now); err != nil {
		return false, err
	}
	defer d.filing.lock(id)()
	for {
		posted, err = d.postOnce(ctx, id, ordinal, now)
		if !errors.Is(err, store.ErrOutrun) { // by another process
			return posted, err
		}
	}
}

func (d *Desk) postOnce(ctx context.Context, id digest.ChatID, ordinal int, now time.Time) (posted bool, err error) {
	read, err := d.store.ReadChat(ctx, id)
	if err != nil {
		return false, err
	}
	c := read.Chat()
	settled, err := d.expect(ctx, &c, now)
	if err != nil {
		return false, err
	}
	sub := c.Subscription(ordinal)
	if sub == nil || !sub.Stopped.IsZero() {
		return false, &Refusal{Reason: NoSuchDigest}
	}
	zone, err := sub.Zone(c)
	if err != nil {
		return false, err
	}
	// Seconds tell it from every slot of the schedule.
	slot := digest.Slot{Local: now.In(zone).Format("2006-01-02T15:04:05"), At: now}
	f, err := d.prepare(ctx, c, *sub, slot, now)
	del := f.Delivery
	if err != nil || del.State == digest.Empty {
		return false, err
	}
	f.Next = func(c *digest.Chat) {
		c.Pending = slices.DeleteFunc(c.Pending, func(id digest.DeliveryID) bool { return settled[id] || id == del.ID })
		if !del.State.Final() {
			c.Pending = append(c.Pending, del.ID)
		}
	}
	f.Read = read
	if _, err := d.store.File(ctx, f); err != nil {
		return false, err
	}
	d.rouseOwner(string(id), delivering)
	return true, nil
}
