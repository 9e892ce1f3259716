package digest

// ReasonKind is what moved a story up or down for a chat, or held its articles together.
type ReasonKind string

// The kinds of reason.
const (
	ByVoices    ReasonKind = "voices"    // Count independent outlets tell it
	ByFreshness ReasonKind = "freshness" // Count hours since its newest article
	ByVelocity  ReasonKind = "velocity"  // Count articles within the last hours
	ByUpdate    ReasonKind = "update"    // it has news for a chat that knows it
	ByOwnSource ReasonKind = "own"       // What is a source that the chat added
	ByTopic     ReasonKind = "topic"     // What is a topic that the chat chose
	ByTaste     ReasonKind = "taste"     // What is what it was asked for more or less of
	ByVariety   ReasonKind = "variety"   // moved down: What is a subject told already above
	ByWords     ReasonKind = "words"     // its articles were joined by these words: What
	ByCopies    ReasonKind = "copies"    // Count of its articles are copies of another
)

// Joins tells whether it is about why the articles are one story, not about its place.
func (k ReasonKind) Joins() bool { return k == ByWords || k == ByCopies }

// Personal tells whether it is about the chat that the edition was made for.
func (k ReasonKind) Personal() bool {
	return k == ByUpdate || k == ByOwnSource || k == ByTopic || k == ByTaste
}

// Reason is one part of why a story stands where it does in an edition. Share is its part
// of the story's score, negative where it moved the story down, 0 where it is no part.
type Reason struct {
	Kind  ReasonKind `json:"kind"`
	What  string     `json:"what,omitempty"`
	Count int        `json:"count,omitempty"`
	Share float64    `json:"share,omitempty"`
}
