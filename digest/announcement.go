package digest

import "time"

// AnnouncementState is how far an announcement has come.
type AnnouncementState string

// The states of an announcement.
const (
	Drafted AnnouncementState = "drafted" // shown to the operator, and not sent
	Running AnnouncementState = "running" // on its way, chat by chat
	Stopped AnnouncementState = "stopped" // by an operator
	Told    AnnouncementState = "told"    // every chat has it, or will
)

// MaxAnnouncement is the longest announcement, in characters: it fits a message of every
// platform beside what stands around it.
const MaxAnnouncement = 1500

// Announcement is what an operator tells every chat with an active subscription, once.
type Announcement struct {
	ID    string            `json:"id"`
	Text  string            `json:"text"`
	At    time.Time         `json:"at"`
	State AnnouncementState `json:"state"`
	// Cursor is the last chat that was looked at, Filed for how many it was filed.
	Cursor ChatID `json:"cursor,omitempty"`
	Filed  int    `json:"filed,omitempty"`
}

// NewAnnouncementID is the id of what was asked for with this request: asked again, it is
// the same announcement.
func NewAnnouncementID(request string, at time.Time) string {
	return hash("announcement", request, at.UTC().Format(time.RFC3339Nano))
}
