package group

import (
	"slices"
)

// termID names a term in a language while an article of the index has it.
type termID uint32

// vocabulary gives terms ids and knows which articles have a term.
type vocabulary struct {
	ids    map[uint32]termID // by hash of language and term
	hashes []uint32          // by id
	rarity []float32         // by id, see rarity.go
	having [][]slot          // by id, in the order they came
	spare  []termID
}

func newVocabulary() vocabulary {
	return vocabulary{ids: map[uint32]termID{}}
}

// hashTerm is FNV-1a, 32 bit. Two terms with one hash count as one, which among a few
// hundred thousand terms happens to some dozens and then costs nothing.
func hashTerm(word, lang string) uint32 {
	const offset, prime = 2166136261, 16777619
	h := uint32(offset)
	for i := range len(lang) {
		h = (h ^ uint32(lang[i])) * prime
	}
	h = (h ^ 0xff) * prime
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * prime
	}
	return h
}

// intern is the id of a term.
func (v *vocabulary) intern(word, lang string) termID {
	h := hashTerm(word, lang)
	if id, ok := v.ids[h]; ok {
		return id
	}
	id := termID(len(v.hashes))
	if n := len(v.spare); n > 0 {
		id, v.spare = v.spare[n-1], v.spare[:n-1]
	} else {
		v.hashes, v.rarity, v.having = append(v.hashes, 0), append(v.rarity, 0), append(v.having, nil)
	}
	v.ids[h], v.hashes[id], v.rarity[id] = id, h, parseBackgrounds()[lang].rarity(word)
	return id
}

// post makes an article findable by its terms.
func (v *vocabulary) post(s slot, terms []term) {
	for _, t := range terms {
		v.having[t.id()] = append(v.having[t.id()], s)
	}
}

// unpost forgets articles: gone tells which; terms are those that any of them has.
func (v *vocabulary) unpost(terms []termID, gone func(slot) bool) {
	for _, id := range terms {
		left := slices.DeleteFunc(v.having[id], gone)
		if len(left) > 0 {
			v.having[id] = slices.Clip(left)
			continue
		}
		delete(v.ids, v.hashes[id])
		v.having[id] = nil
		v.spare = append(v.spare, id)
	}
}
