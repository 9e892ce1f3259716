package llm

import (
	"sync"
	"time"
)

// When the model is left alone, and how long.
const (
	breakerWindow = 30 * time.Second // the calls that are looked at
	breakerCalls  = 20               // so many of them say something
	breakerInRow  = 5                // so many failures in a row do, too
	breakerFirst  = 15 * time.Second // the first pause; each further one is twice as long
	breakerLast   = 5 * time.Minute  // but not longer
)

// breaker leaves a model alone that fails: after half of at least breakerCalls calls
// within the window, or breakerInRow in a row. After a pause one call is let through; if
// it fails, the next pause is twice as long. The zero breaker lets calls through.
type breaker struct {
	mu      sync.Mutex
	calls   []outcome // of the window, the oldest first
	inRow   int       // failures since the last success
	pause   time.Duration
	until   time.Time // open until then, zero while it is closed
	probing bool      // the one call after a pause is under way
}

type outcome struct {
	at time.Time
	ok bool
}

// allow tells whether a call may be made at now. Who was allowed calls done, or release.
func (b *breaker) allow(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.until.IsZero() {
		return true
	}
	if now.Before(b.until) || b.probing {
		return false
	}
	b.probing = true
	return true
}

// done notes how a call ended.
func (b *breaker) done(now time.Time, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	probe := b.probing
	b.probing = false
	if ok {
		b.inRow = 0
	} else {
		b.inRow++
	}
	b.note(outcome{now, ok})
	switch {
	case ok && probe:
		b.calls, b.pause, b.until = nil, 0, time.Time{}
	case !ok && probe, b.until.IsZero() && b.failing():
		b.pause = min(max(2*b.pause, breakerFirst), breakerLast)
		b.until = now.Add(b.pause)
	}
}

func (b *breaker) note(o outcome) {
	b.calls = append(b.calls, o)
	for len(b.calls) > 0 && b.calls[0].at.Before(o.at.Add(-breakerWindow)) {
		b.calls = b.calls[1:]
	}
}

func (b *breaker) failing() bool {
	failed := 0
	for _, c := range b.calls {
		if !c.ok {
			failed++
		}
	}
	return b.inRow >= breakerInRow || len(b.calls) >= breakerCalls && 2*failed >= len(b.calls)
}

// failed tells whether the last call failed.
func (b *breaker) failed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.inRow > 0
}

// release takes back an allowance of which nothing came.
func (b *breaker) release() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}

// wait is how long no call may be made yet.
func (b *breaker) wait(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(0, b.until.Sub(now))
}
