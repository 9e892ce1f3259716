package boilerplate

import (
	"strings"
	"sync"
	"unicode/utf8"

	"newsdigest/digest/language"
)

const (
	// furnitureBytes is the longest sentence that may be a call to action or a credit,
	// startBytes the longest that is one because of how it begins.
	furnitureBytes = 400
	startBytes     = 160
	// biographyWithin is among how many last sentences an author is introduced.
	biographyWithin = 4
)

// phrases finds phrases in a sentence by their first two bytes.
type phrases struct{ starts, contains map[[2]byte][]string }

// index makes phrases of the wordings of each language; those of English hold
// everywhere, since pages in all languages carry English furniture.
func index(wordings map[string]wording) map[string]phrases {
	out := map[string]phrases{}
	for lang, w := range wordings {
		p := phrases{map[[2]byte][]string{}, map[[2]byte][]string{}}
		add(p.starts, w.starts)
		add(p.contains, w.contains)
		if lang != "en" {
			add(p.starts, wordings["en"].starts)
			add(p.contains, wordings["en"].contains)
		}
		out[lang] = p
	}
	return out
}

func add(to map[[2]byte][]string, list string) {
	for phrase := range strings.SplitSeq(list, "|") {
		if phrase = strings.Join(strings.Fields(phrase), " "); phrase != "" {
			key := [2]byte{phrase[0], phrase[1]}
			to[key] = append(to[key], phrase)
		}
	}
}

var (
	furniturePhrases    = sync.OnceValue(func() map[string]phrases { return index(furnitureOf) })
	introductionPhrases = sync.OnceValue(func() map[string]phrases { return index(introductions) })
)

// of are the phrases of a language, those of English where it has none.
func of(index map[string]phrases, lang string) phrases {
	if p, ok := index[lang]; ok {
		return p
	}
	return index["en"]
}

// furniture tells whether a sentence belongs to the page and not to the article; last
// says that it is one of the last sentences, where authors are introduced.
func furniture(s, lang string, last bool) bool {
	if len(s) > furnitureBytes {
		return false
	}
	low := strings.TrimLeft(language.Lower(s, lang), "[(*•►▶→>»\"“-–—| ")
	return of(furniturePhrases(), lang).match(low) || last && of(introductionPhrases(), lang).match(low)
}

func (p phrases) match(low string) bool {
	if len(low) < 2 {
		return false
	}
	for _, phrase := range p.starts[[2]byte{low[0], low[1]}] {
		if strings.HasPrefix(low, phrase) && bounded(low, len(phrase)) && (len(low) < startBytes || strings.HasSuffix(phrase, ":")) {
			return true
		}
	}
	for i := 0; i+1 < len(low); i++ {
		if i > 0 && isWord(low[i-1]) || !utf8.RuneStart(low[i]) {
			continue
		}
		for _, phrase := range p.contains[[2]byte{low[i], low[i+1]}] {
			if strings.HasPrefix(low[i:], phrase) {
				return true
			}
		}
	}
	return false
}

// bounded tells whether a phrase of n bytes at the start of s ends with a word.
func bounded(s string, n int) bool { return n >= len(s) || !isWord(s[n]) || !isWord(s[n-1]) }

// isWord tells whether an ASCII byte, in lower case, is of a word.
func isWord(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' }
