package store

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// Backlog is what waits for its turn.
type Backlog struct {
	Subscriptions int // due, and not composed
	Deliveries    int // due, and not sent
	Sending       int // with a send under way
	Articles      int // not yet in stories
	Requests      int // not answered yet
	// Late is how many digests are behind their time by more than was asked for, Behind
	// how long the longest due of them waits.
	Late   int
	Behind time.Duration
}

// retriesRead is how many of the deliveries that wait for another attempt are read, to
// see how late they are.
const retriesRead = 500

// Backlog counts what waits at now, each kind up to limit, and what of it is late by more
// than the given time. It reads indexes, which cost what is due, and a few hundred
// deliveries.
func (s *Store) Backlog(ctx context.Context, now time.Time, late time.Duration, limit int) (b Backlog, err error) {
	for prefix, n := range map[string]*int{"sending/": &b.Sending, "queue/": &b.Articles, "inbox/body/": &b.Requests} {
		if *n, err = countTo(ctx, s.kv, prefix, limit); err != nil {
			return b, err
		}
	}
	if b.Subscriptions, err = b.overdue(ctx, s.kv, dueSubscriptions, now, late, limit); err != nil {
		return b, err
	}
	for _, p := range digest.Platforms {
		n, err := b.overdue(ctx, s.kv, deliveriesTo(p), now, late, limit)
		if err != nil {
			return b, err
		}
		b.Deliveries += n
		if err := s.lateRetries(ctx, p, &b, now, late); err != nil {
			return b, err
		}
	}
	return b, nil
}

// overdue counts the entries of an index that are due at now, and adds those that are
// late.
func (b *Backlog) overdue(ctx context.Context, e kv.Engine, i dueIndex, now time.Time, late time.Duration, limit int) (n int, err error) {
	for p := range digest.Partitions {
		prefix := i.prefix(p)
		for pair, err := range e.Scan(ctx, []byte(prefix), upTo(prefix, now)) {
			if err != nil {
				return n, err
			}
			at, _, _ := strings.Cut(string(pair.Key[len(prefix):]), "/")
			t, err := unstamp(at)
			if err != nil {
				return n, err
			}
			if n++; now.Sub(t) > late {
				b.late(now.Sub(t))
			}
			if n >= limit {
				return n, nil
			}
		}
	}
	return n, nil
}

func (b *Backlog) late(by time.Duration) {
	b.Late++
	b.Behind = max(b.Behind, by)
}

// lateRetries adds the late digests among those that wait for another attempt.
func (s *Store) lateRetries(ctx context.Context, p digest.Platform, b *Backlog, now time.Time, late time.Duration) error {
	read := 0
	for part := range digest.Partitions {
		prefix := deliveriesTo(p).prefix(part)
		for pair, err := range s.kv.Scan(ctx, upTo(prefix, now), after(prefix)) {
			if err != nil {
				return err
			}
			if read++; read > retriesRead {
				return nil
			}
			_, id, _ := strings.Cut(string(pair.Key[len(prefix):]), "/")
			d, err := s.Delivery(ctx, digest.DeliveryID(id))
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			if err == nil && !d.State.Final() && !d.IsNotice() && now.Sub(d.Slot.At) > late {
				b.late(now.Sub(d.Slot.At))
			}
		}
	}
	return nil
}

// countTo is how many keys begin with the prefix, counted up to limit.
func countTo(ctx context.Context, e kv.Engine, prefix string, limit int) (n int, err error) {
	for _, err := range e.Scan(ctx, []byte(prefix), after(prefix)) {
		if err != nil {
			return n, err
		}
		if n++; n >= limit {
			break
		}
	}
	return n, nil
}

// NextSubscriptions are the first subscriptions due after now, soonest first, at most
// limit.
func (s *Store) NextSubscriptions(ctx context.Context, now time.Time, limit int) ([]DueSubscription, error) {
	var found []due
	for p := range digest.Partitions {
		prefix := dueSubscriptions.prefix(p)
		part, err := between(ctx, s.kv, prefix, upTo(prefix, now), after(prefix), limit)
		if err != nil {
			return nil, err
		}
		found = append(found, part...)
	}
	slices.SortStableFunc(found, func(a, b due) int { return a.at.Compare(b.at) })
	return subscriptionsOf(found[:min(len(found), limit)])
}

// FollowedSources yields the sources that somebody follows.
func (s *Store) FollowedSources(ctx context.Context) iter.Seq2[digest.Source, error] {
	return func(yield func(digest.Source, error) bool) {
		for p, err := range s.kv.Scan(ctx, []byte("followers/"), after("followers/")) {
			if err != nil {
				yield(digest.Source{}, err)
				return
			}
			id := digest.SourceID(strings.TrimPrefix(string(p.Key), "followers/"))
			n, err := followers(id, p.Value, nil)
			if err == nil && n == 0 {
				continue
			}
			var src digest.Source
			if err == nil {
				src, err = s.Source(ctx, id)
			}
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if !yield(src, err) || err != nil {
				return
			}
		}
	}
}
