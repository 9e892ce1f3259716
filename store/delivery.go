package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
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
	d, err := load[digest.Delivery](ctx, s.kv, deliveryKey(id))
	if err == nil {
		err = s.whole(ctx, &d)
	}
	return d, err
}

// Deliveries yields all deliveries in order of their ids.
func (s *Store) Deliveries(ctx context.Context) iter.Seq2[digest.Delivery, error] {
	return func(yield func(digest.Delivery, error) bool) {
		for d, err := range all[digest.Delivery](ctx, s.kv, "delivery/") {
			if err == nil {
				err = s.whole(ctx, &d)
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// Filing is a delivery to file, as FileDelivery says.
type Filing struct {
	Delivery digest.Delivery
	Edition  digest.Edition
	// Stories, Shown and Pages are what Edition.Content, Delivery.ShownIn and the contents
	// of Delivery.Pages name, as far as they are set.
	Stories Content
	Shown   Content
	Pages   []Content
	// Read is the chat as it was read when the delivery was made, nil if it tells nothing
	// that others could tell, too. Next changes what ChatRead.Chat copies, and no other list
	// in place.
	Read *ChatRead
	Next func(*digest.Chat)
}

// filingsAtOnce is how many deliveries are filed in one update: each changes about ten keys,
// and a few more where it is the first with its content.
const filingsAtOnce = 64

// ErrOutrun says that something else was filed for a chat since it was read: both might tell
// the same. Nothing of the update was written.
var ErrOutrun = errors.New("something else was filed for the chat meanwhile")

// FileDelivery stores the delivery of a slot with its edition (none if the edition has no
// id) and lets the chat's subscription wait for its next slot, all in one update. Next
// sets that slot in the chat.
//
// A slot that was filed before is not filed again: filed is false, only next is carried
// out. If the chat is no more, nothing is stored and the error is ErrNotFound.
func (s *Store) FileDelivery(ctx context.Context, d digest.Delivery, e digest.Edition, next func(*digest.Chat)) (filed bool, err error) {
	return s.File(ctx, Filing{Delivery: d, Edition: e, Next: next})
}

// File is FileDelivery for a delivery that refers to contents. Once it is outrun the error is
// ErrOutrun.
func (s *Store) File(ctx context.Context, f Filing) (filed bool, err error) {
	err = s.kv.Update(ctx, func(tx kv.Tx) (err error) {
		filed, err = file(tx, f)
		return err
	})
	return filed, err
}

// FileDeliveries files deliveries as File does each, many in one update. One that fails is
// left out with what comes after it for the same chat; the others are filed, and the error
// tells of all that failed. That a chat is no more, or that a delivery is outrun, is none:
// what is still due after it is found again.
func (s *Store) FileDeliveries(ctx context.Context, all []Filing) (filed []bool, err error) {
	filed = make([]bool, len(all))
	rest := make([]int, len(all))
	for i := range rest {
		rest[i] = i
	}
	var errs []error
	for len(rest) > 0 {
		n := min(len(rest), filingsAtOnce)
		failed, err := s.fileTogether(ctx, all, rest[:n], filed)
		for n > 1 && errors.Is(err, kv.ErrTooLarge) {
			n /= 2
			failed, err = s.fileTogether(ctx, all, rest[:n], filed)
		}
		switch {
		case err == nil:
			rest = rest[n:]
		case failed < 0:
			return filed, errors.Join(append(errs, err)...)
		default:
			if !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrOutrun) {
				errs = append(errs, err)
			}
			chat := all[failed].Delivery.Chat
			rest = slices.DeleteFunc(rest, func(i int) bool { return all[i].Delivery.Chat == chat })
		}
	}
	return filed, errors.Join(errs...)
}

// fileTogether files some of the deliveries in one update, all or none; failed is the one
// that cannot be filed, -1 if it is none of them.
func (s *Store) fileTogether(ctx context.Context, all []Filing, some []int, filed []bool) (failed int, err error) {
	failed = -1
	err = s.kv.Update(ctx, func(tx kv.Tx) (err error) {
		for _, failed = range some {
			if filed[failed], err = file(tx, all[failed]); err != nil {
				return err
			}
		}
		failed = -1
		return nil
	})
	if err != nil {
		for _, i := range some {
			filed[i] = false
		}
	}
	if errors.Is(err, kv.ErrTooLarge) && len(some) > 1 || errors.Is(err, ErrLeaseLost) {
		failed = -1
	}
	return failed, err
}

// file is FileDelivery within an update.
func file(tx kv.Tx, f Filing) (filed bool, err error) {
	d, e := f.Delivery, f.Edition
	_, _, err = changeReadChat(tx, d.Chat, f.Read, func(c *digest.Chat) error {
		if f.Read != nil && f.Read.outrun(*c, d.ID) {
			return fmt.Errorf("delivery %s: %w", d.ID, ErrOutrun)
		}
		f.Next(c)
		return nil
	})
	if err != nil {
		return false, err
	}
	if _, found, err := get[digest.Delivery](tx, deliveryKey(d.ID)); err != nil || found {
		return false, err
	}
	if e.ID != "" {
		if _, err := putEdition(tx, e, f.Stories); err != nil {
			return false, err
		}
	}
	for _, c := range append([]Content{f.Shown}, f.Pages...) {
		if c.ID == "" {
			continue
		}
		if err := keep(tx, c, d.Deadline.Add(pageLife)); err != nil {
			return false, err
		}
	}
	return true, fileDelivery(tx, d)
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
	return put(tx, deliveryKey(d.ID), slim(d))
}

// SaveDelivery stores a further state of a delivery. If mark is given it changes the
// chat in the same update: what the chat has seen. A delivery that is no more, since its
// chat was deleted, is not brought back: the error is ErrNotFound.
func (s *Store) SaveDelivery(ctx context.Context, d digest.Delivery, mark func(*digest.Chat)) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error { return saveDelivery(tx, d, mark) })
}

func saveDelivery(tx kv.Tx, d digest.Delivery, mark func(*digest.Chat)) error {
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
	return put(tx, deliveryKey(d.ID), slim(d))
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

// DueDeliveries are a platform's deliveries to go on with at now, the longest due first, at
// most limit. Those with a send under way are not among them.
func (s *Store) DueDeliveries(ctx context.Context, p digest.Platform, now time.Time, limit int) ([]digest.DeliveryID, error) {
	found, err := deliveriesTo(p).until(ctx, s.kv, s.parts, now, limit)
	out := make([]digest.DeliveryID, len(found))
	for i, f := range found {
		out[i] = digest.DeliveryID(f.rest)
	}
	return out, err
}

// DueDelivery is a delivery that was listed; due is false if it has gone on since, or is no
// more. One with a send under way that was listed as unsettled is due.
func (s *Store) DueDelivery(ctx context.Context, id digest.DeliveryID, now time.Time) (d digest.Delivery, due bool, err error) {
	d, err = s.Delivery(ctx, id)
	if errors.Is(err, ErrNotFound) { // its chat was deleted between the two reads
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	at := deliveryDue(d)
	return d, d.State == digest.Sending || !at.IsZero() && stamp(at) <= stamp(now), nil
}

// NextDelivery is when the next delivery to a platform goes on, past times included; false
// if none waits.
func (s *Store) NextDelivery(ctx context.Context, p digest.Platform) (time.Time, bool, error) {
	return deliveriesTo(p).earliest(ctx, s.kv, s.parts)
}

// UnsettledDeliveries are those with a send begun and no outcome written, those aside that
// the caller knows to be under way: the sends that a crash has cut off.
func (s *Store) UnsettledDeliveries(ctx context.Context, underWay func(digest.DeliveryID) bool) ([]digest.Delivery, error) {
	var out []digest.Delivery
	for p, err := range s.kv.Scan(ctx, []byte("sending/"), after("sending/")) {
		if err != nil {
			return nil, err
		}
		id := strings.TrimPrefix(string(p.Key), "sending/")
		if underWay(digest.DeliveryID(id)) {
			continue
		}
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
