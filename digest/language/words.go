package language

import (
	"iter"
	"unicode"
	"unicode/utf8"
)

// script is how a run of characters is cut into terms.
type script uint8

const (
	none     script = iota // between words
	letters                // words between spaces
	digits                 // numbers
	dense                  // Han, Hangul, Thai and others without spaces: pairs of characters
	katakana               // runs are loan words and names
	hiragana               // runs are the grammar of Japanese
)

// asciiScript is the script of every ASCII character.
var asciiScript = func() (t [utf8.RuneSelf]script) {
	for c := range t {
		switch {
		case '0' <= c && c <= '9':
			t[c] = digits
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			t[c] = letters
		}
	}
	return t
}()

// scriptOf is the script of a character beyond ASCII. The blocks are those of Unicode;
// what stands between words comes first because it is frequent.
func scriptOf(r rune) script {
	switch {
	case r >= 0x2000 && r <= 0x206f, r >= 0x3000 && r <= 0x3004, r >= 0x3008 && r <= 0x3020:
		return none
	case r < 0x0e00:
		return lettersOrDigits(r)
	case r <= 0x0eff, r >= 0x1000 && r <= 0x109f, r >= 0x1780 && r <= 0x17ff: // Thai, Lao, Myanmar, Khmer
		return dense
	case r >= 0x3041 && r <= 0x309f:
		return hiragana
	case r >= 0x30a1 && r <= 0x30ff && r != 0x30fb, r >= 0x31f0 && r <= 0x31ff, r >= 0xff66 && r <= 0xff9f:
		return katakana
	case r >= 0x3400 && r <= 0x9fff, r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff, r >= 0x20000 && r <= 0x3ffff, r == 0x3005:
		return dense
	}
	return lettersOrDigits(r)
}

func lettersOrDigits(r rune) script {
	switch {
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return letters
	case unicode.IsDigit(r):
		return digits
	}
	return none
}

// scriptAt is the script and the width of the character at text[i].
func scriptAt(text string, i int) (script, int) {
	if c := text[i]; c < utf8.RuneSelf {
		return asciiScript[c], 1
	}
	r, n := utf8.DecodeRuneInString(text[i:])
	return scriptOf(r), n
}

// run is the next run of characters of one script at or after i. Letters and digits
// make one run ("G20"); it is of digits only if all of it is.
func run(text string, i int) (Span, script) {
	kind, n := none, 0
	for i < len(text) {
		if kind, n = scriptAt(text, i); kind != none {
			break
		}
		i += n
	}
	from := i
	for i += n; i < len(text); i += n {
		var k script
		k, n = scriptAt(text, i)
		switch {
		case k == kind:
		case k == letters && kind == digits:
			kind = letters
		case k == digits && kind == letters:
		case k == none && joins(text, i, n, kind):
		default:
			return Span{from, i}, kind
		}
	}
	return Span{from, len(text)}, kind
}

// joins tells whether the mark at text[i:i+n] stands inside a word or a number: an
// apostrophe between letters, a point or comma between digits.
func joins(text string, i, n int, kind script) bool {
	if i+n >= len(text) {
		return false
	}
	after, _ := scriptAt(text, i+n)
	switch mark := text[i : i+n]; kind {
	case letters:
		return after == letters && (mark == "'" || mark == "’" || mark == "ʼ")
	case digits:
		return after == digits && (mark == "." || mark == ",")
	}
	return false
}

// words are the runs of a text, without those that are numbers.
func words(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 0; i < len(text); {
			s, kind := run(text, i)
			i = s.To
			if kind != none && kind != digits && !yield(s.Of(text)) {
				return
			}
		}
	}
}
