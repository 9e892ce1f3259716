package digest

import "time"

// FeedbackKind is what somebody had to say about a story or a digest.
type FeedbackKind string

// The kinds.
const (
	IsWrong     FeedbackKind = "wrong"
	NotRelevant FeedbackKind = "not relevant"
	TooLong     FeedbackKind = "too long"
	Duplicate   FeedbackKind = "duplicate"
	AnIdea      FeedbackKind = "idea" // or anything else, in words
)

// Feedback is what somebody reported, for the operator to read.
type Feedback struct {
	ID       string       `json:"id"`
	Chat     ChatID       `json:"chat"`
	Platform Platform     `json:"platform"`
	At       time.Time    `json:"at"`
	Kind     FeedbackKind `json:"kind"`
	Text     string       `json:"text,omitempty"` // as typed
	// Edition is the digest that it is about, Story and Headline the story in it; empty if
	// it is about none.
	Edition  EditionID `json:"edition,omitempty"`
	Story    StoryID   `json:"story,omitempty"`
	Headline string    `json:"headline,omitempty"`
}

// NewFeedbackID is the id of what was reported with a chat's request: reported once,
// however often the request is carried out.
func NewFeedbackID(chat ChatID, request string) string {
	return hash("feedback", string(chat), request)
}
