package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTroubleshooting holds the page of messages against the program: each heading has to
// be something that it says, word for word.
func TestTroubleshooting(t *testing.T) {
	page, err := os.ReadFile("../../.docs/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	said := everythingSaid(t)
	headings := regexp.MustCompile("(?m)^### `(.*)`$").FindAllStringSubmatch(string(page), -1)
	if len(headings) < 20 {
		t.Fatalf("%d messages on the page", len(headings))
	}
	for _, h := range headings {
		for part := range strings.SplitSeq(h[1], "…") {
			if part = strings.TrimSpace(part); len(part) > 2 && !strings.Contains(said, part) {
				t.Errorf("nothing says %q, of the heading %q", part, h[1])
			}
		}
	}
}

// everythingSaid is the program's source and its texts in English.
func everythingSaid(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, root := range []string{".", "../../bot", "../../store"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			source := strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go")
			if err != nil || !source && filepath.Base(path) != "en.json" {
				return err
			}
			body, err := os.ReadFile(path)
			all.Write(body)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
