package main

import "math"

// line is a linear model: a weight for each input.
type line []float64

const (
	steps = 250
	pace  = 0.05
)

// fit fits a line to the targets: the cross entropy between them and the softmax of the
// line's scores in each example, plus a pull to zero. Adam, on inputs brought to the same
// deviation.
func fit(list []*example, sharp, pull float64) line {
	scale := deviations(list)
	n := len(scale)
	w, m, v := make([]float64, n), make([]float64, n), make([]float64, n)
	targets := make([][]float64, len(list))
	total := 0.0
	for i, e := range list {
		targets[i] = softmax(e.gain, sharp)
		total += e.weight
	}
	gradient := make([]float64, n)
	for step := 1; step <= steps; step++ {
		for k := range gradient {
			gradient[k] = pull * w[k]
		}
		for i, e := range list {
			scores := make([]float64, len(e.inputs))
			for j, row := range e.inputs {
				for k, x := range row {
					scores[j] += w[k] * float64(x) * scale[k]
				}
			}
			p := softmax(scores, 1)
			for j, row := range e.inputs {
				d := e.weight / total * (p[j] - targets[i][j])
				for k, x := range row {
					gradient[k] += d * float64(x) * scale[k]
				}
			}
		}
		for k, g := range gradient {
			m[k] = 0.9*m[k] + 0.1*g
			v[k] = 0.99*v[k] + 0.01*g*g
			mh := m[k] / (1 - math.Pow(0.9, float64(step)))
			vh := v[k] / (1 - math.Pow(0.99, float64(step)))
			w[k] -= pace * (1 - float64(step)/(steps+1)) * mh / (math.Sqrt(vh) + 1e-8)
		}
	}
	for k := range w {
		w[k] *= scale[k]
	}
	return w
}

// deviations are what brings each input to a deviation of 1; 0 for those that are the
// same everywhere.
func deviations(list []*example) []float64 {
	n := len(list[0].inputs[0])
	sum, squares := make([]float64, n), make([]float64, n)
	rows := 0.0
	for _, e := range list {
		for _, row := range e.inputs {
			rows++
			for k, x := range row {
				sum[k] += float64(x)
				squares[k] += float64(x) * float64(x)
			}
		}
	}
	out := make([]float64, n)
	for k := range out {
		mean := sum[k] / rows
		if sd := math.Sqrt(max(0, squares[k]/rows-mean*mean)); sd > 1e-6 {
			out[k] = 1 / sd
		}
	}
	return out
}

func (l line) rate(row []float32) float64 {
	sum := 0.0
	for k, w := range l {
		sum += w * float64(row[k])
	}
	return sum
}
