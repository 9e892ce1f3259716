package desk

import (
	"context"
	"time"

	"newsdigest/digest"
)

// handful is how many deliveries are listed at once. At a platform's pace a hand lasts a
// while, and no send asks the index again.
const handful = 512

// hand is what was listed as due to one platform and is not begun yet, the longest due
// first. Only the loop of Deliver uses it; whether something is still to be sent, the store
// says.
type hand struct {
	waiting []waiting
	listed  time.Time // when the index was asked last
	idle    bool      // it had nothing then
}

// listEvery is how often the index is asked at most for a platform to which nothing is due:
// every send that ends, to any of them, rouses the loop.
const listEvery = 20 * time.Millisecond

// waiting is a delivery in hand.
type waiting struct {
	id digest.DeliveryID
	at time.Time // its chat takes nothing before
}

// handFor is the hand for a platform.
func (d *Desk) handFor(p digest.Platform) *hand {
	if d.hands == nil {
		d.hands = map[digest.Platform]*hand{}
	}
	if d.hands[p] == nil {
		d.hands[p] = &hand{}
	}
	return d.hands[p]
}

// list takes in hand what is due besides: sends that were cut off, first, and what has
// waited longest.
func (d *Desk) list(ctx context.Context, p digest.Platform, h *hand, begun func() ([]digest.Delivery, error), now time.Time) error {
	known := map[digest.DeliveryID]bool{}
	for _, w := range h.waiting {
		known[w.id] = true
	}
	cut, err := begun()
	if err != nil {
		return err
	}
	var first []waiting
	for _, del := range cut {
		if del.Platform == p && !known[del.ID] {
			first = append(first, waiting{id: del.ID})
		}
	}
	due, err := d.due().DueDeliveries(ctx, p, now, handful+len(h.waiting))
	if err != nil {
		return err
	}
	h.listed, h.idle = now, len(first)+len(due)+len(h.waiting) == 0
	h.waiting = append(first, h.waiting...)
	for _, id := range due {
		if !known[id] {
			h.waiting = append(h.waiting, waiting{id: id})
		}
	}
	return nil
}

// sendHand begins the sends in hand, as many as the platform takes; full says that it takes
// no more now. Next is when to look again. One that fails waits, and holds up none of the
// others.
func (d *Desk) sendHand(ctx context.Context, p digest.Platform, h *hand, now time.Time) (next time.Time, full bool, err error) {
	next = now.Add(idleLook)
	all, begun := h.waiting, 0
	h.waiting = all[:0]
	for i, w := range all {
		if room, at := d.takes(p, now); !room {
			h.waiting = append(h.waiting, all[i:]...)
			return earlier(next, at), true, nil
		}
		again, stays := w.at, true
		if !w.at.After(now) {
			var failed error
			if stays, again, failed = d.start(ctx, w, now); failed != nil {
				stays, again, err = true, now.Add(badFor), failed
				d.log.Error("a delivery could not go on", "delivery", w.id, "error", failed)
			} else {
				begun++
			}
		}
		if stays {
			h.waiting = append(h.waiting, waiting{w.id, again})
		}
		if again.After(now) || !stays {
			next = earlier(next, again)
		}
	}
	if begun > 0 {
		err = nil
	}
	return next, false, err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// takes tells whether a platform takes one more message now, and if not, when to ask again.
func (d *Desk) takes(p digest.Platform, now time.Time) (bool, time.Time) {
	pace := d.paces[p]
	if pace == nil {
		return true, now // nothing is sent there
	}
	if d.posted.to(p) >= pace.atOnce() {
		return false, now.Add(idleLook) // whichever ends first rouses the loop
	}
	free := pace.next()
	return !free.After(now), free
}
