// Package kv is what a storage engine promises to the store: keys in byte order, atomic
// and durable updates of a few keys, and ordered scans. The contract is small enough for
// one file on one machine and for a serializable SQL cluster alike.
package kv

import (
	"context"
	"errors"
	"iter"
)

// Limits of one update. They are what every engine carries, not what one of them could.
const (
	MaxKeys  = 1000    // distinct keys put or deleted
	MaxBytes = 4 << 20 // bytes of these keys and their new values together
	MaxKey   = 1024    // bytes of one key; a key has at least one
)

// Errors an engine returns; callers ask with errors.Is.
var (
	ErrNotFound = errors.New("key not found")
	ErrTooLarge = errors.New("update is too large")
	ErrBadKey   = errors.New("key is empty or too long")
	ErrClosed   = errors.New("store is closed")
)

// Engine keeps keys and values. All methods may be called from any goroutine.
type Engine interface {
	// Update runs a function that reads and writes, and makes its writes durable before
	// it returns: all of them, or none if the function returns an error (which Update
	// returns as it is) or panics (a *PanicError).
	//
	// Updates behave as if they ran one after the other. The function may run again, so it
	// has no effects but on the transaction and on variables it sets anew each time; it does
	// no I/O and calls no other method of the engine. More than MaxKeys or MaxBytes is
	// ErrTooLarge. Updates that wait at the same time may share one flush to disk.
	//
	// A context that ended before the function began stops the update; later it does not,
	// so that the answer is always what happened.
	Update(ctx context.Context, fn func(Tx) error) error

	// Get returns a copy of the value, ErrNotFound if there is none.
	Get(ctx context.Context, key []byte) ([]byte, error)

	// Scan yields the pairs with from <= key < to in key order, copies all. A nil to
	// means up to the last key. No transaction is held while the loop's body runs, so the
	// body may call any method of the engine: a key that stays the same during the scan is
	// yielded exactly once, one that changes in its old or its new form. An error ends
	// the scan and comes with an empty pair.
	Scan(ctx context.Context, from, to []byte) iter.Seq2[Pair, error]

	// Close waits for updates that have begun and frees the engine. After it every
	// method returns ErrClosed, except Close.
	Close() error
}

// Tx is the inside of an update. It is used by the update's function only, and only
// until that returns. It has no ranges: what must be counted or listed atomically is one
// value. The transaction keeps no slice it is given, and its caller may keep and change
// those it gets.
type Tx interface {
	// Get returns a copy of the value as the update's own writes have left it,
	// ErrNotFound if there is none.
	Get(key []byte) ([]byte, error)
	// Put sets the value; nil is the same as empty.
	Put(key, value []byte) error
	// Delete removes the key; one that is not there is no error.
	Delete(key []byte) error
}

// Pair is a key with its value.
type Pair struct {
	Key   []byte
	Value []byte
}
