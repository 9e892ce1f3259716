package store

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"newsdigest/digest"
	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

// A long run, with as many subscriptions as wanted, is
//
//	go test ./store -run '^$' -bench Scale -benchtime 5x -subscriptions 1000000
var scaleFile = flag.String("scalefile", "", "file that BenchmarkScale keeps its store in, for the next run; a temporary one if empty")

// BenchmarkScale fills a store with chats that have one subscription each, and measures
// what depends on how many there are: opening the file after it was closed and after a
// crash, what is due within the next minute, and one chat that changes. Beside each is the
// floor: bare bbolt with the same rows.
func BenchmarkScale(b *testing.B) {
	file, bare := filepath.Join(b.TempDir(), "db"), filepath.Join(b.TempDir(), "bare")
	if *scaleFile != "" {
		file, bare = *scaleFile, *scaleFile+".bare"
	}
	fillScale(b, file, *subscriptions)
	crash(b, file, bare)
	crashed := file + ".crashed"
	b.Run("open/closed", func(b *testing.B) { benchOpen(b, file) })
	b.Run("open/killed", func(b *testing.B) { benchOpenAfter(b, crashed, func() { kill(b, file, crashed) }) })
	b.Run("open/unlisted", func(b *testing.B) { benchOpenAfter(b, crashed, func() { crash(b, file, crashed) }) })
	b.Run("open/bare", func(b *testing.B) {
		before := cpuSeconds()
		for b.Loop() {
			check(b, bareOpen(b, bare).Close())
		}
		b.ReportMetric((cpuSeconds()-before)/float64(b.N), "cpu-s/op")
	})
	b.Run("due", func(b *testing.B) { benchDue(b, file) })
	b.Run("due/bare", func(b *testing.B) { benchDueBare(b, bare) })
	b.Run("change", func(b *testing.B) { benchChange(b, file) })
	b.Run("change/bare", func(b *testing.B) { benchChangeBare(b, bare) })
}

// scaleChat is a chat as most are: in a zone, following the starter set, with a daily
// digest at a minute of its own.
func scaleChat(n int) digest.Chat {
	c := testChat(n)
	c.Settings.Zone, c.Settings.Place = "Europe/Berlin", "Berlin"
	for s := range 40 {
		c.Counted = append(c.Counted, testSource(s).ID)
	}
	at := start.Add(time.Duration(n%(24*60)) * time.Minute)
	c.Subscriptions, c.LastOrdinal = []digest.Subscription{subscription(c, 1, at)}, 1
	return c
}

// fillScale makes a store of so many chats unless there is one.
func fillScale(b *testing.B, file string, chats int) {
	b.Helper()
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		return
	}
	e, err := bolt.Open(file)
	check(b, err)
	s := openStore(b, e)
	const together, atOnce = 64, 100
	var next atomic.Int64
	failed := make(chan error, together)
	began := time.Now()
	for range together {
		go func() {
			for {
				first := int(next.Add(atOnce)) - atOnce
				if first >= chats {
					failed <- nil
					return
				}
				if err := putChats(s, first, min(first+atOnce, chats)); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	for range together {
		check(b, <-failed)
	}
	check(b, s.Close())
	info, err := os.Stat(file)
	check(b, err)
	b.Logf("%d chats in %v: %.0f MB, %d bytes each", chats, time.Since(began).Round(time.Millisecond), float64(info.Size())/1e6, info.Size()/int64(chats))
}

func putChats(s *Store, from, to int) error {
	return s.kv.Update(context.Background(), func(tx kv.Tx) error {
		for n := from; n < to; n++ {
			c := scaleChat(n)
			if err := putChat(tx, chatIndexes{counted: c.Counted}, chatRow{Chat: c}); err != nil {
				return err
			}
		}
		return nil
	})
}

func openOnce(b *testing.B, file string) {
	e, err := bolt.Open(file)
	check(b, err)
	check(b, e.Close())
}

func benchOpen(b *testing.B, file string) {
	openOnce(b, file) // and close it: the bare ones leave it as a crash does
	before := cpuSeconds()
	for b.Loop() {
		openOnce(b, file)
	}
	b.ReportMetric((cpuSeconds()-before)/float64(b.N), "cpu-s/op")
	b.ReportMetric(memory("VmHWM"), "most-MB") // since the process began
	e, err := bolt.Open(file)
	check(b, err)
	debug.FreeOSMemory()
	b.ReportMetric(memory("RssAnon"), "RssAnon-MB")
	check(b, e.Close())
}

// benchOpenAfter opens a store again and again after something happened to it.
func benchOpenAfter(b *testing.B, file string, happens func()) {
	var cpu float64
	for b.Loop() {
		b.StopTimer()
		happens()
		before := cpuSeconds()
		b.StartTimer()
		openOnce(b, file)
		cpu += cpuSeconds() - before
	}
	b.ReportMetric(cpu/float64(b.N), "cpu-s/op")
}

// cpuSeconds is how much processor time the process has had, 0 where that cannot be told;
// beside others on the machine it says more than the clock.
func cpuSeconds() float64 {
	const ticks = 100 // a second, as Linux counts for programs
	raw, _ := os.ReadFile("/proc/self/stat")
	fields := strings.Fields(string(raw))
	if len(fields) < 15 {
		return 0
	}
	user, _ := strconv.Atoi(fields[13])
	system, _ := strconv.Atoi(fields[14])
	return float64(user+system) / ticks
}

// memory is a line of the process status in MB, 0 where there is none.
func memory(line string) float64 {
	raw, _ := os.ReadFile("/proc/self/status")
	for l := range strings.Lines(string(raw)) {
		var kb float64
		if _, err := fmt.Sscanf(l, line+": %f kB", &kb); err == nil {
			return kb / 1000
		}
	}
	return 0
}

// kill leaves a copy of a store as a process leaves it that is killed after an update.
func kill(b *testing.B, file, killed string) {
	e, err := bolt.Open(file)
	check(b, err)
	check(b, e.Update(b.Context(), func(tx kv.Tx) error { return tx.Put([]byte("crash"), []byte("1")) }))
	copyFile(b, file, killed)
	check(b, e.Close())
}

func copyFile(b *testing.B, from, to string) {
	in, err := os.Open(from)
	check(b, err)
	defer in.Close()
	out, err := os.Create(to)
	check(b, err)
	_, err = io.Copy(out, in)
	check(b, errors.Join(err, out.Close()))
	b.Cleanup(func() { os.Remove(to) })
}

// crash leaves a copy of a store as a process leaves it that is killed in the middle of
// many updates: the last one has left the list of free pages out.
func crash(b *testing.B, file, crashed string) {
	copyFile(b, file, crashed)
	db := bareOpen(b, crashed)
	check(b, db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket(bareBucket).Put([]byte("crash"), []byte("1"))
	}))
	check(b, db.Close())
}

var bareBucket = []byte("newsdigest")

func bareOpen(b *testing.B, file string) *bbolt.DB {
	db, err := bbolt.Open(file, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, NoFreelistSync: true, NoStatistics: true})
	check(b, err)
	return db
}

// benchDue asks for what is due in the next minute and was not before.
func benchDue(b *testing.B, file string) {
	e, err := bolt.Open(file)
	check(b, err)
	s := openStore(b, e)
	defer s.Close()
	found := 0
	for b.Loop() {
		due, err := s.DueSubscriptions(b.Context(), start, 1000)
		check(b, err)
		found = len(due)
	}
	b.ReportMetric(float64(found), "found")
}

func benchDueBare(b *testing.B, file string) {
	db := bareOpen(b, file)
	defer db.Close()
	end := string(upTo("", start))
	for b.Loop() {
		n := 0
		check(b, db.View(func(tx *bbolt.Tx) error {
			c := tx.Bucket(bareBucket).Cursor()
			for p := range digest.Partitions {
				prefix := dueSubscriptions.prefix(p)
				for k, _ := c.Seek([]byte(prefix)); k != nil && string(k) < prefix+end && n < 1000; k, _ = c.Next() {
					n++
				}
			}
			return nil
		}))
	}
}

// benchChange moves one chat's subscription a day on.
func benchChange(b *testing.B, file string) {
	e, err := bolt.Open(file)
	check(b, err)
	s := openStore(b, e)
	defer s.Close()
	n := 0
	for b.Loop() {
		n = (n + 7919) % *subscriptions
		_, err := s.UpdateChat(b.Context(), testChat(n).ID, func(c *digest.Chat) error {
			c.Subscriptions[0].Next = slotAt(c.Subscriptions[0].Next.At.Add(24 * time.Hour))
			return nil
		})
		check(b, err)
	}
}

func benchChangeBare(b *testing.B, file string) {
	db := bareOpen(b, file)
	defer db.Close()
	value := make([]byte, 1200)
	n := 0
	for b.Loop() {
		n = (n + 7919) % *subscriptions
		check(b, db.Update(func(tx *bbolt.Tx) error {
			bucket, id := tx.Bucket(bareBucket), testChat(n).ID
			for _, k := range []string{dueSubscriptions.prefix(digest.Partition(string(id))), "due/sub/a/"} {
				if err := bucket.Put([]byte(k+string(id)), nil); err != nil {
					return err
				}
			}
			return bucket.Put(chatKey(id), value)
		}))
	}
}
