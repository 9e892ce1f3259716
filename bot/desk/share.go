package desk

import (
	"newsdigest/store"
)

// parts are the partitions whose owners this process works for.
func (d *Desk) parts() store.Parts { return store.AllParts }

// due is the store as it shows what is due of this process's owners.
func (d *Desk) due() *store.Store { return d.store.Share(d.parts()) }

// of is the store for background work on what the owner with this id has: a chat's
// subscriptions and deliveries, a source's polls.
func (d *Desk) of(owner string) *store.Store { return d.store }

// grouping is the store for placing articles in stories, false if another process does
// that.
func (d *Desk) grouping() (*store.Store, bool) { return d.store, true }
