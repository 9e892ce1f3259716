package digest

import (
	"bufio"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The words of schedules are tables, one for each language that the bot speaks. What can be
// said with them is one grammar for all languages, in schedulephrase.go.
//
//go:embed words/*.txt
var wordFiles embed.FS

// wordLanguages are the languages that there are tables for. English is first.
var wordLanguages = []string{"en", "de", "fr", "es", "pt", "ru", "uk", "ar", "zh"}

// word is what one word means. Value depends on the kind.
type word struct {
	kind  wordKind
	value int
}

type wordKind int

// The kinds of words.
const (
	unknownWord wordKind = iota // may be a place
	fillWord                    // says nothing: "at", "on"; value: article if it may begin a place's name
	spanWord                    // between two days "to", else nothing: "de lunes a viernes a las 8"
	andWord                     // joins
	everyWord                   // "every": a day, a part of the day or an interval follows
	exceptWord                  // the days that follow are left out
	dayWord                     // "day", where a unit is meant
	dailyWord                   // every day, unless days are named too
	daysWord                    // days of the week; value: Weekdays
	weekWord                    // "week", where a unit is meant
	weeklyWord                  // once a week
	hourWord                    // an interval of less than a day
	minuteWord                  // "minutes", also of a time: "8 h 30 min"
	seldomWord                  // an interval of more than a week
	monthWord                   // a month of a date
	onceWord                    // a single day; value: the time of day it suggests, in minutes
	morrowWord                  // "tomorrow", or the morning where a day or "every" stands before it
	countWord                   // "twice"; value: how often
	timesWord                   // "times" after a number; value: how often it means without one, or 0
	ordinalWord                 // "2nd", "other": every so many
	numberWord                  // value: the number
	partWord                    // part of the day; value: index of dayParts
	amWord
	pmWord
	amFillWord // "am" where it also is a word for "on": German
	oclockWord // "o'clock", "Uhr"; after "every" an hour
	quarterWord
	halfWord
	pastWord
	toWord      // "quarter to 9", and "monday to friday"
	throughWord // "monday through friday"
	beforeWord  // stands before an hour, value: minutes off it: "halb" acht
	offsetWord  // stands behind an hour, value: minutes off it: 8 heures "et demie"
	clockWord   // a time of day, value: in minutes
	zoneWord    // stands behind a place: Tokyo "time"
)

// allOf is the value of an everyWord that takes a week for its days: "all week".
const allOf = 1

// article is the value of a fillWord that may be the start of a place's name: "la Habana".
const article = 1

// dayPart is a part of the day: the minute it stands for by itself, and the hours that
// it tells apart, from and up to, counted on beyond midnight: "8 in the evening".
type dayPart struct{ at, from, to int }

// The parts of the day, in the order of dayParts.
const (
	morning = iota
	noon
	midday // the hours about noon: "mittags um 1"
	afternoon
	late // afternoon and evening: "8 de la tarde"
	evening
	lateEvening // evening and night: "晚上12点"
	night
	midnight
	early // after midnight
)

var dayParts = [...]dayPart{
	morning:     {8 * 60, 0, 12},
	noon:        {12 * 60, 12, 13},
	midday:      {12 * 60, 12, 15},
	afternoon:   {15 * 60, 12, 19},
	late:        {18 * 60, 12, 24},
	evening:     {18 * 60, 16, 24},
	lateEvening: {20 * 60, 16, 28},
	night:       {21 * 60, 18, 30},
	midnight:    {0, 24, 25},
	early:       {5 * 60, 0, 7},
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

// meanings are what a line of a table can say that its words mean, besides numbers, numbers
// of times ("2x"), times of day ("07:30") and minutes off an hour ("+30", "-30 before").
var meanings = map[string]word{
	"at": {kind: fillWord}, "the": {fillWord, article}, "span": {kind: spanWord}, "and": {kind: andWord},
	"every": {kind: everyWord}, "all": {everyWord, allOf}, "except": {kind: exceptWord},
	"day": {kind: dayWord}, "daily": {kind: dailyWord}, "week": {kind: weekWord}, "weekly": {kind: weeklyWord},
	"hour": {kind: hourWord}, "minute": {kind: minuteWord}, "seldom": {kind: seldomWord}, "other": {kind: ordinalWord},
	"month": {kind: monthWord}, "times": {kind: timesWord}, "time": {timesWord, 1},
	"today": {onceWord, 8 * 60}, "tonight": {onceWord, 20 * 60}, "tomorrow or morning": {morrowWord, 8 * 60},

	"monday": {daysWord, int(On(time.Monday))}, "tuesday": {daysWord, int(On(time.Tuesday))},
	"wednesday": {daysWord, int(On(time.Wednesday))}, "thursday": {daysWord, int(On(time.Thursday))},
	"friday": {daysWord, int(On(time.Friday))}, "saturday": {daysWord, int(On(time.Saturday))},
	"sunday": {daysWord, int(On(time.Sunday))}, "workdays": {daysWord, int(Workdays)}, "weekend": {daysWord, int(Weekend)},

	"morning": {partWord, morning}, "noon": {partWord, noon}, "midday": {partWord, midday}, "afternoon": {partWord, afternoon},
	"late": {partWord, late}, "evening": {partWord, evening}, "late evening": {partWord, lateEvening},
	"night": {partWord, night}, "midnight": {partWord, midnight}, "early": {partWord, early},

	"am": {kind: amWord}, "pm": {kind: pmWord}, "am or at": {kind: amFillWord}, "o'clock": {kind: oclockWord},
	"quarter": {kind: quarterWord}, "half": {kind: halfWord}, "past": {kind: pastWord}, "to": {kind: toWord},
	"through": {kind: throughWord}, "zone": {kind: zoneWord},
}

// meaning is what a line of a table says that its words mean.
func meaning(name string) (word, error) {
	if w, ok := meanings[name]; ok {
		return w, nil
	}
	w := word{kind: numberWord}
	digits := name
	switch at, err := time.Parse(clockFormat, name); {
	case err == nil:
		return word{clockWord, at.Hour()*60 + at.Minute()}, nil
	case strings.HasSuffix(name, "x"):
		w.kind, digits = countWord, strings.TrimSuffix(name, "x")
	case strings.HasSuffix(name, " before"):
		w.kind, digits = beforeWord, strings.TrimSuffix(name, " before")
	case strings.ContainsAny(name[:1], "+-"):
		w.kind = offsetWord
	}
	var err error
	w.value, err = strconv.Atoi(digits)
	return w, err
}

// table is the words of a language by their keys: what typedWord makes of them, a space
// between several.
type table struct {
	words  map[string]word
	starts map[string]bool // first words of the entries
	// joined is what is written together with the word that follows and means "and".
	joined string
	// joinedDays tells that a day and a part of it are written together: "Montagmorgen".
	joinedDays bool
	off        map[string]bool // words for no quiet hours
	most       int             // words of the longest entry
	dense      int             // characters of the longest entry in a dense script
}

// tables are by language.
var tables = sync.OnceValue(func() map[string]*table {
	out := map[string]*table{}
	for _, lang := range wordLanguages {
		b, err := wordFiles.ReadFile("words/" + lang + ".txt")
		if err == nil {
			out[lang], err = readTable(string(b))
		}
		if err != nil {
			// The file is part of the program; a broken one is found by the first test.
			panic(fmt.Sprintf("words of %s: %v", lang, err))
		}
	}
	return out
})

// readTable reads a file of words.
func readTable(file string) (*table, error) {
	t := &table{words: map[string]word{}, starts: map[string]bool{}, off: map[string]bool{}}
	for lines := bufio.NewScanner(strings.NewReader(file)); lines.Scan(); {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		name, list, ok := strings.Cut(line, " = ")
		if !ok {
			return nil, fmt.Errorf("not a meaning and its words: %q", line)
		}
		for w := range strings.SplitSeq(strings.TrimSuffix(list, ","), ",") {
			if err := t.add(name, keyOf(w)); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// add notes what a word means.
func (t *table) add(name, key string) error {
	switch name {
	case "off":
		t.off[key] = true
		return nil
	case "and joined":
		t.joined = key
		return nil
	case "joined days":
		t.joinedDays = true
		return nil
	}
	w, err := meaning(name)
	if err != nil {
		return err
	}
	if was, ok := t.words[key]; ok && was != w {
		return fmt.Errorf("two meanings of %q", key)
	}
	t.words[key] = w
	start, _, _ := strings.Cut(key, " ")
	t.starts[start] = true
	t.most = max(t.most, strings.Count(key, " ")+1)
	if isDense(key) {
		t.dense = max(t.dense, len([]rune(key)))
	}
	return nil
}

// vocabulary is the words in which a text is read: a word means what the first of the
// tables says.
type vocabulary []*table

func (v vocabulary) find(key string) (word, bool) {
	for _, t := range v {
		if w, ok := t.words[key]; ok {
			return w, true
		}
	}
	return word{}, false
}

// first are the vocabularies in which somebody who reads the language is understood, the
// likeliest first: the language, English, and both mixed.
func first(lang string) []vocabulary {
	english, own := tables()[wordLanguages[0]], tables()[BaseLanguage(lang)]
	if own == nil || own == english {
		return []vocabulary{{english}}
	}
	return []vocabulary{{own}, {english}, {own, english}}
}

// others are the vocabularies of the other languages, mixed with English.
func others(lang string) []vocabulary {
	var out []vocabulary
	for _, l := range wordLanguages[1:] {
		if l != BaseLanguage(lang) {
			out = append(out, vocabulary{tables()[l], tables()[wordLanguages[0]]})
		}
	}
	return out
}

// NamesSchedule tells whether a word says something in schedules, or begins what does, in the
// language or in English.
func NamesSchedule(lang, text string) bool {
	v := first(lang)
	return slices.ContainsFunc(v[len(v)-1], func(t *table) bool { return t.starts[TypedKey(text)] })
}
