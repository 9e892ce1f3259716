package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// markerLife is how long a handled message is remembered: longer than any platform
// brings one again (Telegram keeps updates for 24 hours).
const markerLife = 48 * time.Hour

// Incoming is a message or a press as its platform gave it to us. The id is the
// platform's; At is when it came in.
type Incoming struct {
	Platform digest.Platform `json:"platform"`
	ID       string          `json:"id"`
	Body     json.RawMessage `json:"body"`
	At       time.Time       `json:"at"`
	// By is the lease under which it was recorded, empty if only one process can.
	By string `json:"by,omitempty"`
}

// incomingAtOnce is how many messages are recorded in one update.
const incomingAtOnce = 100

// Accept records what came in and then, with the last of it, the cursor (none if empty):
// once it returns, the platform may forget. It returns those that are new; one that was
// recorded or handled before is not.
func (s *Store) Accept(ctx context.Context, platform digest.Platform, in []Incoming, cursor string) ([]Incoming, error) {
	var out []Incoming
	for {
		chunk := in[:min(len(in), incomingAtOnce)]
		in = in[len(chunk):]
		var fresh []Incoming
		err := s.kv.Update(ctx, func(tx kv.Tx) error {
			var err error
			fresh, err = record(tx, platform, chunk)
			if err != nil || len(in) > 0 || cursor == "" {
				return err
			}
			return tx.Put(cursorKey(platform), []byte(cursor))
		})
		if err != nil {
			return nil, err
		}
		out = append(out, fresh...)
		if len(in) == 0 {
			return out, nil
		}
	}
}

// record stores the messages that are not known yet and returns them.
func record(tx kv.Tx, platform digest.Platform, in []Incoming) ([]Incoming, error) {
	var fresh []Incoming
	for _, m := range in {
		m.Platform = platform
		known, err := recorded(tx, platform, m.ID)
		if err != nil {
			return nil, err
		}
		if known {
			continue
		}
		if err := put(tx, bodyKey(platform, m.ID), m); err != nil {
			return nil, err
		}
		fresh = append(fresh, m)
	}
	return fresh, nil
}

// recorded tells whether a message waits or was handled.
func recorded(tx kv.Tx, platform digest.Platform, id string) (bool, error) {
	for _, k := range [][]byte{bodyKey(platform, id), doneKey(platform, id)} {
		_, err := tx.Get(k)
		if !errors.Is(err, kv.ErrNotFound) {
			return err == nil, err
		}
	}
	return false, nil
}

// Cursor is up to where a platform's messages are recorded, empty if none ever was.
func (s *Store) Cursor(ctx context.Context, platform digest.Platform) (string, error) {
	raw, err := s.kv.Get(ctx, cursorKey(platform))
	if errors.Is(err, kv.ErrNotFound) {
		return "", nil
	}
	return string(raw), err
}

// Waiting are the messages of all platforms that were recorded and not handled, in the
// order they came: at start, what a crash has left.
func (s *Store) Waiting(ctx context.Context) ([]Incoming, error) {
	var out []Incoming
	for m, err := range all[Incoming](ctx, s.kv, "inbox/body/") {
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b Incoming) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// Waits tells whether a message is recorded and was not handled yet.
func (s *Store) Waits(ctx context.Context, platform digest.Platform, id string) (bool, error) {
	_, err := s.kv.Get(ctx, bodyKey(platform, id))
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Handled drops a message's body and remembers for two days, from when it came in, that
// it was handled. One that is not waiting is left as it is.
func (s *Store) Handled(ctx context.Context, platform digest.Platform, id string) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		m, found, err := get[Incoming](tx, bodyKey(platform, id))
		if err != nil || !found {
			return err
		}
		if err := tx.Delete(bodyKey(platform, id)); err != nil {
			return err
		}
		if err := tx.Put(doneKey(platform, id), nil); err != nil {
			return err
		}
		return expire(tx, m.At.Add(markerLife), expireMarker, string(platform)+"/"+id)
	})
}

func bodyKey(p digest.Platform, id string) []byte { return key("inbox/body", string(p), id) }
func doneKey(p digest.Platform, id string) []byte { return key("inbox/done", string(p), id) }
func cursorKey(p digest.Platform) []byte          { return key("inbox/cursor", string(p)) }
