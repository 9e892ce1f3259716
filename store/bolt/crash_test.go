package bolt_test

import (
	"bytes"
	"context"
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

// crashFile tells the test binary that it is the child of TestKill.
const crashFile = "BOLT_TEST_CRASH_FILE"

// crashWriters is how many goroutines of the child write at once.
const crashWriters = 4

func TestMain(m *testing.M) {
	if path := os.Getenv(crashFile); path != "" {
		writeUntilKilled(path)
		return
	}
	os.Exit(m.Run())
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
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				mu.Lock()
				fmt.Println(w, n)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
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
		killOnce(t, path, time.Duration(rand.IntN(60))*time.Millisecond, &acked)
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

// killOnce runs the child for so long and notes what it acknowledged.
func killOnce(t *testing.T, path string, after time.Duration, acked *[crashWriters]int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashFile+"="+path)
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
	for line := range bytes.Lines(words) {
		var w, n int
		// A last line that was cut off acknowledges nothing.
		if _, err := fmt.Sscanf(string(line), "%d %d\n", &w, &n); err == nil && bytes.HasSuffix(line, []byte("\n")) {
			acked[w] = max(acked[w], n)
		}
	}
}
