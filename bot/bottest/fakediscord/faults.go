package fakediscord

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"
)

// Fault makes calls of a route go wrong. The zero Status with no other field set does
// nothing.
type Fault struct {
	Route string // as in Call.Route; empty is every route
	// Nth is the first call that it strikes, counted from when it was given, from 1 (0
	// means 1); Times is how many it strikes, 0 means once, negative for ever.
	Nth, Times int
	// Accept handles the call first; the fault strikes its answer.
	Accept bool
	Delay  time.Duration
	// Of the following the first that is set happens.
	Drop   bool // the connection is closed with no answer
	Silent bool // no answer until the client leaves
	Cut    int  // the call is accepted, its answer's body ends after this many bytes
	Status int
	Header map[string]string
	Body   string
}

// Fail puts a fault in force.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Nth = max(f.Nth, 1)
	f.Accept = f.Accept || f.Cut > 0
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, &f)
}

// NoFaults lifts all faults.
func (s *Server) NoFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// TooManyRequests is the answer to one call too many. Scope is "user", "shared" or
// "global"; Discord sends a global one without X-RateLimit-Reset-After (topics, "Rate
// Limits").
func TooManyRequests(route, scope string, after time.Duration) Fault {
	secs := strconv.FormatFloat(after.Seconds(), 'f', 3, 64)
	f := Fault{Route: route, Status: http.StatusTooManyRequests, Header: map[string]string{
		"Content-Type": "application/json", "X-RateLimit-Scope": scope,
		"Retry-After": strconv.Itoa(int(after.Seconds() + 0.999)),
	}}
	if scope == "global" {
		f.Header["X-RateLimit-Global"] = "true"
	} else {
		f.Header["X-RateLimit-Reset-After"] = secs
		f.Header["X-RateLimit-Remaining"] = "0"
		f.Header["X-RateLimit-Bucket"] = "abcd1234"
	}
	f.Body = fmt.Sprintf(`{"message":"You are being rate limited.","retry_after":%s,"global":%t}`, secs, scope == "global")
	return f
}

// Cloudflare is the answer of the proxy before Discord: HTML, no JSON.
func Cloudflare(route string, after time.Duration) Fault {
	return Fault{Route: route, Status: http.StatusTooManyRequests, Body: "error code: 1015",
		Header: map[string]string{"Content-Type": "text/html; charset=UTF-8", "Retry-After": strconv.Itoa(int(after.Seconds()))}}
}

// strike takes the fault for this call, or nil; the caller holds the lock.
func (s *Server) strike(route string) *Fault {
	for _, f := range s.faults {
		if f.Route != "" && f.Route != route || f.Times == 0 {
			continue
		}
		if f.Nth > 1 {
			f.Nth--
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return f
	}
	return nil
}

// suffer answers a call in the way of the fault; it gives the status that was answered.
func (s *Server) suffer(f *Fault, w http.ResponseWriter, r *http.Request, handle http.Handler) int {
	rec := httptest.NewRecorder()
	if f.Accept {
		handle.ServeHTTP(rec, r)
	}
	if f.Delay > 0 {
		select {
		case <-time.After(f.Delay):
		case <-r.Context().Done():
		case <-s.quit:
		}
	}
	switch {
	case f.Drop:
		hangUp(w)
		return 0
	case f.Silent:
		select {
		case <-r.Context().Done():
		case <-s.quit:
		}
		return 0
	case f.Cut > 0:
		cut(w, rec, f.Cut)
		return rec.Code
	case f.Status == 0 && !f.Accept: // only a delay
		handle.ServeHTTP(rec, r)
	case f.Status != 0:
		rec = answerOf(f)
	}
	copyAnswer(w, rec)
	return rec.Code
}

func answerOf(f *Fault) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	for k, v := range f.Header {
		rec.Header().Set(k, v)
	}
	rec.WriteHeader(f.Status)
	rec.WriteString(f.Body)
	return rec
}

func copyAnswer(w http.ResponseWriter, rec *httptest.ResponseRecorder) {
	for k, v := range rec.Header() {
		w.Header()[k] = v
	}
	w.WriteHeader(rec.Code)
	w.Write(rec.Body.Bytes())
}

func hangUp(w http.ResponseWriter) {
	if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
		c.Close()
	}
}

// cut promises the whole answer and sends its beginning.
func cut(w http.ResponseWriter, rec *httptest.ResponseRecorder, n int) {
	c, buf, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	body := rec.Body.Bytes()
	var head bytes.Buffer
	fmt.Fprintf(&head, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", rec.Code, http.StatusText(rec.Code), len(body))
	head.Write(body[:min(n, len(body))])
	buf.Write(head.Bytes())
	buf.Flush()
	c.Close()
}
