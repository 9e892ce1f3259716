package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// crew is several processes that share a store and look when the test says so.
type crew struct {
	t       *testing.T
	store   *Store
	members []*Member
}

func newCrew(t *testing.T, n int) *crew {
	c := &crew{t: t, store: newStore(t)}
	for range n {
		c.join()
	}
	return c
}

func (c *crew) join() *Member {
	m := NewMember(c.store, []string{GroupingLease}, []string{TelegramLease}, []string{ShardLease(0), ShardLease(1), ShardLease(2)})
	c.members = append(c.members, m)
	return m
}

func drained(string) bool { return true }

// look lets these members look several times, as far apart as they do by themselves.
func (c *crew) look(times int, members ...*Member) {
	c.t.Helper()
	for range times {
		for _, m := range members {
			if _, err := m.Look(c.t.Context(), drained); err != nil {
				c.t.Fatal(err)
			}
			c.onlyOne()
		}
		time.Sleep(LookEvery)
	}
}

// onlyOne fails if two members are sure of the same lease.
func (c *crew) onlyOne() {
	c.t.Helper()
	all := append(slices.Clone(partLeases), GroupingLease, TelegramLease, ShardLease(0), ShardLease(1), ShardLease(2))
	for _, name := range all {
		var sure []string
		for _, m := range c.members {
			if m.Sure(m.Lease(name)) {
				sure = append(sure, m.ID())
			}
		}
		if len(sure) > 1 {
			c.t.Fatalf("%s is held by %v", name, sure)
		}
	}
}

// parts are how many partitions each of the members works for, and fails unless together
// they have all.
func (c *crew) parts(members ...*Member) []int {
	c.t.Helper()
	var out []int
	var all Parts
	for _, m := range members {
		n := 0
		for p := range digest.Partitions {
			if m.Parts().Has(p) {
				n++
			}
		}
		all |= m.Parts()
		out = append(out, n)
	}
	if all != AllParts {
		c.t.Errorf("partitions %064b have nobody", ^all)
	}
	return out
}

func TestMemberShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrew(t, 1)
		first := c.members[0]
		c.look(1, first)
		if got := c.parts(first); got[0] != digest.Partitions || !first.Has(GroupingLease) || !first.Has(ShardLease(2)) {
			t.Fatalf("a single process has %d partitions, want all and every service", got[0])
		}
		c.join()
		c.look(3, c.members...)
		if got := fmt.Sprint(c.parts(c.members...)); got != "[32 32]" {
			t.Errorf("two processes have %s partitions", got)
		}
		c.join()
		c.look(4, c.members...)
		for _, n := range c.parts(c.members...) {
			if n < 21 || n > 22 {
				t.Errorf("three processes have %v partitions, want 21 or 22 each", c.parts(c.members...))
				break
			}
		}
		for _, m := range c.members {
			shards := 0
			for i := range 3 {
				if m.Has(ShardLease(i)) {
					shards++
				}
			}
			if shards != 1 {
				t.Errorf("a process has %d of three shards", shards)
			}
		}
		if !first.Has(GroupingLease) || !first.Has(TelegramLease) {
			t.Error("what there is once moved without need")
		}
	})
}

// takeOver is how long it takes the others to have all that a process held.
func takeOver(c *crew, others []*Member, done func() bool) time.Duration {
	began := time.Now()
	for range 60 {
		c.look(1, others...)
		if done() {
			return time.Since(began)
		}
	}
	c.t.Fatal("what the process held was never taken over")
	return 0
}

func TestMemberDies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrew(t, 3)
		c.look(6, c.members...)
		dead, others := c.members[0], c.members[1:]
		took := takeOver(c, others, func() bool { return others[0].Parts()|others[1].Parts() == AllParts })
		if took > 12*time.Second {
			t.Errorf("the dead process was replaced after %s", took)
		}
		if others[0].Has(GroupingLease) == others[1].Has(GroupingLease) {
			t.Error("not one process groups")
		}
		c.look(2, others...)
		beats, err := c.store.beats(t.Context())
		if _, there := beats[dead.ID()]; err != nil || there {
			t.Errorf("the dead process is still known: %v", err)
		}
	})
}

func TestMemberHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrew(t, 2)
		c.look(4, c.members...)
		hung, other := c.members[0], c.members[1]
		var part string
		for p := range digest.Partitions {
			if hung.Parts().Has(p) {
				part = PartLease(p)
			}
		}
		lease := hung.Lease(part)
		if !hung.Sure(lease) {
			t.Fatal("a process is not sure of what it has just looked at")
		}
		write := func() error {
			return c.store.Under(lease).kv.Update(t.Context(), func(tx kv.Tx) error { return tx.Put([]byte("chat/x"), nil) })
		}
		if err := write(); err != nil {
			t.Fatalf("an update under a lease that is held: %v", err)
		}
		c.look(5, other)
		if hung.Sure(lease) {
			t.Error("a process is sure although it has not looked for five seconds")
		}
		takeOver(c, []*Member{other}, func() bool { return other.Has(part) })
		if err := write(); !errors.Is(err, ErrLeaseLost) {
			t.Errorf("an update after the take-over: %v, want ErrLeaseLost", err)
		}
		// It wakes up: what it lost it has lost, and then it gets a share again.
		changes, err := hung.Look(t.Context(), drained)
		if err != nil || len(changes.Lost) == 0 || hung.Sure(lease) || hung.Parts() != 0 {
			t.Errorf("after it woke up: %+v, %v", changes, err)
		}
		c.look(4, c.members...)
		if got := fmt.Sprint(c.parts(c.members...)); got != "[32 32]" {
			t.Errorf("afterwards the processes have %s partitions", got)
		}
	})
}

// A process that leaves a partition keeps it until what was begun there has ended.
func TestMemberDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrew(t, 1)
		first := c.members[0]
		c.look(1, first)
		second := c.join()
		c.look(1, second)
		busy := func(name string) bool { return name < PartLease(40) || !strings.HasPrefix(name, "part/") }
		for range 3 {
			if _, err := first.Look(t.Context(), busy); err != nil {
				t.Fatal(err)
			}
			c.look(1, second)
		}
		left := 0
		for p := range digest.Partitions {
			l := first.Lease(PartLease(p))
			if l.Epoch > 0 && !first.Has(PartLease(p)) {
				left++
				if !first.Sure(l) {
					t.Errorf("%s is being left and not held any more", l.Name)
				}
			}
		}
		if left != 24 {
			t.Errorf("%d partitions wait for what was begun there, want 24", left)
		}
		c.look(2, c.members...)
		if got := fmt.Sprint(c.parts(c.members...)); got != "[32 32]" {
			t.Errorf("then the processes have %s partitions", got)
		}
	})
}

func TestMemberResigns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrew(t, 2)
		c.look(4, c.members...)
		first, second := c.members[0], c.members[1]
		first.Stop()
		if first.Parts() != 0 || first.Has(GroupingLease) {
			t.Error("a process that stops begins new work")
		}
		if err := first.Resign(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.look(1, second)
		if second.Parts() != AllParts || !second.Has(GroupingLease) || !second.Has(TelegramLease) || second.Alive() != 1 {
			t.Errorf("one look later the other has partitions %064b", second.Parts())
		}
	})
}

func TestMemberRouses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrew(t, 2)
		c.look(4, c.members...)
		c.members[0].Rouse(GroupingLease)
		c.members[0].Rouse(PartLease(7))
		c.look(1, c.members[0])
		changes, err := c.members[1].Look(t.Context(), drained)
		if err != nil || len(changes.Roused) != 2 {
			t.Errorf("roused %v, %v; want two leases", changes.Roused, err)
		}
		c.look(1, c.members[0])
		if changes, err = c.members[1].Look(t.Context(), drained); err != nil || len(changes.Roused) != 0 {
			t.Errorf("roused %v once more, %v", changes.Roused, err)
		}
	})
}

// Processes die, hang, wake up, join and resign in any order: never are two sure of the
// same lease, and what is left shares everything in the end.
func TestMembersAtRandom(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 0))
				c := newCrew(t, 3)
				up := append([]*Member(nil), c.members...)
				var hung []*Member
				for range 60 {
					switch i := random.IntN(max(1, len(up))); {
					case len(up) > 1 && random.IntN(12) == 0: // killed
						up = append(up[:i:i], up[i+1:]...)
					case len(up) > 1 && random.IntN(8) == 0:
						hung = append(hung, up[i])
						up = append(up[:i:i], up[i+1:]...)
					case len(hung) > 0 && random.IntN(4) == 0:
						up, hung = append(up, hung[0]), hung[1:]
					case len(up) < 5 && random.IntN(8) == 0:
						up = append(up, c.join())
					case len(up) > 1 && random.IntN(12) == 0:
						if err := up[i].Resign(t.Context()); err != nil {
							t.Fatal(err)
						}
						up = append(up[:i:i], up[i+1:]...)
					}
					c.look(1, up...)
				}
				up = append(up, hung...)
				c.look(16, up...)
				for _, n := range c.parts(up...) {
					if n < digest.Partitions/len(up) || n > (digest.Partitions-1)/len(up)+1 {
						t.Errorf("%d processes have %v partitions", len(up), c.parts(up...))
						break
					}
				}
			})
		})
	}
}

// Under a lease that nobody ever had, and without one, no update is let through.
func TestUnderNoLease(t *testing.T) {
	s := newStore(t)
	m := NewMember(s)
	for _, l := range []Lease{m.Lease(PartLease(3)), {Name: PartLease(3), Holder: "x"}} {
		err := s.Under(l).kv.Update(context.Background(), func(kv.Tx) error { t.Error("it ran"); return nil })
		if !errors.Is(err, ErrLeaseLost) {
			t.Errorf("%+v: %v, want ErrLeaseLost", l, err)
		}
	}
}
