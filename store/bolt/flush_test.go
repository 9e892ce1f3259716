package bolt

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"go.etcd.io/bbolt"

	"newsdigest/store/kv"
)

// BenchmarkUpdate puts one row an update from so many goroutines at once, and tells how many
// updates share a flush to disk. Beside it are bbolt's own two ways: a transaction for
// each, and its Batch.
func BenchmarkUpdate(b *testing.B) {
	for _, goroutines := range []int{1, 32, 1000} {
		for name, put := range map[string]func(*Engine, []byte) error{
			"engine": func(e *Engine, key []byte) error {
				return e.Update(b.Context(), func(tx kv.Tx) error { return tx.Put(key, []byte("value")) })
			},
			"bare":  func(e *Engine, key []byte) error { return e.db.Update(putBare(key)) },
			"batch": func(e *Engine, key []byte) error { return e.db.Batch(putBare(key)) },
		} {
			b.Run(fmt.Sprintf("%d/%s", goroutines, name), func(b *testing.B) { benchUpdate(b, goroutines, put) })
		}
	}
}

func putBare(key []byte) func(*bbolt.Tx) error {
	return func(tx *bbolt.Tx) error { return tx.Bucket(bucket).Put(key, []byte("value")) }
}

func benchUpdate(b *testing.B, goroutines int, put func(*Engine, []byte) error) {
	e, err := Open(filepath.Join(b.TempDir(), "db"))
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	before := commits(e)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range goroutines {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if err := put(e, fmt.Appendf(nil, "%012d", n*7919)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(commits(e)-before)/float64(b.N), "commits/op")
}

// commits is how many there were, two flushes each.
func commits(e *Engine) int {
	tx, err := e.db.Begin(false)
	if err != nil {
		return 0
	}
	defer tx.Rollback() //nolint:errcheck // of a read transaction: cannot fail
	return tx.ID()
}

// TestUpdatesShareFlushes: updates that wait at the same time are flushed together.
func TestUpdatesShareFlushes(t *testing.T) {
	e, err := Open(filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	before := commits(e)
	const goroutines, each = 200, 5
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for n := range each {
				err := e.Update(t.Context(), func(tx kv.Tx) error { return tx.Put(fmt.Appendf(nil, "%d/%d", g, n), nil) })
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := commits(e) - before; n > goroutines*each/10 {
		t.Errorf("%d commits of %d updates", n, goroutines*each)
	}
}
