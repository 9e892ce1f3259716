package fetch

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/pquerna/cachecontrol/cacheobject"
)

// MaxRetryAfter is the longest a server is left alone because it asked for it.
const MaxRetryAfter = 24 * time.Hour

// MaxFresh is the longest an answer is taken for fresh because it says so.
const MaxFresh = 24 * time.Hour

func newResponse(u *url.URL, h *http.Response, now time.Time) *Response {
	return &Response{
		URL:          u.String(),
		Status:       h.StatusCode,
		ContentType:  h.Header.Get("Content-Type"),
		ETag:         validator(h.Header.Get("ETag")),
		LastModified: validator(h.Header.Get("Last-Modified")),
		MaxAge:       maxAge(h.Header, now),
	}
}

// maxValidator is the longest validator worth keeping with a source, in bytes.
const maxValidator = 512

func validator(v string) string {
	if len(v) > maxValidator {
		return ""
	}
	return v
}

// retryAfter reads the Retry-After header: seconds or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if n, err := strconv.ParseFloat(v, 64); err == nil && n > 0 {
		return time.Duration(min(n, MaxRetryAfter.Seconds()) * float64(time.Second))
	}
	if t, err := http.ParseTime(v); err == nil {
		return min(max(t.Sub(now), 0), MaxRetryAfter)
	}
	return 0
}

// maxAge reads how long an answer is fresh: Cache-Control before Expires, which is
// counted from the server's own Date.
func maxAge(h http.Header, now time.Time) time.Duration {
	if v := h.Get("Cache-Control"); v != "" {
		cc, err := cacheobject.ParseResponseCacheControl(v)
		switch {
		case err != nil:
		case cc.NoStore || cc.NoCachePresent:
			return 0
		case cc.MaxAge >= 0:
			return min(time.Duration(cc.MaxAge)*time.Second, MaxFresh)
		}
	}
	v := h.Get("Expires")
	if v == "" {
		return 0
	}
	expires, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(expires.Sub(now), 0), MaxFresh)
}
