package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// nameOf names a starter set by all that decides who follows which of its sources. With
// other rules (digest.Chat.Follows) the number at its start has to change.
func nameOf(starter []digest.Source) string {
	h := sha256.New()
	h.Write([]byte("1"))
	e := json.NewEncoder(h)
	for _, s := range starter {
		// A hash cannot fail to be written, nor strings to be encoded.
		_ = e.Encode([]any{s.ID, s.Language, s.Topics})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// recount makes every chat counted where it follows, unless all are counted by this
// starter set. Which set that is, the store knows only once all is done: cut off, the next
// start counts again. Several processes with the same set may count at the same time.
func (d *Desk) recount(ctx context.Context) error {
	set := nameOf(d.starters())
	counted, err := d.store.StarterCounted(ctx)
	if err != nil || counted == set && d.starters() != nil {
		return err
	}
	if err := d.store.SetStarterCounted(ctx, ""); err != nil || d.starters() == nil {
		return err
	}
	if err := errors.Join(d.recountSources(ctx), d.recountChats(ctx)); err != nil {
		return err
	}
	return d.store.SetStarterCounted(ctx, set)
}

// recountSources lets go what is no starter source any more, and puts to rest what nobody
// follows.
func (d *Desk) recountSources(ctx context.Context) error {
	for s, err := range d.store.Sources(ctx) {
		if err != nil {
			return err
		}
		is := slices.ContainsFunc(d.starters(), func(o digest.Source) bool { return o.ID == s.ID })
		if s.Starter && !is {
			s.Starter = false
			if err := d.store.PutSource(ctx, s); err != nil {
				return err
			}
		}
		if s.Fetch.Next.IsZero() {
			if err := d.store.RestSource(ctx, s.ID, time.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}

// recountAtOnce is how many chats are changed at the same time: their updates share the
// flushes of the disk.
const recountAtOnce = 64

// recountChats counts those chats anew whose sources have changed.
func (d *Desk) recountChats(ctx context.Context) error {
	var changing sync.WaitGroup
	places := make(chan struct{}, recountAtOnce)
	failed := make(chan error, 1)
	defer changing.Wait()
	for c, err := range d.store.Chats(ctx) {
		if err == nil {
			err = first(failed)
		}
		if err != nil {
			return err
		}
		if c.Gone == "" && slices.Equal(c.Counted, d.counted(c)) || c.Gone != "" && !c.GoneSince.IsZero() {
			continue
		}
		places <- struct{}{}
		changing.Go(func() {
			defer func() { <-places }()
			if err := d.recountChat(ctx, c); err != nil {
				select {
				case failed <- err:
				default:
				}
			}
		})
	}
	changing.Wait()
	return first(failed)
}

// first is the error that waits, nil if none does.
func first(failed <-chan error) error {
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// recountChat counts one chat anew. Of one that an older program found Gone, nobody noted
// when.
func (d *Desk) recountChat(ctx context.Context, c digest.Chat) error {
	err := error(nil)
	if c.Gone != "" {
		err = d.Lose(ctx, c.ID, c.Gone, time.Now())
	} else {
		_, err = d.Change(ctx, c.ID, func(*digest.Chat) error { return nil })
	}
	if errors.Is(err, store.ErrNotFound) { // deleted meanwhile
		return nil
	}
	return err
}
