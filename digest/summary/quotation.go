package summary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"newsdigest/digest"
	"newsdigest/digest/language"
)

const (
	// quotationSentences and quotationWords are up to how many sentences and words of one
	// quotation are taken as one sentence, which it is by its grammar: "A. B," she said.
	quotationSentences = 4
	quotationWords     = 60
)

// wholeQuotations joins sentences that a quotation spans, so that none is cut in two.
// What is longer stays in sentences, which are then not chosen.
func wholeQuotations(text string, spans []language.Span) []language.Span {
	out := spans[:0]
	for i := 0; i < len(spans); {
		joined, n := quotation(text, spans[i:])
		out = append(out, joined)
		i += n
	}
	return out
}

// quotation is the first of the spans, with the n-1 after it that its quotation needs.
func quotation(text string, spans []language.Span) (joined language.Span, n int) {
	var open quoteMarks
	open.read(spans[0].Of(text))
	if !open.cut() {
		return spans[0], 1
	}
	for n = 1; n < min(len(spans), quotationSentences); n++ {
		gap := text[spans[n-1].To:spans[n].From]
		if strings.TrimSpace(gap) != "" || hasBreak(gap) {
			break
		}
		joined = language.Span{From: spans[0].From, To: spans[n].To}
		if open.read(spans[n].Of(text)); !open.cut() {
			if digest.Words(joined.Of(text)) <= quotationWords {
				return joined, n + 1
			}
			break
		}
	}
	return spans[0], 1
}

// quoteMarks follows the quotation marks of a text.
type quoteMarks struct {
	straight, open int
	inside         int  // bytes between marks, about
	head           bool // the text begins with a mark
	early          bool // a mark closes what no mark opened
}

func (q *quoteMarks) read(s string) {
	for i, r := range s {
		switch r {
		case '"':
			q.early = q.early || q.straight%2 == 0 && closesAt(s, i)
			q.straight++
			q.head = q.head || i == 0
		case '“', '«', '「', '『', '„':
			q.open++
			q.head = q.head || i == 0
		case '”', '»', '」', '』':
			q.open--
			q.early = q.early || q.open < 0
		case '\'', '‘', '`':
			q.head = q.head || i == 0
		}
		if q.straight%2 != 0 || q.open > 0 {
			q.inside++
		}
	}
}

// closesAt tells whether the straight mark at i can only close: a word or a sentence mark
// stands before it and none after it.
func closesAt(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return i > 0 && !unicode.IsSpace(before) && !strings.ContainsRune("([{-–—/", before) && i+1 < len(s) && !word(after)
}

// cut tells whether a quotation began before what was read or goes on beyond it.
func (q *quoteMarks) cut() bool { return q.early || q.straight%2 != 0 || q.open != 0 }
