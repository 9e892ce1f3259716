// Package boilerplate tells the news in an article's text from what publishers put
// around it: datelines, bylines, time stamps, captions, headings, calls to action,
// sign-ups, cookie notices, credits and author biographies.
//
// It never rewrites: its answers are spans of the text as received.
package boilerplate

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"newsdigest/digest/language"
)

// News are the sentences of a text that tell its news, in order. A dateline in front of
// the first sentence is cut off. Headings and other lines without an end mark count as
// news only where there is nothing else.
func News(text, lang string) []language.Span {
	all := language.Sentences(text, lang)
	news := all[head(text, all):]
	news = news[:biography(text, lang, news)]
	kept, bare := make([]language.Span, 0, len(news)), make([]language.Span, 0, 4)
	for i, s := range news {
		if len(kept) < datelineWithin {
			s.From += dateline(s.Of(text))
		}
		switch sentence := s.Of(text); {
		case !hasWord(sentence) || furniture(sentence, lang, len(news)-i <= biographyWithin):
		case closed(sentence):
			kept = append(kept, s)
		default:
			bare = append(bare, s)
		}
	}
	if len(kept) == 0 {
		return bare
	}
	return kept
}

// Clean is the text without the paragraphs (lines) in which there is no news.
func Clean(text, lang string) string {
	news := News(text, lang)
	var out strings.Builder
	i := 0
	for line := range strings.Lines(text) {
		from := i
		i += len(line)
		for len(news) > 0 && news[0].To <= from {
			news = news[1:]
		}
		if len(news) > 0 && news[0].From < i {
			if out.Len() > 0 {
				out.WriteString("\n\n")
			}
			out.WriteString(strings.TrimSpace(text[max(from, min(news[0].From, i)):i]))
		}
	}
	return out.String()
}

// closed tells whether a sentence has an end mark of its own. One set off by a space
// (" .") was put there by a machine that glued lines together.
func closed(sentence string) bool {
	end := strings.TrimRight(sentence, "\"'”’»›)]}」』】） \u00a0\u202f")
	r, n := utf8.DecodeLastRuneInString(end)
	if !strings.ContainsRune(".!?…‼⁇⁈⁉؟۔।॥։።፧၊။។៕。！？｡．:;,–—", r) && !unicode.In(r, unicode.Thai, unicode.Lao) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(end[:len(end)-n])
	return !unicode.IsSpace(before) || r == '…' || lacksSpacing(r)
}

// lacksSpacing are the marks that French sets off with a space.
func lacksSpacing(r rune) bool { return r == '!' || r == '?' || r == ':' || r == ';' }

func hasWord(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }

// wordCount is the number of fields of s, counted up to limit.
func wordCount(s string, limit int) int {
	n := 0
	for range strings.FieldsSeq(s) {
		if n++; n == limit {
			break
		}
	}
	return n
}
