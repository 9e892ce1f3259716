package group

import (
	"math"
	"slices"

	"newsdigest/digest/language"
)

// termID names a term in a language while an article of the index has it.
type termID uint32

// vocabulary gives terms ids and knows which articles have a term.
type vocabulary struct {
	ids    map[uint32]termID // by language.TermHash
	hashes []uint32          // by id
	priors []float32         // by id: in how many articles it counts as being before any came
	logs   []float32         // by id: logarithm of the prior and the live articles that have it
	having [][]slot          // by id, in the order they came
	spare  []termID
	live   map[string]int // articles by language
	scale
}

// scale turns in how many articles a term is into how rare it is, for one language. here
// is the logarithm of its live articles.
type scale struct{ all, span, here float32 }

const (
	// priorArticles is how many articles the table of language.Rarity weighs as much as.
	priorArticles = 2000
	// priorUnknown is the rarity of every term at first in a language that the table does
	// not know: any of them may be a common word. The live articles tell the rest.
	priorUnknown = .75
)

func newVocabulary() vocabulary {
	return vocabulary{ids: map[uint32]termID{}, live: map[string]int{}}
}

// intern is the id of a term.
func (v *vocabulary) intern(word, lang string) termID {
	h := language.TermHash(word, lang)
	if id, ok := v.ids[h]; ok {
		return id
	}
	id := termID(len(v.hashes))
	if n := len(v.spare); n > 0 {
		id, v.spare = v.spare[n-1], v.spare[:n-1]
	} else {
		v.hashes, v.having = append(v.hashes, 0), append(v.having, nil)
		v.priors, v.logs = append(v.priors, 0), append(v.logs, 0)
	}
	v.ids[h], v.hashes[id], v.priors[id] = id, h, prior(word, lang)
	v.recount(id)
	return id
}

// prior is in how many articles a term counts as being before any came.
func prior(word, lang string) float32 {
	r := priorUnknown
	if language.HasRarity(lang) {
		r = float64(language.Rarity(word, lang))
	}
	return float32(math.Pow(priorArticles, 1-r))
}

// recount notes that other articles have the term now.
func (v *vocabulary) recount(id termID) {
	v.logs[id] = float32(math.Log(float64(v.priors[id]) + float64(len(v.having[id]))))
}

// speak sets the language in which rarity is asked for.
func (v *vocabulary) speak(lang string) {
	all := math.Log(priorArticles + float64(v.live[lang]) + 2)
	v.scale = scale{
		all:  float32(all),
		span: float32(all - math.Log(2)),
		here: float32(math.Log(float64(v.live[lang]) + 1)),
	}
}

// rarity is how much a term tells: 1 if one article has it that nobody knew before, 0 if
// all have it.
func (v *vocabulary) rarity(id termID) float32 {
	r := (v.all - v.logs[id]) / v.span
	return float32(math.Sqrt(float64(max(0, min(r, 1)))))
}

// rarityHere is the same among the live articles only: 1 if at most one besides the
// article aimed at has it, 0 if all have.
// A name that the table has never seen is rare in the world, and may be the capital that
// every third article speaks of.
func (v *vocabulary) rarityHere(id termID) float32 {
	others := len(v.having[id]) - 1
	if others <= 1 {
		return 1
	}
	return float32(math.Sqrt(max(0, 1-math.Log(float64(others))/float64(v.here))))
}

// post makes an article findable by its terms.
func (v *vocabulary) post(s slot, terms []term, lang string) {
	v.live[lang]++
	for _, t := range terms {
		v.having[t.id()] = append(v.having[t.id()], s)
		v.recount(t.id())
	}
}

// unpost forgets articles: gone tells which, ids are all terms that any of them has.
func (v *vocabulary) unpost(ids []termID, gone func(slot) bool) {
	for _, id := range ids {
		v.having[id] = slices.Clip(slices.DeleteFunc(v.having[id], gone))
		if len(v.having[id]) > 0 {
			v.recount(id)
			continue
		}
		delete(v.ids, v.hashes[id])
		v.having[id] = nil
		v.spare = append(v.spare, id)
	}
}
