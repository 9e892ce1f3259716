package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/extract"
	"newsdigest/digest/fetch"
	"newsdigest/digest/language"
	"newsdigest/digest/summary"
	"newsdigest/store"
)

// Brief is the summary of one article.
type Brief struct {
	Article digest.Article
	Summary digest.Summary
}

// Article summarizes the article at an address; errors are Refusals.
func (d *Desk) Article(ctx context.Context, address string, now time.Time) (Brief, error) {
	return ReadArticle(ctx, d.fetch, address, now)
}

// ReadArticle is Article without a desk: nothing of it needs the store.
func ReadArticle(ctx context.Context, client *fetch.Client, address string, now time.Time) (Brief, error) {
	r, _, err := get(ctx, client, address, fetch.MaxPage)
	if err != nil {
		return Brief{}, err
	}
	page, err := extract.Page(r.Body, r.ContentType, r.URL)
	if err != nil || page.Text == "" {
		return Brief{}, &Refusal{Reason: NoArticle, Host: host(r.URL), Err: err}
	}
	link, err := fetch.Canonical(r.URL)
	if err != nil {
		return Brief{}, &Refusal{Reason: BadAddress, Err: err}
	}
	b := Summarize(digest.Article{
		Outlet: extract.Outlet(page.Outlet, "", link), Title: digest.Clean(page.Title), Link: link, Author: page.Byline,
		Published: page.Published, Found: now, Text: page.Text, Paywall: page.Paywall,
		Language: extract.Language("", page.Language, page.Text),
	})
	if len(b.Summary.Standard) == 0 {
		return b, &Refusal{Reason: NoArticle, Host: host(r.URL)}
	}
	return b, nil
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
	words := language.Terms(nil, query, c.Settings.Language)
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
		err = &Refusal{Reason: NoSuchDigest, Err: err}
	}
	if err != nil {
		return s, false, err
	}
	return d.view(ctx, s, setOf(c.Follows(d.starters())))
}

func setOf(ids []digest.SourceID) map[digest.SourceID]bool {
	set := make(map[digest.SourceID]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}
