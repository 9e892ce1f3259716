package digest

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrQuiet means that a text names no quiet hours.
var ErrQuiet = errors.New("not two times of day")

// clockFormat is the form of the times of Quiet.
const clockFormat = "15:04"

// IsZero tells whether there are no quiet hours.
func (q Quiet) IsZero() bool { return q.From == q.To }

// Silent tells whether now is within the quiet hours on the zone's clock: from From on,
// up to To. The clock on the wall decides, also on days when it is changed.
func (q Quiet) Silent(now time.Time, zone *time.Location) bool {
	clock := now.In(zone).Format(clockFormat)
	if q.From <= q.To {
		return q.From <= clock && clock < q.To
	}
	return clock >= q.From || clock < q.To
}

// ParseQuiet reads quiet hours as people write them: "22-7", "22:00-07:00", "10pm to 7am",
// and "off". An hour that may be either half of the day is the one that makes a night:
// "10 to 7" is from 22:00. The error is ErrQuiet with details.
func ParseQuiet(text string) (Quiet, error) { return ParseQuietIn(wordLanguages[0], text) }

// ParseQuietIn is ParseQuiet for somebody who reads the language: "von 22 bis 7". Other
// languages are understood as well, the language first.
func ParseQuietIn(lang, text string) (Quiet, error) {
	bad := fmt.Errorf("%w: %q", ErrQuiet, shorten(text, 60))
	if !typable(text) {
		return Quiet{}, bad
	}
	plain := Clean(plainText(text))
	for _, v := range append(first(lang), others(lang)...) {
		if v.off(plain) {
			return Quiet{}, nil
		}
		p := phrase{text: plain, tokens: v.tokens(plain)}
		if from, to, ok := p.between(); ok && from != to {
			return Quiet{From: clockText(from), To: clockText(to)}, nil
		}
	}
	return Quiet{}, bad
}

// off tells whether a text is a word for no quiet hours.
func (v vocabulary) off(text string) bool {
	return slices.ContainsFunc(v, func(t *table) bool { return t.off[keyOf(text)] })
}

// between reads two times of day with a dash, or a word for it, between them, in minutes.
func (p *phrase) between() (from, to int, ok bool) {
	p.pos = p.fill()
	for i := p.pos; i < len(p.tokens); i++ {
		switch p.tokens[i].kind {
		case toWord, throughWord, spanWord, andWord:
			p.tokens[i].kind = minusWord
		}
	}
	first, ok := p.clock()
	if !ok || p.at(0).kind != minusWord {
		return 0, 0, false
	}
	p.pos++
	p.pos += p.fill()
	second, ok := p.clock()
	if !ok || p.pos != len(p.tokens) {
		return 0, 0, false
	}
	from, to = first.minutes, second.minutes
	long := (to-from+minutesDay)%minutesDay > minutesDay/2
	if first.bare && long && to <= minutesDay/2 {
		from = (from + minutesDay/2) % minutesDay
	}
	return from, to, true
}

// clockText is a time of day in minutes as the zero-padded clock shows it.
func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
