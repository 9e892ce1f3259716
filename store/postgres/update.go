package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"newsdigest/store/kv"
)

// Update implements kv.Engine.
//
// The updates that wait at the same time are one serializable transaction of the
// database: their functions run one after the other, each on what those before it have
// left, and what one refuses or a panic leaves takes nothing with it. Two such
// transactions of one process would be in each other's way, since the database notes what
// was read by pages of its index. Writes are held back and go to the server together with
// the commit, so that an update alone costs a round trip for each key that it reads and
// one more, and holds no lock while its function runs. What the server refuses because of
// other processes, and what was lost with a connection, is tried again.
func (e *Engine) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if err := e.enter(ctx); err != nil {
		return err
	}
	defer e.calls.Done()
	j := &job{ctx: ctx, fn: fn}
	return e.again(ctx, func() error {
		e.line.join(j)
		for e.line.wait(j) {
			e.runGroup(context.WithoutCancel(ctx))
			e.line.pass()
		}
		return j.err
	})
}

// runGroup runs the updates that wait now, or as many as one transaction takes.
func (e *Engine) runGroup(ctx context.Context) {
	g := &group{jobs: e.line.take()}
	if len(g.jobs) == 0 {
		return
	}
	err := g.persist(ctx, e)
	for _, j := range g.jobs[:g.begun] {
		if err != nil {
			j.err = err // of what they have found, nothing holds
		}
		close(j.done)
	}
	e.line.putBack(g.jobs[g.begun:])
}

// group is updates that are one transaction.
type group struct {
	jobs   []*job
	begun  int // how many of them have run, at least one
	writes map[string]kv.Write
	bytes  int
}

// groupTries is how often a group tries as it is; then each of its updates goes on by
// itself, and in other company.
const groupTries = 8

// persist runs the group until it is not refused because of other processes. It stays
// together, so that one success ends many waits.
func (g *group) persist(ctx context.Context, e *Engine) error {
	for n := 1; ; n++ {
		err := g.run(ctx, e)
		var f *fault
		if !errors.As(err, &f) || !f.soon || n == groupTries {
			return err
		}
		select {
		case <-time.After(f.pause(n)):
		case <-e.closing:
			return err
		}
	}
}

// run runs functions until the group is full, and commits what they wrote.
func (g *group) run(ctx context.Context, e *Engine) error {
	g.begun, g.bytes, g.writes = len(g.jobs), 0, map[string]kv.Write{}
	c, err := e.acquire(ctx)
	if err != nil {
		return failed(err)
	}
	defer e.release(c)
	t := &transaction{engine: e, conn: c, ctx: ctx, read: map[string][]byte{}}
	if keys := known(g.jobs); len(keys) > 0 {
		if err := t.fetch(keys); err != nil {
			return t.refused(err)
		}
	}
	for i, j := range g.jobs {
		g.step(t, j)
		if t.fault != nil {
			return t.refused(t.fault) // whatever the function made of it
		}
		if len(g.writes) > kv.MaxKeys || g.bytes > kv.MaxBytes {
			g.begun = i + 1
			break
		}
	}
	if len(g.writes) == 0 {
		return t.finish()
	}
	return t.commit(slices.SortedFunc(maps.Values(g.writes), func(a, b kv.Write) int { return bytes.Compare(a.Key, b.Key) }))
}

// step runs one function on what those before it have left.
func (g *group) step(t *transaction, j *job) {
	if j.err = j.ctx.Err(); j.err != nil {
		return
	}
	j.read = map[string]bool{}
	staged := kv.NewStaged(func(key []byte) ([]byte, error) {
		j.read[string(key)] = true
		if w, ok := g.writes[string(key)]; ok {
			if w.Delete {
				return nil, kv.ErrNotFound
			}
			return slices.Clone(w.Value), nil
		}
		return t.get(key)
	})
	if j.err = staged.Run(j.fn); j.err != nil {
		return
	}
	for _, w := range staged.Writes() {
		g.writes[string(w.Key)] = w
		g.bytes += len(w.Key) + len(w.Value)
	}
}

// acquire takes a connection from the pool.
func (e *Engine) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, e.times.answer)
	defer cancel()
	return e.pool.Acquire(ctx)
}

// transaction is one attempt of a group.
type transaction struct {
	engine *Engine
	conn   *pgxpool.Conn
	ctx    context.Context // does not end with the caller's

	begun bool
	read  map[string][]byte // what was read, nil what is not there
	fault error             // the first one of the server or the way to it
}

// get is the value of a key as the transaction sees it.
func (t *transaction) get(key []byte) ([]byte, error) {
	if t.fault != nil {
		return nil, t.fault
	}
	value, known := t.read[string(key)]
	if !known {
		if t.fault = t.fetch([][]byte{key}); t.fault != nil {
			return nil, t.fault
		}
		value = t.read[string(key)]
	}
	if value == nil {
		return nil, kv.ErrNotFound
	}
	return slices.Clone(value), nil
}

// fetch reads keys in one round trip, which also begins the transaction if it has not
// begun.
func (t *transaction) fetch(keys [][]byte) error {
	var b pgx.Batch
	t.begin(&b)
	b.Queue(sqlGetAll, keys).Query(func(rows pgx.Rows) error {
		for _, k := range keys {
			t.read[string(k)] = nil
		}
		var p kv.Pair
		_, err := pgx.ForEachRow(rows, []any{&p.Key, &p.Value}, func() error {
			t.read[string(p.Key)] = p.Value
			return nil
		})
		return err
	})
	return t.send(&b)
}

// begin queues the beginning of the transaction if it has not begun.
func (t *transaction) begin(b *pgx.Batch) {
	if !t.begun {
		t.begun = true
		b.Queue(sqlBegin)
	}
}

// send sends what is queued and waits for all answers.
func (t *transaction) send(b *pgx.Batch) error {
	ctx, cancel := context.WithTimeout(t.ctx, t.engine.times.answer)
	defer cancel()
	return t.conn.SendBatch(ctx, b).Close()
}

// finish ends a transaction that only read. The server may still find that what it read
// does not go together.
func (t *transaction) finish() error {
	if !t.begun {
		return nil
	}
	var b pgx.Batch
	b.Queue(sqlCommit)
	if err := t.send(&b); err != nil {
		return t.refused(err)
	}
	return nil
}

// commit sends the writes and the end of the transaction in one round trip.
func (t *transaction) commit(writes []kv.Write) error {
	m := t.engine.markers.take()
	var b pgx.Batch
	t.begin(&b)
	put, values, gone := split(writes)
	b.Queue(sqlWrite, m.id, m.last+1, put, values, gone)
	b.Queue(sqlCommit)
	err := t.send(&b)
	switch {
	case err == nil:
		m.last++
		t.engine.markers.give(m)
		return nil
	case notApplied(err):
		if !isRetired(err) {
			t.engine.markers.give(m)
		}
		return t.refused(err)
	}
	applied, errAsk := t.engine.ask(t.ctx, m)
	switch {
	case errAsk != nil:
		return fmt.Errorf("%w: %s; asking it afterwards: %w", ErrUnknown, t.engine.redact(err), errAsk)
	case applied:
		return nil
	}
	return failed(err)
}

// split sorts writes by what they do.
func split(writes []kv.Write) (put, values, gone [][]byte) {
	put, values, gone = [][]byte{}, [][]byte{}, [][]byte{}
	for _, w := range writes {
		if w.Delete {
			gone = append(gone, w.Key)
			continue
		}
		put, values = append(put, w.Key), append(values, w.Value)
	}
	return put, values, gone
}

// refused ends the transaction after an error of which nothing is left in the database.
func (t *transaction) refused(err error) error {
	t.rollback()
	return failed(err)
}

// rollback gives up the transaction. If that fails, the connection goes and the server
// rolls back.
func (t *transaction) rollback() {
	if !t.begun || t.conn.Conn().IsClosed() {
		return
	}
	ctx, cancel := context.WithTimeout(t.ctx, t.engine.times.answer)
	defer cancel()
	_, _ = t.conn.Exec(ctx, sqlRollback)
}

// ErrUnknown says that the connection was lost during a commit and the server could not
// be asked afterwards whether the update was stored.
var ErrUnknown = errors.New("PostgreSQL was lost while it stored an update; whether it did is not known")
