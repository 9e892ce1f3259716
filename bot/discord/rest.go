package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
)

// maxBody is the most that is read of an answer; the largest is a page of 100 messages.
const maxBody = 8 << 20

// idleConns is how many connections wait for the next call: more than any rate has calls at
// once. One that nobody needs is closed after its time.
const idleConns = 1024

// transport sends discordgo's requests to the configured address. It hides the rate-limit
// headers from discordgo, whose limiter would sleep in spite of the context.
type transport struct {
	base *url.URL
	next http.RoundTripper
}

func newTransport(base *url.URL) *transport {
	return &transport{base: base, next: &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		ForceAttemptHTTP2:   true,
		TLSHandshakeTimeout: 5 * time.Second,
		// Short, so that a connection that the other side closed is seldom taken for a
		// send: such a send may or may not have arrived.
		IdleConnTimeout:     25 * time.Second,
		MaxIdleConnsPerHost: idleConns,
	}}
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	to := r.Clone(r.Context())
	to.URL.Scheme, to.URL.Host, to.Host = t.base.Scheme, t.base.Host, t.base.Host
	to.URL.Path = t.base.Path + to.URL.Path
	to.URL.RawPath = ""
	resp, err := t.next.RoundTrip(to)
	if err != nil {
		return nil, err
	}
	evidence, _ := r.Context().Value(evidenceKey{}).(*evidence)
	if evidence != nil {
		evidence.status, evidence.header = resp.StatusCode, resp.Header.Clone()
	}
	for _, h := range []string{"Remaining", "Reset", "Reset-After", "Global"} {
		resp.Header.Del("X-RateLimit-" + h)
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxBody), resp.Body}
	return resp, nil
}

// evidence is what is known of an attempt besides its answer: whether anything was
// written, and what came back. It rides in the request's context from call to transport,
// the one way through discordgo.
type evidence struct {
	wrote  atomic.Bool
	status int // 0: no answer
	header http.Header
}

type evidenceKey struct{}

// call makes one REST call. key is what Discord's rate limits go by, empty for those that
// have none of their own. The error is a *callError.
func (p *Platform) call(ctx context.Context, method, path, key string, body any) ([]byte, error) {
	if wait, global := p.limits.wait(key, time.Now()); wait > 0 {
		return nil, &callError{method: method, path: route(path), status: http.StatusTooManyRequests, wait: wait, global: global, held: true}
	}
	data, contentType, err := encode(body)
	if err != nil {
		return nil, &callError{method: method, path: route(path), cause: err}
	}
	ev := &evidence{}
	ctx = httptrace.WithClientTrace(context.WithValue(ctx, evidenceKey{}, ev), &httptrace.ClientTrace{
		WroteHeaders: func() { ev.wrote.Store(true) },
	})
	// A bucket of its own for every call: discordgo's are kept for ever, one for each
	// interaction, hold their lock during the call and sleep.
	bucket := &discordgo.Bucket{Remaining: 1}
	bucket.Lock()
	answer, err := p.rest.RequestWithLockedBucket(method, discordgo.EndpointAPI+strings.TrimPrefix(path, "/"),
		contentType, data, bucket, 0, discordgo.WithContext(ctx), discordgo.WithRestRetries(0), discordgo.WithRetryOnRatelimit(false))
	p.limits.note(key, ev, time.Now())
	if err != nil {
		return nil, p.newCallError(method, path, ev, answer, err)
	}
	return answer, nil
}

// get reads a value.
func (p *Platform) get(ctx context.Context, path string, into any) error {
	answer, err := p.call(ctx, http.MethodGet, path, path, nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return &callError{method: http.MethodGet, path: route(path), status: http.StatusOK, cause: errors.New("the answer is not the JSON it should be")}
	}
	return nil
}

// callError is a call that did not succeed. Its text has no token, neither the bot's nor
// an interaction's.
type callError struct {
	method, path string // the path without tokens
	wrote        bool
	held         bool // not tried: a known limit is in force
	status       int  // 0: no answer
	code         int  // Discord's, 0 if none
	message      string
	wait         time.Duration // stated by Discord
	global       bool
	cause        error
}

// Error implements error.
func (e *callError) Error() string {
	what := fmt.Sprintf("discord: %s %s: ", e.method, e.path)
	switch {
	case e.held:
		return what + fmt.Sprintf("held back, a rate limit is in force for %s", e.wait.Round(time.Millisecond))
	case e.status == 0:
		return what + fmt.Sprint(e.cause)
	case e.code != 0:
		return what + fmt.Sprintf("%d %s (%d)", e.status, e.message, e.code)
	case e.cause != nil:
		return what + fmt.Sprintf("%d, then %v", e.status, e.cause)
	}
	return what + fmt.Sprintf("%d %s", e.status, http.StatusText(e.status))
}

// route is a path without the token of an interaction.
func route(path string) string {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	if len(parts) > 3 && (parts[1] == "interactions" || parts[1] == "webhooks") {
		parts[3] = "…"
	}
	return strings.Join(parts, "/")
}

// newCallError makes the error from what discordgo returned, none of which is kept: its
// errors carry the request with the token in it. Of what the other side says, the tokens
// that it may have read in the call are left out.
func (p *Platform) newCallError(method, path string, ev *evidence, answer []byte, err error) *callError {
	e := &callError{method: method, path: route(path), wrote: ev.wrote.Load(), status: ev.status}
	if ev.status == 0 || ev.status < 300 {
		e.cause = plain(err)
		return e
	}
	var rest *discordgo.RESTError
	if errors.As(err, &rest) {
		answer = rest.ResponseBody
	}
	var body struct {
		Code       int     `json:"code"`
		Message    string  `json:"message"`
		RetryAfter float64 `json:"retry_after"`
		Global     bool    `json:"global"`
	}
	isJSON := json.Unmarshal(answer, &body) == nil
	e.code, e.message = body.Code, p.hushed(body.Message, path)
	if ev.status == http.StatusTooManyRequests {
		e.wait, e.global = ev.retryAfter()
		if body.RetryAfter > 0 {
			e.wait = seconds(body.RetryAfter)
		}
		// Not JSON: it is the proxy in front of Discord that has had enough of this
		// address, whatever the call.
		e.global = e.global || body.Global || !isJSON
	}
	return e
}

// hushed is a text without the bot's token and without that of the interaction whose path
// was called.
func (p *Platform) hushed(text, path string) string {
	secrets := []string{p.token}
	if parts := strings.Split(path, "/"); path != route(path) && len(parts) > 3 {
		token, _, _ := strings.Cut(parts[3], "?")
		secrets = append(secrets, token)
	}
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "[token]")
		}
	}
	return text
}

// plain is a network error without the address, which may carry a token.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
