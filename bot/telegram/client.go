package telegram

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Time and size limits of a call.
const (
	callTimeout = 8 * time.Second  // shorter than the program's time to stop
	pollSlack   = 10 * time.Second // beyond the time that a long poll waits
	idleTimeout = 25 * time.Second // short: an old connection makes for unclear endings
	maxAnswer   = 8 << 20          // bytes; 100 updates are far below

	// idleConns is how many connections wait for the next call: more than any rate has calls
	// at once, so that no call has to connect whose turn comes while others are under way. A
	// connection that nobody needs is closed by idleTimeout.
	idleConns = 1024
)

// client makes calls to the Bot API.
type client struct {
	api   *tgbotapi.BotAPI
	http  *http.Client
	base  string
	token string
}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: callTimeout, KeepAlive: 15 * time.Second}).DialContext,
		TLSHandshakeTimeout:    callTimeout,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConnsPerHost:    idleConns,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// callError is a call that did not succeed, with the evidence of how far it came. Its
// text carries no token and no address.
type callError struct {
	method string
	// written says that the request's head went out, so that the server may have acted
	// on it.
	written bool
	status  int // of the HTTP answer, 0 if none came
	// telegram says that the answer is Telegram's own, not that of a proxy before it.
	telegram    bool
	description string
	retryAfter  time.Duration
	migrateTo   int64
	err         error // where no answer came, or it could not be read
}

// Error implements error.
func (e *callError) Error() string {
	switch {
	case e.telegram:
		return fmt.Sprintf("telegram %s: %d %s", e.method, e.status, e.description)
	case e.status != 0 && e.err != nil:
		return fmt.Sprintf("telegram %s: HTTP %d, %v", e.method, e.status, e.err)
	case e.status != 0:
		return fmt.Sprintf("telegram %s: HTTP %d", e.method, e.status)
	}
	return fmt.Sprintf("telegram %s: %v", e.method, e.err)
}

// Unwrap gives the cause.
func (e *callError) Unwrap() error { return e.err }

// call makes one call and reads its result into result, which may be nil. An error is a
// *callError.
func (c *client) call(ctx context.Context, method string, p tgbotapi.Params, result any) error {
	return c.callWithin(ctx, callTimeout, method, p, result)
}

func (c *client) callWithin(ctx context.Context, limit time.Duration, method string, p tgbotapi.Params, result any) error {
	send := func(api *tgbotapi.BotAPI, p tgbotapi.Params) (*tgbotapi.APIResponse, error) {
		return api.MakeRequest(method, p)
	}
	return c.callBy(ctx, limit, method, p, send, result)
}

// callBy makes a call in the given way of the library.
func (c *client) callBy(ctx context.Context, limit time.Duration, method string, p tgbotapi.Params,
	send func(*tgbotapi.BotAPI, tgbotapi.Params) (*tgbotapi.APIResponse, error), result any) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	w := &wire{http: c.http}
	w.ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { w.written.Store(true) },
	})
	api := *c.api // shallow, so that this call has a context of its own
	api.Client = w
	resp, err := send(&api, p)
	if err == nil && result != nil {
		err = json.Unmarshal(resp.Result, result)
	}
	if err == nil {
		return nil
	}
	e := &callError{method: method, written: w.written.Load(), status: w.status, err: c.redact(err)}
	var refused *tgbotapi.Error
	if errors.As(err, &refused) {
		e.err, e.telegram = nil, true
		e.status = cmp.Or(refused.Code, w.status) // uploads have no code
		e.description = c.clean(refused.Message)
		e.retryAfter = time.Duration(refused.RetryAfter) * time.Second
		e.migrateTo = refused.MigrateToChatID
	}
	if e.retryAfter == 0 {
		e.retryAfter = w.retryAfter
	}
	return e
}

// redact is the error without the address, which has the token in it. Causes that
// callers ask for (a context that ended) stay reachable.
func (c *client) redact(err error) error {
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err
	}
	if strings.Contains(err.Error(), c.token) {
		return errors.New(c.clean(err.Error()))
	}
	return err
}

func (c *client) clean(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, c.token, "[token]"), url.QueryEscape(c.token), "[token]")
}

// wire is the library's HTTP client for one call: it adds the context, reads the whole
// answer within the size limit and keeps the evidence that the library drops.
type wire struct {
	ctx        context.Context
	http       *http.Client
	written    atomic.Bool
	status     int
	retryAfter time.Duration
}

var (
	errBroken  = errors.New("the answer was cut off")
	errForeign = errors.New("the answer is not Telegram's")
)

// Do implements tgbotapi.HTTPClient.
func (w *wire) Do(r *http.Request) (*http.Response, error) {
	resp, err := w.http.Do(r.WithContext(w.ctx))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	w.status = resp.StatusCode
	if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s > 0 {
		w.retryAfter = time.Duration(s) * time.Second
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	var answer struct {
		OK   *bool `json:"ok"`
		Code int   `json:"error_code"`
	}
	switch {
	case err != nil:
		return nil, errBroken
	case json.Unmarshal(body, &answer) != nil && resp.StatusCode == http.StatusOK:
		return nil, errBroken
	case answer.OK == nil || !*answer.OK && answer.Code == 0:
		return nil, errForeign
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
