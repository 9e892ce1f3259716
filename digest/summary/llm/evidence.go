package llm

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"newsdigest/digest/language"
)

// evidence is what a story's material has that words can be checked against.
type evidence struct {
	lang     string
	terms    map[string]bool // what its words mean, stemmed
	surfaces map[string]bool // its words in lower case
	capitals map[string]bool // those of them that begin with a capital somewhere
	common   map[string]bool // those that begin without one somewhere
	// names are runs of words with capitals, in lower case; pairs are two names of one line
	// in their order.
	names [][]string
	pairs map[[2]string]bool
	// with are the terms of the lines of each word with a capital, beside those around each
	// number.
	with    map[string]map[string]bool
	beside  map[string]map[string]bool
	quotes  []string
	scripts map[string]bool
}

func newEvidence(m material) evidence {
	e := evidence{
		lang: m.Language, terms: map[string]bool{}, surfaces: map[string]bool{}, capitals: map[string]bool{},
		common: map[string]bool{}, pairs: map[[2]string]bool{}, with: map[string]map[string]bool{}, beside: map[string]map[string]bool{}, scripts: map[string]bool{},
	}
	for _, line := range m.lines() {
		e.readWords(line)
	}
	for _, line := range m.lines() { // which words are names is known now
		e.readNames(line)
	}
	return e
}

// readWords adds the words and numbers of a line.
func (e *evidence) readWords(line string) {
	tokens := language.Tokens(nil, line, e.lang)
	for i, t := range tokens {
		surface := e.surface(t.Of(line))
		e.surfaces[surface] = true
		if t.Term != "" {
			e.terms[t.Term] = true
		}
		if t.Upper {
			e.capitals[surface] = true
			e.with[surface] = around(e.with[surface], tokens, i, len(tokens))
		} else {
			e.common[surface] = true
		}
		if n, ok := e.number(line, t); ok {
			e.terms[n] = true
			e.beside[n] = around(e.beside[n], tokens, i, nearNumber)
		}
	}
	for _, r := range line {
		e.scripts[scriptOf(r)] = true
	}
}

// readNames adds the names and quotations of a line.
func (e *evidence) readNames(line string) {
	names := e.namesIn(line, language.Tokens(nil, line, e.lang))
	e.names = append(e.names, names...)
	for i, a := range names {
		for _, b := range names[i+1:] {
			for _, first := range a {
				for _, second := range b {
					e.pairs[[2]string{first, second}] = true
				}
			}
		}
	}
	quoted, _ := quotations(line)
	e.quotes = append(e.quotes, quoted...)
}

// nearNumber is how many words around a number say what it is of.
const nearNumber = 4

// around adds the terms of the n tokens before and after token i to a set.
func around(set map[string]bool, tokens []language.Token, i, n int) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	for k := max(0, i-n); k < min(len(tokens), i+n+1); k++ {
		if k != i && tokens[k].Term != "" {
			set[tokens[k].Term] = true
		}
	}
	return set
}

// surface is a word in lower case, without a possessive ending.
func (e *evidence) surface(word string) string {
	word = language.Lower(word, e.lang)
	for _, ending := range []string{"'s", "’s", "'", "’"} {
		if cut, ok := strings.CutSuffix(word, ending); ok {
			return cut
		}
	}
	return word
}

// number is the value of a token that is one, in digits or as a word.
func (e *evidence) number(text string, t language.Token) (string, bool) {
	if t.Number {
		return t.Term, true
	}
	if v := values[e.lang][language.Lower(t.Of(text), e.lang)]; v != "" {
		return v, true
	}
	return "", false
}

// values are the words for numbers of some languages. "One" is too often none.
var values = func() map[string]map[string]string {
	digits := []string{"2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}
	out := map[string]map[string]string{}
	for lang, words := range map[string]string{
		"en": "two three four five six seven eight nine ten eleven twelve",
		"de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
		"fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
		"es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
		"it": "due tre quattro cinque sei sette otto nove dieci undici dodici",
		"pt": "dois três quatro cinco seis sete oito nove dez onze doze",
		"nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf",
		"ru": "два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
		"tr": "iki üç dört beş altı yedi sekiz dokuz on onbir oniki",
	} {
		out[lang] = map[string]string{}
		for i, w := range strings.Fields(words) {
			out[lang][w] = digits[i]
		}
	}
	for w, v := range map[string]string{
		"thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18",
		"nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70",
		"eighty": "80", "ninety": "90",
	} {
		out["en"][w] = v
	}
	return out
}()

// amounts are words that change a number or stand for one; a text may have only those
// that the articles have.
var amounts = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`one dozen dozens hundred hundreds thousand thousands million millions billion billions trillion trillions
		half third quarter double doubled triple tripled twice once none zero nil
		hundert tausend tausende million millionen milliarde milliarden billion dutzend dutzende hunderte hälfte drittel viertel doppelt
		cent cents mille million millions milliard milliards douzaine dizaine dizaines centaine centaines milliers moitié tiers double
		cien ciento cientos mil miles millón millones docena docenas decenas mitad tercio doble
		cento mila mille milione milioni miliardo miliardi decine centinaia migliaia metà doppio
		cem centenas milhar milhares milhão milhões bilhão bilhões dezenas metade dobro
		honderd honderden duizend duizenden miljoen miljoenen miljard miljarden tientallen helft dubbel
		сто сотни тысяча тысячи тысяч миллион миллиона миллионов миллиард миллиардов десятки половина вдвое
		yüz yüzlerce bin binlerce milyon milyonlarca milyar yarısı`) {
		out[w] = true
	}
	return out
}()

// namesIn are the names of a line: runs of words with capitals with nothing but a space,
// a hyphen or a point between them, in lower case. The first word of the line is part of
// one only if it is no function word and has its capital everywhere. Days and months are
// no names.
func (e *evidence) namesIn(line string, tokens []language.Token) [][]string {
	var names [][]string
	var run []string
	end := -1
	for i, t := range tokens {
		word := t.Of(line)
		surface := e.surface(word)
		capital := t.Upper && !calendar[surface] && !(i == 0 && (e.common[surface] || !e.capitals[surface] || language.Stop(surface, e.lang)))
		if len(run) > 0 && (!capital || !joined(line[end:t.From])) {
			names, run = append(names, run), nil
		}
		if capital {
			run = append(run, surface)
		}
		end = t.To
	}
	if len(run) > 0 {
		names = append(names, run)
	}
	return names
}

// joined tells whether two words of a name may have this between them.
func joined(gap string) bool { return strings.Trim(gap, " -‐–.’'&\u00a0") == "" && len(gap) < 4 }

// calendar are the English days and months; in other languages they are checked as names.
var calendar = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`monday tuesday wednesday thursday friday saturday sunday january february march april
		may june july august september october november december`) {
		out[w] = true
	}
	return out
}()

// closers are the marks that end a quotation, by the mark that begins it.
var closers = map[rune]string{
	'"': `"`, '“': "”", '”': "”", '„': "“”", '«': "»", '»': "«", '‘': "’", '‹': "›", '「': "」", '『': "』",
}

// quotations are the texts between quotation marks, and the text without them and their
// marks. A mark that begins a quotation without an end stays.
func quotations(text string) (quoted []string, rest string) {
	var out strings.Builder
	for text != "" {
		mark, n := utf8.DecodeRuneInString(text)
		if to := endOfQuotation(text[n:], closers[mark]); to >= 0 {
			quoted = append(quoted, text[n:n+to])
			_, m := utf8.DecodeRuneInString(text[n+to:])
			text = text[n+to+m:]
			continue
		}
		out.WriteString(text[:n])
		text = text[n:]
	}
	return quoted, out.String()
}

// endOfQuotation is where the mark stands that ends a quotation, -1 if none does. ’ before
// a letter is an apostrophe.
func endOfQuotation(text, marks string) int {
	if marks == "" {
		return -1
	}
	for i, r := range text {
		if !strings.ContainsRune(marks, r) {
			continue
		}
		if after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):]); r != '’' || !unicode.IsLetter(after) {
			return i
		}
	}
	return -1
}

// scriptOf is the script of a letter, "" of what is none or is shared.
func scriptOf(r rune) string {
	if r < 0x80 && unicode.IsLetter(r) {
		return "Latin"
	}
	if !unicode.IsLetter(r) {
		return ""
	}
	for name, table := range unicode.Scripts {
		if name != "Common" && name != "Inherited" && unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

// subsequence tells whether a occurs in b in its order.
func subsequence(a, b []string) bool {
	for _, w := range a {
		i := slices.Index(b, w)
		if i < 0 {
			return false
		}
		b = b[i+1:]
	}
	return true
}
