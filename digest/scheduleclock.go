package digest

import (
	"strconv"
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
	text  string // of digits
	from  int    // where it starts, in bytes
	glued bool   // nothing stands between it and the token before
}

// tokens cuts a text. Dots and apostrophes inside a word do not count.
func (v vocabulary) tokens(text string) []token {
	var tokens []token
	end := 0 // of the last token
	for from := 0; from < len(text); {
		size, t := v.token(text[from:])
		if size == 0 {
			_, n := utf8.DecodeRuneInString(text[from:])
			from += n
			continue
		}
		t.from, t.glued = from, from == end && from > 0
		tokens = append(tokens, t)
		from += size
		end = from
	}
	return tokens
}

// token reads the token at the start of a text; size 0 = white space or a full stop.
func (v vocabulary) token(text string) (size int, t token) {
	r, n := utf8.DecodeRuneInString(text)
	switch {
	case startsWithDigit(text):
		size = len(text) - len(strings.TrimLeft(text, "0123456789"))
		t.kind, t.text = digitsWord, text[:size]
		return size, t
	case unicode.IsLetter(r):
		size = wordSize(text)
		t.word = v[strings.NewReplacer(".", "", "'", "", "’", "").Replace(strings.ToLower(text[:size]))]
		return size, t
	case unicode.IsSpace(r), r == '.' && !startsWithDigit(text[n:]), strings.Trim(text, "!?") == "":
		return 0, t
	}
	t.kind = sign(r)
	return n, t
}

func startsWithDigit(text string) bool { return text != "" && text[0] >= '0' && text[0] <= '9' }

// sign is the kind of a sign of punctuation.
func sign(r rune) wordKind {
	switch r {
	case ',', ';', '/', '、', '،':
		return commaWord
	case '&':
		return andWord
	case '@':
		return fillWord
	case '+':
		return plusWord
	case '-', '–', '—', '−':
		return minusWord
	case ':', '.':
		return colonWord
	case '(':
		return unknownWord // a place in parentheses
	}
	return badWord
}

// wordSize is the length of the word at the start of a text, in bytes: letters, and dots
// and apostrophes between letters ("a.m.", "o'clock").
func wordSize(text string) int {
	size := 0
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			size = i + len(string(r))
		case r == '.' || r == '\'' || r == '’':
		default:
			return size
		}
	}
	return size
}

// at is the token i places ahead; beyond the end one that means nothing.
func (p *phrase) at(i int) token {
	if p.pos+i < len(p.tokens) {
		return p.tokens[p.pos+i]
	}
	return token{word: word{kind: badWord}}
}

// timesADay reads "3 times", "3x", and "3 a day".
func (p *phrase) timesADay() (n, tokens int, ok bool) {
	n, ok = p.number(0)
	if !ok {
		return 0, 0, false
	}
	if p.at(1).kind == timesWord {
		return n, 2, true
	}
	return n, 1, p.at(1).kind == fillWord && p.at(2).kind == dayWord
}

// number reads a small number in digits or letters, i tokens ahead.
func (p *phrase) number(i int) (n int, ok bool) {
	switch t := p.at(i); t.kind {
	case numberWord:
		return t.value, true
	case digitsWord:
		n, err := strconv.Atoi(t.text)
		return n, err == nil && len(t.text) <= 2
	}
	return 0, false
}

// clockTime is a time of day in minutes; bare as for Reading.Other.
type clockTime struct {
	minutes int
	bare    bool
}

// clock reads one time of day: "8", "7:30", "half past 7", "8 in the evening", "evening",
// "evening at 8".
func (p *phrase) clock() (c clockTime, ok bool) {
	if p.at(0).kind != partWord {
		if c, ok = p.face(); ok {
			return p.qualified(c)
		}
		return c, false
	}
	part := dayParts[p.at(0).value]
	p.pos++
	skip := 0
	for p.at(skip).kind == fillWord {
		skip++
	}
	if k := p.at(skip).kind; k != digitsWord && k != numberWord && k != halfWord && k != quarterWord {
		return clockTime{minutes: part.at}, true
	}
	p.pos += skip
	if c, ok = p.face(); !ok {
		return c, false
	}
	return inPart(c, part)
}

// inPart is what the clock shows in this part of the day.
func inPart(c clockTime, part dayPart) (clockTime, bool) {
	hour, ok := part.hour(c.minutes / 60)
	return clockTime{minutes: hour*60 + c.minutes%60}, ok
}

// qualified reads "am", "o'clock" or "in the evening" after a time.
func (p *phrase) qualified(c clockTime) (clockTime, bool) {
	if p.at(0).kind == oclockWord {
		p.pos++
	}
	if k := p.at(0).kind; k == amWord || k == pmWord {
		p.pos++
		hour := c.minutes / 60
		if hour < 1 || hour > 12 {
			return c, false
		}
		hour %= 12
		if k == pmWord {
			hour += 12
		}
		return clockTime{minutes: hour*60 + c.minutes%60}, true
	}
	skip := 0
	for p.at(skip).kind == fillWord {
		skip++
	}
	if p.at(skip).kind != partWord {
		return c, true
	}
	part := dayParts[p.at(skip).value]
	p.pos += skip + 1
	return inPart(c, part)
}

// face reads what the face of a clock shows.
func (p *phrase) face() (c clockTime, ok bool) {
	switch first, second := p.at(0), p.at(1); {
	case first.kind == halfWord && second.kind == pastWord:
		return p.beside(2, 30)
	case first.kind == quarterWord && second.kind == pastWord:
		return p.beside(2, 15)
	case first.kind == quarterWord && second.kind == toWord:
		return p.beside(2, -15)
	case second.kind == pastWord:
		n, ok := p.number(0)
		if !ok || n < 1 || n > 59 {
			return c, false
		}
		return p.beside(2, n)
	case first.kind == numberWord && second.kind == toWord: // not "9 to 5"
		return p.beside(2, -first.value)
	case first.kind == digitsWord:
		return p.digits()
	}
	return p.spelled()
}

// beside reads the hour after this many tokens; the time is so many minutes off it.
func (p *phrase) beside(tokens, minutes int) (clockTime, bool) {
	p.pos += tokens
	hour, ok := p.number(0)
	p.pos++
	m := (hour*60 + minutes + minutesDay) % minutesDay
	return clockTime{minutes: m, bare: hour <= 12}, ok && hour <= 23
}

// spelled reads "eight" and "seven thirty".
func (p *phrase) spelled() (clockTime, bool) {
	hour := p.at(0)
	p.pos++
	minutes := 0
	if next := p.at(0); next.kind == numberWord && next.value >= 10 {
		minutes = next.value
		p.pos++
	}
	return clockTime{hour.value*60 + minutes, true}, hour.kind == numberWord && hour.value >= 1 && hour.value <= 12
}

// digits reads "8", "08", "8:00", "8.30", "7h30", "730", "0730" and "0800 hours".
func (p *phrase) digits() (clockTime, bool) {
	hours, minutes := p.at(0).text, "00"
	p.pos++
	between := p.at(0)
	switch isTwo := p.at(1).kind == digitsWord && p.at(1).glued; {
	case between.glued && (between.kind == colonWord || between.kind == oclockWord && isTwo):
		if !isTwo || len(p.at(1).text) != 2 {
			return clockTime{}, false
		}
		minutes = p.at(1).text
		p.pos += 2
	case len(hours) == 4 && between.kind == hourWord:
		p.pos++
		fallthrough
	case len(hours) >= 3:
		hours, minutes = hours[:len(hours)-2], hours[len(hours)-2:]
	}
	h, _ := strconv.Atoi(hours)
	m, _ := strconv.Atoi(minutes)
	bare := hours[0] != '0' && h <= 12
	return clockTime{h*60 + m, bare}, len(hours) <= 2 && h <= 23 && m <= 59
}
