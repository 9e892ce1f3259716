package store

import (
	"context"
	"errors"
	"fmt"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// Parts is a set of partitions (digest.Partition), one bit for each.
type Parts uint64

// AllParts is every partition: the work of a process that shares with nobody.
const AllParts = ^Parts(0)

// Part is the set of one partition.
func Part(partition int) Parts { return 1 << partition }

// Has tells whether the partition is in the set.
func (p Parts) Has(partition int) bool { return p&Part(partition) != 0 }

// Owns tells whether the partition of the owner with this id is in the set.
func (p Parts) Owns(owner string) bool { return p.Has(digest.Partition(owner)) }

// Share is the same store as somebody sees it who works for these partitions: what is due
// of other owners it does not find.
func (s *Store) Share(p Parts) *Store {
	own := *s
	own.parts = p
	return &own
}

// ErrLeaseLost says that a lease has been taken over: nothing of the update was written.
var ErrLeaseLost = errors.New("another process has taken over")

// Lease is the right of one process to do a part of the work. Only a take-over writes it,
// so that checking it in every update makes no two updates wait for each other.
type Lease struct {
	Name   string `json:"-"`      // what it is for
	Holder string `json:"holder"` // process; empty if nobody has it
	Epoch  uint64 `json:"epoch"`  // counts the take-overs
}

func leaseKey(name string) []byte { return key("lease", name) }

// Under is the same store for work that a lease allows: every update fails with
// ErrLeaseLost, and writes nothing, once another process has taken the lease over.
func (s *Store) Under(l Lease) *Store {
	own := *s
	own.kv = fenced{s.kv, l}
	return &own
}

// fenced is an engine whose updates check a lease.
type fenced struct {
	kv.Engine
	lease Lease
}

// Update implements kv.Engine.
func (f fenced) Update(ctx context.Context, fn func(kv.Tx) error) error {
	return f.Engine.Update(ctx, func(tx kv.Tx) error {
		now, _, err := get[Lease](tx, leaseKey(f.lease.Name))
		if err != nil {
			return err
		}
		if now.Epoch != f.lease.Epoch || now.Holder != f.lease.Holder {
			return fmt.Errorf("lease %s: %w", f.lease.Name, ErrLeaseLost)
		}
		return fn(tx)
	})
}
