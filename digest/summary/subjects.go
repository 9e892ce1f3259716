package summary

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"newsdigest/digest"
	"newsdigest/digest/language"
)

const (
	// inTitle and inOpening are what it is worth to a word to stand in an article's title
	// and in its beginning.
	inTitle   = 2
	inOpening = 1
	// commonWord is the rarity below which a word says nothing of what a story is about.
	commonWord = .35
	// capital is what a word in the middle of a sentence that begins with a capital counts
	// beside one that does not: names say most.
	capital = 1.25
)

// Subjects are the words that say what a story is about, the weightiest first: those that
// stand in the titles and openings of most of its articles and are rare elsewhere. Numbers
// and what goes with them, such as days, are none.
func Subjects(docs []Document) []digest.Subject {
	var all []subject
	for i, doc := range docs {
		title := withoutOutlet(digest.Clean(doc.Title), doc.Outlet)
		all = tally(all, i, title, doc.Lang, inTitle)
		start := strings.ToValidUTF8(doc.Text[:min(len(doc.Text), beginning)], "")
		all = tally(all, i, start, doc.Lang, inOpening)
	}
	all = slices.DeleteFunc(all, func(s subject) bool { return !s.titled })
	slices.SortStableFunc(all, func(a, b subject) int { return cmp.Compare(b.weight, a.weight) })
	var out []digest.Subject
	for _, s := range all {
		if len(out) == digest.MaxSubjects {
			break
		}
		if !slices.ContainsFunc(out, s.overlaps) {
			out = append(out, digest.Subject{Word: s.word, Key: s.key, In: s.docs})
		}
	}
	return out
}

// subject is a word while it is counted.
type subject struct {
	word   string
	key    uint32
	weight float32
	docs   int
	doc    int // the last that was counted, from 1
	places int // of that article, where it was found
	titled bool
}

// tally counts the words of a text that stands in the given place of an article.
func tally(all []subject, doc int, text, lang string, place int) []subject {
	roles := rolesOf(lang)
	for i, t := range language.Tokens(nil, text, lang) {
		if t.Term == "" || t.Number || utf8.RuneCountInString(t.Term) < 2 || roleOf(roles, text, t, lang).role != 0 {
			continue
		}
		worth := language.Rarity(t.Term, lang)
		if worth < commonWord {
			continue
		}
		if i > 0 && t.Upper {
			worth *= capital
		}
		key := language.TermHash(t.Term, "")
		n := slices.IndexFunc(all, func(s subject) bool { return s.key == key })
		if n < 0 {
			n, all = len(all), append(all, subject{word: bareWord(t.Of(text), lang), key: key})
		}
		if place == inTitle && !all[n].titled {
			all[n].titled, all[n].word = true, bareWord(t.Of(text), lang)
		}
		all[n].found(doc+1, place, worth)
	}
	return all
}

// found counts a word once for each place of an article.
func (s *subject) found(doc, place int, worth float32) {
	if s.doc != doc {
		s.doc, s.places = doc, 0
		s.docs++
	}
	if s.places&place != 0 {
		return
	}
	s.places |= place
	s.weight += float32(place) * worth
}

// overlaps tells whether a word of ideographs is part of one that was taken already: they
// are counted in pairs.
func (s subject) overlaps(taken digest.Subject) bool {
	first, _ := utf8.DecodeRuneInString(s.word)
	return first >= firstPaired && strings.ContainsAny(taken.Word, s.word)
}

// firstPaired is the first character of the scripts that language counts in pairs (Thai).
const firstPaired = 0x0e00

// apostrophes makes them all the same.
var apostrophes = strings.NewReplacer("’", "'", "ʼ", "'")

// bareWord is a word without what an apostrophe ties to it, as a language has it:
// "Merkel" of "Merkel's", "homme" of "l'homme".
func bareWord(word, lang string) string {
	word = strings.Clone(word)
	if lang == "uk" || lang == "be" {
		return word
	}
	before, after, found := strings.Cut(apostrophes.Replace(word), "'")
	switch {
	case !found:
		return word
	case len(before) < len(after):
		return after
	}
	return before
}
