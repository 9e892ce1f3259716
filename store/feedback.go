package store

import (
	"context"
	"iter"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// feedbackLife is how long feedback is kept: time enough for an operator to act on it.
const feedbackLife = 120 * 24 * time.Hour

// PutFeedback stores feedback, once for its id.
func (s *Store) PutFeedback(ctx context.Context, f digest.Feedback) error {
	row := stamp(f.At) + "/" + f.ID
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		if err := tx.Put(ownKey(f.Chat, ownFeedback, row), nil); err != nil {
			return err
		}
		if err := expire(tx, f.At.Add(feedbackLife), expireFeedback, row); err != nil {
			return err
		}
		return put(tx, key("feedback", row), f)
	})
}

// Feedback yields all feedback, the oldest first.
func (s *Store) Feedback(ctx context.Context) iter.Seq2[digest.Feedback, error] {
	return all[digest.Feedback](ctx, s.kv, "feedback/")
}

// removeFeedback deletes the feedback of a row, "<time>/<id>".
func removeFeedback(tx kv.Tx, row string) error {
	f, found, err := get[digest.Feedback](tx, key("feedback", row))
	if err != nil || !found {
		return err
	}
	if err := tx.Delete(ownKey(f.Chat, ownFeedback, row)); err != nil {
		return err
	}
	return tx.Delete(key("feedback", row))
}

func expiredFeedback(tx kv.Tx, row string, _ time.Time) (time.Time, error) {
	return time.Time{}, removeFeedback(tx, row)
}
