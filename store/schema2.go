package store

import (
	"context"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// migratedAtOnce is how many rows are rewritten in one update; each changes at most four
// keys.
const migratedAtOnce = 100

// queuesAndRevisions leads from schema 1 to 2: the one queue of articles becomes two, and
// stories have revisions.
func queuesAndRevisions(ctx context.Context, e kv.Engine) error {
	err := migrateRows(ctx, e, []byte("queue/0"), []byte("queue/g"), requeue)
	if err != nil {
		return err
	}
	return migrateRows(ctx, e, []byte("story/"), after("story/"), numberStory)
}

// migrateRows rewrites the rows of a range, some in each update. The rows are gathered
// before they are changed.
func migrateRows(ctx context.Context, e kv.Engine, from, to []byte, rewrite func(tx kv.Tx, key []byte) error) error {
	for more := true; more; {
		var keys [][]byte
		bytes := 0
		more = false
		for p, err := range e.Scan(ctx, from, to) {
			if err != nil {
				return err
			}
			if bytes += len(p.Value); len(keys) > 0 && (len(keys) == migratedAtOnce || bytes > batchBytes) {
				more = true
				break
			}
			keys = append(keys, p.Key)
		}
		err := e.Update(ctx, func(tx kv.Tx) error {
			for _, k := range keys {
				if err := rewrite(tx, k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if more {
			from = append(keys[len(keys)-1], 0)
		}
	}
	return nil
}

// requeue moves a row of the old queue to the new one that its article belongs to. Of an
// article with an address the page may have to be read; whoever reads it looks.
func requeue(tx kv.Tx, key []byte) error {
	if err := tx.Delete(key); err != nil {
		return err
	}
	a, found, err := get[digest.Article](tx, articleKey(lastPart(key)))
	if err != nil || !found {
		return err
	}
	if a.Unread = a.Story == "" && a.Link != ""; a.Unread {
		if err := put(tx, articleKey(a.ID), a); err != nil {
			return err
		}
	}
	return lineUp(tx, a)
}

// numberStory gives a story without a revision the next one.
func numberStory(tx kv.Tx, key []byte) error {
	st, found, err := get[digest.Story](tx, key)
	if err != nil || !found || st.Rev > 0 {
		return err
	}
	if err := listNews(tx, &st); err != nil {
		return err
	}
	return put(tx, key, st)
}
