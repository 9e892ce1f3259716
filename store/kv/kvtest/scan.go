package kvtest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"newsdigest/store/kv"
)

func testScanOrder(t *testing.T, e kv.Engine) {
	putAll(t, e, "b", "", "a\xff", "", "a", "", "\xff\xff", "", "a\x00", "", "B", "", "\x00", "", "ä", "")
	wantScan(t, e, "", nil, "\x00", "B", "a", "a\x00", "a\xff", "b", "ä", "\xff\xff")
}

func testScanBounds(t *testing.T, e kv.Engine) {
	wantScan(t, e, "", nil)
	putAll(t, e, "a", "", "b", "", "ba", "", "c", "", "d", "")
	wantScan(t, e, "b", []byte("d"), "b", "ba", "c")
	wantScan(t, e, "b", []byte("b\x00"), "b")
	wantScan(t, e, "b\x00", []byte("c"), "ba")
	wantScan(t, e, "bb", []byte("cc"), "c")
	wantScan(t, e, "c", nil, "c", "d")
	wantScan(t, e, "c", []byte("c"))
	wantScan(t, e, "d", []byte("b"))
	wantScan(t, e, "x", nil)
	wantScan(t, e, "", []byte{})
}

// testScanMany: a range of many pages comes once and in order, small values and large.
func testScanMany(t *testing.T, e kv.Engine) {
	const keys = 2500
	for first := 0; first < keys; first += 500 {
		update(t, e, func(tx kv.Tx) error {
			for i := first; i < first+500; i++ {
				size := 0
				if i%50 == 0 {
					size = 50_000
				}
				if err := tx.Put(fmt.Appendf(nil, "k%06d", i), make([]byte, size)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	n := 0
	for p, err := range e.Scan(t.Context(), []byte("k"), []byte("l")) {
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("k%06d", n); string(p.Key) != want {
			t.Fatalf("pair %d is %s, want %s", n, p.Key, want)
		}
		n++
	}
	if n != keys {
		t.Errorf("%d keys, want %d", n, keys)
	}
	for range e.Scan(t.Context(), []byte("k"), nil) {
		break // leaving early does no harm
	}
}

// testScanWhileWriting: the loop's body writes, reads and scans; what does not change
// comes exactly once.
func testScanWhileWriting(t *testing.T, e kv.Engine) {
	const keys = 300
	update(t, e, func(tx kv.Tx) error {
		for i := range keys {
			if err := tx.Put(fmt.Appendf(nil, "k%03d", i), []byte("old")); err != nil {
				return err
			}
		}
		return nil
	})
	seen := map[string]int{}
	for p, err := range e.Scan(t.Context(), []byte("k"), []byte("l")) {
		if err != nil {
			t.Fatal(err)
		}
		seen[string(p.Key)]++
		if len(seen)%10 != 1 {
			continue
		}
		update(t, e, func(tx kv.Tx) error {
			return errors.Join(tx.Delete(p.Key), tx.Put(append([]byte("moved/"), p.Key...), p.Value), tx.Put([]byte("j"), nil))
		})
		wantMissing(t, e, string(p.Key))
		wantScan(t, e, "j", []byte("k"), "j")
	}
	for i := range keys {
		if k := fmt.Sprintf("k%03d", i); seen[k] != 1 {
			t.Errorf("%s came %d times", k, seen[k])
		}
	}
}

func testScanCanceled(t *testing.T, e kv.Engine) {
	update(t, e, func(tx kv.Tx) error {
		for i := range kv.MaxKeys {
			if err := tx.Put(fmt.Appendf(nil, "%04d", i), make([]byte, 1000)); err != nil {
				return err
			}
		}
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n, last := 0, error(nil)
	for p, err := range e.Scan(ctx, nil, nil) {
		if last != nil {
			t.Fatalf("the scan went on after %v with %q", last, p.Key)
		}
		n, last = n+1, err
		cancel()
	}
	if !errors.Is(last, context.Canceled) || n == kv.MaxKeys {
		t.Errorf("the scan ended with %v after %d pairs; want canceled", last, n)
	}
}
