package kv

import (
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
)

// Staged is the transaction that engines hand to an update's function: it reads through
// to the engine and holds the writes back, so that a function that fails leaves nothing
// behind and the limits are the same everywhere.
type Staged struct {
	read   func(key []byte) ([]byte, error)
	writes map[string]Write
	bytes  int
	err    error // the first refused write; fails the update even if the function goes on
	done   bool
}

// Write is one change of a Staged transaction: a new value, or none.
type Write struct {
	Key    []byte
	Value  []byte
	Delete bool
}

// PanicError is a panic of an update's function, contained.
type PanicError struct {
	Value any
	Stack []byte
}

// Error implements error.
func (e *PanicError) Error() string { return fmt.Sprintf("update function panicked: %v", e.Value) }

// errDone says that a transaction was used after its function returned.
var errDone = errors.New("transaction is over")

// NewStaged is a transaction without writes. Read returns a copy of a key's value or
// ErrNotFound; it is called only while Run runs.
func NewStaged(read func(key []byte) ([]byte, error)) *Staged {
	return &Staged{read: read, writes: map[string]Write{}}
}

// Run runs an update's function. If it returns nil, Writes are what to store.
func (s *Staged) Run(fn func(Tx) error) (err error) {
	defer func() {
		s.done = true
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	if err := fn(s); err != nil {
		return err
	}
	return s.err
}

// Writes are the changes in key order.
func (s *Staged) Writes() []Write {
	keys := slices.Sorted(maps.Keys(s.writes))
	out := make([]Write, len(keys))
	for i, k := range keys {
		out[i] = s.writes[k]
	}
	return out
}

// Get implements Tx.
func (s *Staged) Get(key []byte) ([]byte, error) {
	if s.done {
		return nil, errDone
	}
	if w, ok := s.writes[string(key)]; ok {
		if w.Delete {
			return nil, ErrNotFound
		}
		return slices.Clone(w.Value), nil
	}
	return s.read(key)
}

// Put implements Tx.
func (s *Staged) Put(key, value []byte) error {
	return s.write(Write{Key: slices.Clone(key), Value: append([]byte{}, value...)})
}

// Delete implements Tx.
func (s *Staged) Delete(key []byte) error {
	return s.write(Write{Key: slices.Clone(key), Delete: true})
}

func (s *Staged) write(w Write) error {
	if s.done {
		return errDone
	}
	err := s.admit(w)
	if err != nil && s.err == nil {
		s.err = err
	}
	return err
}

// admit takes the write in if key and limits allow.
func (s *Staged) admit(w Write) error {
	if len(w.Key) == 0 || len(w.Key) > MaxKey {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrBadKey, len(w.Key), MaxKey)
	}
	old, replaces := s.writes[string(w.Key)]
	if !replaces && len(s.writes) == MaxKeys {
		return fmt.Errorf("%w: more than %d keys", ErrTooLarge, MaxKeys)
	}
	size := s.bytes + len(w.Key) + len(w.Value)
	if replaces {
		size -= len(old.Key) + len(old.Value)
	}
	if size > MaxBytes {
		return fmt.Errorf("%w: more than %d bytes", ErrTooLarge, MaxBytes)
	}
	s.bytes, s.writes[string(w.Key)] = size, w
	return nil
}
