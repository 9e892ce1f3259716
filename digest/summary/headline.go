package summary

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"newsdigest/digest"
	"newsdigest/digest/extract/boilerplate"
	"newsdigest/digest/language"
)

const (
	// goodHeadline is the length in characters up to which a headline is preferred,
	// maxHeadline the length from which on it is cut.
	goodHeadline = 80
	maxHeadline  = 300
	// beginning is how much of an article, in bytes, a headline is held against: about two
	// sentences.
	beginning = 400
	// explainer is what a headline that promises an explanation is worth beside one that
	// says what happened.
	explainer = 0.6
)

// Headline is the headline of a story: one of its publishers' own, whole but for the
// outlet's name at its end. Of those of at most 80 characters without question mark,
// exclamation mark and shouting it is the one that has most in common with the other
// headlines and with how the articles begin; where there is none, the shortest. Only one
// over 300 characters is cut, at a word.
func Headline(docs []Document) string {
	var all []headline
	var begin [][]string
	for _, doc := range docs {
		if text := withoutOutlet(digest.Clean(doc.Title), doc.Outlet); text != "" {
			all = append(all, headline{text: text, terms: language.Terms(nil, text, doc.Lang)})
		}
		start := strings.ToValidUTF8(doc.Text[:min(len(doc.Text), beginning)], "")
		begin = append(begin, language.Terms(nil, start, doc.Lang))
	}
	if len(all) == 0 {
		return firstSentence(docs)
	}
	for i := range all {
		all[i].rate(all, begin)
	}
	best := slices.MinFunc(all, func(a, b headline) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(len(a.text), len(b.text)), cmp.Compare(a.text, b.text))
	})
	return shorten(best.text)
}

type headline struct {
	text  string
	terms []string
	worth float64 // what a good one has in common with all, 0 for others
}

// rate finds what a headline is worth among all, and before the beginnings of the
// articles.
func (h *headline) rate(all []headline, begin [][]string) {
	long := utf8.RuneCountInString(h.text) > goodHeadline
	if long || strings.ContainsAny(h.text, "?!？！؟") || shouts(h.text) || baits(h.text) {
		return
	}
	h.worth = 1
	for _, other := range all {
		h.worth += overlap(h.terms, other.terms)
	}
	for _, terms := range begin {
		h.worth += covered(h.terms, terms)
	}
	if explains(h.text) {
		h.worth *= explainer
	}
}

// covered is the share of the terms that a text has.
func covered(terms, text []string) float64 {
	n := 0
	for _, t := range terms {
		if slices.Contains(text, t) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(terms)))
}

// explaining are words that begin a headline about an event instead of one that tells it.
var explaining = map[string]bool{
	"what": true, "which": true, "who": true, "how": true, "why": true, "inside": true, "explained": true, "explainer": true, "analysis": true, "comment": true,
	"was": true, "wie": true, "warum": true, "wieso": true, "pourquoi": true, "qué": true, "cómo": true, "perché": true, "come": true,
	"waarom": true, "hoe": true, "почему": true, "как": true, "чому": true, "як": true, "neden": true, "nasıl": true,
}

// explains tells whether a headline, or what it says after a colon, begins with such a
// word.
func explains(s string) bool {
	for part := range strings.SplitSeq(strings.ToLower(s), ": ") {
		first, _, _ := strings.Cut(part, " ")
		if explaining[strings.TrimRight(first, ":,")] {
			return true
		}
	}
	return false
}

// overlap is how much two lists of terms have in common: twice the shared ones by all.
func overlap(a, b []string) float64 {
	shared := 0
	for i, t := range a {
		if slices.Contains(b, t) && !slices.Contains(a[:i], t) {
			shared++
		}
	}
	return 2 * float64(shared) / float64(max(1, len(a)+len(b)))
}

// shouts tells whether a headline is in capitals throughout.
func shouts(s string) bool {
	upper := 0
	for _, r := range s {
		if unicode.IsLower(r) || unicode.Is(unicode.Lo, r) {
			return false
		}
		if unicode.IsUpper(r) {
			upper++
		}
	}
	return upper > 4
}

// baitPhrases promise instead of telling.
var baitPhrases = []string{
	"you won't believe", "you won’t believe", "here's why", "here’s why", "here's what", "here’s what", "what you need to know", "everything you need to know",
	"this is why", "what happened next", "the reason why", "will shock you", "can't stop", "das müssen sie wissen", "was sie wissen", "voici pourquoi",
	"ce qu'il faut savoir", "lo que debes saber", "esto es lo que", "ecco perché", "ecco cosa", "o que você precisa saber", "live:", "live updates", "in pictures", "opinion:", "quiz:",
}

func baits(s string) bool {
	low := strings.ToLower(s)
	return slices.ContainsFunc(baitPhrases, func(p string) bool { return strings.Contains(low, p) })
}

// separators stand between a headline and the outlet's name.
var separators = []string{" - ", " – ", " — ", " | ", " · ", " :: ", " » "}

// withoutOutlet is a headline without the outlet's name behind it ("Pier rebuilt - The
// Harbour Post"); behind a bar any short name goes.
func withoutOutlet(title, outlet string) string {
	for _, sep := range separators {
		at := strings.LastIndex(title, sep)
		if at <= 0 {
			continue
		}
		name := title[at+len(sep):]
		if sameName(name, outlet) || sep == " | " && len(strings.Fields(name)) <= 4 && at > len(name) {
			return withoutOutlet(strings.TrimSpace(title[:at]), outlet)
		}
	}
	return title
}

// sameName tells whether two names of an outlet are the same but for article, case,
// spaces and domain.
func sameName(a, b string) bool {
	a, b = squeeze(a), squeeze(b)
	return a != "" && b != "" && (a == b || len(a) > 3 && strings.HasPrefix(b, a) || len(b) > 3 && strings.HasPrefix(a, b))
}

func squeeze(name string) string {
	name = strings.TrimPrefix(strings.ToLower(name), "the ")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, name)
}

// firstSentence stands for a headline where no article has one.
func firstSentence(docs []Document) string {
	for _, doc := range docs {
		if news := boilerplate.News(doc.Text[:min(len(doc.Text), maxBytes)], doc.Lang); len(news) > 0 {
			return shorten(digest.Clean(news[0].Of(doc.Text)))
		}
	}
	return ""
}

// shorten cuts a headline of more than 300 characters at a word.
func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxHeadline {
		return s
	}
	cut := []rune(s)[:maxHeadline-1]
	for end := len(cut) - 1; end > maxHeadline/2; end-- {
		if unicode.IsSpace(cut[end]) {
			cut = cut[:end]
			break
		}
	}
	return string(cut) + "…"
}
