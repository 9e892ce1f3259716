package main

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"newsdigest/digest/language"
	"newsdigest/digest/summary"
)

// example is a story with its sentences measured and rated by what they would be worth
// in a summary.
type example struct {
	record
	k        int
	part     int // of those that the salience of terms is learned from
	material summary.Material
	terms    [][]float32 // what is known of each term
	wanted   []float64   // share of the references that have it
	inputs   [][]float32
	words    [][]int32 // of each sentence
	refs     []reference
	refTerms map[string]float64
	gain     []float64 // what each sentence is worth
	weight   float64
}

// newExample makes an example of a record with a reference; nil if there is nothing to
// choose.
func newExample(r record, weight float64) *example {
	docs := r.docs()
	e := &example{record: r, k: max(1, r.K), material: summary.Read(docs, language.Rarity), weight: weight}
	e.part = int(r.hash() / folds % parts)
	lex := lexicon{}
	for _, ref := range r.references() {
		e.refs = append(e.refs, newReference(lex.words(ref, r.Lang, true)))
	}
	e.refTerms = termShares(r.references(), r.Lang)
	for _, s := range e.material.Sentences() {
		e.words = append(e.words, lex.words(docs[s.Doc].Text[s.From:s.To], r.Lang, false))
	}
	if len(e.words) == 0 {
		return nil
	}
	e.inputs = e.material.Inputs(e.k, &summary.Ranker{})
	e.rate(e.guess(), rand.New(rand.NewPCG(1, uint64(r.hash()))))
	return e
}

// termShares is for each term the share of the texts that have it.
func termShares(texts []string, lang string) map[string]float64 {
	shares := map[string]float64{}
	for _, text := range texts {
		seen := map[string]bool{}
		for _, t := range language.Terms(nil, text, lang) {
			if !seen[t] {
				seen[t] = true
				shares[t] += 1 / float64(len(texts))
			}
		}
	}
	return shares
}

// guess rates the sentences by the line that needs no learning.
func (e *example) guess() []float64 {
	out := make([]float64, len(e.inputs))
	for i, row := range e.inputs {
		for k, name := range summary.InputNames() {
			out[i] += guess[name] * float64(row[k])
		}
	}
	return out
}

// read reads the story with the given rarity of terms.
func (e *example) read(rarity func(term, lang string) float32) {
	e.material = summary.Read(e.docs(), rarity)
	var terms []string
	terms, e.terms = e.material.Terms(e.k)
	e.wanted = make([]float64, len(terms))
	for i, t := range terms {
		e.wanted[i] = e.refTerms[t]
	}
}

// inParallel does something for each example.
func inParallel(list []*example, do func(*example)) {
	var all sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		all.Go(func() {
			for i := w; i < len(list); i += workers {
				do(list[i])
			}
		})
	}
	all.Wait()
}

// worth is what a choice is worth beside the references: the mean ROUGE-1 and ROUGE-2.
func (e *example) worth(chosen []int) (one, two float64) {
	list := make([][]int32, len(chosen))
	for i, c := range chosen {
		list[i] = e.words[c]
	}
	for _, ref := range e.refs {
		a, b := ref.rouge(list)
		one += a / float64(len(e.refs))
		two += b / float64(len(e.refs))
	}
	return one, two
}

// value weighs ROUGE-2, whose figures are half as large, half.
func (e *example) value(chosen []int) float64 {
	one, two := e.worth(chosen)
	return one + two/2
}

// contexts is in how many summaries each sentence is tried.
const contexts = 12

// rate finds what each sentence is worth: the mean gain of having it beside others that
// a summary may have, drawn by the given scores.
func (e *example) rate(scores []float64, rng *rand.Rand) {
	e.gain = make([]float64, len(e.words))
	rounds := contexts
	if e.k == 1 {
		rounds = 1
	}
	for range rounds {
		context := draw(scores, e.k-1, rng)
		base := e.value(context)
		for i := range e.words {
			others := without(context, i)
			b := base
			if len(others) < len(context) {
				b = e.value(others)
			}
			e.gain[i] += (e.value(append(others, i)) - b) / float64(rounds)
		}
	}
}

// level are the gains of examples without the mean of each; the sets are brought half
// the way to the same deviation, so that none drowns the others.
func level(all []*example) [][]float64 {
	squares, count := map[string]float64{}, map[string]float64{}
	out := make([][]float64, len(all))
	for k, e := range all {
		mean := 0.0
		for _, x := range e.gain {
			mean += x / float64(len(e.gain))
		}
		for _, x := range e.gain {
			out[k] = append(out[k], x-mean)
			squares[e.set] += (x - mean) * (x - mean)
			count[e.set]++
		}
	}
	for k, e := range all {
		deviation := math.Sqrt(squares[e.set] / count[e.set])
		for i := range out[k] {
			out[k][i] *= gainScale / math.Sqrt(max(deviation, 1e-3))
		}
	}
	return out
}

// gainScale brings gains to the order of 1, where the summarizer's penalty for
// repeating lives.
const gainScale = 4.9

func without(list []int, x int) []int {
	out := make([]int, 0, len(list)+1)
	for _, y := range list {
		if y != x {
			out = append(out, y)
		}
	}
	return out
}

// draw picks n different indexes, those with high scores more often.
func draw(scores []float64, n int, rng *rand.Rand) []int {
	noisy := make([]float64, len(scores))
	for i, s := range scores {
		noisy[i] = 2*s - math.Log(-math.Log(rng.Float64()+1e-12)+1e-12) // Gumbel
	}
	var out []int
	for len(out) < min(n, len(scores)) {
		best := -1
		for i := range noisy {
			if best < 0 || noisy[i] > noisy[best] {
				best = i
			}
		}
		out = append(out, best)
		noisy[best] = math.Inf(-1)
	}
	return out
}
