package summary

import "strings"

// Sentences are held against each other and against the titles word for word as well,
// function words included: a sentence that could stand for the whole story is worded like
// the rest of it.

// A word's number is even for a term, odd for a function word, which is no term.
func termNumber(id int32) int32 { return 2 * id }

// functionWord numbers a word that is no term.
func (v *vocabulary) functionWord(word string) int32 {
	word = strings.ToLower(word)
	n, ok := v.functionWords[word]
	if !ok {
		n = int32(len(v.functionWords))
		v.functionWords[word] = n
	}
	return 2*n + 1
}

// numbers is above every word's number.
func (v *vocabulary) numbers() int { return 2 * max(len(v.idf), len(v.functionWords)) }

// likeness is how much of a sentence other texts say in the same words.
type likeness struct {
	common float32 // mean Dice coefficient with all other sentences
	title  float32 // share of the titles' words that it has
	runs   float32 // Dice coefficient of its pairs of neighboring words and the titles'
}

// place is where a word is, and the place that has it before.
type place struct{ sentence, before int32 }

// likenesses measures every sentence.
func (d *draft) likenesses() []likeness {
	out := make([]likeness, len(d.sentences))
	inTitle, titleLength := d.titleWords()
	places := make([]place, 1, 1024)
	last := make([]int32, d.numbers()) // the last place of each word, 0 if none
	shared, length := make([]int32, len(out)), make([]int32, len(out))
	for i := range d.sentences {
		clear(shared[:i])
		for _, w := range d.sentences[i].order {
			if at := last[w]; at > 0 && int(places[at].sentence) == i {
				continue
			}
			for at := last[w]; at > 0; at = places[at].before {
				shared[places[at].sentence]++
			}
			places = append(places, place{int32(i), last[w]})
			last[w] = int32(len(places) - 1)
			length[i]++
			out[i].title += flag(inTitle[w]) / float32(titleLength)
		}
		for j, n := range shared[:i] {
			dice := 2 * float32(n) / float32(max(1, length[i]+length[j])) / float32(len(out))
			out[i].common += dice
			out[j].common += dice
		}
		out[i].runs = d.titleRuns(d.sentences[i].order, inTitle)
	}
	return out
}

// titleWords tells of each word whether the titles have it, and how many different ones
// they have, at least 1.
func (d *draft) titleWords() (in []bool, different int) {
	in = make([]bool, d.numbers())
	for _, w := range d.titleRun {
		if !in[w] {
			in[w] = true
			different++
		}
	}
	return in, max(1, different)
}

// titleRuns is the Dice coefficient of the pairs of neighboring words of a sentence and
// of the titles.
func (d *draft) titleRuns(order []int32, inTitle []bool) float32 {
	n := 0
	for i := 1; i < len(order); i++ {
		if !inTitle[order[i-1]] || !inTitle[order[i]] {
			continue
		}
		for t := 1; t < len(d.titleRun); t++ {
			if d.titleRun[t-1] == order[i-1] && d.titleRun[t] == order[i] {
				n++
			}
		}
	}
	return 2 * float32(n) / float32(max(1, len(d.titleRun)+len(order)-2))
}
