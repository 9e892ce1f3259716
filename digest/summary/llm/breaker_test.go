package llm

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestBreaker walks through a bad time of a model. Each step is some calls, then how long
// no call may be made.
func TestBreaker(t *testing.T) {
	for name, steps := range map[string][]struct {
		after time.Duration // before the calls
		calls string        // + success, - failure, x not allowed
		wait  time.Duration // after them
	}{
		"five in a row":           {{0, "----", 0}, {0, "-", 15 * time.Second}, {0, "x", 15 * time.Second}},
		"a success in between":    {{0, "----+----", 0}},
		"half of twenty":          {{0, "+-+-+-+-+-+-+-+-+-", 0}, {0, "+-", 15 * time.Second}},
		"less than half":          {{0, "+-+-+-+-+-+-+-+-++-++-", 0}},
		"old calls are forgotten": {{0, "+-+-+-+-+-+-+-+-+-", 0}, {31 * time.Second, "+-", 0}},
		"pauses double up to five minutes": {
			{0, "-----", 15 * time.Second}, {14 * time.Second, "x", time.Second}, {time.Second, "-x", 30 * time.Second},
			{30 * time.Second, "-", time.Minute}, {time.Minute, "-", 2 * time.Minute}, {2 * time.Minute, "-", 4 * time.Minute},
			{4 * time.Minute, "-", 5 * time.Minute}, {5 * time.Minute, "-", 5 * time.Minute}},
		"one success after a pause closes it": {
			{0, "-----", 15 * time.Second}, {15 * time.Second, "-", 30 * time.Second}, {30 * time.Second, "+----", 0}, {0, "-", 15 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var b breaker
				for i, s := range steps {
					time.Sleep(s.after)
					for k, c := range s.calls {
						if allowed := b.allow(time.Now()); allowed != (c != 'x') {
							t.Fatalf("step %d, call %d: allowed %v", i, k, allowed)
						} else if allowed {
							b.done(time.Now(), c == '+')
						}
					}
					if got := b.wait(time.Now()); got != s.wait {
						t.Fatalf("step %d: wait %v, want %v", i, got, s.wait)
					}
				}
			})
		})
	}
}

// TestProbe: after a pause one call is under way at a time, and one of which nothing came
// lets another one try.
func TestProbe(t *testing.T) {
	var b breaker
	now := time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)
	for range breakerInRow {
		b.allow(now)
		b.done(now, false)
	}
	now = now.Add(breakerFirst)
	if !b.allow(now) || b.allow(now) {
		t.Fatal("one probe, and only one")
	}
	b.release()
	if !b.allow(now) {
		t.Fatal("no probe after one that was released")
	}
}
