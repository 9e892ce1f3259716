package language

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Token is a word, a number or a pair of ideographs of a text.
type Token struct {
	Span
	// Term is what the token counts as: lower case, NFC, stemmed; "" for function words
	// and single letters, which carry no meaning.
	Term string
	// Upper says that the word begins with a capital, Number that it is one.
	Upper, Number bool
}

// Terms appends the terms of a text to dst: words in lower case, NFC and stemmed
// without the function words, numbers without their grouping marks, Chinese, Japanese,
// Korean and Thai as pairs of characters. A term holds no reference to the text.
func Terms(dst []string, text, lang string) []string {
	tokens(text, lang, func(t Token) {
		if t.Term != "" {
			dst = append(dst, t.Term)
		}
	})
	return dst
}

// Tokens appends the tokens of a text to dst, in order.
func Tokens(dst []Token, text, lang string) []Token {
	tokens(text, lang, func(t Token) { dst = append(dst, t) })
	return dst
}

func tokens(text, lang string, yield func(Token)) {
	for i := 0; i < len(text); {
		s, kind := run(text, i)
		i = s.To
		switch kind {
		case none:
			return
		case dense:
			pairs(text, s, lang, yield)
		case hiragana:
			yield(Token{Span: s})
		case digits:
			yield(Token{Span: s, Term: terms.term(s.Of(text), lang), Number: true})
		default:
			yield(Token{Span: s, Term: terms.term(s.Of(text), lang), Upper: upper(text[s.From:])})
		}
	}
}

// pairs yields every two neighbors of a run, or the one character it has.
func pairs(text string, s Span, lang string, yield func(Token)) {
	_, n := utf8.DecodeRuneInString(text[s.From:s.To])
	if s.From+n == s.To {
		yield(Token{Span: s, Term: terms.term(s.Of(text), lang)})
		return
	}
	for i := s.From; i+n < s.To; {
		_, m := utf8.DecodeRuneInString(text[i+n : s.To])
		pair := Span{i, i + n + m}
		yield(Token{Span: pair, Term: terms.term(pair.Of(text), lang)})
		i, n = i+n, m
	}
}

func upper(s string) bool {
	if c := s[0]; c < utf8.RuneSelf {
		return 'A' <= c && c <= 'Z'
	}
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// maxTerm is the length in bytes from which on a word is not a word but a key or an
// address; only its beginning counts.
const maxTerm = 48

// normalize makes a term of a word as it stands in the text.
func normalize(raw, lang string) string {
	word := Lower(norm.NFC.String(cut(raw, maxTerm)), lang)
	word = content(word, lang)
	if word == "" {
		return ""
	}
	switch kind, n := scriptAt(word, 0); kind {
	case digits:
		if word = number(word); isNumber(word) {
			return word
		}
	case letters:
		if n == len(word) {
			return ""
		}
	default:
		return word
	}
	if Stop(word, lang) {
		return ""
	}
	return stem(word, lang)
}

// Lower is the text in lower case as the language has it: Turkish tells i from ı.
func Lower(text, lang string) string {
	if lang == "tr" || lang == "az" {
		return strings.ToLowerSpecial(unicode.TurkishCase, text)
	}
	return strings.ToLower(text)
}

// content is the part of a word with apostrophes that carries the meaning: what follows
// an elided article or pronoun ("l'homme", "d'Italia", "don't": nothing), else what
// stands before a case ending ("Merkel's", "Ankara'da"). Ukrainian writes it inside words.
func content(word, lang string) string {
	before, after, found := cutApostrophe(word)
	switch {
	case !found:
		return word
	case lang == "uk" || lang == "be":
		return before + content(after, lang)
	case utf8.RuneCountInString(before) == 1 || Stop(before, lang):
		return content(after, lang)
	}
	return before
}

func cutApostrophe(word string) (before, after string, found bool) {
	i := strings.IndexAny(word, "'’ʼ")
	if i < 0 {
		return word, "", false
	}
	_, n := utf8.DecodeRuneInString(word[i:])
	return word[:i], word[i+n:], true
}

// number takes the grouping marks out of a number: "1,200" and "1.200" are 1200,
// "3.5" and "3,5" are 3.5.
func number(s string) string {
	if !strings.ContainsAny(s, ".,") {
		return s
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ',' })
	out := parts[0]
	for _, p := range parts[1:] {
		if len(p) != 3 {
			out += "."
		}
		out += p
	}
	return out
}

func isNumber(s string) bool {
	for _, r := range s {
		if r != '.' && !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}
