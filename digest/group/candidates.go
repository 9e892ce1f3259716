package group

import (
	"cmp"
	"slices"
)

const (
	// lookups bounds how many entries of the vocabulary are read for one article; the
	// terms that fewest articles have come first.
	lookups = 20_000
	// mostCandidates is how many articles are compared in full.
	mostCandidates = 200
)

// candidate is a story that an article may belong to.
type candidate struct {
	story  *story
	chance float64 // mean over its articles
}

// tally counts for articles how much they share with the one that is looked at.
type tally struct {
	of      []float32 // by slot
	touched []slot
}

func (t *tally) add(s slot, w float32) {
	if t.of[s] == 0 {
		t.touched = append(t.touched, s)
	}
	t.of[s] += w
}

func (t *tally) clear() {
	for _, s := range t.touched {
		t.of[s] = 0
	}
	t.touched = t.touched[:0]
}

// candidates are the stories that the article belongs to, the likeliest first.
func (x *Index) candidates(a *article) []candidate {
	var out []candidate
	for _, s := range x.near(a) {
		st := x.articles[s].story
		if slices.ContainsFunc(out, func(c candidate) bool { return c.story == st }) {
			continue
		}
		if x.chance(a, &x.articles[s]) >= joinAt {
			out = append(out, candidate{st, x.meanChance(a, st)})
		}
	}
	out = slices.DeleteFunc(out, func(c candidate) bool { return c.chance < joinAt })
	slices.SortFunc(out, func(c, d candidate) int {
		return cmp.Or(cmp.Compare(d.chance, c.chance), x.compareStories(c.story, d.story))
	})
	return out
}

// near are the articles that share the most telling terms with this one, the nearest
// first.
func (x *Index) near(a *article) []slot {
	defer x.tally.clear()
	x.tally.of = append(x.tally.of, make([]float32, len(x.articles)-len(x.tally.of))...)
	terms := slices.SortedFunc(slices.Values(a.terms), func(s, t term) int {
		return cmp.Or(cmp.Compare(len(x.having[s.id()]), len(x.having[t.id()])), cmp.Compare(x.hashes[s.id()], x.hashes[t.id()]))
	})
	left := lookups
	for _, t := range terms {
		having := x.having[t.id()]
		if left -= len(having); left < 0 {
			break
		}
		w, _ := x.weights(t)
		for _, s := range having {
			if x.within(a, s) {
				x.tally.add(s, w*w)
			}
		}
	}
	slices.SortFunc(x.tally.touched, func(s, t slot) int {
		return cmp.Or(cmp.Compare(x.tally.of[t], x.tally.of[s]), x.articles[s].compare(x.articles[t].stamp))
	})
	return slices.Clone(x.tally.touched[:min(len(x.tally.touched), mostCandidates)])
}

// within tells whether the article in the slot is near enough in time.
func (x *Index) within(a *article, s slot) bool {
	days, _ := daysBetween(a.stamp, x.articles[s].stamp)
	return days <= mostDays
}
