package digest

import "time"

// Limits of what a chat may have said about its taste. Each has a text of its own.
const (
	MaxMutes    = 200
	MaxLeanings = 100 // the least recent ones make room
	MaxFollowed = 20  // stories
)

// Kind is what a mute or a leaning is about.
type Kind string

// The kinds.
const (
	OfWord   Kind = "word"
	OfTopic  Kind = "topic"
	OfSource Kind = "source" // a source by its id, or an outlet by its name
)

// Mute hides stories about something from a chat.
type Mute struct {
	Kind Kind `json:"kind"`
	// What is the word as typed, the topic, or the outlet's name.
	What  string    `json:"what"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until,omitzero"` // zero: until it is undone
}

// Active tells whether the mute holds at now.
func (m Mute) Active(now time.Time) bool { return m.Until.IsZero() || now.Before(m.Until) }

// Leaning is how much more or less a chat wants of something, learned from what was
// pressed there. Weight is from -MaxLeaning to MaxLeaning; one press moves it by 1.
type Leaning struct {
	Kind   Kind      `json:"kind"`
	What   string    `json:"what"` // a term of stories, a topic, an outlet's name
	Weight int       `json:"weight"`
	At     time.Time `json:"at"` // when it last moved
}

// MaxLeaning is the strongest leaning.
const MaxLeaning = 5

// FollowedStory is a story whose news a chat wants at once.
type FollowedStory struct {
	Story    StoryID   `json:"story"`
	Headline string    `json:"headline"`
	Since    time.Time `json:"since"`
	// Facts are what the chat was told of it, in digests or in messages of its own.
	Facts Facts `json:"facts,omitempty"`
}

// MaxNotices is the most messages about followed stories that a chat gets on one local day.
const MaxNotices = 3

// Quiet are the hours in which nothing makes a sound and no news of followed stories comes:
// from one time of day to another on the chat's clock, both "22:00", over midnight if the
// first is the later. The zero value has none.
type Quiet struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}
