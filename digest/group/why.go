package group

import (
	"cmp"
	"slices"
	"strings"

	"newsdigest/digest/language"
)

// mostShared is how many shared words an assignment names.
const mostShared = 5

// shared are the words of the article, as it has them, that count most for its likeness
// to the story, the one that counts most first.
func (x *Index) shared(d Doc, st *story) []string {
	type tie struct {
		term   term
		weight int64
	}
	var ties []tie
	for i, t := range x.probe.terms {
		var sum int64
		for _, m := range st.members {
			b := &x.articles[m]
			if u, ok := b.has(t.id()); ok {
				sum += x.weigh(u).all
			}
		}
		if sum > 0 {
			ties = append(ties, tie{t, x.probe.weights[i].all * sum})
		}
	}
	slices.SortFunc(ties, func(s, t tie) int {
		return cmp.Or(cmp.Compare(t.weight, s.weight), cmp.Compare(x.hashes[s.term.id()], x.hashes[t.term.id()]))
	})
	wanted := make([]termID, 0, mostShared)
	for _, t := range ties[:min(len(ties), mostShared)] {
		wanted = append(wanted, t.term.id())
	}
	return x.wordsOf(d, wanted)
}

// has is the article's term with that id.
func (a *article) has(id termID) (term, bool) {
	i, ok := slices.BinarySearchFunc(a.terms, id, func(t term, id termID) int { return cmp.Compare(t.id(), id) })
	if !ok {
		return 0, false
	}
	return a.terms[i], true
}

// wordsOf are the words of an article as they stand in it for these terms, the first one
// where several words are one term.
func (x *Index) wordsOf(d Doc, wanted []termID) []string {
	lang := languageOf(d)
	words, missing := make([]string, len(wanted)), len(wanted)
	for _, text := range []string{d.Title, beginning(d.Text)} {
		x.tokens = language.Tokens(x.tokens[:0], text, lang)
		for _, t := range x.tokens {
			if missing == 0 {
				return words
			}
			id, known := x.ids[language.TermHash(t.Term, lang)]
			if !known || t.Term == "" {
				continue
			}
			if i := slices.Index(wanted, id); i >= 0 && words[i] == "" {
				words[i] = strings.Clone(t.Of(text))
				missing--
			}
		}
	}
	return words
}
