package group

import (
	"strings"

	"newsdigest/digest/language"
)

// Two articles about one kind of event are often written in nearly the same words ("Fire
// destroys barn in ...", "Fire destroys school in ..."). What tells them apart are the
// names of places and people; numbers do not, since a toll rises while the story stays.

const (
	// leastTitleName and leastNames are what the names of a title, of an article must weigh
	// to be compared: half a rare name, one that is not quite common.
	leastTitleName = weightOne * 3 / 10
	leastNames     = weightOne / 2
	// mostlyForeign is the share of the names in both titles that must be missing in the
	// other article, and fewShared the share of all names below which two articles have
	// names of their own: a day of the week may be common, a town may not.
	mostlyForeign = .99
	fewShared     = .3
)

// naming is how much the names of an article weigh, and those of its title.
type naming struct{ all, title int64 }

func (n *naming) add(w weight) {
	n.all += w.name
	if w.title > 0 {
		n.title += w.name
	}
}

// sharedNames is how much of the names of two articles is in both: all of them, those of the
// first one's title, those of the second one's.
type sharedNames struct{ all, first, second int64 }

// add takes a term that both articles have. It is a name if it is one in either.
func (s *sharedNames) add(first, second weight) {
	s.all += max(first.name, second.name)
	if first.title > 0 {
		s.first += first.name
	}
	if second.title > 0 {
		s.second += second.name
	}
}

// foreign is the share of the names in one title that the other article does not have, of
// the two titles the smaller share; 0 if there are no names in one of them.
func (s sharedNames) foreign(first, second naming) float64 {
	if first.title < leastTitleName || second.title < leastTitleName {
		return 0
	}
	return 1 - max(share(s.first, first.title), share(s.second, second.title))
}

// apart tells whether both articles have names, and next to none in common.
func (s sharedNames) apart(first, second naming) bool {
	fewer := min(first.all, second.all)
	return fewer >= leastNames && float64(s.all) < fewShared*float64(fewer)
}

// word is a term where it stands in an article, with the mark of a name (namedUnit), of
// another word (commonUnit), or none where its writing does not tell.
type word struct {
	term string
	mark term
}

// scan appends the first words of a text to x.words, at most so many.
func (x *Index) scan(text, lang string, most int) {
	tokens := language.Tokens(x.tokens[:0], text, lang)
	x.tokens = tokens
	capitals := headlineCase(tokens)
	for i, t := range tokens {
		if t.Term == "" {
			continue
		}
		if most--; most < 0 {
			break
		}
		w := word{term: t.Term}
		switch {
		case !t.Upper:
			w.mark = commonUnit
		case lang == "de":
			if i > 0 && placeBefore[tokens[i-1].Of(text)] {
				w.mark = namedUnit
			}
		case !capitals && i > 0 && !opens(text[tokens[i-1].To:t.From]):
			w.mark = namedUnit
		}
		x.words = append(x.words, w)
	}
}

// placeBefore are the words that in German stand before the names of places; capitals
// tell nothing there, every noun has one.
var placeBefore = map[string]bool{"in": true, "bei": true, "aus": true, "nahe": true}

// headlineCase tells whether most words are written with a capital, as many English
// headlines are, so that a capital does not tell a name.
func headlineCase(tokens []language.Token) bool {
	const short = 3 // bytes of a word that stays small in such a headline
	upper, all := 0, 0
	for _, t := range tokens[min(1, len(tokens)):] {
		if t.To-t.From > short && !t.Number {
			all++
			if t.Upper {
				upper++
			}
		}
	}
	return 2*upper > all+1
}

// opens tells whether after these marks a word begins a sentence or a quotation.
func opens(marks string) bool {
	return strings.ContainsAny(marks, ".!?:;\n\"“”„«»‘•|–—")
}
