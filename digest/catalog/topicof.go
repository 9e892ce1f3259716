package catalog

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"newsdigest/digest/language"
)

// topicWords is what says that news is about a topic; its first line explains it. The
// lists are this project's own.
//
//go:embed topicwords.tsv
var topicWords string

// What says how much of a topic. A topic takes told, which one word does not make.
const (
	byCategory   = 5.0
	strongTitle  = 3.0 // a word that says it alone, in the title
	strongText   = 2.0
	weakTitle    = 1.5 // one that says it beside others
	weakText     = 1.0
	told         = 4.5
	secondTopic  = .85  // of the first: then it is about both
	openingBytes = 1000 // how much of the text is looked at
	longestWords = 3    // of a phrase in the table

	mostCategories = 3 // topics that categories may name
)

// ArticleTopics are the topics of an article: what its categories and words say, else
// those of its source. A source's only topic is one of all its articles, after what they
// say; of many topics of a source an article has those that it tells, and those that no
// word tells, for they are the operator's own. The language may be unknown.
func ArticleTopics(source, categories []string, title, text, lang string) []string {
	said := topicsOf(categories, title, text, lang)
	if len(said) == 0 {
		return source
	}
	for _, t := range source {
		if (len(source) == 1 || !slices.Contains(topics, t)) && !slices.Contains(said, t) {
			said = append(said, t)
		}
	}
	return said
}

// topicsOf are the one or two topics that categories and words name; none where they do
// not say, because a wrong topic is worse than none.
func topicsOf(categories []string, title, text, lang string) []string {
	scores := make([]float64, len(topics))
	filed := topicsNamed(categories)
	for _, t := range filed {
		scores[t] += byCategory
	}
	if lang == "" {
		lang = language.Detect(title + "\n" + text)
	}
	if words := topicTable()[lang]; words != nil {
		words.score(scores, title, text[:min(len(text), openingBytes)], lang)
	}
	order := make([]int, len(topics))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	var out []string
	for _, t := range order[:2] {
		if scores[t] >= told && (scores[t] >= secondTopic*scores[order[0]] || slices.Contains(filed, t)) {
			out = append(out, topics[t])
		}
	}
	return out
}

// topicsNamed are the topics that the feed's categories name, each part of a path by
// itself: "News/Sport". A feed that files an article everywhere names none.
func topicsNamed(categories []string) []int {
	names := topicTable()[anyLanguage]
	var named []int
	for _, c := range categories {
		for _, part := range strings.FieldsFunc(strings.ToLower(c), func(r rune) bool { return strings.ContainsRune("/>|:,;", r) }) {
			for _, w := range names.words[strings.TrimSpace(part)] {
				if !slices.Contains(named, w.topic) {
					named = append(named, w.topic)
				}
			}
		}
	}
	if len(named) > mostCategories {
		return nil
	}
	return named
}

// anyLanguage is where the table has the names of categories.
const anyLanguage = "-"

// unspaced are the languages whose words are looked for anywhere: nothing parts them.
var unspaced = map[string]bool{"zh": true, "ja": true}

// topicWord is what a word says.
type topicWord struct {
	topic  int
	strong bool
}

func (w topicWord) worth(inTitle bool) float64 {
	switch {
	case w.strong && inTitle:
		return strongTitle
	case w.strong:
		return strongText
	case inTitle:
		return weakTitle
	}
	return weakText
}

// wordTable is what the words of a language say, by their terms, a space between them.
type wordTable struct {
	words      map[string][]topicWord
	begin, end map[string][]topicWord // of compounds
}

// score adds what title and text say. A word counts once, where it says most.
func (t *wordTable) score(scores []float64, title, text, lang string) {
	done := map[string]bool{}
	for i, part := range []string{title, text} {
		t.eachIn(part, lang, func(key string, found []topicWord) {
			if done[key] {
				return
			}
			done[key] = true
			for _, w := range found {
				scores[w.topic] += w.worth(i == 0)
			}
		})
	}
}

// eachIn calls found for each word of the table that a text has.
func (t *wordTable) eachIn(text, lang string, found func(key string, words []topicWord)) {
	if unspaced[lang] {
		lower := strings.ToLower(text)
		for key, words := range t.words {
			if strings.Contains(lower, key) {
				found(key, words)
			}
		}
		return
	}
	terms := language.Terms(nil, text, lang)
	for i := range terms {
		for n := 1; n <= longestWords && i+n <= len(terms); n++ {
			key := strings.Join(terms[i:i+n], " ")
			if words := t.words[key]; words != nil {
				found(key, words)
			}
		}
	}
	if len(t.begin)+len(t.end) > 0 {
		t.compounds(text, lang, found)
	}
}

// compounds finds what words begin or end with.
func (t *wordTable) compounds(text, lang string, found func(key string, words []topicWord)) {
	for _, token := range language.Tokens(nil, text, lang) {
		word := language.Lower(token.Of(text), lang)
		for i := range word {
			if words := t.begin[word[:i]]; words != nil {
				found(word[:i]+"*", words)
			}
			if words := t.end[word[i:]]; words != nil {
				found("*"+word[i:], words)
			}
		}
		if words := t.begin[word]; words != nil {
			found(word+"*", words)
		}
	}
}

// topicTable is the table by language.
var topicTable = sync.OnceValue(func() map[string]*wordTable {
	all := map[string]*wordTable{}
	for line := range strings.Lines(topicWords) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		topic := slices.Index(topics, fields[0])
		if topic < 0 {
			continue
		}
		lang := fields[1]
		if all[lang] == nil {
			all[lang] = &wordTable{words: map[string][]topicWord{}, begin: map[string][]topicWord{}, end: map[string][]topicWord{}}
		}
		for i, list := range fields[2:] {
			for word := range strings.SplitSeq(list, ", ") {
				all[lang].add(word, lang, topicWord{topic, i == 0})
			}
		}
	}
	return all
})

// add adds a word as the table writes it.
func (t *wordTable) add(word, lang string, w topicWord) {
	into, key := t.words, word
	switch begin, ok := strings.CutSuffix(word, "*"); {
	case ok:
		into, key = t.begin, begin
	case strings.HasPrefix(word, "*"):
		into, key = t.end, word[1:]
	case lang != anyLanguage && !unspaced[lang]:
		key = strings.Join(language.Terms(nil, word, lang), " ")
	}
	if key != "" && !slices.Contains(into[key], w) {
		into[key] = append(into[key], w)
	}
}
