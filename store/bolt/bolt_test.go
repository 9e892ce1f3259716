package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"newsdigest/store/bolt"
	"newsdigest/store/kv"
	"newsdigest/store/kv/kvtest"
)

func open(t testing.TB, path string) *bolt.Engine {
	t.Helper()
	e, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func TestEngine(t *testing.T) {
	dir := t.TempDir()
	path := func(t *testing.T) string { return filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")) }
	kvtest.Run(t, kvtest.Engines{
		Open: func(t *testing.T) kv.Engine { return open(t, path(t)) },
		Reopen: func(t *testing.T, e kv.Engine) kv.Engine {
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			return open(t, path(t))
		},
	})
}

func put(t testing.TB, e kv.Engine, key, value string) {
	t.Helper()
	if err := e.Update(context.Background(), func(tx kv.Tx) error { return tx.Put([]byte(key), []byte(value)) }); err != nil {
		t.Fatal(err)
	}
}

func TestOpenMakesFolderAndFileForOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	open(t, filepath.Join(dir, "db"))
	for name, want := range map[string]fs.FileMode{dir: 0o700, filepath.Dir(dir): 0o700, filepath.Join(dir, "db"): 0o600} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v; want %v", name, info.Mode().Perm(), err, want)
		}
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) != 1 {
		t.Errorf("left behind: %q", names)
	}
}

// TestOpenAfterCutCreation: what an attempt to create left behind does no harm, and an
// empty file is as good as none.
func TestOpenAfterCutCreation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	for _, name := range []string{path + ".new-123", path} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(t, open(t, path), "a", "1")
}

func TestOpenLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	open(t, path)
	if _, err := bolt.Open(path); !errors.Is(err, bolt.ErrLocked) {
		t.Errorf("second open: %v; want ErrLocked", err)
	}
}

// TestOpenDamaged: a file that is no store, or no longer a whole one, is refused with an
// error and not changed.
func TestOpenDamaged(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "db")
	e := open(t, whole)
	for i := range 200 {
		put(t, e, fmt.Sprintf("key %d", i), strings.Repeat("value", 100))
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	damage := map[string]func(b []byte) []byte{
		"text":            func([]byte) []byte { return []byte("these are not the pages you are looking for") },
		"zeros":           func([]byte) []byte { return make([]byte, 64<<10) },
		"both metas":      func(b []byte) []byte { b[20]++; b[page+20]++; return b },
		"cut in the half": func(b []byte) []byte { return b[:len(b)/2/page*page] },
		"cut in a page":   func(b []byte) []byte { return b[:page*3+100] },
		"all pages zero":  func(b []byte) []byte { clear(b[2*page:]); return b },
		"all pages 0xff": func(b []byte) []byte {
			for i := 2 * page; i < len(b); i++ {
				b[i] = 0xff
			}
			return b
		},
	}
	for name, change := range damage {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "db")
			bad := change([]byte(string(good)))
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := bolt.Open(path)
			if !errors.Is(err, bolt.ErrCorrupt) {
				t.Errorf("open: %v; want ErrCorrupt", err)
			}
			if after, _ := os.ReadFile(path); string(after) != string(bad) {
				t.Error("the file was changed")
			}
		})
	}
}

// TestOpenOneMeta: a crash while a meta page is written leaves the other one.
func TestOpenOneMeta(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	e := open(t, path)
	put(t, e, "a", "1")
	put(t, e, "b", "1")
	e.Close()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	clear(raw[16:80])
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, path).Get(t.Context(), []byte("a")); err != nil {
		t.Error(err)
	}
}

// TestOpenAnyMetaByte: with any one byte of either meta page wrong, the store opens as it
// was, or not at all.
func TestOpenAnyMetaByte(t *testing.T) {
	const metas = 80 // bytes of a page that a meta takes, its header included
	path := filepath.Join(t.TempDir(), "db")
	e := open(t, path)
	put(t, e, "a", "1")
	put(t, e, "b", "1")
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i := range 2 * metas {
		at := i%metas + i/metas*os.Getpagesize()
		bad := append([]byte(nil), good...)
		bad[at] ^= 0x41
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := bolt.Open(path)
		if errors.Is(err, bolt.ErrCorrupt) {
			refused++
			continue
		}
		if err != nil {
			t.Fatalf("byte %d: %v", at, err)
		}
		if _, err := e.Get(t.Context(), []byte("a")); err != nil {
			t.Errorf("byte %d: opened without what was in it: %v", at, err)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d of %d refused", refused, 2*metas)
}

func TestOpenWithoutPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "db"), filepath.Join(dir, "sub", "db")} {
		if _, err := bolt.Open(path); !errors.Is(err, bolt.ErrReadOnly) {
			t.Errorf("open %s: %v; want ErrReadOnly", path, err)
		}
	}
}

func TestOpenWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, filepath.Join(file, "db")} {
		if _, err := bolt.Open(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("open %s: %v; want an error that names it", path, err)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	e := open(b, filepath.Join(b.TempDir(), "db"))
	for i := range 100 {
		err := e.Update(b.Context(), func(tx kv.Tx) error {
			for j := range 1000 {
				if err := tx.Put(fmt.Appendf(nil, "%06d", i*1000+j), make([]byte, 100)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	i := 0
	for b.Loop() {
		i = (i + 7919) % 100_000
		if _, err := e.Get(b.Context(), fmt.Appendf(nil, "%06d", i)); err != nil {
			b.Fatal(err)
		}
	}
}
