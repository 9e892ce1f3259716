package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

// smallDisk is a folder on a file system of its own with so much room.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no small disk without the right to mount: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

func write(e kv.Engine, n int) error {
	return e.Update(context.Background(), func(tx kv.Tx) error {
		return tx.Put(fmt.Appendf(nil, "key %06d", n), bytes.Repeat([]byte("value"), 100))
	})
}

// TestDiskFull: on a full disk updates and backups fail and harm nothing, and go on when
// there is room again.
func TestDiskFull(t *testing.T) {
	dir := smallDisk(t, "3m")
	path, filler, backup := filepath.Join(dir, "db"), filepath.Join(dir, "filler"), filepath.Join(dir, "backup")
	e := open(t, path)
	acked := 0
	for ; acked < 20; acked++ {
		if err := write(e, acked); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	full := os.WriteFile(filler, make([]byte, 4<<20), 0o600)
	if !errors.Is(full, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", full)
	}
	var err error
	for err == nil && acked < 20_000 {
		if err = write(e, acked); err == nil {
			acked++
		}
	}
	for range 3 {
		if err = write(e, acked); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("update %d on a full disk: %v", acked, err)
		}
	}
	// bbolt gives the reason in words only.
	if _, err := e.Backup(t.Context(), backup); err == nil || !strings.Contains(err.Error(), syscall.ENOSPC.Error()) {
		t.Errorf("backup on a full disk: %v", err)
	}
	if err := bolt.Verify(backup); err != nil {
		t.Errorf("the backup of before: %v", err)
	}
	if left, _ := filepath.Glob(backup + ".new-*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	os.Remove(filler)
	if err := write(e, acked); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, path)
	for n := range acked + 1 {
		if _, err := e.Get(t.Context(), fmt.Appendf(nil, "key %06d", n)); err != nil {
			t.Fatalf("update %d of %d is gone: %v", n, acked, err)
		}
	}
}

// TestDiskFullAtFirst: a store that cannot be made leaves nothing that would not open
// later.
func TestDiskFullAtFirst(t *testing.T) {
	dir := smallDisk(t, "128k")
	path, filler := filepath.Join(dir, "db"), filepath.Join(dir, "filler")
	os.WriteFile(filler, make([]byte, 1<<20), 0o600)
	if _, err := bolt.Open(path); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("open on a full disk: %v", err)
	}
	os.Remove(filler)
	put(t, open(t, path), "a", "1")
}

// TestReadOnlyDisk: what cannot be written to is refused with a clear error, whether the
// store is there or not.
func TestReadOnlyDisk(t *testing.T) {
	dir := smallDisk(t, "3m")
	path := filepath.Join(dir, "db")
	e := open(t, path)
	put(t, e, "a", "1")
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{path, filepath.Join(dir, "other"), filepath.Join(dir, "sub", "db")} {
		if _, err := bolt.Open(path); !errors.Is(err, bolt.ErrReadOnly) || !strings.Contains(err.Error(), path) {
			t.Errorf("open %s: %v; want ErrReadOnly", path, err)
		}
	}
}

// TestFlushFails lets each flush of a writing process fail in turn: the engine takes
// nothing more, and what it had acknowledged is there when the file is opened again.
func TestFlushFails(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("no strace to make a flush fail")
	}
	for n := 1; n <= 12; n++ {
		path := filepath.Join(t.TempDir(), "db")
		child := exec.Command("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync",
			"-e", fmt.Sprintf("inject=fdatasync:error=EIO:when=%d", n), os.Args[0])
		child.Env = append(os.Environ(), crashFile+"="+path)
		said, err := child.Output()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 {
			t.Fatalf("flush %d: the child ended with %v", n, err)
		}
		acked := [crashWriters]int{}
		note(said, &acked)
		e := open(t, path)
		for w, want := range acked {
			if count, twin := readCounter(e, "count", w), readCounter(e, "copy", w); count != twin || count < want {
				t.Errorf("flush %d, writer %d: acknowledged %d, stored %d and %d", n, w, want, count, twin)
			}
		}
	}
}

// TestCompactDiskFull: a disk that fills up during a compaction leaves the store as it was,
// and nothing beside it.
func TestCompactDiskFull(t *testing.T) {
	dir := smallDisk(t, "3m")
	path := filepath.Join(dir, "db")
	e := open(t, path)
	for n := range 3000 {
		if err := write(e, n); err != nil {
			if n < 1000 {
				t.Fatal(err)
			}
			break // it takes more than half of the disk
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bolt.Compact(t.Context(), path, nil, func(kv.Engine) error { return nil }); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("on a full disk: %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the store has changed (%v)", err)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
