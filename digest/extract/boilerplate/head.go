package boilerplate

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"newsdigest/digest/language"
)

const (
	// stampWithin is among how many first sentences time stamps and bylines are looked for.
	stampWithin = 8
	// datelineWithin is how many first sentences of the news may carry a dateline (a
	// standfirst may come before it).
	datelineWithin = 2
	// datelineBytes is the longest dateline: "SPRINGFIELD, Illinois, 3 March (Agency) -".
	datelineBytes = 72
)

// head is how many of the first sentences are the article's head: byline and time of
// publication.
func head(text string, all []language.Span) int {
	n := 0
	for i, s := range all[:min(len(all), stampWithin)] {
		sentence := s.Of(text)
		if isStamp(sentence) || i == n && isByline(sentence, n > 0) {
			n = i + 1
		}
	}
	if n == len(all) {
		return 0
	}
	return n
}

// isStamp tells whether a sentence says when the article was published or changed, and
// nothing else.
func isStamp(s string) bool {
	if len(s) > 120 {
		return false
	}
	up := strings.ToUpper(s)
	for _, word := range []string{"PUBLISHED:", "UPDATED:", "LAST UPDATED", "LAST MODIFIED", "VERÖFFENTLICHT:", "AKTUALISIERT:", "PUBLIÉ LE", "MIS À JOUR LE", "PUBLICADO:", "ACTUALIZADO:", "PUBBLICATO IL", "GEPUBLICEERD OP", "ОПУБЛИКОВАНО:", "ОБНОВЛЕНО:"} {
		if strings.HasPrefix(up, word) || strings.Contains(up, "| "+word) {
			return true
		}
	}
	// "18:10 EST, 8 May 2012."
	return len(s) > 5 && isDigit(s[0]) && strings.Contains(s[:6], ":") && wordCount(s, 8) < 8 && isDigit(strings.TrimRight(s, ".")[len(strings.TrimRight(s, "."))-1])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// bylines are the words before an author's name.
var bylines = map[string]bool{"by": true, "von": true, "par": true, "por": true, "di": true, "door": true, "af": true, "av": true, "от": true, "автор": true}

// isByline tells whether a sentence names the author: "By Ada Weir", or just the name
// where the byline was broken up ("By. Ada Weir.").
func isByline(s string, broken bool) bool {
	first, rest, _ := strings.Cut(s, " ")
	if !bylines[strings.ToLower(strings.TrimRight(first, ".:"))] {
		return broken && strings.HasSuffix(s, ".") && len(s) < 48 && names(strings.TrimRight(s, "."), 2, 5)
	}
	return rest == "" || !strings.HasSuffix(rest, ".") && names(strings.TrimRight(rest, "."), 1, 8)
}

// names tells whether a text is from least to most words, all capitalized but the
// conjunctions between them.
func names(s string, least, most int) bool {
	n := 0
	for w := range strings.FieldsSeq(s) {
		r, _ := utf8.DecodeRuneInString(w)
		small := w == "and" || w == "und" || w == "et" || w == "y" || w == "e" || w == "&" || w == "de" || w == "van" || w == "von" || w == "for"
		if !unicode.IsUpper(r) && !small || strings.ContainsAny(w, "\"“”:;?!0123456789") {
			return false
		}
		n++
	}
	return n >= least && n <= most
}

// dateline is the length of the dateline in front of a sentence: "(CNN)",
// "LONDON (Reuters) - ", "PARIS, 3 March — ".
func dateline(s string) int {
	start := s[:min(len(s), datelineBytes)]
	if open := strings.IndexByte(start, '('); open >= 0 {
		if end := strings.IndexByte(start[open:], ')'); end > 0 {
			place, agency := start[:open], start[open+1:open+end]
			rest := strings.TrimLeft(s[open+end+1:], " \u00a0")
			signed := names(agency, 1, 4) && (strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "–") || strings.HasPrefix(rest, "—"))
			if isPlace(place) && (isAgency(agency) || signed) {
				return afterDash(s, open+end+1)
			}
		}
	}
	for _, dash := range []string{" -- ", " — ", " – ", " - "} {
		place, _, found := strings.Cut(start, dash)
		if found && isPlace(place) && (isUpperCase(place) || dash != " - " && wordCount(place, 4) < 4 && !strings.Contains(place, " -")) {
			return len(place) + len(dash)
		}
	}
	return 0
}

// afterDash is where the sentence begins behind the dashes and spaces at i.
func afterDash(s string, i int) int {
	rest := strings.TrimLeft(s[i:], " \u00a0-–—:")
	if rest == "" {
		return 0
	}
	return len(s) - len(rest)
}

// isPlace tells whether a text may be the place and day of a dateline: capitalized
// words, a number, commas, and no verb, for which small letters stand.
func isPlace(s string) bool {
	n := 0
	for w := range strings.FieldsSeq(s) {
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/|-–—", r) && w != "de" && w != "of" {
			return false
		}
		if strings.ContainsAny(w, "\"“”«»:;?!'’") {
			return false
		}
		n++
	}
	return n <= 7
}

// agencies are news agencies and broadcasters whose sign stands in datelines.
var agencies = map[string]bool{
	"ap": true, "associated press": true, "reuters": true, "afp": true, "dpa": true, "cnn": true, "upi": true, "efe": true, "ansa": true,
	"tass": true, "xinhua": true, "pti": true, "ians": true, "ani": true, "anp": true, "apa": true, "sda": true, "aa": true, "bloomberg": true,
	"cnn business": true, "cnn español": true, "lusa": true, "unian": true, "kyodo": true, "yonhap": true, "pa": true, "cp": true,
	"the canadian press": true, "ctk": true, "pap": true, "tt": true, "ntb": true, "ritzau": true, "belga": true, "notimex": true, "telam": true,
}

func isAgency(s string) bool {
	s = strings.ToLower(s)
	if agencies[s] {
		return true
	}
	first, _, _ := strings.Cut(s, "/")
	return agencies[strings.TrimSpace(first)]
}

func isUpperCase(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters >= 3
}
