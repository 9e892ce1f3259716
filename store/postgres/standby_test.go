package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"newsdigest/store/kv"
	"newsdigest/store/postgres"
	"newsdigest/store/postgres/pgtest"
)

// replicated starts a primary that acknowledges a commit when its synchronous standby has
// it, and that standby.
func replicated(t *testing.T) (primary, standby *pgtest.Server) {
	t.Helper()
	primary = pgtest.StartServer(t, "synchronous_commit=on")
	standby = pgtest.StartStandby(t, primary, "second")
	for _, sql := range []string{"alter system set synchronous_standby_names = 'second'", "select pg_reload_conf()"} {
		if err := primary.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		err := primary.Exec(ctx, "select 1 / count(*) from pg_stat_replication where sync_state = 'sync'")
		if err == nil {
			return primary, standby
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the standby is not synchronous: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// acknowledged are the keys of updates that reported no error.
type acknowledged struct {
	mu      sync.Mutex
	keys    map[string]bool
	unknown int
}

func (a *acknowledged) add(key string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keys[key] = true
	return len(a.keys)
}

// TestPrimaryDies: the primary is killed while several workers write, and its synchronous
// standby is promoted. All that was acknowledged is there, nothing was written twice, and
// the same engine goes on.
func TestPrimaryDies(t *testing.T) {
	primary, standby := replicated(t)
	e := open(t, pgtest.URL(primary, standby)+"&target_session_attrs=read-write")
	acked := &acknowledged{keys: map[string]bool{}}
	const workers, before, after = 8, 300, 300
	reached := make(chan struct{})
	var once, all sync.Once
	promoted := make(chan struct{})
	done := make(chan struct{})
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				n := write(t, e, acked, fmt.Sprintf("acked/%d/%06d", w, i))
				if n >= before {
					once.Do(func() { close(reached) })
				}
				select {
				case <-promoted:
					if n >= before+after {
						all.Do(func() { close(done) })
					}
				default:
				}
			}
		})
	}
	<-reached
	if err := primary.Kill(); err != nil {
		t.Fatal(err)
	}
	killed := time.Now()
	acked.mu.Lock()
	atKill := len(acked.keys)
	acked.mu.Unlock()
	if err := standby.Promote(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Without a standby of its own the new primary has to acknowledge alone.
	close(promoted)
	wg.Wait()
	t.Logf("killed after %d acknowledged updates, %d in all, %d unknown; going on took %v at most",
		atKill, len(acked.keys), acked.unknown, time.Since(killed).Round(time.Millisecond))
	verify(t, open(t, standby.URL()), acked)
}

// write makes one update that must not have been made before, and notes it.
func write(t *testing.T, e kv.Engine, acked *acknowledged, key string) int {
	err := e.Update(t.Context(), func(tx kv.Tx) error {
		if _, err := tx.Get([]byte(key)); !errors.Is(err, kv.ErrNotFound) {
			return fmt.Errorf("%s runs after it was stored: %v", key, err)
		}
		n, err := number(tx.Get, "n")
		return errors.Join(err, tx.Put([]byte(key), nil), tx.Put([]byte("n"), fmt.Append(nil, n+1)))
	})
	if errors.Is(err, postgres.ErrUnknown) {
		acked.mu.Lock()
		defer acked.mu.Unlock()
		acked.unknown++
		return len(acked.keys)
	}
	if err != nil {
		t.Error(err)
	}
	return acked.add(key)
}

// verify compares what a database has with what was acknowledged.
func verify(t *testing.T, e kv.Engine, acked *acknowledged) {
	t.Helper()
	stored := map[string]bool{}
	for p, err := range e.Scan(t.Context(), []byte("acked/"), []byte("acked0")) {
		if err != nil {
			t.Fatal(err)
		}
		stored[string(p.Key)] = true
	}
	lost := 0
	for key := range acked.keys {
		if !stored[key] {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged updates are lost", lost, len(acked.keys))
	}
	if extra := len(stored) - len(acked.keys); extra > acked.unknown {
		t.Errorf("%d updates are stored that were not acknowledged, %d of unknown outcome", extra, acked.unknown)
	}
	if n, err := number(get(t, e), "n"); err != nil || n != len(stored) {
		t.Errorf("counted %d updates, %v; %d are stored", n, err, len(stored))
	}
}
