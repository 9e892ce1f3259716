package group

import (
	"cmp"
	"slices"
)

const (
	// lookups bounds how many entries of the vocabulary are read for one article; the
	// terms that fewest articles have come first.
	lookups = 10_000
	// leastShared is how much of its own weight, in 256ths, an article must have in common
	// with another one for the two to be compared, mostCompared how many are compared.
	leastShared  = 10
	mostCompared = 64
	steps        = 256
)

// candidate is a story that an article may belong to.
type candidate struct {
	story  *story
	chance float64 // mean over its articles
}

// candidates are the stories that the article aimed at belongs to, the likeliest first.
func (x *Index) candidates() []candidate {
	var out []candidate
	for _, n := range x.near() {
		b := &x.articles[n.slot]
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
	shared int64
}

// near are the articles that share the most with the one aimed at, within its time, the
// nearest first.
func (x *Index) near() []neighbor {
	x.tally.of = append(x.tally.of, make([]int64, len(x.articles)-len(x.tally.of))...)
	x.count()
	var found []neighbor
	least := x.tally.least(x.probe.allSquared)
	for _, s := range x.tally.touched {
		if w := x.tally.of[s]; w >= least {
			if days, _ := daysBetween(x.probe.stamp, x.articles[s].stamp); days <= mostDays {
				found = append(found, neighbor{s, w})
			}
		}
	}
	x.tally.clear()
	slices.SortFunc(found, func(a, b neighbor) int {
		if a.shared != b.shared {
			return cmp.Compare(b.shared, a.shared)
		}
		return x.articles[a.slot].compare(x.articles[b.slot].stamp)
	})
	return found[:min(len(found), mostCompared)]
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
		if w := p.weights[i].all * p.weights[i].all; w > 0 {
			for _, s := range having {
				x.tally.add(s, w)
			}
		}
	}
}

// tally counts for articles how much they share with the one aimed at.
type tally struct {
	of      []int64 // by slot
	touched []slot
}

// add wants a weight above 0.
func (t *tally) add(s slot, w int64) {
	if t.of[s] == 0 {
		t.touched = append(t.touched, s)
	}
	t.of[s] += w
}

// least is what an article must share to be among those that share the most, as far as
// a rough count tells; all is what the article aimed at shares with itself.
func (t *tally) least(all int64) int64 {
	var articles [steps + 1]int // by what they share, in parts of all
	for _, s := range t.touched {
		articles[min(t.of[s]*steps/max(all, 1), steps)]++
	}
	i, n := steps, articles[steps]
	for i > leastShared && (n == 0 || n+articles[i-1] <= 2*mostCompared) {
		i--
		n += articles[i]
	}
	return all * int64(i) / steps
}

func (t *tally) clear() {
	for _, s := range t.touched {
		t.of[s] = 0
	}
	t.touched = t.touched[:0]
}
