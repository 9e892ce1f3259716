package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
)

// settings are how the model is grown.
type settings struct {
	trees, depth int
	rate         float64 // how much of each tree is believed
	smooth       float64 // what draws leaves to zero
	least        float64 // weight that a leaf must have
	features     float64 // share of the inputs that a tree may ask about
}

const bins = 32

// table is the inputs of all sentences in bins, column by column.
type table struct {
	rows   int
	bin    [][]uint8   // by input, by row
	edges  [][]float32 // by input: the upper edges of the bins
	groups []span      // the rows of each example
	target []float64   // the gain of each sentence
	weight []float64
}

type span struct{ from, to int }

type split struct {
	input, bin int
}

type tree struct {
	splits []split
	leaves []float64
}

// tabulate puts examples into a table; edges come from the table given, if any.
func tabulate(list []*example, edges [][]float32) *table {
	t := &table{edges: edges}
	n := 0
	for _, e := range list {
		t.groups = append(t.groups, span{n, n + len(e.inputs)})
		n += len(e.inputs)
	}
	t.rows = n
	t.target, t.weight = make([]float64, n), make([]float64, n)
	inputs := len(list[0].inputs[0])
	if t.edges == nil {
		t.edges = make([][]float32, inputs)
	}
	t.bin = make([][]uint8, inputs)
	column := make([]float32, n)
	for f := range inputs {
		i := 0
		for _, e := range list {
			for _, row := range e.inputs {
				column[i] = row[f]
				i++
			}
		}
		if t.edges[f] == nil {
			t.edges[f] = quantiles(column)
		}
		t.bin[f] = make([]uint8, n)
		for i, x := range column {
			b, _ := slices.BinarySearch(t.edges[f], x)
			t.bin[f][i] = uint8(b)
		}
	}
	for g, e := range list {
		for i, x := range e.gain {
			t.target[t.groups[g].from+i] = x
			t.weight[t.groups[g].from+i] = e.weight
		}
	}
	return t
}

// quantiles are at most bins-1 edges between equally many values.
func quantiles(column []float32) []float32 {
	sorted := slices.Clone(column)
	slices.Sort(sorted)
	var out []float32
	for b := 1; b < bins; b++ {
		x := sorted[b*(len(sorted)-1)/bins]
		if len(out) == 0 || x > out[len(out)-1] {
			out = append(out, x)
		}
	}
	return out
}

// grow fits trees to the gains, each to what those before it left. What counts is the
// order within an example, so its mean is taken out.
func (t *table) grow(s settings, allowed func(int) []int, each func(n int, last tree)) []tree {
	scores := make([]float64, t.rows)
	gradient := make([]float64, t.rows)
	leaf := make([]uint16, t.rows)
	var out []tree
	for n := range s.trees {
		t.slope(scores, gradient)
		clear(leaf)
		var tr tree
		inputs := allowed(n)
		for level := range s.depth {
			best := t.best(s, inputs, level, leaf, gradient)
			tr.splits = append(tr.splits, best)
			column := t.bin[best.input]
			for i := range leaf {
				if int(column[i]) > best.bin {
					leaf[i] |= 1 << level
				}
			}
		}
		tr.leaves = t.leaves(s, leaf, gradient)
		for i, l := range leaf {
			scores[i] += tr.leaves[l]
		}
		out = append(out, tr)
		each(n, tr)
	}
	return out
}

// slope is what is left to explain of each gain, times its weight.
func (t *table) slope(scores, gradient []float64) {
	for _, g := range t.groups {
		mean := 0.0
		for _, x := range scores[g.from:g.to] {
			mean += x / float64(g.to-g.from)
		}
		for r := g.from; r < g.to; r++ {
			gradient[r] = t.weight[r] * (t.target[r] - scores[r] + mean)
		}
	}
}

// best is the split that gains most over all leaves of the level.
func (t *table) best(s settings, inputs []int, level int, leaf []uint16, gradient []float64) split {
	gains := make([]float64, len(inputs))
	at := make([]int, len(inputs))
	var wg sync.WaitGroup
	for part := range 2 {
		wg.Go(func() {
			sums := make([][2]float64, bins<<level)
			for k := part; k < len(inputs); k += 2 {
				gains[k], at[k] = t.gain(s, inputs[k], level, leaf, gradient, sums)
			}
		})
	}
	wg.Wait()
	best := 0
	for k := range inputs {
		if gains[k] > gains[best] {
			best = k
		}
	}
	return split{inputs[best], at[best]}
}

func (t *table) gain(s settings, input, level int, leaf []uint16, gradient []float64, sums [][2]float64) (float64, int) {
	clear(sums)
	column := t.bin[input]
	for i, l := range leaf {
		c := &sums[int(l)*bins+int(column[i])]
		c[0] += gradient[i]
		c[1] += t.weight[i]
	}
	edges := len(t.edges[input])
	gains := make([]float64, edges)
	for l := range 1 << level {
		row := sums[l*bins : l*bins+bins]
		var g, h float64
		for _, c := range row {
			g += c[0]
			h += c[1]
		}
		whole := g * g / (h + s.smooth)
		var gl, hl float64
		for b := range edges {
			gl += row[b][0]
			hl += row[b][1]
			if hl < s.least || h-hl < s.least {
				continue
			}
			gains[b] += gl*gl/(hl+s.smooth) + (g-gl)*(g-gl)/(h-hl+s.smooth) - whole
		}
	}
	best := 0
	for b := range gains {
		if gains[b] > gains[best] {
			best = b
		}
	}
	if edges == 0 {
		return math.Inf(-1), 0
	}
	return gains[best], best
}

func (t *table) leaves(s settings, leaf []uint16, gradient []float64) []float64 {
	g, h := make([]float64, 1<<s.depth), make([]float64, 1<<s.depth)
	for i, l := range leaf {
		g[l] += gradient[i]
		h[l] += t.weight[i]
	}
	for l := range g {
		g[l] = s.rate * g[l] / (h[l] + s.smooth)
	}
	return g
}

// rate adds a tree's answer to the scores.
func (t *table) rate(tr tree, scores []float64) {
	for i := range scores {
		l := 0
		for bit, s := range tr.splits {
			if int(t.bin[s.input][i]) > s.bin {
				l |= 1 << bit
			}
		}
		scores[i] += tr.leaves[l]
	}
}

// write writes the trees as the summarizer reads them.
func write(w io.Writer, trees []tree, edges [][]float32, names []string) error {
	for _, t := range trees {
		var line strings.Builder
		for _, s := range t.splits {
			fmt.Fprintf(&line, "%s>%.5g ", names[s.input], edges[s.input][s.bin])
		}
		line.WriteString(":")
		for _, l := range t.leaves {
			fmt.Fprintf(&line, " %.4f", l)
		}
		if _, err := fmt.Fprintln(w, line.String()); err != nil {
			return err
		}
	}
	return nil
}
