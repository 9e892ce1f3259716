package score

import (
	"math/rand/v2"
	"slices"
)

// Interval is where a figure lies with 95% confidence, had other articles been drawn.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// draws is how many samples the bootstrap takes.
const draws = 2000

// bootstrap draws n of n things, with repeats, over and over, and tells between what the
// middle 95% of the figure lie. The same n gives the same samples.
func bootstrap(n int, figure func(drawn []int) float64) Interval {
	if n == 0 {
		return Interval{}
	}
	random := rand.New(rand.NewPCG(7, 11))
	drawn, figures := make([]int, n), make([]float64, draws)
	for d := range figures {
		for i := range drawn {
			drawn[i] = random.IntN(n)
		}
		figures[d] = figure(drawn)
	}
	slices.Sort(figures)
	return Interval{figures[draws*25/1000], figures[draws*975/1000]}
}

// Mean is the mean of figures, one an article, and its interval.
func Mean(figures []float64) (float64, Interval) {
	mean := func(drawn []int) float64 {
		var t float64
		for _, i := range drawn {
			t += figures[i]
		}
		return t / float64(len(drawn))
	}
	if len(figures) == 0 {
		return 0, Interval{}
	}
	all := make([]int, len(figures))
	for i := range all {
		all[i] = i
	}
	return mean(all), bootstrap(len(figures), mean)
}
