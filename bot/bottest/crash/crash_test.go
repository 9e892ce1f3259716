package main

import (
	"os"
	"path/filepath"
	"testing"

	"newsdigest/store/postgres/pgtest"
)

// TestCrash is a short run of the command: what it finds rarely, a long one finds.
func TestCrash(t *testing.T) {
	short(t, options{cycles: 5, chats: 3, seed: 7, faults: true})
}

// TestCrashShared is one with several processes on a database.
func TestCrashShared(t *testing.T) {
	if !pgtest.Found() {
		t.Skip(pgtest.ErrNoServer)
	}
	short(t, options{processes: 3, cycles: 1, stops: 1, chats: 3, seed: 7, faults: true})
}

func short(t *testing.T, o options) {
	if testing.Short() {
		t.Skip("builds the program and kills it")
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(dir, "..", "..", ".."))
	if err := run(t.Context(), o); err != nil {
		t.Error(err)
	}
}
