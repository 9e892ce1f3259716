package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"newsdigest/store/kv"
)

// Errors of moving a store; callers ask with errors.Is.
var (
	// ErrMoving: the engine holds a part of a store that is being moved into it.
	ErrMoving = errors.New("a store is being moved into it, and not all of it is there yet")
	// ErrNotEmpty: the engine holds something else than a part of the store that is moved.
	ErrNotEmpty = errors.New("it holds something else already")
	// ErrEmpty: there is no store to move.
	ErrEmpty = errors.New("there is no store in it")
	// ErrInUse: a process works on the store.
	ErrInUse = errors.New("a bot is running on it")
	// ErrMovedWrong: what was moved differs from where it came from.
	ErrMovedWrong = errors.New("the copy is not the same")
)

// moveKey holds how far a move into an engine has come; it goes when all is there.
var moveKey = []byte("meta/move")

// stays are the keys that belong to the processes on a store, not to it.
var stays = []string{"lease/", "process/", "problems/", "meta/touched/", string(moveKey)}

// Moved counts what was moved.
type Moved struct {
	Keys  int   `json:"keys"`
	Bytes int64 `json:"bytes"` // of keys and values
	// Sum is the SHA-256 of all keys and values with their lengths, known at the end.
	Sum string `json:"-"`
}

// moving is how far a move has come.
type moving struct {
	Source string `json:"source"` // which store
	Next   []byte `json:"next"`   // the first key that is not moved yet
	Moved
}

// A batch is as many pairs as one update takes, by far.
const (
	batchKeys  = kv.MaxKeys / 2
	batchBytes = kv.MaxBytes / 4
)

// Move copies a store from one engine into another, empty one, and then compares all of
// it, pair for pair. A move that was cut off goes on where it was when it is called
// again. The source is only read. Progress, if not nil, is told now and then.
func Move(ctx context.Context, from, to kv.Engine, progress func(Moved)) (Moved, error) {
	source, err := identify(ctx, from)
	if err != nil {
		return Moved{}, err
	}
	m, err := resume(ctx, to, source)
	if err != nil {
		return Moved{}, err
	}
	if err := m.copy(ctx, from, to, progress); err != nil {
		return Moved{}, err
	}
	done, err := compare(ctx, from, to)
	if err != nil {
		return Moved{}, err
	}
	return done, to.Update(ctx, func(tx kv.Tx) error { return tx.Delete(moveKey) })
}

// identify names the store in an engine, if it can be moved.
func identify(ctx context.Context, e kv.Engine) (string, error) {
	schema, err := readSchema(ctx, e)
	switch {
	case err != nil:
		return "", err
	case schema == 0:
		return "", ErrEmpty
	case schema > Schema:
		return "", ErrNewerSchema
	}
	if err := notMoving(ctx, e); err != nil {
		return "", err
	}
	secret, err := e.Get(ctx, secretKey)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	sum := sha256.Sum256(append([]byte("move "), secret...))
	return hex.EncodeToString(sum[:]), busy(ctx, e, watchBeats)
}

// notMoving refuses an engine that holds a part of a store.
func notMoving(ctx context.Context, e kv.Engine) error {
	_, err := e.Get(ctx, moveKey)
	switch {
	case err == nil:
		return ErrMoving
	case errors.Is(err, ErrNotFound):
		return nil
	}
	return err
}

// watchBeats is how long signs of life are waited for.
const watchBeats = 3 * LookEvery

// busy refuses a store on which a process shows signs of life.
func busy(ctx context.Context, e kv.Engine, watch time.Duration) error {
	s := &Store{kv: e}
	before, err := s.beats(ctx)
	if err != nil || len(before) == 0 {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(watch):
	}
	after, err := s.beats(ctx)
	for process, b := range after {
		if was, known := before[process]; !known || was.N != b.N {
			return ErrInUse
		}
	}
	return err
}

// resume is how far the move of a store into an engine has come.
func resume(ctx context.Context, to kv.Engine, source string) (*moving, error) {
	m := &moving{Source: source}
	raw, err := to.Get(ctx, moveKey)
	if err == nil {
		if err := decode(moveKey, raw, m); err != nil {
			return nil, err
		}
		if m.Source != source {
			return nil, fmt.Errorf("%w: a part of another store", ErrNotEmpty)
		}
		return m, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	for _, err := range to.Scan(ctx, nil, nil) {
		if err != nil {
			return nil, err
		}
		return nil, ErrNotEmpty
	}
	return m, m.save(ctx, to, nil)
}

// save writes a batch, and how far the move has come with it.
func (m *moving) save(ctx context.Context, to kv.Engine, batch []kv.Pair) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if len(batch) == 1 { // it may be as large as an update can be
		err := to.Update(ctx, func(tx kv.Tx) error { return tx.Put(batch[0].Key, batch[0].Value) })
		if err != nil {
			return err
		}
		batch = nil
	}
	return to.Update(ctx, func(tx kv.Tx) error {
		for _, p := range batch {
			if err := tx.Put(p.Key, p.Value); err != nil {
				return err
			}
		}
		return tx.Put(moveKey, raw)
	})
}

// copy copies what is not there yet.
func (m *moving) copy(ctx context.Context, from, to kv.Engine, progress func(Moved)) error {
	var batch []kv.Pair
	bytes := 0
	write := func() error {
		if len(batch) == 0 {
			return nil
		}
		m.Next = append(slices.Clone(batch[len(batch)-1].Key), 0)
		m.Keys, m.Bytes = m.Keys+len(batch), m.Bytes+int64(bytes)
		if err := m.save(ctx, to, batch); err != nil {
			return err
		}
		if progress != nil {
			progress(m.Moved)
		}
		batch, bytes = batch[:0], 0
		return nil
	}
	for p, err := range movable(ctx, from, m.Next) {
		if err != nil {
			return err
		}
		size := len(p.Key) + len(p.Value)
		if len(batch) == batchKeys || bytes+size > batchBytes {
			if err := write(); err != nil {
				return err
			}
		}
		batch, bytes = append(batch, p), bytes+size
	}
	return write()
}

// movable are the pairs of a store, from a key on, that belong to it.
func movable(ctx context.Context, e kv.Engine, from []byte) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		for p, err := range e.Scan(ctx, from, nil) {
			if err == nil && slices.ContainsFunc(stays, func(prefix string) bool { return bytes.HasPrefix(p.Key, []byte(prefix)) }) {
				continue
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// compare holds two engines against each other, pair for pair.
func compare(ctx context.Context, from, to kv.Engine) (Moved, error) {
	next, stop := iter.Pull2(movable(ctx, to, nil))
	defer stop()
	var m Moved
	sum := sha256.New()
	for want, err := range movable(ctx, from, nil) {
		if err != nil {
			return m, err
		}
		got, err, ok := next()
		switch {
		case err != nil:
			return m, err
		case !ok || !bytes.Equal(got.Key, want.Key) || !bytes.Equal(got.Value, want.Value):
			return m, fmt.Errorf("%w: it differs at %q", ErrMovedWrong, want.Key)
		}
		var sizes [16]byte
		binary.BigEndian.PutUint64(sizes[:8], uint64(len(got.Key)))
		binary.BigEndian.PutUint64(sizes[8:], uint64(len(got.Value)))
		for _, part := range [][]byte{sizes[:], got.Key, got.Value} {
			sum.Write(part)
		}
		m.Keys, m.Bytes = m.Keys+1, m.Bytes+int64(len(got.Key)+len(got.Value))
	}
	if more, err, ok := next(); ok {
		return m, errors.Join(err, fmt.Errorf("%w: %q is only in it", ErrMovedWrong, more.Key))
	}
	m.Sum = hex.EncodeToString(sum.Sum(nil))
	return m, nil
}
