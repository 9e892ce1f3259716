package store

import (
	"context"
	"encoding/json"
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

// Placed is a story with the articles of a batch that were placed in it, their Story set,
// and the ids of the stories that turned out to be the same.
type Placed struct {
	Story    digest.Story
	Articles []digest.Article
	Absorbed []digest.StoryID
}

// The keys that placing changes at most: of an article its value and its place in the
// queue; of a story, and of a note where an absorbed one went, its value, two places in the
// index of live stories and two revisions. The counter of revisions is one more.
const (
	keysOfArticle = 2
	keysOfStory   = 5
	keysOfBatch   = 1
)

// SaveStories stores placed articles, which leave the queue, their stories, and forwarding
// notes for the stories that these absorbed. Each story is stored with all that belongs to
// it in one update, as many stories in one as it takes. The first saved stories are
// stored, and have their revisions, also if there is an error.
func (s *Store) SaveStories(ctx context.Context, placed []Placed) (saved int, err error) {
	for saved < len(placed) {
		n, err := fitting(placed[saved:])
		if err != nil {
			return saved, err
		}
		chunk := placed[saved : saved+n]
		err = s.kv.Update(ctx, func(tx kv.Tx) error {
			for i := range chunk {
				if err := savePlaced(tx, &chunk[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return saved, err
		}
		saved += n
	}
	return saved, nil
}

// spare is how much is left free in an update for what its values gain while it runs: a
// revision, sources noted meanwhile.
const spare = kv.MaxBytes / 32

// fitting is how many of the stories, the first, fit into one update.
func fitting(placed []Placed) (n int, err error) {
	keys, bytes := keysOfBatch, spare
	for i, p := range placed {
		keys += keysOfArticle*len(p.Articles) + keysOfStory*(1+len(p.Absorbed))
		size, err := p.size()
		if err != nil {
			return 0, err
		}
		if bytes += size; i > 0 && (keys > kv.MaxKeys || bytes > kv.MaxBytes) {
			return i, nil
		}
	}
	return len(placed), nil
}

// size is about how many bytes storing it takes, more rather than less.
func (p Placed) size() (int, error) {
	const keyBytes = 64
	size := keyBytes * (keysOfArticle*len(p.Articles) + keysOfStory*(1+len(p.Absorbed)))
	raw, err := json.Marshal(p.Story)
	if err != nil {
		return 0, err
	}
	size += len(raw)
	for _, a := range p.Articles {
		raw, err := json.Marshal(a)
		if err != nil {
			return 0, err
		}
		size += len(raw)
	}
	return size, nil
}

// savePlaced stores one story with its articles and notes. A rewrite of the same articles
// that came meanwhile stays.
func savePlaced(tx kv.Tx, p *Placed) error {
	for _, a := range p.Articles {
		if err := placeArticle(tx, a); err != nil {
			return err
		}
	}
	for _, gone := range p.Absorbed {
		note := digest.Story{ID: gone, MergedInto: p.Story.ID}
		if err := putStory(tx, &note, p.Story.Last()); err != nil {
			return err
		}
	}
	return putStory(tx, &p.Story, p.Story.Last())
}

// SaveRewrite stores a story's rewrite and returns the story with it. If the rewrite is of
// other articles, nothing is changed.
func (s *Store) SaveRewrite(ctx context.Context, id digest.StoryID, r digest.Rewrite) (st digest.Story, err error) {
	err = s.kv.Update(ctx, func(tx kv.Tx) error {
		if st, err = storyOf(tx, id); err != nil || st.Telling() != r.Of {
			return err
		}
		st.Rewrite = &r
		return putStory(tx, &st, st.Last())
	})
	return st, err
}

// placeArticle stores an article that was placed and takes it out of the queue.
func placeArticle(tx kv.Tx, a digest.Article) error {
	a.Unread = false
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

// putStory writes a story or a note with its next revision, and its places in the indexes.
// Last is the date of its newest article, for a note that of the story it leads to.
func putStory(tx kv.Tx, st *digest.Story, last time.Time) error {
	old, found, err := get[digest.Story](tx, storyKey(st.ID))
	if err != nil {
		return err
	}
	if found {
		err = unlistStory(tx, old)
	} else {
		err = expire(tx, last.Add(newsLife), expireStory, string(st.ID))
	}
	if err != nil {
		return err
	}
	if old.Rewrite != nil && st.Rewrite == nil && old.Rewrite.Of == st.Telling() {
		st.Rewrite = old.Rewrite
	}
	if err := listNews(tx, st); err != nil {
		return err
	}
	if st.MergedInto == "" {
		if err := tx.Put(liveKey(*st), nil); err != nil {
			return err
		}
	}
	return put(tx, storyKey(st.ID), st)
}

// unlistStory takes a story or a note out of the indexes.
func unlistStory(tx kv.Tx, st digest.Story) error {
	if st.MergedInto == "" {
		if err := tx.Delete(liveKey(st)); err != nil {
			return err
		}
	}
	return tx.Delete(revisionKey(st))
}
