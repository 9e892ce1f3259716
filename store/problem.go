package store

import (
	"context"
	"errors"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// problemsKey holds what one process found wrong; its name is empty where it is the only
// one.
func problemsKey(process string) []byte { return key("problems", process) }

// Problems are what a process found wrong and has not seen over.
func (s *Store) Problems(ctx context.Context, process string) ([]digest.Problem, error) {
	p, err := load[[]digest.Problem](ctx, s.kv, problemsKey(process))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return p, err
}

// SaveProblems replaces what a process found wrong.
func (s *Store) SaveProblems(ctx context.Context, process string, p []digest.Problem) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		if len(p) == 0 {
			return tx.Delete(problemsKey(process))
		}
		return put(tx, problemsKey(process), p)
	})
}

// Touch writes a little, to see whether the store takes writes.
func (s *Store) Touch(ctx context.Context, process string, now time.Time) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error { return put(tx, key("meta", "touched", process), now) })
}
