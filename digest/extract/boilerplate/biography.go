package boilerplate

import (
	"strings"

	"newsdigest/digest/language"
)

const (
	// fragmentWords is the most words a scrap of a biography has ("Food junkie.") and
	// fragmentsLeast how many scraps make one.
	fragmentWords  = 5
	fragmentsLeast = 4
	// newsLeast is how many sentences must stand before it.
	newsLeast = 3
	// fragmentsShared is the greatest share of their words that occurs in the article.
	fragmentsShared = 0.2
)

// biography is where the author's self-portrait begins that some pages have behind the
// text: a row of scraps without a verb that have nothing to do with the article.
// len(all) if there is none.
func biography(text, lang string, all []language.Span) int {
	from := len(all)
	for from > 0 && wordCount(all[from-1].Of(text), fragmentWords+1) <= fragmentWords {
		from--
	}
	if len(all)-from < fragmentsLeast || from < newsLeast {
		return bareName(text, all)
	}
	known := map[string]bool{}
	for _, t := range language.Terms(nil, text[:all[from].From], lang) {
		known[t] = true
	}
	scraps := language.Terms(nil, text[all[from].From:], lang)
	shared := 0
	for _, t := range scraps {
		if known[t] {
			shared++
		}
	}
	if float64(shared) > fragmentsShared*float64(len(scraps)) {
		return len(all)
	}
	return from
}

// bareName is where the author's name stands alone on the last line; len(all) if it
// does not.
func bareName(text string, all []language.Span) int {
	n := len(all)
	if n <= newsLeast || !strings.Contains(text[all[n-2].To:all[n-1].From], "\n") {
		return n
	}
	last := all[n-1].Of(text)
	name, _, _ := strings.Cut(last, "(")
	if len(last) < 64 && names(name, 1, 5) && !closed(last) {
		return n - 1
	}
	return n
}
