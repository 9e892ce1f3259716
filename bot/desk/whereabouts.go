package desk

import (
	"context"
	"time"

	"newsdigest/digest"
)

// reach opens the way to a person who was never written to. Nothing of the page is sent by
// it, whatever its fate.
func (d *Desk) reach(ctx context.Context, c *digest.Chat, m Messenger) error {
	to, err := m.Open(ctx, c.Address.User)
	switch {
	case err == nil:
		err = d.moved(ctx, c, to)
	case fault(err) != digest.Unknown:
		return err
	}
	if err != nil {
		return &digest.SendError{Fault: digest.NotSent, Err: err}
	}
	return nil
}

// moved notes a chat's new address.
func (d *Desk) moved(ctx context.Context, c *digest.Chat, to digest.Address) error {
	changed, err := d.store.UpdateChat(context.WithoutCancel(ctx), c.ID, func(c *digest.Chat) error {
		c.Address = to
		return nil
	})
	if err == nil {
		*c = changed
	}
	return err
}

// Move notes that the chat at one address is at another now; nothing if no chat is known
// there.
func (d *Desk) Move(ctx context.Context, from, to digest.Address) error {
	c, ok, err := d.store.ChatAt(ctx, from)
	if err != nil || !ok {
		return err
	}
	return d.moved(ctx, &c, to)
}

// Lose notes that a chat cannot be reached any more and why. Nothing is sent there until
// somebody speaks there again, and if nobody does, it is forgotten some day.
func (d *Desk) Lose(ctx context.Context, id digest.ChatID, why string, now time.Time) error {
	_, err := d.store.UpdateChat(context.WithoutCancel(ctx), id, func(c *digest.Chat) error {
		if c.GoneSince.IsZero() {
			c.GoneSince = now
		}
		c.Gone, c.Counted = why, nil // its sources are not polled for it
		return nil
	})
	return err
}

// LoseServer does so for all chats of a server.
func (d *Desk) LoseServer(ctx context.Context, at digest.Address, why string, now time.Time) error {
	for c, err := range d.store.Chats(ctx) {
		if err != nil {
			return err
		}
		if c.Address.Platform != at.Platform || c.Address.Server != at.Server || c.Gone != "" {
			continue
		}
		if err := d.Lose(ctx, c.ID, why, now); err != nil {
			return err
		}
	}
	return nil
}
