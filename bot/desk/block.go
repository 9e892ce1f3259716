package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// ChatCalled is the chat that an operator names: "telegram:123", "discord:456" (a person
// or a channel), or a chat's own id as lists and logs have it. False if none is known.
func (d *Desk) ChatCalled(ctx context.Context, name string) (c digest.Chat, ok bool, err error) {
	platform, id, named := strings.Cut(name, ":")
	if !named {
		c, err = d.store.Chat(ctx, digest.ChatID(name))
		if name == "" || errors.Is(err, store.ErrNotFound) {
			return c, false, nil
		}
		return c, err == nil, err
	}
	channel, thread, _ := strings.Cut(id, "/")
	for _, at := range []digest.Address{
		{Platform: digest.Platform(platform), User: id},
		{Platform: digest.Platform(platform), Channel: channel, Thread: thread},
	} {
		if c, ok, err = d.store.ChatAt(ctx, at); ok || err != nil {
			return c, ok, err
		}
	}
	return c, false, nil
}

// Block shuts a chat out: it is told so, and from then on gets and asks nothing.
func (d *Desk) Block(ctx context.Context, c digest.Chat, now time.Time) error {
	told := digest.Notice{Key: "blocked " + now.UTC().Format(time.RFC3339), Kind: digest.BlockedNotice, At: now}
	if err := d.notify(ctx, c, told); err != nil {
		return err
	}
	_, err := d.Change(ctx, c.ID, func(c *digest.Chat) error {
		c.Blocked = now
		return nil
	})
	return err
}

// Unblock lets a chat in again. Its subscriptions go on with their next slots; what was
// due meanwhile does not come.
func (d *Desk) Unblock(ctx context.Context, id digest.ChatID, now time.Time) error {
	_, err := d.Change(ctx, id, func(c *digest.Chat) error {
		c.Blocked = time.Time{}
		return d.plan(c, now)
	})
	return err
}
