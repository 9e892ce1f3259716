package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// Every write of a story gives it the next revision, so that a process that keeps the
// stories in memory learns what others have written since it looked last.

func revisionKey(st digest.Story) []byte {
	return key("news", revision(st.Rev), string(st.ID))
}

// revision is a revision in keys: hex digits of a fixed width.
func revision(n uint64) string { return fmt.Sprintf("%016x", n) }

// listNews gives a story or a note the next revision.
func listNews(tx kv.Tx, st *digest.Story) error {
	raw, err := tx.Get(newsKey)
	last, err := readRevision(raw, err)
	if err != nil {
		return err
	}
	st.Rev = last + 1
	if err := tx.Put(newsKey, strconv.AppendUint(nil, st.Rev, 10)); err != nil {
		return err
	}
	return tx.Put(revisionKey(*st), nil)
}

func readRevision(raw []byte, err error) (uint64, error) {
	if errors.Is(err, kv.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(string(raw), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the last revision %q is not a number", raw)
	}
	return n, nil
}

// LastNews is the revision that a story was given last, 0 if none ever was.
func (s *Store) LastNews(ctx context.Context) (uint64, error) {
	raw, err := s.kv.Get(ctx, newsKey)
	return readRevision(raw, err)
}

// News yields the stories and the forwarding notes with a later revision than after, in
// the order of their revisions, each as it is now. After all of them a process that knew
// what was told up to that revision knows what was told up to LastNews, asked before.
func (s *Store) News(ctx context.Context, after uint64) iter.Seq2[digest.Story, error] {
	return func(yield func(digest.Story, error) bool) {
		if after+1 == 0 {
			return
		}
		for p, err := range s.kv.Scan(ctx, key("news", revision(after+1)), newsEnd) {
			if err != nil {
				yield(digest.Story{}, err)
				return
			}
			_, id, _ := strings.Cut(string(p.Key[len("news/"):]), "/")
			st, err := load[digest.Story](ctx, s.kv, storyKey(digest.StoryID(id)))
			if errors.Is(err, ErrNotFound) {
				continue // gone between the two reads
			}
			if !yield(st, err) || err != nil {
				return
			}
		}
	}
}

// newsEnd is the least key behind all revisions.
var newsEnd = after("news/")
