package digest

import "time"

// ProblemKind is what is wrong with the running of the bot.
type ProblemKind string

// The kinds of problem.
const (
	PlatformDown ProblemKind = "platform" // a platform is not reached, or refuses the bot
	BackupFailed ProblemKind = "backup"   // the last backup was not written
	DigestsLate  ProblemKind = "late"     // several digests are long behind their time
	DiskFull     ProblemKind = "disk"     // the store's disk has hardly any room
	FeedsFailing ProblemKind = "feeds"    // most feeds fail at once: our own network
	StoreLost    ProblemKind = "store"    // the store takes no more writes
)

// ProblemKinds are all of them.
var ProblemKinds = []ProblemKind{PlatformDown, BackupFailed, DigestsLate, DiskFull, FeedsFailing, StoreLost}

// Problem is something that whoever runs the bot has to know: they are told once when it
// begins and once when it is over.
type Problem struct {
	Kind     ProblemKind `json:"kind"`
	Platform Platform    `json:"platform,omitempty"` // which one, where it is one
	Since    time.Time   `json:"since"`
	Detail   string      `json:"detail,omitempty"` // for operators, in English; no secrets
	Count    int         `json:"count,omitempty"`  // of what is late or fails
	Told     bool        `json:"told,omitempty"`   // to operators
	Over     time.Time   `json:"over,omitzero"`
	// Process is the machine that found it, where several share a store; whoever reads what
	// others found has it, those who find it leave it out.
	Process string `json:"process,omitempty"`
}

// Same tells whether two problems are one: of the same kind with the same thing.
func (p Problem) Same(q Problem) bool { return p.Kind == q.Kind && p.Platform == q.Platform }

// Event names the beginning of the problem, or its end once it is over, so that neither is
// told twice.
func (p Problem) Event() string {
	name := "problem " + string(p.Kind) + " " + string(p.Platform) + " " + p.Since.UTC().Format(time.RFC3339)
	if !p.Over.IsZero() {
		name += " over"
	}
	return name
}
