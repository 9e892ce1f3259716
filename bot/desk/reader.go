package desk

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/summary"
	"newsdigest/store"
)

// Published is the edition behind a public id, as its chat got it; a Refusal if it is gone.
func (d *Desk) Published(ctx context.Context, public string) (digest.Edition, error) {
	id, err := d.store.Published(ctx, store.PublicEdition, public)
	if errors.Is(err, store.ErrNotFound) {
		return digest.Edition{}, &Refusal{Reason: NoSuchDigest, Err: err}
	}
	if err != nil {
		return digest.Edition{}, err
	}
	return d.Edition(ctx, digest.EditionID(id))
}

// Progress is how a story of an edition goes on.
type Progress struct {
	Story digest.Story // as the edition's chat sees it now
	// New is what it tells that the edition did not.
	New []digest.Sentence
	// Added is what each of its articles told that none before it had; the first one, those
	// that told nothing new, and those whose texts have gone, have none.
	Added map[digest.ArticleID]digest.Sentence
}

// Since is how a story of an edition goes on. The error is a Refusal if the story is gone,
// or nothing of it is told by what the edition's chat follows and has not muted.
func (d *Desk) Since(ctx context.Context, e digest.Edition, st digest.EditionStory, now time.Time) (p Progress, err error) {
	if err := d.opened(ctx, now); err != nil {
		return p, err
	}
	s, err := d.store.Story(ctx, st.Story)
	if err != nil {
		return p, noStory(err)
	}
	c, err := d.store.Chat(ctx, e.Chat)
	if err != nil {
		return p, noStory(err)
	}
	follows := setOf(c.Follows(d.starters()))
	v, ok, err := d.viewBy(ctx, s, func(m digest.Member) bool {
		_, silent := c.Silences(m, now)
		return !silent && m.From(follows)
	})
	if err != nil {
		return p, err
	}
	if _, hidden := c.Hides(v, now); !ok || hidden {
		return p, &Refusal{Reason: NoSuchStory}
	}
	update, err := d.news(ctx, v, digest.Seen{At: e.At, Facts: told(st)})
	if err != nil {
		return p, err
	}
	added, err := d.added(ctx, v)
	return Progress{Story: v, New: update.sentences, Added: added}, err
}

// mostAdded is of how many articles of a story, the newest, it is told what they added.
const mostAdded = 24

// added is what each of a story's articles told that none before it had, a sentence each.
func (d *Desk) added(ctx context.Context, s digest.Story) (map[digest.ArticleID]digest.Sentence, error) {
	var members []digest.Member
	for _, m := range s.Members {
		if m.Language == s.Language {
			members = append(members, m)
		}
	}
	docs, err := d.documents(ctx, newestOf(members, mostAdded))
	if err != nil {
		return nil, err
	}
	out := map[digest.ArticleID]digest.Sentence{}
	for i := 1; i < len(docs); i++ {
		one := docs[i : i+1]
		for _, told := range newsIn(one, summary.Update(one, docs[max(0, i-summarized):i], nil)).sentences {
			out[told.Article] = told
			break
		}
	}
	return out, nil
}

// noStory is the error of a story that cannot be read.
func noStory(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return &Refusal{Reason: NoSuchStory, Err: err}
	}
	return err
}

// FeedID is the public id of the feeds of a chat's digests, empty if it has none.
func (d *Desk) FeedID(c digest.Chat) string { return d.store.FeedID(c) }

// RenewFeed gives the feeds of a chat's digests another public id; the one before is good
// for nothing from then on.
func (d *Desk) RenewFeed(ctx context.Context, id digest.ChatID, now time.Time) (digest.Chat, error) {
	return d.store.RenewFeed(ctx, id, now)
}

// FollowedSources yields the sources that somebody follows.
func (d *Desk) FollowedSources(ctx context.Context) iter.Seq2[digest.Source, error] {
	return d.store.FollowedSources(ctx)
}

// feedEditions is how many editions a feed has at most.
const feedEditions = 50

// Feed is the chat whose feeds have this public id and its scheduled digests that had
// something to tell, the newest first; a Refusal if there is none. What was asked for is
// not in it: it repeats what a scheduled digest tells.
func (d *Desk) Feed(ctx context.Context, public string) (digest.Chat, []digest.Edition, error) {
	c, err := d.store.FeedChat(ctx, public)
	if errors.Is(err, store.ErrNotFound) {
		return c, nil, &Refusal{Reason: NoSuchDigest, Err: err}
	}
	if err != nil {
		return c, nil, err
	}
	var out []digest.Edition
	for e, err := range d.store.Editions(ctx, c.ID) {
		if err != nil {
			return c, nil, err
		}
		if !e.Slot.IsZero() && e.Public != "" && len(e.Stories) > 0 {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b digest.Edition) int { return b.At.Compare(a.At) })
	return c, out[:min(len(out), feedEditions)], nil
}
