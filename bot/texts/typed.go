package texts

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"newsdigest/digest"
)

// Texts whose names begin with "typed." are not said but typed: the words, with commas
// between them, that people may use for something. Those of English are always understood.

// typedWords are the words for the ids, as digest.TypedKey makes them: those of the
// language, and those of English that mean nothing else in it.
func typedWords(lang string, of []ID) map[string]ID {
	out := map[string]ID{}
	for _, l := range []string{English, lang} {
		for _, id := range of {
			for w := range strings.SplitSeq(Say(l, id), ",") {
				out[digest.TypedKey(w)] = id
			}
		}
	}
	delete(out, "")
	return out
}

// Typed is which of the ids somebody means by a text, in the language or in English.
func Typed(lang, text string, of ...ID) (ID, bool) {
	id, ok := typedWords(lang, of)[digest.TypedKey(text)]
	return id, ok
}

// longestTyped is how much of a text is looked at for words that may stand at its start or
// end, in bytes.
const longestTyped = 80

// CutTyped cuts the longest words for one of the ids off the start of a text.
func CutTyped(lang, text string, of ...ID) (id ID, rest string, ok bool) {
	words := typedWords(lang, of)
	for end := min(len(text), longestTyped); end > 0; end-- {
		if id, ok := words[digest.TypedKey(text[:end])]; ok && parts(text, end) {
			return id, text[end:], true
		}
	}
	return "", text, false
}

// CutTypedEnd cuts the longest words for one of the ids off the end of a text.
func CutTypedEnd(lang, text string, of ...ID) (id ID, rest string, ok bool) {
	words := typedWords(lang, of)
	for start := max(0, len(text)-longestTyped); start < len(text); start++ {
		if id, ok := words[digest.TypedKey(text[start:])]; ok && parts(text, start) {
			return id, text[:start], true
		}
	}
	return "", text, false
}

// parts tells whether a word ends or starts at this place of a text: where a letter follows
// another one, only in Chinese, which leaves no space.
func parts(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	if at < len(text) && !utf8.RuneStart(text[at]) {
		return false
	}
	letters := at > 0 && at < len(text) && unicode.IsLetter(before) && (unicode.IsLetter(after) || unicode.IsMark(after))
	return !letters || unicode.Is(unicode.Han, before) || unicode.Is(unicode.Han, after)
}
