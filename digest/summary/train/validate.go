package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"newsdigest/digest/summary"
)

// validate learns all tables anew without each fold and scores the summaries of that
// fold: none of its stories had a part in what chooses from it.
func validate(list []*example, others []record, o options, out io.Writer) error {
	sums := map[string]*result{}
	for fold := range folds {
		test, rest := divide(list, func(e *example) bool { return e.fold() == fold })
		apart, _ := divideRecords(others, fold)
		if len(test) == 0 || len(rest) == 0 {
			continue
		}
		t, err := learn(rest, apart, o)
		if err != nil {
			return err
		}
		if err := t.judge(test, sums); err != nil {
			return err
		}
	}
	report(sums, out)
	return nil
}

// divideRecords parts records in those outside the fold and those in it.
func divideRecords(list []record, fold int) (outside, inside []record) {
	for _, r := range list {
		if r.fold() == fold {
			inside = append(inside, r)
		} else {
			outside = append(outside, r)
		}
	}
	return outside, inside
}

// judge adds the scores of the tables' summaries of examples to those of their sets.
func (t tables) judge(test []*example, sums map[string]*result) error {
	salience, err := summary.ParseRanker(t.salience, summary.TermInputNames())
	if err != nil {
		return err
	}
	model, err := summary.ParseRanker(t.model, summary.InputNames())
	if err != nil {
		return err
	}
	rarity := t.rarity.rarity()
	inParallel(test, func(e *example) {
		e.material = summary.Read(e.docs(), rarity)
		e.inputs = e.material.Inputs(e.k, salience)
	})
	for _, e := range test {
		if sums[e.set] == nil {
			sums[e.set] = &result{}
		}
		sums[e.set].add(e, e.material.Choose(model.Rate(e.inputs), e.k))
	}
	return nil
}

// result sums the scores of a set's summaries, and of their first sentences.
type result struct{ n, one, two, squares, leadOne, leadTwo float64 }

func (r *result) add(e *example, chosen []int) {
	one, two := e.worth(chosen)
	r.n, r.one, r.two, r.squares = r.n+1, r.one+one, r.two+two, r.squares+one*one
	one, two = e.worth(e.lead())
	r.leadOne, r.leadTwo = r.leadOne+one, r.leadTwo+two
}

// lead are the first sentences, of several articles the first of each in turn.
func (e *example) lead() []int {
	sentences := e.material.Sentences()
	order := make([]int, len(sentences))
	place, at := make([]int, len(sentences)), map[int]int{}
	for i, s := range sentences {
		order[i], place[i] = i, at[s.Doc]
		at[s.Doc]++
	}
	slices.SortStableFunc(order, func(a, b int) int { return place[a] - place[b] })
	return order[:min(e.k, len(order))]
}

// report prints the mean scores of each set, ROUGE-1 with its 95% interval.
func report(sums map[string]*result, out io.Writer) {
	fmt.Fprintf(out, "%-18s %7s  %-13s  %s\n", "set", "stories", "lead R-1/R-2", "model R-1 (95%) / R-2")
	for _, set := range slices.Sorted(maps.Keys(sums)) {
		r := sums[set]
		mean := r.one / r.n
		interval := 1.96 * math.Sqrt(max(0, r.squares/r.n-mean*mean)/r.n)
		fmt.Fprintf(out, "%-18s %7.0f  %5.2f / %5.2f  %5.2f ± %.2f / %5.2f\n", set, r.n, 100*r.leadOne/r.n, 100*r.leadTwo/r.n, 100*mean, 100*interval, 100*r.two/r.n)
	}
}
