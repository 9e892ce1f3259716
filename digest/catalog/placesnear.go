package catalog

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// near are the places whose names are a slip or two away, else those that begin so.
func (a *atlas) near(folded string) []Place {
	slips := 2
	switch n := utf8.RuneCountInString(folded); {
	case n <= 3:
		slips = 0
	case n <= 5:
		slips = 1
	}
	type hit struct{ slips, city int }
	var hits []hit
	typed := []rune(folded)
	for _, n := range a.names {
		if d := distance(typed, []rune(n.folded), slips); d <= slips {
			hits = append(hits, hit{d, n.city})
		}
	}
	slices.SortFunc(hits, func(x, y hit) int {
		return cmp.Or(cmp.Compare(x.slips, y.slips), cmp.Compare(x.city, y.city))
	})
	var found []Place
	for _, h := range hits {
		if p := a.cities[h.city].place; len(found) < 3 && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	if len(found) == 0 && len(typed) > 2 {
		for _, i := range a.beginning(folded) {
			if len(found) < 3 {
				found = append(found, a.cities[i].place)
			}
		}
	}
	return found
}

// distance is how many letters have to be put in, left out, changed or swapped with
// their neighbor to come from one word to the other (optimal string alignment); limit+1
// if more than limit.
func distance(x, y []rune, limit int) int {
	if n := len(x) - len(y); n > limit || -n > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		least := row[0]
		for j := range y {
			change := last[j]
			if x[i] != y[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], limit+1)
}
