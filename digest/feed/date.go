package feed

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// plausible tells whether a date can be that of news: publishers write the year 0 or
// 1970 where they have none.
func plausible(t time.Time) bool { return t.Year() >= 1990 && t.Year() <= 2200 }

// parseDate reads a date as publishers write them: ISO 8601, the RFC 822 family with
// numeric or named zones, and day, month and year in words of many languages in any
// order. A date without a zone is taken as UTC. It is zero if it cannot be read.
func parseDate(s string) time.Time {
	s = strings.TrimSpace(s)
	if len(s) > maxDate {
		return time.Time{}
	}
	if t, ok := usualDate(s); ok {
		return checked(t)
	}
	var p dateParts
	for _, token := range strings.FieldsFunc(cjkDate.Replace(strings.ToLower(s)), dateSeparator) {
		p.add(strings.Trim(token, "."))
	}
	return p.time()
}

// usualDate reads the three forms that most feeds have, in a tenth of the time.
func usualDate(s string) (time.Time, bool) {
	layout := time.RFC3339
	if len(s) > 0 && (s[0] < '0' || s[0] > '9') {
		layout = time.RFC1123Z
		if utc, ok := cutZone(s); ok {
			s, layout = utc, "Mon, 02 Jan 2006 15:04:05"
		}
	}
	t, err := time.Parse(layout, s)
	return t, err == nil
}

// cutZone takes the name of the zone off a date in UTC.
func cutZone(s string) (string, bool) {
	rest, gmt := strings.CutSuffix(s, " GMT")
	if gmt {
		return rest, true
	}
	return strings.CutSuffix(s, " UTC")
}

func checked(t time.Time) time.Time {
	if !plausible(t) {
		return time.Time{}
	}
	return t.UTC()
}

var cjkDate = strings.NewReplacer("年", "-", "月", "-", "日", " ", "년", "-", "월", "-", "일", " ", "时", ":", "分", " ")

func dateSeparator(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;()[]|", r) }

// dateParts are what was found so far; -1 and 0 mean nothing.
type dateParts struct {
	year, month, day     int
	hour, minute, second int
	nanos                int
	pm, am, hasZone      bool
	zone                 int // seconds east of UTC
}

var (
	numericDate = regexp.MustCompile(`^(\d{1,4})[-./](\d{1,2}|\p{L}+)[-./](\d{1,4})-?(?:t(.+))?$`)
	clockTime   = regexp.MustCompile(`^t?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?(am|pm|a\.m|p\.m)?(.*)$`)
	offset      = regexp.MustCompile(`^(?:gmt|utc|ut|z)?([-+])-?(\d{1,2}):?(\d{2})?(?::?\d{2})?$`)
	ordinal     = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|er|º|ª)?$`)
)

// add takes one token. What it cannot read, such as the name of the weekday, says
// nothing that is needed.
func (p *dateParts) add(token string) {
	if m := numericDate.FindStringSubmatch(token); m != nil {
		p.numeric(m[1], m[2], m[3])
		if m[4] != "" {
			p.add(m[4])
		}
		return
	}
	if m := clockTime.FindStringSubmatch(token); m != nil {
		p.clock(m)
		return
	}
	if m := offset.FindStringSubmatch(token); m != nil && p.year > 0 {
		p.offset(m[1], m[2], m[3])
		return
	}
	if m := ordinal.FindStringSubmatch(token); m != nil {
		p.number(m[1])
		return
	}
	if len(token) == 4 && isDigits(token) {
		p.year = atoi(token)
		return
	}
	p.word(token)
}

func (p *dateParts) word(token string) {
	switch token {
	case "am", "a.m":
		p.am = true
		return
	case "pm", "p.m":
		p.pm = true
		return
	}
	if east, ok := zones[token]; ok && !p.hasZone && p.day > 0 {
		p.zone, p.hasZone = east, true
		return
	}
	if m := monthOf(token); m > 0 {
		p.month = m // the last one: French for Tuesday is "mar" too
	}
}

// number is a day, or a year of two digits where the day is known.
func (p *dateParts) number(s string) {
	switch n := atoi(s); {
	case p.day == 0:
		p.day = n
	case p.year == 0:
		p.year = century(n)
	}
}

// century is the pivot of RFC 2822 for years of two digits, moved to what a feed can be.
func century(n int) int {
	if n >= 70 {
		return 1900 + n
	}
	return 2000 + n
}

// numeric reads three fields: the year first, or last with the day before the month,
// unless only the other order makes sense.
func (p *dateParts) numeric(a, b, c string) {
	if m := monthOf(b); m > 0 {
		p.day, p.month, p.year = atoi(a), m, fullYear(c)
		return
	}
	if len(a) == 4 {
		p.year, p.month, p.day = atoi(a), atoi(b), atoi(c)
		return
	}
	p.day, p.month, p.year = atoi(a), atoi(b), fullYear(c)
	if p.month > 12 {
		p.day, p.month = p.month, p.day
	}
}

func fullYear(s string) int {
	if len(s) <= 2 {
		return century(atoi(s))
	}
	return atoi(s)
}

func (p *dateParts) clock(m []string) {
	p.hour, p.minute, p.second = atoi(m[1]), atoi(m[2]), atoi(m[3])
	if m[4] != "" {
		p.nanos = atoi((m[4] + "000000000")[:9])
	}
	p.am, p.pm = strings.HasPrefix(m[5], "a"), strings.HasPrefix(m[5], "p")
	rest := strings.Trim(m[6], ". :")
	if o := offset.FindStringSubmatch(rest); o != nil {
		p.offset(o[1], o[2], o[3])
	} else if east, ok := zones[rest]; ok {
		p.zone, p.hasZone = east, true
	}
}

func (p *dateParts) offset(sign, hours, minutes string) {
	if p.hasZone && p.zone != 0 {
		return // "+0200 (GMT+02:00)" says it twice
	}
	if atoi(hours) > 14 {
		return // no such place
	}
	p.zone, p.hasZone = atoi(hours)*hour+atoi(minutes)*60, true
	if sign == "-" {
		p.zone = -p.zone
	}
}

func (p *dateParts) time() time.Time {
	switch {
	case p.pm && p.hour < 12:
		p.hour += 12
	case p.am && p.hour == 12:
		p.hour = 0
	}
	if p.year == 0 || p.month < 1 || p.month > 12 || p.day < 1 || p.day > 31 ||
		p.hour > 24 || p.minute > 59 || p.second > 60 {
		return time.Time{}
	}
	t := time.Date(p.year, time.Month(p.month), p.day, p.hour, p.minute, p.second, p.nanos, time.FixedZone("", p.zone))
	if t.Day() != p.day && p.hour < 24 && p.second < 60 {
		return time.Time{} // 31 February
	}
	return checked(t)
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// atoi is the number of a string of at most nine digits, 0 for an empty one.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// months are the beginnings of the names of the months, January first, in English,
// German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Russian and
// Ukrainian.
var months = [12]string{
	"jan ene gen sty oca янв січ",
	"feb fev fév lut şub sub фев лют",
	"mar mär mrz mrt maa maerz мар бер",
	"apr avr abr kwi nis апр кві",
	"may mai mei mag maj maggio mayo май мая тра",
	"jun juin giu cze haz июн чер",
	"jul juil lug lip tem июл лип",
	"aug aoû aou ago sie ağu agu авг сер",
	"sep set wrz eyl сен вер",
	"oct okt out ott paź paz eki окт жов",
	"nov lis kas ноя лис",
	"dec déc dez dic gru ara дек гру",
}

// monthOf is the month a word names, 0 if none.
func monthOf(word string) int {
	best, month := 0, 0
	for i, beginnings := range months {
		for b := range strings.FieldsSeq(beginnings) {
			if len(b) > best && strings.HasPrefix(word, b) {
				best, month = len(b), i+1
			}
		}
	}
	return month
}

const hour = 3600

// zones are the zone names seen in feeds, in seconds east of UTC. Where a name has
// several meanings, it is the one of most publishers: CST is in America, IST in India,
// BST in Britain.
var zones = map[string]int{
	"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
	"est": -5 * hour, "edt": -4 * hour, "cst": -6 * hour, "cdt": -5 * hour, "mst": -7 * hour, "mdt": -6 * hour,
	"pst": -8 * hour, "pdt": -7 * hour, "akst": -9 * hour, "akdt": -8 * hour, "hst": -10 * hour,
	"ast": -4 * hour, "adt": -3 * hour, "nst": -hour * 7 / 2, "ndt": -hour * 5 / 2, "brt": -3 * hour, "art": -3 * hour,
	"bst": hour, "west": hour, "cet": hour, "cest": 2 * hour, "mez": hour, "mesz": 2 * hour, "eet": 2 * hour,
	"eest": 3 * hour, "msk": 3 * hour, "msd": 4 * hour, "trt": 3 * hour, "sast": 2 * hour, "cat": 2 * hour, "eat": 3 * hour,
	"ist": hour * 11 / 2, "pkt": 5 * hour, "wib": 7 * hour, "ict": 7 * hour, "hkt": 8 * hour, "sgt": 8 * hour, "awst": 8 * hour,
	"jst": 9 * hour, "kst": 9 * hour, "acst": hour * 19 / 2, "aest": 10 * hour, "aedt": 11 * hour, "nzst": 12 * hour, "nzdt": 13 * hour,
}
