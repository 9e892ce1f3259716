package digest

import (
	"slices"
	"time"
)

// Leaning is how much more or less a chat wants of something, learned from what was
// pressed there. Weight is from -MaxLeaning to MaxLeaning; one press moves it by 1.
type Leaning struct {
	Kind   Kind      `json:"kind"`
	What   string    `json:"what"`          // a subject of stories, a topic, an outlet's name
	Key    uint32    `json:"key,omitempty"` // of the subject
	Weight int       `json:"weight"`
	At     time.Time `json:"at"` // when it last moved
}

// Limits of leanings.
const (
	MaxLeaning  = 5   // the strongest
	MaxLeanings = 100 // of a chat; the least recent ones make room
)

// What one press teaches.
const (
	learnedTopics   = 1 // the one that most of its articles have
	learnedSubjects = 3
	// learnedOutlets is the most outlets of a story whose press is about them too: of one
	// that everybody tells, nobody is liked or disliked for telling it.
	learnedOutlets = 2
)

// Learn moves the chat's leanings for what a story is about, its first topic, its
// first subjects and its outlets where they are few, by one towards more or less, and
// returns those that it moved as they are now. One that is back at 0 is forgotten.
func (c *Chat) Learn(s EditionStory, more bool, now time.Time) []Leaning {
	step := 1
	if !more {
		step = -1
	}
	c.Leanings = slices.Clone(c.Leanings)
	moved := lessons(s)
	for i := range moved {
		moved[i] = c.lean(moved[i], step, now)
	}
	slices.SortStableFunc(c.Leanings, func(a, b Leaning) int { return b.At.Compare(a.At) })
	c.Leanings = c.Leanings[:min(len(c.Leanings), MaxLeanings)]
	return moved
}

// lessons are what a press on a story is about.
func lessons(s EditionStory) []Leaning {
	var out []Leaning
	story := Story{Members: s.Members}
	topics := story.Topics()
	for _, t := range topics[:min(len(topics), learnedTopics)] {
		out = append(out, Leaning{Kind: OfTopic, What: t})
	}
	for _, w := range s.Subjects[:min(len(s.Subjects), learnedSubjects)] {
		out = append(out, Leaning{Kind: OfWord, What: w.Word, Key: w.Key})
	}
	if outlets := story.Outlets(); len(outlets) <= learnedOutlets {
		for _, m := range outlets {
			out = append(out, Leaning{Kind: OfSource, What: m.Outlet})
		}
	}
	return out
}

// lean moves one leaning and returns it.
func (c *Chat) lean(l Leaning, step int, now time.Time) Leaning {
	i := slices.IndexFunc(c.Leanings, l.alike)
	if i < 0 {
		i, c.Leanings = len(c.Leanings), append(c.Leanings, l)
	}
	l = c.Leanings[i]
	l.At, l.Weight = now, max(-MaxLeaning, min(MaxLeaning, l.Weight+step))
	c.Leanings[i] = l
	if l.Weight == 0 {
		c.Leanings = slices.Delete(c.Leanings, i, i+1)
	}
	return l
}

// alike tells whether two leanings are about the same.
func (l Leaning) alike(o Leaning) bool {
	return l.Kind == o.Kind && (l.Key != 0 && l.Key == o.Key || same(l.What, o.What))
}

// Forget forgets what was learned from presses. Mutes, which were said, stay.
func (c *Chat) Forget() { c.Leanings = nil }
