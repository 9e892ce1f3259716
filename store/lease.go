package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// The work that is not cut into partitions.
const (
	GroupingLease = "grouping" // placing articles in stories, and what is done once for all
	TelegramLease = "telegram" // polling for updates, which Telegram lets one do
)

// PartLease is the lease of one partition.
func PartLease(partition int) string { return partLeases[partition] }

// ShardLease is the lease of one of Discord's gateway shards.
func ShardLease(shard int) string { return fmt.Sprintf("discord/%d", shard) }

// partLeases are the leases of all partitions.
var partLeases = func() []string {
	out := make([]string, digest.Partitions)
	for p := range out {
		out[p] = fmt.Sprintf("part/%02x", p)
	}
	return out
}()

// beat is a process's sign of life. What changes in it is all that others go by: no clock
// is compared between machines.
type beat struct {
	N     uint64 `json:"n"`               // counts
	Guest bool   `json:"guest,omitempty"` // takes no share
	// Wakes counts, by lease, what this process has put in the way of whoever has it.
	Wakes map[string]uint64 `json:"wakes,omitempty"`
}

func processKey(id string) []byte { return key("process", id) }

// saveBeat shows that a process lives.
func (s *Store) saveBeat(ctx context.Context, process string, b beat) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error { return put(tx, processKey(process), b) })
}

// beats are the signs of life of all processes.
func (s *Store) beats(ctx context.Context) (map[string]beat, error) {
	return named[beat](ctx, s.kv, "process/")
}

// Leases are all leases that anybody ever had, by name.
func (s *Store) Leases(ctx context.Context) (map[string]Lease, error) {
	all, err := named[Lease](ctx, s.kv, "lease/")
	for name, l := range all {
		l.Name = name
		all[name] = l
	}
	return all, err
}

// named are the values under a prefix by the rest of their keys.
func named[T any](ctx context.Context, e kv.Engine, prefix string) (map[string]T, error) {
	out := map[string]T{}
	for p, err := range e.Scan(ctx, []byte(prefix), after(prefix)) {
		var v T
		if err == nil {
			err = decode(p.Key, p.Value, &v)
		}
		if err != nil {
			return nil, err
		}
		out[strings.TrimPrefix(string(p.Key), prefix)] = v
	}
	return out, nil
}

// takeLeases takes over the leases that are still as the caller has seen them and whose
// holder has shown no life since: dead are the last signs of those that are thought dead.
func (s *Store) takeLeases(ctx context.Context, process string, seen []Lease, dead map[string]beat) (taken []Lease, err error) {
	err = s.kv.Update(ctx, func(tx kv.Tx) error {
		taken = nil
		alive := map[string]bool{}
		for _, was := range seen {
			now, _, err := get[Lease](tx, leaseKey(was.Name))
			if err != nil {
				return err
			}
			if now.Epoch != was.Epoch || now.Holder != was.Holder {
				continue
			}
			if _, asked := alive[was.Holder]; !asked && was.Holder != "" {
				sign, found, err := get[beat](tx, processKey(was.Holder))
				if err != nil {
					return err
				}
				alive[was.Holder] = found && sign.N != dead[was.Holder].N
			}
			if alive[was.Holder] {
				continue
			}
			l := Lease{Name: was.Name, Holder: process, Epoch: was.Epoch + 1}
			if err := put(tx, leaseKey(l.Name), l); err != nil {
				return err
			}
			taken = append(taken, l)
		}
		return nil
	})
	return taken, err
}

// releaseLeases gives leases up; those that somebody else has taken over stay theirs.
func (s *Store) releaseLeases(ctx context.Context, leases []Lease) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		for _, l := range leases {
			now, _, err := get[Lease](tx, leaseKey(l.Name))
			if err != nil {
				return err
			}
			if now.Epoch != l.Epoch || now.Holder != l.Holder {
				continue
			}
			now.Holder = ""
			if err := put(tx, leaseKey(l.Name), now); err != nil {
				return err
			}
		}
		return nil
	})
}

// buryProcesses forgets processes that have shown no life since these signs.
func (s *Store) buryProcesses(ctx context.Context, dead map[string]beat) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		for _, id := range slices.Sorted(maps.Keys(dead)) {
			now, found, err := get[beat](tx, processKey(id))
			if err != nil {
				return err
			}
			if !found || now.N != dead[id].N {
				continue
			}
			if err := tx.Delete(processKey(id)); err != nil {
				return err
			}
		}
		return nil
	})
}
