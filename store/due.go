package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// dueIndex is an index by due time, cut into partitions by owner: finding what is due
// costs what is due, not what exists. The value is the prefix of its keys.
type dueIndex string

const (
	dueSubscriptions dueIndex = "due/sub/"
	dueSources       dueIndex = "due/source/"
	dueDeliveries    dueIndex = "due/delivery/" // one for each platform, see deliveriesTo
)

// due is one entry of a due index: rest is what its key has after the time.
type due struct {
	at   time.Time
	rest string
}

func (i dueIndex) prefix(partition int) string {
	const digits = "0123456789abcdef"
	return string(i) + digits[partition>>4:partition>>4+1] + digits[partition&15:partition&15+1] + "/"
}

func (i dueIndex) key(owner string, at time.Time, rest string) []byte {
	return []byte(i.prefix(digest.Partition(owner)) + stamp(at) + "/" + rest)
}

// until finds the entries of these partitions not after now, the oldest first, at most
// limit of them.
//
// Once limit entries are found, only older ones can replace them, so that later
// partitions are scanned up to the youngest of these.
func (i dueIndex) until(ctx context.Context, e kv.Engine, parts Parts, now time.Time, limit int) ([]due, error) {
	if limit <= 0 {
		return nil, nil
	}
	var found []due
	last, most := now, limit
	for p := range digest.Partitions {
		if !parts.Has(p) {
			continue
		}
		prefix := i.prefix(p)
		part, err := between(ctx, e, prefix, []byte(prefix), upTo(prefix, last), limit)
		if err != nil {
			return nil, err
		}
		if found = append(found, part...); len(found) >= most {
			found = oldest(found, limit)
			last = found[limit-1].at.Add(-time.Millisecond)
			most = limit + limit/2 + 1 // not to be sorted for each that is older
		}
	}
	return oldest(found, limit), nil
}

// oldest sorts entries by time, and takes at most limit of them.
func oldest(found []due, limit int) []due {
	slices.SortStableFunc(found, func(a, b due) int { return a.at.Compare(b.at) })
	return found[:min(len(found), limit)]
}

// earliest is the time of the first entry of these partitions, false if they have none.
func (i dueIndex) earliest(ctx context.Context, e kv.Engine, parts Parts) (time.Time, bool, error) {
	found, err := i.until(ctx, e, parts, time.UnixMilli(1<<48-2), 1)
	if err != nil || len(found) == 0 {
		return time.Time{}, false, err
	}
	return found[0].at, true, nil
}

// between reads the entries in a range of keys of a partition, which has this prefix: at
// most limit of them, or all if it is -1.
func between(ctx context.Context, e kv.Engine, prefix string, from, to []byte, limit int) ([]due, error) {
	var found []due
	for p, err := range e.Scan(ctx, from, to) {
		if err != nil {
			return nil, err
		}
		at, rest, _ := strings.Cut(string(p.Key[len(prefix):]), "/")
		t, err := unstamp(at)
		if err != nil {
			return nil, err
		}
		found = append(found, due{t, rest})
		if len(found) == limit {
			break
		}
	}
	return found, nil
}

// move replaces an owner's entry at one time by one at another; a zero time stands for
// no entry.
func (i dueIndex) move(tx kv.Tx, owner, rest string, from, to time.Time) error {
	if !from.IsZero() && (to.IsZero() || stamp(from) != stamp(to)) {
		if err := tx.Delete(i.key(owner, from, rest)); err != nil {
			return err
		}
	}
	if to.IsZero() {
		return nil
	}
	return tx.Put(i.key(owner, to, rest), nil)
}
