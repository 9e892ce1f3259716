package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
)

// settings are how trees are grown.
type settings struct {
	trees, depth int
	rate         float64 // how much of each tree is believed
	smooth       float64 // what draws leaves to zero
	least        float64 // weight that a leaf must have
	features     float64 // share of the inputs that a tree may ask about
	stories      float64 // share of the stories that a tree is fitted to
}

const bins = 32

// table is rows of inputs in bins, column by column.
type table struct {
	rows  int
	bin   [][]uint8   // by input, by row
	edges [][]float32 // by input: the upper edges of the bins
}

// span is the rows of a story.
type span struct{ from, to int }

// question is whether an input is above a bin.
type question struct{ input, bin int }

// tree asks questions, the same ones whatever the answers, which name the leaf.
type tree struct {
	splits []question
	leaves []float64
}

// tabulate puts rows of so many inputs into a table.
func tabulate(inputs int, rows [][]float32) *table {
	t := &table{rows: len(rows), edges: make([][]float32, inputs), bin: make([][]uint8, inputs)}
	column := make([]float32, t.rows)
	for f := range inputs {
		for i, row := range rows {
			column[i] = row[f]
		}
		t.edges[f] = quantiles(column)
		t.bin[f] = make([]uint8, t.rows)
		for i, x := range column {
			b, _ := slices.BinarySearch(t.edges[f], x)
			t.bin[f][i] = uint8(b)
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

// slope is what scores leave to explain of the rows of a story, and how firmly: the
// gradient and the curvature of what the trees make small.
type slope func(scores, gradient, hessian []float64, story span)

// grow fits trees by gradient steps, each to what those before it and the given scores
// leave. Each sees a share of the stories and of the inputs.
func (t *table) grow(s settings, rng *rand.Rand, stories []span, scores []float64, slope slope) []tree {
	gradient, hessian := make([]float64, t.rows), make([]float64, t.rows)
	leaf := make([]uint16, t.rows)
	var out []tree
	for range s.trees {
		clear(gradient)
		clear(hessian)
		for _, story := range sample(stories, s.stories, rng) {
			slope(scores, gradient, hessian, story)
		}
		tr := t.tree(s, sample(numbers(len(t.bin)), s.features, rng), leaf, gradient, hessian)
		for i, l := range leaf {
			scores[i] += tr.leaves[l]
		}
		out = append(out, tr)
	}
	return out
}

// tree fits one tree that asks about some of the inputs; leaf is each row's leaf then.
func (t *table) tree(s settings, inputs []int, leaf []uint16, gradient, hessian []float64) tree {
	clear(leaf)
	var tr tree
	for level := range s.depth {
		best := t.best(s, inputs, level, leaf, gradient, hessian)
		tr.splits = append(tr.splits, best)
		column := t.bin[best.input]
		for i := range leaf {
			if int(column[i]) > best.bin {
				leaf[i] |= 1 << level
			}
		}
	}
	tr.leaves = t.leaves(s, leaf, gradient, hessian)
	return tr
}

// numbers are those from 0 up to n.
func numbers(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// sample is a share of a list, in its order.
func sample[T any](list []T, share float64, rng *rand.Rand) []T {
	if share >= 1 {
		return list
	}
	at := rng.Perm(len(list))[:max(1, int(share*float64(len(list))))]
	slices.Sort(at)
	out := make([]T, len(at))
	for i, k := range at {
		out[i] = list[k]
	}
	return out
}

// best is the split that gains most over all leaves of the level.
func (t *table) best(s settings, inputs []int, level int, leaf []uint16, gradient, hessian []float64) question {
	gains := make([]float64, len(inputs))
	at := make([]int, len(inputs))
	var wg sync.WaitGroup
	for part := range 2 {
		wg.Go(func() {
			sums := make([][2]float64, bins<<level)
			for k := part; k < len(inputs); k += 2 {
				gains[k], at[k] = t.gain(s, inputs[k], level, leaf, gradient, hessian, sums)
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
	return question{inputs[best], at[best]}
}

func (t *table) gain(s settings, input, level int, leaf []uint16, gradient, hessian []float64, sums [][2]float64) (float64, int) {
	clear(sums)
	column := t.bin[input]
	for i, l := range leaf {
		c := &sums[int(l)*bins+int(column[i])]
		c[0] += gradient[i]
		c[1] += hessian[i]
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

func (t *table) leaves(s settings, leaf []uint16, gradient, hessian []float64) []float64 {
	g, h := make([]float64, 1<<s.depth), make([]float64, 1<<s.depth)
	for i, l := range leaf {
		g[l] += gradient[i]
		h[l] += hessian[i]
	}
	for l := range g {
		g[l] = s.rate * g[l] / (h[l] + s.smooth)
	}
	return g
}

// writeTrees are the trees as the summarizer reads them.
func writeTrees(trees []tree, edges [][]float32, names []string) string {
	var out strings.Builder
	for _, t := range trees {
		for _, q := range t.splits {
			fmt.Fprintf(&out, "%s>%.5g ", names[q.input], edges[q.input][q.bin])
		}
		out.WriteString(":")
		for _, l := range t.leaves {
			fmt.Fprintf(&out, " %.4f", l)
		}
		out.WriteString("\n")
	}
	return out.String()
}
