package main

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"strings"

	"newsdigest/digest/summary"
)

// tables are what is learned from stories.
type tables struct {
	rarity          frequencies
	salience, model string // as the summarizer reads them
}

// parts is in how many parts the stories are cut for the salience of their own terms:
// each part sees the salience that the others teach, as a new story does.
const parts = 2

// learn learns all tables from examples; other articles are counted for the rarity of
// terms only. Nothing else goes into them.
func learn(list []*example, others []record, o options) (tables, error) {
	t := tables{rarity: newFrequencies()}
	for _, e := range list {
		t.rarity.addRecord(e.record)
	}
	for _, r := range others {
		t.rarity.addRecord(r)
	}
	rarity := t.rarity.rarity()
	inParallel(list, func(e *example) { e.read(rarity) })
	for part := range parts {
		inside, outside := divide(list, func(e *example) bool { return e.part == part })
		salience, err := summary.ParseRanker(learnSalience(outside, o.terms), summary.TermInputNames())
		if err != nil {
			return t, err
		}
		inParallel(inside, func(e *example) { e.inputs = e.material.Inputs(e.k, salience) })
	}
	t.salience = learnSalience(list, o.terms)
	t.model = learnModel(list, o.sentences)
	return t, nil
}

// divide parts examples in those that are inside and the others.
func divide(list []*example, inside func(*example) bool) (in, out []*example) {
	for _, e := range list {
		if inside(e) {
			in = append(in, e)
		} else {
			out = append(out, e)
		}
	}
	return in, out
}

// guess is the line that summaries are drawn by where the gains of sentences are
// measured, and the linear part of the model: earlier, more central, better titled. Its
// weights are those of a linear scorer of English news and are not learned here.
var guess = map[string]float64{
	"z_inverse": .14, "z_log_place": -.24, "z_place": -.23, "z_log_words": -.1, "z_keywords": .15, "z_rank": .28,
	"z_title_cover": .15, "z_upper": .09, "z_digit": .06, "z_quote_head": -.08, "z_person": -.09, "z_support": .3,
}

// lineShare is how much of that line goes into the model beside the trees.
const lineShare = 0.3

// chosen is the part of the line that cross-validation chose. Where one sentence is asked
// for it must tell what the title tells, in the words of the rest: too few stories have a
// title and one sentence for trees to learn that from.
var chosen = map[string]float64{"z_title_words": .65, "z_title_runs": .3, "z_common": .1, "z_log_words": -.05}

// line is a line over inputs as the summarizer reads it.
func line(weights map[string]float64, names []string) string {
	var row strings.Builder
	row.WriteString("line")
	for _, name := range names {
		if w := weights[name]; w != 0 {
			fmt.Fprintf(&row, " %s*%.4g", name, w)
		}
	}
	return row.String() + "\n"
}

// learnModel fits trees to the gains of the sentences by least squares within each
// story.
func learnModel(list []*example, s settings) string {
	names := summary.InputNames()
	var rows [][]float32
	var target, weight []float64
	var groups []span
	for i, gains := range level(list) {
		e := list[i]
		groups = append(groups, span{len(rows), len(rows) + len(e.inputs)})
		rows = append(rows, e.inputs...)
		target = append(target, gains...)
		for range e.inputs {
			weight = append(weight, e.weight)
		}
	}
	t := tabulate(len(names), rows)
	trees := t.grow(s, rand.New(rand.NewPCG(5, 6)), groups, make([]float64, t.rows), func(scores, gradient, hessian []float64, g span) {
		mean := 0.0
		for _, x := range scores[g.from:g.to] {
			mean += x / float64(g.to-g.from)
		}
		for r := g.from; r < g.to; r++ {
			gradient[r], hessian[r] = weight[r]*(target[r]-scores[r]+mean), weight[r]
		}
	})
	weights := maps.Clone(chosen)
	for name, w := range guess {
		weights[name] += lineShare * w
	}
	return line(weights, names) + writeTrees(trees, t.edges, names)
}

// termWeight brings the weights of terms, of which a story has hundreds, to the order of
// those of stories.
const termWeight = 100

// lineRows is of how many terms one is enough for the few weights of the line.
const lineRows = 3

// every is one of each n of a list.
func every[T any](n int, list []T) []T {
	var out []T
	for i := 0; i < len(list); i += n {
		out = append(out, list[i])
	}
	return out
}

// learnSalience fits how likely a reference has a term: a logistic line, and trees on
// what it leaves.
func learnSalience(list []*example, s settings) string {
	names := summary.TermInputNames()
	var rows [][]float32
	var label, weight []float64
	var groups []span
	for _, e := range list {
		groups = append(groups, span{len(rows), len(rows) + len(e.terms)})
		rows = append(rows, e.terms...)
		label = append(label, e.wanted...)
		for range e.terms {
			weight = append(weight, termWeight*e.weight/float64(len(e.terms)))
		}
	}
	w := logistic(every(lineRows, rows), every(lineRows, label), every(lineRows, weight))
	weights := map[string]float64{}
	for i, name := range names {
		weights[name] = w[i]
	}
	scores := make([]float64, len(rows))
	for r, row := range rows {
		for k, x := range row {
			scores[r] += w[k] * float64(x)
		}
	}
	t := tabulate(len(names), rows)
	trees := t.grow(s, rand.New(rand.NewPCG(5, 7)), groups, scores, func(scores, gradient, hessian []float64, g span) {
		for r := g.from; r < g.to; r++ {
			p := 1 / (1 + math.Exp(-scores[r]))
			gradient[r], hessian[r] = weight[r]*(label[r]-p), weight[r]*max(p*(1-p), 1e-3)
		}
	})
	return line(weights, names) + writeTrees(trees, t.edges, names)
}
