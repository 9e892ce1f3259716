package summary

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
)

// inputs are what the model sees of a sentence: its features, and those again as
// deviations from the mean of all sentences.
type inputs [2 * featureCount]float32

// central are the features that tell whether a sentence could stand for the whole story.
// The deviations of these are divided by the number of sentences asked for: a single one
// must tell what the title and the rest of the story tell, others go on from there.
var central = [...]int{fCommon, fTitleWords, fTitleRuns}

// inputs measures the sentences for a summary of so many.
func (d *draft) inputs(sentences int) []inputs {
	rows := make([]inputs, len(d.sentences))
	features := d.features(sentences)
	for i, f := range features {
		copy(rows[i][:], f[:])
	}
	standardize(features)
	for i, f := range features {
		for _, k := range central {
			f[k] /= float32(max(1, sentences))
		}
		copy(rows[i][featureCount:], f[:])
	}
	return rows
}

// score rates every sentence for a summary of so many: higher is better.
func (d *draft) score(sentences int) {
	rows := d.inputs(sentences)
	views := make([][]float32, len(rows))
	for i := range rows {
		views[i] = rows[i][:]
	}
	d.scores = model().Rate(views)
}

// standardize gives every feature mean 0 and deviation 1 over the rows.
func standardize(rows []features) {
	n := float64(len(rows))
	for k := range featureCount {
		var sum, squares float64
		for i := range rows {
			x := float64(rows[i][k])
			sum += x
			squares += x * x
		}
		mean := sum / n
		deviation := math.Sqrt(max(0, squares/n-mean*mean))
		for i := range rows {
			if deviation < 1e-6 {
				rows[i][k] = 0
				continue
			}
			rows[i][k] = float32((float64(rows[i][k]) - mean) / deviation)
		}
	}
}

// modelTable is the trained model, written by the trainer: a line of weights, then a
// line for each tree.
//
//go:embed model.txt
var modelTable string

// model is the model in use.
var model = sync.OnceValue(func() *Ranker { return mustParse(modelTable, InputNames()) })

// mustParse reads a table of the binary; a test reads them all.
func mustParse(table string, names []string) *Ranker {
	m, err := ParseRanker(table, names)
	if err != nil {
		panic(err)
	}
	return m
}

// Ranker is a learned number: a weighted sum of inputs plus a sum of trees.
type Ranker struct {
	line  []coefficient
	trees []tree
}

type coefficient struct {
	input  int
	factor float64
}

// Rate is the number for each of some rows of inputs, in the order of the names that the
// ranker was read with.
func (m *Ranker) Rate(rows [][]float32) []float64 {
	out := make([]float64, len(rows))
	for i, x := range rows {
		for _, w := range m.line {
			out[i] += w.factor * float64(x[w.input])
		}
	}
	for k := range m.trees { // a tree at a time: they are more than fits near the processor
		t := &m.trees[k]
		for i, x := range rows {
			out[i] += t.rate(x)
		}
	}
	return out
}

// TreeDepth is how many questions a tree asks.
const TreeDepth = 4

// tree asks TreeDepth questions, the same ones whatever the answers: whether an input is
// above a threshold. The answers, as bits, name the leaf.
type tree struct {
	input  [TreeDepth]uint8
	above  [TreeDepth]float32
	leaves [1 << TreeDepth]float32
}

func (t *tree) rate(x []float32) float64 {
	leaf := 0
	for bit, input := range t.input {
		yes := 0
		if x[input] > t.above[bit] {
			yes = 1
		}
		leaf |= yes << bit
	}
	return float64(t.leaves[leaf])
}

// ParseRanker reads a table as the trainer writes it: "line input*weight ..." and, for
// each tree, "input>threshold ... : leaf ...".
func ParseRanker(table string, names []string) (*Ranker, error) {
	index := make(map[string]int, len(names))
	for i, name := range names {
		index[name] = i
	}
	out := &Ranker{}
	for row := range strings.Lines(table) {
		if weights, ok := strings.CutPrefix(row, "line "); ok {
			for w := range strings.FieldsSeq(weights) {
				input, factor, err := term(w, "*", index)
				if err != nil {
					return nil, err
				}
				out.line = append(out.line, coefficient{input, factor})
			}
			continue
		}
		t, err := parseTree(row, index)
		if err != nil {
			return nil, err
		}
		out.trees = append(out.trees, t)
	}
	return out, nil
}

func parseTree(row string, index map[string]int) (tree, error) {
	var t tree
	questions, answers, _ := strings.Cut(row, ":")
	asked, told := strings.Fields(questions), strings.Fields(answers)
	if len(asked) != len(t.input) || len(told) != len(t.leaves) {
		return t, fmt.Errorf("model: a tree of %d questions and %d leaves", len(asked), len(told))
	}
	for i, q := range asked {
		input, above, err := term(q, ">", index)
		if err != nil {
			return t, err
		}
		t.input[i], t.above[i] = uint8(input), float32(above)
	}
	for i, a := range told {
		leaf, err := strconv.ParseFloat(a, 32)
		if err != nil {
			return t, fmt.Errorf("model: %q is no leaf", a)
		}
		t.leaves[i] = float32(leaf)
	}
	return t, nil
}

// term reads "input*number" or "input>number".
func term(s, sign string, index map[string]int) (input int, number float64, err error) {
	name, value, _ := strings.Cut(s, sign)
	input, ok := index[name]
	number, err = strconv.ParseFloat(value, 32)
	if err != nil || !ok {
		return 0, 0, fmt.Errorf("model: %q is not an input and a number", s)
	}
	return input, number, nil
}
