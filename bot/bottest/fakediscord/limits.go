package fakediscord

import (
	"math"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"
)

// limiter counts calls in fixed windows, by key.
type limiter map[string]*window

type window struct {
	ends time.Time
	used int
}

// take counts a call; it gives how many are left (negative: one too many) and when the
// window ends.
func (l limiter) take(key string, limit int, length time.Duration, now time.Time) (left int, ends time.Time) {
	w := l[key]
	if w == nil || !now.Before(w.ends) {
		w = &window{ends: now.Add(length)}
		l[key] = w
	}
	if w.used >= limit {
		return -1, w.ends
	}
	w.used++
	return limit - w.used, w.ends
}

// limited answers a call over a limit and gives true; under it, it sets the headers. The
// interaction endpoints are exempt from the global limit (topics, "Rate Limits").
func (s *Server) limited(w *httptest.ResponseRecorder, r *http.Request, route string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now() // limits run on the wall clock, whatever the server's own says
	if s.opt.Global > 0 && !exempt(route) {
		if left, ends := s.limits.take("", s.opt.Global, time.Second, now); left < 0 {
			copyAnswer(w, answerOf(ptr(TooManyRequests(route, "global", ends.Sub(now)))))
			return true
		}
	}
	if s.opt.PerChannel == 0 || route != RouteSend {
		return false
	}
	left, ends := s.limits.take(r.URL.Path, s.opt.PerChannel, s.opt.PerChannelWindow, now)
	if left < 0 {
		copyAnswer(w, answerOf(ptr(TooManyRequests(route, "user", ends.Sub(now)))))
		return true
	}
	after := math.Max(0, ends.Sub(now).Seconds())
	h := w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.opt.PerChannel))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(ends.UnixMilli())/1000, 'f', 3, 64))
	h.Set("X-RateLimit-Reset-After", strconv.FormatFloat(after, 'f', 3, 64))
	h.Set("X-RateLimit-Bucket", "abcd1234")
	return false
}

func exempt(route string) bool {
	return strings.Contains(route, "{token}")
}

func ptr[T any](v T) *T { return &v }
