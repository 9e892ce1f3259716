package summary

import "math"

// weights are what a feature counts per standard deviation within the article.
var weights = features{
	fInverse: .14, fLogPlace: -.24, fPlace: -.23, fLogWords: -.14, fDeviation: -.05, fCentroid: .04,
	fKeywords: .15, fRank: .28, fTitleCover: .15, fUpper: .09, fDigit: .06, fQuoteHead: -.08, fQuotes: -.04,
	fPerson: -.09, fConnects: -.05, fSecond: .08, fThird: .07, fSupport: .3, fUnpaired: -.1, fShort: -.2,
}

// score rates every sentence of the draft: higher is better.
func (d *draft) score() {
	rows := d.features()
	standardize(rows)
	d.scores = make([]float64, len(rows))
	for i := range rows {
		for k, w := range weights {
			d.scores[i] += float64(w * rows[i][k])
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
