// Package summary chooses the sentences that tell a story best and the headline that
// names it. It writes nothing of its own: every sentence is a span of an article as the
// publisher wrote it. It needs no network and no key, and the same articles always make
// the same summary.
package summary

import (
	"cmp"
	"slices"
	"time"

	"newsdigest/digest"
)

// Document is one article of a story, as the summarizer sees it.
type Document struct {
	ID     digest.ArticleID
	Outlet string // "" = unknown, an outlet of its own
	Title  string
	Text   string // plain text; line breaks end paragraphs
	Lang   string // BCP 47 base language; "" = detected
	// Published tells news from updates; the zero time where it is unknown.
	Published time.Time
}

// Limit is how long a summary may be. The zero Limit is the standard length: two
// sentences if they have at most digest.StandardWords words together, else one.
type Limit struct {
	Sentences int // at most so many sentences; 0 = no limit but Words
	Words     int // at most so many words, but at least one sentence; 0 = no limit but Sentences
}

// Sentence is a chosen sentence: docs[Doc].Text[From:To], in bytes.
type Sentence struct{ Doc, From, To int }

// Summarize chooses the sentences that together tell best what the documents tell, in
// reading order. Documents without news in them yield none.
func Summarize(docs []Document, limit Limit) []Sentence {
	d := read(docs)
	var chosen []int
	switch {
	case limit == (Limit{}):
		chosen = d.standard()
	case limit.Sentences > 0 && limit.Words > 0:
		chosen = d.choose(limit.Sentences, limit.Words)
	case limit.Words > 0:
		chosen = d.choose(len(d.sentences), limit.Words)
	default:
		chosen = d.choose(limit.Sentences, 0)
	}
	return d.spans(chosen)
}

// Story is the summary of a story in its two lengths, from as many outlets as tell
// something of their own.
func Story(docs []Document) digest.Summary {
	d := read(docs)
	d.spread = true
	return digest.Summary{
		Standard: d.cite(d.standard()),
		Full:     d.cite(d.choose(digest.FullSentences, 0)),
	}
}

// spans are chosen sentences in reading order: those of an article as they stand in it,
// the articles in their order, but in a story the one it opens with first.
func (d *draft) spans(chosen []int) []Sentence {
	out := make([]Sentence, len(chosen))
	for i, c := range chosen {
		s := d.sentences[c]
		out[i] = Sentence{s.doc, s.From, s.To}
	}
	opens := -1
	if d.together() && len(out) > 0 {
		opens = out[0].Doc
	}
	place := func(doc int) int {
		if doc == opens {
			return -1
		}
		return doc
	}
	slices.SortFunc(out, func(a, b Sentence) int {
		return cmp.Or(cmp.Compare(place(a.Doc), place(b.Doc)), cmp.Compare(a.From, b.From))
	})
	return out
}

func (d *draft) cite(chosen []int) []digest.Sentence {
	var out []digest.Sentence
	for _, s := range d.spans(chosen) {
		doc := d.docs[s.Doc]
		out = append(out, digest.Sentence{Article: doc.ID, From: s.From, To: s.To, Text: doc.Text[s.From:s.To]})
	}
	return out
}
