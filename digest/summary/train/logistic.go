package main

import "math"

// logistic fits weights by Newton's method.
func logistic(rows [][]float32, label, weight []float64) []float64 {
	n := len(rows[0])
	w := make([]float64, n)
	for range 6 {
		g := make([]float64, n)
		h := make([][]float64, n)
		for i := range h {
			h[i] = make([]float64, n)
			g[i] = -1e-3 * w[i]
			h[i][i] = 1e-3
		}
		for r, row := range rows {
			sum := 0.0
			for k, x := range row {
				sum += w[k] * float64(x)
			}
			p := 1 / (1 + math.Exp(-sum))
			d, c := weight[r]*(label[r]-p), weight[r]*max(p*(1-p), 1e-6)
			for k, x := range row {
				if x == 0 {
					continue
				}
				g[k] += d * float64(x)
				cx := c * float64(x)
				for l := range k + 1 {
					h[k][l] += cx * float64(row[l])
				}
			}
		}
		for k := range h {
			for l := range k {
				h[l][k] = h[k][l]
			}
		}
		most := 0.0
		for k, step := range solve(h, g) {
			w[k] += step
			most = max(most, math.Abs(step))
		}
		if most < 0.01 {
			break
		}
	}
	return w
}

// solve solves the linear equations a x = b by elimination; both are changed.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for i := range n {
		pivot := i
		for r := i + 1; r < n; r++ {
			if math.Abs(a[r][i]) > math.Abs(a[pivot][i]) {
				pivot = r
			}
		}
		a[i], a[pivot] = a[pivot], a[i]
		b[i], b[pivot] = b[pivot], b[i]
		for r := i + 1; r < n; r++ {
			f := a[r][i] / a[i][i]
			for c := i; c < n; c++ {
				a[r][c] -= f * a[i][c]
			}
			b[r] -= f * b[i]
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		sum := b[i]
		for c := i + 1; c < n; c++ {
			sum -= a[i][c] * x[c]
		}
		x[i] = sum / a[i][i]
	}
	return x
}
