package digest

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// freshness is after how long a story without news counts half.
const freshness = 24 * time.Hour

// Score says how much a story matters at now: the more outlets tell it and the newer it
// is, the higher. Each further outlet counts, but less than the one before.
func (s Story) Score(now time.Time) float64 {
	age := max(0, now.Sub(s.Last()))
	return math.Log2(1+float64(len(s.Outlets()))) * math.Exp2(-float64(age)/float64(freshness))
}

// Rank sorts stories, the one that matters most at now first. The order depends on the
// stories and the time only.
func Rank(stories []Story, now time.Time) {
	type ranked struct {
		Story
		score float64
		last  time.Time
	}
	all := make([]ranked, len(stories))
	for i, s := range stories {
		all[i] = ranked{s, s.Score(now), s.Last()}
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.score, a.score), b.last.Compare(a.last), cmp.Compare(a.ID, b.ID))
	})
	for i, r := range all {
		stories[i] = r.Story
	}
}
