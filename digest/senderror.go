package digest

import (
	"fmt"
	"time"
)

// Fault is what only the platform can say of a send that did not succeed.
type Fault string

// The faults.
const (
	NotSent  Fault = "not sent"  // surely not; try again, after RetryAfter if stated
	Rejected Fault = "rejected"  // this form of the page is refused for good; the next may pass
	Unknown  Fault = "unknown"   // it may have arrived
	Gone     Fault = "gone"      // the chat is no more, or shut us out
	Moved    Fault = "moved"     // the chat is at another address now
	Shut     Fault = "shut down" // the platform refuses the bot itself (401): stop
)

// Faults are all of them.
var Faults = []Fault{NotSent, Rejected, Unknown, Gone, Moved, Shut}

// SendError says what became of a send. Its text is for operators and carries no token.
type SendError struct {
	Fault      Fault
	RetryAfter time.Duration // stated by the platform; waited exactly
	// Global says that RetryAfter holds for all chats of the platform.
	Global bool
	To     Address // where the chat moved
	Err    error
}

// Error implements error.
func (e *SendError) Error() string {
	if e.Err == nil {
		return string(e.Fault)
	}
	return fmt.Sprintf("%s: %v", e.Fault, e.Err)
}

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Err }
