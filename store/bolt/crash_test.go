package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

// crashFile tells the test binary that it is the child of a test that kills it, and
// crashWork what it is to do until then, writing if empty.
const (
	crashFile = "BOLT_TEST_CRASH_FILE"
	crashWork = "BOLT_TEST_CRASH_WORK"
)

// crashWriters is how many goroutines of the child write at once.
const crashWriters = 4

func TestMain(m *testing.M) {
	if path := os.Getenv(crashFile); path != "" {
		switch os.Getenv(crashWork) {
		case "backup":
			untilKilled(func() error { return backUp(path) })
		case "restore":
			untilKilled(func() error { return restore(path) })
		case "compact":
			untilKilled(func() error { return compact(path) })
		default:
			writeUntilKilled(path)
		}
		return
	}
	os.Exit(m.Run())
}

// untilKilled does the same thing over and over and says each time that it is done.
func untilKilled(do func() error) {
	for n := 1; ; n++ {
		if err := do(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(0, n)
	}
}

func backUp(path string) error {
	e, err := bolt.Open(path)
	if err != nil {
		return err
	}
	_, err = e.Backup(context.Background(), path+".backup")
	return errors.Join(err, e.Close())
}

func restore(path string) error {
	kept, err := bolt.Restore(path, path+".backup", time.Now(), func(e kv.Engine) error {
		return e.Update(context.Background(), func(tx kv.Tx) error { return tx.Put([]byte("restored"), []byte("1")) })
	})
	if err != nil || kept == "" {
		return fmt.Errorf("restore kept %q: %w", kept, err)
	}
	return os.Remove(kept) // or the folder fills
}

func compact(path string) error {
	_, err := bolt.Compact(context.Background(), path, nil, func(e kv.Engine) error {
		return e.Update(context.Background(), func(tx kv.Tx) error { return tx.Put([]byte("compacted"), []byte("1")) })
	})
	return err
}

// writeUntilKilled counts up in one key a writer, with a copy in a second key, and says
// each number on standard output once it is durable.
func writeUntilKilled(path string) {
	e, err := bolt.Open(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range crashWriters {
		wg.Go(func() {
			for n := readCounter(e, "count", w) + 1; ; n++ {
				if err := writeCounter(e, w, n); err != nil {
					giveUp(e, err)
				}
				mu.Lock()
				fmt.Println(w, n)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// giveUp ends the child over a write that failed: with 1 if the engine takes none after
// it, as it has to.
func giveUp(e *bolt.Engine, err error) {
	fmt.Fprintln(os.Stderr, err)
	again := writeCounter(e, 0, 1)
	select {
	case <-e.Lost():
		if again != nil {
			os.Exit(1)
		}
	default:
	}
	os.Exit(2)
}

func counterKey(name string, w int) []byte { return fmt.Appendf(nil, "%s/%d", name, w) }

func writeCounter(e kv.Engine, w, n int) error {
	return e.Update(context.Background(), func(tx kv.Tx) error {
		for _, name := range []string{"count", "copy"} {
			if err := tx.Put(counterKey(name, w), []byte(strconv.Itoa(n))); err != nil {
				return err
			}
		}
		return tx.Put(fmt.Appendf(nil, "log/%d/%d", w, n), make([]byte, 200))
	})
}

func readCounter(e kv.Engine, name string, w int) int {
	raw, _ := e.Get(context.Background(), counterKey(name, w))
	n, _ := strconv.Atoi(string(raw))
	return n
}

// TestKill kills a writing process at random instants, also while it creates the file.
// What it had acknowledged is there afterwards, whole, and at most one update a writer
// more.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "db")
	var acked [crashWriters]int
	for range 20 {
		killOnce(t, path, "", time.Duration(rand.IntN(60))*time.Millisecond, &acked)
		e, err := bolt.Open(path)
		if err != nil {
			t.Fatalf("open after kill: %v", err)
		}
		for w, n := range acked {
			count, twin := readCounter(e, "count", w), readCounter(e, "copy", w)
			if count != twin || count < n || count > n+1 {
				t.Errorf("writer %d: acknowledged %d, stored %d and %d", w, n, count, twin)
			}
			acked[w] = count
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("acknowledged and kept: %v", acked)
	if acked[0] == 0 {
		t.Error("the child never came to write")
	}
}

// TestKillBackup kills a process that writes backups: the store is whole, and where a
// backup stands it is a whole one.
func TestKillBackup(t *testing.T) {
	path, done := filled(t), [crashWriters]int{}
	for n := range 12 {
		killOnce(t, path, "backup", soon(n), &done)
		for _, file := range []string{path, path + ".backup"} {
			if err := bolt.Verify(file); err != nil && !(errors.Is(err, os.ErrNotExist) && done[0] == 0) {
				t.Errorf("%s: %v", filepath.Base(file), err)
			}
		}
	}
	if done[0] == 0 {
		t.Error("the child never wrote a backup")
	}
}

// TestKillRestore kills a process that restores: the store is the old one or the restored
// one, whole, and what was kept of the old one is, too.
func TestKillRestore(t *testing.T) {
	path, done := filled(t), [crashWriters]int{}
	if err := backUp(path); err != nil {
		t.Fatal(err)
	}
	for n := range 12 {
		killOnce(t, path, "restore", soon(n), &done)
		kept, err := filepath.Glob(path + ".before-*")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range append(kept, path, path+".backup") {
			if err := bolt.Verify(file); err != nil {
				t.Errorf("%s: %v", filepath.Base(file), err)
			}
		}
	}
	if done[0] == 0 {
		t.Error("the child never restored")
	}
}

// TestKillCompact kills a process that compacts: the store is the old file or the new one,
// whole, with every row.
func TestKillCompact(t *testing.T) {
	path, done := filled(t), [crashWriters]int{}
	for n := range 12 {
		killOnce(t, path, "compact", soon(n), &done)
		if err := bolt.Verify(path); err != nil {
			t.Fatal(err)
		}
		e, err := bolt.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for n := range 200 {
			if _, err := e.Get(t.Context(), fmt.Appendf(nil, "log/0/%d", n)); err != nil {
				t.Errorf("row %d: %v", n, err)
			}
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if done[0] == 0 {
		t.Error("the child never compacted")
	}
	if err := compact(path); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(path + ".new-*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// soon is when the nth child dies: later each time, for machines that start it slowly.
func soon(n int) time.Duration { return time.Duration(5+rand.IntN(80+30*n)) * time.Millisecond }

// filled is a store of some hundred pages.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db")
	e, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 200 {
		if err := writeCounter(e, 0, n); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// killOnce runs the child for so long and notes what it acknowledged.
func killOnce(t *testing.T, path, work string, after time.Duration, acked *[crashWriters]int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashFile+"="+path, crashWork+"="+work)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(after, func() { child.Process.Kill() })
	words, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	note(words, acked)
}

// note reads what a child acknowledged.
func note(words []byte, acked *[crashWriters]int) {
	for line := range bytes.Lines(words) {
		var w, n int
		// A last line that was cut off acknowledges nothing.
		if _, err := fmt.Sscanf(string(line), "%d %d\n", &w, &n); err == nil && bytes.HasSuffix(line, []byte("\n")) {
			acked[w] = max(acked[w], n)
		}
	}
}
