package desk

import (
	"slices"
	"sync/atomic"
	"time"
)

// Histogram tells how long something took, or how late it was, as often as it happened.
type Histogram struct {
	Bounds []time.Duration `json:"bounds"` // upper ones, inclusive, rising
	Counts []uint64        `json:"counts"` // by bound, and last what is above all of them
	Sum    time.Duration   `json:"sum"`
}

// Count is how often it happened.
func (h Histogram) Count() (n uint64) {
	for _, c := range h.Counts {
		n += c
	}
	return n
}

// Quantile is the bound that the share q of all was within: 0.99 for all but one in a
// hundred. It is 0 if nothing happened, and the last bound if more was above it.
func (h Histogram) Quantile(q float64) time.Duration {
	n := h.Count()
	if n == 0 {
		return 0
	}
	rest := max(1, uint64(q*float64(n)+0.5))
	for i, bound := range h.Bounds {
		if h.Counts[i] >= rest {
			return bound
		}
		rest -= h.Counts[i]
	}
	return h.Bounds[len(h.Bounds)-1]
}

// The bounds of the histograms: how late digests are sent, and how long work takes.
var (
	latenessBounds = []time.Duration{
		time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute,
		5 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 6 * time.Hour}
	workBounds = []time.Duration{
		time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond,
		50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
		time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second, 30 * time.Second}
)

// gauge is a histogram that is being filled.
type gauge struct {
	bounds []time.Duration
	counts []atomic.Uint64
	sum    atomic.Int64
}

func newGauge(bounds []time.Duration) *gauge {
	return &gauge{bounds: bounds, counts: make([]atomic.Uint64, len(bounds)+1)}
}

func (g *gauge) add(d time.Duration) {
	d = max(d, 0)
	i, _ := slices.BinarySearch(g.bounds, d)
	g.counts[i].Add(1)
	g.sum.Add(int64(d))
}

func (g *gauge) read() Histogram {
	h := Histogram{Bounds: g.bounds, Counts: make([]uint64, len(g.counts)), Sum: time.Duration(g.sum.Load())}
	for i := range g.counts {
		h.Counts[i] = g.counts[i].Load()
	}
	return h
}

// since adds how long ago something began; deferred, how long it took.
func (g *gauge) since(began time.Time) { g.add(time.Since(began)) }
