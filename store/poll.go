package store

import (
	"context"
	"encoding/json"
	"errors"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// Poll is what a poll brought: the source with its new fetch state, the articles that
// were not seen before, and what is to be remembered of all entries that the feed has now.
//
// Source.Fetch.LastTry is the time of the poll, Source.Fetch.Next its next due time. A poll
// that brought no feed (304, a failure) leaves Seen nil.
type Poll struct {
	Source   digest.Source
	Articles []digest.Article
	Seen     []digest.EntryMark
}

// What one update takes of polls; the engine's limits with some room, for what a source
// has seen before is not counted.
const (
	keysAtOnce  = kv.MaxKeys - 100
	bytesAtOnce = kv.MaxBytes - 1<<20

	keysOfNew   = 3       // of a new article: its value, its place in a queue, its end
	keysOfPoll  = 3       // the source, two due times; besides what it has seen, if that changes
	bytesOfPoll = 4 << 10 // of these

	// A poll with more than this is saved in several updates.
	articlesAtOnce     = 100
	articleBytesAtOnce = 2 << 20 // encoded
)

// SavePolls stores polls, as many as possible in one update, but each whole: its articles
// that are new, each with its place in the queue; the entries as seen; the source with its
// validators and its next due time. A poll that is too much for one update is stored as
// SavePoll does. One that fails takes no other with it.
func (s *Store) SavePolls(ctx context.Context, polls []*Poll) error {
	var errs []error
	var batch []encodedPoll
	room := full
	flush := func() {
		errs = append(errs, s.saveTogether(ctx, batch))
		batch, room = nil, full
	}
	for _, p := range polls {
		e, err := encodePoll(p)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if !room.holds(e.size) {
			flush()
		}
		batch, room = append(batch, e), room.less(e.size)
	}
	flush()
	return errors.Join(errs...)
}

// saveTogether stores polls in one update, or where that fails, each by itself.
func (s *Store) saveTogether(ctx context.Context, polls []encodedPoll) error {
	if len(polls) == 0 {
		return nil
	}
	err := s.kv.Update(ctx, func(tx kv.Tx) error {
		for _, p := range polls {
			if err := p.save(tx, p.articles, true); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil || ctx.Err() != nil || errors.Is(err, ErrLeaseLost) {
		return err
	}
	var errs []error
	for _, p := range polls {
		errs = append(errs, s.saveAlone(ctx, p))
	}
	return errors.Join(errs...)
}

// SavePoll stores a poll, as a rule in one update. If that is too much for one, the
// articles go first: cut off in between, the next poll gets the same feed again.
func (s *Store) SavePoll(ctx context.Context, p Poll) error {
	e, err := encodePoll(&p)
	if err != nil {
		return err
	}
	return s.saveAlone(ctx, e)
}

func (s *Store) saveAlone(ctx context.Context, p encodedPoll) error {
	for rest := p.articles; ; {
		chunk := firstArticles(rest)
		rest = rest[len(chunk):]
		last := len(rest) == 0
		err := s.kv.Update(ctx, func(tx kv.Tx) error { return p.save(tx, chunk, last) })
		if err != nil || last {
			return err
		}
	}
}

// encodedPoll is a poll ready to be stored.
type encodedPoll struct {
	*Poll
	articles []encodedArticle
	size     size
}

// encodedArticle is an article ready to be stored.
type encodedArticle struct {
	digest.Article
	raw []byte
}

func encodePoll(p *Poll) (encodedPoll, error) {
	articles, err := encodeArticles(p.Articles)
	size := size{keysOfPoll + keysOfNew*len(articles), bytesOfPoll + seenNow*len(p.Seen)}
	if p.Seen != nil {
		size.keys++
	}
	for _, a := range articles {
		size.bytes += len(a.raw)
	}
	return encodedPoll{p, articles, size}, err
}

func encodeArticles(articles []digest.Article) ([]encodedArticle, error) {
	out := make([]encodedArticle, len(articles))
	for i, a := range articles {
		raw, err := json.Marshal(a)
		if err != nil {
			return nil, err
		}
		out[i] = encodedArticle{a, raw}
	}
	return out, nil
}

// save stores some of a poll's articles, and with the last of them all the rest.
func (p encodedPoll) save(tx kv.Tx, articles []encodedArticle, last bool) error {
	for _, a := range articles {
		if err := a.enqueue(tx); err != nil {
			return err
		}
	}
	if !last {
		return nil
	}
	if p.Seen != nil {
		if err := addSeen(tx, p.Source.ID, p.Seen, p.Source.Fetch.LastTry); err != nil {
			return err
		}
	}
	before, err := dueTime(tx, p.Source.ID)
	if err != nil {
		return err
	}
	return putSource(tx, before, p.Source)
}

// firstArticles are as many of the articles as one update takes, at least one if there is
// any.
func firstArticles(articles []encodedArticle) []encodedArticle {
	bytes := 0
	for i, a := range articles {
		bytes += len(a.raw)
		if i > 0 && (bytes > articleBytesAtOnce || i == articlesAtOnce) {
			return articles[:i]
		}
	}
	return articles
}

// size is what an update takes.
type size struct{ keys, bytes int }

var full = size{keysAtOnce, bytesAtOnce}

func (s size) holds(n size) bool { return n.keys <= s.keys && n.bytes <= s.bytes }

func (s size) less(n size) size { return size{s.keys - n.keys, s.bytes - n.bytes} }

// Same tells whether updates of both stores need the same lease, so that one of them may
// write what belongs into the other.
func (s *Store) Same(as *Store) bool { return s.kv == as.kv }
