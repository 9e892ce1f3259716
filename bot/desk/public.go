package desk

import (
	"context"
	"errors"
	"iter"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// publicID is the id that links name an edition by: where others read along, they open it
// in private, and where digests are on the web, it is the address of its page.
func (d *Desk) publicID(c digest.Chat, id digest.EditionID) string {
	if c.Address.Private() && !d.pages {
		return ""
	}
	return d.store.PublicID(store.PublicEdition, string(id))
}

// PublicEdition is the edition behind a public id as the chat's own: what it does there
// with its stories is about this chat. It was asked for, so nothing of it is marked as
// seen. The error is a Refusal if it is gone.
func (d *Desk) PublicEdition(ctx context.Context, c digest.Chat, public string, now time.Time) (digest.Edition, error) {
	id, err := d.store.Published(ctx, store.PublicEdition, public)
	if errors.Is(err, store.ErrNotFound) {
		return digest.Edition{}, &Refusal{Reason: NoSuchDigest, Err: err}
	}
	if err != nil {
		return digest.Edition{}, err
	}
	e, err := d.Edition(ctx, digest.EditionID(id))
	if err != nil || e.Chat == c.ID {
		return e, err
	}
	own := e
	own.ID, own.Chat, own.Elsewhere = digest.NewEditionID(c.ID, "public "+public), c.ID, true
	own.Public = d.publicID(c, own.ID)
	own.Subscription, own.Slot, own.Late = "", digest.Slot{}, false
	own.At, own.Language, own.Previous = now, c.Settings.Language, c.LastSent
	own.Next, own.NextZone, own.NextPlace = nextSlot(c, now)
	own.Silent = nil // the other chat's sources are its business
	if own, err = d.store.PutEdition(ctx, own); err != nil {
		return own, err
	}
	return own, d.opening(ctx, c.ID, own.ID)
}

// opening notes the edition that the chat's numbers count in.
func (d *Desk) opening(ctx context.Context, id digest.ChatID, e digest.EditionID) error {
	_, err := d.store.UpdateChat(ctx, id, func(c *digest.Chat) error {
		c.LastEdition = e
		return nil
	})
	return err
}

// Card is a story as the chat sees it today, in full length; a Refusal if it is gone, or
// told by none of the chat's sources.
func (d *Desk) Card(ctx context.Context, c digest.Chat, id digest.StoryID, now time.Time) (digest.EditionStory, error) {
	if err := d.opened(ctx, now); err != nil {
		return digest.EditionStory{}, err
	}
	s, ok, err := d.Story(ctx, c, id)
	if err == nil && !ok {
		err = &Refusal{Reason: NoSuchStory}
	}
	if err != nil {
		return digest.EditionStory{}, err
	}
	return choice{Ranked: digest.Rank([]digest.Story{s}, c, now)[0]}.edition(digest.Full), nil
}

// PublicCard is Card for a public id.
func (d *Desk) PublicCard(ctx context.Context, c digest.Chat, public string, now time.Time) (digest.EditionStory, error) {
	id, err := d.store.Published(ctx, store.PublicStory, public)
	if errors.Is(err, store.ErrNotFound) {
		return digest.EditionStory{}, &Refusal{Reason: NoSuchStory, Err: err}
	}
	if err != nil {
		return digest.EditionStory{}, err
	}
	return d.Card(ctx, c, digest.StoryID(id), now)
}

// Report keeps what somebody had to say, for the operator.
func (d *Desk) Report(ctx context.Context, f digest.Feedback) error {
	return d.store.PutFeedback(ctx, f)
}

// Feedback yields all that was reported, the oldest first.
func (d *Desk) Feedback(ctx context.Context) iter.Seq2[digest.Feedback, error] {
	return d.store.Feedback(ctx)
}
