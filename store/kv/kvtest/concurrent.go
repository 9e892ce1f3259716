package kvtest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"newsdigest/store/kv"
)

// increment adds one to a decimal counter.
func increment(tx kv.Tx, key string) error {
	raw, err := tx.Get([]byte(key))
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		return err
	}
	n, _ := strconv.Atoi(string(raw))
	return tx.Put([]byte(key), strconv.AppendInt(nil, int64(n+1), 10))
}

// testIncrements: updates of one key at the same time lose none.
func testIncrements(t *testing.T, e kv.Engine) {
	const workers, each = 16, 10
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range each {
				if err := e.Update(t.Context(), func(tx kv.Tx) error { return increment(tx, "n") }); err != nil {
					t.Errorf("update: %v", err)
				}
			}
		})
	}
	wg.Wait()
	wantValue(t, e, "n", strconv.Itoa(workers*each))
}

// testIsolation: two keys that are always written together are never seen apart by an
// update, and a reader that saw a value finds nothing older later.
func testIsolation(t *testing.T, e kv.Engine) {
	putAll(t, e, "x", "0", "y", "0")
	var stop atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for !stop.Load() {
			err := e.Update(t.Context(), func(tx kv.Tx) error {
				x, errX := tx.Get([]byte("x"))
				y, errY := tx.Get([]byte("y"))
				if string(x) != string(y) {
					return fmt.Errorf("x is %s and y is %s", x, y)
				}
				return errors.Join(errX, errY)
			})
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	wg.Go(func() {
		last := 0
		for !stop.Load() {
			raw, err := e.Get(t.Context(), []byte("x"))
			n, _ := strconv.Atoi(string(raw))
			if err != nil || n < last {
				t.Errorf("x went from %d to %d, %v", last, n, err)
				return
			}
			last = n
		}
	})
	for range 100 {
		update(t, e, func(tx kv.Tx) error { return errors.Join(increment(tx, "x"), increment(tx, "y")) })
	}
	stop.Store(true)
	wg.Wait()
	wantValue(t, e, "y", "100")
}

// testFailuresAmongOthers: of updates that run at the same time those that fail or
// panic leave nothing behind, the others are all there.
func testFailuresAmongOthers(t *testing.T, e kv.Engine) {
	const updates = 120
	var wg sync.WaitGroup
	for i := range updates {
		wg.Go(func() {
			err := e.Update(t.Context(), func(tx kv.Tx) error {
				if err := errors.Join(increment(tx, "n"), tx.Put(fmt.Appendf(nil, "k%d", i), nil)); err != nil {
					return err
				}
				switch i % 4 {
				case 1:
					return errTest
				case 2:
					panic("by the test")
				}
				return nil
			})
			if fails := i%4 == 1 || i%4 == 2; fails != (err != nil) {
				t.Errorf("update %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	wantValue(t, e, "n", strconv.Itoa(updates/2))
	wantMissing(t, e, "k1")
	wantMissing(t, e, "k2")
	wantValue(t, e, "k3", "")
}

func testClosed(t *testing.T, e kv.Engine) {
	putAll(t, e, "a", "1")
	closeEngine(t, e)
	if _, err := e.Get(t.Context(), []byte("a")); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("get after close: %v", err)
	}
	if err := e.Update(t.Context(), func(kv.Tx) error { return nil }); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("update after close: %v", err)
	}
	for _, err := range e.Scan(t.Context(), nil, nil) {
		if !errors.Is(err, kv.ErrClosed) {
			t.Errorf("scan after close: %v", err)
		}
	}
}

// testCloseWhileWriting: each update either happened or was refused as closed.
func testCloseWhileWriting(t *testing.T, e kv.Engine) {
	var wg sync.WaitGroup
	begun := make(chan struct{}, 8)
	for i := range cap(begun) {
		wg.Go(func() {
			for n := 0; ; n++ {
				err := e.Update(t.Context(), func(tx kv.Tx) error { return increment(tx, strconv.Itoa(i)) })
				if n == 0 {
					begun <- struct{}{}
				}
				if errors.Is(err, kv.ErrClosed) {
					return
				}
				if err != nil {
					t.Errorf("update: %v", err)
					return
				}
			}
		})
	}
	for range cap(begun) {
		<-begun
	}
	closeEngine(t, e)
	wg.Wait()
}

// testReopen: what Update returned nil for is there after the engine was opened again.
func testReopen(t *testing.T, engines Engines) {
	e := engines.Open(t)
	putAll(t, e, "a", "1", "b", "1")
	update(t, e, func(tx kv.Tx) error { return errors.Join(tx.Delete([]byte("a")), increment(tx, "n")) })
	e = engines.Reopen(t, e)
	defer closeEngine(t, e)
	wantMissing(t, e, "a")
	update(t, e, func(tx kv.Tx) error { return increment(tx, "n") })
	wantValue(t, e, "n", "2")
	wantScan(t, e, "", nil, "b", "n")
}
