package digest

import (
	"slices"
	"time"
)

// Reading is how a schedule in words was understood.
type Reading struct {
	Schedule Schedule // without zone
	// Place is where the clock is, as typed, if the words end with it: "Tokyo", "UTC+2".
	Place string
	bare  bool
}

// Other is the schedule with the other reading of its time: 20:00 for a plain "8", which
// is read as 08:00. There is one only where the schedule has a single time that was
// written without "am", "pm", part of the day or leading zero.
func (r Reading) Other() (Schedule, bool) {
	if !r.bare {
		return Schedule{}, false
	}
	return r.Schedule.OtherHalf(), true
}

// phrase is a schedule in words while it is read: one run over its tokens.
type phrase struct {
	text   string // plain
	tokens []token
	pos    int

	days, except Weekdays
	weekly       bool // once a week
	count        int  // times a day as in "twice a day"; 0 = not named
	times        []int
	bare         bool // see Reading.Other
	suggested    int  // time of day if none is named, -1 = none
	once         bool // a single day was named
	place        string

	last    item
	seen    [exceptItem]bool // items that were read, by kind
	joint   wordKind         // what stood since the last item: andWord, commaWord or none
	problem ScheduleProblem
}

// item is what the last words of a phrase were about. All days stand together, and so do
// all times: "Monday 8, Tuesday 9" is two schedules.
type item int

const (
	noItem item = iota
	dayItem
	timeItem
	exceptItem
)

func (p *phrase) fail(why ScheduleProblem) {
	if p.problem == "" {
		p.problem = why
	}
}

// read is what the phrase means, or what is wrong with it; with OnlyOnce, what it would
// mean every day.
func (p *phrase) read() (r Reading, problem ScheduleProblem) {
	p.suggested = -1
	for p.problem == "" && p.pos < len(p.tokens) {
		p.step()
	}
	if p.problem == "" {
		r = p.result()
	}
	switch {
	case p.problem != "":
		return Reading{}, p.problem
	case p.once:
		return r, OnlyOnce
	}
	return r, ""
}

// step reads the next item.
func (p *phrase) step() {
	switch t := p.at(0); t.kind {
	case fillWord, spanWord, amFillWord:
		p.pos++
	case colonWord: // "twice a day: 8 and 18"
		if p.last != dayItem || p.joint != unknownWord {
			p.fail(Unreadable)
		}
		p.joint = commaWord
		p.pos++
	case andWord, commaWord:
		if p.last == noItem || p.joint == andWord {
			p.fail(Unreadable)
		}
		p.joint = t.kind
		p.pos++
	case everyWord:
		p.every()
	case daysWord, dailyWord:
		p.addDays()
	case exceptWord:
		p.last = exceptItem
		p.pos++
	case weeklyWord:
		p.unit(t.kind)
	case onceWord, morrowWord:
		p.addOnce(t)
	case countWord:
		p.addCount(t.value, 1)
	case timesWord:
		if t.value == 0 {
			p.fail(Unreadable)
		}
		p.addCount(t.value, 1)
	case hourWord, minuteWord:
		p.fail(TooOften)
	case monthWord:
		if p.at(1).kind != unknownWord { // not "Mar del Plata"
			p.fail(Unreadable)
		}
		p.addPlace()
	case seldomWord:
		p.fail(TooSeldom)
	case plusWord:
		if p.last == dayItem && p.at(1).kind == daysWord { // "Sa + So"
			p.tokens[p.pos].kind = andWord
			return
		}
		p.addPlace()
	case unknownWord, minusWord:
		p.addPlace()
	case dayWord: // "يوم الاثنين": the word for a day before its name
		if p.at(1).kind != daysWord {
			p.fail(Unreadable)
		}
		p.pos++
	default:
		p.addTime()
	}
}

// addOnce reads "tomorrow".
func (p *phrase) addOnce(t token) {
	if _, ok := p.part(0); ok {
		p.addTime()
		return
	}
	p.once, p.suggested = true, t.value
	p.pos++
}

// every reads "every" where an interval follows, or leaves what follows to step.
func (p *phrase) every() {
	all := p.at(0).value == allOf
	p.pos++
	p.pos += p.fill()
	switch k := p.at(0).kind; k {
	case weekWord:
		if all {
			k = dayWord
		}
		p.unit(k)
	case dayWord:
		p.unit(k)
	case daysWord, partWord, hourWord, seldomWord:
	case oclockWord, minuteWord: // "toutes les heures"
		p.fail(TooOften)
	case morrowWord:
		if _, ok := p.part(0); !ok {
			p.fail(Unreadable)
		}
	default:
		p.fail(p.interval())
	}
}

// unit takes the word for a day or a week for every day or once a week.
func (p *phrase) unit(k wordKind) {
	p.weekly = k == weekWord || k == weeklyWord
	p.took(dayItem)
	p.pos++
}

// interval tells what is wrong with "every 3 hours", "every other day".
func (p *phrase) interval() ScheduleProblem {
	for i := p.pos; i < len(p.tokens); i++ {
		switch t := p.tokens[i]; t.kind {
		case numberWord, digitsWord, ordinalWord, halfWord, quarterWord, fillWord, spanWord, everyWord:
		case hourWord, minuteWord, oclockWord:
			return TooOften
		case dayWord, dailyWord, daysWord, weekWord, seldomWord, partWord:
			return TooSeldom
		default:
			return Unreadable
		}
	}
	return Unreadable
}

// addCount reads the rest of "twice a day"; n times were named in this many tokens.
func (p *phrase) addCount(n, tokens int) {
	p.pos += tokens
	for p.fills(0) || p.at(0).kind == everyWord {
		p.pos++
	}
	switch k := p.at(0).kind; {
	case n > MaxDigestsDay:
		p.fail(TooOften)
	case n < 1 || p.count != 0:
		p.fail(Unreadable)
	case k == dayWord, (k == weekWord || k == weeklyWord) && n == 1:
		p.unit(k)
	case k == dailyWord, k == daysWord && n > 1: // left to step
	case k == weekWord, k == weeklyWord:
		p.fail(Unreadable) // days would have to be named
	case k == hourWord, k == minuteWord, k == oclockWord:
		p.fail(TooOften)
	case k == seldomWord:
		p.fail(TooSeldom)
	case n == 1 && p.interval() != Unreadable: // "once every 2 weeks"
		p.fail(p.interval())
	case n == 1:
		p.once, p.suggested = true, defaultTimes[1][0]
		return
	}
	p.count = n
	p.took(dayItem)
}

// addDays reads a day, a range of days or a set of days with a name.
func (p *phrase) addDays() {
	days, _ := p.day(0)
	if p.isRange() {
		to, ok := p.day(2)
		if days = dayRange(days, to); !ok || days == 0 {
			p.fail(Unreadable)
		}
		p.pos += 2
	}
	p.pos++
	days |= p.moreDays()
	if p.last == exceptItem {
		p.except |= days
		p.joint = unknownWord
		return
	}
	p.took(dayItem)
	p.days |= days
}

// day is the days that the token i places ahead names. In Chinese a day may be its number,
// after another one: "周一至五".
func (p *phrase) day(i int) (days Weekdays, ok bool) {
	switch t := p.at(i); {
	case t.kind == daysWord || t.kind == dailyWord:
		return Weekdays(t.value), true
	case t.kind != numberWord || !isDense(t.text) || t.value < 1 || t.value > 6:
		return 0, false
	}
	switch p.at(i + 1).kind {
	case oclockWord, offsetWord, timesWord, dayWord:
		return 0, false
	}
	return On(time.Weekday(p.at(i).value)), true
}

// moreDays reads the numbers of further days: "周一、三、五".
func (p *phrase) moreDays() (days Weekdays) {
	for {
		i := 0
		if k := p.at(0).kind; k == commaWord || k == andWord {
			i = 1
		}
		more, ok := p.day(i)
		if !ok || p.at(i).kind != numberWord {
			return days
		}
		days |= more
		p.pos += i + 1
	}
}

// isRange tells whether the days up to another one follow.
func (p *phrase) isRange() bool {
	switch p.at(1).kind {
	case minusWord, toWord, throughWord:
		return true
	case spanWord:
		return p.at(2).kind == daysWord
	}
	return false
}

// dayRange is the days from one to the other, around the end of the week if need be; 0
// if either is not a single day.
func dayRange(from, to Weekdays) Weekdays {
	if len(from.List()) != 1 || len(to.List()) != 1 {
		return 0
	}
	d, days := from.List()[0], from
	for days&to == 0 {
		d = (d + 1) % 7
		days |= On(d)
	}
	return days
}

// took notes that an item was read and refuses a second group of its kind.
func (p *phrase) took(i item) {
	if p.seen[i] && p.last != i || p.last == exceptItem && p.except == 0 {
		p.fail(Unreadable)
	}
	p.seen[i] = true
	p.last, p.joint = i, unknownWord
}

// addTime reads a time of day, or the rest of "3 times a day".
func (p *phrase) addTime() {
	if n, tokens, ok := p.timesADay(); ok {
		p.addCount(n, tokens)
		return
	}
	if p.last == timeItem && p.joint == unknownWord {
		p.fail(Unreadable) // "8 30"
		return
	}
	c, ok := p.clock()
	if !ok {
		p.fail(Unreadable)
		return
	}
	p.took(timeItem)
	p.times = append(p.times, c.minutes)
	p.bare = c.bare
}

// result is the reading of all that was found.
func (p *phrase) result() Reading {
	days := p.days
	switch {
	case days != 0:
	case p.weekly:
		days = On(time.Monday)
	default:
		days = EveryDay
	}
	days &^= p.except
	times := slices.Clone(p.times)
	slices.Sort(times)
	times = slices.Compact(times)
	switch {
	case len(times) > MaxDigestsDay:
		p.fail(TooOften)
	case days == 0, p.joint == andWord, p.last == noItem && !p.once, p.last == exceptItem && p.except == 0:
		p.fail(Unreadable)
	case len(times) > 0 && p.count > 0 && len(times) != p.count:
		p.fail(Unreadable)
	case len(times) == 0:
		times = p.impliedTimes()
	}
	return Reading{
		Schedule: Schedule{Days: days, Times: times}, Place: p.place,
		bare: p.bare && len(times) == 1,
	}
}

// impliedTimes are the times of a schedule that names none.
func (p *phrase) impliedTimes() []int {
	switch {
	case p.suggested >= 0:
		return []int{p.suggested}
	case p.weekly:
		return []int{weeklyTime}
	}
	return slices.Clone(defaultTimes[max(1, p.count)])
}
