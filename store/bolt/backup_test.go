package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

// TestBackupWhileWriting: each backup, taken while writers count, holds a state that was
// there: a key and its copy agree.
func TestBackupWhileWriting(t *testing.T) {
	dir := t.TempDir()
	e := open(t, filepath.Join(dir, "db"))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		for n := 1; ctx.Err() == nil; n++ {
			if err := writeCounter(e, 0, n); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	backup := filepath.Join(dir, "backup")
	last := -1
	for range 10 {
		size, err := e.Backup(t.Context(), backup)
		if err != nil || size == 0 {
			t.Fatal(size, err)
		}
		copied, err := bolt.Open(backup)
		if err != nil {
			t.Fatal(err)
		}
		n, twin := readCounter(copied, "count", 0), readCounter(copied, "copy", 0)
		if n != twin || n < last {
			t.Errorf("the backup holds %d and %d after %d", n, twin, last)
		}
		last = n
		if err := copied.Close(); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(backup + ".new-*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestBackupKeepsTheOldOne: a backup that cannot be written harms nothing.
func TestBackupKeepsTheOldOne(t *testing.T) {
	dir := t.TempDir()
	e := open(t, filepath.Join(dir, "db"))
	put(t, e, "a", "1")
	backup := filepath.Join(dir, "backup")
	if _, err := e.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	put(t, e, "a", "2")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Backup(ctx, backup); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := e.Backup(t.Context(), filepath.Join(dir, "no", "folder")); err == nil {
		t.Error("written into a folder that does not exist")
	}
	if _, err := e.Backup(t.Context(), filepath.Join(dir, "db")); !errors.Is(err, bolt.ErrSelf) {
		t.Errorf("onto the store itself: %v", err)
	}
	if after, _ := os.ReadFile(backup); string(after) != string(before) {
		t.Error("the old backup was changed")
	}
	if left, _ := filepath.Glob(backup + ".new-*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestRestore: the backup is in the store's place, as prepare made it, and what was there
// is kept, be it whole or damaged.
func TestRestore(t *testing.T) {
	for name, present := range map[string]string{"whole": "", "damaged": strings.Repeat("no store ", 999), "none": "-"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path, backup := filepath.Join(dir, "db"), filepath.Join(dir, "backup")
			e := open(t, path)
			put(t, e, "a", "1")
			if _, err := e.Backup(t.Context(), backup); err != nil {
				t.Fatal(err)
			}
			put(t, e, "a", "2")
			if _, err := bolt.Restore(path, backup, time.Now(), nil); !errors.Is(err, bolt.ErrLocked) {
				t.Errorf("restored while the store is open: %v", err)
			}
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			switch present {
			case "":
			case "-":
				os.Remove(path)
			default:
				os.WriteFile(path, []byte(present), 0o600)
			}
			before, _ := os.ReadFile(path)
			kept, err := bolt.Restore(path, backup, time.Now(), func(e kv.Engine) error {
				put(t, e, "b", "prepared")
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := os.ReadFile(kept); string(got) != string(before) {
				t.Error("what was there is not kept")
			}
			if present == "-" && kept != "" {
				t.Errorf("kept %q", kept)
			}
			back := open(t, path)
			for key, want := range map[string]string{"a": "1", "b": "prepared"} {
				if got, err := back.Get(t.Context(), []byte(key)); string(got) != want {
					t.Errorf("%s is %q, %v; want %q", key, got, err, want)
				}
			}
		})
	}
}

// TestRestoreRefused: what is no backup, or cannot be prepared, leaves the store as it is.
func TestRestoreRefused(t *testing.T) {
	dir := t.TempDir()
	path, backup := filepath.Join(dir, "db"), filepath.Join(dir, "backup")
	for i, file := range []string{path, backup} {
		e, err := bolt.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		put(t, e, "a", strconv.Itoa(i))
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	before, _ := os.ReadFile(path)
	for name, content := range map[string]string{"empty": "", "text": strings.Repeat("hello ", 9999)} {
		bad := filepath.Join(dir, name)
		os.WriteFile(bad, []byte(content), 0o600)
		if _, err := bolt.Restore(path, bad, time.Now(), nil); !errors.Is(err, bolt.ErrCorrupt) {
			t.Errorf("%s: %v; want ErrCorrupt", name, err)
		}
	}
	broken := errors.New("broken")
	if _, err := bolt.Restore(path, backup, time.Now(), func(kv.Engine) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("%v; want what prepare said", err)
	}
	if _, err := bolt.Restore(path, filepath.Join(dir, "missing"), time.Now(), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the store was changed")
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// BenchmarkBackup copies a store of about 100 MB.
func BenchmarkBackup(b *testing.B) {
	dir := b.TempDir()
	e := open(b, filepath.Join(dir, "db"))
	for i := range 1000 {
		err := e.Update(b.Context(), func(tx kv.Tx) error {
			for j := range 100 {
				if err := tx.Put(fmt.Appendf(nil, "%03d/%03d", i, j), make([]byte, 1000)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		size, err := e.Backup(b.Context(), filepath.Join(dir, "backup"))
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(size)
	}
}
