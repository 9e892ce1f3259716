package postgres

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A marker is a row that every update writes along with its own keys, so that afterwards
// the database itself tells which updates it has. Each marker is used by one update at a
// time; the updates that used it are counted, and last is the newest one that is stored.
//
// If a connection is lost during a commit, the marker is retired: from then on no update
// can be stored with it, also not one that is still on its way in some buffer, and the
// retiring statement waits for one that is being stored. What it returns is therefore
// what happened. It is a write too, so its own commit is acknowledged only when all
// before it is as durable as the server was told to make it.
type marker struct {
	id   string // a UUID
	last int64
}

// markers are those of this engine that no update uses at the moment.
type markers struct {
	mu   sync.Mutex
	free []*marker
}

// take gives out a marker, a new one if none is free. Its row is made by its first use.
func (m *markers) take() *marker {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.free); n > 0 {
		last := m.free[n-1]
		m.free = m.free[:n-1]
		return last
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id) // cannot fail
	return &marker{id: hex.EncodeToString(id)}
}

// give takes back a marker whose update has an outcome.
func (m *markers) give(back *marker) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.free = append(m.free, back)
}

// ask finds out whether the update that used this marker last was stored, over another
// connection. Afterwards it can no longer be stored, and the marker is spent.
func (e *Engine) ask(ctx context.Context, m *marker) (applied bool, err error) {
	var last int64
	err = e.persist(ctx, e.times.ask, nil, func() error {
		err := e.withConn(ctx, func(ctx context.Context, c *pgxpool.Conn) error {
			return c.QueryRow(ctx, sqlRetire, m.id).Scan(&last)
		})
		if err != nil {
			return &fault{cause: err, again: true}
		}
		return nil
	})
	return last == m.last+1, err
}

// isRetired tells whether an update was refused because of its marker.
func isRetired(err error) bool {
	var s interface{ SQLState() string }
	return errors.As(err, &s) && s.SQLState() == codeRetired
}
