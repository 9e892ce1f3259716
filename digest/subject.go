package digest

import (
	"cmp"
	"slices"
	"strings"
)

// Subject is a word that says what a story is about.
type Subject struct {
	Word string `json:"word"` // as the articles have it
	// Key is the hash of its stem: two subjects with one key are one word.
	Key uint32 `json:"key"`
	// In is how many of the story's articles have it.
	In int `json:"in"`
}

// MaxSubjects is the most subjects that a story keeps.
const MaxSubjects = 6

// Topics are the topics of the story, the most frequent first: those that at least half of
// the articles have that have any; where none does, the most frequent. One outlet that
// files the story elsewhere does not count.
func (s Story) Topics() []string {
	type tally struct {
		topic string
		n     int
	}
	var all []tally
	filed := 0
	for _, m := range s.Members {
		if len(m.Topics) > 0 {
			filed++
		}
		for _, t := range m.Topics {
			i := slices.IndexFunc(all, func(a tally) bool { return a.topic == t })
			if i < 0 {
				i, all = len(all), append(all, tally{topic: t})
			}
			all[i].n++
		}
	}
	slices.SortStableFunc(all, func(a, b tally) int { return cmp.Compare(b.n, a.n) })
	var out []string
	for _, a := range all {
		if 2*a.n >= filed || a.n == all[0].n {
			out = append(out, a.topic)
		}
	}
	return out
}

// About tells whether a topic is one of the story's.
func (s Story) About(topic string) bool { return slices.Contains(s.Topics(), topic) }

// sharedNamed is how many of the words that hold a story together are named.
const sharedNamed = 3

// shared are the words that join the story's articles, "" for a single one.
func (s *Story) shared() string {
	var words []string
	for _, w := range s.Subjects {
		if w.In > 1 && len(words) < sharedNamed {
			words = append(words, w.Word)
		}
	}
	return strings.Join(words, ", ")
}
