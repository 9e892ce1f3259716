package store

import (
	"context"
	"errors"
	"maps"
	"slices"
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

// AllProblems are what all processes found wrong and have not seen over, each with the
// process.
func (s *Store) AllProblems(ctx context.Context) ([]digest.Problem, error) {
	all, err := named[[]digest.Problem](ctx, s.kv, "problems/")
	var out []digest.Problem
	for _, process := range slices.Sorted(maps.Keys(all)) {
		for _, p := range all[process] {
			p.Process = process
			out = append(out, p)
		}
	}
	return out, err
}

// livingLooks is how many looks it takes to see who lives.
const livingLooks = 3

// Living counts the processes that share the store and show life; it takes a few seconds.
func (s *Store) Living(ctx context.Context) (n int, err error) {
	before, err := s.beats(ctx)
	if err != nil {
		return 0, err
	}
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(livingLooks * LookEvery):
	}
	now, err := s.beats(ctx)
	for id, b := range now {
		if !b.Guest && b.N != before[id].N {
			n++
		}
	}
	return n, err
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
