package digest

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
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

// quietWords are the words around the two times, by what they stand for: nothing, or "to".
// People write them in the language they read the bot in.
var quietWords = wordsFor(map[string]string{
	"":  "from between quiet von ab zwischen de des das entre desde с з від من 从",
	"-": "to and until till through bis und à au a et y e hasta até às до по и та إلى حتى 至 到",
})

// quietOff are the words for no quiet hours.
var quietOff = wordsFor(map[string]string{
	"off": "off no none never aus nein keine non aucune jamais ninguna nunca desactivar não nenhuma nunca нет выкл " +
		"ні вимк لا إيقاف 关 无",
})

// wordsFor turns lists of words around: from each word to what it stands for.
func wordsFor(lists map[string]string) map[string]string {
	out := map[string]string{}
	for means, list := range lists {
		for w := range strings.FieldsSeq(list) {
			out[w] = means
		}
	}
	return out
}

// ParseQuiet reads quiet hours as people write them: "22-7", "22:00-07:00", "10pm to 7am",
// and "off". An hour that may be either half of the day is the one that makes a night:
// "10 to 7" is from 22:00. The error is ErrQuiet with details.
func ParseQuiet(text string) (Quiet, error) {
	if len(text) > maxPhrase || !utf8.ValidString(text) {
		return Quiet{}, fmt.Errorf("%w: %q", ErrQuiet, shorten(text, 60))
	}
	words := strings.Fields(strings.ToLower(Clean(text)))
	if len(words) == 1 && quietOff[words[0]] != "" {
		return Quiet{}, nil
	}
	for i, w := range words {
		if means, ok := quietWords[w]; ok {
			words[i] = means
		}
	}
	phrase := phrase{tokens: english.tokens(strings.Join(words, " "))}
	from, to, ok := phrase.between()
	if !ok || from == to {
		return Quiet{}, fmt.Errorf("%w: %q", ErrQuiet, shorten(text, 60))
	}
	return Quiet{From: clockText(from), To: clockText(to)}, nil
}

// between reads two times of day with a dash between them, in minutes.
func (p *phrase) between() (from, to int, ok bool) {
	first, ok := p.clock()
	if !ok || p.at(0).kind != minusWord {
		return 0, 0, false
	}
	p.pos++
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
