package summary

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// inputs are what the model sees of a sentence: its features, and those again as
// deviations from the mean of all sentences.
type inputs [2 * featureCount]float32

// inputs measures the sentences for a summary of so many.
func (d *draft) inputs(sentences int) []inputs {
	rows := make([]inputs, len(d.sentences))
	features := d.features(sentences)
	for i, f := range features {
		copy(rows[i][:], f[:])
	}
	standardize(features)
	for i, f := range features {
		copy(rows[i][featureCount:], f[:])
	}
	return rows
}

// score rates every sentence for a summary of so many: higher is better.
func (d *draft) score(sentences int) {
	rows := d.inputs(sentences)
	d.scores = make([]float64, len(rows))
	m := model()
	for i := range rows {
		d.scores[i] = m.line.rate(&rows[i])
	}
	for k := range m.trees {
		t := &m.trees[k]
		for i := range rows {
			d.scores[i] += t.rate(&rows[i])
		}
	}
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
var model = sync.OnceValue(func() ranker {
	m, err := parseRanker(modelTable)
	if err != nil {
		panic(err) // the embedded table is broken; a test reads it
	}
	return m
})

// ranker is a weighted sum of the inputs plus a sum of trees.
type ranker struct {
	line  line
	trees []tree
}

// line is what inputs count.
type line []coefficient

type coefficient struct {
	input  int
	factor float64
}

func (l line) rate(x *inputs) float64 {
	sum := 0.0
	for _, w := range l {
		sum += w.factor * float64(x[w.input])
	}
	return sum
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

func (t *tree) rate(x *inputs) float64 {
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

// parseRanker reads a model: "line input*weight ..." and, for each tree, "input>threshold
// ... : leaf ...".
func parseRanker(table string) (ranker, error) {
	var out ranker
	for row := range strings.Lines(table) {
		if weights, ok := strings.CutPrefix(row, "line "); ok {
			for w := range strings.FieldsSeq(weights) {
				input, factor, err := term(w, "*")
				if err != nil {
					return ranker{}, err
				}
				out.line = append(out.line, coefficient{input, factor})
			}
			continue
		}
		t, err := parseTree(row)
		if err != nil {
			return ranker{}, err
		}
		out.trees = append(out.trees, t)
	}
	return out, nil
}

func parseTree(row string) (tree, error) {
	var t tree
	questions, answers, _ := strings.Cut(row, ":")
	asked, told := strings.Fields(questions), strings.Fields(answers)
	if len(asked) != len(t.input) || len(told) != len(t.leaves) {
		return t, fmt.Errorf("model: a tree of %d questions and %d leaves", len(asked), len(told))
	}
	for i, q := range asked {
		input, above, err := term(q, ">")
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
func term(s, sign string) (input int, number float64, err error) {
	name, value, _ := strings.Cut(s, sign)
	input = slices.Index(InputNames(), name)
	number, err = strconv.ParseFloat(value, 32)
	if err != nil || input < 0 {
		return 0, 0, fmt.Errorf("model: %q is not an input and a number", s)
	}
	return input, number, nil
}
