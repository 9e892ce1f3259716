package desk

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// How polls go on.
const (
	pollAhead  = 1024                   // due sources looked up at once
	pollLine   = 8                      // sources that wait for a turn at one host; more are put off
	pollLook   = time.Second            // how often it is looked what is due while polls are under way
	saveAfter  = 100 * time.Millisecond // what a poll brought waits so long for others to be saved with it
	saveAtOnce = 256                    // polls saved together, so that most are one update,
	textAtOnce = 3 << 19                // or so many bytes of their articles
)

// poller polls sources, many at once, and saves what they brought, many in one update.
type poller struct {
	d      *Desk
	ctx    context.Context
	line   int
	work   sync.WaitGroup
	tasks  chan task    // for workers that have nothing to do
	idle   atomic.Int64 // how many these are
	flying atomic.Int64 // polls that have not brought anything yet
	save   chan brought
	saved  chan struct{} // closed when the last one is saved

	mu   sync.Mutex
	errs []error
}

// brought is what a poll brought, to be saved; end says that it is over.
type brought struct {
	*store.Poll
	end func(error)
}

// newPoller begins polling; close it.
//
// With a line, it polls what is due: sources of a host at which already so many wait are put
// off, and those that are not due any more are left.
func (d *Desk) newPoller(ctx context.Context, line int) *poller {
	p := &poller{d: d, ctx: ctx, line: line, tasks: make(chan task), save: make(chan brought, windowLeast), saved: make(chan struct{})}
	go p.saveAll()
	return p
}

// close waits for all that was begun and returns what went wrong with the store.
func (p *poller) close() error {
	close(p.tasks)
	p.work.Wait()
	close(p.save)
	<-p.saved
	return p.failed()
}

// failed returns what went wrong since it was asked last.
func (p *poller) failed() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := errors.Join(p.errs...)
	p.errs = nil
	return err
}

func (p *poller) fail(err error) {
	if err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.errs = append(p.errs, err)
	}
}

// due begins to poll what is due at now and not under way already. It returns how many
// that were.
func (p *poller) due(now time.Time) (begun int, err error) {
	ids, err := p.d.due().DueSources(p.ctx, now, pollAhead+p.d.polls.len())
	for _, id := range ids {
		if p.ctx.Err() != nil {
			return begun, p.ctx.Err()
		}
		if others := p.begin(id, now, func() {}); others == nil {
			begun++
		}
	}
	return begun, err
}

// begin polls a source as soon as there is a place in the window; told is called when it
// is over. If somebody else has it in hand, nothing is done but to return that.
func (p *poller) begin(id digest.SourceID, now time.Time, told func()) (others *underWay) {
	done, others := p.d.polls.begin(id)
	if others != nil {
		return others
	}
	end := func(err error) { done(err); told() }
	place, err := p.d.window.enter(p.ctx)
	if err != nil {
		p.fail(err)
		end(err)
		return nil
	}
	p.flying.Add(1)
	t := task{id, now, place, end}
	select {
	case p.tasks <- t:
	default:
		p.work.Go(func() { p.worker(t) })
	}
	return nil
}

// task is a poll to be done.
type task struct {
	id  digest.SourceID
	now time.Time
	at  *place
	end func(error)
}

// worker does a poll, and others after it: what most of them cost is little beside the
// growing of a new goroutine's stack. When many have nothing to do it ends.
func (p *poller) worker(t task) {
	for more := true; more; {
		p.do(t)
		if p.idle.Add(1) > windowLeast {
			p.idle.Add(-1)
			return
		}
		t, more = <-p.tasks
		p.idle.Add(-1)
	}
}

// do does one poll and hands on what it brought.
func (p *poller) do(t task) {
	defer t.at.leave()
	poll, err := p.contained(t)
	p.flying.Add(-1)
	putOff := errors.Is(err, errPutOff)
	if err != nil && !putOff || poll == nil {
		p.fail(err)
		t.end(err)
		return
	}
	p.save <- brought{poll, func(saved error) { t.end(cmp.Or(saved, err)) }}
}

// contained is one poll; a panic in it is an error like any other.
func (p *poller) contained(t task) (poll *store.Poll, err error) {
	defer contain(&err)
	defer p.d.meter.poll.since(time.Now())
	return p.d.poll(p.ctx, t.id, t.now, t.at, p.line)
}

// saveAll saves what polls bring, until the poller is closed.
func (p *poller) saveAll() {
	defer close(p.saved)
	for first := range p.save {
		batch := p.collect([]brought{first})
		err := p.d.savePolls(p.ctx, batch)
		p.fail(err)
		for _, b := range batch {
			b.end(err)
		}
	}
}

// collect waits a little for further polls, as long as there are any.
func (p *poller) collect(batch []brought) []brought {
	late := time.NewTimer(saveAfter)
	defer late.Stop()
	text := textOf(batch[0])
	for len(batch) < saveAtOnce && text < textAtOnce && (p.flying.Load() > 0 || len(p.save) > 0) {
		select {
		case b, ok := <-p.save:
			if !ok {
				return batch
			}
			batch, text = append(batch, b), text+textOf(b)
		case <-late.C:
			return batch
		}
	}
	return batch
}

func textOf(b brought) (bytes int) {
	for _, a := range b.Articles {
		bytes += len(a.Text)
	}
	return bytes
}

// savePolls saves polls, together those that go under one lease.
func (d *Desk) savePolls(ctx context.Context, batch []brought) (err error) {
	defer contain(&err)
	var errs []error
	articles := 0
	for len(batch) > 0 {
		into := d.asked(string(batch[0].Source.ID))
		var same []*store.Poll
		var rest []brought
		for _, b := range batch {
			if !into.Same(d.asked(string(b.Source.ID))) {
				rest = append(rest, b)
				continue
			}
			same = append(same, b.Poll)
			articles += len(b.Articles)
		}
		errs = append(errs, into.SavePolls(ctx, same))
		batch = rest
	}
	if articles > 0 {
		d.rouse(readingPages)
		d.rouseGrouping()
	}
	return errors.Join(errs...)
}

// keepPolling polls what is due as soon as it is, until ctx ends.
func (d *Desk) keepPolling(ctx context.Context) {
	p := d.newPoller(ctx, pollLine)
	for ctx.Err() == nil {
		wait := d.pollRound(p)
		select {
		case <-ctx.Done():
		case <-d.wakes[polling]:
		case <-time.After(wait):
		}
	}
	if err := p.close(); err != nil && ctx.Err() == nil {
		d.log.Error("step failed", "step", polling, "error", err)
	}
}

// pollRound begins to poll what is due now, and returns how long to wait before the next
// round.
func (d *Desk) pollRound(p *poller) time.Duration {
	now := time.Now()
	d.meter.turned(polling, now)
	begun, err := p.due(now)
	err = errors.Join(err, p.failed())
	switch {
	case p.ctx.Err() != nil:
		return 0
	case err != nil:
		return d.stumbled(polling, now, err)
	case begun >= pollAhead:
		return 0 // there may be more
	case begun > 0 || d.polls.len() > 0:
		return pollLook
	}
	next, ok, err := d.due().NextSource(p.ctx)
	switch {
	case err != nil:
		return d.stumbled(polling, now, err)
	case !ok:
		return longestSleep
	}
	return min(max(next.Sub(now), pollLook), longestSleep)
}

// inHand is what is being worked on, by source.
type inHand struct {
	mu    sync.Mutex
	under map[digest.SourceID]*underWay
}

// underWay is work on a source.
type underWay struct {
	ended chan struct{}
	err   error // of the store, or errPutOff, once it has ended
}

// begin takes the source in hand; end must be called then, with underWay's error. If
// somebody else has it in hand, that is returned instead.
func (h *inHand) begin(id digest.SourceID) (end func(error), others *underWay) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if others, ok := h.under[id]; ok {
		return nil, others
	}
	if h.under == nil {
		h.under = map[digest.SourceID]*underWay{}
	}
	mine := &underWay{ended: make(chan struct{})}
	h.under[id] = mine
	return func(err error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.under, id)
		mine.err = err
		close(mine.ended)
	}, nil
}

// len is how many sources are in hand.
func (h *inHand) len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.under)
}
