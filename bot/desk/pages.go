package desk

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/extract"
	"newsdigest/digest/fetch"
	"newsdigest/store"
)

// How article pages are read.
const (
	pageReaders  = 64                     // pages under way at once,
	pagesBeside  = 4                      // or so many while polls need all processors
	pagesAtHand  = 256                    // waiting in memory for their turn
	pagesOfHost  = 16                     // of these, of one host
	pagesSaved   = 128                    // in one go
	pagesHeld    = time.Second            // the longest that a page that was read is not saved
	pagesLook    = 200 * time.Millisecond // at the queue, while there is work
	hostFailures = 3                      // in a row, after which a host is left alone
	hostRest     = 5 * time.Minute        // so long
)

// Read reads the pages of articles of which the feed brought a teaser only, the newest
// first, until no page waits. Hosts take turns, so that one that is slow, or may be asked
// once a second only, does not hold up the others.
func (d *Desk) Read(ctx context.Context, now time.Time) (time.Time, error) {
	share := func() *store.Store {
		d.meter.turned(readingPages, time.Now()) // there may be no end of pages for hours
		return d.due()
	}
	err := d.readPages(ctx, ctx, share, func(store.Unread) bool { return true })
	return now.Add(idleLook), err
}

// readPages reads the pages that are wanted of a share of the queue, as it is then, until
// none waits or patience ends; what was read by then is saved.
func (d *Desk) readPages(ctx, patience context.Context, share func() *store.Store, want func(store.Unread) bool) error {
	p := &pages{d: d, share: share, want: want, hosts: map[string]*pageHost{}, done: make(chan pageRead, pageReaders), parsing: make(chan struct{}, runtime.GOMAXPROCS(0))}
	defer p.drop()
	for {
		if patience.Err() == nil {
			if err := p.refill(ctx); err != nil {
				p.wait()
				return err
			}
		}
		p.begin(patience, time.Now())
		if p.under == 0 && (p.waiting == 0 || patience.Err() != nil) {
			return p.save(ctx)
		}
		if err := p.next(ctx, patience); err != nil {
			p.wait()
			return err
		}
	}
}

// pages are those that are being read. All but the reading itself happens in one
// goroutine.
type pages struct {
	d     *Desk
	share func() *store.Store
	want  func(store.Unread) bool

	hosts   map[string]*pageHost
	turns   []*pageHost // in the order in which they come next
	waiting int
	under   int       // way
	most    int       // under way, at present
	look    time.Time // when to look at the queue again
	done    chan pageRead
	parsing chan struct{} // a page takes many times its size while it is parsed

	read  []digest.Article // not saved yet
	since time.Time        // the first of them
}

// pageHost is a host with the pages that wait for it.
type pageHost struct {
	name     string
	waiting  []store.Unread
	under    int           // way
	known    bool          // how it is spared
	atOnce   int           // 0 = no limit
	apart    time.Duration // between two requests
	ready    time.Time     // for the next
	failures int           // in a row
	rests    time.Time     // until then its pages are not read
}

// pageRead is an article with what its page brought.
type pageRead struct {
	host    *pageHost
	article digest.Article
	cut     bool // the reading was given up: the page waits still
	lost    bool // the store does not have the article, or not whole
	asked   bool // the host
	failed  bool // to answer
	atOnce  int
	apart   time.Duration
}

// refill takes pages of the queue in hand, a few of each host.
func (p *pages) refill(ctx context.Context) error {
	now := time.Now()
	if p.waiting > pagesAtHand/2 || now.Before(p.look) && p.waiting+p.under > 0 {
		return nil
	}
	p.forget(now)
	taken := map[string]int{}
	found, err := p.share().UnreadPages(ctx, pagesAtHand-p.waiting, func(u store.Unread) bool {
		n := taken[u.Host]
		if h := p.hosts[u.Host]; h != nil {
			n += len(h.waiting)
		}
		if _, inHand := p.d.reading.Load(u.Article); inHand || n >= pagesOfHost || !p.want(u) {
			return false
		}
		taken[u.Host]++
		return true
	})
	for _, u := range found {
		if _, inHand := p.d.reading.LoadOrStore(u.Article, true); !inHand {
			p.add(u)
		}
	}
	p.look = time.Now().Add(max(pagesLook, 20*time.Since(now))) // a long queue is looked at less often
	return err
}

// forget drops the hosts of which there is nothing to know.
func (p *pages) forget(now time.Time) {
	p.turns = slices.DeleteFunc(p.turns, func(h *pageHost) bool {
		idle := len(h.waiting) == 0 && h.under == 0 && now.After(h.ready) && now.After(h.rests)
		if idle {
			delete(p.hosts, h.name)
		}
		return idle
	})
}

func (p *pages) add(u store.Unread) {
	h := p.hosts[u.Host]
	if h == nil {
		h = &pageHost{name: u.Host, atOnce: 1}
		p.hosts[u.Host] = h
		p.turns = append(p.turns, h)
	}
	h.waiting = append(h.waiting, u)
	p.waiting++
}

// begin starts reading what may be read at now, one page of each host in turn.
func (p *pages) begin(ctx context.Context, now time.Time) {
	if p.most = pageReaders; p.d.window.full() {
		p.most = pagesBeside
	}
	for began := true; began; {
		began = false
		for range p.turns {
			h := p.turns[0]
			p.turns = append(p.turns[1:], h)
			if p.under < p.most && h.may(now) && ctx.Err() == nil {
				p.start(ctx, h, now)
				began = true
			}
		}
	}
}

// may tells whether the next page of the host may be read.
func (h *pageHost) may(now time.Time) bool {
	free := (h.atOnce == 0 || h.under < h.atOnce) && !now.Before(h.ready)
	return len(h.waiting) > 0 && (free || now.Before(h.rests))
}

// start reads the host's next page.
func (p *pages) start(ctx context.Context, h *pageHost, now time.Time) {
	u := h.waiting[0]
	h.waiting = h.waiting[1:]
	h.under, p.waiting, p.under = h.under+1, p.waiting-1, p.under+1
	known, rests := h.known, now.Before(h.rests)
	if !rests {
		h.ready = now.Add(h.apart)
	}
	go func() {
		got := pageRead{host: h, article: digest.Article{ID: u.Article}, atOnce: h.atOnce, lost: true}
		err := contained(func() error { return p.readOne(ctx, &got, known, rests) })
		if err != nil && ctx.Err() == nil {
			p.d.log.Error("a page was not read", "article", u.Article, "error", err)
		}
		p.done <- got
	}()
}

// readOne reads one page; where it cannot be read, the article is as it was.
func (p *pages) readOne(ctx context.Context, got *pageRead, known, rests bool) error {
	a, err := p.d.store.Article(ctx, got.article.ID)
	if err != nil {
		got.cut = ctx.Err() != nil
		return err
	}
	got.article, got.lost, got.cut = a, false, !a.Unread
	if rests || got.cut || !extract.Teaser(a.Text) {
		return nil
	}
	if got.asked = true; !known {
		got.atOnce, got.apart = p.d.fetch.Pace(ctx, got.host.name)
	}
	r, err := p.d.fetch.Page(ctx, fetch.Request{URL: a.Link, MaxBytes: fetch.MaxPage})
	if err != nil {
		got.cut, got.failed = ctx.Err() != nil, unanswered(err)
		return nil
	}
	p.parsing <- struct{}{}
	defer func() { <-p.parsing }()
	takePage(&a, r)
	got.article = a
	return nil
}

// unanswered tells whether a host did not answer at all, or asks to be left alone.
func unanswered(err error) bool {
	var e *fetch.Error
	return errors.As(err, &e) && (e.Kind == fetch.Unreachable || e.Kind == fetch.TooSlow || e.RetryAfter > 0)
}

// next waits for a page that was read, or for a host that may be asked again, and saves
// what has gathered.
func (p *pages) next(ctx, patience context.Context) error {
	over := patience.Done()
	if patience.Err() != nil {
		over = nil // wait for what is under way
	}
	timer := time.NewTimer(time.Until(p.wake()))
	defer timer.Stop()
	select {
	case got := <-p.done:
		p.take(got)
	case <-timer.C:
	case <-over:
	}
	if len(p.read) >= pagesSaved || len(p.read) > 0 && time.Since(p.since) >= pagesHeld {
		return p.save(ctx)
	}
	return nil
}

// wake is when to go on though no page is read.
func (p *pages) wake() time.Time {
	at := time.Now().Add(pagesHeld)
	if len(p.read) > 0 {
		at = p.since.Add(pagesHeld)
	}
	for _, h := range p.turns {
		if len(h.waiting) > 0 && h.under < max(h.atOnce, 1) && h.ready.Before(at) && p.under < p.most {
			at = h.ready
		}
	}
	return at
}

// take takes a page that was read. The article of one that cannot be read keeps its
// teaser.
func (p *pages) take(got pageRead) {
	h, now := got.host, time.Now()
	h.under, p.under = h.under-1, p.under-1
	h.asked(got, now)
	switch {
	case got.cut:
		p.d.reading.Delete(got.article.ID)
		return
	case got.lost: // stays in hand, so that it is not looked for again
		return
	}
	if len(p.read) == 0 {
		p.since = now
	}
	p.read = append(p.read, got.article)
}

// asked notes what a host answered.
func (h *pageHost) asked(got pageRead, now time.Time) {
	if !got.asked {
		return
	}
	if !h.known {
		h.known, h.atOnce, h.apart = true, got.atOnce, got.apart
		h.ready = now.Add(h.apart)
	}
	if !got.failed {
		h.failures = 0
	} else if h.failures++; h.failures >= hostFailures {
		h.rests = now.Add(hostRest)
	}
}

// save stores what was read, each for its owner; then the articles can be placed.
func (p *pages) save(ctx context.Context) error {
	articles := p.read
	p.read = nil
	defer func() {
		for _, a := range articles {
			p.d.reading.Delete(a.ID)
		}
	}()
	return p.d.saveRead(ctx, articles)
}

// wait waits for what is under way, which is lost.
func (p *pages) wait() {
	for ; p.under > 0; p.under-- {
		got := <-p.done
		p.d.reading.Delete(got.article.ID)
	}
}

// drop lets go of what is in hand still.
func (p *pages) drop() {
	for _, h := range p.hosts {
		for _, u := range h.waiting {
			p.d.reading.Delete(u.Article)
		}
	}
	for _, a := range p.read {
		p.d.reading.Delete(a.ID)
	}
}
