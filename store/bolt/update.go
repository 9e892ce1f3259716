package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"syscall"
	"time"

	"go.etcd.io/bbolt"

	"newsdigest/store/kv"
)

// groupWrites is how many writes a group takes before it is committed although others
// wait, so that the first of them do not wait for ever.
const groupWrites = 20_000

// group is updates that share one bbolt transaction and so one flush to disk.
type group struct {
	tx     *bbolt.Tx
	writes int
	err    error         // valid once done is closed; also set when the transaction is spoilt
	done   chan struct{} // closed when the group is committed or given up
}

// Update implements kv.Engine.
//
// bbolt's own Batch waits for its delay. Here the updates that wait for their turn pass
// on an open transaction; the last one of the queue commits it. One alone commits at
// once, many share a flush, and nobody waits for a timer. Each function runs against
// staged writes, so one that fails takes nothing with it.
func (e *Engine) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g, err := e.take(ctx, fn)
	if g == nil {
		return err
	}
	<-g.done
	if err == nil {
		err = g.err
	}
	return err
}

// take waits for this update's turn and runs it as the next of the open group.
func (e *Engine) take(ctx context.Context, fn func(kv.Tx) error) (*group, error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // see view
	e.waiting.Add(1)
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.pass()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g, err := e.group()
	if err != nil {
		return nil, err
	}
	b := g.tx.Bucket(bucket)
	staged := kv.NewStaged(func(key []byte) (value []byte, err error) {
		defer contain(&err)
		v := b.Get(key)
		if v == nil {
			return nil, kv.ErrNotFound
		}
		return append([]byte{}, v...), nil
	})
	if err := staged.Run(fn); err != nil {
		return g, err
	}
	g.apply(b, staged.Writes())
	return g, nil
}

// group is the open group, a new one if there is none.
func (e *Engine) group() (*group, error) {
	switch {
	case e.broken != nil:
		return nil, e.broken
	case e.closed:
		return nil, kv.ErrClosed
	case e.open != nil:
		return e.open, nil
	}
	tx, err := e.db.Begin(true)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", e.db.Path(), err)
	}
	e.open = &group{tx: tx, done: make(chan struct{})}
	return e.open, nil
}

// apply puts the writes of one function into the group's transaction. If bbolt refuses
// one, the whole group is lost: the transaction is half written.
func (g *group) apply(b *bbolt.Bucket, writes []kv.Write) {
	defer func() {
		if v := recover(); v != nil {
			g.err = fmt.Errorf("write: %w: %v", ErrCorrupt, v)
		}
	}()
	// The bucket's FillPercent stays bbolt's half. The keys of the one bucket are sequential
	// in some places and random in most: 0.9 made the file of 60,000 chats 2 % smaller (144
	// MB for 147) and filling it slower, and that of five months of steady use no smaller.
	for _, w := range writes {
		var err error
		if w.Delete {
			err = b.Delete(w.Key)
		} else {
			err = b.Put(w.Key, w.Value)
		}
		if err != nil {
			g.err = fmt.Errorf("write: %w", err)
			return
		}
		g.writes++
	}
}

// pass ends a turn: the group is left to the next in the queue, or committed if there
// is none or the group is full or spoilt. It is called with mu held.
func (e *Engine) pass() {
	last := e.waiting.Add(-1) == 0
	g := e.open
	if g == nil || !last && g.writes < groupWrites && g.err == nil {
		return
	}
	e.open = nil
	e.commit(g)
	close(g.done)
}

// commit makes the group's writes durable, or sets its error.
func (e *Engine) commit(g *group) {
	defer func() {
		if v := recover(); v != nil {
			g.err = fmt.Errorf("write %s: %w: %v", e.db.Path(), ErrCorrupt, v)
			e.giveUp(g.err)
		}
	}()
	if g.err != nil || g.writes == 0 {
		_ = g.tx.Rollback() // nothing is kept either way
		return
	}
	began := time.Now()
	e.listed = e.lists(began)
	e.db.NoFreelistSync = !e.listed
	if err := g.tx.Commit(); err != nil {
		g.err = fmt.Errorf("commit: %w", err)
		if errors.Is(err, syscall.EIO) {
			// What the system could not flush it forgets: the next flush may succeed
			// without it. Only the file itself, read anew, tells what it has.
			e.giveUp(g.err)
		}
	}
	if e.listed {
		e.mayList = time.Now().Add(listShare * time.Since(began))
	}
}

// With the list of its free pages in the file, a store whose process is killed opens as
// quickly as one that was closed. A short list costs a commit next to nothing; a long one
// is written with so few commits that they take a part of the time only.
const (
	shortList = 1 << 12 // pages, 8 bytes each
	listShare = 20
)

// lists tells whether a commit writes the list of free pages.
func (e *Engine) lists(now time.Time) bool {
	s := e.db.Stats()
	return s.FreePageN+s.PendingPageN <= shortList || now.After(e.mayList)
}

// giveUp refuses every update from now on. It is called with mu held.
func (e *Engine) giveUp(why error) {
	e.broken = why
	close(e.lost)
}

// Lost is closed when the engine takes no more updates because the disk failed or the file
// is damaged; a new process has to open the file again.
func (e *Engine) Lost() <-chan struct{} { return e.lost }
