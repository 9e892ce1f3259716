package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	"newsdigest/digest"
)

// Unread are the chat's sources that were never polled: its first digest has to wait
// for them.
func (d *Desk) Unread(ctx context.Context, c digest.Chat) ([]digest.SourceID, error) {
	var out []digest.SourceID
	sources, err := d.Sources(ctx, c)
	for _, s := range sources {
		if s.Fetch.LastTry.IsZero() {
			out = append(out, s.ID)
		}
	}
	return out, err
}

// readBudget is how long somebody who asked for a digest waits for sources that were
// never read. What answers later is in the next one.
const readBudget = 15 * time.Second

// ReadNow polls the sources at once and ingests what they bring; progress, which may be
// nil, is told how many are done.
func (d *Desk) ReadNow(ctx context.Context, ids []digest.SourceID, now time.Time, progress func(done int)) error {
	bounded, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	err := d.insist(bounded, func() error { return d.pollAll(bounded, ids, now, progress) })
	if err != nil && (ctx.Err() != nil || bounded.Err() == nil) {
		return err
	}
	return d.insist(ctx, func() error { return d.placeNow(ctx, ids, now) })
}

// pollAll polls the sources, or waits for the end of polls of them that are under way.
func (d *Desk) pollAll(ctx context.Context, ids []digest.SourceID, now time.Time, progress func(done int)) error {
	var mu sync.Mutex
	n := 0
	told := func() {
		mu.Lock()
		defer mu.Unlock()
		if n++; progress != nil {
			progress(n)
		}
	}
	for {
		again, err := d.pollOnce(ctx, ids, now, told)
		if err != nil || len(again) == 0 {
			return err
		}
		ids = again
	}
}

// pollOnce polls the sources. Again are those that somebody else had in hand who could not
// save what came of it, for they were stopped or another process took over, or who put it off.
func (d *Desk) pollOnce(ctx context.Context, ids []digest.SourceID, now time.Time, told func()) (again []digest.SourceID, err error) {
	others := map[digest.SourceID]*underWay{}
	p := d.newPoller(ctx, 0)
	for _, id := range ids {
		if o := p.begin(id, now, told); o != nil {
			others[id] = o
		}
	}
	err = p.close()
	for id, o := range others {
		select {
		case <-o.ended:
		case <-ctx.Done():
			return nil, errors.Join(err, ctx.Err())
		}
		if o.err != nil {
			again = append(again, id)
		} else {
			told()
		}
	}
	return again, err
}
