package postgres

import (
	"context"
	"maps"
	"slices"
	"sync"

	"newsdigest/store/kv"
)

// job is an update that waits for its turn or for what becomes of it.
type job struct {
	ctx  context.Context // stops it until it has begun
	fn   func(kv.Tx) error
	read map[string]bool // the keys that its last run has read

	err  error         // valid once done is closed
	done chan struct{} // closed when this attempt has ended
}

// groupJobs is how many updates are one transaction at most.
const groupJobs = 64

// line is the updates that wait. Whoever has the turn runs those that wait then.
type line struct {
	turn chan struct{} // holds something while a group runs

	mu   sync.Mutex
	jobs []*job
}

func newLine() line { return line{turn: make(chan struct{}, 1)} }

// join puts a job at the end of the line, for one attempt.
func (l *line) join(j *job) {
	j.done = make(chan struct{})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.jobs = append(l.jobs, j)
}

// wait tells whether it is the caller's turn, who then runs a group and passes the turn
// on. It is false when the job's attempt has ended, also because its context did before
// it was begun.
func (l *line) wait(j *job) bool {
	select {
	case <-j.done:
		return false
	case l.turn <- struct{}{}:
		return true
	case <-j.ctx.Done():
	}
	if l.leave(j) {
		j.err = j.ctx.Err()
	} else {
		<-j.done
	}
	return false
}

// leave takes a job out of the line; false if it was taken out before.
func (l *line) leave(j *job) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.Index(l.jobs, j)
	if at >= 0 {
		l.jobs = slices.Delete(l.jobs, at, at+1)
	}
	return at >= 0
}

// pass ends the caller's turn.
func (l *line) pass() { <-l.turn }

// take takes out those that have waited longest.
func (l *line) take() []*job {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.jobs), groupJobs)
	taken := slices.Clone(l.jobs[:n])
	l.jobs = slices.Delete(l.jobs, 0, n)
	return taken
}

// putBack puts jobs that have not begun to the front.
func (l *line) putBack(jobs []*job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.jobs = slices.Insert(l.jobs, 0, jobs...)
}

// known are the keys that jobs have read when they ran the last time.
func known(jobs []*job) [][]byte {
	all := map[string]bool{}
	for _, j := range jobs {
		maps.Copy(all, j.read)
	}
	keys := make([][]byte, 0, len(all))
	for _, k := range slices.Sorted(maps.Keys(all)) {
		keys = append(keys, []byte(k))
	}
	return keys
}
