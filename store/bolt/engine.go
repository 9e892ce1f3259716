// Package bolt keeps the store in one bbolt file: one process, one writer, no server.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"newsdigest/store/kv"
)

// bucket is the one bucket that holds every key.
var bucket = []byte("newsdigest")

// Engine is a kv.Engine on a bbolt file.
type Engine struct {
	db *bbolt.DB
	// listed says that the file has the list of its free pages in it; the next commit may
	// leave a long one out until mayList.
	listed  bool
	mayList time.Time

	// waiting counts the updates that have not had their turn; who finds none behind it
	// commits the group.
	waiting atomic.Int64

	mu     sync.Mutex // held by the update whose turn it is
	open   *group     // nil if there is nothing to commit
	closed bool
	broken error         // set when bbolt panicked or the disk failed: the state is unknown
	lost   chan struct{} // closed with broken set
}

var _ kv.Engine = (*Engine)(nil)

// Get implements kv.Engine.
func (e *Engine) Get(ctx context.Context, key []byte) (value []byte, err error) {
	err = e.view(ctx, func(b *bbolt.Bucket) {
		value = slices.Clone(b.Get(key))
	})
	if err == nil && value == nil {
		err = kv.ErrNotFound
	}
	return value, err
}

// Scan implements kv.Engine. Each page is read in a transaction of its own.
func (e *Engine) Scan(ctx context.Context, from, to []byte) iter.Seq2[kv.Pair, error] {
	return kv.Pages{First: 8, Last: 512, Read: e.page}.Scan(ctx, from, to)
}

// page reads up to size pairs of a range and tells whether there may be more.
func (e *Engine) page(ctx context.Context, from, to []byte, size int) (page []kv.Pair, more bool, err error) {
	err = e.view(ctx, func(b *bbolt.Bucket) {
		bytes := 0
		c := b.Cursor()
		for k, v := c.Seek(from); k != nil && (to == nil || string(k) < string(to)); k, v = c.Next() {
			if len(page) == size || bytes > kv.PageBytes {
				more = true
				return
			}
			page = append(page, kv.Pair{Key: slices.Clone(k), Value: append([]byte{}, v...)})
			bytes += len(k) + len(v)
		}
	})
	return page, more, err
}

// view runs read in a read transaction of its own. A panic over damaged pages becomes
// an error.
func (e *Engine) view(ctx context.Context, read func(*bbolt.Bucket)) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := e.db.Begin(false)
	if errors.Is(err, bbolterrors.ErrDatabaseNotOpen) {
		return kv.ErrClosed
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", e.db.Path(), err)
	}
	// A large file is not read in full at open: a page may be damaged.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		_ = tx.Rollback() // of a read transaction: cannot fail
		if v := recover(); v != nil {
			err = fmt.Errorf("read: %w: %v", ErrCorrupt, v)
		}
	}()
	read(tx.Bucket(bucket))
	return nil
}

// Close implements kv.Engine.
func (e *Engine) Close() error {
	e.waiting.Add(1)
	e.mu.Lock()
	e.closed = true
	e.pass()
	broken, listed := e.broken, e.listed
	e.mu.Unlock()
	if broken == nil && !listed {
		broken = e.listFree()
	}
	if broken != nil {
		return nil // bbolt would wait for its own lock for ever; the process is about to end
	}
	return e.db.Close() // waits for transactions
}

// listFree writes the list of free pages into the file, so that opening it does not have to
// look for them in all pages; without it the file is whole, too. The error is of a
// transaction that bbolt panicked in.
func (e *Engine) listFree() (err error) {
	defer contain(&err)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	tx, err := e.db.Begin(true) // waits for the last group
	if err != nil {
		return nil // it is closed
	}
	e.db.NoFreelistSync = false
	_ = tx.Commit() // a full disk is the next start's business
	return nil
}
