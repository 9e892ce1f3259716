package digest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kinds of tokens that are no words.
const (
	digitsWord wordKind = -1 - iota
	commaWord
	plusWord
	minusWord
	colonWord // between hours and minutes: ":" and "."
	badWord
)

// token is a word, a run of digits or a sign of a phrase.
type token struct {
	word
	text  string
	from  int  // where it starts, in bytes
	size  int  // in bytes
	glued bool // nothing stands between it and the token before
}

// tokens cuts a text. Dots and apostrophes inside a word do not count.
func (v vocabulary) tokens(text string) []token {
	var tokens []token
	end := 0 // of the last token
	for from := 0; from < len(text); {
		t := v.token(text[from:])
		if t.size == 0 {
			_, n := utf8.DecodeRuneInString(text[from:])
			from += n
			continue
		}
		t.from, t.glued = from, from == end && from > 0
		tokens = append(tokens, t)
		from += t.size
		end = from
	}
	return tokens
}

// token reads the token at the start of a text; size 0 = white space or a full stop.
func (v vocabulary) token(text string) (t token) {
	r, n := utf8.DecodeRuneInString(text)
	switch {
	case startsWithDigit(text):
		t.size = len(text) - len(strings.TrimLeft(text, "0123456789"))
		t.kind = digitsWord
	case unicode.IsLetter(r):
		t.word, t.size = v.word(text)
	case unicode.IsSpace(r), r == '.' && !startsWithDigit(text[n:]), strings.Trim(text, "!?") == "":
		return t
	default:
		t.kind, t.size = sign(r), n
	}
	t.text = text[:t.size]
	return t
}

func startsWithDigit(text string) bool { return text != "" && text[0] >= '0' && text[0] <= '9' }

// sign is the kind of a sign of punctuation.
func sign(r rune) wordKind {
	switch r {
	case ',', ';', '/', '、', '،', '؛':
		return commaWord
	case '&':
		return andWord
	case '@':
		return fillWord
	case '+':
		return plusWord
	case '-', '–', '—', '−', '~', '〜':
		return minusWord
	case ':', '.':
		return colonWord
	case '(':
		return unknownWord // a place in parentheses
	}
	return badWord
}

// word reads the longest entry of the vocabulary at the start of a text, or an unknown
// word, and its size in bytes.
func (v vocabulary) word(text string) (w word, size int) {
	if isDense(text) {
		return v.denseWord(text)
	}
	if w, size, ok := v.entry(text); ok {
		return w, size
	}
	for _, t := range v {
		if rest, ok := strings.CutPrefix(text, t.joined); ok && t.joined != "" {
			if _, _, known := v.entry(rest); known {
				return word{kind: andWord}, len(t.joined)
			}
		}
	}
	end := wordSize(text)
	if day, size := v.joinedDay(text[:end]); size > 0 {
		return day, size
	}
	return word{}, end
}

// joinedDay is the day that a word starts with which ends with a part of the day, size 0 if
// it is no such word.
func (v vocabulary) joinedDay(text string) (day word, size int) {
	for _, t := range v {
		for at := range text {
			day, part := t.words[typedWord(text[:at])], t.words[typedWord(text[at:])]
			if t.joinedDays && day.kind == daysWord && (part.kind == partWord || part.kind == morrowWord) {
				return day, at
			}
		}
	}
	return word{}, 0
}

// entry reads the longest entry at the start of a text.
func (v vocabulary) entry(text string) (w word, size int, ok bool) {
	key, end := "", 0
	for range v.most() {
		n := wordSize(text[end:])
		if n == 0 {
			break
		}
		key += typedWord(text[end : end+n])
		end += n
		if found, known := v.find(key); known {
			w, size, ok = found, end, true
		}
		end += gapSize(text[end:])
		key += " "
	}
	return w, size, ok
}

// most is how many words an entry may have.
func (v vocabulary) most() int {
	most := 0
	for _, t := range v {
		most = max(most, t.most)
	}
	return most
}

// denseWord is word for a script that does not part its words: the longest entry that the
// text starts with, else all that is unknown up to an entry of two characters or more.
func (v vocabulary) denseWord(text string) (w word, size int) {
	for from := range text {
		if !isDense(text[from:]) {
			return word{}, from
		}
		w, size, ok := v.denseEntry(text[from:])
		switch {
		case ok && from == 0:
			return w, size
		case ok && utf8.RuneCountInString(text[from:from+size]) > 1:
			return word{}, from
		}
	}
	return word{}, len(text)
}

// denseEntry is entry for a script that does not part its words.
func (v vocabulary) denseEntry(text string) (w word, size int, ok bool) {
	most := 0
	for _, t := range v {
		most = max(most, t.dense)
	}
	for from, r := range text {
		if most == 0 || !isDense(text[from:]) {
			break
		}
		most--
		end := from + utf8.RuneLen(r)
		if found, known := v.find(text[:end]); known {
			w, size, ok = found, end, true
		}
	}
	return w, size, ok
}

// isDense tells whether a text starts with a character of a script that does not part its
// words, of those that there are tables for.
func isDense(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.Is(unicode.Han, r)
}

// wordSize is the length of the word at the start of a text, in bytes: letters, and dots
// and apostrophes between letters ("a.m.", "o'clock").
func wordSize(text string) int {
	size := 0
	for i, r := range text {
		switch {
		case isDense(text[i:]):
			return size
		case unicode.IsLetter(r) || unicode.IsMark(r) && i > 0:
			size = i + utf8.RuneLen(r)
		case r == '.' || isApostrophe(r):
		default:
			return size
		}
	}
	return size
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '‘' || r == '`' || r == '´' }

// gapSize is the length of what may stand between the words of one entry, in bytes: white
// space, or a hyphen.
func gapSize(text string) int {
	if strings.HasPrefix(text, "-") {
		return 1
	}
	return len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
}

// TypedKey is a text as somebody may have typed it otherwise: without case, accents, dots
// and apostrophes, with one space between words, and digits in ASCII.
func TypedKey(text string) string { return keyOf(plainText(text)) }

// keyOf is a text as the tables have it.
func keyOf(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '-' })
	for i, w := range words {
		words[i] = typedWord(w)
	}
	return strings.Join(words, " ")
}

// typedWord is a word without what people leave out when they type: case, accents, dots and
// apostrophes.
func typedWord(w string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(w) {
		plain, ok := accents[r]
		switch {
		case r == '.' || isApostrophe(r) || r == 'ʼ' || unicode.Is(unicode.Mn, r) || r == 'ـ':
		case ok:
			b.WriteString(plain)
		default:
			b.WriteRune(plainLetter(r))
		}
	}
	return b.String()
}

// plainLetter is the letter that a letter with an accent is without it, in the scripts
// where it may be typed as two characters, or left out.
func plainLetter(r rune) rune {
	switch r {
	case 'й':
		return 'и'
	case 'ї':
		return 'і'
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ئ':
		return 'ي'
	case 'ة':
		return 'ه'
	case 'ؤ':
		return 'و'
	}
	return r
}

// plainText is a text with its digits in ASCII, its signs of full width in the usual one,
// and without characters that cannot be seen.
func plainText(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xff01 && r <= 0xff5e:
			return r - 0xff01 + '!'
		case r == '。' || r == '٫':
			return '.'
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, Digits(text))
}

// Digits is a text with the digits of all scripts in ASCII: "٨" is "8".
func Digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r) {
			return r
		}
		for _, set := range unicode.Nd.R16 {
			if rune(set.Lo) <= r && r <= rune(set.Hi) {
				return '0' + (r-rune(set.Lo))%10
			}
		}
		for _, set := range unicode.Nd.R32 {
			if rune(set.Lo) <= r && r <= rune(set.Hi) {
				return '0' + (r-rune(set.Lo))%10
			}
		}
		return r
	}, text)
}
