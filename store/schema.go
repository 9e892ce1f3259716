package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"newsdigest/store/kv"
)

// Schema is the layout of keys and values that this program writes.
const Schema = 3

// ErrNewerSchema says that a newer program wrote the store; this one must not touch it.
var ErrNewerSchema = errors.New("the store was written by a newer newsdigest")

// migration brings a store from one schema to the next. It may be cut off and run again
// from its beginning.
type migration func(context.Context, kv.Engine) error

// migrations[i] leads from schema i+1 to i+2.
var migrations = []migration{queuesAndRevisions, compactRows}

// migrate brings the store to the current schema, step by step; each step is recorded
// when it is through.
func migrate(ctx context.Context, e kv.Engine, current int, steps []migration) error {
	found, err := readSchema(ctx, e)
	if err != nil {
		return err
	}
	switch {
	case found > current:
		return fmt.Errorf("%w: its schema is %d, this program knows %d", ErrNewerSchema, found, current)
	case found == 0:
		return writeSchema(ctx, e, current)
	}
	for ; found < current; found++ {
		if err := steps[found-1](ctx, e); err != nil {
			return fmt.Errorf("bring the store from schema %d to %d: %w", found, found+1, err)
		}
		if err := writeSchema(ctx, e, found+1); err != nil {
			return err
		}
	}
	return nil
}

// readSchema is the store's schema, 0 if the store is empty.
func readSchema(ctx context.Context, e kv.Engine) (int, error) {
	raw, err := e.Get(ctx, schemaKey)
	if errors.Is(err, kv.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil || n < 1 {
		return 0, fmt.Errorf("the store's schema %q is not a number", raw)
	}
	return n, nil
}

func writeSchema(ctx context.Context, e kv.Engine, n int) error {
	return e.Update(ctx, func(tx kv.Tx) error {
		return tx.Put(schemaKey, []byte(strconv.Itoa(n)))
	})
}
