package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
)

// neverLate is a deadline that has passed.
var neverLate = time.Unix(1, 0)

func wantKind(t *testing.T, err error, want Kind) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Fatalf("error %v, want kind %q", err, want)
	}
	return e
}

func TestGet(t *testing.T) {
	c, url := site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("User-Agent") != "newsdigest" || r.Header.Get("Referer")+r.Header.Get("Cookie") != "" {
			t.Errorf("headers %v", r.Header)
		}
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Mon, 05 Oct 2026 08:00:00 GMT")
		w.Header().Set("Cache-Control", "public, max-age=600")
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, "<rss/>")
	})
	r, err := c.Get(t.Context(), Request{URL: url})
	if err != nil || string(r.Body) != "<rss/>" || r.ETag != `"v1"` || r.MaxAge != 10*time.Minute || r.NotModified {
		t.Fatalf("%+v, %v", r, err)
	}
	r, err = c.Get(t.Context(), Request{URL: url, ETag: r.ETag, LastModified: r.LastModified})
	if err != nil || !r.NotModified || r.Body != nil {
		t.Errorf("with validators: %+v, %v", r, err)
	}
}

func TestNotModifiedUnasked(t *testing.T) {
	c, url := site(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	_, err := c.Get(t.Context(), Request{URL: url})
	wantKind(t, err, BadStatus)
}

func TestBadStatus(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 410, 429, 451, 500, 503} {
		c, url := site(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(status)
		})
		_, err := c.Get(t.Context(), Request{URL: url + "/feed?token=s3cret"})
		e := wantKind(t, err, BadStatus)
		if e.Status != status || e.RetryAfter != 2*time.Minute || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%+v", e)
		}
	}
}

// hops answers /N with a redirect to /N-1 by the status, and / with a text.
func hops(status func(n int) int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(strings.Trim(r.URL.Path, "/"))
		if n == 0 {
			io.WriteString(w, "arrived")
			return
		}
		w.Header().Set("Location", fmt.Sprintf("/%d", n-1))
		w.WriteHeader(status(n))
	}
}

func TestRedirects(t *testing.T) {
	c, url := site(t, hops(func(n int) int { return []int{301, 308}[n%2] }))
	r, err := c.Get(t.Context(), Request{URL: url + "/5"})
	if err != nil || r.URL != url+"/0" || r.Permanent != url+"/0" {
		t.Errorf("five permanent: %+v, %v", r, err)
	}
	_, err = c.Get(t.Context(), Request{URL: url + "/6"})
	wantKind(t, err, Redirects)
	r, err = c.Get(t.Context(), Request{URL: url + "/0"})
	if err != nil || r.Permanent != "" {
		t.Errorf("no redirect: %+v, %v", r, err)
	}
	c, url = site(t, hops(func(n int) int { return map[int]int{3: 301, 2: 307, 1: 301}[n] }))
	r, err = c.Get(t.Context(), Request{URL: url + "/3"})
	if err != nil || r.URL != url+"/0" || r.Permanent != "" {
		t.Errorf("one of them temporary: %+v, %v", r, err)
	}
}

func TestRedirectWithoutTarget(t *testing.T) {
	c, url := site(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMovedPermanently) })
	_, err := c.Get(t.Context(), Request{URL: url})
	wantKind(t, err, BadStatus)
}

func TestTLS(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
	defer plain.Close()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			http.Redirect(w, r, plain.URL, http.StatusMovedPermanently)
			return
		}
		io.WriteString(w, r.Proto)
	}))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	c := New(Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	defer c.Close()
	_, err := c.Get(t.Context(), Request{URL: s.URL})
	wantKind(t, err, Untrusted)

	c = New(Options{Allow: c.guard.allow})
	defer c.Close()
	c.transport.TLSClientConfig = &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	r, err := c.Get(t.Context(), Request{URL: s.URL})
	if err != nil || string(r.Body) != "HTTP/2.0" {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = c.Get(t.Context(), Request{URL: s.URL + "/down"})
	if err != nil || r.Permanent != "" {
		t.Errorf("a move away from https counts as permanent: %+v, %v", r, err)
	}
}

// TestUntrusted: a connection that is not the host's own is an error, whatever is wrong
// with it, and nothing is asked through it.
func TestUntrusted(t *testing.T) {
	for name, change := range map[string]func(server, client *tls.Config){
		"made by itself": func(_, client *tls.Config) { client.RootCAs = nil },
		"another host":   func(_, client *tls.Config) { client.ServerName = "harbour.invalid" },
		"expired": func(_, client *tls.Config) {
			client.Time = func() time.Time { return time.Date(2222, 1, 1, 0, 0, 0, 0, time.UTC) }
		},
		"TLS 1.0": func(server, _ *tls.Config) { server.MinVersion, server.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 },
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("asked all the same") }))
			s.Config.ErrorLog, s.TLS = log.New(io.Discard, "", 0), &tls.Config{}
			s.StartTLS()
			defer s.Close()
			config := &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
			change(s.TLS, config)
			c := New(Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
			defer c.Close()
			c.transport.TLSClientConfig = config
			_, err := c.Get(t.Context(), Request{URL: s.URL + "/feed?token=s3cret"})
			var e *Error
			if !errors.As(err, &e) || e.Kind != Untrusted && e.Kind != Unreachable || strings.Contains(fmt.Sprint(e, e.Err), "s3cret") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestNoProxy(t *testing.T) {
	if New(Options{}).transport.Proxy != nil {
		t.Error("a proxy would connect past the guard")
	}
}

func TestUnreachable(t *testing.T) {
	c, url := site(t, nil)
	s := httptest.NewServer(nil)
	s.Close()
	_, err := c.Get(t.Context(), Request{URL: s.URL + "/feed?token=s3cret"})
	e := wantKind(t, err, Unreachable)
	if strings.Contains(fmt.Sprint(e, e.Err), "s3cret") {
		t.Errorf("%v, %v", e, e.Err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Get(ctx, Request{URL: url}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	for in, want := range map[string]time.Duration{
		"": 0, "0": 0, "-5": 0, "30": 30 * time.Second, "1.5": 1500 * time.Millisecond, "1e9": MaxRetryAfter, "NaN": 0, "Inf": MaxRetryAfter,
		"999999999999999999999": MaxRetryAfter, "soon": 0,
		"Mon, 05 Oct 2026 08:10:00 GMT": 10 * time.Minute, "Mon, 05 Oct 2026 07:00:00 GMT": 0, "Tue, 05 Oct 2100 08:00:00 GMT": MaxRetryAfter,
	} {
		if got := retryAfter(http.Header{"Retry-After": {in}}, now); got != want {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

func TestMaxAge(t *testing.T) {
	now := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		control, expires, date string
		want                   time.Duration
	}{
		{"max-age=60", "", "", time.Minute},
		{"max-age=99999999999", "", "", MaxFresh},
		{"no-cache, max-age=60", "", "", 0},
		{"no-store", "Mon, 05 Oct 2026 08:10:00 GMT", "", 0},
		{"max-age=0", "Mon, 05 Oct 2026 08:10:00 GMT", "", 0},
		{"", "Mon, 05 Oct 2026 08:10:00 GMT", "", 10 * time.Minute},
		{"", "Mon, 05 Oct 2026 08:10:00 GMT", "Mon, 05 Oct 2026 08:05:00 GMT", 5 * time.Minute},
		{"", "0", "", 0},
		{"max-age=abc", "", "", 0},
		{"", "", "", 0},
	} {
		h := http.Header{"Cache-Control": {c.control}, "Expires": {c.expires}, "Date": {c.date}}
		if got := maxAge(h, now); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
