package digest

import (
	"strings"
	"unicode"
)

// accents are letters by the plain letters that people type for them, also in search
// boxes: those of the Latin, Greek and Cyrillic scripts that news is written in.
var accents = letters(map[string]string{
	"a": "àáâãäåāăąǎạảấầẩẫậắằẳẵặ", "c": "çćĉċč", "d": "ďđ", "e": "èéêëēĕėęěẹẻẽếềểễệ", "g": "ĝğġģǧ", "h": "ĥħ",
	"i": "ìíîïĩīĭįıǐỉị", "j": "ĵ", "k": "ķ", "l": "ĺļľŀł", "n": "ñńņňŉ", "o": "òóôõöøōŏőơǒọỏốồổỗộớờởỡợ", "r": "ŕŗř",
	"s": "śŝşšș", "t": "ţťŧț", "u": "ùúûüũūŭůűųưǔụủứừửữự", "w": "ŵ", "y": "ýÿŷỳỵỷỹ", "z": "źżž",
	"ss": "ß", "ae": "æ", "oe": "œ", "th": "þ",
	"α": "ά", "ε": "έ", "η": "ή", "ι": "ίϊΐ", "ο": "ό", "υ": "ύϋΰ", "ω": "ώ", "σ": "ς",
	"е": "ё",
})

func letters(lists map[string]string) map[rune]string {
	out := map[rune]string{}
	for plain, list := range lists {
		for _, r := range list {
			out[r] = plain
		}
	}
	return out
}

// dense are the scripts that write no spaces between words, or none that part all of
// them: each of their characters counts as a word.
var dense = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai,
	unicode.Lao, unicode.Khmer, unicode.Myanmar}

// firstDense is the first character of any of them (Thai).
const firstDense = 0x0e00

// fold is a text as its words, in lower case and without accents, a space before and
// after each: a text holds the words of another if its fold holds the other's.
func fold(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	open := false // inside a word
	for _, r := range text {
		switch {
		case r < unicode.MaxASCII:
		case combining(r):
			continue
		case r >= firstDense && unicode.In(r, dense...):
			b.WriteByte(' ')
			b.WriteRune(r)
			open = false
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			open = false
			continue
		}
		if !open {
			b.WriteByte(' ')
			open = true
		}
		r = unicode.ToLower(r)
		if plain, ok := accents[r]; ok && r >= unicode.MaxASCII {
			b.WriteString(plain)
			continue
		}
		b.WriteRune(r)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	return b.String()
}

// combining tells whether a character is an accent on the letter before, or one of the
// Arabic vowel signs, which people leave out.
func combining(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0x64b && r <= 0x652
}

// same tells whether two names are the same but for case, accents and punctuation.
func same(a, b string) bool { return a == b || fold(a) == fold(b) }
