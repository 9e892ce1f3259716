package digest

import (
	"slices"
	"time"
)

// Rhythm is how often a source brings something new, as far as its entries and polls have
// shown it.
type Rhythm struct {
	// Gap is the time between two entries on average, 0 while nobody knows.
	Gap time.Duration `json:"gap,omitempty"`
	// Newest is when the newest entry came out, or was found where it has no date.
	Newest time.Time `json:"newest,omitzero"`
}

// How a rhythm is made out.
const (
	rhythmEntries = 10 // entries whose dates say how fast they follow each other
	rhythmDated   = 4  // fewer dates than this say nothing
	rhythmShare   = 4  // a gap that was observed counts for one in so many
)

// Note learns from a poll that brought something new: the dates of the feed's entries, as
// far as they have any, and when it was. The newest ten entries tell the average time
// between two (the moving average that Urbansky, Reichert and Muthmann found to save most
// polls, "An Optimized Web Feed Aggregation Approach for Generic Feed Types", ICWSM 2011).
// Where there are no dates, what the polls found has to do.
func (r Rhythm) Note(dates []time.Time, now time.Time) Rhythm {
	dates = slices.DeleteFunc(slices.Clone(dates), func(t time.Time) bool { return t.IsZero() || t.After(now) })
	slices.SortFunc(dates, func(a, b time.Time) int { return b.Compare(a) })
	if len(dates) >= rhythmDated {
		dates = dates[:min(len(dates), rhythmEntries)]
		last := len(dates) - 1
		return Rhythm{Gap: dates[0].Sub(dates[last]) / time.Duration(last), Newest: dates[0]}
	}
	newest := now
	if len(dates) > 0 {
		newest = dates[0]
	}
	if !r.Newest.IsZero() {
		found := max(newest.Sub(r.Newest), 0)
		if r.Gap == 0 {
			r.Gap = found
		}
		r.Gap += (found - r.Gap) / rhythmShare
	}
	r.Newest = newest
	return r
}

// silence is the share of the time since the newest entry after which it is looked again:
// a source that has been silent for a day will hardly speak within the hour. A tenth is
// what HTTP takes for an answer that does not say how long it is fresh (RFC 9111, 4.2.2).
const silence = 10

// Every is how long to wait between two polls: half the time in which an entry is to be
// expected, at least floor and at most ceiling.
func (r Rhythm) Every(now time.Time, floor, ceiling time.Duration) time.Duration {
	wait := r.Gap / 2
	if !r.Newest.IsZero() {
		wait = max(wait, now.Sub(r.Newest)/silence)
	}
	return max(floor, min(wait, ceiling))
}
