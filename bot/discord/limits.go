package discord

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// limits remembers the rate limits that are in force, as the headers of the last answers
// told them (topics, "Rate Limits"). Only exhausted ones are kept.
type limits struct {
	mu     sync.Mutex
	until  map[string]time.Time
	global time.Time
	// refused are the refusals of the last refusalSpan, the oldest first.
	refused []time.Time
}

// Discord bans an address for a while that was refused 10,000 times in 10 minutes (topics,
// "Invalid Request Limit"). Long before that, only those who wait for an answer get one.
const (
	maxRefusals = 500
	refusalSpan = 10 * time.Minute
)

// maxLimits is how many exhausted limits are remembered before the lapsed ones are swept.
const maxLimits = 1024

// wait is how long a call has to wait, and whether all others have to as well. Calls
// with no key are those that the global limit exempts.
func (l *limits) wait(key string, now time.Time) (d time.Duration, global bool) {
	if key == "" {
		return 0, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if w := max(l.global.Sub(now), l.tooMany(now)); w > 0 {
		return w, true
	}
	return max(0, l.until[key].Sub(now)), false
}

// tooMany is how long there were too many refusals; the caller holds the lock.
func (l *limits) tooMany(now time.Time) time.Duration {
	if len(l.refused) < maxRefusals {
		return 0
	}
	return l.refused[0].Add(refusalSpan).Sub(now)
}

// count counts a refusal, if an answer is one.
func (l *limits) count(ev *evidence, now time.Time) {
	switch ev.status {
	case http.StatusUnauthorized, http.StatusForbidden:
	case http.StatusTooManyRequests:
		if ev.header.Get("X-RateLimit-Scope") == "shared" {
			return
		}
	default:
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	old := slices.IndexFunc(l.refused, func(t time.Time) bool { return now.Sub(t) < refusalSpan })
	if old < 0 {
		old = len(l.refused)
	}
	l.refused = append(l.refused[:0], l.refused[old:]...)
	if len(l.refused) == maxRefusals {
		l.refused = l.refused[1:]
	}
	l.refused = append(l.refused, now)
}

// note learns from an answer.
func (l *limits) note(key string, ev *evidence, now time.Time) {
	if ev.status == 0 {
		return
	}
	l.count(ev, now)
	wait, global := ev.retryAfter()
	exhausted := ev.header.Get("X-RateLimit-Remaining") == "0" || ev.status == http.StatusTooManyRequests
	if wait <= 0 || !exhausted {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if global {
		l.global = now.Add(wait)
		return
	}
	if l.until == nil {
		l.until = map[string]time.Time{}
	}
	if len(l.until) >= maxLimits {
		for k, t := range l.until {
			if !t.After(now) {
				delete(l.until, k)
			}
		}
	}
	l.until[key] = now.Add(wait)
}

// retryAfter is when the headers allow the next call. A global 429 has no Reset-After; an
// answer of the proxy in front of Discord has Retry-After only.
func (ev *evidence) retryAfter() (d time.Duration, global bool) {
	h := ev.header
	if v, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64); err == nil {
		d = seconds(v)
	}
	if v, err := strconv.ParseFloat(h.Get("Retry-After"), 64); err == nil && ev.status == http.StatusTooManyRequests {
		d = max(d, seconds(v))
	}
	proxy := ev.status == http.StatusTooManyRequests && h.Get("X-RateLimit-Scope") == "" && h.Get("X-RateLimit-Bucket") == ""
	if proxy && d == 0 {
		d = proxyPause
	}
	return d, h.Get("X-RateLimit-Global") == "true" || h.Get("X-RateLimit-Scope") == "global" || proxy
}

// proxyPause is the wait after a refusal of the proxy that names none.
const proxyPause = time.Minute

// longestWait bounds what a server may ask for.
const longestWait = 24 * time.Hour

func seconds(v float64) time.Duration {
	if !(v > 0) {
		return 0
	}
	return time.Duration(min(v, longestWait.Seconds()) * float64(time.Second))
}
