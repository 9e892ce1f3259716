package digest

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of a schedule in words.
const (
	maxPhrase = 200 // characters
	maxPlace  = 80  // bytes
)

// ParseSchedule reads a schedule in words: "[days] [at] time {(, | and) time} [zone]",
// such as "daily at 8", "mon-fri 7:30", "8 and 18", "twice a day", "8:00 Tokyo". Numbers
// are read on the 24-hour clock as written. Errors are *ScheduleError. It takes the words
// for English where they may be, else for another language.
func ParseSchedule(text string) (Reading, error) { return ParseScheduleIn(wordLanguages[0], text) }

// ParseScheduleIn is ParseSchedule for somebody who reads the language, a BCP 47 tag: "jeden
// Tag um 8", "工作日早上7点半". English is understood as well, also mixed with the language,
// and any other language that makes sense of a text in which these do not know all words,
// unless two of them make different sense of it.
func ParseScheduleIn(lang, text string) (Reading, error) {
	if !typable(text) {
		return Reading{}, scheduleError(Unreadable, text, "")
	}
	plain := plainText(text)
	best := bestOf(plain, first(lang))
	if best.unknown > 0 {
		best = best.orOther(bestOthers(plain, others(lang)))
	}
	switch best.problem {
	case "":
		return best.reading, nil
	case OnlyOnce:
		err := scheduleError(OnlyOnce, text, "")
		err.Instead = &best.reading
		return Reading{}, err
	}
	return Reading{}, scheduleError(best.problem, text, "")
}

// typable tells whether somebody may have typed a text for a schedule.
func typable(text string) bool {
	return len(text) <= utf8.UTFMax*maxPhrase && utf8.RuneCountInString(text) <= maxPhrase && utf8.ValidString(text) && Clean(text) != ""
}

// attempt is what a text means in one vocabulary.
type attempt struct {
	in      vocabulary
	reading Reading
	problem ScheduleProblem // empty if there is none
	unknown int             // bytes of the words that the vocabulary does not have
}

// try reads a text in a vocabulary.
func (v vocabulary) try(plain string) attempt {
	p := phrase{text: plain, tokens: v.tokens(plain)}
	a := attempt{in: v}
	for _, t := range p.tokens {
		if t.kind == unknownWord && t.size > 1 {
			a.unknown += t.size
		}
	}
	a.reading, a.problem = p.read()
	return a
}

// compare puts those attempts first that know most of a text's words: a text that makes no
// sense by all its words makes none with some of them as the name of a place.
func (a attempt) compare(b attempt) int {
	rank := func(a attempt) int {
		switch a.problem {
		case "":
			return 0
		case Unreadable:
			return 2
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.unknown, b.unknown), cmp.Compare(rank(a), rank(b)))
}

// bestOf is the best attempt, the first of those that are as good.
func bestOf(plain string, in []vocabulary) attempt {
	return slices.MinFunc(attempts(plain, in), attempt.compare)
}

func attempts(plain string, in []vocabulary) []attempt {
	var out []attempt
	for _, v := range in {
		out = append(out, v.try(plain))
	}
	return out
}

// bestOthers is the best attempt in vocabularies of which nobody knows that they are meant,
// Unreadable if two of them are as good and mean different things.
func bestOthers(plain string, in []vocabulary) attempt {
	all := attempts(plain, in)
	best := slices.MinFunc(all, attempt.compare)
	for _, a := range all {
		if a.compare(best) == 0 && a.meaning() != best.meaning() {
			return attempt{problem: Unreadable}
		}
	}
	return best
}

// orOther is the attempt in another language instead, if that makes sense of a text that
// makes none, or of what would be the name of a place: not of "Pará", which is nothing but
// a preposition in Spanish.
func (a attempt) orOther(other attempt) attempt {
	switch {
	case a.problem == Unreadable && other.problem != Unreadable:
		return other
	case a.problem == "" && other.problem == "" && other.unknown == 0 && other.in.says(a.reading.Place):
		return other
	}
	return a
}

// says tells whether a text has words that say something in a schedule.
func (v vocabulary) says(text string) bool {
	p := phrase{tokens: v.tokens(text)}
	return p.fill() < len(p.tokens)
}

// meaning is all that an attempt says, for comparison.
func (a attempt) meaning() string {
	return strings.Join([]string{string(a.problem), a.reading.Schedule.Code(), a.reading.Place}, "|")
}
