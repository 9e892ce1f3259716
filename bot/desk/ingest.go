package desk

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/extract"
	"newsdigest/digest/fetch"
	"newsdigest/digest/group"
	"newsdigest/store"
)

// How articles are ingested.
const (
	ingestBatch = 64               // articles in one step
	pageReaders = 8                // pages read at once
	pageBudget  = 20 * time.Second // for the pages of a batch; then the feed's text has to do
)

// Ingest takes articles from the queue: it reads the page where the feed brought only a
// teaser, finds the story, and writes that story's headline and summary anew.
func (d *Desk) Ingest(ctx context.Context, now time.Time) (time.Time, error) {
	more, err := d.ingest(ctx, now)
	if err != nil || more {
		return now, err
	}
	return now.Add(idleLook), nil
}

// ingestAll ingests until the queue is empty.
func (d *Desk) ingestAll(ctx context.Context, now time.Time) error {
	for {
		more, err := d.ingest(ctx, now)
		if err != nil || !more {
			return err
		}
	}
}

// ingest ingests one batch and tells whether there may be more.
func (d *Desk) ingest(ctx context.Context, now time.Time) (more bool, err error) {
	d.reads.Lock()
	defer d.reads.Unlock()
	if err := d.opened(ctx, now); err != nil {
		return false, err
	}
	ids, err := d.store.Queued(ctx, ingestBatch)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	articles, err := d.store.Articles(ctx, ids)
	if err != nil {
		return false, err
	}
	d.readPages(ctx, articles)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	// Stories must not depend on the order in which sources answered.
	slices.SortFunc(articles, func(a, b digest.Article) int { return group.Compare(document(a), document(b)) })
	for _, a := range articles {
		if err := d.place(ctx, a); err != nil {
			d.room.shut() // it may know more than the store now
			return false, err
		}
	}
	return len(ids) == ingestBatch, nil
}

// readPages completes the articles with what their pages bring.
func (d *Desk) readPages(ctx context.Context, articles []digest.Article) {
	ctx, cancel := context.WithTimeout(ctx, pageBudget)
	defer cancel()
	var all sync.WaitGroup
	slots := make(chan struct{}, pageReaders)
	for i := range articles {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			d.readPage(ctx, &articles[i])
		})
	}
	all.Wait()
}

// readPage completes an article. Its page is fetched only where the feed's text is a
// teaser; a page that cannot be read leaves the teaser.
func (d *Desk) readPage(ctx context.Context, a *digest.Article) {
	if a.Link != "" && extract.Teaser(a.Text) {
		r, err := d.fetch.Get(ctx, fetch.Request{URL: a.Link, MaxBytes: fetch.MaxPage})
		if err == nil {
			d.takePage(a, r)
		}
	}
	a.Teaser = extract.Teaser(a.Text)
	a.Language = extract.Language(a.Language, "", a.Title+"\n"+a.Text)
	a.Outlet = extract.Outlet("", a.Outlet, a.Link)
}

func (d *Desk) takePage(a *digest.Article, r *fetch.Response) {
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

// place finds the article's story and stores both.
func (d *Desk) place(ctx context.Context, a digest.Article) error {
	if noted, err := d.noteTwin(ctx, a); noted || err != nil {
		return err
	}
	found := d.room.index.Add(document(a))
	a.Story = found.Story
	s, _ := d.room.story(found.Story)
	var absorbed []digest.Story
	for _, id := range found.Absorbed {
		if other, ok := d.room.story(id); ok {
			absorbed = append(absorbed, merge(&s, other))
		}
	}
	s.Add(member(a))
	noteCopies(s.Members, d.room.index.Copies(s.ID))
	if err := d.tell(ctx, &s, a); err != nil {
		return err
	}
	if err := d.store.SaveStory(ctx, store.Ingest{Article: a, Story: s, Absorbed: absorbed}); err != nil {
		return err
	}
	d.room.put(s, absorbed)
	d.watch.note(s.ID, a.Found)
	d.rouse(updating)
	d.rouse(rewriting)
	return nil
}

// merge moves another story's articles into s and leaves its forwarding note.
func merge(s *digest.Story, other digest.Story) (note digest.Story) {
	for _, m := range other.Members {
		s.Add(m)
	}
	s.Absorbed = slices.Concat(s.Absorbed, []digest.StoryID{other.ID}, other.Absorbed)
	return digest.Story{ID: other.ID, MergedInto: s.ID}
}

// noteCopies notes which members repeat others. What was noted before stays: the index
// forgets articles, and with them that others repeat them.
func noteCopies(members []digest.Member, copies map[digest.ArticleID]digest.ArticleID) {
	for i, m := range members {
		if original, ok := copies[m.Article]; ok {
			members[i].CopyOf = original
		}
	}
}

func member(a digest.Article) digest.Member {
	return digest.Member{
		Article: a.ID, Source: a.Source, Also: a.Also, Outlet: a.Outlet, Title: a.Title, Link: a.Link,
		Published: a.Published, Language: a.Language, Paywall: a.Paywall, Topics: a.Topics,
		Picture: a.Picture,
	}
}
