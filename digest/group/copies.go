package group

import (
	"slices"

	"newsdigest/digest"
	"newsdigest/digest/language"
)

const (
	// sketchSize is how many hashes stand for a text; runTerms how many terms in a row
	// make one of them; sketchTerms how much of the text they are taken from, so that an
	// agency's story that an outlet cut short is still known.
	sketchSize  = 16
	runTerms    = 3
	sketchTerms = 120
	// copyAt is how many of the smallest hashes two texts share if they are one text.
	copyAt = 10
)

// sketch stands for the words of a text: the smallest hashes of its runs of terms, in
// order. Texts that share most of their runs share most of their smallest hashes.
type sketch []uint32

// sketchOf is the sketch of an article's text, of its title where there is no text.
func sketchOf(title, text []word) sketch {
	terms := text[:min(len(text), sketchTerms)]
	if len(terms) < runTerms {
		terms = title
	}
	s := make(sketch, 0, sketchTerms)
	for i := range len(terms) - runTerms + 1 {
		h := uint32(0)
		for _, w := range terms[i : i+runTerms] {
			h = h*0x9e3779b1 ^ language.TermHash(w.term, "")
		}
		s = append(s, h*0x85ebca6b^h>>15)
	}
	slices.Sort(s)
	s = slices.Compact(s)
	return slices.Clone(s[:min(len(s), sketchSize)])
}

// copies tells whether two texts are nearly the same: of the smallest hashes of the two
// together, both have most.
func (s sketch) copies(t sketch) bool {
	size := min(sketchSize, max(len(s), len(t)))
	both, seen := 0, 0
	for i, j := 0, 0; seen < size && i < len(s) && j < len(t); seen++ {
		switch {
		case s[i] < t[j]:
			i++
		case s[i] > t[j]:
			j++
		default:
			both++
			i, j = i+1, j+1
		}
	}
	return both > 0 && both*sketchSize >= copyAt*size
}

// Copies are the articles of a story that repeat an older one of it nearly word for word,
// each with the oldest that it repeats. They change when an older article comes late and
// when stories are merged.
func (x *Index) Copies(id digest.StoryID) map[digest.ArticleID]digest.ArticleID {
	st := x.stories[id]
	if st == nil {
		return nil
	}
	copies := map[digest.ArticleID]digest.ArticleID{}
	for _, s := range st.members {
		if original := x.copyOf(s); original != "" {
			copies[x.articles[s].id] = original
		}
	}
	return copies
}

// copyOf is the oldest article of the same story with nearly the same text, if it is
// older than this one.
func (x *Index) copyOf(s slot) digest.ArticleID {
	a := &x.articles[s]
	for _, m := range a.story.members {
		if m == s {
			break
		}
		if x.articles[m].sketch.copies(a.sketch) {
			return x.articles[m].id
		}
	}
	return ""
}
