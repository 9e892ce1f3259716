package store

import (
	"context"
	"fmt"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// Restoration counts what became of a store that was brought back from a backup.
type Restoration struct {
	Chats      int
	Suppressed int // digests that are not sent, since they may have been
}

// Restored readies a store that was brought back from a backup at now. What happened
// after the backup is not known, so nothing that was due until now is sent: it ends as
// suppressed, and chats are told of news after now only. Feeds are read in full again.
// Cut off, it can be called again.
func (s *Store) Restored(ctx context.Context, now time.Time) (Restoration, error) {
	var r Restoration
	for d, err := range s.Deliveries(ctx) {
		if err != nil {
			return r, err
		}
		if d.State.Final() {
			continue
		}
		if err := s.SaveDelivery(ctx, d.End(digest.Suppressed, restored, now), nil); err != nil {
			return r, err
		}
		r.Suppressed++
	}
	for c, err := range s.Chats(ctx) {
		if err != nil {
			return r, err
		}
		n, err := s.suppressDue(ctx, c.ID, now)
		if err != nil {
			return r, err
		}
		r.Chats++
		r.Suppressed += n
	}
	if err := s.forgetValidators(ctx); err != nil {
		return r, err
	}
	waiting, err := s.Waiting(ctx)
	for _, m := range waiting {
		if err := s.Handled(ctx, m.Platform, m.ID); err != nil {
			return r, err
		}
	}
	return r, err
}

// restored is the reason of what a restore suppresses.
const restored = "the store was restored from a backup"

// suppressDue files the due slots of a chat as suppressed, lets its subscriptions wait for
// what comes after now, and notes since when it is told of news.
func (s *Store) suppressDue(ctx context.Context, id digest.ChatID, now time.Time) (suppressed int, err error) {
	err = s.kv.Update(ctx, func(tx kv.Tx) error {
		suppressed = 0
		var due []digest.Delivery
		_, _, err := changeChat(tx, id, func(c *digest.Chat) error {
			due = nil
			c.Restored, c.Pending = now, nil
			for i := range c.Subscriptions {
				d, ok, err := suppress(*c, &c.Subscriptions[i], now)
				if err != nil {
					return err
				}
				if ok {
					due = append(due, d)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, d := range due {
			_, found, err := get[digest.Delivery](tx, deliveryKey(d.ID))
			if err != nil {
				return err
			}
			if found {
				continue
			}
			suppressed++
			if err := fileDelivery(tx, d); err != nil {
				return err
			}
		}
		return nil
	})
	return suppressed, err
}

// suppress is the delivery of the slot that a subscription waited for, if that is due at
// now; the subscription waits for the next one then.
func suppress(c digest.Chat, sub *digest.Subscription, now time.Time) (d digest.Delivery, due bool, err error) {
	if !sub.Stopped.IsZero() || sub.Next.IsZero() || sub.Next.At.After(now) {
		return d, false, nil
	}
	zone, err := sub.Zone(c)
	if err != nil {
		return d, false, fmt.Errorf("chat %s: %w", c.ID, err)
	}
	d = digest.Delivery{ID: digest.NewDeliveryID(c.ID, sub.ID, sub.Next), Chat: c.ID, Platform: c.Address.Platform,
		Subscription: sub.ID, Ordinal: sub.Ordinal, Slot: sub.Next, Deadline: now}
	sub.Next = sub.Schedule.Next(now, zone)
	return d.End(digest.Suppressed, restored, now), true, nil
}

// forgetValidators makes the next poll of every source read its feed in full: entries that
// came after the backup would otherwise never be seen.
func (s *Store) forgetValidators(ctx context.Context) error {
	for src, err := range s.Sources(ctx) {
		if err != nil {
			return err
		}
		err := s.kv.Update(ctx, func(tx kv.Tx) error {
			src, found, err := getSource(tx, src.ID)
			if err != nil || !found {
				return err
			}
			src.Fetch.ETag, src.Fetch.LastModified, src.Fetch.BodyHash = "", "", ""
			return putSource(tx, src.Fetch.Next, src)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
