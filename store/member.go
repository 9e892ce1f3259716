package store

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// How processes watch each other.
const (
	// LookEvery is how often a process shows that it lives and looks after the others.
	LookEvery = time.Second
	// deadLooks is after how many looks without a new sign of life a process is replaced.
	deadLooks = 8
	// sureFor is how long after a look a process may rely on what it saw. The others
	// replace it deadLooks after its last sign at the earliest, so it has stopped by then.
	sureFor = 5 * time.Second
)

// Member is this process among those that share a store. It holds leases, and each time
// that it looks it takes its even share of them: those of the dead, and those that others
// leave because they have too many. It is safe for concurrent use, but one goroutine at a
// time looks.
type Member struct {
	id     string
	store  *Store
	signs  map[string]*sign
	looked time.Time // when a look was last counted as one

	mu      sync.Mutex
	kinds   [][]string // leases, each kind shared evenly
	stopped bool
	own     beat
	held    map[string]Lease
	leaving map[string]bool // of held: nothing new is begun
	sure    time.Time       // when the look began that confirmed the leases last
	alive   int
}

// sign is what was seen of another process.
type sign struct {
	beat   beat
	misses int // looks since it changed
}

// Changes are what a look has brought.
type Changes struct {
	Gained, Lost []string // leases; what this process has given up is lost too
	Roused       []string // leases for whose holder another process has left work
}

// Any tells whether the share has changed.
func (c Changes) Any() bool { return len(c.Gained)+len(c.Lost) > 0 }

// NewMember makes a member without any lease; services are the leases besides the
// partitions that it may take, those of one kind together.
func NewMember(s *Store, services ...[]string) *Member {
	return &Member{
		id: strings.ToLower(rand.Text()[:16]), store: s, kinds: append(slices.Clone(services), partLeases),
		signs: map[string]*sign{}, held: map[string]Lease{}, leaving: map[string]bool{}, alive: 1,
		own: beat{Wakes: map[string]uint64{}},
	}
}

// NewGuest makes a member for a command that is over soon: it takes no share, but places
// articles in stories if nobody else does.
func NewGuest(s *Store) *Member {
	m := NewMember(s)
	m.kinds, m.own.Guest = [][]string{{GroupingLease}}, true
	return m
}

// ID names the process for as long as it lives.
func (m *Member) ID() string { return m.id }

// Parts are the partitions for which work may be begun.
func (m *Member) Parts() Parts {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out Parts
	for p := range digest.Partitions {
		if name := PartLease(p); m.has(name) {
			out |= Part(p)
		}
	}
	return out
}

// Has tells whether work under a lease may be begun.
func (m *Member) Has(name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.has(name)
}

func (m *Member) has(name string) bool {
	_, ok := m.held[name]
	return ok && !m.leaving[name]
}

// Lease is the lease of this name as this process holds it; if it does not, one under
// which every update fails.
func (m *Member) Lease(name string) Lease {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l, ok := m.held[name]; ok {
		return l
	}
	return Lease{Name: name, Holder: m.id}
}

// Sure tells whether a lease is certainly still this process's: it was at a look so short a
// time ago that nobody can have replaced the process since. Both the clock that stands
// still while a machine sleeps and the one that is put right count.
func (m *Member) Sure(l Lease) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	return l.Epoch > 0 && m.held[l.Name] == l && now.Sub(m.sure) < sureFor && now.Round(0).Sub(m.sure.Round(0)) < sureFor
}

// Fraction is how much of the leases of one kind, whose names have this prefix, is held:
// from 0 to 1.
func (m *Member) Fraction(prefix string) float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	all, held := 0, 0
	for _, kind := range m.kinds {
		for _, name := range kind {
			if !strings.HasPrefix(name, prefix) {
				continue
			}
			all++
			if _, ok := m.held[name]; ok {
				held++
			}
		}
	}
	return float64(held) / float64(max(1, all))
}

// Alive is how many processes share the store, this one included.
func (m *Member) Alive() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.alive
}

// Rouse tells whoever holds a lease that there is something to do. It takes a look of
// ours and one of theirs.
func (m *Member) Rouse(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.own.Wakes[name]++
}

// Look shows that this process lives, sees who else does, and takes, leaves or finds lost
// what it is to. Before a lease that is being left is given up, drained tells whether what
// was begun under it has ended.
func (m *Member) Look(ctx context.Context, drained func(lease string) bool) (Changes, error) {
	began := time.Now()
	if err := m.store.saveBeat(ctx, m.id, m.next()); err != nil {
		return Changes{}, err
	}
	// The leases first: who held one then has shown life before the signs are read.
	leases, err := m.store.Leases(ctx)
	if err != nil {
		return Changes{}, err
	}
	beats, err := m.store.beats(ctx)
	if err != nil {
		return Changes{}, err
	}
	c := Changes{Roused: m.watch(beats, began)}
	m.confirm(leases, began, &c)
	return c, m.share(ctx, leases, drained, &c)
}

// Leaving tells whether something is being left.
func (m *Member) Leaving() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.leaving) > 0
}

// next is the next sign of life.
func (m *Member) next() beat {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.own.N++
	b := beat{N: m.own.N, Guest: m.own.Guest, Wakes: map[string]uint64{}}
	for name, n := range m.own.Wakes {
		b.Wakes[name] = n
	}
	return b
}

// watch notes which processes have shown life since the last look. Looks closer together
// than LookEvery count as one: it is the number that is waited for.
func (m *Member) watch(beats map[string]beat, now time.Time) (roused []string) {
	counts := now.Sub(m.looked) >= LookEvery*9/10
	if counts {
		m.looked = now
	}
	for id, b := range beats {
		s, known := m.signs[id]
		switch {
		case !known:
			m.signs[id] = &sign{beat: b}
		case s.beat.N != b.N:
			for name, n := range b.Wakes {
				if n != s.beat.Wakes[name] && id != m.id {
					roused = append(roused, name)
				}
			}
			*s = sign{beat: b}
		case counts:
			s.misses++
		}
	}
	for id := range m.signs {
		if _, there := beats[id]; !there {
			delete(m.signs, id)
		}
	}
	return roused
}

// lives tells whether a process is to be taken for alive.
func (m *Member) lives(id string) bool {
	s, known := m.signs[id]
	return id == m.id || known && s.misses < deadLooks
}

// confirm compares the leases held with those in the store.
func (m *Member) confirm(leases map[string]Lease, began time.Time, c *Changes) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sure = began
	m.alive = 0
	for id, s := range m.signs {
		if m.lives(id) && !s.beat.Guest {
			m.alive++
		}
	}
	m.alive = max(1, m.alive)
	for name, l := range m.held {
		if leases[name] != l {
			m.drop(name)
			c.Lost = append(c.Lost, name)
		}
	}
	for name, l := range leases {
		// Taken by an update of ours of which no answer came.
		if _, known := m.held[name]; !known && l.Holder == m.id {
			m.held[name] = l
			c.Gained = append(c.Gained, name)
		}
	}
}

func (m *Member) drop(name string) {
	delete(m.held, name)
	delete(m.leaving, name)
}

// Stop leaves everything: nothing new is begun from now on.
func (m *Member) Stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stopped = true
	for name := range m.held {
		m.leaving[name] = true
	}
}

// Resign gives up all leases, so that others take over at once.
func (m *Member) Resign(ctx context.Context) error {
	m.mu.Lock()
	var leave []Lease
	for name, l := range m.held {
		leave = append(leave, l)
		m.drop(name)
	}
	m.mu.Unlock()
	if err := m.store.releaseLeases(ctx, leave); err != nil {
		return err
	}
	return m.store.kv.Update(ctx, func(tx kv.Tx) error { return tx.Delete(processKey(m.id)) })
}
