package score

import (
	"maps"
	"slices"
)

// BCubed is how well articles were put into stories, each from 0 to 1, as the mean over
// the articles: of those in the same story, how many belong there (precision), and of
// those that belong there, how many are in it (recall).
type BCubed struct{ Precision, Recall float64 }

// F1 is the harmonic mean of the two.
func (b BCubed) F1() float64 {
	if b.Precision+b.Recall == 0 {
		return 0
	}
	return 2 * b.Precision * b.Recall / (b.Precision + b.Recall)
}

// NewBCubed compares stories by article with the right ones, and tells the interval of F1.
func NewBCubed(right, got map[string]string) (BCubed, Interval) {
	inRight, inGot, inBoth := map[string]float64{}, map[string]float64{}, map[[2]string]float64{}
	for id, story := range right {
		inRight[story]++
		inGot[got[id]]++
		inBoth[[2]string{story, got[id]}]++
	}
	type sum struct{ precision, recall, articles float64 }
	stories := map[string]sum{}
	var all sum
	for id, story := range right {
		both := inBoth[[2]string{story, got[id]}]
		precision, recall := both/inGot[got[id]], both/inRight[story]
		s := stories[story]
		stories[story] = sum{s.precision + precision, s.recall + recall, s.articles + 1}
		all = sum{all.precision + precision, all.recall + recall, all.articles + 1}
	}
	names := slices.Sorted(maps.Keys(stories))
	interval := bootstrap(len(names), func(drawn []int) float64 {
		var t sum
		for _, i := range drawn {
			s := stories[names[i]]
			t = sum{t.precision + s.precision, t.recall + s.recall, t.articles + s.articles}
		}
		return BCubed{t.precision / t.articles, t.recall / t.articles}.F1()
	})
	return BCubed{all.precision / max(1, all.articles), all.recall / max(1, all.articles)}, interval
}
