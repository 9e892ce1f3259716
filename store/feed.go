package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// FeedID is the public id of the feeds of a chat's digests, empty if it has none. Each
// renewal makes another one.
func (s *Store) FeedID(c digest.Chat) string {
	if c.Feeds == 0 {
		return ""
	}
	return s.PublicID(PublicFeed, string(c.ID)+"/"+strconv.Itoa(c.Feeds))
}

// RenewFeed gives a chat's feeds another public id, in one update with the chat; the one
// they had names nothing from then on.
func (s *Store) RenewFeed(ctx context.Context, id digest.ChatID, now time.Time) (digest.Chat, error) {
	var out digest.Chat
	err := s.kv.Update(ctx, func(tx kv.Tx) error {
		var before string
		c, _, err := changeChat(tx, id, func(c *digest.Chat) error {
			before = s.FeedID(*c)
			c.Feeds++
			return nil
		})
		if err != nil {
			return err
		}
		if before != "" {
			if err := tx.Delete(publicKey(PublicFeed, before)); err != nil {
				return err
			}
		}
		out = c
		return publish(tx, PublicFeed, s.FeedID(c), string(id), now)
	})
	return out, err
}

// removeFeed lets the public id of a chat's feeds name nothing any more.
func (s *Store) removeFeed(tx kv.Tx, id digest.ChatID) error {
	c, found, err := get[digest.Chat](tx, chatKey(id))
	if err != nil || !found || c.Feeds == 0 {
		return err
	}
	return tx.Delete(publicKey(PublicFeed, s.FeedID(c)))
}

// FeedChat is the chat whose feeds have this public id, ErrNotFound if none has it (any
// more).
func (s *Store) FeedChat(ctx context.Context, public string) (digest.Chat, error) {
	id, err := s.Published(ctx, PublicFeed, public)
	if err != nil {
		return digest.Chat{}, err
	}
	c, err := s.Chat(ctx, digest.ChatID(id))
	if err == nil && s.FeedID(c) != public { // renewed between the two reads
		err = fmt.Errorf("feed %s: %w", public, ErrNotFound)
	}
	return c, err
}

// Editions yields the editions of a chat that are kept, in no order of time.
func (s *Store) Editions(ctx context.Context, id digest.ChatID) iter.Seq2[digest.Edition, error] {
	return func(yield func(digest.Edition, error) bool) {
		prefix := string(ownKey(id, ownEdition, ""))
		for p, err := range s.kv.Scan(ctx, []byte(prefix), after(prefix)) {
			var e digest.Edition
			if err == nil {
				e, err = s.Edition(ctx, digest.EditionID(strings.TrimPrefix(string(p.Key), prefix)))
			}
			if errors.Is(err, ErrNotFound) { // it expired between the two reads
				continue
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}
