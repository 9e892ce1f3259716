package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
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
	longestWait      = 3 * time.Hour   // however rarely a source brings something
	longestRest      = 6 * time.Hour   // however long a feed says it stays fresh
	firstBackOff     = 5 * time.Minute // after a failure; doubles with each
	longestBackOff   = 24 * time.Hour  // but not above this
	newestEntries    = 60              // new articles taken from one poll; the others are only marked
	firstEntries     = 10              // of the first poll of a source
	longestText      = 200_000         // bytes of an article's text; no story needs more
	idleLook         = 24 * time.Hour  // when to look again though nothing is due
)

// feedTypes is what we ask servers for.
const feedTypes = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"

// Poll reads the sources that are due at now. Entries not seen before become articles
// in the ingest queue, in the same write as the source's validators.
func (d *Desk) Poll(ctx context.Context, now time.Time) (time.Time, error) {
	p := d.newPoller(ctx, pollLine)
	begun, err := p.due(now)
	for err == nil && begun >= pollAhead {
		if begun, err = p.due(now); err == nil {
			err = p.failed()
		}
	}
	if err = errors.Join(err, p.close()); err != nil {
		return now, err
	}
	next, ok, err := d.due().NextSource(ctx)
	if err != nil || !ok {
		return now.Add(idleLook), err
	}
	return next, nil
}

// errPutOff says of a poll, which is saved all the same, that the source was not asked: too
// many wait for its host. Somebody may wait for it.
var errPutOff = errors.New("put off until its host has time")

// poll reads one source and returns what is to be saved, nil if nothing is. What goes wrong
// out there is kept with the source; only the store's errors are returned, and errPutOff.
func (d *Desk) poll(ctx context.Context, id digest.SourceID, now time.Time, at *place, line int) (*store.Poll, error) {
	followers, err := d.store.Followers(ctx, id)
	if err != nil {
		return nil, err
	}
	if followers == 0 {
		return nil, d.asked(string(id)).RestSource(ctx, id, now)
	}
	s, err := d.store.Source(ctx, id)
	if err != nil || line > 0 && !due(s, now) {
		return nil, err
	}
	r, err := d.fetch.Get(ctx, fetch.Request{
		URL: s.URL, ETag: s.Fetch.ETag, LastModified: s.Fetch.LastModified, Accept: feedTypes, MaxBytes: fetch.MaxFeed,
		Line: line, Waits: at.step})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if out, ok := errors.AsType[*fetch.Error](err); ok && out.Kind == fetch.Busy {
		s.Fetch.Next = now.Add(out.RetryAfter)
		return &store.Poll{Source: s}, errPutOff
	}
	at.answered()
	s.Fetch.LastTry = now
	if err != nil {
		return d.troubled(ctx, s, err, now)
	}
	return d.read(ctx, s, r, now)
}

// due tells whether a source that was listed as due still is: it may have been polled in
// between.
func due(s digest.Source, now time.Time) bool {
	next := s.Fetch.Next
	return !next.IsZero() && next.UnixMilli() <= now.UnixMilli() // as the index has it
}

// troubled is a poll that did not work. A source that is dead is told of before it is
// paused: cut off in between, it is told of once all the same.
func (d *Desk) troubled(ctx context.Context, s digest.Source, problem error, now time.Time) (*store.Poll, error) {
	s = d.failed(s, problem, now)
	if !s.Fetch.Paused && d.dead(s, now) {
		s.Fetch.Paused = true
		if err := d.tellPaused(ctx, s, now); err != nil {
			return nil, err
		}
	}
	if s.Fetch.Paused {
		s.Fetch.Next = time.Time{}
	}
	return &store.Poll{Source: s}, nil
}

// read is a poll that was answered. A body that is as it was costs nothing more.
func (d *Desk) read(ctx context.Context, s digest.Source, r *fetch.Response, now time.Time) (*store.Poll, error) {
	if r.NotModified {
		return &store.Poll{Source: d.answered(s, r, now)}, nil
	}
	release, err := d.window.hand(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	sum := sha256.Sum256(r.Body)
	hash := hex.EncodeToString(sum[:8])
	if hash == s.Fetch.BodyHash {
		return &store.Poll{Source: d.answered(s, r, now)}, nil
	}
	seen, err := d.store.SeenEntries(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	most := newestEntries
	if s.Fetch.LastSuccess.IsZero() {
		most = firstEntries
	}
	var taken []int
	f, err := feed.Skim(r.Body, r.ContentType, r.URL, seen.Known, func(entries []feed.Entry) []int {
		taken = newest(entries, seen, most, now)
		return taken
	})
	if err != nil {
		return d.troubled(ctx, s, err, now)
	}
	s.Fetch.ETag, s.Fetch.LastModified, s.Fetch.BodyHash = r.ETag, r.LastModified, hash
	return d.brought(s, r, f, seen, taken, now), nil
}

// brought is a poll that brought a feed with these articles.
func (d *Desk) brought(s digest.Source, r *fetch.Response, f feed.Feed, seen store.SeenEntries, taken []int, now time.Time) *store.Poll {
	s.Name, s.Site = cmp.Or(s.Name, f.Title), cmp.Or(s.Site, f.Site)
	if s.Language == "" {
		s.Language = f.Language
		d.learn(s.ID, f.Language)
	}
	s.Fetch.TTL, s.Fetch.Skip = f.TTL, f.Skip
	p := &store.Poll{Seen: f.Marks} // known ones too: what is still there must not be forgotten
	if slices.ContainsFunc(f.Entries, func(e feed.Entry) bool { return !seen.Has(e.Key) }) {
		dates := make([]time.Time, len(f.Marks))
		for i, m := range f.Marks {
			dates[i] = m.Published
		}
		s.Fetch.Rhythm = s.Fetch.Rhythm.Note(dates, now)
	}
	for _, i := range taken {
		p.Articles = append(p.Articles, newArticle(s, f.Entries[i], now))
	}
	p.Source = d.answered(s, r, now)
	return p
}

// newest are the places of the entries that become articles, the newest first: not seen
// before, with a title, and no older than a story lives.
func newest(entries []feed.Entry, seen store.SeenEntries, most int, now time.Time) []int {
	var out []int
	for i, e := range entries {
		if e.Title != "" && !seen.Has(e.Key) && now.Sub(publishedAt(e, now)) < digest.StoryLife {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int {
		return publishedAt(entries[b], now).Compare(publishedAt(entries[a], now))
	})
	return out[:min(len(out), most)]
}

// publishedAt is when an entry came out. A date that is missing or still to come is the
// time at which it was found.
func publishedAt(e feed.Entry, now time.Time) time.Time {
	if e.Published.IsZero() || e.Published.After(now) {
		return now
	}
	return e.Published
}

// newArticle is the article that an entry announces.
func newArticle(s digest.Source, e feed.Entry, now time.Time) digest.Article {
	text := e.Content
	if text == "" {
		text = e.Summary
	}
	title := digest.Clean(e.Title)
	return digest.Article{
		ID: articleID(e.Link, title, s.ID, e.Key), Source: s.ID, Outlet: s.Name,
		Title: title, Link: e.Link, Author: digest.Clean(e.Author),
		Published: publishedAt(e, now).UTC(), Found: now, Language: s.Language, Text: cutText(text),
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
// source's rhythm, the server or the feed say that there is nothing new.
func (d *Desk) answered(s digest.Source, r *fetch.Response, now time.Time) digest.Source {
	s.Redirected(r.Permanent)
	d.answeredAt.Store(&now)
	d.meter.polled(true, now)
	s.Fetch.LastTry, s.Fetch.LastSuccess, s.Fetch.Paused = now, now, false
	s.Fetch.Failures, s.Fetch.Problem, s.Fetch.FailingSince, s.Fetch.Gone = 0, "", time.Time{}, 0
	wait := max(s.Fetch.Rhythm.Every(now, d.pollEvery, d.pollLongest), min(max(r.MaxAge, s.Fetch.TTL), longestRest))
	due := now.Add(wait + d.spread(s, wait/8))
	s.Fetch.Next = s.Fetch.Skip.After(due)
	if !s.Fetch.Next.Equal(due) {
		s.Fetch.Next = s.Fetch.Next.Add(d.spread(s, d.pollEvery)) // not all at the full hour
	}
	s.Fetch.Waited = s.Fetch.Next.Sub(now)
	return s
}

// spread is a part of a time, another one for each source and poll: what was added at
// once, or rests for the same hour, does not stay in step.
func (d *Desk) spread(s digest.Source, of time.Duration) time.Duration {
	if d.pollLongest <= d.pollEvery {
		return 0
	}
	return of / 1000 * time.Duration(chance(s.ID, s.Fetch.LastTry.Unix())%1000)
}

// chance is a number made of a source and another number.
func chance(id digest.SourceID, n int64) uint32 {
	h := fnv.New32a()
	h.Write(binary.BigEndian.AppendUint64([]byte(id), uint64(n)))
	return h.Sum32()
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
	wait += wait / 1000 * time.Duration(int(chance(s.ID, int64(s.Fetch.Failures))%401)-200)
	gone := false
	if out, ok := errors.AsType[*fetch.Error](err); ok {
		wait = max(wait, min(out.RetryAfter, longestBackOff))
		gone = out.Status == http.StatusGone
	}
	if s.Fetch.Gone++; !gone {
		s.Fetch.Gone = 0
	}
	s.Fetch.Next = now.Add(max(wait, d.pollEvery/2))
	return s
}
