package main

import (
	"strings"
	"unicode"

	"newsdigest/digest/language"
)

// unknown is a word that no reference has.
const unknown = -1

// lexicon numbers the words of an example's references.
type lexicon map[string]int32

// words are the words that ROUGE counts, as numbers; English ones are stemmed. New ones
// get a number if learn is set.
func (l lexicon) words(text, lang string, learn bool) []int32 {
	fields := strings.FieldsFunc(language.Lower(text, lang), func(r rune) bool {
		if lang == "en" { // as the usual scorers do
			return !('a' <= r && r <= 'z' || '0' <= r && r <= '9')
		}
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	out := make([]int32, 0, len(fields))
	for _, w := range fields {
		if lang == "en" && len(w) > 3 {
			if t := language.Terms(nil, w, lang); len(t) == 1 {
				w = t[0]
			}
		}
		id, ok := l[w]
		if !ok {
			if id = unknown; learn {
				id = int32(len(l))
				l[w] = id
			}
		}
		out = append(out, id)
	}
	return out
}

// reference is a reference summary: its words and pairs of words, counted.
type reference struct {
	words map[int32]int
	pairs map[uint64]int
	n     int
}

func pair(a, b int32) uint64 { return uint64(uint32(a))<<32 | uint64(uint32(b)) }

func newReference(words []int32) reference {
	r := reference{map[int32]int{}, map[uint64]int{}, len(words)}
	for i, w := range words {
		r.words[w]++
		if i > 0 {
			r.pairs[pair(words[i-1], w)]++
		}
	}
	return r
}

// rouge is the F1 of words and of pairs, ROUGE-1 and ROUGE-2, of sentences put one
// after the other.
func (r reference) rouge(sentences [][]int32) (one, two float64) {
	words, pairs := map[int32]int{}, map[uint64]int{}
	n, hits, double := 0, 0, 0
	last := int32(unknown)
	for _, s := range sentences {
		for _, w := range s {
			n++
			if w != unknown && words[w] < r.words[w] {
				words[w]++
				hits++
			}
			if p := pair(last, w); w != unknown && last != unknown && pairs[p] < r.pairs[p] {
				pairs[p]++
				double++
			}
			last = w
		}
	}
	return f1(hits, n, r.n), f1(double, n-1, r.n-1)
}

func f1(hits, a, b int) float64 {
	if a <= 0 || b <= 0 {
		return 0
	}
	return 2 * float64(hits) / float64(a+b)
}
