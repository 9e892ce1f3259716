package store

import (
	"context"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// longestWait is longer than anything waits by the rules: a digest comes once a week at
// least, a feed may leave out some days of the week, a send waits for a day at most.
const longestWait = 9 * 24 * time.Hour

// Rewind lets go on what waits for a time that only a wrong clock can have set, a machine's
// that woke up in another year: subscriptions wait for their next slot after now, sources
// and sends are due. It returns how many there were.
func (s *Store) Rewind(ctx context.Context, now time.Time) (n int, err error) {
	from := now.Add(longestWait)
	subscriptions, err := dueSubscriptions.beyond(ctx, s.kv, from)
	if err != nil {
		return 0, err
	}
	for _, d := range subscriptions {
		chat, _, _ := strings.Cut(d.rest, "/")
		moved := 0
		_, err := s.UpdateChat(ctx, digest.ChatID(chat), func(c *digest.Chat) (err error) {
			moved, err = rewind(c, now, from)
			return err
		})
		if err != nil {
			return n, err
		}
		n += moved
	}
	sources, err := dueSources.beyond(ctx, s.kv, from)
	for _, d := range sources {
		err = s.kv.Update(ctx, func(tx kv.Tx) error {
			src, found, err := getSource(tx, digest.SourceID(d.rest))
			if err != nil || !found {
				return err
			}
			before := src.Fetch.Next
			src.Fetch.Next = now
			return putSource(tx, before, src)
		})
		if err != nil {
			return n, err
		}
		n++
	}
	if err != nil {
		return n, err
	}
	sends, err := s.rewindSends(ctx, now, from)
	if n += sends; err != nil || n == 0 {
		return n, err
	}
	return n, s.forgetMissed(ctx, now)
}

// forgetMissed removes the deliveries that are recorded as missed for slots still to come:
// a year later they would be taken for done.
func (s *Store) forgetMissed(ctx context.Context, now time.Time) error {
	for d, err := range s.Deliveries(ctx) {
		if err == nil && d.State == digest.Missed && d.Slot.At.After(now) {
			err = s.kv.Update(ctx, func(tx kv.Tx) error { return removeDelivery(tx, d.ID) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rewind lets a chat's subscriptions that wait for a time after from wait for their next
// slot after now, and counts those that had to be: one that was paused waits that long
// rightly.
func rewind(c *digest.Chat, now, from time.Time) (moved int, err error) {
	for i := range c.Subscriptions {
		sub := &c.Subscriptions[i]
		was := sub.Next
		if !was.At.After(from) {
			continue
		}
		if err := sub.Plan(*c, now); err != nil {
			return moved, err
		}
		if sub.Next != was {
			moved++
		}
	}
	return moved, nil
}

// rewindSends makes the deliveries due that wait for a time after from.
func (s *Store) rewindSends(ctx context.Context, now, from time.Time) (n int, err error) {
	for _, p := range digest.Platforms {
		found, err := deliveriesTo(p).beyond(ctx, s.kv, from)
		if err != nil {
			return n, err
		}
		for _, d := range found {
			del, err := s.Delivery(ctx, digest.DeliveryID(d.rest))
			if err != nil {
				return n, err
			}
			del.NextAt = now
			if err := s.SaveDelivery(ctx, del, nil); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// beyond finds the entries not before from.
func (i dueIndex) beyond(ctx context.Context, e kv.Engine, from time.Time) ([]due, error) {
	var found []due
	for p := range digest.Partitions {
		prefix := i.prefix(p)
		part, err := between(ctx, e, prefix, []byte(prefix+stamp(from)), after(prefix), -1)
		if err != nil {
			return nil, err
		}
		found = append(found, part...)
	}
	return found, nil
}
