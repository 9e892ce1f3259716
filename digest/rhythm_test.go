package digest

import (
	"testing"
	"time"
)

// TestRhythm: how long the next poll waits, by the dates of entries and what polls found.
func TestRhythm(t *testing.T) {
	now := time.Date(2026, 3, 7, 12, 0, 0, 0, time.UTC)
	every := func(gap time.Duration, n int, newest time.Duration) (dates []time.Time) {
		for i := range n {
			dates = append(dates, now.Add(-newest-time.Duration(i)*gap))
		}
		return dates
	}
	undated := func(hours ...int) (r Rhythm) {
		for _, h := range hours {
			r = r.Note(nil, now.Add(time.Duration(h)*time.Hour))
		}
		return r
	}
	const floor, ceiling = 15 * time.Minute, 3 * time.Hour
	for _, tt := range []struct {
		name string
		r    Rhythm
		want time.Duration
	}{
		{"nothing known", Rhythm{}, floor},
		{"an entry every hour", Rhythm{}.Note(every(time.Hour, 10, 0), now), 30 * time.Minute},
		{"an entry a minute", Rhythm{}.Note(every(time.Minute, 30, 0), now), floor},
		{"an entry a day", Rhythm{}.Note(every(24*time.Hour, 10, 0), now), ceiling},
		{"only the newest ten count", Rhythm{}.Note(append(every(2*time.Hour, 10, 0), every(1000*time.Hour, 10, 20*time.Hour)...), now), time.Hour},
		{"silent for ten hours", Rhythm{}.Note(every(time.Hour, 10, 10*time.Hour), now), time.Hour},
		{"silent for weeks", Rhythm{}.Note(every(time.Hour, 10, 500*time.Hour), now), ceiling},
		{"all at one time", Rhythm{}.Note(every(0, 10, 0), now), floor},
		{"dates to come are none", Rhythm{}.Note(every(time.Hour, 10, -20*time.Hour), now), floor},
		{"three dates say nothing", Rhythm{}.Note(every(2*time.Hour, 3, 0), now), floor},
		{"two old ones", Rhythm{}.Note(every(time.Hour, 2, 10*time.Hour), now), time.Hour},
		{"found once", undated(0), floor},
		{"found every four hours", undated(-16, -12, -8, -4, 0), 2 * time.Hour},
		{"found faster than before", undated(-8, -4, -3, -2, -1, 0), 58*time.Minute + 28593750*time.Microsecond},
	} {
		if got := tt.r.Every(now, floor, ceiling); got != tt.want {
			t.Errorf("%s: %v, want %v (%+v)", tt.name, got, tt.want, tt.r)
		}
	}
}
