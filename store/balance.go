package store

import (
	"context"
	"slices"

	"newsdigest/digest"
)

// share takes free leases and leaves those that are too many.
func (m *Member) share(ctx context.Context, leases map[string]Lease, drained func(string) bool, c *Changes) error {
	var take []Lease
	m.mu.Lock()
	for _, kind := range m.kinds {
		if !m.stopped {
			take = append(take, m.balance(kind, leases)...)
		}
	}
	m.mu.Unlock()
	if len(take) > 0 {
		if err := m.take(ctx, take, c); err != nil {
			return err
		}
	}
	if err := m.giveUp(ctx, drained, c); err != nil {
		return err
	}
	return m.bury(ctx, leases)
}

// balance finds the free leases of a kind that this process should take, or notes which of
// its own it leaves: it has more than an even share, or another has less than one. The
// caller holds the lock.
func (m *Member) balance(kind []string, leases map[string]Lease) (take []Lease) {
	var mine []string
	var free []Lease
	counts := map[string]int{}
	for _, name := range kind {
		l := leases[name]
		l.Name = name
		switch {
		case l.Holder == m.id:
			mine = append(mine, name)
		case l.Holder != "" && m.lives(l.Holder):
			counts[l.Holder]++
		default:
			free = append(free, l)
		}
	}
	low, high := len(kind)/m.alive, (len(kind)+m.alive-1)/m.alive
	if n := min(high-len(mine), len(free)); n > 0 {
		// Each begins elsewhere, so that two do not want the same.
		at := digest.Partition(m.id) * len(free) / digest.Partitions
		return slices.Concat(free[at:], free[:at])[:n]
	}
	keep := high
	for id, s := range m.signs {
		if id != m.id && m.lives(id) && !s.beat.Guest && counts[id] < low {
			keep = low
		}
	}
	if len(free) == 0 && len(mine) > keep {
		for _, name := range mine[keep:] {
			if _, held := m.held[name]; held {
				m.leaving[name] = true
			}
		}
	}
	return nil
}

func (m *Member) take(ctx context.Context, free []Lease, c *Changes) error {
	dead := map[string]beat{}
	for id, s := range m.signs {
		dead[id] = s.beat
	}
	taken, err := m.store.takeLeases(ctx, m.id, free, dead)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range taken {
		m.held[l.Name] = l
		c.Gained = append(c.Gained, l.Name)
	}
	return nil
}

// giveUp releases what is being left and drained.
func (m *Member) giveUp(ctx context.Context, drained func(string) bool, c *Changes) error {
	m.mu.Lock()
	var leave []Lease
	for name := range m.leaving {
		leave = append(leave, m.held[name])
	}
	m.mu.Unlock()
	leave = slices.DeleteFunc(leave, func(l Lease) bool { return !drained(l.Name) })
	if len(leave) == 0 {
		return nil
	}
	if err := m.store.releaseLeases(ctx, leave); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range leave {
		m.drop(l.Name)
		c.Lost = append(c.Lost, l.Name)
	}
	return nil
}

// bury forgets the dead that hold nothing any more.
func (m *Member) bury(ctx context.Context, leases map[string]Lease) error {
	dead := map[string]beat{}
	for id, s := range m.signs {
		if !m.lives(id) {
			dead[id] = s.beat
		}
	}
	for _, l := range leases {
		delete(dead, l.Holder)
	}
	if len(dead) == 0 {
		return nil
	}
	return m.store.buryProcesses(ctx, dead)
}
