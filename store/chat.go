package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// chatRow is a chat as it is stored: with the keys of all addresses that lead to it,
// the present one and those it had before.
type chatRow struct {
	digest.Chat
	Addresses []string `json:"addresses"`
}

// Chat is the chat with this id.
func (s *Store) Chat(ctx context.Context, id digest.ChatID) (digest.Chat, error) {
	return load[digest.Chat](ctx, s.kv, chatKey(id))
}

// ChatAt is the chat that an address leads to, also one that it had before; false if
// there is none.
func (s *Store) ChatAt(ctx context.Context, a digest.Address) (digest.Chat, bool, error) {
	id, err := load[digest.ChatID](ctx, s.kv, addressKey(a.Key()))
	if errors.Is(err, ErrNotFound) {
		return digest.Chat{}, false, nil
	}
	if err != nil {
		return digest.Chat{}, false, err
	}
	c, err := s.Chat(ctx, id)
	if errors.Is(err, ErrNotFound) { // deleted between the two reads
		return digest.Chat{}, false, nil
	}
	return c, err == nil, err
}

// Chats yields all chats in order of their ids.
func (s *Store) Chats(ctx context.Context) iter.Seq2[digest.Chat, error] {
	return all[digest.Chat](ctx, s.kv, "chat/")
}

// CreateChat stores a chat unless its address or its id is known; it returns the chat
// that is there then.
func (s *Store) CreateChat(ctx context.Context, c digest.Chat) (digest.Chat, error) {
	var out digest.Chat
	err := s.kv.Update(ctx, func(tx kv.Tx) error {
		id, known, err := get[digest.ChatID](tx, addressKey(c.Address.Key()))
		if err != nil {
			return err
		}
		if !known {
			id = c.ID
		}
		row, exists, err := get[chatRow](tx, chatKey(id))
		if err != nil {
			return err
		}
		out = row.Chat
		switch {
		case exists && known:
			return nil
		case exists: // its address went to another chat, which is no more
			before := indexed(row.Chat)
			before.address = ""
			return putChat(tx, before, row)
		}
		row.Chat = c
		row.Counted = within(nil, c.Counted, countedAtOnce)
		out = c
		return putChat(tx, chatIndexes{}, row)
	})
	if err != nil || len(c.Counted) <= countedAtOnce || out.ID != c.ID {
		return out, err
	}
	return s.UpdateChat(ctx, out.ID, func(stored *digest.Chat) error {
		stored.Counted = out.Counted
		return nil
	})
}

// countedAtOnce is how many sources a chat is counted in or out of in one update; each
// takes three keys.
const countedAtOnce = 200

// UpdateChat changes a chat in one update, together with all that hangs on it: the
// address index, the due times of its subscriptions and the follower counts of
// chat.Counted. A chat that is Gone has no due subscription.
//
// If it is counted in or out of more than 200 sources, the chat is changed at once and
// the rest of the counting follows in further updates; cut off in between, Counted says
// how far it came.
func (s *Store) UpdateChat(ctx context.Context, id digest.ChatID, change func(*digest.Chat) error) (digest.Chat, error) {
	var out digest.Chat
	var wanted []digest.SourceID
	err := s.kv.Update(ctx, func(tx kv.Tx) error {
		var err error
		out, wanted, err = changeChat(tx, id, change)
		return err
	})
	for err == nil && !sameSources(out.Counted, wanted) {
		err = s.kv.Update(ctx, func(tx kv.Tx) error {
			var err error
			out, _, err = changeChat(tx, id, func(c *digest.Chat) error {
				c.Counted = wanted
				return nil
			})
			return err
		})
	}
	return out, err
}

// changeChat is UpdateChat within an update. It returns the chat as stored and the
// sources it was to be counted in.
func changeChat(tx kv.Tx, id digest.ChatID, change func(*digest.Chat) error) (digest.Chat, []digest.SourceID, error) {
	return changeReadChat(tx, id, nil, change)
}

// chatIndexes is what of a chat stands in indexes.
type chatIndexes struct {
	address string
	due     map[int]time.Time // when its subscriptions are due, by ordinal
	counted []digest.SourceID
	watched []digest.StoryID
	gone    time.Time // since when
}

func indexed(c digest.Chat) chatIndexes {
	return chatIndexes{c.Address.Key(), dueTimes(c), slices.Clone(c.Counted), watched(c), c.GoneSince}
}

// putChat writes a chat and brings what stands in indexes from before to now.
func putChat(tx kv.Tx, before chatIndexes, now chatRow) error {
	if before.address != now.Address.Key() {
		if err := moveAddress(tx, &now); err != nil {
			return err
		}
	}
	if err := moveSubscriptions(tx, now.ID, before.due, dueTimes(now.Chat)); err != nil {
		return err
	}
	if err := recount(tx, before.counted, now.Counted); err != nil {
		return err
	}
	if err := rewatch(tx, now.ID, before.watched, watched(now.Chat)); err != nil {
		return err
	}
	if since := now.GoneSince; !since.IsZero() && !since.Equal(before.gone) {
		if err := expire(tx, since.Add(goneLife), expireChat, string(now.ID)); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(now)
	if err != nil {
		return err
	}
	old, err := tx.Get(chatKey(now.ID))
	if err == nil && bytes.Equal(old, raw) {
		return nil
	}
	return tx.Put(chatKey(now.ID), raw)
}

// moveAddress lets the chat's address lead to it. A chat that it led to before loses it.
func moveAddress(tx kv.Tx, c *chatRow) error {
	address := c.Address.Key()
	if slices.Contains(c.Addresses, address) {
		return nil
	}
	other, taken, err := get[digest.ChatID](tx, addressKey(address))
	if err != nil {
		return err
	}
	if taken && other != c.ID {
		row, found, err := get[chatRow](tx, chatKey(other))
		if err != nil {
			return err
		}
		if found {
			row.Addresses = slices.DeleteFunc(row.Addresses, func(a string) bool { return a == address })
			if err := put(tx, chatKey(other), row); err != nil {
				return err
			}
		}
	}
	c.Addresses = append(c.Addresses, address)
	return put(tx, addressKey(address), c.ID)
}

// moveSubscriptions brings the due times of a chat's subscriptions, by ordinal, from
// what they were to what they are.
func moveSubscriptions(tx kv.Tx, chat digest.ChatID, was, is map[int]time.Time) error {
	for _, ordinals := range []map[int]time.Time{was, is} {
		for n := range ordinals {
			if was[n].Equal(is[n]) {
				continue
			}
			if err := dueSubscriptions.move(tx, string(chat), subscriptionRest(chat, n), was[n], is[n]); err != nil {
				return err
			}
		}
	}
	return nil
}

// dueTimes are when a chat's subscriptions are due, by ordinal; those that are never
// due are missing.
func dueTimes(c digest.Chat) map[int]time.Time {
	times := map[int]time.Time{}
	if c.Gone != "" || !c.Blocked.IsZero() {
		return times
	}
	for _, sub := range c.Active() {
		if !sub.Next.IsZero() {
			times[sub.Ordinal] = sub.Next.At
		}
	}
	return times
}

func subscriptionRest(chat digest.ChatID, ordinal int) string {
	return fmt.Sprintf("%s/%04x", chat, ordinal)
}

// DueSubscription is a subscription whose time has come. At is to the millisecond.
type DueSubscription struct {
	Chat    digest.ChatID
	Ordinal int
	At      time.Time
}

// DueSubscriptions are the subscriptions due at now, the oldest first, at most limit.
func (s *Store) DueSubscriptions(ctx context.Context, now time.Time, limit int) ([]DueSubscription, error) {
	found, err := dueSubscriptions.until(ctx, s.kv, s.parts, now, limit)
	if err != nil {
		return nil, err
	}
	return subscriptionsOf(found)
}

// subscriptionsOf reads entries of the index of due subscriptions.
func subscriptionsOf(found []due) ([]DueSubscription, error) {
	out := make([]DueSubscription, len(found))
	for i, d := range found {
		chat, ordinal, _ := strings.Cut(d.rest, "/")
		n, err := strconv.ParseInt(ordinal, 16, 32)
		if err != nil {
			return nil, fmt.Errorf("due key of chat %s: %w", chat, err)
		}
		out[i] = DueSubscription{Chat: digest.ChatID(chat), Ordinal: int(n), At: d.at}
	}
	return out, nil
}

// NextSubscription is when the next subscription is due, past times included; false if
// none ever is.
func (s *Store) NextSubscription(ctx context.Context) (time.Time, bool, error) {
	return dueSubscriptions.earliest(ctx, s.kv, s.parts)
}

// deleteAtOnce is how many rows of a chat are deleted in one update.
const deleteAtOnce = 100

// DeleteChat removes a chat with everything that is kept about it. The chat itself goes
// first, so that nothing new is filed for it; cut off after that, it can be called again.
func (s *Store) DeleteChat(ctx context.Context, id digest.ChatID) error {
	return s.deleteChat(ctx, id, func(digest.Chat) bool { return true })
}

// deleteChat is DeleteChat for a chat that this is true of in the moment in which it goes.
func (s *Store) deleteChat(ctx context.Context, id digest.ChatID, still func(digest.Chat) bool) error {
	stays := false
	for left := true; left; {
		err := s.kv.Update(ctx, func(tx kv.Tx) error {
			c, found, err := get[digest.Chat](tx, chatKey(id))
			if stays = found && !still(c); err != nil || stays {
				return err
			}
			if err := s.removeFeed(tx, id); err != nil {
				return err
			}
			left, err = removeChat(tx, id)
			return err
		})
		if stays {
			return err
		}
		if err != nil {
			return err
		}
	}
	return s.deleteOwned(ctx, id)
}

// removeChat deletes the chat's row, once it is counted in no source any more, and what
// hangs on it. It tells whether it has to be called again.
func removeChat(tx kv.Tx, id digest.ChatID) (left bool, err error) {
	row, found, err := get[chatRow](tx, chatKey(id))
	if err != nil || !found {
		return false, err
	}
	before := indexed(row.Chat)
	row.Chat = digest.Chat{ID: id, Address: row.Address, Gone: row.Gone, GoneSince: row.GoneSince,
		Counted: within(before.counted, nil, countedAtOnce)}
	if err := putChat(tx, before, row); err != nil || len(row.Counted) > 0 {
		return true, err
	}
	for _, a := range row.Addresses {
		if err := tx.Delete(addressKey(a)); err != nil {
			return false, err
		}
	}
	return false, tx.Delete(chatKey(id))
}

// deleteOwned removes the editions, deliveries and feedback of a chat.
func (s *Store) deleteOwned(ctx context.Context, id digest.ChatID) error {
	prefix := "own/" + string(id) + "/"
	var rows []string
	for p, err := range s.kv.Scan(ctx, []byte(prefix), after(prefix)) {
		if err != nil {
			return err
		}
		rows = append(rows, string(p.Key[len(prefix):]))
	}
	for chunk := range slices.Chunk(rows, deleteAtOnce) {
		err := s.kv.Update(ctx, func(tx kv.Tx) error {
			for _, row := range chunk {
				kind, rowID, _ := strings.Cut(row, "/")
				if err := removeOwned(tx, id, kind, rowID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func removeOwned(tx kv.Tx, chat digest.ChatID, kind, id string) error {
	switch kind {
	case ownDelivery:
		return removeDelivery(tx, digest.DeliveryID(id))
	case ownFeedback:
		return removeFeedback(tx, id)
	}
	return removeEdition(tx, chat, digest.EditionID(id))
}
