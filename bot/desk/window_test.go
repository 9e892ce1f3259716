package desk

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestWindow: polls that take long make room for others, up to a bound; all places are free
// in the end.
func TestWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWindow()
		enter := func() *place {
			p, err := w.enter(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		var stuck []*place
		start := time.Now()
		for range windowSlow + windowLeast {
			stuck = append(stuck, enter())
		}
		if took, want := time.Since(start), windowSlow/windowLeast*slowAfter; took != want || w.slow != windowSlow {
			t.Errorf("%d places after %v, want %v; %d are slow", len(stuck), took, want, w.slow)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := w.enter(ctx); err == nil {
			t.Error("there is no end to those that take long")
		}
		for _, p := range stuck {
			p.leave()
			p.leave() // once is enough
		}
		if w.used != 0 || w.slow != 0 || len(w.queue) != 0 {
			t.Errorf("%d used, %d slow, %d wait in the end", w.used, w.slow, len(w.queue))
		}
		for range windowLeast {
			enter().step()
		}
		if w.used != 0 || w.slow != windowLeast {
			t.Errorf("stepped aside: %d used, %d slow", w.used, w.slow)
		}
	})
}

// TestWindowAdapts: servers that are far away open the window, busy processors close it.
func TestWindowAdapts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWindow()
		w.crowd = func() bool { return false }
		poll := func(latency time.Duration) {
			p, err := w.enter(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			defer p.leave()
			time.Sleep(latency)
			p.answered()
		}
		sweep := func(n int, latency time.Duration) {
			var all sync.WaitGroup
			for range n {
				all.Go(func() { poll(latency) })
			}
			all.Wait()
		}
		sweep(1000, time.Millisecond)
		if w.limit != windowLeast {
			t.Errorf("near servers: %d at once", w.limit)
		}
		start := time.Now()
		sweep(10_000, 300*time.Millisecond)
		if took := time.Since(start); w.limit != windowMost || took > 5*time.Second {
			t.Errorf("far servers: %d at once, %v", w.limit, took)
		}
		for range cap(w.hands) {
			if _, err := w.hand(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _, _ = w.hand(ctx) }()
		synctest.Wait()
		sweep(10_000, 300*time.Millisecond)
		if w.limit != windowLeast {
			t.Errorf("busy: %d at once", w.limit)
		}
		cancel()
		synctest.Wait()
		crowded := true
		w.crowd = func() bool { return crowded }
		w.limit = windowMost
		sweep(10_000, 300*time.Millisecond)
		if w.limit != windowLeast {
			t.Errorf("crowded: %d at once", w.limit)
		}
		crowded = false
		sweep(10_000, 300*time.Millisecond)
		if w.limit != windowMost {
			t.Errorf("crowded no more: %d at once", w.limit)
		}
	})
}
