package store

import (
	"context"
	"slices"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// PutSource stores a source, or changes the description of one that is known; what is
// known of its polls stays.
func (s *Store) PutSource(ctx context.Context, src digest.Source) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		old, found, err := getSource(tx, src.ID)
		if err != nil {
			return err
		}
		if !found {
			_, err = newSource(tx, src)
			return err
		}
		now := src
		now.Fetch = old.Fetch
		return putSource(tx, old.Fetch.Next, now)
	})
}

// IntroduceSource stores a source that nobody has to follow yet, unless it is known; it
// returns the one that is there then. If nobody ever follows it, it goes one day.
func (s *Store) IntroduceSource(ctx context.Context, src digest.Source, now time.Time) (out digest.Source, err error) {
	err = s.kv.Update(ctx, func(tx kv.Tx) error {
		var found bool
		if out, found, err = getSource(tx, src.ID); err != nil || found {
			return err
		}
		if out, err = newSource(tx, src); err != nil || !out.Fetch.Next.IsZero() {
			return err
		}
		return expire(tx, now.Add(seenLife), expireSource, string(src.ID))
	})
	return out, err
}

// newSource stores a source that is not known. It is due at once if it is followed
// already.
func newSource(tx kv.Tx, src digest.Source) (digest.Source, error) {
	raw, err := tx.Get(followersKey(src.ID))
	n, err := followers(src.ID, raw, err)
	if err != nil {
		return src, err
	}
	if src.Fetch.Next = (time.Time{}); n > 0 {
		src.Fetch.Next = atOnce
	}
	return src, putSource(tx, time.Time{}, src)
}

// putSource writes a source and moves its due time from the one it had.
func putSource(tx kv.Tx, before time.Time, src digest.Source) error {
	if err := dueSources.move(tx, string(src.ID), string(src.ID), before, src.Fetch.Next); err != nil {
		return err
	}
	return tx.Put(sourceKey(src.ID), encodeSource(src))
}

// DueSources are the sources due at now, the longest due first, at most limit.
func (s *Store) DueSources(ctx context.Context, now time.Time, limit int) ([]digest.SourceID, error) {
	found, err := dueSources.until(ctx, s.kv, s.parts, now, limit)
	out := make([]digest.SourceID, len(found))
	for i, d := range found {
		out[i] = digest.SourceID(d.rest)
	}
	return out, err
}

// NextSource is when the next source is due, past times included; false if none ever is.
func (s *Store) NextSource(ctx context.Context) (time.Time, bool, error) {
	return dueSources.earliest(ctx, s.kv, s.parts)
}

// RestSource takes a source that nobody follows at now out of the due index, until
// somebody does again or it goes for good. A source that is followed stays.
func (s *Store) RestSource(ctx context.Context, id digest.SourceID, now time.Time) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		raw, err := tx.Get(followersKey(id))
		n, err := followers(id, raw, err)
		if err != nil || n > 0 {
			return err
		}
		src, found, err := getSource(tx, id)
		if err != nil || !found {
			return err
		}
		before := src.Fetch.Next
		src.Fetch.Next = time.Time{}
		if err := expire(tx, now.Add(seenLife), expireSource, string(id)); err != nil {
			return err
		}
		return putSource(tx, before, src)
	})
}

// enqueue stores an article that is not known yet and lines it up for its page to be read,
// or to be placed in a story.
func (a encodedArticle) enqueue(tx kv.Tx) error {
	old, known, err := get[digest.Article](tx, articleKey(a.ID))
	if err != nil {
		return err
	}
	if known {
		return alsoBrought(tx, old, a.Article)
	}
	if err := tx.Put(articleKey(a.ID), a.raw); err != nil {
		return err
	}
	if err := lineUp(tx, a.Article); err != nil {
		return err
	}
	return expire(tx, a.Found.Add(digest.StoryLife), expireArticle, string(a.ID))
}

// alsoBrought notes a further source of a known article, with its topics, and lines the
// article up once more so that its story learns of it.
func alsoBrought(tx kv.Tx, old, a digest.Article) error {
	if old.Source == a.Source || slices.Contains(old.Also, a.Source) || a.Found.Sub(old.Published) > digest.StoryLife {
		return nil
	}
	old.Also = append(old.Also, a.Source)
	for _, t := range a.Topics {
		if !slices.Contains(old.Topics, t) {
			old.Topics = append(old.Topics, t)
		}
	}
	if err := put(tx, articleKey(old.ID), old); err != nil {
		return err
	}
	return lineUp(tx, old)
}
