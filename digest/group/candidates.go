package group

import (
	"cmp"
	"slices"
)

const (
	// lookups bounds how many entries of the vocabulary are read for one article; the
	// terms that fewest articles have come first.
	lookups = 20_000
	// leastShared is the share of its own weight that an article must have in common with
	// another one for the two to be compared, mostCompared how many are compared.
	leastShared  = 0.04
	mostCompared = 200
)

// candidate is a story that an article may belong to.
type candidate struct {
	story  *story
	chance float64 // mean over its articles
}

// candidates are the stories that the article aimed at belongs to, the likeliest first.
func (x *Index) candidates() []candidate {
	var out []candidate
	for _, s := range x.near() {
		b := &x.articles[s]
		if slices.ContainsFunc(out, func(c candidate) bool { return c.story == b.story }) {
			continue
		}
		if x.chance(b) >= joinAt {
			out = append(out, candidate{b.story, x.meanChance(b.story)})
		}
	}
	out = slices.DeleteFunc(out, func(c candidate) bool { return c.chance < joinAt })
	slices.SortFunc(out, func(c, d candidate) int {
		return cmp.Or(cmp.Compare(d.chance, c.chance), x.compareStories(c.story, d.story))
	})
	return out
}

// neighbor is an article and how much it shares with the one aimed at.
type neighbor struct {
	slot   slot
	shared float32
}

// near are the articles that share the most with the one aimed at, within its time, the
// nearest first.
func (x *Index) near() []slot {
	x.tally.of = append(x.tally.of, make([]float32, len(x.articles)-len(x.tally.of))...)
	x.count()
	var found []neighbor
	for _, s := range x.tally.touched {
		if w := x.tally.of[s]; w >= leastShared*x.probe.allSquared {
			if days, _ := daysBetween(x.probe.stamp, x.articles[s].stamp); days <= mostDays {
				found = append(found, neighbor{s, w})
			}
		}
	}
	x.tally.clear()
	slices.SortFunc(found, func(a, b neighbor) int {
		return cmp.Or(cmp.Compare(b.shared, a.shared), x.articles[a.slot].compare(x.articles[b.slot].stamp))
	})
	found = found[:min(len(found), mostCompared)]
	slots := make([]slot, len(found))
	for i, n := range found {
		slots[i] = n.slot
	}
	return slots
}

// count adds up what articles share with the one aimed at, rare terms first.
func (x *Index) count() {
	p := &x.probe
	order := make([]int, len(p.terms))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		s, t := p.terms[i].id(), p.terms[j].id()
		return cmp.Or(cmp.Compare(len(x.having[s]), len(x.having[t])), cmp.Compare(x.hashes[s], x.hashes[t]))
	})
	left := lookups
	for _, i := range order {
		having := x.having[p.terms[i].id()]
		if left -= len(having); left < 0 {
			break
		}
		for _, s := range having {
			x.tally.add(s, p.all[i]*p.all[i])
		}
	}
}

// tally counts for articles how much they share with the one aimed at.
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
