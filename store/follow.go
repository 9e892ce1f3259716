package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// StarterCounted names the starter set by which all chats were counted as followers last,
// empty while that is not known.
func (s *Store) StarterCounted(ctx context.Context) (string, error) {
	set, err := load[string](ctx, s.kv, starterKey)
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return set, err
}

// SetStarterCounted notes that all chats are counted by this starter set; with an empty
// name, that some may not be.
func (s *Store) SetStarterCounted(ctx context.Context, set string) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error { return put(tx, starterKey, set) })
}

// Followers is in how many chats a source is counted.
func (s *Store) Followers(ctx context.Context, id digest.SourceID) (int, error) {
	raw, err := s.kv.Get(ctx, followersKey(id))
	return followers(id, raw, err)
}

// followers reads a number of followers; no value is none.
func followers(id digest.SourceID, raw []byte, err error) (int, error) {
	if errors.Is(err, kv.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil {
		return 0, fmt.Errorf("followers of source %s: %w", id, err)
	}
	return n, nil
}

// recount brings the numbers of followers from one state of a chat's Counted to another.
func recount(tx kv.Tx, before, now []digest.SourceID) error {
	if slices.Equal(before, now) {
		return nil
	}
	for _, id := range missing(before, now) {
		if err := follow(tx, id, -1); err != nil {
			return err
		}
	}
	for _, id := range missing(now, before) {
		if err := follow(tx, id, +1); err != nil {
			return err
		}
	}
	return nil
}

// follow adds to a source's followers. The first one wakes the source, and so does the
// last one who leaves.
func follow(tx kv.Tx, id digest.SourceID, more int) error {
	raw, err := tx.Get(followersKey(id))
	n, err := followers(id, raw, err)
	if err != nil {
		return err
	}
	n += more
	if n <= 0 {
		if err := tx.Delete(followersKey(id)); err != nil {
			return err
		}
		return wake(tx, id) // to be put to rest, also if it was paused
	}
	if err := tx.Put(followersKey(id), []byte(strconv.Itoa(n))); err != nil {
		return err
	}
	if n == 1 && more > 0 {
		return wake(tx, id)
	}
	return nil
}

// atOnce is the due time of a source that has to be polled as soon as possible.
var atOnce = time.Unix(0, 0).UTC()

// wake makes a source due at once, unless it has a due time already: that one keeps
// the publisher's pause.
func wake(tx kv.Tx, id digest.SourceID) error {
	src, found, err := getSource(tx, id)
	if err != nil || !found || !src.Fetch.Next.IsZero() {
		return err
	}
	src.Fetch.Next = atOnce
	return putSource(tx, time.Time{}, src)
}

// within is before with at most n sources put in or taken out on the way to wanted.
func within(before, wanted []digest.SourceID, n int) []digest.SourceID {
	if slices.Equal(before, wanted) {
		return before
	}
	drop, add := missing(before, wanted), missing(wanted, before)
	if len(drop)+len(add) <= n {
		return missing(wanted, nil)
	}
	drop = drop[:min(n, len(drop))]
	return append(missing(before, drop), add[:n-len(drop)]...)
}

// sameSources tells whether two lists name the same sources.
func sameSources(a, b []digest.SourceID) bool {
	return len(missing(a, b)) == 0 && len(missing(b, a)) == 0
}

// missing are those of a that b lacks, each once, in a's order.
func missing(a, b []digest.SourceID) []digest.SourceID {
	has := make(map[digest.SourceID]bool, len(a)+len(b))
	for _, id := range b {
		has[id] = true
	}
	return slices.Collect(func(yield func(digest.SourceID) bool) {
		for _, id := range a {
			if !has[id] {
				has[id] = true
				if !yield(id) {
					return
				}
			}
		}
	})
}
