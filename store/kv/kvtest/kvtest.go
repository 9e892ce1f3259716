// Package kvtest is the suite that every storage engine passes as it is.
package kvtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"newsdigest/store/kv"
)

// Engines opens engines for the suite.
type Engines struct {
	// Open opens an empty engine that lives as long as the test; the suite closes it,
	// closing twice must do no harm.
	Open func(t *testing.T) kv.Engine
	// Reopen closes the engine and opens what it has kept.
	Reopen func(t *testing.T, e kv.Engine) kv.Engine
}

// Run runs the whole suite.
func Run(t *testing.T, engines Engines) {
	for _, c := range []struct {
		name string
		test func(*testing.T, kv.Engine)
	}{
		{"PutGetDelete", testPutGetDelete},
		{"OwnWrites", testOwnWrites},
		{"Keys", testKeys},
		{"Copies", testCopies},
		{"RollBack", testRollBack},
		{"Panic", testPanic},
		{"Limits", testLimits},
		{"LimitIgnored", testLimitIgnored},
		{"Over", testOver},
		{"Canceled", testCanceled},
		{"ScanOrder", testScanOrder},
		{"ScanBounds", testScanBounds},
		{"ScanMany", testScanMany},
		{"ScanWhileWriting", testScanWhileWriting},
		{"ScanCanceled", testScanCanceled},
		{"Increments", testIncrements},
		{"Isolation", testIsolation},
		{"FailuresAmongOthers", testFailuresAmongOthers},
		{"Closed", testClosed},
		{"CloseWhileWriting", testCloseWhileWriting},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := engines.Open(t)
			defer closeEngine(t, e)
			c.test(t, e)
		})
	}
	t.Run("Reopen", func(t *testing.T) { testReopen(t, engines) })
}

func closeEngine(t *testing.T, e kv.Engine) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func update(t *testing.T, e kv.Engine, fn func(kv.Tx) error) {
	t.Helper()
	if err := e.Update(t.Context(), fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

// putAll puts keys and values that come in pairs.
func putAll(t *testing.T, e kv.Engine, pairs ...string) {
	t.Helper()
	update(t, e, func(tx kv.Tx) error {
		for i := 0; i < len(pairs); i += 2 {
			if err := tx.Put([]byte(pairs[i]), []byte(pairs[i+1])); err != nil {
				return err
			}
		}
		return nil
	})
}

func wantValue(t *testing.T, e kv.Engine, key, want string) {
	t.Helper()
	got, err := e.Get(t.Context(), []byte(key))
	if err != nil || string(got) != want {
		t.Errorf("get %q: %q, %v; want %q", key, got, err, want)
	}
}

func wantMissing(t *testing.T, e kv.Engine, key string) {
	t.Helper()
	if got, err := e.Get(t.Context(), []byte(key)); !errors.Is(err, kv.ErrNotFound) {
		t.Errorf("get %q: %q, %v; want ErrNotFound", key, got, err)
	}
}

// wantScan compares the keys of a range; a nil to is no end.
func wantScan(t *testing.T, e kv.Engine, from string, to []byte, want ...string) {
	t.Helper()
	var got []string
	for p, err := range e.Scan(t.Context(), []byte(from), to) {
		if err != nil {
			t.Fatalf("scan: %v", err)
		}
		got = append(got, string(p.Key))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("scan %q to %q (-want +got):\n%s", from, to, d)
	}
}

func testPutGetDelete(t *testing.T, e kv.Engine) {
	wantMissing(t, e, "a")
	putAll(t, e, "a", "1", "b", "", "bin\x00\xff", "\x00\xff")
	wantValue(t, e, "a", "1")
	wantValue(t, e, "b", "")
	wantValue(t, e, "bin\x00\xff", "\x00\xff")
	update(t, e, func(tx kv.Tx) error {
		return errors.Join(tx.Put([]byte("a"), []byte("2")), tx.Put([]byte("nil"), nil), tx.Delete([]byte("b")), tx.Delete([]byte("never there")))
	})
	wantValue(t, e, "a", "2")
	wantValue(t, e, "nil", "")
	wantMissing(t, e, "b")
}

func testOwnWrites(t *testing.T, e kv.Engine) {
	putAll(t, e, "old", "1", "gone", "1")
	var got []string
	update(t, e, func(tx kv.Tx) error {
		got = nil
		if err := errors.Join(tx.Put([]byte("new"), []byte("2")), tx.Put([]byte("old"), []byte("2")), tx.Delete([]byte("gone"))); err != nil {
			return err
		}
		for _, k := range []string{"new", "old", "gone", "never"} {
			v, err := tx.Get([]byte(k))
			got = append(got, fmt.Sprintf("%s=%s %t", k, v, errors.Is(err, kv.ErrNotFound)))
		}
		return tx.Put([]byte("gone"), []byte("back"))
	})
	if d := cmp.Diff([]string{"new=2 false", "old=2 false", "gone= true", "never= true"}, got); d != "" {
		t.Errorf("reads of own writes (-want +got):\n%s", d)
	}
	wantValue(t, e, "gone", "back")
}

func testKeys(t *testing.T, e kv.Engine) {
	longest := bytes.Repeat([]byte("k"), kv.MaxKey)
	putAll(t, e, string(longest), "v")
	wantValue(t, e, string(longest), "v")
	for _, k := range [][]byte{nil, {}, append(longest, 'k')} {
		for name, write := range map[string]func(kv.Tx) error{
			"put":    func(tx kv.Tx) error { return tx.Put(k, nil) },
			"delete": func(tx kv.Tx) error { return tx.Delete(k) },
		} {
			if err := e.Update(t.Context(), write); !errors.Is(err, kv.ErrBadKey) {
				t.Errorf("%s a key of %d bytes: %v; want ErrBadKey", name, len(k), err)
			}
		}
	}
}

// testCopies: nothing the engine takes or gives is shared with the caller.
func testCopies(t *testing.T, e kv.Engine) {
	k, v := []byte("key"), []byte("value")
	update(t, e, func(tx kv.Tx) error {
		k, v := bytes.Clone(k), bytes.Clone(v)
		err := tx.Put(k, v)
		copy(k, "xxx")
		copy(v, "xxxxx")
		return err
	})
	wantValue(t, e, "key", "value")
	update(t, e, func(tx kv.Tx) error {
		for range 2 {
			got, err := tx.Get(k)
			if err != nil || string(got) != "value" {
				return fmt.Errorf("got %q, %v", got, err)
			}
			copy(got, "xxxxx")
			if err := tx.Put([]byte("other"), nil); err != nil {
				return err
			}
		}
		return nil
	})
	got, err := e.Get(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	copy(got, "xxxxx")
	for p, err := range e.Scan(t.Context(), nil, nil) {
		if err != nil {
			t.Fatal(err)
		}
		copy(p.Key, "yyy")
		copy(p.Value, "yyyyy")
	}
	wantValue(t, e, "key", "value")
	wantScan(t, e, "", nil, "key", "other")
}

var errTest = errors.New("refused by the test")

func testRollBack(t *testing.T, e kv.Engine) {
	putAll(t, e, "a", "1", "b", "1")
	err := e.Update(t.Context(), func(tx kv.Tx) error {
		return errors.Join(tx.Put([]byte("a"), []byte("2")), tx.Delete([]byte("b")), tx.Put([]byte("c"), nil), errTest)
	})
	if !errors.Is(err, errTest) {
		t.Errorf("update returned %v; want the function's error", err)
	}
	wantValue(t, e, "a", "1")
	wantValue(t, e, "b", "1")
	wantMissing(t, e, "c")
}

func testPanic(t *testing.T, e kv.Engine) {
	err := e.Update(t.Context(), func(tx kv.Tx) error {
		if err := tx.Put([]byte("a"), nil); err != nil {
			return err
		}
		panic("by the test")
	})
	var p *kv.PanicError
	if !errors.As(err, &p) || p.Value != "by the test" || len(p.Stack) == 0 || !strings.Contains(err.Error(), "by the test") {
		t.Errorf("update returned %v; want the panic with its stack", err)
	}
	wantMissing(t, e, "a")
	putAll(t, e, "b", "still works")
	wantValue(t, e, "b", "still works")
}

func testLimits(t *testing.T, e kv.Engine) {
	fill := func(keys, bytes int) func(kv.Tx) error {
		return func(tx kv.Tx) error {
			for i := range keys {
				k := fmt.Appendf(nil, "%08d", i)
				size := bytes / keys
				if i == 0 {
					size += bytes % keys
				}
				// Twice: a key that is written again counts once.
				if err := errors.Join(tx.Put(k, make([]byte, size-len(k))), tx.Put(k, make([]byte, size-len(k)))); err != nil {
					return err
				}
			}
			return nil
		}
	}
	for _, c := range []struct {
		name        string
		keys, bytes int
		fits        bool
	}{
		{"most keys", kv.MaxKeys, 100 * kv.MaxKeys, true},
		{"a key too many", kv.MaxKeys + 1, 100 * kv.MaxKeys, false},
		{"most bytes", 4, kv.MaxBytes, true},
		{"a byte too many", 4, kv.MaxBytes + 1, false},
	} {
		err := e.Update(t.Context(), fill(c.keys, c.bytes))
		if c.fits && err != nil || !c.fits && !errors.Is(err, kv.ErrTooLarge) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// testLimitIgnored: a refused write fails the update even if its function goes on.
func testLimitIgnored(t *testing.T, e kv.Engine) {
	err := e.Update(t.Context(), func(tx kv.Tx) error {
		_ = tx.Put([]byte("big"), make([]byte, kv.MaxBytes))
		return tx.Put([]byte("small"), nil)
	})
	if !errors.Is(err, kv.ErrTooLarge) {
		t.Errorf("update returned %v; want ErrTooLarge", err)
	}
	wantMissing(t, e, "small")
}

// testOver: a transaction that is kept does nothing after its function returned.
func testOver(t *testing.T, e kv.Engine) {
	putAll(t, e, "a", "1")
	var kept kv.Tx
	update(t, e, func(tx kv.Tx) error { kept = tx; return nil })
	if _, err := kept.Get([]byte("a")); err == nil {
		t.Error("get after the end: no error")
	}
	if err := kept.Put([]byte("b"), nil); err == nil {
		t.Error("put after the end: no error")
	}
	wantMissing(t, e, "b")
}

func testCanceled(t *testing.T, e kv.Engine) {
	ctx, cancel := context.WithCancel(t.Context())
	// Ended while the function runs: the update still tells what happened.
	if err := e.Update(ctx, func(tx kv.Tx) error { cancel(); return tx.Put([]byte("a"), nil) }); err != nil {
		t.Errorf("update with a context ended in between: %v", err)
	}
	wantValue(t, e, "a", "")
	err := e.Update(ctx, func(tx kv.Tx) error { return tx.Put([]byte("b"), nil) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("update with an ended context: %v", err)
	}
	wantMissing(t, e, "b")
	if _, err := e.Get(ctx, []byte("a")); !errors.Is(err, context.Canceled) {
		t.Errorf("get with an ended context: %v", err)
	}
}
