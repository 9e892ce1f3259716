package desk

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"newsdigest/digest"
)

// deadAfter is how long a source does not answer before it is paused.
const deadAfter = 7 * 24 * time.Hour

// aliveWithin is how lately another source must have answered for one to be called dead:
// else it may be our own network that is.
const aliveWithin = 24 * time.Hour

// goneTwice is how often in a row a server must say that a feed is gone for good.
const goneTwice = 2

// dead tells whether a source that failed again is to be paused. Starter sources are the
// operator's to mend.
func (d *Desk) dead(s digest.Source, now time.Time) bool {
	if s.Fetch.Gone >= goneTwice {
		return !s.Starter
	}
	last := d.answeredAt.Load()
	return !s.Starter && now.Sub(s.Fetch.FailingSince) >= deadAfter && last != nil && now.Sub(*last) < aliveWithin
}

// death is a source that is about to be paused, and when.
type death struct {
	source digest.Source
	at     time.Time
}

// tellPaused tells the chats that added a source that it was paused.
func (d *Desk) tellPaused(ctx context.Context, s digest.Source, now time.Time) error {
	return d.deaths.join(ctx, death{s, now}, func(all map[digest.SourceID]death) error { return d.tellDeaths(ctx, all) })
}

// tellDeaths tells the chats that added sources which of them are paused. It looks at
// every chat: who added a source stands in no index, for it is asked this once.
func (d *Desk) tellDeaths(ctx context.Context, all map[digest.SourceID]death) error {
	for c, err := range d.store.Chats(ctx) {
		if err != nil {
			return err
		}
		if c.Gone != "" {
			continue
		}
		for _, id := range c.Own {
			one, died := all[id]
			if !died {
				continue
			}
			since := one.source.Fetch.FailingSince
			err := d.notify(ctx, c, digest.Notice{
				Key: "paused " + string(id) + " " + since.UTC().Format(time.RFC3339), Kind: digest.SourceNotice,
				At: one.at, Source: id, SourceName: one.source.Label(), Since: since})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// deaths are sources that are told of together: a server with a thousand feeds that goes
// away costs a few looks at all chats, not a thousand. What comes while the chats are looked
// at is in the next look.
type deaths struct {
	mu    sync.Mutex
	next  *look // that one can still join, nil if nobody waits
	under *look // the one that began last, nil if none did
}

// look is one look at all chats.
type look struct {
	sources map[digest.SourceID]death
	ended   chan struct{}
	err     error // once it has ended
}

// join returns when a look that a source is part of has ended: its own, or that of another
// who waited. One that only another's end has cut off is begun again.
func (d *deaths) join(ctx context.Context, one death, tell func(map[digest.SourceID]death) error) error {
	for {
		mine, first := d.enter(one)
		if first {
			d.look(ctx, mine, tell)
		}
		select {
		case <-mine.ended:
		case <-ctx.Done():
			return ctx.Err()
		}
		cut := errors.Is(mine.err, context.Canceled) || errors.Is(mine.err, context.DeadlineExceeded)
		if !cut || ctx.Err() != nil {
			return mine.err
		}
	}
}

// enter puts a source into the next look. Whoever is the first in it makes it.
func (d *deaths) enter(one death) (mine *look, first bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if first = d.next == nil; first {
		d.next = &look{sources: map[digest.SourceID]death{}, ended: make(chan struct{})}
	}
	d.next.sources[one.source.ID] = one
	return d.next, first
}

// look makes a look once the one under way has ended.
func (d *deaths) look(ctx context.Context, mine *look, tell func(map[digest.SourceID]death) error) {
	defer close(mine.ended)
	d.mu.Lock()
	before := d.under
	d.mu.Unlock()
	if before != nil {
		select {
		case <-before.ended:
		case <-ctx.Done():
			mine.err = ctx.Err()
		}
	}
	d.mu.Lock()
	d.next = nil // nobody joins any more
	if mine.err == nil {
		d.under = mine
	}
	d.mu.Unlock()
	if mine.err == nil {
		mine.err = contained(func() error { return tell(mine.sources) })
	}
}

// TryAgain reads a source of the chat at once, also a paused one, and returns it as it is
// then.
func (d *Desk) TryAgain(ctx context.Context, c digest.Chat, id digest.SourceID, now time.Time) (digest.Source, error) {
	s, err := d.source(ctx, id)
	if err != nil {
		return s, err
	}
	if !slices.Contains(d.Follows(c), id) {
		return s, &Refusal{Reason: NoSuchSource}
	}
	if err := d.ReadNow(ctx, []digest.SourceID{id}, now, nil); err != nil {
		return s, err
	}
	return d.source(ctx, id)
}
