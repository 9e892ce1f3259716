package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestRoomFor: a store is not compacted where the disk has no room for a second one.
func TestRoomFor(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("no small disk without the right to mount: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	file := filepath.Join(dir, "db")
	for mib, fits := range map[int]bool{3: true, 5: false} {
		if err := os.WriteFile(file, make([]byte, mib<<20), 0o600); err != nil {
			t.Fatal(err)
		}
		err := roomFor(file)
		if (err == nil) != fits {
			t.Errorf("a store of %d MiB on a disk of 8: %v", mib, err)
		}
		if err != nil && !strings.HasSuffix(err.Error(), "has 3.0 MiB free and up to 5.0 MiB are needed; make room first. Nothing was changed") {
			t.Errorf("%d MiB: %v", mib, err)
		}
	}
}
