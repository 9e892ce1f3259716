package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// maxMerges is the longest way of forwarding notes that is followed.
const maxMerges = 32

// errMerges says that forwarding notes lead in a circle, or nearly so.
var errMerges = errors.New("too many forwarding notes")

// Story is the story with this id, or the one that has absorbed it.
func (s *Store) Story(ctx context.Context, id digest.StoryID) (digest.Story, error) {
	return followNotes(id, func(id digest.StoryID) (digest.Story, error) {
		return load[digest.Story](ctx, s.kv, storyKey(id))
	})
}

// storyOf is Story within an update.
func storyOf(tx kv.Tx, id digest.StoryID) (digest.Story, error) {
	return followNotes(id, func(id digest.StoryID) (digest.Story, error) {
		st, found, err := get[digest.Story](tx, storyKey(id))
		if err == nil && !found {
			err = ErrNotFound
		}
		return st, err
	})
}

func followNotes(id digest.StoryID, load func(digest.StoryID) (digest.Story, error)) (digest.Story, error) {
	next := id
	for range maxMerges {
		st, err := load(next)
		if err != nil || st.MergedInto == "" {
			return st, err
		}
		next = st.MergedInto
	}
	return digest.Story{}, fmt.Errorf("story %s: %w", id, errMerges)
}

// LiveStories yields the stories whose newest article is not older than since, in the
// order of these articles. Forwarding notes are left out.
func (s *Store) LiveStories(ctx context.Context, since time.Time) iter.Seq2[digest.Story, error] {
	return func(yield func(digest.Story, error) bool) {
		for p, err := range s.kv.Scan(ctx, key("live", stamp(since)), after("live/")) {
			if err != nil {
				yield(digest.Story{}, err)
				return
			}
			id := p.Key[strings.LastIndexByte(string(p.Key), '/')+1:]
			st, err := load[digest.Story](ctx, s.kv, storyKey(digest.StoryID(id)))
			if errors.Is(err, ErrNotFound) || err == nil && st.MergedInto != "" {
				continue // gone between the two reads
			}
			if !yield(st, err) || err != nil {
				return
			}
		}
	}
}

// Ingest is an article that found its story: the article with its text and Story set, the
// story with it, and the stories that turned out to be the same.
type Ingest struct {
	Article  digest.Article
	Story    digest.Story
	Absorbed []digest.Story
}

// SaveStory stores an ingested article in one update: the article, which leaves the queue,
// the story, and a forwarding note for each story it absorbed.
func (s *Store) SaveStory(ctx context.Context, in Ingest) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		if err := ingestArticle(tx, in.Article); err != nil {
			return err
		}
		for _, gone := range in.Absorbed {
			note := digest.Story{ID: gone.ID, MergedInto: in.Story.ID}
			if err := putStory(tx, note, in.Story.Last()); err != nil {
				return err
			}
		}
		return putStory(tx, in.Story, in.Story.Last())
	})
}

// SaveRewrite stores a story's rewrite, if it is still of the same articles; else it
// changes nothing.
func (s *Store) SaveRewrite(ctx context.Context, id digest.StoryID, r digest.Rewrite) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		st, err := storyOf(tx, id)
		if err != nil || st.Telling() != r.Of {
			return err
		}
		st.Rewrite = &r
		return putStory(tx, st, st.Last())
	})
}

// ingestArticle stores an article and takes it out of the queue, where it stands by the
// date it was found with.
func ingestArticle(tx kv.Tx, a digest.Article) error {
	old, found, err := get[digest.Article](tx, articleKey(a.ID))
	if err != nil {
		return err
	}
	switch {
	case len(old.Also) > len(a.Also):
		a.Also, a.Topics = old.Also, old.Topics // noted since it was read: it stays in the queue
	case found:
		err = tx.Delete(queueKey(old))
	default:
		err = expire(tx, a.Found.Add(digest.StoryLife), expireArticle, string(a.ID))
	}
	if err != nil {
		return err
	}
	return put(tx, articleKey(a.ID), a)
}

// putStory writes a story or a note and its place in the index of live stories. Last is
// the date of its newest article, for a note that of the story it leads to.
func putStory(tx kv.Tx, st digest.Story, last time.Time) error {
	old, found, err := get[digest.Story](tx, storyKey(st.ID))
	if err != nil {
		return err
	}
	if found && old.MergedInto == "" {
		if err := tx.Delete(liveKey(old)); err != nil {
			return err
		}
	}
	if !found {
		if err := expire(tx, last.Add(newsLife), expireStory, string(st.ID)); err != nil {
			return err
		}
	}
	if st.MergedInto == "" {
		if err := tx.Put(liveKey(st), nil); err != nil {
			return err
		}
	}
	return put(tx, storyKey(st.ID), st)
}
