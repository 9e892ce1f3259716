package digest

import "strconv"

// at is the token i places ahead; beyond the end one that means nothing.
func (p *phrase) at(i int) token {
	if p.pos+i < len(p.tokens) {
		return p.tokens[p.pos+i]
	}
	return token{word: word{kind: badWord}}
}

// fills tells whether the token i places ahead says nothing there.
func (p *phrase) fills(i int) bool {
	k := p.at(i).kind
	return k == fillWord || k == spanWord || k == amFillWord
}

// fill is how many tokens ahead say nothing.
func (p *phrase) fill() (n int) {
	for p.fills(n) {
		n++
	}
	return n
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
	return n, 1, p.fills(1) && p.at(2).kind == dayWord
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

// off is the time so many minutes later.
func (c clockTime) off(minutes int) clockTime {
	c.minutes = (c.minutes + minutes + minutesDay) % minutesDay
	return c
}

// clock reads one time of day: "8", "7:30", "half past 7", "8 in the evening", "evening",
// "evening at 8".
func (p *phrase) clock() (c clockTime, ok bool) {
	part, isPart := p.part(0)
	if !isPart {
		if c, ok = p.face(); ok {
			return p.qualified(c)
		}
		return c, false
	}
	p.pos++
	skip := p.fill()
	switch p.at(skip).kind {
	case digitsWord, numberWord, halfWord, quarterWord, beforeWord, clockWord:
		p.pos += skip
		if c, ok = p.face(); !ok {
			return c, false
		}
		return inPart(c, part)
	case offsetWord: // "midi et demi"
		c.minutes = p.at(skip).value
		p.pos += skip + 1
	}
	return c.off(part.at), true
}

// part reads the name of a part of the day, i tokens ahead.
func (p *phrase) part(i int) (part dayPart, ok bool) {
	switch t := p.at(i); {
	case t.kind == partWord:
		return dayParts[t.value], true
	case t.kind == morrowWord && p.isMorning(p.pos+i):
		return dayParts[morning], true
	}
	return dayPart{}, false
}

// isMorning tells whether a token that means tomorrow or the morning means the morning:
// "jeden Morgen", "Montag Morgen", "por la mañana".
func (p *phrase) isMorning(pos int) bool {
	if pos == 0 {
		return false
	}
	switch before := p.tokens[pos-1]; before.kind {
	case everyWord, daysWord, amFillWord:
		return true
	case fillWord:
		return before.value == article
	}
	return false
}

// inPart is what the clock shows in this part of the day.
func inPart(c clockTime, part dayPart) (clockTime, bool) {
	hour, ok := part.hour(c.minutes / 60)
	return clockTime{minutes: hour*60 + c.minutes%60}, ok
}

// qualified reads "am" or "in the evening" after a time.
func (p *phrase) qualified(c clockTime) (clockTime, bool) {
	if k := p.half(); k == amWord || k == pmWord {
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
	skip := p.fill()
	part, ok := p.part(skip)
	if !ok {
		return c, true
	}
	p.pos += skip + 1
	return inPart(c, part)
}

// half is the half of the day that the next token names, as amWord or pmWord.
func (p *phrase) half() wordKind {
	k := p.at(0).kind
	if k != amFillWord {
		return k
	}
	switch next := p.at(1).kind; next {
	case daysWord, dayWord, partWord, morrowWord: // "um 8 am Wochenende"
		return k
	}
	return amWord
}

// face reads what the face of a clock shows.
func (p *phrase) face() (c clockTime, ok bool) {
	if c, ok = p.hands(); !ok {
		return c, false
	}
	exact := c.minutes%60 == 0
	if p.at(0).kind == oclockWord {
		p.pos++
		if m, tokens := p.minutes(); exact && tokens > 0 {
			c, exact = c.off(m), false
			p.pos += tokens
		}
	}
	switch t := p.at(0); {
	case t.kind == offsetWord && exact:
		p.pos++
		c = c.off(t.value)
	case t.kind == minuteWord && !exact:
		p.pos++
	}
	return c, true
}

// minutes reads the minutes behind "o'clock", "8 Uhr 30", and tells how many tokens they
// are: 0 if another time starts there.
func (p *phrase) minutes() (minutes, tokens int) {
	minutes, ok := p.number(0)
	if !ok || minutes > 59 {
		return 0, 0
	}
	switch p.at(1).kind {
	case minuteWord:
		return minutes, 2
	case oclockWord, colonWord, timesWord:
		return 0, 0
	}
	if p.at(0).kind == digitsWord && len(p.at(0).text) == 2 || p.at(0).kind == numberWord && minutes >= 10 {
		return minutes, 1
	}
	return 0, 0
}

// hands reads where the hands of a clock stand, without "o'clock" and what may follow it.
func (p *phrase) hands() (c clockTime, ok bool) {
	switch first, second := p.at(0), p.at(1); {
	case first.kind == clockWord:
		p.pos++
		return clockTime{first.value, true}, true
	case first.kind == beforeWord:
		return p.beside(1, first.value)
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
	return clockTime{hour * 60, hour <= 12}.off(minutes), ok && hour <= 23
}

// spelled reads "eight" and "seven thirty".
func (p *phrase) spelled() (clockTime, bool) {
	hour := p.at(0)
	p.pos++
	next := p.at(0)
	minutes := 0
	if next.kind == numberWord && next.value >= 10 && next.value <= 59 {
		minutes = next.value
		p.pos++
	}
	most := 12
	switch {
	case minutes > 0 || next.kind == oclockWord:
		most = 23
	case isDense(hour.text):
		most = 0 // "周一、三、五" is about days
	}
	return clockTime{hour.value*60 + minutes, hour.value <= 12}, hour.kind == numberWord && hour.value >= 1 && hour.value <= most
}

// digits reads "8", "08", "8:00", "8.30", "730", "0730" and "0800 hours".
func (p *phrase) digits() (clockTime, bool) {
	hours, minutes := p.at(0).text, "00"
	p.pos++
	between := p.at(0)
	switch isTwo := p.at(1).kind == digitsWord && p.at(1).glued; {
	case between.glued && between.kind == colonWord:
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
