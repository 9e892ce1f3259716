package digest

import "time"

// MaxFollowed is the most stories that a chat follows.
const MaxFollowed = 20

// Kind is what a mute or a leaning is about.
type Kind string

// The kinds.
const (
	OfWord   Kind = "word"
	OfTopic  Kind = "topic"
	OfSource Kind = "source" // a source by its id, or an outlet by its name
)

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
