package desk

import (
	"sync"
	"time"
)

// turnEvery is how far apart the digests of one owner's chats begin that are due together.
// At a platform's pace of about thirty a second it leaves two thirds to everybody else.
const turnEvery = 100 * time.Millisecond

// turns lets those whose chats are due together take turns: who has five hundred chats does
// not keep those waiting who have one. It counts within the present minute; forgetting the
// count, as by a restart, makes the order less fair and harms nothing.
type turns struct {
	mu     sync.Mutex
	minute time.Time
	counts map[string]int
}

// next is when the owner's next digest filed at now is to begin.
func (t *turns) next(owner string, now time.Time) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(t.minute) {
		t.minute, t.counts = minute, map[string]int{}
	}
	n := t.counts[owner]
	t.counts[owner]++
	return now.Add(time.Duration(n) * turnEvery)
}
