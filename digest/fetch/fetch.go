// Package fetch is the one HTTP client for the open web: feeds, article pages, OPML
// files and the pages in which feeds are looked for.
//
// Whoever names an address is not trusted, and neither is the server behind it. The
// client connects to public addresses only, checked on the address a connection really
// goes to and again after every redirect; it bounds the size, the time and the pace of
// every answer, keeps no cookies, uses no proxy and spares each host.
package fetch

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"
)

// The caps of a request, unless the Request or Options say otherwise.
const (
	MaxFeed      = 10 << 20 // decoded bytes of a feed or an OPML file
	MaxPage      = 2 << 20  // decoded bytes of an article page
	MaxRedirects = 5
	MaxHeader    = 64 << 10 // bytes of response header, informational answers included
	MinRate      = 1 << 10  // bytes a second a body has to bring, over any RateWindow

	ConnectTimeout   = 10 * time.Second // name, connection and TLS, each
	FirstByteTimeout = 10 * time.Second // from the request to the response header
	TotalTimeout     = 30 * time.Second // redirects included, waiting for a turn not
	RateWindow       = 5 * time.Second

	HostRate  = 1.0 // requests a second to one host
	HostConns = 2   // requests at once to one host

	idleTimeout = 30 * time.Second
	idleConns   = 512
	idlePerHost = 64
)

// Options configure a Client. The zero value fetches public addresses with the default
// caps.
type Options struct {
	// UserAgent is how the program introduces itself; "newsdigest" if empty.
	UserAgent string
	// Allow are networks that may be fetched although they are not public, any port
	// there: the operator's own network.
	Allow []netip.Prefix
	// Dial maps host names to the loopback "ip:port" that stands for them. Only that
	// exact address passes the guard, and only for that name.
	Dial map[string]string
	// HostRate and HostConns are requests a second to one host and requests at once; 0
	// takes the default, a negative HostRate is no limit. Hosts in Allow and Dial are
	// exempt.
	HostRate  float64
	HostConns int
}

// Client fetches. It is safe for concurrent use.
type Client struct {
	userAgent string
	guard     *guard
	turns     *turns
	large     chan struct{} // taken by each body that is large
	robots    *robots
	transport *http.Transport
}

// New makes a client.
func New(o Options) *Client {
	g := newGuard(o.Allow, o.Dial)
	return &Client{
		userAgent: cmp.Or(o.UserAgent, "newsdigest"),
		guard:     g,
		large:     make(chan struct{}, largeAtOnce),
		turns:     newTurns(cmp.Or(o.HostRate, HostRate), cmp.Or(o.HostConns, HostConns), g.exempt),
		robots:    newRobots(),
		transport: &http.Transport{
			Proxy:                  nil, // a proxy would connect for us, past the guard
			DialContext:            g.dial,
			DisableCompression:     true, // body.go decodes, at most one layer
			ForceAttemptHTTP2:      true, // a transport with its own dialer would not
			TLSHandshakeTimeout:    ConnectTimeout,
			ResponseHeaderTimeout:  FirstByteTimeout,
			MaxResponseHeaderBytes: MaxHeader,
			IdleConnTimeout:        idleTimeout,
			MaxIdleConns:           idleConns,
			MaxIdleConnsPerHost:    idlePerHost,
		},
	}
}

// Close closes the idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Request is what to get.
type Request struct {
	URL string
	// ETag and LastModified are the validators of the copy at hand; with either, the
	// answer may be NotModified.
	ETag, LastModified string
	Accept             string // "*/*" if empty
	MaxBytes           int64  // cap on the decoded body; MaxFeed if 0
	// Line is how many others may already wait for a turn at the host: with more of them
	// the error is Busy, at once. 0 is no limit.
	Line int
	// Waits, if not nil, is called when the request has to wait for its turn.
	Waits func()

	polite bool // robots.txt is respected
}

// Response is an answer worth reading: status 2xx, or NotModified.
type Response struct {
	URL         string // the address that answered, after redirects
	Status      int
	NotModified bool
	Body        []byte // decoded
	ContentType string // as the server sent it
	// ETag and LastModified are to be kept with what Body brought and sent next time.
	ETag, LastModified string
	// MaxAge is how long the answer stays fresh by its own account, 0 if it does not say.
	MaxAge time.Duration
	// Permanent is the new address to keep if every redirect on the way was a permanent
	// one and none left https; else it is empty.
	Permanent string
}

// Get fetches an address, following up to MaxRedirects redirects. The error is an
// *Error, or the context's where the caller gave up.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	u, err := parse(r.URL)
	if err != nil {
		return nil, err
	}
	permanent, left := true, TotalTimeout
	for hops := 0; ; hops++ {
		if r.polite {
			if err := c.allowed(ctx, u); err != nil {
				return nil, err
			}
		}
		start := time.Now()
		resp, next, err := c.hop(ctx, u, r, left)
		if err != nil {
			return nil, err
		}
		if next == nil {
			if hops > 0 && permanent {
				resp.Permanent = u.String()
			}
			return resp, nil
		}
		if hops == MaxRedirects {
			return nil, &Error{Kind: Redirects, Host: u.Hostname()}
		}
		downgrade := u.Scheme == "https" && next.Scheme == "http"
		permanent = permanent && next.permanent && !downgrade
		u, left = next.URL, left-time.Since(start)
	}
}

// redirect is where an answer sends the client.
type redirect struct {
	*url.URL
	permanent bool
}

// hop waits for a turn at the host and makes one request. It gives a response, or the
// redirect to follow.
func (c *Client) hop(ctx context.Context, u *url.URL, r Request, left time.Duration) (*Response, *redirect, error) {
	release, err := c.turns.wait(ctx, u.Hostname(), r)
	if err != nil {
		return nil, nil, err
	}
	defer release()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	alarm := time.AfterFunc(left, func() { cancel(errTooSlow) })
	defer alarm.Stop()

	h, err := c.transport.RoundTrip(c.request(ctx, u, r))
	if err != nil {
		return nil, nil, classify(ctx, u.Hostname(), err)
	}
	defer h.Body.Close()
	if next, err := follow(u, h); next != nil || err != nil {
		return nil, next, err
	}
	resp := newResponse(u, h, time.Now())
	switch {
	case h.StatusCode == http.StatusNotModified && r.ETag+r.LastModified != "":
		resp.NotModified = true
		return resp, nil, nil
	case h.StatusCode < 200 || h.StatusCode > 299:
		return nil, nil, &Error{
			Kind: BadStatus, Host: u.Hostname(), Status: h.StatusCode,
			RetryAfter: retryAfter(h.Header, time.Now()),
		}
	}
	body := watch(h.Body, cancel)
	defer body.stop()
	resp.Body, err = readBody(h, &roomy{r: body, room: c.large, rests: body.rest, ctx: ctx}, cmp.Or(r.MaxBytes, MaxFeed))
	if err != nil {
		return nil, nil, classify(ctx, u.Hostname(), err)
	}
	return resp, nil, nil
}

func (c *Client) request(ctx context.Context, u *url.URL, r Request) *http.Request {
	h := http.Header{
		"User-Agent":      {c.userAgent},
		"Accept":          {"*/*"},
		"Accept-Encoding": {"gzip"},
	}
	if r.Accept != "" {
		h.Set("Accept", r.Accept)
	}
	if r.ETag != "" {
		h.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		h.Set("If-Modified-Since", r.LastModified)
	}
	req := noRequest.WithContext(ctx)
	req.URL, req.Host, req.Header = u, u.Host, h
	return req
}

// noRequest is what all requests have in common.
var noRequest = &http.Request{Method: http.MethodGet, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}

// follow reads the redirect of an answer; nil if it is none.
func follow(from *url.URL, h *http.Response) (*redirect, error) {
	switch h.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	location := h.Header.Get("Location")
	if location == "" {
		return nil, &Error{Kind: BadStatus, Host: from.Hostname(), Status: h.StatusCode}
	}
	ref, err := url.Parse(location)
	if err != nil {
		return nil, &Error{Kind: Invalid, Host: from.Hostname(), Err: errors.New("unreadable redirect")}
	}
	to, err := parse(from.ResolveReference(ref).String())
	if err != nil {
		return nil, err
	}
	permanent := h.StatusCode == http.StatusMovedPermanently || h.StatusCode == http.StatusPermanentRedirect
	return &redirect{to, permanent}, nil
}

// ParseAllow reads networks for Options.Allow, "10.0.0.0/8" or a single "192.168.1.5".
func ParseAllow(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if a, aerr := netip.ParseAddr(s); err != nil && aerr == nil {
			p, err = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
		}
		if err != nil {
			return nil, &net.ParseError{Type: "network", Text: s}
		}
		out = append(out, p.Masked())
	}
	return slices.Clip(out), nil
}
