package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

// sparse is a store of which most was deleted again.
func sparse(t testing.TB, path string) {
	t.Helper()
	e, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for first := 0; first < 5000; first += 500 {
		err := e.Update(t.Context(), func(tx kv.Tx) error {
			for n := first; n < first+500; n++ {
				if err := tx.Put(fmt.Appendf(nil, "key %06d", n), make([]byte, 500)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for first := 0; first < 5000; first += 500 {
		err := e.Update(t.Context(), func(tx kv.Tx) error {
			for n := first; n < first+500; n++ {
				if n%10 == 0 {
					continue
				}
				if err := tx.Delete(fmt.Appendf(nil, "key %06d", n)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCompact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	sparse(t, path)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	rows := 0
	c, err := bolt.Compact(t.Context(), link, func(n int) { rows = n }, func(e kv.Engine) error {
		put(t, e, "prepared", "1")
		return nil
	})
	if err != nil || rows != 500 || c.After*4 > c.Before {
		t.Errorf("%+v, %d rows, %v", c, rows, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o640 || info.Size() != c.After {
		t.Errorf("%v, %v, want %d bytes", info, err, c.After)
	}
	e := open(t, link)
	for n := 0; n < 5000; n += 10 {
		if _, err := e.Get(t.Context(), fmt.Appendf(nil, "key %06d", n)); err != nil {
			t.Errorf("key %d: %v", n, err)
		}
	}
	if _, err := e.Get(t.Context(), []byte("prepared")); err != nil {
		t.Error(err)
	}
	u, err := e.Usage(t.Context())
	if err != nil || u.Bytes != c.After || u.Rows < 500*500 || u.Rows+u.Slack+u.Free > u.Bytes {
		t.Errorf("%+v, %v", u, err)
	}
}

// TestCompactRefused: what cannot be compacted stays as it is, and nothing is left behind.
func TestCompactRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	sparse(t, path)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(kv.Engine) error { return nil }
	e := open(t, path)
	if _, err := bolt.Compact(t.Context(), path, nil, nothing); !errors.Is(err, bolt.ErrLocked) {
		t.Errorf("open elsewhere: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if _, err := bolt.Compact(t.Context(), path, nil, func(kv.Engine) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("%v; want what prepare said", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := bolt.Compact(ctx, path, nil, nothing); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	if _, err := bolt.Compact(t.Context(), path+"missing", nil, nothing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the store was changed")
	}
	if names, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(names) != 1 {
		t.Errorf("left behind: %q", names)
	}
}
