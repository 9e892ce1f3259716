package score

import "strings"

// stem is the stem of an English word of ASCII letters in lower case: Porter's algorithm
// of 1980 with the departures of NLTK ("NLTK_EXTENSIONS"), which rouge_score counts with.
// The stemmers of package language are Porter's own later ones, and differ from it in
// every thirtieth word ("they", "says", "died").
func stem(word string) string {
	if s, ok := irregular[word]; ok {
		return s
	}
	if len(word) <= 2 {
		return word
	}
	word = plural(word)
	word = participle(word)
	if n := len(word) - 1; n > 1 && word[n] == 'y' && consonant(word, n-1) {
		word = word[:n] + "i"
	}
	word = double(word)
	word = replace(word, tripleEndings, 0)
	word = drop(word)
	return tidy(word)
}

// irregular are the words that NLTK keeps a table of.
var irregular = map[string]string{
	"sky": "sky", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news",
	"inning": "inning", "innings": "inning", "outing": "outing", "outings": "outing", "canning": "canning", "cannings": "canning",
	"howe": "howe", "proceed": "proceed", "exceed": "exceed", "succeed": "succeed",
}

// consonant tells whether a letter of a word is one: y is, except after a consonant.
func consonant(word string, i int) bool {
	switch word[i] {
	case 'a', 'e', 'i', 'o', 'u':
		return false
	case 'y':
		return i == 0 || !consonant(word, i-1)
	}
	return true
}

// turns is how often a consonant follows a vowel, Porter's m.
func turns(word string) int {
	n := 0
	for i := 1; i < len(word); i++ {
		if consonant(word, i) && !consonant(word, i-1) {
			n++
		}
	}
	return n
}

func hasVowel(word string) bool {
	for i := range len(word) {
		if !consonant(word, i) {
			return true
		}
	}
	return false
}

func doubled(word string) bool {
	n := len(word) - 1
	return n > 0 && word[n] == word[n-1] && consonant(word, n)
}

// short tells whether a word ends in consonant, vowel, consonant ("hop"), the last none of
// w, x and y, or is a vowel and a consonant.
func short(word string) bool {
	n := len(word) - 1
	if n == 1 {
		return !consonant(word, 0) && consonant(word, 1)
	}
	return n > 1 && consonant(word, n-2) && !consonant(word, n-1) && consonant(word, n) && !strings.ContainsRune("wxy", rune(word[n]))
}

// ie is the end of a word without its s or d: "ties" is tie, "tries" is tri.
func ie(word string) string {
	if len(word) == 4 {
		return word[:3]
	}
	return word[:len(word)-2]
}

// plural is step 1a.
func plural(word string) string {
	switch {
	case strings.HasSuffix(word, "sses"):
		return word[:len(word)-2]
	case strings.HasSuffix(word, "ies"):
		return ie(word)
	case strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss"):
		return word[:len(word)-1]
	}
	return word
}

// participle is step 1b.
func participle(word string) string {
	if strings.HasSuffix(word, "ied") {
		return ie(word)
	}
	if before, ok := strings.CutSuffix(word, "eed"); ok {
		if turns(before) > 0 {
			return before + "ee"
		}
		return word
	}
	before, ok := strings.CutSuffix(word, "ed")
	if !ok || !hasVowel(before) {
		if before, ok = strings.CutSuffix(word, "ing"); !ok || !hasVowel(before) {
			return word
		}
	}
	switch {
	case strings.HasSuffix(before, "at"), strings.HasSuffix(before, "bl"), strings.HasSuffix(before, "iz"):
		return before + "e"
	case doubled(before):
		if strings.ContainsRune("lsz", rune(before[len(before)-1])) {
			return before
		}
		return before[:len(before)-1]
	case turns(before) == 1 && short(before):
		return before + "e"
	}
	return before
}

// ending is the end of a word and what takes its place.
type ending struct{ from, to string }

var (
	doubleEndings = []ending{
		{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"}, {"bli", "ble"},
		{"alli", "al"}, {"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"}, {"ization", "ize"}, {"ation", "ate"},
		{"ator", "ate"}, {"alism", "al"}, {"iveness", "ive"}, {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},
		{"iviti", "ive"}, {"biliti", "ble"}, {"fulli", "ful"},
	}
	tripleEndings = []ending{
		{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""},
	}
	droppedEndings = []string{
		"al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
		"ous", "ive", "ize",
	}
)

// replace puts the other ending in the place of the first one that the word has, if more
// than so many turns are before it.
func replace(word string, endings []ending, more int) string {
	for _, e := range endings {
		if before, ok := strings.CutSuffix(word, e.from); ok {
			if turns(before) > more {
				return before + e.to
			}
			return word
		}
	}
	return word
}

// double is step 2.
func double(word string) string {
	if before, ok := strings.CutSuffix(word, "alli"); ok && turns(before) > 0 {
		return double(before + "al")
	}
	if before, ok := strings.CutSuffix(word, "logi"); ok && turns(before+"l") > 0 {
		return before + "log"
	}
	return replace(word, doubleEndings, 0)
}

// drop is step 4.
func drop(word string) string {
	for _, e := range droppedEndings {
		before, ok := strings.CutSuffix(word, e)
		if !ok {
			continue
		}
		if turns(before) > 1 && (e != "ion" || before[len(before)-1] == 's' || before[len(before)-1] == 't') {
			return before
		}
		return word
	}
	return word
}

// tidy is step 5: the e at the end, and one of two l.
func tidy(word string) string {
	if before, ok := strings.CutSuffix(word, "e"); ok {
		if n := turns(before); n > 1 || n == 1 && !short(before) {
			word = before
		}
	}
	if before := strings.TrimSuffix(word, "l"); before != word && strings.HasSuffix(before, "l") && turns(before) > 1 {
		return before
	}
	return word
}
