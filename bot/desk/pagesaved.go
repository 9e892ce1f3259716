package desk

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"newsdigest/digest"
	"newsdigest/digest/extract"
	"newsdigest/digest/fetch"
	"newsdigest/store"
)

// leaveTeasers leaves the articles that are wanted without the pages that still wait.
func (d *Desk) leaveTeasers(ctx context.Context, want func(store.Unread) bool) error {
	for {
		left, err := d.store.UnreadPages(ctx, pagesSaved, func(u store.Unread) bool {
			_, inHand := d.reading.Load(u.Article)
			return !inHand && want(u)
		})
		if err != nil || len(left) == 0 {
			return err
		}
		ids := make([]digest.ArticleID, len(left))
		for i, u := range left {
			ids[i] = u.Article
		}
		articles, err := d.store.Articles(ctx, ids)
		if err != nil || len(articles) == 0 {
			return err
		}
		if err := d.saveRead(ctx, articles); err != nil {
			return err
		}
	}
}

// saveRead saves articles whose pages were read, or are not going to be.
func (d *Desk) saveRead(ctx context.Context, articles []digest.Article) error {
	var (
		all  sync.WaitGroup
		mu   sync.Mutex
		errs []error
	)
	for st, articles := range d.byStore(articles) {
		all.Go(func() {
			err := st.SaveRead(ctx, articles)
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, err)
		})
	}
	all.Wait()
	d.rouseGrouping()
	return errors.Join(errs...)
}

// byStore are the articles by the store that writes what their sources have.
func (d *Desk) byStore(articles []digest.Article) map[*store.Store][]digest.Article {
	stores := map[int]*store.Store{}
	out := map[*store.Store][]digest.Article{}
	for _, a := range articles {
		part := digest.Partition(string(a.Source))
		st := stores[part]
		if st == nil {
			st = d.asked(string(a.Source))
			stores[part] = st
		}
		out[st] = append(out[st], a)
	}
	return out
}

// takePage completes an article with what its page brings.
func takePage(a *digest.Article, r *fetch.Response) {
	page, err := extract.Page(r.Body, r.ContentType, r.URL)
	if err != nil {
		return
	}
	a.Paywall = page.Paywall
	a.Outlet = extract.Outlet(page.Outlet, a.Outlet, a.Link)
	a.Language = extract.Language(a.Language, page.Language, page.Text)
	a.Author = cmp.Or(a.Author, page.Byline)
	a.Picture = cmp.Or(page.Picture, a.Picture)
	if len(page.Text) > len(a.Text) {
		a.Text = cutText(page.Text)
		if page.Canonical != "" {
			a.Link = fetch.Claimed(page.Canonical, r.URL)
		}
	}
}
