package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestCrash is a short run of the command: what it finds rarely, a long one finds.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and kills it")
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(dir, "..", "..", ".."))
	if err := run(t.Context(), options{cycles: 5, chats: 3, seed: 7, faults: true}); err != nil {
		t.Error(err)
	}
}
