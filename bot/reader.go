package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"newsdigest/bot/desk"
	"newsdigest/digest"
)

// The paths of pages and feeds on the web, under the address of Editor.Web. A public id
// follows; after an edition's, under StoryPath, a slash and the number of the story; after
// a feed's, a slash and the name of its format.
const (
	EditionPath = "/d/"
	StoryPath   = "/s/"
	FeedPath    = "/f/"
	FeedRSS     = "rss.xml"
	FeedJSON    = "feed.json"
)

// pageOf is the address of an edition's page, empty if it has none.
func (ed Editor) pageOf(e digest.Edition) string {
	if ed.Web == "" || e.Public == "" {
		return ""
	}
	return ed.Web + EditionPath + e.Public
}

// Reader reads digests for the web. What it gives is for whoever has the address: it tells
// what the digest told, and neither for whom it was made nor why it chose what it did.
type Reader struct{ desk *desk.Desk }

// NewReader makes a reader of what a desk has made.
func NewReader(d *desk.Desk) *Reader { return &Reader{desk: d} }

// ErrGone says that an address leads to nothing: it never did, or what was there has
// expired, was deleted or was muted.
var ErrGone = errors.New("nothing is there")

// gone is the error for a page: a refusal says that there is none.
func gone(err error) error {
	var no *desk.Refusal
	if errors.As(err, &no) {
		return errors.Join(ErrGone, err)
	}
	return err
}

// Reading is an edition in words.
type Reading struct {
	Public   string
	Language string    // of the texts
	Name     string    // "Morning digest"
	Title    string    // "Morning digest, Sun 22 Nov: the first headline, and 4 more"
	At       time.Time // on the clock it was made for
	Head     string    // "5 stories · 1 min read · 38 articles, 14 sources"
	Stories  []ReadStory
	Note     string
}

// ReadStory is a story of a Reading.
type ReadStory struct {
	digest.PostStory
	Language string // of the headline and the summary, empty if unknown
}

// Edition is the edition with this public id, all its pages in one; ErrGone if there is
// none.
func (r *Reader) Edition(ctx context.Context, public string) (Reading, error) {
	e, err := r.desk.Published(ctx, public)
	return read(e), gone(err)
}

// read is an edition in words.
func read(e digest.Edition) Reading {
	w := writer{e: e, lang: e.Language, zone: zoneOf(e.Zone)}
	out := Reading{Public: e.Public, Language: e.Language, Name: w.name(), At: e.At.In(w.zone), Note: note(w.lang, e.Stories, 1)}
	p := digest.Post{Language: e.Language}
	for i, s := range e.Stories {
		p.Stories = append(p.Stories, w.story(s, i+1))
		out.Stories = append(out.Stories, ReadStory{p.Stories[i], s.Language})
	}
	if len(p.Stories) > 0 {
		out.Head, out.Title = headLine(p).String(), w.preview(p.Stories)
	}
	return out
}

// Timeline is a story of an edition as it goes on.
type Timeline struct {
	Edition Reading
	Story   ReadStory // as it is now
	// Then is its headline in the edition, if that was another one.
	Then     string
	Summary  []Quote  // what it is about
	New      []Quote  // what it tells that the edition did not
	Articles []Report // the oldest first
}

// Quote is a sentence of an article.
type Quote struct {
	Text     string
	Language string
	Link     digest.Link
}

// Report is an article of a story.
type Report struct {
	At       time.Time // on the edition's clock
	Title    string
	Language string
	Link     digest.Link
	First    bool   // nobody told the story before
	Quoted   bool   // Summary has sentences of it
	New      bool   // it came after the edition
	CopyOf   string // the outlet whose text it repeats, empty if its text is its own
	Added    string // a sentence that nobody had told before, empty if there is none
}

// Story is a story of the edition with this public id, by its number; ErrGone if there is
// none.
func (r *Reader) Story(ctx context.Context, public string, number int, now time.Time) (Timeline, error) {
	e, err := r.desk.Published(ctx, public)
	if err == nil && (number < 1 || number > len(e.Stories)) {
		err = &desk.Refusal{Reason: desk.NoSuchStory}
	}
	if err != nil {
		return Timeline{}, gone(err)
	}
	was := e.Stories[number-1]
	p, err := r.desk.Since(ctx, e, was, now)
	if err != nil {
		return Timeline{}, gone(err)
	}
	return timeline(e, number, p), nil
}

// timeline is a story of an edition in words.
func timeline(e digest.Edition, number int, p desk.Progress) Timeline {
	was, s := e.Stories[number-1], p.Story
	is := was
	is.Headline, is.Language, is.Members, is.Differ = s.Headline, s.Language, s.Members, s.Differ
	if is.Summary = s.Summary.Full; len(is.Summary) == 0 {
		is.Summary = append(slices.Clip(was.Summary), was.Detail...) // its articles' texts have gone
	}
	is.Updated, is.Reworded = false, false
	w := writer{e: e, lang: e.Language, zone: zoneOf(e.Zone)}
	out := Timeline{Edition: read(e), Story: ReadStory{w.story(is, number), is.Language}}
	if was.Headline != is.Headline {
		out.Then = was.Headline
	}
	out.Summary, out.New = quotes(is.Summary, s), quotes(p.New, s)
	for i, m := range s.Members {
		has := func(members []digest.Member) bool {
			return slices.ContainsFunc(members, func(o digest.Member) bool { return o.Article == m.Article })
		}
		out.Articles = append(out.Articles, Report{
			At: m.Published.In(w.zone), Title: digest.Clean(m.Title), Language: m.Language, Link: linkTo(m),
			First: i == 0 && len(s.Members) > 1, New: !has(was.Members), CopyOf: outletOf(s, m.CopyOf), Added: digest.Clean(p.Added[m.Article].Text),
			Quoted: slices.ContainsFunc(is.Summary, func(q digest.Sentence) bool { return q.Article == m.Article }),
		})
	}
	return out
}

// quotes are sentences with the articles that they are of.
func quotes(sentences []digest.Sentence, s digest.Story) []Quote {
	var out []Quote
	for _, sentence := range sentences {
		q := Quote{Text: digest.Clean(sentence.Text), Language: s.Language}
		for _, m := range s.Members {
			if m.Article == sentence.Article {
				q.Link, q.Language = linkTo(m), m.Language
			}
		}
		out = append(out, q)
	}
	return out
}

func linkTo(m digest.Member) digest.Link {
	return digest.Link{Name: digest.Clean(m.Outlet), URL: m.Link, Paywall: m.Paywall}
}

// outletOf is the outlet of one of a story's articles, empty if it has no such article.
func outletOf(s digest.Story, id digest.ArticleID) string {
	for _, m := range s.Members {
		if m.Article == id {
			return digest.Clean(m.Outlet)
		}
	}
	return ""
}

// Operation is how the bot is doing.
type Operation struct {
	desk.Status
	Sources []digest.Source // those that somebody follows
}

// Operation tells whoever runs the bot how it is doing.
func (r *Reader) Operation(ctx context.Context, now time.Time) (Operation, error) {
	s, err := r.desk.Status(ctx, now)
	out := Operation{Status: s}
	if err != nil {
		return out, err
	}
	for src, err := range r.desk.FollowedSources(ctx) {
		if err != nil {
			return out, err
		}
		out.Sources = append(out.Sources, src)
	}
	return out, nil
}

// Feed is what the feeds of a chat's digests bring, the newest first.
type Feed struct {
	Language string
	Items    []Reading
}

// Feed is the feed with this public id; ErrGone if there is none.
func (r *Reader) Feed(ctx context.Context, public string) (Feed, error) {
	c, editions, err := r.desk.Feed(ctx, public)
	if err != nil {
		return Feed{}, gone(err)
	}
	out := Feed{Language: c.Settings.Language}
	for _, e := range editions {
		out.Items = append(out.Items, read(e))
	}
	return out, nil
}
