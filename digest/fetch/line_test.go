package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestLine: who finds too many waiting at a host is sent away at once, each with a time of
// its own, and has a turn when that has come; other hosts' requests do not notice.
func TestLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := piped(Options{}, func(conn net.Conn) { answer(conn, 100*time.Millisecond) })
		const n, line = 30, 4
		var mu sync.Mutex
		var again []time.Duration
		var waited atomic.Int64
		ask := func() time.Duration {
			_, err := client.Get(t.Context(), Request{URL: "http://harbour.example/", Line: line, Waits: func() { waited.Add(1) }})
			if busy, ok := errors.AsType[*Error](err); ok && busy.Kind == Busy {
				return busy.RetryAfter
			} else if err != nil {
				t.Error(err)
			}
			return 0
		}
		var all sync.WaitGroup
		for range n {
			all.Go(func() {
				first := ask()
				if first == 0 {
					return
				}
				mu.Lock()
				again = append(again, first)
				mu.Unlock()
				time.Sleep(first)
				if second := ask(); second != 0 {
					t.Errorf("sent away again after %v, for %v", first, second)
				}
			})
		}
		start := time.Now()
		if _, err := client.Get(t.Context(), Request{URL: "http://other.example/", Line: line}); err != nil || time.Since(start) > 100*time.Millisecond {
			t.Errorf("another host: %v after %v", err, time.Since(start))
		}
		all.Wait()
		slices.Sort(again)
		if len(again) != n-HostConns-line || waited.Load() == 0 {
			t.Errorf("%d of %d sent away, %d waited", len(again), n, waited.Load())
		}
		for i, d := range again {
			if want := time.Duration(line+1+i) * time.Second; d != want {
				t.Errorf("number %d comes again in %v, want %v", i, d, want)
			}
		}
	})
}

// TestLargeBodies: a body that turns out to be large waits for room, which is not taken for
// slowness of its server; the room is free again when the request has ended.
func TestLargeBodies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := make(chan struct{}, 1)
		body := make([]byte, largeBody+1)
		var slow atomic.Int64
		read := func(ctx context.Context) error {
			p := watch(bytes.NewReader(body), func(error) { slow.Add(1) })
			defer p.stop()
			_, err := io.ReadAll(&roomy{r: p, room: room, rests: p.rest, ctx: ctx})
			return err
		}
		first, end := context.WithCancel(t.Context())
		if err := read(first); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		all.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if err := read(ctx); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(3 * RateWindow)
		gone, leave := context.WithCancel(t.Context())
		leave()
		if err := read(gone); !errors.Is(err, context.Canceled) {
			t.Errorf("a caller that has left: %v", err)
		}
		end()
		all.Wait()
		synctest.Wait()
		if slow.Load() > 0 || len(room) > 0 {
			t.Errorf("%d taken for slow, %d rooms still taken", slow.Load(), len(room))
		}
	})
}
