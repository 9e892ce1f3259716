package discord

import (
	"net/http"
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
}

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
	if w := l.global.Sub(now); w > 0 {
		return w, true
	}
	return max(0, l.until[key].Sub(now)), false
}

// note learns from an answer.
func (l *limits) note(key string, ev *evidence, now time.Time) {
	if ev.status == 0 {
		return
	}
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
	return d, h.Get("X-RateLimit-Global") == "true" || h.Get("X-RateLimit-Scope") == "global" || proxy
}

// longestWait bounds what a server may ask for.
const longestWait = 24 * time.Hour

func seconds(v float64) time.Duration {
	if !(v > 0) {
		return 0
	}
	return time.Duration(min(v, longestWait.Seconds()) * float64(time.Second))
}
