package summary

import (
	"math"
	"slices"

	"newsdigest/digest"
)

const (
	// redundancy is what a cosine of 1 to a chosen sentence takes from a score.
	redundancy = 2.0
	// repeats is the cosine from which on a sentence says again what was said.
	repeats = 0.5
	// sameOutlet is what an outlet that has a sentence already takes from a score.
	sameOutlet = 1.0
	// usualWords is how many words a sentence of a summary has.
	usualWords = 22
	// bestShare is among which part of an article's sentences the second of a standard
	// summary must be: the best third.
	bestShare = 3
)

// choose picks greedily at most count sentences of at most words words together (0 = no
// limit; the first may be longer where nothing fits).
func (d *draft) choose(count, words int) []int {
	wanted := count
	if words > 0 {
		wanted = min(count, 1+words/usualWords)
	}
	d.score(wanted)
	return d.pick(count, words)
}

// pick does so by the scores.
func (d *draft) pick(count, words int) []int {
	var chosen []int
	left := words
	if first := d.opening(words); first >= 0 && count > 0 {
		chosen = append(chosen, first)
		left -= d.sentences[first].words
	}
	for len(chosen) < count && (words == 0 || left > 0) {
		best := d.best(chosen, left, words > 0)
		if best < 0 && len(chosen) == 0 {
			best = d.atLeast()
		}
		if best < 0 {
			break
		}
		chosen = append(chosen, best)
		left -= d.sentences[best].words
	}
	return chosen
}

// standard picks two sentences if they have at most digest.StandardWords words
// together, else one. The second must be among the best.
func (d *draft) standard() []int {
	chosen := d.choose(2, digest.StandardWords)
	if len(chosen) < 2 {
		return chosen
	}
	if d.beaten(chosen[1]) > len(d.scores)/bestShare && !d.sentences[chosen[1]].cues.leans {
		return chosen[:1]
	}
	return chosen
}

// beaten is how many sentences have a better score than one.
func (d *draft) beaten(by int) int {
	n := 0
	for _, s := range d.scores {
		if s > d.scores[by] {
			n++
		}
	}
	return n
}

// best is the sentence with the best score beside those chosen; -1 if none is left.
func (d *draft) best(chosen []int, words int, limited bool) int {
	best, top := -1, math.Inf(-1)
	for i := range d.sentences {
		s := &d.sentences[i]
		if limited && s.words > words || !d.stands(i, chosen) || d.tooFar(s) {
			continue
		}
		score := d.scores[i]
		worst := float32(0)
		for _, c := range chosen {
			worst = max(worst, s.vec.dot(d.sentences[c].vec))
			if d.spread && d.sameOutlet(s.doc, d.sentences[c].doc) {
				score -= sameOutlet
			}
		}
		if worst > d.repeatsAt() || len(chosen) > 0 && slices.Contains(chosen, i) {
			continue
		}
		if score -= redundancy * float64(worst); score > top {
			best, top = i, score
		}
	}
	return best
}

// atLeast is the sentence to choose where none fits and stands alone: the best that
// stands, whatever its length, else the best; -1 if there is none.
func (d *draft) atLeast() int {
	if best := d.best(nil, 0, false); best >= 0 {
		return best
	}
	best := -1
	for i, s := range d.scores {
		if best < 0 || s > d.scores[best] {
			best = i
		}
	}
	return best
}

// stands tells whether a sentence is understood beside those chosen: one that leans on
// the sentence before it needs that one, and half a quotation is never understood.
func (d *draft) stands(i int, chosen []int) bool {
	s := &d.sentences[i]
	if s.cues.unpaired {
		return false
	}
	return !s.cues.leans || s.at > 0 && slices.Contains(chosen, i-1)
}

func (d *draft) sameOutlet(a, b int) bool {
	return a == b || d.docs[a].Outlet != "" && d.docs[a].Outlet == d.docs[b].Outlet
}
