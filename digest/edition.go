package digest

import "time"

// EditionID names an edition by what it was made for.
type EditionID string

// SlotEditionID is the id of the edition for the slot of a chat's subscription.
func SlotEditionID(chat ChatID, s SubscriptionID, slot Slot) EditionID {
	return EditionID(made("edition", chat, slot, string(s)))
}

// NewEditionID is the id of the edition for a chat's request.
func NewEditionID(chat ChatID, request string) EditionID {
	return EditionID(hash("edition", string(chat), request))
}

// ContentID names by its hash a value that is stored once for many: the stories of editions,
// a page, what pages show.
type ContentID string

// Edition is the digest composed for one slot or for one request: frozen content, ranked.
type Edition struct {
	ID   EditionID `json:"id"`
	Chat ChatID    `json:"chat"`
	// Public is the id that links name it by, empty where no link to it is shown.
	Public string    `json:"public,omitempty"`
	At     time.Time `json:"at"` // when it was composed
	Zone   string    `json:"zone"`
	Place  string    `json:"place,omitempty"`
	// Elsewhere says that another chat's digest was opened by a link: what that chat follows
	// and likes decided on it, and is that chat's business.
	Elsewhere bool `json:"elsewhere,omitempty"`
	// Subscription and Slot are empty for an edition made on request.
	Subscription SubscriptionID `json:"subscription,omitempty"`
	Slot         Slot           `json:"slot,omitzero"`
	Late         bool           `json:"late,omitempty"`
	// Restored says that the store was brought back from a backup since the chat's last
	// digest, so that news of before may be missing.
	Restored bool   `json:"restored,omitempty"`
	Topic    string `json:"topic,omitempty"`
	Length   Length `json:"length"`
	Language string `json:"language"` // of the texts
	// Previous is when the chat's last scheduled digest went out, zero if none did.
	Previous time.Time `json:"previous,omitzero"`
	// Stories are all stories of the edition, the best first; OnPage has those of a page.
	Stories []EditionStory `json:"stories"`
	// Content names the stories where they are stored once for all chats that get the same;
	// empty where they are the chat's alone. Who changes Stories clears it.
	Content ContentID `json:"content,omitempty"`
	// Sources is how many sources the chat follows; Silent names those that did not
	// answer and since when.
	Sources int            `json:"sources"`
	Silent  []SilentSource `json:"silent,omitempty"`
	// Left is how many more new stories there were that did not fit the reading time.
	Left int `json:"left,omitempty"`
	// ModelDown says that the model that should have reworded the stories does not answer.
	ModelDown bool `json:"model_down,omitempty"`
	// Next is the chat's next slot after this edition, zero if it has no subscription.
	Next Slot `json:"next,omitzero"`
	// NextZone and NextPlace are the clock that Next is told in.
	NextZone  string `json:"next_zone,omitempty"`
	NextPlace string `json:"next_place,omitempty"`
}

// EditionStory is a story as it was when the edition was composed.
type EditionStory struct {
	Story    StoryID    `json:"story"`
	Headline string     `json:"headline"`
	Language string     `json:"language,omitempty"` // of the story
	Summary  []Sentence `json:"summary,omitempty"`
	// Reworded says that Headline and Wording are a model's words; Wording is shown
	// instead of Summary.
	Reworded bool     `json:"reworded,omitempty"`
	Wording  []string `json:"wording,omitempty"`
	// Updated says that the chat was shown the story before; Summary is what is new.
	Updated bool        `json:"updated,omitempty"`
	Differ  *Difference `json:"differ,omitempty"`
	Members []Member    `json:"members"` // those of the chat's own sources, oldest first
	// Subjects are the words that say what the story is about, the weightiest first.
	Subjects []Subject `json:"subjects,omitempty"`
	// Detail are further sentences beyond Summary, in every length.
	Detail []Sentence `json:"detail,omitempty"`
	// Picture is the https address of a picture that one of the pages names.
	Picture string `json:"picture,omitempty"`
	// Reasons say why the story stands where it does, the weightiest first.
	Reasons []Reason `json:"reasons,omitempty"`
}

// SilentSource is a source that did not answer.
type SilentSource struct {
	Name  string    `json:"name"`
	Since time.Time `json:"since,omitzero"` // zero: it never has
}

// AllSilent tells whether none of the chat's sources answered.
func (e Edition) AllSilent() bool { return e.Sources > 0 && len(e.Silent) == e.Sources }
