// Package postgres keeps the store in a PostgreSQL database that several processes share.
package postgres

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"newsdigest/store/kv"
)

// Engine is a kv.Engine on a PostgreSQL database.
type Engine struct {
	pool   *pgxpool.Pool
	secret string // password of the address, for taking it out of errors
	where  string

	times   times
	line    line
	markers markers

	mu      sync.Mutex
	closed  bool
	calls   sync.WaitGroup // that have begun
	closing chan struct{}  // closed with closed set
}

var _ kv.Engine = (*Engine)(nil)

// Where names server and database, without user and password.
func (e *Engine) Where() string { return e.where }

// Get implements kv.Engine.
func (e *Engine) Get(ctx context.Context, key []byte) (value []byte, err error) {
	err = e.read(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
		err := c.QueryRow(ctx, sqlGet, key).Scan(&value)
		if errors.Is(err, pgx.ErrNoRows) {
			return kv.ErrNotFound
		}
		return err
	})
	return value, err
}

// Scan implements kv.Engine. Each page is a query of its own.
func (e *Engine) Scan(ctx context.Context, from, to []byte) iter.Seq2[kv.Pair, error] {
	return kv.Pages{First: 32, Last: 1024, Read: e.page}.Scan(ctx, from, to)
}

// page reads up to size pairs of a range and tells whether there may be more. The server
// leaves out what comes after kv.PageBytes.
func (e *Engine) page(ctx context.Context, from, to []byte, size int) (page []kv.Pair, more bool, err error) {
	query, args := sqlPage, []any{from, size, kv.PageBytes, to}
	if to == nil {
		query, args = sqlLastPage, args[:3]
	}
	err = e.read(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
		rows, err := c.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		page, err = pgx.CollectRows(rows, pgx.RowToStructByPos[kv.Pair])
		return err
	})
	bytes := 0
	for _, p := range page {
		bytes += len(p.Value)
	}
	return page, len(page) == size || bytes > kv.PageBytes, err
}

// read does something that may be done again, over a connection of the pool.
func (e *Engine) read(ctx context.Context, do func(context.Context, *pgxpool.Conn) error) error {
	if err := e.enter(ctx); err != nil {
		return err
	}
	defer e.calls.Done()
	return e.again(ctx, func() error {
		err := e.withConn(ctx, do)
		if err == nil || errors.Is(err, kv.ErrNotFound) {
			return err
		}
		return failed(err)
	})
}

// withConn does something over a connection of the pool, within the time for one answer.
func (e *Engine) withConn(ctx context.Context, do func(context.Context, *pgxpool.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, e.times.answer)
	defer cancel()
	c, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer e.release(c)
	return do(ctx, c)
}

// release gives a connection back. If it broke, the whole server may have gone, so that
// those that nobody uses go too.
func (e *Engine) release(c *pgxpool.Conn) {
	if c.Conn().IsClosed() {
		e.pool.Reset()
	}
	c.Release() // drops a connection with an open transaction
}

// enter begins a call; whoever gets no error says calls.Done at its end.
func (e *Engine) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return kv.ErrClosed
	}
	e.calls.Add(1)
	return nil
}

// Close implements kv.Engine. Calls that wait to try once more end with ErrClosed.
func (e *Engine) Close() error {
	e.mu.Lock()
	if !e.closed {
		e.closed = true
		close(e.closing)
	}
	e.mu.Unlock()
	e.calls.Wait()
	e.pool.Close()
	return nil
}
