package desk

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/extract"
	"newsdigest/digest/feed"
	"newsdigest/digest/fetch"
	"newsdigest/digest/language"
	"newsdigest/digest/summary"
	"newsdigest/store"
)

// Brief is the summary of one article.
type Brief struct {
	Article digest.Article
	Summary digest.Summary
	// Paragraphs is how many paragraphs a paywall lets everybody read, 0 if the article
	// can be read to its end; Others are other outlets that tell the story then.
	Paragraphs int
	Others     []digest.Member
}

// Article summarizes the article at an address; errors are Refusals. Where a paywall hides
// it, the chat's news is asked who else tells the story.
func (d *Desk) Article(ctx context.Context, c digest.Chat, address string, now time.Time) (Brief, error) {
	b, err := ReadArticle(ctx, d.fetch, address, now)
	var no *Refusal
	walled := errors.As(err, &no) && no.Reason == Paywalled
	if !walled && (err != nil || b.Paragraphs == 0) {
		return b, err
	}
	others, lookErr := d.others(ctx, c, b.Article, now)
	if lookErr != nil {
		return b, lookErr
	}
	if b.Others = others; walled {
		no.Others = others
	}
	return b, err
}

// ReadArticle is Article without a desk: nothing of it needs the store.
func ReadArticle(ctx context.Context, client *fetch.Client, address string, now time.Time) (Brief, error) {
	r, _, err := get(ctx, client, address, fetch.MaxPage)
	if err != nil {
		return Brief{}, err
	}
	page, err := extract.Page(r.Body, r.ContentType, r.URL)
	nothing := &Refusal{Reason: NoArticle, Host: host(r.URL), Err: err, HasFeed: namesFeed(r)}
	if err != nil && !page.Paywall {
		return Brief{}, nothing
	}
	link, err := fetch.Canonical(r.URL)
	if err != nil {
		return Brief{}, &Refusal{Reason: BadAddress, Err: err}
	}
	link = fetch.Claimed(page.Canonical, link)
	b := Summarize(digest.Article{
		Outlet: extract.Outlet(page.Outlet, "", link), Title: digest.Clean(page.Title), Link: link, Author: page.Byline,
		Published: page.Published, Found: now, Text: page.Text, Paywall: page.Paywall, Picture: page.Picture,
		Language: extract.Language("", page.Language, page.Text),
	})
	if len(b.Summary.Standard) == 0 || slogan(page) {
		if page.Paywall {
			nothing.Reason = Paywalled
		}
		return b, nothing
	}
	b.Paragraphs = openParagraphs(page)
	return b, nil
}

// slogan tells whether a page has no more to read than a line that is no sentence: the
// front page of a site.
func slogan(p extract.Article) bool {
	const longest = 200 // bytes
	return !p.Paywall && len(p.Text) < longest && !strings.ContainsAny(p.Text, ".!?…。！？؟")
}

// namesFeed tells whether a page names one of the feeds that its site may have.
func namesFeed(r *fetch.Response) bool {
	return slices.ContainsFunc(feed.Discover(r.Body, r.URL), func(c feed.Candidate) bool {
		u, err := url.Parse(c.URL)
		return err == nil && len(u.Path) > 1 && bytes.Contains(r.Body, []byte(u.Path))
	})
}

// fewParagraphs is up to how many paragraphs of an article behind a paywall are taken for
// its free beginning; more of them are an article that was let through whole.
const fewParagraphs = 5

func openParagraphs(p extract.Article) int {
	n := 0
	for paragraph := range strings.SplitSeq(p.Text, "\n") {
		if strings.TrimSpace(paragraph) != "" {
			n++
		}
	}
	if !p.Paywall || n > fewParagraphs {
		return 0
	}
	return n
}

// othersNamed is how many other outlets are named.
const othersNamed = 3

// others are outlets in the chat's news that tell the article's story: it is one of the
// story's articles, or has most words of a headline in common with one.
func (d *Desk) others(ctx context.Context, c digest.Chat, a digest.Article, now time.Time) ([]digest.Member, error) {
	if err := d.opened(ctx, now); err != nil {
		return nil, err
	}
	title := setOf(language.Terms(nil, a.Title, a.Language))
	follows := setOf(c.Follows(d.starters()))
	for s, err := range d.store.LiveStories(ctx, now.Add(-digest.StoryLife)) {
		if err != nil {
			return nil, err
		}
		same := slices.ContainsFunc(s.Members, func(m digest.Member) bool {
			return m.Link == a.Link || alike(title, setOf(language.Terms(nil, m.Title, s.Language)))
		})
		if !same {
			continue
		}
		v, ok, err := d.view(ctx, s, follows)
		if err != nil || !ok {
			return nil, err
		}
		others := slices.DeleteFunc(v.Outlets(), func(m digest.Member) bool { return m.Paywall || m.Link == a.Link || m.Outlet == a.Outlet })
		return others[:min(len(others), othersNamed)], nil
	}
	return nil, nil
}

// alike tells whether two headlines have most of their words in common.
func alike(a, b map[string]bool) bool {
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	return both >= 3 && 2*both > min(len(a), len(b))
}

// Summarize summarizes an article that is at hand.
func Summarize(a digest.Article) Brief {
	doc := summary.Document{ID: a.ID, Outlet: a.Outlet, Title: a.Title, Text: a.Text, Lang: a.Language}
	return Brief{Article: a, Summary: summary.Story([]summary.Document{doc})}
}

// searched is how far back a search looks.
const searched = 30 * 24 * time.Hour

// Search finds stories of the last 30 days in the chat's news that have all words of the
// query, the newest first, at most limit.
func (d *Desk) Search(ctx context.Context, c digest.Chat, query string, now time.Time, limit int) ([]digest.Story, error) {
	if err := d.opened(ctx, now); err != nil {
		return nil, err
	}
	words := language.Terms(nil, query, digest.BaseLanguage(c.Settings.Language))
	if len(words) == 0 {
		words = strings.Fields(strings.ToLower(query))
	}
	follows := setOf(c.Follows(d.starters()))
	var out []digest.Story
	for s, err := range d.store.LiveStories(ctx, now.Add(-searched)) {
		if err != nil {
			return nil, err
		}
		if s.Last().After(now) || !tells(s, words, follows) {
			continue
		}
		v, ok, err := d.view(ctx, s, follows)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b digest.Story) int { return b.Last().Compare(a.Last()) })
	return out[:min(len(out), limit)], nil
}

// tells tells whether what the followed sources say of the story has all words.
func tells(s digest.Story, words []string, follows map[digest.SourceID]bool) bool {
	var text string
	told := map[digest.ArticleID]bool{}
	for _, m := range s.Members {
		if m.From(follows) {
			text += m.Title + "\n"
			told[m.Article] = true
		}
	}
	if len(told) == 0 {
		return false
	}
	for _, sentence := range s.Summary.Full {
		if told[sentence.Article] {
			text += sentence.Text + "\n"
		}
	}
	terms := language.Terms(nil, text, s.Language)
	lower := strings.ToLower(text)
	for _, w := range words {
		if !slices.Contains(terms, w) && !strings.Contains(lower, w) {
			return false
		}
	}
	return true
}

// Story is a story as the chat sees it; false if it sees nothing of it.
func (d *Desk) Story(ctx context.Context, c digest.Chat, id digest.StoryID) (digest.Story, bool, error) {
	s, err := d.store.Story(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		err = &Refusal{Reason: NoSuchStory, Err: err}
	}
	if err != nil {
		return s, false, err
	}
	return d.view(ctx, s, setOf(c.Follows(d.starters())))
}

func setOf[T comparable](ids []T) map[T]bool {
	set := make(map[T]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}
