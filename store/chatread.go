package store

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// ChatRead is a chat as it was read: an update that finds it unchanged takes it as it is.
type ChatRead struct {
	raw []byte
	row chatRow
}

// ReadChat reads a chat that is about to be changed.
func (s *Store) ReadChat(ctx context.Context, id digest.ChatID) (*ChatRead, error) {
	raw, err := s.kv.Get(ctx, chatKey(id))
	if err != nil {
		return nil, err
	}
	r := &ChatRead{raw: raw}
	return r, decode(chatKey(id), raw, &r.row)
}

// Chat is the chat, to look at and to work with: its subscriptions, its pending deliveries
// and what it has seen are copies.
func (r *ChatRead) Chat() digest.Chat {
	c := r.own()
	if len(c.Pending) > 0 {
		c.Seen = maps.Clone(c.Seen)
	}
	return c
}

// outrun tells whether the chat as it is now waits for a delivery other than own of which
// the one that was read did not know.
func (r *ChatRead) outrun(now digest.Chat, own digest.DeliveryID) bool {
	return slices.ContainsFunc(now.Pending, func(id digest.DeliveryID) bool {
		return id != own && !slices.Contains(r.row.Pending, id)
	})
}

// own is the chat with lists of its own, of those that change when a delivery is filed.
func (r *ChatRead) own() digest.Chat {
	c := r.row.Chat
	c.Subscriptions, c.Pending = slices.Clone(c.Subscriptions), slices.Clone(c.Pending)
	return c
}

// changeReadChat is changeChat for a chat that was read before, nil if it was not.
func changeReadChat(tx kv.Tx, id digest.ChatID, read *ChatRead, change func(*digest.Chat) error) (digest.Chat, []digest.SourceID, error) {
	raw, err := tx.Get(chatKey(id))
	if err != nil {
		return digest.Chat{}, nil, fmt.Errorf("chat %s: %w", id, err)
	}
	var row chatRow
	if read != nil && bytes.Equal(raw, read.raw) {
		row = read.row
		row.Chat = read.own()
	} else if err := decode(chatKey(id), raw, &row); err != nil {
		return digest.Chat{}, nil, err
	}
	before := indexed(row.Chat)
	if err := change(&row.Chat); err != nil {
		return digest.Chat{}, nil, err
	}
	row.ID = id
	wanted := row.Counted
	row.Counted = within(before.counted, wanted, countedAtOnce)
	return row.Chat, wanted, putChat(tx, before, row)
}
