package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// sharing is the part of the work that this process does. Where it is alone there is no
// member, and all of it is its own.
type sharing struct {
	member *store.Member
	mu     sync.Mutex
	served map[string]bool // leases under which Hold runs something
	turned chan struct{}   // closed when the share changes

	relearned time.Time // by whoever looks
}

func newSharing(m *store.Member) sharing {
	return sharing{member: m, served: map[string]bool{}, turned: make(chan struct{})}
}

// parts are the partitions whose owners this process works for.
func (d *Desk) parts() store.Parts {
	if d.share.member == nil {
		return store.AllParts
	}
	return d.share.member.Parts()
}

// due is the store as it shows what is due of this process's owners.
func (d *Desk) due() *store.Store { return d.store.Share(d.parts()) }

// of is the store for background work on what the owner with this id has: a chat's
// subscriptions and deliveries, a source's polls.
func (d *Desk) of(owner string) *store.Store {
	return d.under(store.PartLease(digest.Partition(owner)))
}

// asked is the store for what a request may bring about for any owner: of this process's
// own, or of another's where somebody has asked here and waits. Only what is added to what
// is there may be written so, as two polls of one source do no harm.
func (d *Desk) asked(owner string) *store.Store {
	if !d.parts().Owns(owner) {
		return d.store
	}
	return d.of(owner)
}

// insist does something that somebody waits for, and does it again where another process
// has taken over in between: as soon as it is known here what is left.
func (d *Desk) insist(ctx context.Context, do func() error) error {
	for {
		err := do()
		if !d.lost(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(store.LookEvery):
		}
	}
}

// under is the store for work that a lease allows.
func (d *Desk) under(lease string) *store.Store {
	if d.share.member == nil {
		return d.store
	}
	return d.store.Under(d.share.member.Lease(lease))
}

// Holds tells whether this process may begin work under a lease.
func (d *Desk) Holds(lease string) bool { return d.share.member == nil || d.share.member.Has(lease) }

// sure tells whether work on what the owner with this id has is certainly still this
// process's own, so that a message may go out that cannot be taken back.
func (d *Desk) sure(owner string) bool {
	m := d.share.member
	return m == nil || m.Sure(m.Lease(store.PartLease(digest.Partition(owner))))
}

// grouping is the store for placing articles in stories, false if another process does
// that.
func (d *Desk) grouping() (*store.Store, bool) {
	return d.under(store.GroupingLease), d.Holds(store.GroupingLease)
}

// everyone is what is roused in all processes: the stories have news.
const everyone = "news"

// rouseOwner lets the steps look again at what the owner with this id has, in whichever
// process works for it.
func (d *Desk) rouseOwner(owner string, step string) {
	d.rouse(step)
	if m := d.share.member; m != nil && !m.Parts().Owns(owner) {
		m.Rouse(store.PartLease(digest.Partition(owner)))
	}
}

// rouseGrouping lets the articles be placed that wait for it, in whichever process does
// that.
func (d *Desk) rouseGrouping() {
	d.rouse(ingesting)
	if m := d.share.member; m != nil && !m.Has(store.GroupingLease) {
		m.Rouse(store.GroupingLease)
	}
}

// awaitPlaced waits until the process that does the grouping has placed what waits for it,
// or until then.
func (d *Desk) awaitPlaced(ctx context.Context, until time.Time) error {
	const every = 200 * time.Millisecond
	d.rouseGrouping()
	for {
		waiting, err := d.store.ToPlace(ctx, 1)
		if err != nil || len(waiting) == 0 || time.Now().After(until) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}

// rouseReaders lets the other processes learn what stories tell now.
func (d *Desk) rouseReaders() {
	if m := d.share.member; m != nil {
		m.Rouse(everyone)
	}
}

// Join takes this process's first share of the work; alone it has all.
func (d *Desk) Join(ctx context.Context) error {
	if d.share.member == nil {
		return nil
	}
	return d.look(ctx)
}

// Keep shares the work with the other processes on the same store until ctx ends, and
// gives up then what this one still has. It outlives Run: what is under way when that is
// stopped is ended under the same leases. Alone there is nothing to do.
func (d *Desk) Keep(ctx context.Context) {
	m := d.share.member
	if m == nil {
		return
	}
	for ctx.Err() == nil {
		wait := store.LookEvery
		if m.Leaving() {
			wait /= 4 // it should be there for others soon
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		if err := d.look(ctx); err != nil && ctx.Err() == nil {
			d.log.Error("the other processes cannot be seen", "error", err)
		}
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastLook)
	defer cancel()
	if err := m.Resign(bounded); err != nil {
		d.log.Warn("the leases were not given up; others take over when they see that this process is gone", "error", err)
	}
}

// lastLook is how long giving up may take.
const lastLook = 3 * time.Second

// Leave begins nothing new from now on and lets others take over what has ended.
func (d *Desk) Leave() {
	if m := d.share.member; m != nil {
		m.Stop()
		d.turn()
	}
}

// look is one look at the other processes.
func (d *Desk) look(ctx context.Context) error {
	m := d.share.member
	changes, err := m.Look(ctx, d.drained) // an error may come after the first changes
	if changes.Any() {
		d.log.Info("the work is shared anew", "processes", m.Alive(), "partitions", partCount(m.Parts()),
			"gained", services(changes.Gained), "lost", services(changes.Lost))
	}
	if changes.Any() || m.Leaving() {
		d.turn()
	}
	d.hear(changes)
	d.sharePaces()
	if now := time.Now(); now.Sub(d.share.relearned) >= relearnEvery {
		d.share.relearned = now
		err = errors.Join(err, d.relearn(ctx))
	}
	return err
}

// relearnEvery is how often a process asks what others have learned of starter sources.
const relearnEvery = time.Minute

// relearn notes the languages that feeds of starter sources have told other processes.
func (d *Desk) relearn(ctx context.Context) error {
	for _, s := range d.starters() {
		if s.Language != "" {
			continue
		}
		known, err := d.store.Source(ctx, s.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		d.learn(s.ID, known.Language)
	}
	return nil
}

// hear rouses the steps for which another process has left work, or all that have a new
// share.
func (d *Desk) hear(c store.Changes) {
	roused := slices.Clone(c.Roused)
	if len(c.Gained) > 0 {
		d.watch.everything()
	}
	if c.Any() {
		roused = append(roused, store.GroupingLease, everyone, store.PartLease(0))
	}
	slices.Sort(roused)
	for _, name := range slices.Compact(roused) {
		switch {
		case name == everyone:
			d.rouse(updating)
		case name == store.GroupingLease:
			d.rouse(ingesting)
			d.rouse(rewriting)
			d.rouse(retaining)
		case strings.HasPrefix(name, "part/"):
			for _, step := range []string{polling, readingPages, ingesting, composing, delivering} {
				d.rouse(step)
			}
		}
	}
}

// services names leases for the log: the partitions are many.
func services(leases []string) []string {
	return slices.DeleteFunc(slices.Clone(leases), func(l string) bool { return strings.HasPrefix(l, "part/") })
}

func partCount(p store.Parts) int {
	n := 0
	for i := range digest.Partitions {
		if p.Has(i) {
			n++
		}
	}
	return n
}

// drained tells whether what was begun under a lease has ended: sends to chats of a
// partition, or what Hold runs.
func (d *Desk) drained(lease string) bool {
	d.share.mu.Lock()
	serving := d.share.served[lease]
	d.share.mu.Unlock()
	return !serving && !d.posted.any(func(c digest.ChatID) bool {
		return store.PartLease(digest.Partition(string(c))) == lease
	})
}

// turn tells whoever waits that the share has changed.
func (d *Desk) turn() {
	d.share.mu.Lock()
	defer d.share.mu.Unlock()
	close(d.share.turned)
	d.share.turned = make(chan struct{})
}

// changed is closed when the share changes next.
func (d *Desk) changed() <-chan struct{} {
	d.share.mu.Lock()
	defer d.share.mu.Unlock()
	return d.share.turned
}

// Hold runs something as long as this process has a lease, over and over, until it ends
// by itself or ctx does. Its context ends when the lease is lost or being left; the lease is
// given up no earlier than it has returned.
func (d *Desk) Hold(ctx context.Context, lease string, run func(context.Context) error) error {
	for {
		turned := d.changed()
		if ctx.Err() != nil {
			return nil
		}
		if d.Holds(lease) {
			if err, lost := d.holdOnce(ctx, lease, run); !lost {
				return err
			}
			continue
		}
		select {
		case <-turned:
		case <-ctx.Done():
		}
	}
}

// holdOnce runs it until it ends; lost says that this was because of the lease.
func (d *Desk) holdOnce(ctx context.Context, lease string, run func(context.Context) error) (err error, lost bool) {
	d.serve(lease, true)
	defer d.serve(lease, false)
	bounded, cancel := context.WithCancel(ctx)
	defer cancel()
	still := d.holding(lease)
	go func() {
		defer cancel()
		for turned := d.changed(); still(); turned = d.changed() {
			select {
			case <-bounded.Done():
				return
			case <-turned:
			}
		}
	}()
	err = run(bounded)
	return err, bounded.Err() != nil && ctx.Err() == nil
}

// holding returns what tells whether this process may still begin work under a lease as it
// holds it now. One that was another's in between is another one: that has left something.
func (d *Desk) holding(lease string) (still func() bool) {
	m := d.share.member
	if m == nil {
		return func() bool { return true }
	}
	now := m.Lease(lease)
	return func() bool { return m.Has(lease) && m.Lease(lease) == now }
}

func (d *Desk) serve(lease string, on bool) {
	d.share.mu.Lock()
	defer d.share.mu.Unlock()
	if d.share.served[lease] = on; !on {
		delete(d.share.served, lease)
	}
}

// answerShare is the part of a platform's rate that is kept for answers, in the process
// that listens there. The rest goes with the partitions.
const answerShare = 0.2

// sharePaces gives each platform's pace the part of its rate that is this process's: one
// bot has one rate, however many processes speak for it.
func (d *Desk) sharePaces() {
	m := d.share.member
	parts := m.Fraction("part/")
	for p, pace := range d.paces {
		pace.share((1-answerShare)*parts + answerShare*m.Fraction(string(p)))
	}
	d.fetch.Share(m.Alive())
}

// lost tells whether a step failed because a lease is another process's now.
func (d *Desk) lost(err error) bool {
	if !errors.Is(err, store.ErrLeaseLost) {
		return false
	}
	d.log.Info("another process has taken over what was being done", "error", err)
	return true
}
