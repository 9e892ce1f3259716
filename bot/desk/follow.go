package desk

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// Update tells chats what is new of the stories they follow. It looks at the stories that
// have changed, and at who follows them: nobody else costs anything.
func (d *Desk) Update(ctx context.Context, now time.Time) (time.Time, error) {
	if err := d.opened(ctx, now); err != nil {
		return now, err
	}
	ids, all := d.watch.take(now)
	if all {
		watched, err := d.store.Watched(ctx)
		if err != nil {
			return now, err
		}
		ids = append(ids, watched...)
	}
	var errs []error
	for _, id := range ids {
		if err := d.updateStory(ctx, id, now); err != nil {
			errs = append(errs, err)
			d.watch.note(id, now.Add(time.Minute))
		}
	}
	return d.watch.next(), errors.Join(errs...)
}

// updateStory tells whoever follows a story what is new of it. One that is over is let go.
func (d *Desk) updateStory(ctx context.Context, id digest.StoryID, now time.Time) error {
	s, known := d.room.story(id)
	if !known {
		var err error
		if s, err = d.store.Story(ctx, id); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	over := s.Last().Before(now.Add(-kept))
	ids := []digest.StoryID{id} // all that it may be followed by
	for _, other := range append(s.Absorbed, s.ID) {
		if other != id {
			ids = append(ids, other)
		}
	}
	for _, id := range ids {
		chats, err := d.store.WatchersOf(ctx, id)
		if err != nil {
			return err
		}
		for _, chat := range chats {
			if !d.parts().Owns(string(chat)) {
				continue
			}
			if over {
				err = d.Unfollow(ctx, chat, id)
			} else {
				err = d.updateChat(ctx, chat, s, now)
			}
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
	}
	return nil
}

// updateChat tells a chat what is new to it of a story that it follows, unless it is too
// much or the wrong time; then the story is looked at again when it is not.
func (d *Desk) updateChat(ctx context.Context, id digest.ChatID, s digest.Story, now time.Time) error {
	defer d.filing.lock(id)()
	c, err := d.store.Chat(ctx, id)
	if err != nil {
		return err
	}
	i := followed(c, s)
	if i < 0 || c.Paused {
		return nil
	}
	v, ok, err := d.view(ctx, s, setOf(d.Follows(c)))
	if err != nil || !ok {
		return err
	}
	if _, err := d.expect(ctx, &c, now); err != nil {
		return err
	}
	seen, _ := seenOf(c.Seen, s)
	seen.Facts = c.Followed[i].Facts.And(seen.Facts)
	if seen.At.IsZero() {
		seen.At = c.Followed[i].Since // it was shown by a digest on request
	}
	if seen.At.Before(c.Restored) {
		seen.At = c.Restored
	}
	fresh, err := d.news(ctx, v, seen)
	if err != nil || len(fresh.sentences) == 0 {
		return err
	}
	if at := welcome(c, now); at.After(now) {
		d.watch.note(s.ID, at)
		return nil
	}
	st := digest.EditionStory{Story: s.ID, Headline: v.Headline, Language: v.Language, Summary: fresh.sentences, Updated: true, Members: v.Members}
	if fresh.headline != "" {
		st.Headline = fresh.headline
	}
	if !toldOf(seen.Facts, v.Differ) {
		st.Differ = v.Differ
	}
	return d.fileUpdate(ctx, c, st, s, now)
}

// fileUpdate files the notice of a story's news. The chat counts it, and takes what it
// says for told.
func (d *Desk) fileUpdate(ctx context.Context, c digest.Chat, st digest.EditionStory, s digest.Story, now time.Time) (err error) {
	n := digest.Notice{Key: updateKey(st), Kind: digest.StoryNotice, At: now, Story: &st}
	if !c.Address.Private() {
		if n.Public, err = d.store.Publish(ctx, store.PublicStory, string(st.Story), now); err != nil {
			return err
		}
	}
	facts := told(st)
	return d.fileNotice(ctx, c, n, []digest.Shown{{Story: st.Story, Facts: facts}}, func(c *digest.Chat) {
		if day := dayOf(*c, now); c.NoticeDay != day {
			c.NoticeDay, c.Notices = day, 0
		}
		c.Notices++
		if i := followed(*c, s); i >= 0 {
			c.Followed[i].Facts = c.Followed[i].Facts.And(facts)
		}
	})
}

// updateKey names news of a story by the sentences that tell it.
func updateKey(st digest.EditionStory) string {
	h := fnv.New64a()
	for _, s := range st.Summary {
		fmt.Fprintf(h, "%s %d %d;", s.Article, s.From, s.To)
	}
	return fmt.Sprintf("story %s %x", st.Story, h.Sum64())
}

// followed is which of the stories that a chat follows this is, -1 if none.
func followed(c digest.Chat, s digest.Story) int {
	return slices.IndexFunc(c.Followed, func(f digest.FollowedStory) bool {
		return f.Story == s.ID || slices.Contains(s.Absorbed, f.Story)
	})
}

// Follow makes a chat follow a story as it was shown to it: from then on it is told what
// that did not say. If it follows the story already, made is false. The error is a Refusal
// if it follows too many, or if the story is gone.
func (d *Desk) Follow(ctx context.Context, id digest.ChatID, st digest.EditionStory, now time.Time) (c digest.Chat, made bool, err error) {
	s, err := d.store.Story(ctx, st.Story)
	if errors.Is(err, store.ErrNotFound) {
		err = &Refusal{Reason: NoSuchStory, Err: err}
	}
	if err != nil {
		return c, false, err
	}
	facts := told(st)
	c, err = d.Change(ctx, id, func(c *digest.Chat) error {
		if made = followed(*c, s) < 0; !made {
			return nil
		}
		if len(c.Followed) >= digest.MaxFollowed {
			return &Refusal{Reason: TooManyFollowed}
		}
		c.Followed = append(slices.Clone(c.Followed), digest.FollowedStory{Story: s.ID, Headline: st.Headline, Since: now, Facts: facts})
		return nil
	})
	if made && err == nil {
		d.watch.note(s.ID, now)
		d.rouse(updating)
	}
	return c, made && err == nil, err
}

// Unfollow lets a chat follow a story no longer.
func (d *Desk) Unfollow(ctx context.Context, id digest.ChatID, story digest.StoryID) error {
	_, err := d.Change(ctx, id, func(c *digest.Chat) error {
		c.Followed = slices.DeleteFunc(slices.Clone(c.Followed), func(f digest.FollowedStory) bool { return f.Story == story })
		return nil
	})
	return err
}
