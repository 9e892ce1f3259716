package kvtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"newsdigest/store/kv"
)

// benchKeys are how many keys the engine of a benchmark holds.
const benchKeys = 20_000

// Benchmark measures an empty engine: updates as the store makes them (five keys read,
// five written) by 1, 16 and 64 workers, gets, and scans. What it prints as /s is a
// second's worth of wall clock.
func Benchmark(b *testing.B, e kv.Engine) {
	fill(b, e)
	for _, workers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("Update/workers=%d", workers), func(b *testing.B) {
			perSecond(b, workers, func(worker, _ int) error {
				own := rand.IntN(benchKeys)
				return e.Update(b.Context(), func(tx kv.Tx) error { return benchUpdate(tx, worker, own) })
			})
		})
	}
	for _, workers := range []int{1, 16} {
		b.Run(fmt.Sprintf("Get/workers=%d", workers), func(b *testing.B) {
			perSecond(b, workers, func(int, int) error {
				_, err := e.Get(b.Context(), benchKey(rand.IntN(benchKeys)))
				return err
			})
		})
	}
	b.Run("Scan/keys=20", func(b *testing.B) {
		perSecond(b, 1, func(int, int) error { return scanSome(b, e, 20) })
	})
	b.Run("Scan/keys=all", func(b *testing.B) {
		perSecond(b, 1, func(int, int) error { return scanSome(b, e, benchKeys) })
		b.ReportMetric(float64(b.N)*benchKeys/b.Elapsed().Seconds(), "pairs/s")
	})
}

func benchKey(n int) []byte { return fmt.Appendf(nil, "bench/%08d", n) }

func fill(b *testing.B, e kv.Engine) {
	b.Helper()
	for first := 0; first < benchKeys; first += 500 {
		err := e.Update(b.Context(), func(tx kv.Tx) error {
			var errs []error
			for n := first; n < first+500; n++ {
				errs = append(errs, tx.Put(benchKey(n), make([]byte, 400)))
			}
			return errors.Join(errs...)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// benchUpdate moves something on as the store does: a large value and three small ones
// change, a row of an index is deleted and another one put in its place.
func benchUpdate(tx kv.Tx, worker, own int) error {
	value, err := tx.Get(benchKey(own))
	if err != nil {
		return err
	}
	at := 0
	for i, name := range []string{"due", "count", "state", "seen"} {
		raw, err := tx.Get(fmt.Appendf(nil, "%s/%02d/%08d", name, worker, own))
		if err != nil && !errors.Is(err, kv.ErrNotFound) {
			return err
		}
		if i == 0 {
			at, _ = strconv.Atoi(string(raw))
		}
	}
	next := strconv.AppendInt(nil, int64(at+1), 10)
	return errors.Join(
		tx.Put(benchKey(own), value),
		tx.Put(fmt.Appendf(nil, "due/%02d/%08d", worker, own), next),
		tx.Put(fmt.Appendf(nil, "state/%02d/%08d", worker, own), next),
		tx.Delete(fmt.Appendf(nil, "index/%02d/%08d/%08d", worker, at, own)),
		tx.Put(fmt.Appendf(nil, "index/%02d/%08d/%08d", worker, at+1, own), nil))
}

// scanSome reads so many pairs from a random place on, fewer at the end.
func scanSome(b *testing.B, e kv.Engine, keys int) error {
	n := 0
	for _, err := range e.Scan(b.Context(), benchKey(rand.IntN(benchKeys-keys+1)), []byte("bench0")) {
		if err != nil {
			return err
		}
		if n++; n == keys {
			break
		}
	}
	return nil
}

// perSecond does something b.N times by so many workers.
func perSecond(b *testing.B, workers int, do func(worker, n int) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for w := range workers {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if err := do(w, int(n)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "/s")
}
