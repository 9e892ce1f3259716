package group

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"
)

// backgroundText says in how many of a few thousand news articles a term is: per
// language a line "# lang articles", then lines "articles term". Terms in few articles
// are left out.
//
//go:embed background.txt
var backgroundText string

// background is in how many articles of a language the terms are.
type background struct {
	articles float64
	with     map[string]float64
}

// parseBackgrounds reads the embedded statistics once.
var parseBackgrounds = sync.OnceValue(func() map[string]background {
	all := map[string]background{}
	var in background
	for line := range strings.Lines(backgroundText) {
		f := strings.Fields(line)
		if f[0] == "#" {
			n, _ := strconv.ParseFloat(f[2], 64)
			in = background{n, map[string]float64{}}
			all[f[1]] = in
			continue
		}
		n, _ := strconv.ParseFloat(f[0], 64)
		in.with[f[1]] = n
	}
	return all
})

const (
	// unseenArticles is how many articles a term counts to be in that the background does
	// not name.
	unseenArticles = 2
	// rarityPower flattens the difference between rare and very rare terms.
	rarityPower = 0.8
)

// rarity is how much a term tells: 1 where the background does not know it, near 0 where
// every article has it.
func (b background) rarity(term string) float32 {
	n, ok := b.with[term]
	if !ok {
		return 1
	}
	r := math.Log((b.articles+1)/(n+.5)) / math.Log((b.articles+1)/(unseenArticles+.5))
	return float32(math.Pow(max(0, min(r, 1)), rarityPower))
}
