package fetch

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// idleHost is how long a host is remembered after its last request. It is longer than
// any limiter needs to fill up again, so forgetting a host grants it nothing.
const idleHost = 10 * time.Minute

// turns spaces requests to one host.
type turns struct {
	rate   rate.Limit // of all processes together
	conns  int
	exempt func(context.Context, string) bool

	mu    sync.Mutex
	among int // processes that share the rate
	hosts map[string]*host
	swept time.Time
}

type host struct {
	limiter *rate.Limiter
	slots   chan struct{}
	users   int // requests under way or waiting
	used    time.Time
	booked  time.Time // the last place that was given to somebody who was sent away
	exempt  func() bool
}

func newTurns(perSecond float64, conns int, exempt func(context.Context, string) bool) *turns {
	limit := rate.Limit(perSecond)
	if perSecond < 0 {
		limit = rate.Inf
	}
	return &turns{rate: limit, conns: max(conns, 1), exempt: exempt, among: 1, hosts: map[string]*host{}}
}

// Share leaves this process an even part of what each host may be asked, among so many
// processes that ask the same hosts.
func (c *Client) Share(among int) { c.turns.share(max(1, among)) }

func (t *turns) share(among int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.among == among {
		return
	}
	t.among = among
	for _, h := range t.hosts {
		h.limiter.SetLimit(t.own())
	}
}

// own is the rate that this process may ask a host at.
func (t *turns) own() rate.Limit { return t.rate / rate.Limit(t.among) }

// wait blocks until a request to the host may start, unless too many wait already.
// release is called when it is over.
func (t *turns) wait(ctx context.Context, name string, r Request) (release func(), err error) {
	h := t.enter(ctx, name)
	if h.exempt() {
		return func() { t.leave(h) }, nil
	}
	if again, ok := t.line(h, r.Line); !ok {
		t.leave(h)
		return nil, &Error{Kind: Busy, Host: name, RetryAfter: again}
	}
	if r.Waits == nil {
		r.Waits = func() {}
	}
	select {
	case h.slots <- struct{}{}:
	default:
		r.Waits()
		select {
		case h.slots <- struct{}{}:
		case <-ctx.Done():
			t.leave(h)
			return nil, context.Cause(ctx)
		}
	}
	release = func() { <-h.slots; t.leave(h) }
	if h.limiter.Allow() {
		return release, nil
	}
	r.Waits()
	if err := h.limiter.Wait(ctx); err != nil {
		release()
		if cause := context.Cause(ctx); cause != nil {
			return nil, cause
		}
		return nil, context.DeadlineExceeded // the limiter sees it coming
	}
	return release, nil
}

func (t *turns) enter(ctx context.Context, name string) *host {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweep(time.Now())
	h, ok := t.hosts[name]
	if !ok {
		h = &host{
			limiter: rate.NewLimiter(t.own(), 1),
			slots:   make(chan struct{}, t.conns),
			exempt:  sync.OnceValue(func() bool { return t.exempt(context.WithoutCancel(ctx), name) }),
		}
		t.hosts[name] = h
	}
	h.users++
	return h
}

// line tells whether no more than so many wait at the host, else when to come again: that
// is the next place behind those who wait and those who were sent away before.
func (t *turns) line(h *host, most int) (again time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if most == 0 || h.users <= t.conns+most {
		return 0, true
	}
	now := time.Now()
	each := time.Duration(float64(time.Second) / max(float64(h.limiter.Limit()), 1e-3))
	if first := now.Add(time.Duration(most) * each); h.booked.Before(first) {
		h.booked = first
	}
	h.booked = h.booked.Add(each)
	return min(h.booked.Sub(now), MaxRetryAfter), false
}

func (t *turns) leave(h *host) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h.users--
	h.used = time.Now()
}

// sweep forgets idle hosts, at most once per idleHost.
func (t *turns) sweep(now time.Time) {
	if now.Sub(t.swept) < idleHost {
		return
	}
	t.swept = now
	for name, h := range t.hosts {
		if h.users == 0 && now.Sub(h.used) >= idleHost && h.booked.Before(now) {
			delete(t.hosts, name)
		}
	}
}
