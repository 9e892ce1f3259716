package summary

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"newsdigest/digest"
	"newsdigest/digest/extract/boilerplate"
	"newsdigest/digest/language"
)

// When a sentence tells something new: by its share of new content, each word weighed by
// how rare it is in news. Found on the cases in testdata/facts.txt.
const (
	newWithName = 0.35 // beside a name that was not told
	newAlone    = 0.42 // without one
	newTerms    = 4    // fewer new words tell nothing
	// updateWithin is how many of an article's sentences are looked at: news says early
	// what has changed, and goes on with what is known.
	updateWithin = 12
	// updateSentences is the most sentences of an update.
	updateSentences = 2
)

// claims is what a sentence states that can be checked against what was told before.
type claims struct {
	numbers []figure
	names   []uint32
	terms   []uint32
	words   []string // the terms themselves
}

// figure is a number with the hashes under which it is known: its own, and what it is
// when rounded to two digits and to one.
type figure struct {
	exact  uint32
	coarse [2]uint32
	about  bool // it is rounded itself
}

// Facts are hashes of what a text states: its numbers, its names and the words that
// carry its meaning. Texts of the same content have the same facts however they arrange
// it. They are stable over restarts and depend on nothing but text and language.
func Facts(text, lang string) digest.Facts {
	known := told{}
	known.add(text, lang)
	return known.facts()
}

// ArticleFact is the fact that an article was there when a story was told.
func ArticleFact(id digest.ArticleID) uint32 { return language.TermHash("article", string(id)) }

// told are facts of texts that were read or shown before.
type told map[uint32]struct{}

func (t told) has(h uint32) bool { _, ok := t[h]; return ok }

func (t told) add(text, lang string) {
	var tokens []language.Token
	for _, span := range language.Sentences(text, lang) {
		tokens = language.Tokens(tokens[:0], span.Of(text), lang)
		t.claim(claimsOf(span.Of(text), tokens, lang), lang)
	}
}

// claim notes what a sentence in this language states.
func (t told) claim(c claims, lang string) {
	for _, n := range c.numbers {
		t[n.exact] = struct{}{}
		t[n.coarse[0]], t[n.coarse[1]] = struct{}{}, struct{}{}
	}
	for _, h := range c.names {
		t[h] = struct{}{}
	}
	for _, h := range c.terms {
		t[h] = struct{}{}
	}
	t[languageFact(lang)] = struct{}{}
}

func (t told) facts() digest.Facts {
	out := make(digest.Facts, 0, len(t))
	for h := range t {
		out = append(out, h)
	}
	slices.Sort(out)
	return out
}

// languageFact says that something was told in a language. Words of one language do not
// tell whether those of another are new.
func languageFact(lang string) uint32 { return language.TermHash("language", lang) }

// claimsOf reads a sentence.
func claimsOf(s string, tokens []language.Token, lang string) claims {
	var c claims
	r := newReader(s, tokens, lang)
	counted := make([]bool, len(tokens))
	for _, q := range r.quantities(nil) {
		if q.value > 2 || q.unit != "" {
			c.numbers = append(c.numbers, figureOf(q))
		}
		for i := q.first; i <= q.last; i++ {
			counted[i] = true
		}
	}
	for i, t := range tokens {
		if counted[i] || t.Term == "" || t.Number {
			continue
		}
		c.terms = append(c.terms, language.TermHash(t.Term, lang))
		c.words = append(c.words, t.Term)
		if r.name(i) {
			c.names = append(c.names, language.TermHash("name", t.Term))
		}
	}
	return c
}

// name tells whether token i belongs to a name: it has a capital inside the sentence.
// German writes all nouns so; there two have to stand side by side.
func (r reader) name(i int) bool {
	t := r.tokens[i]
	if !t.Upper || i == 0 {
		return false
	}
	if r.lang != "de" {
		return !r.is(i, monthWord|dayWord)
	}
	beside := func(k int) bool {
		return k > 0 && k < len(r.tokens) && r.tokens[k].Upper && r.tokens[k].Term != "" && r.gap(max(k, i)) == " "
	}
	return beside(i-1) || beside(i+1)
}

// figureOf is a number as a fact. What is counted belongs to the sentence's words, so
// that "six people died" is no news after "six dead".
func figureOf(q quantity) figure {
	hash := func(digits int, prefix string) uint32 {
		return language.TermHash(prefix+strconv.FormatFloat(rounded(q.value, digits), 'g', 12, 64), unitFact(q.unit))
	}
	return figure{
		exact:  hash(15, "number "),
		coarse: [2]uint32{hash(2, "two digits "), hash(1, "one digit ")},
		about:  q.value >= 100 && (q.about || q.least || q.most || rounded(q.value, 2) == q.value) || q.about && q.unit != "",
	}
}

func unitFact(unit string) string {
	if unit == "%" || unit == "pp" {
		return unit
	}
	return "" // "$4 million" and "4 million dollars" are the same
}

// rounded is v with so many significant digits.
func rounded(v float64, digits int) float64 {
	if v == 0 {
		return 0
	}
	shift := math.Pow(10, float64(digits)-1-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*shift) / shift
}

// knows tells whether a number was told before, exactly or, if it is a rounded one, as
// the number that it rounds.
func (t told) knows(f figure) bool {
	return t.has(f.exact) || f.about && (t.has(f.coarse[0]) || t.has(f.coarse[1]))
}

// news tells whether a sentence states something that was not told: another number, or
// enough of other content.
func (t told) news(c claims, lang string) bool {
	for _, n := range c.numbers {
		if !t.knows(n) {
			return true
		}
	}
	if !t.has(languageFact(lang)) {
		return false
	}
	names := 0
	for _, h := range c.names {
		if !t.has(h) {
			names++
		}
	}
	terms, fresh, all := 0, float32(0), float32(0)
	for i, h := range c.terms {
		weight := language.Rarity(c.words[i], lang)
		all += weight
		if !t.has(h) {
			terms++
			fresh += weight
		}
	}
	share := fresh / max(all, 1e-6)
	return terms >= newTerms && (share >= newAlone || names > 0 && share >= newWithName)
}

// Update chooses from articles that came later the sentences that tell what was not told
// before: at most two, with at most digest.StandardWords words together, of the newest
// article first. before are the story's older articles, shown the facts of what a reader
// was shown; what only an older article told is not news either. No sentence means that
// nothing new happened.
//
// A sentence that leans on the one before it comes only after that one; quotations and
// questions tell no news.
func Update(docs, before []Document, shown digest.Facts) []Sentence {
	known := make(told, 1024)
	for _, h := range shown {
		known[h] = struct{}{}
	}
	for _, doc := range before {
		lang := doc.language()
		known.add(doc.Title, lang)
		known.add(doc.Text[:min(len(doc.Text), maxBytes)], lang)
	}
	var out []Sentence
	words := 0
	for _, i := range newest(docs) {
		out, words = known.update(docs[i], i, out, words)
	}
	return out
}

// newest are the indexes of the documents, the newest first.
func newest(docs []Document) []int {
	order := make([]int, len(docs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(docs[b].Published.Compare(docs[a].Published), cmp.Compare(docs[a].ID, docs[b].ID))
	})
	return order
}

// update adds the sentences of one article that tell something new to those chosen.
func (t told) update(doc Document, at int, out []Sentence, words int) ([]Sentence, int) {
	lang := doc.language()
	text := doc.Text[:min(len(doc.Text), maxBytes)]
	news := boilerplate.News(text, lang)
	var tokens []language.Token
	before := -1 // the sentence chosen last
	for i, span := range news[:min(len(news), updateWithin)] {
		if len(out) == updateSentences {
			break
		}
		s := span.Of(text)
		tokens = language.Tokens(tokens[:0], s, lang)
		n := digest.Words(s)
		c := claimsOf(s, tokens, lang)
		if len(out) > 0 && words+n > digest.StandardWords || !tells(cuesOf(s, tokens, lang), i, before) || !t.news(c, lang) {
			continue
		}
		out, words, before = append(out, Sentence{at, span.From, span.To}), words+n, i
		t.claim(c, lang)
	}
	return out, words
}

// tells tells whether sentence i of an article can stand in an update, given which of
// the article's sentences stands before it (-1 if none does).
func tells(c cues, i, before int) bool {
	leaning := (c.leans || c.connects) && i > 0 && before != i-1
	return !leaning && !c.question && !c.colon && !c.unpaired && c.quoted < 0.5
}

// language is the document's language, detected where it is not given.
func (d Document) language() string {
	if d.Lang != "" {
		return d.Lang
	}
	return language.Detect(d.Title + "\n" + d.Text[:min(len(d.Text), 4000)])
}
