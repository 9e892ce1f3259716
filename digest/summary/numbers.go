package summary

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"newsdigest/digest/language"
)

// quantity is a number that a sentence states.
type quantity struct {
	language.Span         // as written, with its sign, scale and unit: "15%", "2.3 million", "$4bn"
	first, last   int     // its tokens
	value         float64 // "nine in ten" is 90 percent
	unit          string  // "%", "pp" for percentage points, a currency sign, or "" for what a noun says
	scaled        bool    // by a word: "million"
	bound         int     // the token with which "at least" or the like begins, or first
	about         bool    // said to be rounded
	least, most   bool    // "more than", "up to"
	// loose says that it does not count anything by itself: a year, a date, a clock time,
	// an age, a score, one end of a range, an ordinal, a part of something.
	loose bool
}

// reader reads the quantities of one sentence.
type reader struct {
	text   string
	tokens []language.Token
	lang   string
	words  map[string]wordRole
}

func newReader(text string, tokens []language.Token, lang string) reader {
	return reader{text, tokens, lang, rolesOf(lang)}
}

// is tells whether token i has one of the roles.
func (r reader) is(i int, roles role) bool {
	return i >= 0 && i < len(r.tokens) && roleOf(r.words, r.text, r.tokens[i], r.lang).role&roles != 0
}

// gap is the text before token i, back to the one before it.
func (r reader) gap(i int) string {
	from, to := 0, len(r.text)
	if i > 0 {
		from = r.tokens[i-1].To
	}
	if i < len(r.tokens) {
		to = r.tokens[i].From
	}
	return r.text[min(from, to):to]
}

// quantities appends the quantities of the sentence to dst, in order.
func (r reader) quantities(dst []quantity) []quantity {
	for i := 0; i < len(r.tokens); {
		q, ok := r.number(i)
		if !ok {
			i++
			continue
		}
		r.scale(&q)
		r.ratio(&q)
		r.unit(&q)
		r.bounds(&q)
		q.loose = q.loose || r.loose(q)
		dst = append(dst, q)
		i = q.last + 1
	}
	return dst
}

// number reads the number that begins with token i: digits, or a word for one.
func (r reader) number(i int) (quantity, bool) {
	t := r.tokens[i]
	q := quantity{Span: t.Span, first: i, last: i}
	if c := r.text[t.From]; c < '0' || c > '9' {
		w := roleOf(r.words, r.text, t, r.lang)
		if w.role&numberWord == 0 {
			return q, false
		}
		q.value = w.value
		if i+1 < len(r.tokens) && q.value >= 20 && r.gap(i+1) == "-" { // twenty-two
			if unit := roleOf(r.words, r.text, r.tokens[i+1], r.lang); unit.role&numberWord != 0 && unit.value < 10 {
				q.value += unit.value
				q.last++
				q.To = r.tokens[q.last].To
			}
		}
		return q, true
	}
	raw := t.Of(r.text)
	end := 0
	for end < len(raw) && (raw[end] >= '0' && raw[end] <= '9' || raw[end] == '.' || raw[end] == ',') {
		end++
	}
	digits, suffix := raw[:end], raw[end:]
	if suffix == "" && len(digits) <= 3 {
		digits = r.grouped(&q, digits)
	}
	value, ok := parseNumber(digits, r.lang)
	if !ok {
		return q, false
	}
	q.value = value
	r.suffix(&q, suffix)
	return q, true
}

// grouped joins the groups of a number that has spaces in it: "61 000".
func (r reader) grouped(q *quantity, digits string) string {
	for q.last+1 < len(r.tokens) {
		next := r.tokens[q.last+1]
		gap, width := utf8.DecodeRuneInString(r.gap(q.last + 1))
		if !next.Number || next.To-next.From != 3 || width != len(r.gap(q.last+1)) || !unicode.IsSpace(gap) || strings.ContainsAny(next.Of(r.text), ".,") {
			break
		}
		digits += next.Of(r.text)
		q.last++
		q.To = next.To
	}
	return digits
}

// suffix is what letters at the end of digits say: "3m", "5th", "12km".
func (r reader) suffix(q *quantity, s string) {
	switch w := r.words[strings.ToLower(s)]; {
	case s == "":
	case w.role&scaleWord != 0:
		q.value *= w.value
	case w.role&clockWord != 0 || strings.IndexFunc(s, unicode.IsDigit) >= 0:
		q.loose = true
	case s == "st" || s == "nd" || s == "rd" || s == "th" || s == "s" || s == "er" || s == "e":
		q.loose = true
	default:
		q.unit = strings.ToLower(s)
	}
}

// pointDecimals are the languages that write decimals with a point; the others write
// them with a comma.
var pointDecimals = map[string]bool{"": true, "en": true, "zh": true, "ja": true, "ko": true, "hi": true, "he": true, "th": true}

// parseNumber reads digits with grouping and decimal marks as the language writes them.
func parseNumber(s, lang string) (float64, bool) {
	group, decimal := ".", ","
	if pointDecimals[lang] {
		group, decimal = ",", "."
	}
	whole, fraction, hasFraction := strings.Cut(s, decimal)
	if parts := strings.Split(whole, group); len(parts) == 2 && len(parts[1]) != 3 && !hasFraction {
		whole, fraction = parts[0], parts[1] // the other way of writing it
	} else if hasFraction && len(parts) == 1 && len(fraction) == 3 && strings.Count(fraction, decimal) == 0 && lang != "en" && whole != "0" {
		whole, fraction = whole+fraction, "" // "92,000" in a German text
	}
	whole = strings.ReplaceAll(whole, group, "")
	if strings.ContainsAny(fraction, ".,") || len(whole) > 15 {
		return 0, false
	}
	v, err := strconv.ParseFloat(whole+"."+fraction+"0", 64)
	return v, err == nil
}

// scale multiplies by the words that follow: "2.3 million", "five thousand".
func (r reader) scale(q *quantity) {
	for q.last+1 < len(r.tokens) && strings.TrimSpace(strings.Trim(r.gap(q.last+1), "-")) == "" {
		w := roleOf(r.words, r.text, r.tokens[q.last+1], r.lang)
		if w.role&scaleWord == 0 {
			return
		}
		q.value *= w.value
		q.scaled = true
		q.last++
		q.To = r.tokens[q.last].To
	}
}

// ratio reads "four in ten", "nine out of ten", "neun von zehn" as a percentage.
func (r reader) ratio(q *quantity) {
	i := q.last + 1
	if !r.is(i, ratioWord) {
		return
	}
	for r.is(i, ratioWord) {
		i++
	}
	if i >= len(r.tokens) {
		return
	}
	whole, ok := r.number(i)
	if !ok || !slices.Contains([]float64{3, 4, 5, 10, 20, 100}, whole.value) || q.value >= whole.value || r.is(whole.last+1, percentWord|scaleWord) {
		return
	}
	q.value, q.unit = 100*q.value/whole.value, "%"
	q.last, q.To, q.about = whole.last, whole.To, true
}

const currencies = "$€£¥₹₽₺₴₩₫"

// unit reads the sign or word that says what is counted.
func (r reader) unit(q *quantity) {
	before := strings.TrimRight(r.gap(q.first), "\u00a0 ")
	if sign, n := utf8.DecodeLastRuneInString(before); n > 0 && strings.ContainsRune(currencies, sign) {
		q.unit = string(sign)
		q.From = strings.LastIndex(r.text[:q.From], q.unit)
	}
	after := r.gap(q.last + 1)
	trimmed := strings.TrimLeft(after, "\u00a0\u202f ")
	sign, n := utf8.DecodeRuneInString(trimmed)
	switch {
	case q.unit != "":
	case sign == '%' || sign == '٪' || sign == '％':
		q.unit = "%"
		q.To += len(after) - len(trimmed) + n
	case n > 0 && strings.ContainsRune(currencies, sign):
		q.unit = string(sign)
		q.To += len(after) - len(trimmed) + n
	case r.is(q.last+1, percentWord):
		q.unit = "%"
		q.last++
	case r.is(q.last+2, percentWord) && after == " " && r.gap(q.last+2) == " " && r.tokens[q.last+1].To-r.tokens[q.last+1].From <= 4: // per cent, pour cent
		q.unit = "%"
		q.last += 2
	}
	q.To = max(q.To, r.tokens[q.last].To)
	if r.is(q.last+1, pointsWord) {
		q.unit = "pp"
		q.last++
		q.To = r.tokens[q.last].To
	}
}

// bounds reads "about", "more than", "up to" before the number.
func (r reader) bounds(q *quantity) {
	q.bound = q.first
	for i := q.first - 1; i >= max(0, q.first-3) && !strings.ContainsAny(r.gap(i+1), ",;:.()"); i-- {
		q.about = q.about || r.is(i, aboutWord)
		q.least = q.least || r.is(i, leastWord)
		q.most = q.most || r.is(i, mostWord)
		if r.is(i, aboutWord|leastWord|mostWord) {
			q.bound = i
		}
	}
	if i := q.bound - 1; q.bound < q.first && i >= 0 && r.joins(i, []string{"at", "au", "al"}) { // at least, au moins
		q.bound = i
	}
}

// loose tells whether the number counts nothing by itself.
func (r reader) loose(q quantity) bool {
	before, after := r.gap(q.first), r.gap(q.last+1)
	year := q.unit == "" && q.first == q.last && q.value >= 1000 && q.value < 2200 && q.To-q.From == 4
	switch {
	case year && r.tokens[q.first].Number, math.IsInf(q.value, 0):
		return true
	case r.is(q.first-1, monthWord) || r.is(q.last+1, monthWord|clockWord):
		return q.unit == ""
	case strings.HasPrefix(after, ".") && q.last+1 < len(r.tokens): // an ordinal: 3. Dezember
		return true
	case strings.HasPrefix(after, ":") && len(after) == 1, strings.HasSuffix(before, ":") && len(before) == 1: // 5:15
		return true
	case dashed(before) || dashed(after): // 212-140, 20-year-old, 15–20
		return true
	case r.rangeEnd(q.first) || r.rangeStart(q):
		return true
	case strings.HasPrefix(after, ",") && strings.HasSuffix(strings.TrimRight(before, " "), ",") && q.value < 110: // , 45,
		return true
	}
	part := partWord
	if q.unit != "" || q.scaled { // 40% of the homes, 90 millions de couronnes
		part = 0
	}
	return r.is(q.last+1, furtherWord|part) || r.is(q.first-1, ratioWord) && !r.is(q.first-1, partWord|mostWord) && r.is(q.first-2, ratioWord) || r.is(q.first-1, furtherWord) && !r.is(q.first-1, leastWord)
}

// joinWords stand between the two ends of a range: alone, or after "between".
var (
	joinWords    = []string{"to", "or", "bis", "oder", "à", "ou", "a", "o", "till", "tot"}
	betweenWords = []string{"and", "und", "et", "y", "e", "en"}
)

// rangeStart tells whether a number is the lower end of a range: "15 to 20", "between 4%
// and 9%".
func (r reader) rangeStart(q quantity) bool {
	if r.is(q.first-1, rangeWord) {
		return true
	}
	return q.last+2 < len(r.tokens) && r.joins(q.last+1, joinWords) && r.isNumber(q.last+2)
}

// rangeEnd tells whether the number at token i is the upper end of a range.
func (r reader) rangeEnd(i int) bool {
	for k := i - 2; k >= max(0, i-4); k-- {
		if r.isNumber(k) {
			return r.joins(i-1, joinWords) || r.joins(i-1, betweenWords) && (r.is(k-1, rangeWord) || r.is(k-2, rangeWord))
		}
	}
	return false
}

func (r reader) joins(i int, words []string) bool {
	return slices.Contains(words, strings.ToLower(r.tokens[i].Of(r.text)))
}

func (r reader) isNumber(i int) bool {
	_, ok := r.number(i)
	return ok
}

func dashed(gap string) bool {
	return gap == "-" || gap == "–" || gap == "—" || gap == "‑" || gap == "/"
}
