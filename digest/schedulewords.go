package digest

import "time"

// A vocabulary is what the words of one language mean in a schedule. Keys are in lower
// case, without dots and apostrophes ("am" for "a.m.", "oclock" for "o'clock").
type vocabulary map[string]word

// vocabularies are the languages in which schedules are read; a text is read in the
// first one in which it makes sense.
var vocabularies = []vocabulary{english}

// word is what one word means. Value depends on the kind.
type word struct {
	kind  wordKind
	value int
}

type wordKind int

// The kinds of words.
const (
	unknownWord wordKind = iota // may be a place
	fillWord                    // says nothing: "at", "on"
	andWord                     // joins
	everyWord                   // "every": a day, a part of the day or an interval follows
	exceptWord                  // the days that follow are left out
	dayWord                     // "day", where a unit is meant
	dailyWord                   // every day, unless days are named too
	daysWord                    // days of the week; value: Weekdays
	weekWord                    // "week", where a unit is meant
	weeklyWord                  // once a week
	hourWord                    // an interval of less than a day
	seldomWord                  // an interval of more than a week
	onceWord                    // a single day; value: the time of day it suggests, in minutes
	countWord                   // "twice"; value: how often
	timesWord                   // "times" after a number
	ordinalWord                 // "2nd", "other": every so many
	numberWord                  // value: the number
	partWord                    // part of the day; value: index of dayParts
	amWord
	pmWord
	oclockWord
	quarterWord
	halfWord
	pastWord
	toWord      // "quarter to 9", and "monday to friday"
	throughWord // "monday through friday"
)

// allOf is the value of an everyWord that takes a week for its days: "all week".
const allOf = 1

// dayPart is a part of the day: the minute it stands for by itself, and the hours that
// it tells apart, from and up to, counted on beyond midnight: "8 in the evening".
type dayPart struct{ at, from, to int }

// The parts of the day, in the order of dayParts.
const (
	morning = iota
	noon
	afternoon
	evening
	night
	midnight
)

var dayParts = [...]dayPart{
	morning:   {8 * 60, 0, 12},
	noon:      {12 * 60, 12, 13},
	afternoon: {15 * 60, 12, 19},
	evening:   {18 * 60, 16, 24},
	night:     {21 * 60, 18, 30},
	midnight:  {0, 24, 25},
}

// hour is what a clock shows at this hour of the part of the day, where people may have
// counted to 12 only: 20 for 8 in the evening.
func (p dayPart) hour(said int) (hour int, ok bool) {
	for h := said; h < p.to; h += 12 {
		if h >= p.from {
			return h % 24, true
		}
		if said > 12 {
			break
		}
	}
	return 0, said == 12 && p.from == 0
}

// Times of day where only a number of times was named.
var defaultTimes = [...][]int{
	1: {8 * 60},
	2: {8 * 60, 18 * 60},
	3: {8 * 60, 13 * 60, 18 * 60},
	4: {8 * 60, 12 * 60, 16 * 60, 20 * 60},
}

// weeklyTime is the time of day of "weekly".
const weeklyTime = 9 * 60

var english = vocabulary{
	"at": {kind: fillWord}, "on": {kind: fillWord}, "in": {kind: fillWord}, "the": {kind: fillWord},
	"a": {kind: fillWord}, "an": {kind: fillWord}, "per": {kind: fillWord}, "of": {kind: fillWord},
	"but": {kind: fillWord}, "please": {kind: fillWord}, "single": {kind: fillWord}, "for": {kind: fillWord},
	"and": {kind: andWord}, "plus": {kind: andWord},
	"every": {kind: everyWord}, "each": {kind: everyWord}, "all": {everyWord, allOf},
	"except": {kind: exceptWord}, "not": {kind: exceptWord}, "without": {kind: exceptWord},

	"day": {kind: dayWord}, "days": {kind: dayWord}, "daily": {kind: dailyWord}, "everyday": {kind: dailyWord},
	"week": {kind: weekWord}, "weekly": {kind: weeklyWord},
	"hour": {kind: hourWord}, "hours": {kind: hourWord}, "hourly": {kind: hourWord}, "hrs": {kind: hourWord},
	"minute": {kind: hourWord}, "minutes": {kind: hourWord}, "min": {kind: hourWord}, "mins": {kind: hourWord},
	"second": {kind: ordinalWord}, "seconds": {kind: hourWord}, "always": {kind: hourWord},
	"weeks": {kind: seldomWord}, "biweekly": {kind: seldomWord}, "fortnight": {kind: seldomWord},
	"fortnightly": {kind: seldomWord}, "month": {kind: seldomWord}, "months": {kind: seldomWord},
	"monthly": {kind: seldomWord}, "quarterly": {kind: seldomWord}, "year": {kind: seldomWord},
	"years": {kind: seldomWord}, "yearly": {kind: seldomWord}, "annually": {kind: seldomWord},
	"st": {kind: ordinalWord}, "nd": {kind: ordinalWord}, "rd": {kind: ordinalWord}, "th": {kind: ordinalWord},
	"other": {kind: ordinalWord}, "third": {kind: ordinalWord}, "few": {kind: ordinalWord}, "couple": {kind: ordinalWord},
	"first": {kind: ordinalWord}, "last": {kind: ordinalWord},

	"today": {onceWord, 8 * 60}, "tomorrow": {onceWord, 8 * 60}, "tonight": {onceWord, 20 * 60},
	"now": {onceWord, 8 * 60}, "next": {onceWord, 8 * 60}, "this": {onceWord, 8 * 60},
	"once": {countWord, 1}, "twice": {countWord, 2}, "thrice": {countWord, 3},
	"times": {kind: timesWord}, "x": {kind: timesWord},

	"monday": {daysWord, int(On(time.Monday))}, "mondays": {daysWord, int(On(time.Monday))}, "mon": {daysWord, int(On(time.Monday))},
	"tuesday": {daysWord, int(On(time.Tuesday))}, "tuesdays": {daysWord, int(On(time.Tuesday))},
	"tue": {daysWord, int(On(time.Tuesday))}, "tues": {daysWord, int(On(time.Tuesday))},
	"wednesday": {daysWord, int(On(time.Wednesday))}, "wednesdays": {daysWord, int(On(time.Wednesday))},
	"wed": {daysWord, int(On(time.Wednesday))}, "weds": {daysWord, int(On(time.Wednesday))},
	"thursday": {daysWord, int(On(time.Thursday))}, "thursdays": {daysWord, int(On(time.Thursday))},
	"thu": {daysWord, int(On(time.Thursday))}, "thur": {daysWord, int(On(time.Thursday))}, "thurs": {daysWord, int(On(time.Thursday))},
	"friday": {daysWord, int(On(time.Friday))}, "fridays": {daysWord, int(On(time.Friday))}, "fri": {daysWord, int(On(time.Friday))},
	"saturday": {daysWord, int(On(time.Saturday))}, "saturdays": {daysWord, int(On(time.Saturday))}, "sat": {daysWord, int(On(time.Saturday))},
	"sunday": {daysWord, int(On(time.Sunday))}, "sundays": {daysWord, int(On(time.Sunday))}, "sun": {daysWord, int(On(time.Sunday))},
	"weekday": {daysWord, int(Workdays)}, "weekdays": {daysWord, int(Workdays)},
	"workday": {daysWord, int(Workdays)}, "workdays": {daysWord, int(Workdays)},
	"weekend": {daysWord, int(Weekend)}, "weekends": {daysWord, int(Weekend)},

	"morning": {partWord, morning}, "mornings": {partWord, morning}, "breakfast": {partWord, morning},
	"noon": {partWord, noon}, "midday": {partWord, noon}, "lunch": {partWord, noon}, "lunchtime": {partWord, noon},
	"afternoon": {partWord, afternoon}, "afternoons": {partWord, afternoon},
	"evening": {partWord, evening}, "evenings": {partWord, evening},
	"night": {partWord, night}, "nights": {partWord, night}, "nightly": {partWord, night},
	"midnight": {partWord, midnight},

	"am": {kind: amWord}, "pm": {kind: pmWord}, "oclock": {kind: oclockWord}, "h": {kind: oclockWord},
	"quarter": {kind: quarterWord}, "half": {kind: halfWord},
	"past": {kind: pastWord}, "after": {kind: pastWord}, "to": {kind: toWord},
	"through": {kind: throughWord}, "thru": {kind: throughWord}, "until": {kind: throughWord}, "till": {kind: throughWord},
	"one": {numberWord, 1}, "two": {numberWord, 2}, "three": {numberWord, 3}, "four": {numberWord, 4},
	"five": {numberWord, 5}, "six": {numberWord, 6}, "seven": {numberWord, 7}, "eight": {numberWord, 8},
	"nine": {numberWord, 9}, "ten": {numberWord, 10}, "eleven": {numberWord, 11}, "twelve": {numberWord, 12},
	"fifteen": {numberWord, 15}, "twenty": {numberWord, 20}, "thirty": {numberWord, 30},
}
