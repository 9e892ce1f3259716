package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"newsdigest/digest"
)

// pace spreads what is sent to one platform. It is one bucket without bursts: messages
// are evenly spaced. Answers to people reserve their place and push everything else
// back, so they go first; deliveries take a place only when it is free.
type pace struct {
	rate Rate    // of this process
	all  float64 // PerSecond of all processes together

	mu     sync.Mutex
	free   time.Time              // when the next message may go out
	chats  map[string]time.Time   // by chat: when its next may
	groups map[string][]time.Time // by group: what went out in the last minute
}

func newPace(r Rate) *pace {
	return &pace{rate: r, all: r.PerSecond, chats: map[string]time.Time{}, groups: map[string][]time.Time{}}
}

// answer reserves the next place for an answer to the chat and says how long to wait for
// it. It counts in a group's minute, but does not wait for that: the limit is set below
// the platform's so that there is room for answers.
func (p *pace) answer(now time.Time, chat string, group bool) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := later(now, p.free)
	p.sent(at)
	at = later(at, p.chats[chat])
	if p.rate.Chat > 0 {
		p.chats[chat] = at.Add(p.rate.Chat)
	}
	if group && p.rate.Group > 0 {
		p.groups[chat] = append(p.lastMinute(chat, now), at)
	}
	p.forget(now)
	return at.Sub(now)
}

// leastShare keeps a process without a share from standing still for good over an answer.
const leastShare = 1e-3

// share leaves this process a part of the platform's rate, from 0 to 1.
func (p *pace) share(part float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rate.PerSecond = p.all * max(part, leastShare)
}

// leastAtOnce is how many messages may be on their way to a platform at any rate. At the
// rates that platforms allow it is the most, too: that many a crash can leave in doubt.
const leastAtOnce = 8

// atOnce is how many messages may be on their way: leastAtOnce, or where the operator has
// opened the rate as many as go out in a fifth of a second, so that answers that take so
// long hold nothing up.
func (p *pace) atOnce() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(leastAtOnce, int(p.rate.PerSecond/5))
}

// next is when the next message may go out, as far as its chat does not matter.
func (p *pace) next() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.free
}

// grain is how exact a loop keeps its times. Where places come closer than that, those of
// one grain may be taken together; at the rates that platforms allow there is never more
// than one.
const grain = 20 * time.Millisecond

// slack is how long a place that was free may be taken later, beside the next one.
func (p *pace) slack() time.Duration {
	if p.rate.PerSecond <= 0 {
		return 0
	}
	return max(0, grain-time.Duration(float64(time.Second)/p.rate.PerSecond))
}

// lastMinute is when messages to the group went out in the last minute, oldest first.
func (p *pace) lastMinute(group string, now time.Time) []time.Time {
	return slices.DeleteFunc(p.groups[group], func(at time.Time) bool { return now.Sub(at) >= time.Minute })
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// take takes a place for a delivery to the chat at now; where there is none it says when
// to ask again, and whether it is full for all chats.
func (p *pace) take(now time.Time, chat string, group bool) (ok, full bool, again time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.free.After(now) {
		return false, true, p.free
	}
	if at := p.chats[chat]; at.After(now) {
		return false, false, at
	}
	if group && p.rate.Group > 0 {
		sent := p.lastMinute(chat, now)
		if len(sent) >= p.rate.Group {
			return false, false, sent[len(sent)-p.rate.Group].Add(time.Minute)
		}
		p.groups[chat] = append(sent, now)
	}
	p.sent(later(p.free, now.Add(-p.slack())))
	if p.rate.Chat > 0 {
		p.chats[chat] = now.Add(p.rate.Chat)
	}
	p.forget(now)
	return true, false, now
}

// sent keeps the next message away from one at the given time. Without a rate there is
// nothing to keep: a trial's deliveries go by another clock than its answers, and times
// of the two must not be compared.
func (p *pace) sent(at time.Time) {
	if p.rate.PerSecond > 0 {
		p.free = at.Add(time.Duration(float64(time.Second) / p.rate.PerSecond))
	}
}

// pause lets nothing go out before the given time: the platform said so.
func (p *pace) pause(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.free) {
		p.free = until
	}
}

// remembered is how many chats may be kept in mind before those that are free again are
// dropped.
const remembered = 4096

func (p *pace) forget(now time.Time) {
	if len(p.chats) < remembered && len(p.groups) < remembered {
		return
	}
	for c, at := range p.chats {
		if !at.After(now) {
			delete(p.chats, c)
		}
	}
	for c := range p.groups {
		if p.groups[c] = p.lastMinute(c, now); len(p.groups[c]) == 0 {
			delete(p.groups, c)
		}
	}
}

// Turn waits for the place of an answer to the address among everything that is sent to
// its platform. Answers go before deliveries.
func (d *Desk) Turn(ctx context.Context, at digest.Address, now time.Time) error {
	p, ok := d.paces[at.Platform]
	if !ok {
		return nil
	}
	wait := p.answer(now, at.Key(), !at.Private())
	if wait <= 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}
