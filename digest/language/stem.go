package language

import (
	"strings"
	"sync/atomic"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
)

var stemmers = map[string]func(*snowballstem.Env) bool{
	"ar": arabic.Stem, "da": danish.Stem, "de": german.Stem, "en": english.Stem, "es": spanish.Stem,
	"fi": finnish.Stem, "fr": french.Stem, "hu": hungarian.Stem, "it": italian.Stem, "nl": dutch.Stem,
	"no": norwegian.Stem, "pt": portuguese.Stem, "ro": romanian.Stem, "ru": russian.Stem,
	"sv": swedish.Stem, "tr": turkish.Stem,
}

// cropped are the inflected languages without a stemmer; their words count by their
// first cropAt letters, which is nearly as good as stems.
var cropped = map[string]bool{
	"be": true, "bg": true, "cs": true, "el": true, "et": true, "hr": true, "lt": true, "lv": true,
	"pl": true, "sk": true, "sl": true, "sr": true, "uk": true,
}

const cropAt = 6

// stem is the stem of a word in lower case.
func stem(word, lang string) string {
	if stem, ok := stemmers[lang]; ok {
		env := snowballstem.NewEnv(word)
		stem(env)
		return env.Current()
	}
	if cropped[lang] {
		return crop(word, cropAt)
	}
	return word
}

// crop is the first n characters of a word.
func crop(word string, n int) string {
	for i := range word {
		if n == 0 {
			return word[:i]
		}
		n--
	}
	return word
}

// termCache remembers what words were made into. Stemming a word takes half a
// microsecond, looking it up a twentieth of it, and news repeats its words. It has a
// fixed number of places; a word that hashes to a taken place replaces it. Its content
// never changes a result, only how long it takes.
type termCache [1 << 15]atomic.Pointer[cachedTerm]

type cachedTerm struct{ lang, raw, term string }

var terms termCache

func (c *termCache) term(raw, lang string) string {
	const offset, prime = 2166136261, 16777619 // FNV-1a, 32 bit
	h := uint32(offset)
	for i := range len(lang) {
		h = (h ^ uint32(lang[i])) * prime
	}
	for i := range len(raw) {
		h = (h ^ uint32(raw[i])) * prime
	}
	place := &c[(h^h>>15)%uint32(len(c))]
	if e := place.Load(); e != nil && e.raw == raw && e.lang == lang {
		return e.term
	}
	term := strings.Clone(normalize(raw, lang)) // a copy: the text must not stay in memory
	if len(raw) <= maxTerm {
		place.Store(&cachedTerm{lang: strings.Clone(lang), raw: strings.Clone(raw), term: term})
	}
	return term
}
