package language

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences are the sentences of a text in order, without the white space around them.
// A line break always ends a sentence; a sentence mark does where what stands before it
// is no abbreviation, initial or ordinal number and what follows begins a sentence.
func Sentences(text, lang string) []Span {
	out := make([]Span, 0, 1+len(text)/120)
	p := splitter{text: text, lang: lang}
	for i := 0; i < len(text); {
		end, next := p.sentence(i)
		if s, ok := trimmed(text, i, end); ok {
			out = append(out, s)
		}
		i = next
	}
	return out
}

type splitter struct {
	text, lang string
}

// sentence finds the end of the sentence that begins at from, and where the next one
// may begin.
func (p *splitter) sentence(from int) (end, next int) {
	deep := 0 // open brackets of the kind that hold whole sentences: 「 」
	for i := from; i < len(p.text); {
		c := p.text[i]
		if c < utf8.RuneSelf && c != '.' && c != '!' && c != '?' && c != '\n' && c != '\r' {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(p.text[i:])
		switch markOf(r) {
		case lineBreak:
			return i, i + n
		case opening:
			deep++
		case closing:
			deep = max(0, deep-1)
		case wideMark:
			if end := p.wideEnd(from, i+n, deep); end > 0 {
				return end, end
			}
		case narrowMark:
			end := p.closers(from, i+n)
			if p.ends(from, i, end, r) {
				return end, end
			}
			n = end - i
		}
		i += n
	}
	return len(p.text), len(p.text)
}

type mark uint8

const (
	plain      mark = iota
	lineBreak       // ends a paragraph
	narrowMark      // . ! ? and their like: end a sentence where a space follows
	wideMark        // 。 and its like: end a sentence as they are
	opening         // 「 『
	closing         // 」 』
)

func markOf(r rune) mark {
	switch r {
	case '\n', '\r', 0x85, 0x2028, 0x2029:
		return lineBreak
	case '.', '!', '?', '…', '‼', '⁇', '⁈', '⁉', '؟', '۔', '।', '॥', '։', '።', '፧', '၊', '။', '។', '៕':
		return narrowMark
	case '。', '！', '？', '｡', '．':
		return wideMark
	case '「', '『':
		return opening
	case '」', '』':
		return closing
	}
	return plain
}

// closers is where the marks, closing quotes and brackets end that follow a sentence mark
// in the sentence that began at from.
func (p *splitter) closers(from, i int) int {
	for i < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[i:])
		m := markOf(r)
		switch {
		case m == narrowMark || m == wideMark:
		case unicode.Is(unicode.Zs, r) && p.guillemet(i+n):
		case r == '“' && p.spaceAt(i+n): // German „so“
		case !strings.ContainsRune("\"'”’»›)]}」』】）", r):
			return i
		case (r == '"' || r == '\'') && p.opens(from, i):
			return i
		}
		i += n
	}
	return i
}

// guillemet tells whether a French closing quote, which has a space before it, is at i.
func (p *splitter) guillemet(i int) bool {
	return strings.HasPrefix(p.text[i:], "»") && p.spaceAt(i+len("»"))
}

// spaceAt tells whether white space or nothing is at i.
func (p *splitter) spaceAt(i int) bool {
	r, _ := utf8.DecodeRuneInString(p.text[i:])
	return i >= len(p.text) || unicode.IsSpace(r)
}

// quoteReach is how far back an opening quote is looked for.
const quoteReach = 2000

// opens tells whether the straight quote at i begins a quotation: a letter follows it,
// and none is open in the sentence that began at from.
func (p *splitter) opens(from, i int) bool {
	r, _ := utf8.DecodeRuneInString(p.text[i+1:])
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return false
	}
	return p.text[i] == '"' && strings.Count(p.text[max(from, i-quoteReach):i], `"`)%2 == 0
}

// wideEnd is where a sentence closed by an ideographic mark ends, 0 where it goes on:
// inside brackets, or where the grammar continues after a quotation ("。」と述べた").
func (p *splitter) wideEnd(from, i, deep int) int {
	end := p.closers(from, i)
	closed := p.text[i:end]
	if deep > strings.Count(closed, "」")+strings.Count(closed, "』") {
		return 0
	}
	if closed != "" && end < len(p.text) {
		if k, _ := scriptAt(p.text, end); k == hiragana {
			return 0
		}
	}
	return end
}

// ends tells whether the mark r at i, whose closers reach to end, closes the sentence
// that began at from.
func (p *splitter) ends(from, i, end int, r rune) bool {
	if end >= len(p.text) {
		return true
	}
	after, spaced := p.after(end)
	if !spaced {
		return p.glued(i, end, r)
	}
	if after == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(after)
	if unicode.IsLower(first) {
		return false
	}
	if r != '.' || end-i > 1 && p.text[i+1] == '.' {
		return true
	}
	if !startsText(first) {
		return true
	}
	return !p.abbreviated(from, i, after)
}

// startsText tells whether an abbreviation may stand before this character.
func startsText(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// after is what follows the white space, opening quotes and brackets at i, and whether
// white space was there; nothing after a line break.
func (p *splitter) after(i int) (rest string, spaced bool) {
	for i < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[i:])
		switch {
		case markOf(r) == lineBreak:
			return "", true
		case unicode.IsSpace(r) || r == 0x200b || r == 0xfeff:
			spaced = true
		case !strings.ContainsRune("\"'“”‘’„«»‹›([{¿¡-–—•*", r):
			return p.text[i:], spaced || scriptOfAny(r) >= dense
		case !spaced && (r == '“' || r == '„' || r == '«'):
			spaced = true
		}
		i += n
	}
	return "", true
}

func scriptOfAny(r rune) script {
	if r < utf8.RuneSelf {
		return asciiScript[r]
	}
	return scriptOf(r)
}

// glued tells whether a mark without a space after it ends a sentence all the same, as
// in "it said.The": small letters, a number or a quotation before, a capitalized word
// after.
func (p *splitter) glued(i, end int, r rune) bool {
	if r > unicode.MaxASCII {
		return r == '।' || r == '۔' || r == '؟' || r == '…' && p.capitalized(end)
	}
	return p.capitalized(end) && (p.closesWord(i) || end > i+1 && r != '.')
}

// closesWord tells whether what stands before i may be the last word of a sentence and
// no abbreviation or name of a file or site.
func (p *splitter) closesWord(i int) bool {
	last, n := utf8.DecodeLastRuneInString(p.text[:i])
	before, _ := utf8.DecodeLastRuneInString(p.text[:i-n])
	switch {
	case strings.ContainsRune("\"”’»)]%", last):
		return true
	case unicode.IsDigit(last):
		return unicode.IsDigit(before)
	case unicode.IsLower(last) && unicode.IsLower(before):
		return abbreviation(p.word(i), p.lang) != title
	}
	return false
}

// capitalized tells whether a capitalized word begins at i, be it behind a quote.
func (p *splitter) capitalized(i int) bool {
	rest := strings.TrimLeft(p.text[i:min(len(p.text), i+16)], "\"“«„ \u00a0\u202f")
	first, n := utf8.DecodeRuneInString(rest)
	second, _ := utf8.DecodeRuneInString(rest[n:])
	return unicode.IsUpper(first) && (unicode.IsLower(second) || second == ' ' || second == '\'' || second == '’')
}

// word is the word that ends at i, with the points inside it ("U.S", "z.B").
func (p *splitter) word(i int) string {
	from := i
	for from > 0 && i-from < maxTerm {
		r, n := utf8.DecodeLastRuneInString(p.text[:from])
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '.' && r != '\'' && r != '’' {
			break
		}
		from -= n
	}
	return strings.TrimLeft(p.text[from:i], ".'’")
}

// abbreviated tells whether the point at i belongs to the word before it rather than to
// the sentence that began at from; after is what follows.
func (p *splitter) abbreviated(from, i int, after string) bool {
	word := p.word(i)
	if word == "" {
		return false
	}
	next, _ := run(after, 0)
	starter := Stop(Lower(next.Of(after), p.lang), p.lang) && !strings.HasPrefix(after[next.To:], ".")
	number := strings.Trim(word, "0123456789") == ""
	digit := unicode.IsDigit(rune(after[0]))
	switch {
	case number:
		return strings.TrimSpace(p.text[from:i]) == word || // "1. First"
			len(word) <= 2 && ordinals[p.lang] && !starter
	case single(word):
		return !starter
	}
	switch abbreviation(word, p.lang) {
	case title:
		return true
	case beforeNumber:
		return digit
	case anywhere:
		return !starter
	}
	return strings.Contains(word, ".") && !digitsOnly(word) && !starter
}

// single tells whether a word is one letter (with its marks): an initial.
func single(word string) bool {
	r, n := utf8.DecodeRuneInString(word)
	if !unicode.IsLetter(r) || scriptOfAny(r) >= dense {
		return false
	}
	return strings.IndexFunc(word[n:], func(r rune) bool { return !unicode.IsMark(r) }) < 0
}

func digitsOnly(s string) bool { return strings.Trim(s, "0123456789.") == "" }

// trimmed is text[from:to] without the white space around it, false if nothing is left.
func trimmed(text string, from, to int) (Span, bool) {
	space := func(r rune) bool { return unicode.IsSpace(r) || r == 0x200b || r == 0xfeff }
	s := text[from:to]
	right := strings.TrimRightFunc(s, space)
	left := strings.TrimLeftFunc(right, space)
	to = from + len(right)
	return Span{to - len(left), to}, left != ""
}
