package postgres_test

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"newsdigest/store/kv"
	"newsdigest/store/postgres"
	"newsdigest/store/postgres/pgtest"
)

// several opens engines on one database, as several processes do.
func several(t testing.TB, n int) []*postgres.Engine {
	t.Helper()
	url := pgtest.Start(t)
	var out []*postgres.Engine
	for range n {
		out = append(out, open(t, url))
	}
	return out
}

// TestSeveralCount: what several engines count at the same time is counted once each.
func TestSeveralCount(t *testing.T) {
	const workers, each = 4, 15
	engines := several(t, 3)
	var wg sync.WaitGroup
	for _, e := range engines {
		for range workers {
			wg.Go(func() {
				for range each {
					if err := e.Update(t.Context(), step); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	if n, err := number(get(t, engines[0]), "n"); err != nil || n != len(engines)*workers*each {
		t.Errorf("counted to %d (%v), want %d", n, err, len(engines)*workers*each)
	}
}

// TestSeveralDecide: of engines that each take a post only if nobody has the other one,
// one succeeds. Each reads what the others write and writes what they read, so that
// snapshots alone would let all of them.
func TestSeveralDecide(t *testing.T) {
	engines := several(t, 3)
	for round := range 30 {
		posts := []string{fmt.Sprintf("%d/a", round), fmt.Sprintf("%d/b", round), fmt.Sprintf("%d/c", round)}
		var wg sync.WaitGroup
		for i, e := range engines {
			wg.Go(func() {
				err := e.Update(t.Context(), func(tx kv.Tx) error {
					for _, post := range posts {
						if _, err := tx.Get([]byte(post)); !errors.Is(err, kv.ErrNotFound) {
							return err // taken
						}
					}
					return tx.Put([]byte(posts[i]), nil)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		taken := 0
		for _, post := range posts {
			if _, err := engines[0].Get(t.Context(), []byte(post)); err == nil {
				taken++
			}
		}
		if taken != 1 {
			t.Fatalf("round %d: %d posts are taken, want 1", round, taken)
		}
	}
}

// TestSeveralApart: engines that work on keys of their own, which are neighbors all the
// same, get on, none of them starved.
func TestSeveralApart(t *testing.T) {
	const workers = 8
	engines := several(t, 3)
	end := time.Now().Add(time.Second)
	counts := make([]int, len(engines))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i, e := range engines {
		for w := range workers {
			wg.Go(func() {
				for n := 0; time.Now().Before(end); n++ {
					key := []byte("own/" + strconv.Itoa(n) + "/" + strconv.Itoa(i) + "/" + strconv.Itoa(w))
					err := e.Update(t.Context(), func(tx kv.Tx) error {
						if _, err := tx.Get(key); !errors.Is(err, kv.ErrNotFound) {
							return fmt.Errorf("%s is there: %v", key, err)
						}
						return tx.Put(key, nil)
					})
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					counts[i]++
					mu.Unlock()
				}
			})
		}
	}
	wg.Wait()
	t.Logf("updates in a second: %v", counts)
	for i, n := range counts {
		if n < workers {
			t.Errorf("engine %d made %d updates of %v", i, n, counts)
		}
	}
}
