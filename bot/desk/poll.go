package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/catalog"
	"newsdigest/digest/extract"
	"newsdigest/digest/feed"
	"newsdigest/digest/fetch"
	"newsdigest/store"
)

// How sources are polled.
const (
	DefaultPollEvery = 15 * time.Minute
	longestRest      = 6 * time.Hour   // however long a feed says it stays fresh
	firstBackOff     = 5 * time.Minute // after a failure; doubles with each
	longestBackOff   = 24 * time.Hour  // but not above this
	pollBatch        = 128             // sources in one step
	pollWorkers      = 32              // requests at once
	newestEntries    = 60              // new articles taken from one poll; the others are only marked
	longestText      = 200_000         // bytes of an article's text; no story needs more
	idleLook         = 24 * time.Hour  // when to look again though nothing is due
)

// feedTypes is what we ask servers for.
const feedTypes = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"

// Poll reads the sources that are due at now. Entries not seen before become articles
// in the ingest queue, in the same write as the source's validators.
func (d *Desk) Poll(ctx context.Context, now time.Time) (time.Time, error) {
	due, err := d.due().DueSources(ctx, now, pollBatch)
	if err != nil {
		return now, err
	}
	ids := make([]digest.SourceID, len(due))
	for i, s := range due {
		ids[i] = s.ID
	}
	if err := d.pollAll(ctx, ids, now, nil); err != nil {
		return now, err
	}
	next, ok, err := d.due().NextSource(ctx)
	if err != nil || !ok {
		return now.Add(idleLook), err
	}
	return next, nil
}

// pollAll polls the sources, several at once; done is told of each.
func (d *Desk) pollAll(ctx context.Context, ids []digest.SourceID, now time.Time, done func()) error {
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		errs  []error
		slots = make(chan struct{}, pollWorkers)
	)
	for _, id := range ids {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			err := d.pollOnce(ctx, id, now)
			d.rouse(readingPages)
			d.rouseGrouping()
			mu.Lock()
			defer mu.Unlock()
			if errs = append(errs, err); done != nil {
				done()
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// inHand is what is being worked on, by source.
type inHand struct {
	mu   sync.Mutex
	done map[digest.SourceID]chan struct{} // closed when it is done
}

// begin takes the source in hand; end must be called then. If somebody else has it in
// hand, done is closed when they have finished.
func (h *inHand) begin(id digest.SourceID) (end func(), done <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if others, ok := h.done[id]; ok {
		return nil, others
	}
	if h.done == nil {
		h.done = map[digest.SourceID]chan struct{}{}
	}
	mine := make(chan struct{})
	h.done[id] = mine
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.done, id)
		close(mine)
	}, nil
}

// pollOnce polls a source, or waits for the end of a poll of it that is under way.
func (d *Desk) pollOnce(ctx context.Context, id digest.SourceID, now time.Time) (err error) {
	defer contain(&err)
	end, others := d.polls.begin(id)
	if end != nil {
		defer end()
		defer d.meter.poll.since(time.Now())
		return d.poll(ctx, id, now)
	}
	select {
	case <-others:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// poll reads one source. What goes wrong out there is kept with the source; only the
// store's errors are returned.
func (d *Desk) poll(ctx context.Context, id digest.SourceID, now time.Time) error {
	followers, err := d.store.Followers(ctx, id)
	if err != nil {
		return err
	}
	if followers == 0 {
		return d.polled(id).RestSource(ctx, id)
	}
	s, err := d.store.Source(ctx, id)
	if err != nil {
		return err
	}
	r, err := d.fetch.Get(ctx, fetch.Request{
		URL: s.URL, ETag: s.Fetch.ETag, LastModified: s.Fetch.LastModified, Accept: feedTypes, MaxBytes: fetch.MaxFeed})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.Fetch.LastTry = now
	if err != nil {
		return d.saveFailed(ctx, s, err, now)
	}
	return d.savePoll(ctx, s, r, now)
}

// saveFailed stores that a poll did not work. A source that is dead is told of before it is
// paused: cut off in between, it is told of once all the same.
func (d *Desk) saveFailed(ctx context.Context, s digest.Source, problem error, now time.Time) error {
	s = d.failed(s, problem, now)
	if !s.Fetch.Paused && d.dead(s, now) {
		s.Fetch.Paused = true
		if err := d.tellPaused(ctx, s, now); err != nil {
			return err
		}
	}
	if s.Fetch.Paused {
		s.Fetch.Next = time.Time{}
	}
	return d.polled(s.ID).SavePoll(ctx, store.Poll{Source: s})
}

// savePoll stores what an answer brought.
func (d *Desk) savePoll(ctx context.Context, s digest.Source, r *fetch.Response, now time.Time) error {
	sum := sha256.Sum256(r.Body)
	hash := hex.EncodeToString(sum[:8])
	if r.NotModified || hash == s.Fetch.BodyHash {
		return d.polled(s.ID).SavePoll(ctx, store.Poll{Source: d.answered(s, r, now)})
	}
	f, err := feed.Parse(r.Body, r.ContentType, r.URL)
	if err != nil {
		return d.saveFailed(ctx, s, err, now)
	}
	seen, err := d.store.SeenEntries(ctx, s.ID)
	if err != nil {
		return err
	}
	s.Name, s.Site = cmp.Or(s.Name, f.Title), cmp.Or(s.Site, f.Site)
	if s.Language == "" {
		s.Language = f.Language
		d.learn(s.ID, f.Language)
	}
	s.Fetch.ETag, s.Fetch.LastModified, s.Fetch.BodyHash = r.ETag, r.LastModified, hash
	s.Fetch.TTL, s.Fetch.Skip = f.TTL, f.Skip
	p := store.Poll{Source: d.answered(s, r, now)}
	for _, e := range f.Entries {
		p.Seen = append(p.Seen, e.Key) // again too: what is still there must not be forgotten
		if seen.Has(e.Key) {
			continue
		}
		if a := newArticle(s, e, now); a.Title != "" && now.Sub(a.Published) < digest.StoryLife {
			p.Articles = append(p.Articles, a)
		}
	}
	slices.SortStableFunc(p.Articles, func(a, b digest.Article) int { return b.Published.Compare(a.Published) })
	p.Articles = p.Articles[:min(len(p.Articles), newestEntries)]
	return d.polled(s.ID).SavePoll(ctx, p)
}

// newArticle is the article that an entry announces. A date that is missing or still to
// come is the time at which the entry was found.
func newArticle(s digest.Source, e feed.Entry, now time.Time) digest.Article {
	published := e.Published
	if published.IsZero() || published.After(now) {
		published = now
	}
	text := e.Content
	if text == "" {
		text = e.Summary
	}
	title := digest.Clean(e.Title)
	return digest.Article{
		ID: articleID(e.Link, title, s.ID, e.Key), Source: s.ID, Outlet: s.Name,
		Title: title, Link: e.Link, Author: digest.Clean(e.Author),
		Published: published.UTC(), Found: now, Language: s.Language, Text: cutText(text),
		Unread:  e.Link != "" && extract.Teaser(text),
		Topics:  catalog.ArticleTopics(s.Topics, e.Categories, title, text, s.Language),
		Picture: extract.Picture(e.Image),
	}
}

// cutText cuts a text that is longer than any article between two characters.
func cutText(s string) string {
	if len(s) <= longestText {
		return s
	}
	return strings.ToValidUTF8(s[:longestText], "")
}

// answered is the source after a poll that worked. Its next poll waits as long as the
// server or the feed says that there is nothing new.
func (d *Desk) answered(s digest.Source, r *fetch.Response, now time.Time) digest.Source {
	s.Redirected(r.Permanent)
	d.answeredAt.Store(&now)
	d.meter.polled(true, now)
	s.Fetch.LastTry, s.Fetch.LastSuccess, s.Fetch.Paused = now, now, false
	s.Fetch.Failures, s.Fetch.Problem, s.Fetch.FailingSince = 0, "", time.Time{}
	s.Fetch.Next = s.Fetch.Skip.After(now.Add(max(d.pollEvery, min(max(r.MaxAge, s.Fetch.TTL), longestRest))))
	return s
}

// failed is the source after a poll that did not work. Its next poll waits longer with
// each failure, and as long as the server asks.
func (d *Desk) failed(s digest.Source, err error, now time.Time) digest.Source {
	d.meter.polled(false, now)
	s.Fetch.Failures++
	if s.Fetch.FailingSince.IsZero() {
		s.Fetch.FailingSince = now
	}
	s.Fetch.Problem = err.Error()
	wait := longestBackOff
	if n := s.Fetch.Failures - 1; n < 9 {
		wait = firstBackOff << n
	}
	// A fifth more or less, by source and failure, so that sources of one host that
	// failed together come back apart.
	h := fnv.New32a()
	h.Write([]byte{byte(s.Fetch.Failures)})
	h.Write([]byte(s.ID))
	wait += wait / 1000 * time.Duration(int(h.Sum32()%401)-200)
	var out *fetch.Error
	if errors.As(err, &out) {
		wait = max(wait, min(out.RetryAfter, longestBackOff))
	}
	s.Fetch.Next = now.Add(max(wait, d.pollEvery/2))
	return s
}

// Unread are the chat's sources that were never polled: its first digest has to wait
// for them.
func (d *Desk) Unread(ctx context.Context, c digest.Chat) ([]digest.SourceID, error) {
	var out []digest.SourceID
	for _, id := range c.Follows(d.starters()) {
		s, err := d.store.Source(ctx, id)
		if err != nil {
			return nil, err
		}
		if s.Fetch.LastTry.IsZero() {
			out = append(out, id)
		}
	}
	return out, nil
}

// readBudget is how long somebody who asked for a digest waits for sources that were
// never read. What answers later is in the next one.
const readBudget = 15 * time.Second

// ReadNow polls the sources at once and ingests what they bring; progress, which may be
// nil, is told how many are done.
func (d *Desk) ReadNow(ctx context.Context, ids []digest.SourceID, now time.Time, progress func(done int)) error {
	bounded, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	n := 0
	err := d.pollAll(bounded, ids, now, func() {
		if n++; progress != nil {
			progress(n)
		}
	})
	if err != nil && (ctx.Err() != nil || bounded.Err() == nil) {
		return err
	}
	return d.placeNow(ctx, ids, now)
}
