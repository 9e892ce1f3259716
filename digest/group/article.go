package group

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"newsdigest/digest"
	"newsdigest/digest/language"
)

const (
	// textTerms is how many terms of the text count: about its first 80 words, where news
	// says what happened. titleTerms and textBytes bound what is not a title or has no words.
	textTerms  = 50
	titleTerms = 40
	textBytes  = 2000
)

// stamp is the place of an article in time.
type stamp struct {
	unix int64 // seconds; undated for a date nobody knows
	id   digest.ArticleID
}

// undated comes after every date.
const undated = math.MaxInt64

func stampOf(d Doc) stamp {
	if d.Date.IsZero() {
		return stamp{undated, d.ID}
	}
	return stamp{d.Date.Unix(), d.ID}
}

func (s stamp) compare(t stamp) int {
	return cmp.Or(cmp.Compare(s.unix, t.unix), cmp.Compare(s.id, t.id))
}

// article is what the index keeps of an article.
type article struct {
	stamp
	terms  []term // by id, each once
	sketch sketch
	story  *story
	lang   string
	bare   bool // has a title only
}

// term is a term of an article: its id in the vocabulary (24 bits), how often it is in
// the title (2 bits), whether it stands there as a name does and whether as other words do
// (1 bit each), and how often it is at the beginning of the text (4 bits).
type term uint32

const (
	textUnit   term = 1
	namedUnit  term = 1 << 4
	commonUnit term = 1 << 5
	titleUnit  term = 1 << 6
	idUnit     term = 1 << 8

	maxInTitle = 3
	maxInText  = 15
)

func (t term) id() termID       { return termID(t / idUnit) }
func (t term) inTitle() int     { return int(t / titleUnit % (maxInTitle + 1)) }
func (t term) inText() int      { return int(t % (maxInText + 1)) }
func (t term) same(u term) bool { return t/idUnit == u/idUnit }

// isName tells whether the term is a name: written as one, and never as another word.
func (t term) isName() bool { return t&(namedUnit|commonUnit) == namedUnit }

// read makes an article of a document; its story is still open.
func (x *Index) read(d Doc) article {
	lang := languageOf(d)
	x.words = x.words[:0]
	x.scan(d.Title, lang, titleTerms)
	title := len(x.words)
	x.scan(beginning(d.Text), lang, sketchTerms)
	text := x.words[title:]
	terms := x.terms[:0]
	for _, w := range x.words[:title] {
		terms = append(terms, w.mark+term(x.intern(w.term, lang))*idUnit+titleUnit)
	}
	for _, w := range text[:min(len(text), textTerms)] {
		terms = append(terms, w.mark+term(x.intern(w.term, lang))*idUnit+textUnit)
	}
	x.terms = terms
	return article{
		stamp:  stampOf(d),
		terms:  slices.Clone(count(terms)),
		sketch: sketchOf(x.words[:title], text),
		lang:   lang,
		bare:   len(text) == 0,
	}
}

// beginning is what of a text is looked at.
func beginning(text string) string {
	if len(text) <= textBytes {
		return text
	}
	return strings.ToValidUTF8(text[:textBytes], "")
}

// languageOf is the language of an article, guessed from its text where nobody told.
func languageOf(d Doc) string {
	if d.Lang != "" {
		return language.Base(d.Lang)
	}
	return language.Detect(d.Title + "\n" + d.Text)
}

// count sorts terms by id and adds up the counts of each.
func count(terms []term) []term {
	slices.Sort(terms)
	out := terms[:0]
	for _, t := range terms {
		if n := len(out); n > 0 && out[n-1].same(t) {
			out[n-1] = out[n-1].plus(t)
		} else {
			out = append(out, t)
		}
	}
	return out
}

// plus is the term with the counts and the marks of both.
func (t term) plus(u term) term {
	title := min(t.inTitle()+u.inTitle(), maxInTitle)
	text := min(t.inText()+u.inText(), maxInText)
	return t/idUnit*idUnit + term(title)*titleUnit + (t|u)&(namedUnit|commonUnit) + term(text)*textUnit
}
