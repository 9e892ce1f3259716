package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// An article waits in one of two queues, newest first in both: while its page is to be
// read in that of its source's partition, then in the one of articles to be placed in
// stories, which only whoever does the grouping empties.
const (
	readQueue  = "queue/read/"
	placeQueue = "queue/place/"
)

// newestFirst is a time in keys whose order is from the newest to the oldest.
func newestFirst(t time.Time) string {
	return fmt.Sprintf("%012x", 1<<48-1-min(max(0, t.UnixMilli()), 1<<48-1))
}

func readPrefix(partition int) string { return fmt.Sprintf("%s%02x/", readQueue, partition) }

// queueKey is the article's place in the queue that it belongs to.
func queueKey(a digest.Article) []byte {
	prefix := placeQueue
	if a.Unread {
		prefix = readPrefix(digest.Partition(string(a.Source)))
	}
	return []byte(prefix + newestFirst(a.Published) + "/" + string(a.ID))
}

// lineUp puts an article into the queue that it belongs to. One that was set aside
// belongs to none.
func lineUp(tx kv.Tx, a digest.Article) error {
	switch {
	case a.SetAside:
		return nil
	case a.Unread:
		return put(tx, queueKey(a), unreadRow{a.Source, hostOf(a.Link)})
	}
	return tx.Put(queueKey(a), nil)
}

// unreadRow is the value of a row in the queue of pages to be read.
type unreadRow struct {
	Source digest.SourceID `json:"source"`
	Host   string          `json:"host"`
}

func hostOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Unread is an article whose page waits to be read.
type Unread struct {
	Article digest.ArticleID
	Source  digest.SourceID
	Host    string // where the page is
	place   string // in the queue
}

// unreadScanned is how many rows of a partition are looked at, wanted or not.
const unreadScanned = 5_000

// UnreadPages are articles of the partitions shared whose pages wait to be read and that
// are wanted, the newest first, at most limit. SaveRead takes them out. want is asked
// for each in the order of its partition, and not again.
func (s *Store) UnreadPages(ctx context.Context, limit int, want func(Unread) bool) ([]Unread, error) {
	var out []Unread
	for part := range digest.Partitions {
		if !s.parts.Has(part) {
			continue
		}
		found, err := s.unreadOf(ctx, part, limit, want)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.SortFunc(out, func(a, b Unread) int { return strings.Compare(a.place, b.place) })
	return out[:min(len(out), limit)], nil
}

// unreadOf are those of one partition.
func (s *Store) unreadOf(ctx context.Context, part, limit int, want func(Unread) bool) (out []Unread, err error) {
	prefix, scanned := readPrefix(part), 0
	for p, err := range s.kv.Scan(ctx, []byte(prefix), after(prefix)) {
		if err != nil {
			return nil, err
		}
		if scanned++; len(out) == limit || scanned > unreadScanned {
			break
		}
		var row unreadRow
		if err := decode(p.Key, p.Value, &row); err != nil {
			return nil, err
		}
		place := string(p.Key[len(prefix):])
		u := Unread{lastPart(p.Key), row.Source, row.Host, place}
		if want(u) {
			out = append(out, u)
		}
	}
	return out, nil
}

// lastPart is the id at the end of a key.
func lastPart(key []byte) digest.ArticleID {
	return digest.ArticleID(key[strings.LastIndexByte(string(key), '/')+1:])
}

// SaveRead stores articles with what their pages brought, and moves them on to the queue
// of those to be placed; as many in one update as it takes. Which sources brought them is
// known better to the store; one that waits for its page no longer stays as it is.
func (s *Store) SaveRead(ctx context.Context, articles []digest.Article) error {
	encoded, err := encodeArticles(articles)
	if err != nil {
		return err
	}
	for len(encoded) > 0 {
		chunk := firstArticles(encoded)
		encoded = encoded[len(chunk):]
		err := s.kv.Update(ctx, func(tx kv.Tx) error {
			for _, a := range chunk {
				if err := saveRead(tx, a.Article); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func saveRead(tx kv.Tx, a digest.Article) error {
	old, found, err := get[digest.Article](tx, articleKey(a.ID))
	if err != nil || !found || !old.Unread {
		return err
	}
	if err := tx.Delete(queueKey(old)); err != nil {
		return err
	}
	a.Also, a.Topics, a.Unread = old.Also, old.Topics, false
	if err := lineUp(tx, a); err != nil {
		return err
	}
	return put(tx, articleKey(a.ID), a)
}

// placeBytes is how much the articles of a batch may have, encoded: a story of all of
// them fits into one update.
const placeBytes = kv.MaxBytes * 5 / 8

// ToPlace are the articles that wait to be placed in stories, the newest first: at most
// limit, and not more than fit into one update. SaveStories and SetAside take them out.
func (s *Store) ToPlace(ctx context.Context, limit int) ([]digest.Article, error) {
	var out []digest.Article
	bytes := 0
	for p, err := range s.kv.Scan(ctx, []byte(placeQueue), after(placeQueue)) {
		if err != nil {
			return nil, err
		}
		if len(out) == limit {
			break
		}
		k := articleKey(lastPart(p.Key))
		raw, err := s.kv.Get(ctx, k)
		if errors.Is(err, ErrNotFound) {
			continue // gone between the two reads
		}
		if err != nil {
			return nil, err
		}
		if bytes += len(raw); bytes > placeBytes && len(out) > 0 {
			break
		}
		var a digest.Article
		if err := decode(k, raw, &a); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// SetAside takes an article out of the queue for good: it cannot be placed in a story.
func (s *Store) SetAside(ctx context.Context, id digest.ArticleID) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error {
		a, found, err := get[digest.Article](tx, articleKey(id))
		if err != nil || !found {
			return err
		}
		if err := tx.Delete(queueKey(a)); err != nil {
			return err
		}
		a.SetAside, a.Unread = true, false
		return put(tx, articleKey(id), a)
	})
}
