package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"time"
)

// Kind is what went wrong, as far as a person is told.
type Kind string

// The kinds of errors.
const (
	Invalid     Kind = "not an address that can be fetched" // scheme, port, user name, spelling
	Refused     Kind = "the guard refused the address"      // reads as Unreachable
	Unreachable Kind = "cannot be reached"
	Untrusted   Kind = "its certificate is not valid"
	TooSlow     Kind = "took too long to answer"
	TooLarge    Kind = "sent more than can be read"
	BadStatus   Kind = "answered with an error"
	WrongType   Kind = "sent something that is not text"
	Redirects   Kind = "redirects too often"
	Broken      Kind = "sent a damaged answer"
	Busy        Kind = "is being asked for other things" // by us: see Request.Line
)

// Error is why nothing was fetched.
//
// Its text is fit for a chat: it names the host, never the path or the query, which may
// carry a secret, and does not tell a refused address from an unreachable one, so nobody
// can feel out the operator's network. Err has the cause for the log; it names no
// address of ours beyond host and port either.
type Error struct {
	Kind   Kind
	Host   string // may be empty where the address cannot be read
	Status int    // the HTTP status, with BadStatus
	// RetryAfter is how long the server asks to be left alone, 0 to MaxRetryAfter; with
	// Busy, when there is a turn.
	RetryAfter time.Duration
	Err        error
}

// Error implements error.
func (e *Error) Error() string {
	host := e.Host
	if host == "" {
		host = "the address"
	}
	switch e.Kind {
	case Refused:
		return host + " " + string(Unreachable)
	case BadStatus:
		return fmt.Sprintf("%s %s (HTTP %d)", host, e.Kind, e.Status)
	case Invalid:
		if e.Err != nil {
			return fmt.Sprintf("%s is %s: %v", host, e.Kind, e.Err)
		}
		return host + " is " + string(e.Kind)
	case Untrusted:
		return host + ": " + string(e.Kind)
	}
	return host + " " + string(e.Kind)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

var (
	errTooSlow  = errors.New("slower than the limits on time and pace")
	errTooLarge = errors.New("larger than the cap")
	errEncoding = errors.New("unknown or repeated content encoding")
	errBinary   = errors.New("binary content")
)

// classify turns what happened to a request into an Error; ctx is the request's.
func classify(ctx context.Context, host string, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errTooSlow) {
		return cause // the caller gave up
	} else if cause != nil {
		err = cause
	}
	// The text of a url.Error carries the whole address.
	if ue, ok := errors.AsType[*url.Error](err); ok {
		err = ue.Err
	}
	if errors.Is(err, errPort) {
		err = errPort // without the address that was dialed
	}
	return &Error{Kind: kind(err), Host: host, Err: err}
}

func kind(err error) Kind {
	switch {
	case errors.Is(err, errAddress):
		return Refused
	case errors.Is(err, errPort):
		return Invalid
	case errors.Is(err, errTooSlow):
		return TooSlow
	case errors.Is(err, errTooLarge):
		return TooLarge
	case errors.Is(err, errEncoding), errors.Is(err, errBinary):
		return WrongType
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errDamaged):
		return Broken
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return Untrusted
	}
	if ne, ok := errors.AsType[net.Error](err); ok && ne.Timeout() {
		return TooSlow
	}
	return Unreachable
}
