package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// filing lets one step at a time file something for a chat: two that look at the same time
// would tell the same twice.
type filing [digest.Partitions]sync.Mutex

func (f *filing) lock(id digest.ChatID) (unlock func()) {
	m := &f[digest.Partition(string(id))]
	m.Lock()
	return m.Unlock
}

// lockAll is lock for all chats of a step; always in the same order, so that two of them
// never wait for each other.
func (f *filing) lockAll(due []store.DueSubscription) (unlock func()) {
	var parts store.Parts
	for _, s := range due {
		parts |= store.Part(digest.Partition(string(s.Chat)))
	}
	for p := range f {
		if parts.Has(p) {
			f[p].Lock()
		}
	}
	return func() {
		for p := range f {
			if parts.Has(p) {
				f[p].Unlock()
			}
		}
	}
}

// expect counts what deliveries on their way show as seen by the chat, and tells which of
// its pending deliveries have ended.
func (d *Desk) expect(ctx context.Context, c *digest.Chat, now time.Time) (settled map[digest.DeliveryID]bool, err error) {
	settled = map[digest.DeliveryID]bool{}
	for _, id := range c.Pending {
		del, err := d.store.Delivery(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		settled[id] = err != nil || del.State.Final()
		if settled[id] && !del.Arrived() {
			continue
		}
		for _, shown := range del.Shown {
			mark(c, shown, now)
		}
	}
	return settled, nil
}
