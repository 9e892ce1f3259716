package main

import (
	"strings"
	"unicode"

	"newsdigest/digest/language"
)

// grams are the unigrams and bigrams of a text, counted.
type grams struct {
	one, two map[uint64]int
	n        int // words
}

// words are the words that ROUGE counts, as numbers; English ones are stemmed.
func (v vocabulary) words(text, lang string) []uint32 {
	fields := strings.FieldsFunc(language.Lower(text, lang), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	out := make([]uint32, 0, len(fields))
	for _, w := range fields {
		if lang == "en" && len(w) > 3 {
			if t := language.Terms(nil, w, lang); len(t) == 1 {
				w = t[0]
			}
		}
		id, ok := v[w]
		if !ok {
			id = uint32(len(v))
			v[w] = id
		}
		out = append(out, id)
	}
	return out
}

// vocabulary numbers words.
type vocabulary map[string]uint32

// count counts the grams of sentences put one after the other.
func count(sentences ...[]uint32) grams {
	g := grams{one: map[uint64]int{}, two: map[uint64]int{}}
	last, has := uint32(0), false
	for _, s := range sentences {
		for _, w := range s {
			g.one[uint64(w)]++
			if has {
				g.two[uint64(last)<<32|uint64(w)]++
			}
			last, has = w, true
			g.n++
		}
	}
	return g
}

// f1 is the F1 of two bags.
func f1(a, b map[uint64]int, na, nb int) float64 {
	if na <= 0 || nb <= 0 {
		return 0
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	hit := 0
	for k, n := range a {
		hit += min(n, b[k])
	}
	return 2 * float64(hit) / float64(na+nb)
}

// reward is what a summary is worth beside a reference: ROUGE-1 and half of ROUGE-2.
func reward(ref, got grams) (one, two float64) {
	return f1(ref.one, got.one, ref.n, got.n), f1(ref.two, got.two, ref.n-1, got.n-1)
}
