package desk

import (
	"context"
	"slices"
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

// tellPaused tells the chats that added a source that it was paused.
func (d *Desk) tellPaused(ctx context.Context, s digest.Source, now time.Time) error {
	for c, err := range d.store.Chats(ctx) {
		if err != nil {
			return err
		}
		if c.Gone != "" || !slices.Contains(c.Own, s.ID) {
			continue
		}
		err := d.notify(ctx, c, digest.Notice{
			Key: "paused " + string(s.ID) + " " + s.Fetch.FailingSince.UTC().Format(time.RFC3339), Kind: digest.SourceNotice,
			At: now, Source: s.ID, SourceName: s.Label(), Since: s.Fetch.FailingSince})
		if err != nil {
			return err
		}
	}
	return nil
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
