// Package score measures summaries and stories against what people made of the same
// articles: ROUGE for summaries, B-cubed for stories, with intervals by the bootstrap.
// The measures are the field's own, so that figures can be compared with those of others.
package score

import (
	"strings"
	"unicode"

	"newsdigest/digest/language"
)

// Rouge is how much a summary and a reference share, as F1 from 0 to 1: in words
// (ROUGE-1), in pairs of neighbors (ROUGE-2), and in words that keep their order (ROUGE-L,
// summary level). Counted as the package rouge_score of Google Research does: English
// words in ASCII letters and digits, those of more than three letters stemmed (porter.go);
// in other languages runs of letters, marks and digits as they are.
type Rouge struct{ One, Two, L float64 }

// NewRouge compares the sentences of a summary with those of a reference.
func NewRouge(reference, summary []string, lang string) Rouge {
	ref, sum := sentences(reference, lang), sentences(summary, lang)
	refWords, sumWords := flat(ref), flat(sum)
	return Rouge{
		One: shared(grams(refWords, 1), grams(sumWords, 1)),
		Two: shared(grams(refWords, 2), grams(sumWords, 2)),
		L:   inOrder(ref, sum),
	}
}

// MeanRouge is the mean over several references; each is its sentences.
func MeanRouge(references [][]string, summary []string, lang string) Rouge {
	var mean Rouge
	n := float64(len(references))
	for _, ref := range references {
		r := NewRouge(ref, summary, lang)
		mean.One += r.One / n
		mean.Two += r.Two / n
		mean.L += r.L / n
	}
	return mean
}

// sentences are the words of each sentence that has any.
func sentences(texts []string, lang string) [][]string {
	var out [][]string
	for _, t := range texts {
		if w := words(t, lang); len(w) > 0 {
			out = append(out, w)
		}
	}
	return out
}

// stemFrom is from how many letters on an English word is stemmed.
const stemFrom = 4

func words(text, lang string) []string {
	text = language.Lower(text, lang)
	if lang != "en" && lang != "" {
		return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	}
	out := strings.FieldsFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	for i, w := range out {
		if len(w) >= stemFrom {
			out[i] = stem(w)
		}
	}
	return out
}

func flat(sentences [][]string) []string {
	var out []string
	for _, s := range sentences {
		out = append(out, s...)
	}
	return out
}

// grams counts the runs of n words.
func grams(words []string, n int) map[string]int {
	out := map[string]int{}
	for i := 0; i+n <= len(words); i++ {
		out[strings.Join(words[i:i+n], " ")]++
	}
	return out
}

// shared is the F1 of two bags.
func shared(a, b map[string]int) float64 {
	hits, inA, inB := 0, 0, 0
	for g, n := range a {
		hits += min(n, b[g])
		inA += n
	}
	for _, n := range b {
		inB += n
	}
	return f1(hits, inA, inB)
}

func f1(hits, inA, inB int) float64 {
	if hits == 0 {
		return 0
	}
	return 2 * float64(hits) / float64(inA+inB)
}

// inOrder is ROUGE-L on the level of summaries: for each sentence of the reference the
// words that are in a longest common subsequence with some sentence of the summary, each
// word of the summary counted once.
func inOrder(ref, sum [][]string) float64 {
	left, inRef, inSum := map[string]int{}, 0, 0
	for _, s := range sum {
		inSum += len(s)
		for _, w := range s {
			left[w]++
		}
	}
	hits := 0
	for _, r := range ref {
		inRef += len(r)
		hit := make([]bool, len(r))
		for _, s := range sum {
			markCommon(r, s, hit)
		}
		for i, w := range r {
			if hit[i] && left[w] > 0 {
				hits++
				left[w]--
			}
		}
	}
	return f1(hits, inRef, inSum)
}

// markCommon marks the words of a that are in a longest common subsequence with b.
func markCommon(a, b []string, hit []bool) {
	width := len(b) + 1
	table := make([]int32, (len(a)+1)*width)
	for i := range a {
		for j := range b {
			if a[i] == b[j] {
				table[(i+1)*width+j+1] = table[i*width+j] + 1
			} else {
				table[(i+1)*width+j+1] = max(table[i*width+j+1], table[(i+1)*width+j])
			}
		}
	}
	for i, j := len(a), len(b); i > 0 && j > 0; {
		switch {
		case a[i-1] == b[j-1]:
			hit[i-1] = true
			i, j = i-1, j-1
		case table[i*width+j-1] > table[(i-1)*width+j]:
			j--
		default:
			i--
		}
	}
}
