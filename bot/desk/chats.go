package desk

import (
	"context"
	"slices"
	"time"

	"newsdigest/digest"
)

// enoughSources is how many starter sources a language needs for a new chat to get its
// news in it without asking; below it English is assumed.
const enoughSources = 5

// Chat is the chat at an address; ok is false if nothing is known of it yet.
func (d *Desk) Chat(ctx context.Context, at digest.Address) (c digest.Chat, ok bool, err error) {
	return d.store.ChatAt(ctx, at)
}

// ChatByID is the chat with this id.
func (d *Desk) ChatByID(ctx context.Context, id digest.ChatID) (digest.Chat, error) {
	return d.store.Chat(ctx, id)
}

// Meet is the chat at an address, made if there is none, with news in the client's
// language where the starter set has enough of it. A chat that was given up for gone is
// back.
func (d *Desk) Meet(ctx context.Context, at digest.Address, texts, client string, now time.Time) (digest.Chat, error) {
	c, ok, err := d.store.ChatAt(ctx, at)
	switch {
	case err != nil:
		return c, err
	case !ok:
		c = digest.NewChat(at, texts, []string{d.newsLanguage(client)}, now)
		c.Counted = c.Follows(d.starters())
		return d.store.CreateChat(ctx, c)
	case c.Gone != "":
		return d.Change(ctx, c.ID, func(c *digest.Chat) error {
			c.Gone, c.GoneSince = "", time.Time{}
			return d.plan(c, now)
		})
	}
	return c, nil
}

func (d *Desk) newsLanguage(client string) string {
	client = digest.BaseLanguage(client)
	n := 0
	for _, s := range d.starters() {
		if s.Language == client {
			n++
		}
	}
	if n >= enoughSources {
		return client
	}
	return "en"
}

// Languages are the languages of the starter sources, the most frequent first.
func (d *Desk) Languages() []string {
	count := map[string]int{}
	var out []string
	for _, s := range d.starters() {
		if s.Language == "" {
			continue
		}
		if count[s.Language]++; count[s.Language] == 1 {
			out = append(out, s.Language)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return count[b] - count[a] })
	return out
}

// Topics are the topics of the starter sources, in their order.
func (d *Desk) Topics() []string {
	var out []string
	for _, s := range d.starters() {
		for _, t := range s.Topics {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}

// Change changes a chat in one write; change may run more than once. The chat counts as
// follower of the sources that it follows afterwards.
func (d *Desk) Change(ctx context.Context, id digest.ChatID, change func(*digest.Chat) error) (digest.Chat, error) {
	var more []digest.SourceID // that the chat did not follow before
	c, err := d.store.UpdateChat(ctx, id, func(c *digest.Chat) error {
		before := c.Counted
		if err := change(c); err != nil {
			return err
		}
		c.Counted = d.counted(*c)
		more = slices.DeleteFunc(slices.Clone(c.Counted), func(s digest.SourceID) bool { return slices.Contains(before, s) })
		return nil
	})
	for _, s := range more {
		d.rouseOwner(string(s), polling)
	}
	d.rouse(polling)
	d.rouseOwner(string(id), composing)
	return c, err
}

// counted are the sources that a chat is counted as a follower of: those that are polled
// for it.
func (d *Desk) counted(c digest.Chat) []digest.SourceID {
	if c.Gone != "" || !c.Blocked.IsZero() {
		return nil
	}
	return c.Follows(d.starters())
}

// plan sets the next slot of each of the chat's running subscriptions.
func (d *Desk) plan(c *digest.Chat, now time.Time) error {
	for i := range c.Subscriptions {
		if s := &c.Subscriptions[i]; s.Stopped.IsZero() {
			if err := s.Plan(*c, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// SetZone changes the chat's clock; the subscriptions go by it from their next slot on.
func (d *Desk) SetZone(ctx context.Context, id digest.ChatID, zone, place string, now time.Time) (digest.Chat, error) {
	return d.Change(ctx, id, func(c *digest.Chat) error {
		c.Settings.Zone, c.Settings.Place = zone, place
		return d.plan(c, now)
	})
}
