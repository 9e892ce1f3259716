package desk

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"newsdigest/digest"
)

// Status is how the bot is doing: what metrics, "newsdigest status", operators' commands
// and their web page all show.
type Status struct {
	At    time.Time `json:"at"`
	Began time.Time `json:"began"` // when this process began; Totals count from then on
	// Process is the machine that tells this, and Processes how many share its store; empty
	// and 0 where there is one. Began, Ready, Platforms, Failures, Storage, Loops and Totals
	// are the process's own, all else counts for all of them.
	Process   string `json:"process,omitempty"`
	Processes int    `json:"processes,omitempty"`
	// Ready says that the stories of the last days are at hand.
	Ready     bool             `json:"ready"`
	Platforms []PlatformStatus `json:"platforms"`
	Feeds     Feeds            `json:"feeds"`
	Queues    Queues           `json:"queues"`
	Next      []NextDigest     `json:"next"` // the next digests, soonest first
	// Late is how many digests are more than ten minutes behind their time, whether they
	// are not composed or not sent; at most a few thousand are counted.
	Late     int              `json:"late"`
	Behind   time.Duration    `json:"behind"`   // how long the longest due of them waits
	Failures []Failure        `json:"failures"` // what went wrong last, newest first
	Problems []digest.Problem `json:"problems"` // what is wrong now, and operators are told
	Storage  Storage          `json:"storage"`
	Loops    []Loop           `json:"loops,omitempty"`
	Totals   Totals           `json:"totals"`
}

// PlatformStatus is how a platform is reached that the bot runs on.
type PlatformStatus struct {
	Platform digest.Platform `json:"platform"`
	// Listens says that this process is the one that the platform talks to.
	Listens bool `json:"listens"`
	Connection
	// SendsFail is since when no message gets through, zero while they do; SendProblem is
	// how the first of them failed.
	SendsFail   time.Time `json:"sends_fail,omitzero"`
	SendProblem string    `json:"send_problem,omitempty"`
}

// Feeds counts the sources that somebody follows by how they answer.
type Feeds struct {
	OK      int `json:"ok"`
	Failing int `json:"failing"`
	Paused  int `json:"paused"`
	Unread  int `json:"unread"` // never asked yet
}

// Queues are what waits for its turn.
type Queues struct {
	Subscriptions int `json:"subscriptions"` // due, and not composed
	Deliveries    int `json:"deliveries"`    // due, and not sent
	Sending       int `json:"sending"`
	Articles      int `json:"articles"` // found, and not yet in stories
	Requests      int `json:"requests"` // of people, not answered yet
}

// NextDigest is a digest to come.
type NextDigest struct {
	At      time.Time     `json:"at"`
	Chat    digest.ChatID `json:"chat"`
	Ordinal int           `json:"ordinal"`
}

// Storage is what the machine has for the store. A field is zero where it is not known.
type Storage struct {
	Bytes int64 `json:"bytes,omitempty"`
	Free  int64 `json:"free,omitempty"` // on the disk, for us
	Disk  int64 `json:"disk,omitempty"` // its size
	// Backups says that backups are written; LastBackup is when the last one was.
	Backups       bool      `json:"backups,omitempty"`
	LastBackup    time.Time `json:"last_backup,omitzero"`
	BackupProblem string    `json:"backup_problem,omitempty"` // why the last attempt failed
}

// Loop is a kind of work that goes on, and when it last looked for something to do.
type Loop struct {
	Step string    `json:"step"`
	At   time.Time `json:"at"`
}

// Healthy tells whether there is nothing that somebody has to look after.
func (s Status) Healthy() bool { return len(s.Problems) == 0 }

// What a status shows and counts at most.
const (
	nextShown  = 5
	mostBehind = 5000
)

// survey is the part of a status that takes reading many rows, as it was found last.
type survey struct {
	mu    sync.Mutex
	at    time.Time
	took  time.Duration
	feeds Feeds
}

// Surveys are made again after this time, or a hundred times as long as one takes; one that
// found nothing, at once: the first sources are looked for.
const surveyEvery = time.Minute

// Status tells how the bot is doing at now. It reads what is due from the indexes and
// keeps for a minute what it has to count, so that it may be asked every few seconds.
func (d *Desk) Status(ctx context.Context, now time.Time) (Status, error) {
	s := Status{At: now, Totals: d.meter.totals(), Process: d.process}
	if d.share.member != nil {
		s.Processes = d.share.member.Alive()
	}
	d.meter.tell(&s)
	d.room.mu.RLock()
	s.Ready = d.room.open
	d.room.mu.RUnlock()
	if d.storage != nil {
		s.Storage = d.storage()
	}
	for _, p := range d.running() {
		s.Platforms = append(s.Platforms, d.meter.platform(p, now))
	}
	var err error
	if s.Feeds, err = d.feeds(ctx, now); err != nil {
		return s, err
	}
	if s.Next, err = d.nextDigests(ctx, now); err != nil {
		return s, err
	}
	backlog, err := d.store.Backlog(ctx, now, lateAfter, mostBehind)
	if err != nil {
		return s, err
	}
	s.Queues = Queues{Subscriptions: backlog.Subscriptions, Deliveries: backlog.Deliveries,
		Sending: backlog.Sending, Articles: backlog.Articles, Requests: backlog.Requests}
	s.Late, s.Behind = backlog.Late, backlog.Behind
	s.Problems, err = d.problems(ctx)
	return s, err
}

// problems are what is wrong now, here and in the processes that share the store.
func (d *Desk) problems(ctx context.Context) ([]digest.Problem, error) {
	open, looks := d.alarm.current()
	if looks && d.process == "" {
		return open, nil
	}
	all, err := d.store.AllProblems(ctx)
	if err != nil || !looks {
		return all, err
	}
	for i := range open {
		open[i].Process = d.process
	}
	others := slices.DeleteFunc(all, func(p digest.Problem) bool { return p.Process == d.process })
	return append(open, others...), nil
}

// Living counts the processes that share the store and show life; it takes a few seconds.
func (d *Desk) Living(ctx context.Context) (int, error) { return d.store.Living(ctx) }

// running are the platforms with a messenger.
func (d *Desk) running() []digest.Platform {
	var out []digest.Platform
	for _, p := range digest.Platforms {
		if d.messengers[p] != nil {
			out = append(out, p)
		}
	}
	return out
}

// tell puts what the meter has into a status.
func (m *meter) tell(s *Status) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s.Began = m.began
	s.Failures = slices.Clone(m.failures)
	slices.Reverse(s.Failures)
	for step, at := range m.turns {
		s.Loops = append(s.Loops, Loop{step, at})
	}
	slices.SortFunc(s.Loops, func(a, b Loop) int { return cmp.Compare(a.Step, b.Step) })
}

// platform is how a platform is reached.
func (m *meter) platform(p digest.Platform, now time.Time) PlatformStatus {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, known := m.connections[p]
	if !known && p == digest.Console {
		c.Up = true // there is nothing to connect to
	}
	o := m.outages[p]
	if now.Sub(o.last) > outageLife {
		o = outage{}
	}
	return PlatformStatus{Platform: p, Listens: known, Connection: c, SendsFail: o.since, SendProblem: o.problem}
}

// nextDigests are those due after now, soonest first.
func (d *Desk) nextDigests(ctx context.Context, now time.Time) ([]NextDigest, error) {
	due, err := d.store.NextSubscriptions(ctx, now, nextShown)
	var out []NextDigest
	for _, s := range due {
		out = append(out, NextDigest{At: s.At, Chat: s.Chat, Ordinal: s.Ordinal})
	}
	return out, err
}

// feeds counts the sources that are followed, or remembers what was counted lately.
func (d *Desk) feeds(ctx context.Context, now time.Time) (Feeds, error) {
	s := &d.survey
	s.mu.Lock()
	defer s.mu.Unlock()
	if age := now.Sub(s.at); s.feeds != (Feeds{}) && age >= 0 && age < max(surveyEvery, 100*s.took) {
		return s.feeds, nil
	}
	began := time.Now()
	var f Feeds
	for src, err := range d.store.FollowedSources(ctx) {
		if err != nil {
			return f, err
		}
		switch {
		case src.Fetch.Paused:
			f.Paused++
		case src.Fetch.LastTry.IsZero():
			f.Unread++
		case src.Fetch.Failures > 0:
			f.Failing++
		default:
			f.OK++
		}
	}
	s.feeds, s.at, s.took = f, now, time.Since(began)
	return f, nil
}

// SetStorage tells the desk whom to ask what the machine has for the store.
func (d *Desk) SetStorage(ask func() Storage) { d.storage = ask }

// Listening notes that this process begins to listen to a platform, or has stopped.
func (d *Desk) Listening(p digest.Platform, on bool, now time.Time) {
	if on {
		d.meter.connected(p, Connection{Since: now})
		return
	}
	d.meter.mu.Lock()
	delete(d.meter.connections, p)
	d.meter.mu.Unlock()
}

// Connected notes how a platform is reached: err is nil when it answered, else why it does
// not.
func (d *Desk) Connected(p digest.Platform, err error, now time.Time) {
	c := Connection{Up: err == nil, Since: now}
	if err != nil {
		c.Problem = err.Error()
	}
	d.meter.connected(p, c)
}

// Refused notes that a platform does not take the bot, and that nobody will try again.
func (d *Desk) Refused(p digest.Platform, err error, now time.Time) {
	d.meter.connected(p, Connection{Since: now, Problem: err.Error(), Refused: true})
	d.rouse(alarming)
}
