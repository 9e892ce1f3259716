// Command train learns the tables of the summarizer from data sets of articles with
// reference summaries (JSON Lines: id, title, text, lang, k, documents, reference or
// references). README.md beside it says how and on what.
package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"newsdigest/digest/summary"
)

// lineShare is how much of the line goes into the model beside the trees.
const lineShare = 0.3

type options struct {
	rarity, salience, model, from string
	cv                            bool
	rounds                        int
	settings
}

func main() {
	var o options
	flag.StringVar(&o.rarity, "rarity", "", "count terms and write their table to this file")
	flag.StringVar(&o.salience, "salience", "", "learn which terms summaries have and write the table to this file")
	flag.StringVar(&o.model, "model", "", "train the model and write it to this file")
	flag.StringVar(&o.from, "from", "", "start the search from the line of this model")
	flag.BoolVar(&o.cv, "cv", false, "print cross-validated scores")
	flag.IntVar(&o.rounds, "rounds", 6, "rounds of the search for the line")
	flag.IntVar(&o.trees, "trees", 400, "trees")
	flag.Float64Var(&o.rate, "rate", 0.1, "how much of each tree is believed")
	flag.Float64Var(&o.smooth, "smooth", 40, "what draws leaves to zero")
	flag.Float64Var(&o.least, "least", 12, "weight that a leaf must have")
	flag.Float64Var(&o.features, "features", 0.5, "share of the inputs that a tree may ask about")
	o.depth = summary.TreeDepth
	flag.Parse()
	if err := run(o, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(o options, paths []string) error {
	switch {
	case o.rarity != "":
		f, err := countTerms(paths)
		if err != nil {
			return err
		}
		return writeRarity(o.rarity, f)
	case o.salience != "":
		return writeSalience(o.salience, paths)
	}
	var all []*example
	for _, path := range paths {
		list, err := examples(path)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	l, err := startLine(o.from)
	if err != nil {
		return err
	}
	search(all, l, o.rounds, os.Stderr)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, e := range all {
		e.rate(l.rate(e), rng)
	}
	level(all)
	if o.cv {
		validate(all, l, o.settings, os.Stdout)
	}
	if o.model == "" {
		return nil
	}
	return train(o.model, all, l, o.settings)
}

// train trains on all examples and writes the model.
func train(path string, all []*example, l line, s settings) error {
	t := tabulate(all, nil)
	trees := t.grow(s, chooser(t, s), func(int, tree) {})
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := l.write(f, lineShare); err != nil {
		return err
	}
	return write(f, trees, t.edges, summary.InputNames())
}

// importance is how much a set counts.
func importance(set string) float64 {
	switch {
	case strings.HasPrefix(set, "bbc"): // its references are machine-made
		return 0.3
	case strings.Contains(set, "qags"):
		return 0.5
	case strings.HasPrefix(set, "orangesum"), strings.HasPrefix(set, "vietnews"): // other languages than English
		return 2
	}
	return 1
}

// chooser draws for each tree the inputs it may ask about.
func chooser(t *table, s settings) func(int) []int {
	rng := rand.New(rand.NewPCG(5, 6))
	return func(int) []int {
		all := rng.Perm(len(t.bin))
		all = all[:max(1, int(s.features*float64(len(all))))]
		slices.Sort(all)
		return all
	}
}

type result struct{ n, one, two float64 }

// validate trains the trees on all folds but one and scores the summaries of that one.
// The line, which has few weights, is that of all folds.
func validate(all []*example, l line, s settings, out io.Writer) {
	start := time.Now()
	sums := map[string]*result{}
	for fold := range folds {
		var rest, test []*example
		for _, e := range all {
			if e.fold == fold {
				test = append(test, e)
			} else {
				rest = append(rest, e)
			}
		}
		t := tabulate(rest, nil)
		held := tabulate(test, t.edges)
		scores := make([]float64, held.rows)
		t.grow(s, chooser(t, s), func(_ int, tr tree) { held.rate(tr, scores) })
		for g, e := range test {
			r := held.groups[g]
			mixed := l.rate(e)
			for i := range mixed {
				mixed[i] = lineShare*mixed[i] + scores[r.from+i]
			}
			tally(sums, e, mixed)
		}
	}
	for _, set := range slices.Sorted(maps.Keys(sums)) {
		r := sums[set]
		fmt.Fprintf(out, "%-18s %5.0f stories  R-1 %5.2f  R-2 %5.2f\n", set, r.n, 100*r.one/r.n, 100*r.two/r.n)
	}
	fmt.Fprintln(out, time.Since(start).Round(time.Second))
}

func tally(sums map[string]*result, e *example, scores []float64) {
	one, two := e.worth(e.material.Choose(scores, e.k))
	if sums[e.set] == nil {
		sums[e.set] = &result{}
	}
	s := sums[e.set]
	s.n, s.one, s.two = s.n+1, s.one+one, s.two+two
}
