package desk

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"newsdigest/digest"
)

// When something is a problem that operators are told of.
const (
	alarmEvery    = 15 * time.Second // between two looks
	awayFor       = 5 * time.Minute  // how long a platform is not reached
	calmFor       = 2 * time.Minute  // how long it must be gone to be over
	lateDigests   = 5                // so many behind their time
	leastRoom     = 512 << 20        // bytes on the disk; and room for a copy of the store
	feedsWithin   = 5 * time.Minute  // polls that are looked at,
	feedsLast     = 10               // or the last ones where there are few,
	feedsForgot   = 2 * time.Hour    // and no older ones
	feedsAtLeast  = 5                // so many of them
	feedsFailing  = 0.8              // and this share of them failed
	feedsAnswered = 0.5              // it is over below this share
)

// alarm is what is wrong now.
type alarm struct {
	mu     sync.Mutex
	loaded bool
	open   []digest.Problem // that have begun; the store has them too
	// first is since when something looks wrong that is not a problem yet, calm since when
	// a problem is not seen any more; by Event.
	first map[string]time.Time
	calm  map[string]time.Time
}

// current is what is wrong now; looks is false while nobody here has looked.
func (a *alarm) current() (open []digest.Problem, looks bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.open), a.loaded
}

// finding is something that looks wrong, and how long it may before it is a problem.
type finding struct {
	digest.Problem
	patience time.Duration
}

// Alarm looks whether something is wrong, and tells the operators of what has begun and
// what is over: each once, whenever the program stops.
func (d *Desk) Alarm(ctx context.Context, now time.Time) (time.Time, error) {
	if err := d.alarm.load(ctx, d); err != nil {
		return now, err
	}
	found, err := d.findings(ctx, now)
	if err != nil {
		return now, err
	}
	if d.alarm.weigh(found, now) {
		open, _ := d.alarm.current()
		if err := d.store.SaveProblems(ctx, d.process, open); err != nil {
			return now, err
		}
	}
	return now.Add(alarmEvery), d.tellProblems(ctx, now)
}

// load takes up what an earlier life of the program found.
func (a *alarm) load(ctx context.Context, d *Desk) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.loaded {
		return nil
	}
	open, err := d.store.Problems(ctx, d.process)
	if err != nil {
		return err
	}
	a.open, a.loaded = open, true
	a.first, a.calm = map[string]time.Time{}, map[string]time.Time{}
	return nil
}

// weigh compares what looks wrong now with what is known, and tells whether something has
// begun or is over.
func (a *alarm) weigh(found []finding, now time.Time) (changed bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	first := map[string]time.Time{}
	for _, f := range found {
		if slices.ContainsFunc(a.open, f.Same) {
			continue
		}
		name := string(f.Kind) + " " + string(f.Platform)
		since := f.Since
		if was, ok := a.first[name]; ok && was.Before(since) {
			since = was
		}
		first[name] = since
		if now.Sub(since) >= f.patience {
			f.Problem.Since = since
			a.open, changed = append(a.open, f.Problem), true
		}
	}
	a.first = first
	for i := range a.open {
		p := &a.open[i]
		name := string(p.Kind) + " " + string(p.Platform)
		if slices.ContainsFunc(found, func(f finding) bool { return f.Same(*p) }) {
			delete(a.calm, name)
			continue
		}
		if _, ok := a.calm[name]; !ok {
			a.calm[name] = now
		}
		if p.Over.IsZero() && now.Sub(a.calm[name]) >= calmFor {
			p.Over, changed = now, true
		}
	}
	return changed
}

// is tells whether a problem of this kind is known already: what begins at one measure is
// over at another, so that it does not begin again and again.
func (a *alarm) is(k digest.ProblemKind) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.ContainsFunc(a.open, func(p digest.Problem) bool { return p.Kind == k })
}

// findings are what looks wrong at now.
func (d *Desk) findings(ctx context.Context, now time.Time) ([]finding, error) {
	out := d.unreached(now)
	backlog, err := d.store.Backlog(ctx, now, lateAfter, mostBehind)
	if err != nil {
		return nil, err
	}
	_, alone := d.grouping() // one process counts for all
	if alone && (backlog.Late >= lateDigests || backlog.Late > 0 && d.alarm.is(digest.DigestsLate)) {
		out = append(out, finding{Problem: digest.Problem{Kind: digest.DigestsLate, Since: now, Count: backlog.Late}})
	}
	if d.storage != nil {
		out = append(out, d.cramped(d.storage(), now)...)
	}
	if failing, of := d.meter.failing(now); offline(failing, of, d.alarm.is(digest.FeedsFailing)) {
		out = append(out, finding{Problem: digest.Problem{Kind: digest.FeedsFailing, Since: now, Count: failing}})
	}
	return out, nil
}

// offline tells whether so many polls failed, of all the last ones, that it is for our own
// network. It is not over only because feeds that fail are polled less and less.
func offline(failing, of int, already bool) bool {
	if already {
		return float64(failing) >= feedsAnswered*float64(of)
	}
	return of >= feedsAtLeast && float64(failing) >= feedsFailing*float64(of)
}

// unreached are the platforms that are not reached.
func (d *Desk) unreached(now time.Time) []finding {
	var out []finding
	for _, p := range d.running() {
		s := d.meter.platform(p, now)
		f := finding{Problem: digest.Problem{Kind: digest.PlatformDown, Platform: p, Since: s.Since, Detail: s.Problem}, patience: awayFor}
		switch {
		case s.Refused:
			f.patience = 0
		case s.Listens && !s.Up:
		case !s.SendsFail.IsZero():
			f.Since, f.Detail = s.SendsFail, s.SendProblem
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}

// cramped is what is wrong with the store's disk and backups.
func (d *Desk) cramped(s Storage, now time.Time) []finding {
	var out []finding
	room := max(leastRoom, s.Bytes)
	if d.alarm.is(digest.DiskFull) {
		room += room / 4
	}
	if s.Disk > 0 && s.Free < room {
		out = append(out, finding{Problem: digest.Problem{Kind: digest.DiskFull, Since: now,
			Detail: fmt.Sprintf("%d of %d MiB are free", s.Free>>20, s.Disk>>20)}})
	}
	if s.BackupProblem != "" {
		out = append(out, finding{Problem: digest.Problem{Kind: digest.BackupFailed, Since: now, Detail: s.BackupProblem}})
	}
	return out
}

// failing is how many of the last polls failed, of how many.
func (m *meter) failing(now time.Time) (failed, of int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range slices.Backward(m.answers) {
		if age := now.Sub(a.at); age > feedsForgot || age > feedsWithin && of >= feedsLast {
			break
		}
		if of++; !a.ok {
			failed++
		}
	}
	return failed, of
}

// tellProblems tells the operators what they have not been told yet. Cut off, it tells the
// rest the next time, and nothing twice: notices are filed once for their key.
func (d *Desk) tellProblems(ctx context.Context, now time.Time) error {
	open, _ := d.alarm.current()
	var left []digest.Problem
	changed := false
	for _, p := range open {
		if p.Told && p.Over.IsZero() {
			left = append(left, p)
			continue
		}
		if err := d.tellOperators(ctx, p, now); err != nil {
			return err
		}
		d.log.Warn("a problem for operators", "problem", p.Kind, "platform", p.Platform, "over", !p.Over.IsZero(), "detail", p.Detail,
			"told", len(d.operatorAddresses(p.Platform)))
		if changed, p.Told = true, true; p.Over.IsZero() {
			left = append(left, p)
		}
	}
	if !changed {
		return nil
	}
	d.alarm.mu.Lock()
	d.alarm.open = left
	d.alarm.mu.Unlock()
	return d.store.SaveProblems(ctx, d.process, left)
}
