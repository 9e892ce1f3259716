// Command train learns the two tables of the summarizer from data sets of articles with
// reference summaries (JSON Lines: id, title, text, lang, k, documents, reference or
// references):
//
//	go run ./digest/summary/train -idf digest/language/rarity.bin SETS...     how common terms are
//	go run ./digest/summary/train -cv SETS...                             cross-validated ROUGE
//	go run ./digest/summary/train -model digest/summary/model.txt SETS... the trained model
//
// Train the term table first: the model's inputs depend on it. Only numbers leave the data:
// document frequencies of terms, as hashes, and the model's trees.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"newsdigest/digest/summary"
)

func main() {
	idf := flag.String("idf", "", "write the term table to this file")
	model := flag.String("model", "", "write the model to this file")
	cv := flag.Bool("cv", false, "print cross-validated scores")
	s := settings{}
	flag.IntVar(&s.trees, "trees", 160, "trees")
	flag.IntVar(&s.depth, "depth", 4, "questions a tree")
	flag.Float64Var(&s.rate, "rate", 0.1, "learning rate")
	flag.Float64Var(&s.smooth, "smooth", 10, "what draws leaves to zero")
	flag.Float64Var(&s.sharp, "sharp", 20, "how sharp the targets are")
	flag.Float64Var(&s.least, "least", 3, "weight of a leaf")
	flag.Float64Var(&s.features, "features", 0.5, "share of the inputs for each tree")
	flag.Parse()
	if err := run(*idf, *model, *cv, s, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(idf, model string, cv bool, s settings, paths []string) error {
	if idf != "" {
		f, err := countTerms(paths)
		if err != nil {
			return err
		}
		return writeIDF(idf, f)
	}
	all, err := read(paths)
	if err != nil {
		return err
	}
	if cv {
		validate(all, s)
	}
	if model == "" {
		return nil
	}
	t := tabulate(usable(all), s.sharp, nil)
	trees := t.grow(s, chooser(t, s), func(int, tree) {})
	f, err := os.Create(model)
	if err != nil {
		return err
	}
	defer f.Close()
	return write(f, trees, t.edges, summary.InputNames())
}

// read reads the sets and rates their sentences. Every set counts by the square root of
// its size.
func read(paths []string) ([]*example, error) {
	v := vocabulary{}
	var all []*example
	for _, path := range paths {
		list, err := examples(path, v)
		if err != nil {
			return nil, err
		}
		rng := rand.New(rand.NewPCG(1, 2))
		for _, e := range list {
			e.rate(prior(e), rng)
			e.weight = importance(e.set) * 400 / float64(len(list))
		}
		all = append(all, list...)
	}
	return all, nil
}

// importance is how much a set counts.
func importance(set string) float64 {
	switch {
	case strings.HasPrefix(set, "bbc"): // its references are machine-made
		return 0.3
	case strings.Contains(set, "qags"):
		return 0.5
	}
	return 1
}

// prior are rough scores to draw summaries by: earlier is likelier.
func prior(e *example) []float64 {
	out := make([]float64, len(e.words))
	for i := range out {
		out[i] = 1.5 * float64(e.inputs[i][0])
	}
	return out
}

// usable are the examples that have something to choose.
func usable(all []*example) []*example {
	return slices.DeleteFunc(slices.Clone(all), func(e *example) bool { return len(e.words) < 2 })
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

type result struct {
	n        int
	one, two float64
}

// validate trains on all folds but one and scores that one.
func validate(all []*example, s settings) {
	start := time.Now()
	checks := []int{s.trees / 4, s.trees / 2, s.trees * 3 / 4, s.trees}
	sums := make([]map[string]*result, len(checks))
	for i := range sums {
		sums[i] = map[string]*result{}
	}
	for fold := range folds {
		var train, test []*example
		for _, e := range all {
			if e.fold == fold {
				test = append(test, e)
			} else {
				train = append(train, e)
			}
		}
		t := tabulate(usable(train), s.sharp, nil)
		test = slices.DeleteFunc(test, func(e *example) bool { return len(e.words) == 0 })
		held := tabulate(test, s.sharp, t.edges)
		scores := make([]float64, held.rows)
		t.grow(s, chooser(t, s), func(n int, tr tree) {
			held.rate(tr, scores)
			if at := slices.Index(checks, n+1); at >= 0 {
				tally(sums[at], test, held, scores)
			}
		})
	}
	report(sums, checks)
	fmt.Println(time.Since(start).Round(time.Second))
}

func tally(sums map[string]*result, test []*example, held *table, scores []float64) {
	for g, e := range test {
		r := held.groups[g]
		one, two := e.worth(e.material.Choose(scores[r.from:r.to], e.k))
		s := sums[e.set]
		if s == nil {
			s = &result{}
			sums[e.set] = s
		}
		s.n++
		s.one += 100 * one
		s.two += 100 * two
	}
}

func report(sums []map[string]*result, checks []int) {
	var sets []string
	for set := range sums[0] {
		sets = append(sets, set)
	}
	slices.Sort(sets)
	fmt.Printf("%-18s", "set")
	for _, n := range checks {
		fmt.Printf("  %4d trees  ", n)
	}
	fmt.Println()
	for _, set := range sets {
		fmt.Printf("%-18s", set)
		for i := range checks {
			r := sums[i][set]
			fmt.Printf("  %5.2f %5.2f ", r.one/float64(r.n), r.two/float64(r.n))
		}
		fmt.Println()
	}
}
