package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"newsdigest/digest/summary"
)

// record is a line of a data set.
type record struct {
	ID, Title, Text, Lang, Reference string
	References                       []string
	K                                int
	Documents                        []struct{ Title, Text string }
}

func (r record) docs() []summary.Document {
	if len(r.Documents) == 0 {
		return []summary.Document{{Title: r.Title, Text: r.Text, Lang: r.Lang}}
	}
	var docs []summary.Document
	for i, d := range r.Documents {
		if i == 0 && d.Title == "" {
			d.Title = r.Title
		}
		docs = append(docs, summary.Document{Title: d.Title, Text: d.Text, Lang: r.Lang})
	}
	return docs
}

func (r record) references() []string {
	if len(r.References) == 0 {
		return []string{r.Reference}
	}
	return r.References
}

func load(path string) ([]record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 64<<20)
	var out []record
	for s.Scan() {
		var r record
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, r)
	}
	return out, s.Err()
}

// example is a story with its sentences measured and rated by what they would be worth
// in a summary.
type example struct {
	set      string
	fold     int
	k        int
	material summary.Material
	inputs   [][]float32
	words    [][]int32 // of each sentence
	refs     []reference
	gain     []float64 // what each sentence is worth
	weight   float64
}

const folds = 5

// examples are the stories of a set that have something to choose.
func examples(path string) ([]*example, error) {
	records, err := load(path)
	if err != nil {
		return nil, err
	}
	set := strings.TrimSuffix(filepath.Base(path), ".jsonl")
	var out []*example
	for _, r := range records {
		e := newExample(set, r)
		e.weight = importance(set) * 400 / float64(len(records))
		if len(e.words) > 0 {
			out = append(out, e)
		}
	}
	return out, nil
}

func newExample(set string, r record) *example {
	docs := r.docs()
	e := &example{set: set, k: max(1, r.K), material: summary.Read(docs)}
	lex := lexicon{}
	for _, ref := range r.references() {
		e.refs = append(e.refs, newReference(lex.words(ref, r.Lang, true)))
	}
	for _, s := range e.material.Sentences() {
		e.words = append(e.words, lex.words(docs[s.Doc].Text[s.From:s.To], r.Lang, false))
	}
	if len(e.words) > 0 {
		e.inputs = e.material.Inputs(e.k)
	}
	h := fnv.New32a()
	h.Write([]byte(r.ID + r.Text[:min(100, len(r.Text))]))
	e.fold = int(h.Sum32() % folds)
	return e
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

// level takes the mean out of the gains of each example and brings the sets half the way
// to the same deviation, so that none drowns the others.
func level(all []*example) {
	squares, count := map[string]float64{}, map[string]float64{}
	for _, e := range all {
		mean := 0.0
		for _, x := range e.gain {
			mean += x / float64(len(e.gain))
		}
		for i := range e.gain {
			e.gain[i] -= mean
			squares[e.set] += e.gain[i] * e.gain[i]
			count[e.set]++
		}
	}
	for _, e := range all {
		deviation := math.Sqrt(squares[e.set] / count[e.set])
		for i := range e.gain {
			e.gain[i] *= gainScale / math.Sqrt(max(deviation, 1e-3))
		}
	}
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
