package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"

	"newsdigest/digest/summary"
)

// line is what each input counts in the linear part of the model.
type line []float64

// startLine is where the search begins: the line of a model, or, without one, a guess:
// earlier, more central, better titled.
func startLine(model string) (line, error) {
	start := map[string]float64{
		"z_inverse": .14, "z_log_place": -.24, "z_place": -.23, "z_log_words": -.1, "z_keywords": .15, "z_rank": .28,
		"z_title_cover": .15, "z_upper": .09, "z_digit": .06, "z_quote_head": -.08, "z_person": -.09, "z_support": .3,
	}
	if model != "" {
		table, err := os.ReadFile(model)
		if err != nil {
			return nil, err
		}
		start = map[string]float64{}
		first, _, _ := strings.Cut(string(table), "\n")
		for w := range strings.FieldsSeq(strings.TrimPrefix(first, "line")) {
			name, value, _ := strings.Cut(w, "*")
			weight, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %q is no weight", model, w)
			}
			start[name] = weight / lineShare
		}
	}
	out := make(line, len(summary.InputNames()))
	for i, name := range summary.InputNames() {
		out[i] = start[name]
	}
	return out, nil
}

func (l line) rate(e *example) []float64 {
	out := make([]float64, len(e.inputs))
	for i, row := range e.inputs {
		for k, w := range l {
			if w != 0 {
				out[i] += w * float64(row[k])
			}
		}
	}
	return out
}

// score is the mean value of the summaries that scores lead to.
func score(list []*example, rate func(*example) []float64) float64 {
	const workers = 2
	sums, weights := make([]float64, workers), make([]float64, workers)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := w; i < len(list); i += workers {
				e := list[i]
				sums[w] += e.weight * e.value(e.material.Choose(rate(e), e.k))
				weights[w] += e.weight
			}
		})
	}
	all.Wait()
	return 100 * (sums[0] + sums[1]) / (weights[0] + weights[1])
}

const (
	firstStep = 0.12
	lastStep  = 0.02
	fewMoves  = 6     // moves of a round below which steps are halved
	leastGain = 0.002 // what a move must bring
)

// search climbs from a line: it moves one weight at a time and keeps what makes the
// summaries themselves better, which no gradient tells.
func search(list []*example, l line, rounds int, progress io.Writer) {
	rng := rand.New(rand.NewPCG(3, 4))
	names := summary.InputNames()
	best := score(list, l.rate)
	step := firstStep
	for round := range rounds {
		moves := 0
		for _, k := range rng.Perm(len(l)) {
			if !strings.HasPrefix(names[k], "z_") {
				continue
			}
			old := l[k]
			for _, to := range []float64{old + step*(0.5+rng.Float64()), old - step*(0.5+rng.Float64())} {
				l[k] = to
				if s := score(list, l.rate); s > best+leastGain {
					best, old = s, to
					moves++
					break
				}
			}
			l[k] = old
		}
		fmt.Fprintf(progress, "round %d: %.3f, %d moves of %.3f\n", round, best, moves, step)
		if moves < fewMoves {
			if step /= 2; step < lastStep {
				return
			}
		}
	}
}

// write writes the line as the summarizer reads it.
func (l line) write(w io.Writer, share float64) error {
	var row strings.Builder
	row.WriteString("line")
	for i, name := range summary.InputNames() {
		if l[i] != 0 {
			fmt.Fprintf(&row, " %s*%.4g", name, share*l[i])
		}
	}
	_, err := fmt.Fprintln(w, row.String())
	return err
}
