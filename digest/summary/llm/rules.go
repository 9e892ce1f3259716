package llm

import (
	"slices"
	"strings"
	"unicode"

	"newsdigest/digest/language"
)

// checkLanguage refuses a text that is in another language than the story.
func (e evidence) checkLanguage(text string) error {
	if lang := language.Detect(text); lang != "" && e.lang != "" && lang != e.lang {
		return &Refusal{RuleLanguage, lang}
	}
	return nil
}

// foreign is a letter of a script that the material does not have.
func (e evidence) foreign(text string) string {
	for _, r := range text {
		if !e.scripts[scriptOf(r)] && unicode.IsLetter(r) {
			return string(r)
		}
	}
	return ""
}

// speaking are the English words of somebody who speaks to somebody.
var speaking = []string{"i", "me", "my", "mine", "we", "us", "our", "ours", "you", "your", "yours"}

// addressed is a word with which a text speaks of itself or to the reader. Quotations may.
func (e evidence) addressed(text string) string {
	if e.lang != "en" {
		return ""
	}
	_, plain := quotations(text)
	for _, t := range language.Tokens(nil, plain, e.lang) {
		word := t.Of(plain)
		if word != "US" && slices.Contains(speaking, contracted(strings.ToLower(word))) {
			return word
		}
	}
	return ""
}

// contracted is what stands before the apostrophe: "I'm", "you’ll".
func contracted(word string) string {
	if i := strings.IndexAny(word, "'’"); i >= 0 {
		return word[:i]
	}
	return word
}

// misquoted is a quotation that no quotation of the material contains, or what is left of
// one that does not begin or end.
func (e evidence) misquoted(text string) string {
	quoted, rest := quotations(text)
	for _, q := range quoted {
		if !slices.ContainsFunc(e.quotes, func(own string) bool { return contains(own, q) }) {
			return q
		}
	}
	if strings.ContainsAny(rest, `"“”„«»‘‹›「」『』`) || strings.Contains(" "+rest, " '") {
		return rest
	}
	return ""
}

// contains tells whether a quotation has the words of another one, one after the other.
func contains(quotation, part string) bool {
	part = wordsOnly(part)
	return part != "  " && strings.Contains(wordsOnly(quotation), part)
}

// wordsOnly are the words of a text with one space around each, without the punctuation.
func wordsOnly(text string) string {
	var words []string
	for f := range strings.FieldsSeq(text) {
		if f = strings.TrimFunc(f, func(r rune) bool { return unicode.IsPunct(r) }); f != "" {
			words = append(words, f)
		}
	}
	return " " + strings.Join(words, " ") + " "
}

// misnumbered is a number that the material does not state, or states of something else.
func (e evidence) misnumbered(text string, tokens []language.Token) string {
	for i, t := range tokens {
		word := t.Of(text)
		if n, ok := e.number(text, t); ok {
			if beside, known := e.beside[n]; !known || !e.ofThis(beside, tokens, i) {
				return word
			}
			continue
		}
		surface := e.surface(word)
		if !e.surfaces[surface] && (amounts[surface] || strings.ContainsFunc(word, unicode.IsNumber)) {
			return word
		}
	}
	return ""
}

// ofThis tells whether one of the words next to a number stands near it in the material,
// too. A number that has no word next to it is not of anything.
func (e evidence) ofThis(beside map[string]bool, tokens []language.Token, i int) bool {
	asked := false
	for _, step := range []int{1, -1} {
		for k, n := i+step, 0; k >= 0 && k < len(tokens) && n < nearNumber; k, n = k+step, n+1 {
			if tokens[k].Term == "" {
				continue
			}
			if asked = true; beside[tokens[k].Term] {
				return true
			}
			break
		}
	}
	return !asked
}

// misnamed is a name that the material does not have, or has in other company: each word
// has to be there with a capital, words of one name in one name, and two names of one
// sentence in one line, in this order. In German every noun has a capital, so there only
// the words are asked for.
func (e evidence) misnamed(text string, tokens []language.Token) string {
	if len(tokens) == 0 {
		return ""
	}
	first := tokens[0]
	if opening := e.surface(first.Of(text)); first.Upper && !e.surfaces[opening] && !language.Stop(opening, e.lang) && !e.terms[first.Term] {
		return first.Of(text)
	}
	for _, t := range tokens[1:] {
		if surface := e.surface(t.Of(text)); t.Upper && !e.capitals[surface] && !e.surfaces[surface] {
			return t.Of(text)
		}
	}
	if e.lang == "de" {
		return ""
	}
	var before string
	for _, name := range e.namesIn(text, tokens) {
		if !slices.ContainsFunc(e.names, func(own []string) bool { return subsequence(name, own) }) {
			return strings.Join(name, " ")
		}
		last := name[len(name)-1]
		if before != "" && before != last && !e.pairs[[2]string{before, last}] {
			return before + ", " + last
		}
		before = last
	}
	return e.misplaced(text, tokens)
}

// misplaced is a name next to a word that no line of the material has with it: "fire chief
// Okafor" where the mayor is called so.
func (e evidence) misplaced(text string, tokens []language.Token) string {
	for i, t := range tokens {
		name := e.surface(t.Of(text))
		with, known := e.with[name]
		if !t.Upper || !known || calendar[name] || e.common[name] {
			continue
		}
		for _, step := range []int{-1, 1} {
			k := i + step
			for k >= 0 && k < len(tokens) && tokens[k].Term == "" {
				k += step
			}
			if k < 0 || k == len(tokens) {
				continue
			}
			n, _ := e.number(text, tokens[k])
			if term := tokens[k].Term; !with[term] && !with[n] && !(e.lang == "en" && neutral[term]) {
				return tokens[k].Of(text) + ", " + t.Of(text)
			}
		}
	}
	return ""
}

// neutral are stems of English words that state nothing of their own: they report, or
// join what the material says.
var neutral = func() map[string]bool {
	out := map[string]bool{}
	for _, t := range language.Terms(nil, `say says said saying tell tells told telling according accordingly report reports reported add adds added
		include includes including involve involves involving remain remains remained stay stays stayed become becomes became
		come comes came go goes went take takes took taken make makes made place well meanwhile later earlier amid among
		toward towards within without due both each several another`, "en") {
		out[t] = true
	}
	return out
}()

// unsupported is a word of a sentence's own. Every word that carries meaning has to be one
// of the material's: one verb is enough to make another story of it.
func (e evidence) unsupported(text string, tokens []language.Token) string {
	for _, t := range tokens {
		if n, _ := e.number(text, t); t.Term != "" && !e.terms[t.Term] && !e.terms[n] && !(e.lang == "en" && neutral[t.Term]) {
			return t.Of(text)
		}
	}
	if len(tokens) < leastTokens {
		return text
	}
	return ""
}

// leastTokens is how many words a sentence has at least, or pairs of ideographs.
const leastTokens = 3
