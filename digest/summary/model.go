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
	for _, t := range model() {
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

// modelTable is the trained model, written by the trainer: a line a tree.
//
//go:embed model.txt
var modelTable string

// model is the model in use.
var model = sync.OnceValue(func() forest {
	f, err := parseForest(modelTable)
	if err != nil {
		panic(err) // the embedded table is broken; a test reads it
	}
	return f
})

// forest is a sum of trees.
type forest []tree

// tree asks as many questions as it has splits, the same ones whatever the answers; the
// answers, as bits, name the leaf.
type tree struct {
	splits []split
	leaves []float64
}

// split asks whether an input is above a threshold.
type split struct {
	input int
	above float32
}

func (t tree) rate(x *inputs) float64 {
	leaf := 0
	for bit, s := range t.splits {
		if x[s.input] > s.above {
			leaf |= 1 << bit
		}
	}
	return t.leaves[leaf]
}

// parseForest reads a model: a line a tree, "input>threshold ... : leaf ...".
func parseForest(table string) (forest, error) {
	names := InputNames()
	var out forest
	for line := range strings.Lines(table) {
		questions, answers, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		var t tree
		for q := range strings.FieldsSeq(questions) {
			name, above, _ := strings.Cut(q, ">")
			threshold, err := strconv.ParseFloat(above, 32)
			input := slices.Index(names, name)
			if err != nil || input < 0 {
				return nil, fmt.Errorf("model: %q is no question", q)
			}
			t.splits = append(t.splits, split{input, float32(threshold)})
		}
		for a := range strings.FieldsSeq(answers) {
			leaf, err := strconv.ParseFloat(a, 64)
			if err != nil {
				return nil, fmt.Errorf("model: %q is no leaf", a)
			}
			t.leaves = append(t.leaves, leaf)
		}
		if len(t.leaves) != 1<<len(t.splits) {
			return nil, fmt.Errorf("model: a tree of %d questions has %d leaves", len(t.splits), len(t.leaves))
		}
		out = append(out, t)
	}
	return out, nil
}
