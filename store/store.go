// Package store keeps everything newsdigest knows: chats, sources, articles, stories,
// editions, deliveries and incoming messages. It is one concrete Store over a small
// engine; all index keeping and every rule of what is written together stands here, once.
//
// Values are JSON, those that polls read and write all the time protocol buffers (fields.go)
// or blocks (seen.go). A method that changes something is one update, so that it happens
// whole or not at all; one that has to be several says in what order. Functions given
// to a method may run more than once and must do no I/O.
package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"newsdigest/store/kv"
)

// ErrNotFound says that there is nothing under an id.
var ErrNotFound = kv.ErrNotFound

// Store is the memory of the program. All methods may be called from any goroutine.
type Store struct {
	kv     kv.Engine
	secret []byte // of public ids
	parts  Parts  // whose due rows it finds

	contents *contents // read last
}

// Open opens the store that an engine holds: an empty one is set up, one of an older
// schema is brought up to date, one of a newer schema is refused untouched with
// ErrNewerSchema, one that is not all there with ErrMoving. The store closes the engine;
// if Open fails, the caller does.
func Open(ctx context.Context, e kv.Engine) (*Store, error) {
	if err := notMoving(ctx, e); err != nil {
		return nil, err
	}
	if err := migrate(ctx, e, Schema, migrations); err != nil {
		return nil, err
	}
	secret, err := readSecret(ctx, e)
	if err != nil {
		return nil, err
	}
	return &Store{kv: e, secret: secret, parts: AllParts, contents: &contents{}}, nil
}

// Close frees the engine.
func (s *Store) Close() error { return s.kv.Close() }

// load reads the value under a key, ErrNotFound if there is none.
func load[T any](ctx context.Context, e kv.Engine, key []byte) (T, error) {
	var v T
	raw, err := e.Get(ctx, key)
	if err != nil {
		return v, err
	}
	return v, decode(key, raw, &v)
}

// get is load within an update.
func get[T any](tx kv.Tx, key []byte) (v T, found bool, err error) {
	raw, err := tx.Get(key)
	if errors.Is(err, kv.ErrNotFound) {
		return v, false, nil
	}
	if err != nil {
		return v, false, err
	}
	return v, true, decode(key, raw, &v)
}

func put(tx kv.Tx, key []byte, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", key, err)
	}
	return tx.Put(key, raw)
}

func decode(key, raw []byte, v any) error {
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("decode %s: %w", key, err)
	}
	return nil
}

// all yields every value whose key begins with the prefix, in key order. After an error
// nothing follows.
func all[T any](ctx context.Context, e kv.Engine, prefix string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for p, err := range e.Scan(ctx, []byte(prefix), after(prefix)) {
			var v T
			if err == nil {
				err = decode(p.Key, p.Value, &v)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}
