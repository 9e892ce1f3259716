package store

import (
	"context"
	"errors"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// goneLife is how long a chat that is Gone is kept: who comes back until then finds all as
// it was.
const goneLife = 30 * 24 * time.Hour

// purge deletes, of the chats that entries of the expiry index are about, those that have
// been Gone for goneLife. What a chat owns has no bound, so this is not one update; cut
// off, the entry is still there.
func (s *Store) purge(ctx context.Context, entries []string, now time.Time) error {
	for _, k := range entries {
		kind, id, err := readEntry(k)
		if err == nil && kind == expireChat {
			err = s.deleteChat(ctx, digest.ChatID(id), func(c digest.Chat) bool { return !goneUntil(c, now).After(now) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// goneUntil is when a chat is to be deleted, the end of time if it is not Gone. One that an
// operator has shut out stays: deleted, it could come back as a new one.
func goneUntil(c digest.Chat, now time.Time) time.Time {
	if c.Gone == "" {
		return digest.Forever
	}
	end := c.GoneSince.Add(goneLife)
	if !c.Blocked.IsZero() && !end.After(now) {
		return now.Add(goneLife)
	}
	return end
}

// expiredChat looks after what purge has left: a chat that came back, or is Gone for a
// shorter time.
func expiredChat(tx kv.Tx, id string, now time.Time) (time.Time, error) {
	c, found, err := get[digest.Chat](tx, chatKey(digest.ChatID(id)))
	if err != nil || !found || c.Gone == "" {
		return time.Time{}, err
	}
	return goneUntil(c, now), nil
}

// processLife is how long what a process noted under its name is kept after it showed life
// last.
const processLife = 7 * 24 * time.Hour

func touchedKey(process string) []byte { return key("meta", "touched", process) }

// Touch writes a little, to see whether the store takes writes, and with it that the
// process lives.
func (s *Store) Touch(ctx context.Context, process string, now time.Time) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		last, _, err := get[time.Time](tx, touchedKey(process))
		if err != nil {
			return err
		}
		if today := now.UTC().Truncate(24 * time.Hour); last.Before(today) { // one entry a day
			if err := expire(tx, today.Add(processLife+24*time.Hour), expireProcess, process); err != nil {
				return err
			}
		}
		return put(tx, touchedKey(process), now)
	})
}

// expiredProcess: what a process found wrong goes processLife after its last sign of life.
// One that lives has a later entry.
func expiredProcess(tx kv.Tx, process string, now time.Time) (time.Time, error) {
	last, found, err := get[time.Time](tx, touchedKey(process))
	if err != nil || !found || last.Add(processLife).After(now) {
		return time.Time{}, err
	}
	return time.Time{}, errors.Join(tx.Delete(touchedKey(process)), tx.Delete(problemsKey(process)))
}
