package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// deliveryLife is how long a delivery is kept after its slot, that of a notice after its
// deadline: as long as entries are remembered, so that nothing that may still be asked for
// is made again.
const deliveryLife = 120 * 24 * time.Hour

// Delivery is the delivery with this id.
func (s *Store) Delivery(ctx context.Context, id digest.DeliveryID) (digest.Delivery, error) {
	return load[digest.Delivery](ctx, s.kv, deliveryKey(id))
}

// Deliveries yields all deliveries in order of their ids.
func (s *Store) Deliveries(ctx context.Context) iter.Seq2[digest.Delivery, error] {
	return all[digest.Delivery](ctx, s.kv, "delivery/")
}

// FileDelivery stores the delivery of a slot with its edition (none if the edition has no
// id) and lets the chat's subscription wait for its next slot, all in one update. Next
// sets that slot in the chat.
//
// A slot that was filed before is not filed again: filed is false, only next is carried
// out. If the chat is no more, nothing is stored and the error is ErrNotFound.
func (s *Store) FileDelivery(ctx context.Context, d digest.Delivery, e digest.Edition, next func(*digest.Chat)) (filed bool, err error) {
	err = s.kv.Update(ctx, func(tx kv.Tx) error {
		filed = false
		_, _, err := changeChat(tx, d.Chat, func(c *digest.Chat) error { next(c); return nil })
		if err != nil {
			return err
		}
		_, found, err := get[digest.Delivery](tx, deliveryKey(d.ID))
		if err != nil || found {
			return err
		}
		filed = true
		if e.ID != "" {
			if _, err := putEdition(tx, e); err != nil {
				return err
			}
		}
		return fileDelivery(tx, d)
	})
	return filed, err
}

// fileDelivery stores a delivery for the first time.
func fileDelivery(tx kv.Tx, d digest.Delivery) error {
	if err := tx.Put(ownKey(d.Chat, ownDelivery, string(d.ID)), nil); err != nil {
		return err
	}
	named := d.Slot.At
	if d.IsNotice() {
		named = d.Deadline
	}
	if err := expire(tx, named.Add(deliveryLife), expireDelivery, string(d.ID)); err != nil {
		return err
	}
	if err := moveDelivery(tx, digest.Delivery{ID: d.ID, Chat: d.Chat, Platform: d.Platform, State: digest.Empty}, d); err != nil {
		return err
	}
	return put(tx, deliveryKey(d.ID), d)
}

// SaveDelivery stores a further state of a delivery. If mark is given it changes the
// chat in the same update: what the chat has seen. A delivery that is no more, since its
// chat was deleted, is not brought back: the error is ErrNotFound.
func (s *Store) SaveDelivery(ctx context.Context, d digest.Delivery, mark func(*digest.Chat)) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		before, found, err := get[digest.Delivery](tx, deliveryKey(d.ID))
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("delivery %s: %w", d.ID, ErrNotFound)
		}
		if err := moveDelivery(tx, before, d); err != nil {
			return err
		}
		if mark != nil {
			_, _, err := changeChat(tx, d.Chat, func(c *digest.Chat) error { mark(c); return nil })
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
		}
		return put(tx, deliveryKey(d.ID), d)
	})
}

// moveDelivery brings a delivery's place in the indexes from one state to another.
func moveDelivery(tx kv.Tx, before, now digest.Delivery) error {
	if err := deliveriesTo(now.Platform).move(tx, string(now.Chat), string(now.ID), deliveryDue(before), deliveryDue(now)); err != nil {
		return err
	}
	switch {
	case now.State == digest.Sending:
		return tx.Put(sendingKey(now.ID), nil)
	case before.State == digest.Sending:
		return tx.Delete(sendingKey(now.ID))
	}
	return nil
}

// deliveryDue is when to go on with a delivery, zero if never or if a send is under way.
// One without a time is due since its slot: it must not be forgotten.
func deliveryDue(d digest.Delivery) time.Time {
	switch {
	case d.State.Final() || d.State == digest.Sending:
		return time.Time{}
	case d.NextAt.IsZero():
		return d.Slot.At
	}
	return d.NextAt
}

// deliveriesTo is the index of the deliveries to one platform: one that takes nothing must
// not stand in the way of another.
func deliveriesTo(p digest.Platform) dueIndex { return dueDeliveries + dueIndex(p) + "/" }

// DueDeliveries yields a platform's deliveries to go on with at now, the longest due first,
// at most limit. Those with a send under way are not among them. Each is read when it is
// asked for.
func (s *Store) DueDeliveries(ctx context.Context, p digest.Platform, now time.Time, limit int) iter.Seq2[digest.Delivery, error] {
	return func(yield func(digest.Delivery, error) bool) {
		found, err := deliveriesTo(p).until(ctx, s.kv, s.parts, now, limit)
		if err != nil {
			yield(digest.Delivery{}, err)
			return
		}
		for _, f := range found {
			d, err := s.Delivery(ctx, digest.DeliveryID(f.rest))
			if errors.Is(err, ErrNotFound) { // its chat was deleted between the two reads
				continue
			}
			// It may have gone on between the two reads.
			if at := deliveryDue(d); err == nil && (at.IsZero() || stamp(at) > stamp(now)) {
				continue
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// NextDelivery is when the next delivery to a platform goes on, past times included; false
// if none waits.
func (s *Store) NextDelivery(ctx context.Context, p digest.Platform) (time.Time, bool, error) {
	return deliveriesTo(p).earliest(ctx, s.kv, s.parts)
}

// UnsettledDeliveries are those with a send begun and no outcome written: at start, the
// sends that a crash has cut off.
func (s *Store) UnsettledDeliveries(ctx context.Context) ([]digest.Delivery, error) {
	var out []digest.Delivery
	for p, err := range s.kv.Scan(ctx, []byte("sending/"), after("sending/")) {
		if err != nil {
			return nil, err
		}
		id := strings.TrimPrefix(string(p.Key), "sending/")
		d, err := s.Delivery(ctx, digest.DeliveryID(id))
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if d.State == digest.Sending && s.parts.Owns(string(d.Chat)) { // it may have ended between the two reads
			out = append(out, d)
		}
	}
	return out, nil
}

// removeDelivery deletes a delivery with its places in the indexes.
func removeDelivery(tx kv.Tx, id digest.DeliveryID) error {
	d, found, err := get[digest.Delivery](tx, deliveryKey(id))
	if err != nil || !found {
		return err
	}
	gone := d
	gone.State = digest.Cancelled
	if err := moveDelivery(tx, d, gone); err != nil {
		return err
	}
	if err := tx.Delete(ownKey(d.Chat, ownDelivery, string(id))); err != nil {
		return err
	}
	return tx.Delete(deliveryKey(id))
}
