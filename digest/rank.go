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
	slices.SortFunc(stories, func(a, b Story) int {
		return cmp.Or(cmp.Compare(b.Score(now), a.Score(now)), b.Last().Compare(a.Last()), cmp.Compare(a.ID, b.ID))
	})
}
