package texts

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Day is a date as a digest's head has it: "Sun 22 Nov".
func Day(lang string, t time.Time) string {
	return Say(lang, DateDay, Args{"Weekday": Weekday(lang, t), "Day": t.Day(), "Month": word(lang, DateMonths, int(t.Month())-1)})
}

// FullDay is a date where it is kept and printed: "Sun 22 Nov 2026".
func FullDay(lang string, t time.Time) string {
	return Say(lang, DateFull, Args{"Day": Day(lang, t), "Year": strconv.Itoa(t.Year())})
}

// Weekday is the short name of t's day: "Mon".
func Weekday(lang string, t time.Time) string { return word(lang, DateWeekdays, int(t.Weekday())) }

// WeekdayName is the name of a day of the week as ScheduleDays has it: "Monday".
func WeekdayName(lang string, d time.Weekday) string { return word(lang, DateWeekdayNames, int(d)) }

// word is one of the words of a text that lists them.
func word(lang string, list ID, n int) string {
	words := strings.Fields(Say(lang, list))
	return words[min(n, len(words)-1)]
}

// twelveHours are the languages, and the regions of English, whose clocks count to twelve
// (CLDR, timeData, preferred "h").
var twelveHours = map[string]bool{
	"hi": true, "en-AU": true, "en-CA": true, "en-IN": true, "en-NZ": true, "en-PH": true, "en-PK": true, "en-US": true,
}

// Clock is a time of day: "08:00", "8:00 AM" where the language's region counts so.
func Clock(lang string, t time.Time) string {
	if twelveHours[lang] {
		return t.Format("3:04 PM")
	}
	return t.Format("15:04")
}

// Moment is a time in the past as seen from now, both on the reader's clock: "08:00" on
// the same day, "yesterday 08:00", else "Fri 20 Nov 09:14".
func Moment(lang string, t, now time.Time) string {
	clock := Clock(lang, t)
	switch {
	case sameDay(t, now):
		return clock
	case sameDay(t, now.AddDate(0, 0, -1)):
		return Say(lang, Yesterday, Args{"Time": clock})
	}
	return Day(lang, t) + " " + clock
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

// List joins names into a sentence: "A, B and C", or "A, B and 4 more" where more are
// not named.
func List(lang string, names []string, more int) string {
	if more > 0 {
		names = append(append([]string(nil), names...), Say(lang, MoreNames, Args{"Count": more}))
	}
	names = isolateAll(lang, names)
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return Say(lang, ListAnd, Args{"First": strings.Join(names[:last], Say(lang, ListComma)), "Last": names[last]})
}

// LanguageName is what speakers of lang call a language: "German" for "de".
func LanguageName(lang, code string) string {
	t, err := language.Parse(code)
	if err != nil {
		return code
	}
	if name := display.Languages(language.Make(lang)).Name(t); name != "" {
		return name
	}
	return code
}
