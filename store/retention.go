package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// newsLife is how long headline, summary and links are kept: of an article since it was
// found, of a story since its newest article, of an edition since it was composed.
const newsLife = 30 * 24 * time.Hour

// expiry is a kind of row that has to go some day. Every such row has one entry in the
// expiry index that says when to look; whether it has to go then, its rule says.
type expiry string

const (
	expireArticle  expiry = "article"
	expireStory    expiry = "story"
	expireEdition  expiry = "edition"
	expireDelivery expiry = "delivery"
	expireMarker   expiry = "marker"
	expireFeedback expiry = "feedback"
	expirePublic   expiry = "public"
	expireContent  expiry = "content"
	expireSource   expiry = "polls" // a source that nobody follows
	expireChat     expiry = "chat"  // a chat that is Gone
	expireProcess  expiry = "process"
)

// expiryRules remove what has to go at now, or return when to look again.
var expiryRules = map[expiry]func(tx kv.Tx, id string, now time.Time) (again time.Time, err error){
	expireArticle:  expiredArticle,
	expireStory:    expiredStory,
	expireEdition:  expiredEdition,
	expireDelivery: expiredDelivery,
	expireMarker:   expiredMarker,
	expireFeedback: expiredFeedback,
	expirePublic:   expiredPublic,
	expireContent:  expiredContent,
	expireSource:   expiredSource,
	expireChat:     expiredChat,
	expireProcess:  expiredProcess,
}

func expire(tx kv.Tx, at time.Time, kind expiry, id string) error {
	return tx.Put(key("expire", stamp(at), string(kind), id), nil)
}

// expireAtOnce is how many entries are looked at in one update; each changes at most five
// keys, and texts are only taken away.
const expireAtOnce = 100

// Retain removes what has been kept long enough, looking at no more than limit entries of
// the expiry index. It returns how many it looked at: less than limit means that
// nothing is left to do.
func (s *Store) Retain(ctx context.Context, now time.Time, limit int) (looked int, err error) {
	for looked < limit {
		entries, err := s.expired(ctx, now, min(limit-looked, expireAtOnce))
		if err != nil || len(entries) == 0 {
			return looked, err
		}
		if err := s.purge(ctx, entries, now); err != nil {
			return looked, err
		}
		err = s.kv.Update(ctx, func(tx kv.Tx) error {
			for _, k := range entries {
				if err := settle(tx, k, now); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return looked, err
		}
		looked += len(entries)
	}
	return looked, nil
}

// expired are the keys of the first entries that are due at now.
func (s *Store) expired(ctx context.Context, now time.Time, limit int) ([]string, error) {
	var keys []string
	for p, err := range s.kv.Scan(ctx, []byte("expire/"), upTo("expire/", now)) {
		if err != nil {
			return nil, err
		}
		keys = append(keys, string(p.Key))
		if len(keys) == limit {
			break
		}
	}
	return keys, nil
}

// settle carries out the rule of one entry and drops or moves the entry.
func settle(tx kv.Tx, entry string, now time.Time) error {
	kind, id, err := readEntry(entry)
	if err != nil {
		return err
	}
	again, err := expiryRules[kind](tx, id, now)
	if err != nil {
		return err
	}
	if err := tx.Delete([]byte(entry)); err != nil {
		return err
	}
	if again.IsZero() {
		return nil
	}
	return expire(tx, again, kind, id)
}

// readEntry reads a key of the expiry index.
func readEntry(entry string) (kind expiry, id string, err error) {
	parts := strings.SplitN(entry, "/", 4) // "expire", time, kind, id
	if len(parts) < 4 || expiryRules[expiry(parts[2])] == nil {
		return "", "", fmt.Errorf("entry %q of the expiry index is not understood", entry)
	}
	return expiry(parts[2]), parts[3], nil
}

// expiredArticle: the text goes when the story is closed, the rest newsLife after the
// article was found.
func expiredArticle(tx kv.Tx, id string, now time.Time) (time.Time, error) {
	a, found, err := get[digest.Article](tx, articleKey(digest.ArticleID(id)))
	if err != nil || !found {
		return time.Time{}, err
	}
	st, err := storyOf(tx, a.Story)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return time.Time{}, err
	}
	if open := st.Last().Add(digest.StoryLife); open.After(now) {
		return open, nil
	}
	if end := a.Found.Add(newsLife); end.After(now) {
		a.Text = ""
		return end, put(tx, articleKey(a.ID), a)
	}
	if err := tx.Delete(queueKey(a)); err != nil {
		return time.Time{}, err
	}
	return time.Time{}, tx.Delete(articleKey(a.ID))
}

// expiredStory: a story goes newsLife after its newest article, a note with the story it
// leads to.
func expiredStory(tx kv.Tx, id string, now time.Time) (time.Time, error) {
	st, err := storyOf(tx, digest.StoryID(id))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return time.Time{}, err
	}
	if end := st.Last().Add(newsLife); end.After(now) {
		return end, nil
	}
	own, found, err := get[digest.Story](tx, storyKey(digest.StoryID(id)))
	if err != nil || !found {
		return time.Time{}, err
	}
	if err := unlistStory(tx, own); err != nil {
		return time.Time{}, err
	}
	return time.Time{}, tx.Delete(storyKey(own.ID))
}

func expiredEdition(tx kv.Tx, id string, _ time.Time) (time.Time, error) {
	e, found, err := get[digest.Edition](tx, editionKey(digest.EditionID(id)))
	if err != nil || !found {
		return time.Time{}, err
	}
	return time.Time{}, removeEdition(tx, e.Chat, e.ID)
}

func expiredDelivery(tx kv.Tx, id string, _ time.Time) (time.Time, error) {
	return time.Time{}, removeDelivery(tx, digest.DeliveryID(id))
}

func expiredMarker(tx kv.Tx, id string, _ time.Time) (time.Time, error) {
	return time.Time{}, tx.Delete(key("inbox/done", id))
}

// expiredSource: a source that nobody has followed for seenLife goes with all that is known
// of its polls. A starter source stays, for a new chat may follow it at any time; its seen
// entries and validators go together, so that its next poll is a first one.
func expiredSource(tx kv.Tx, id string, now time.Time) (time.Time, error) {
	src, found, err := getSource(tx, digest.SourceID(id))
	if err != nil || !found || !src.Fetch.Next.IsZero() || src.Fetch.LastTry.Add(seenLife).After(now) {
		return time.Time{}, err // followed again; the next rest files it again
	}
	raw, err := tx.Get(followersKey(src.ID))
	if n, err := followers(src.ID, raw, err); err != nil || n > 0 {
		return time.Time{}, err
	}
	if err := tx.Delete(seenKey(src.ID)); err != nil {
		return time.Time{}, err
	}
	if !src.Starter {
		return time.Time{}, tx.Delete(sourceKey(src.ID))
	}
	src.Fetch = digest.Fetch{}
	return now.Add(seenLife), tx.Put(sourceKey(src.ID), encodeSource(src))
}
