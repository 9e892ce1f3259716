package digest

import "time"

// NoticeKind is what a notice is about.
type NoticeKind string

// The kinds of notice.
const (
	StoryNotice  NoticeKind = "story"  // a followed story has news
	SourceNotice NoticeKind = "source" // one of the chat's own sources was paused
	QuietNotice  NoticeKind = "quiet"  // nothing new three digests running
	// ProblemNotice tells an operator that something is wrong with the bot, or over;
	// AnnouncementNotice brings an operator's words to every chat, BlockedNotice tells a
	// chat that the operator has shut it out.
	ProblemNotice      NoticeKind = "problem"
	AnnouncementNotice NoticeKind = "announcement"
	BlockedNotice      NoticeKind = "blocked"
)

// Notice is what the bot tells a chat unasked, besides its digests: rarely, silently, and
// once.
type Notice struct {
	// Key names it within the chat; the same notice is never told twice.
	Key      string        `json:"key"`
	Kind     NoticeKind    `json:"kind"`
	Chat     ChatID        `json:"chat"`
	At       time.Time     `json:"at"`
	Language string        `json:"language"` // of the texts
	Zone     string        `json:"zone,omitempty"`
	Story    *EditionStory `json:"story,omitempty"`
	// Public is the id that links name the story by, empty where no link to it is shown.
	Public string `json:"public,omitempty"`
	// Source and SourceName are the source, Since when it began to fail.
	Source     SourceID  `json:"source,omitempty"`
	SourceName string    `json:"source_name,omitempty"`
	Since      time.Time `json:"since,omitzero"`
	Problem    *Problem  `json:"problem,omitempty"`
	Text       string    `json:"text,omitempty"` // of an announcement
}

// Delivery is the id of the delivery that brings the notice: one for each key of a chat.
func (n Notice) Delivery() DeliveryID {
	return DeliveryID(hash("notice", string(n.Chat), n.Key))
}

// IsNotice tells whether the delivery brings a notice, not the digest of a slot.
func (d Delivery) IsNotice() bool { return d.Subscription == "" }
