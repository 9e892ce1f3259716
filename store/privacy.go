package store

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// Person is everything that is kept about one user of a platform.
type Person struct {
	Platform digest.Platform `json:"platform"`
	User     string          `json:"user"`
	// Rows are the rows of the user's own chat and of all that it owns, by key.
	Rows map[string]json.RawMessage `json:"rows"`
	// Ordered are the subscriptions that the user ordered in other chats.
	Ordered []Ordered `json:"ordered,omitempty"`
	// Waiting are messages of the user's own chat that are not answered yet.
	Waiting []Incoming `json:"waiting,omitempty"`
}

// Ordered is a subscription that somebody ordered in a chat that is not theirs alone.
type Ordered struct {
	Chat         digest.Address      `json:"chat"`
	Subscription digest.Subscription `json:"subscription"`
}

// Person collects what is kept about a user.
func (s *Store) Person(ctx context.Context, platform digest.Platform, user string) (Person, error) {
	p := Person{Platform: platform, User: user, Rows: map[string]json.RawMessage{}}
	own, err := s.personal(ctx, platform, user)
	if err != nil {
		return p, err
	}
	for _, c := range own {
		if err := s.collect(ctx, c, p.Rows); err != nil {
			return p, err
		}
	}
	for c, err := range s.Chats(ctx) {
		if err != nil {
			return p, err
		}
		for _, sub := range c.Subscriptions {
			if c.Address.Platform == platform && sub.By == user && p.Rows[string(chatKey(c.ID))] == nil {
				p.Ordered = append(p.Ordered, Ordered{c.Address, sub})
			}
		}
	}
	p.Waiting, err = s.waitingFrom(ctx, platform, user)
	return p, err
}

// personal are the chats in which a user is alone with us: found by the person, or, where
// the platform has no address of a person, by a channel of the person's name.
func (s *Store) personal(ctx context.Context, platform digest.Platform, user string) ([]digest.Chat, error) {
	var out []digest.Chat
	for _, a := range []digest.Address{{Platform: platform, User: user}, {Platform: platform, Channel: user}} {
		c, found, err := s.ChatAt(ctx, a)
		if err != nil {
			return nil, err
		}
		if found && a.Private() {
			out = append(out, c)
		}
	}
	return out, nil
}

// collect adds a chat and what it owns to the rows.
func (s *Store) collect(ctx context.Context, c digest.Chat, rows map[string]json.RawMessage) error {
	add := func(key []byte) error {
		raw, err := s.kv.Get(ctx, key)
		if err == nil {
			rows[string(key)] = raw
		}
		if errors.Is(err, ErrNotFound) {
			err = nil // it expired while we were looking
		}
		return err
	}
	if err := errors.Join(add(chatKey(c.ID)), add(addressKey(c.Address.Key()))); err != nil {
		return err
	}
	prefix := "own/" + string(c.ID) + "/"
	for p, err := range s.kv.Scan(ctx, []byte(prefix), after(prefix)) {
		if err != nil {
			return err
		}
		row := p.Key[len(prefix):]
		if err := add(row); err != nil {
			return err
		}
		if err := s.complete(ctx, rows, string(row)); err != nil {
			return err
		}
	}
	return nil
}

// complete puts into a row what it refers to.
func (s *Store) complete(ctx context.Context, rows map[string]json.RawMessage, row string) (err error) {
	if rows[row] == nil {
		return nil
	}
	var v any
	kind, id, _ := strings.Cut(row, "/")
	switch kind {
	case ownEdition:
		v, err = s.Edition(ctx, digest.EditionID(id))
	case ownDelivery:
		v, err = s.Delivery(ctx, digest.DeliveryID(id))
	default:
		return nil
	}
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err == nil {
		rows[row], err = json.Marshal(v)
	}
	return err
}

// waitingFrom are the messages of a user that are not answered yet.
func (s *Store) waitingFrom(ctx context.Context, platform digest.Platform, user string) ([]Incoming, error) {
	var out []Incoming
	for m, err := range all[Incoming](ctx, s.kv, "inbox/body/"+string(platform)+"/") {
		if err != nil {
			return nil, err
		}
		var from struct {
			User string `json:"user"`
		}
		if json.Unmarshal(m.Body, &from) == nil && from.User == user {
			out = append(out, m)
		}
	}
	return out, nil
}

// ErasePerson deletes what is kept about a user. Subscriptions that the user ordered for
// others too go on without saying who ordered them. Messages that are not answered yet go
// once they are. Cut off, it can be called again.
func (s *Store) ErasePerson(ctx context.Context, platform digest.Platform, user string) error {
	own, err := s.personal(ctx, platform, user)
	if err != nil {
		return err
	}
	for _, c := range own {
		if err := s.DeleteChat(ctx, c.ID); err != nil {
			return err
		}
	}
	for c, err := range s.Chats(ctx) {
		if err != nil {
			return err
		}
		if c.Address.Platform != platform || !names(c, user) {
			continue
		}
		_, err := s.UpdateChat(ctx, c.ID, func(c *digest.Chat) error {
			unname(c, user)
			return nil
		})
		if err != nil && !errors.Is(err, kv.ErrNotFound) {
			return err
		}
	}
	return nil
}

// names tells whether a chat that others share says what this user did.
func names(c digest.Chat, user string) bool {
	if c.Question != nil && c.Question.User == user {
		return true
	}
	for _, s := range c.Subscriptions {
		if s.By == user {
			return true
		}
	}
	return false
}

func unname(c *digest.Chat, user string) {
	if c.Question != nil && c.Question.User == user {
		c.Question = nil
	}
	for i := range c.Subscriptions {
		if c.Subscriptions[i].By == user {
			c.Subscriptions[i].By = ""
		}
	}
}
