package desk

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/extract"
	"newsdigest/store"
)

// ingestBatch is how many articles are placed in one step, at most.
const ingestBatch = 512

// Ingest takes articles from the queue, the newest first, finds their stories, and writes
// the headlines and summaries of these anew. A process that does not do the grouping
// leaves that to the one that does.
func (d *Desk) Ingest(ctx context.Context, now time.Time) (time.Time, error) {
	start := time.Now()
	more, err := d.ingest(ctx, now)
	if err != nil {
		return now, err
	}
	if !more {
		return now.Add(idleLook), nil
	}
	d.yield(ctx, time.Since(start))
	return now, nil
}

// While polls need all processors, what comes after them takes one, for a quarter of the
// time: feeds have to be read before they change, news can wait for seconds.
const (
	yieldShare = 3               // times as long as the work took
	yieldMost  = 2 * time.Second // at once
)

// yield leaves the processors to the polls after work that took so long.
func (d *Desk) yield(ctx context.Context, took time.Duration) {
	if !d.window.full() {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(min(yieldShare*took, yieldMost)):
	}
}

// workers is how many processors may be used beside the polls.
func (d *Desk) workers() int {
	if d.window.full() {
		return 1
	}
	return runtime.GOMAXPROCS(0)
}

// What somebody who waits for these sources waits for their pages and their stories, at
// most; the others come later.
const (
	pagePatience  = 8 * time.Second
	placePatience = 10 * time.Second
)

// placeNow reads the pages that these sources wait for, as far as they answer in time, and
// places what is in the queue, the newest first.
func (d *Desk) placeNow(ctx context.Context, ids []digest.SourceID, now time.Time) error {
	asked := setOf(ids)
	patience, cancel := context.WithTimeout(ctx, pagePatience)
	defer cancel()
	wanted := func(u store.Unread) bool { return asked[u.Source] }
	if err := d.readWanted(ctx, patience, wanted); err != nil {
		return err
	}
	if err := d.leaveTeasers(ctx, wanted); err != nil {
		return err
	}
	for start := time.Now(); time.Since(start) < placePatience; {
		if !d.Holds(store.GroupingLease) {
			return d.awaitPlaced(ctx, start.Add(placePatience))
		}
		if more, err := d.ingest(ctx, now); err != nil || !more {
			return err
		}
	}
	return nil
}

// readWanted reads the pages that are wanted, or waits for those that are being read already,
// until none waits or patience ends.
func (d *Desk) readWanted(ctx, patience context.Context, want func(store.Unread) bool) error {
	all := func() *store.Store { return d.store }
	for {
		if err := d.readPages(ctx, patience, all, want); err != nil {
			return err
		}
		left, err := d.store.UnreadPages(ctx, 1, want)
		if err != nil || len(left) == 0 {
			return err
		}
		select {
		case <-patience.Done():
			return ctx.Err()
		case <-time.After(pagesLook):
		}
	}
}

// ingest places one batch and tells whether there may be more.
func (d *Desk) ingest(ctx context.Context, now time.Time) (more bool, err error) {
	if err := d.reads.enter(ctx); err != nil {
		return false, err
	}
	defer d.reads.leave()
	st, ours := d.grouping()
	if !ours {
		return false, nil
	}
	if err := d.indexed(ctx, now); err != nil {
		return false, err
	}
	articles, err := st.ToPlace(ctx, ingestBatch)
	if err != nil || len(articles) == 0 {
		return false, err
	}
	b := newBatch(d, articles)
	if err = b.place(ctx); err == nil {
		err = b.save(ctx, st)
	}
	if err == nil {
		return true, nil
	}
	d.room.shut() // its index knows more than the store now
	var no *unplaceable
	if !errors.As(err, &no) {
		return false, err
	}
	return true, d.setAside(ctx, st, no)
}

// unplaceable says that articles make the work on them panic.
type unplaceable struct {
	articles []digest.ArticleID
	why      error
}

func (e *unplaceable) Error() string { return e.why.Error() }

// setAside takes such articles out of the queue for good, so that they do not hold up the
// others; they are told of once.
func (d *Desk) setAside(ctx context.Context, st *store.Store, no *unplaceable) error {
	for _, id := range no.articles {
		d.log.Error("an article is set aside: no story could be made with it", "article", id, "error", no.why)
		if err := st.SetAside(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// complete fills in what the feed and the page did not tell.
func complete(a *digest.Article) {
	a.Teaser = extract.Teaser(a.Text)
	a.Language = extract.Language(a.Language, "", a.Title+"\n"+a.Text)
	a.Outlet = extract.Outlet("", a.Outlet, a.Link)
}

// each calls do for the numbers up to n, on so many processors, and returns the errors; a
// panic is one.
func each(n, workers int, do func(i int) error) []error {
	errs := make([]error, n)
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, workers) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				errs[i] = contained(func() error { return do(int(i)) })
			}
		})
	}
	all.Wait()
	return errs
}

// contained is what do returns; a panic in it is an error.
func contained(do func() error) (err error) {
	defer contain(&err)
	return do()
}

// turnstile lets in one at a time, like a mutex that is waited for as long as a context
// lasts: who is inside may wait for the store.
type turnstile chan struct{}

func newTurnstile() turnstile { return make(turnstile, 1) }

func (t turnstile) enter(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turnstile) leave() { <-t }
