package digest

import (
	"net/url"
	"time"
)

// SourceID names a source by its canonical feed address.
type SourceID string

// NewSourceID is the id of the source at a canonical feed address.
func NewSourceID(canonicalURL string) SourceID { return SourceID(hash("source", canonicalURL)) }

// Source is one feed address and its fetch state, shared by all chats that follow it.
// It is not polled while nobody does.
type Source struct {
	ID  SourceID `json:"id"`
	URL string   `json:"url"` // canonical feed address; may carry a secret, show Host to people
	// Name is what people call it: the starter set's title, else the feed's own.
	Name string `json:"name"`
	Site string `json:"site,omitempty"` // the web site's address
	// Language is a BCP 47 base language ("en"), empty while nobody has told.
	Language string   `json:"language,omitempty"`
	Topics   []string `json:"topics,omitempty"`  // starter topics; empty = every topic
	Starter  bool     `json:"starter,omitempty"` // part of the starter set
	Fetch    Fetch    `json:"fetch"`
}

// Fetch is what is known of the polls of a source.
type Fetch struct {
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	BodyHash     string    `json:"body_hash,omitempty"` // an unchanged body is not parsed again
	LastTry      time.Time `json:"last_try,omitzero"`
	LastSuccess  time.Time `json:"last_success,omitzero"` // the last 200 that parsed, or 304
	FailingSince time.Time `json:"failing_since,omitzero"`
	Failures     int       `json:"failures,omitempty"` // in a row
	Problem      string    `json:"problem,omitempty"`  // the last failure, in words fit for a chat
	Next         time.Time `json:"next,omitzero"`      // the due time in the index
	// Paused says that it did not answer for so long that it is not polled until somebody
	// asks for it.
	Paused bool `json:"paused,omitempty"`
}

// Silent tells whether the source has not answered since the later of the two: the
// chat's last digest, or twice the poll interval ago. A paused one is not asked.
func (s Source) Silent(lastDigest, now time.Time, interval time.Duration) bool {
	since := now.Add(-2 * interval)
	if !lastDigest.IsZero() && lastDigest.Before(since) {
		since = lastDigest
	}
	return s.Fetch.Failures > 0 && !s.Fetch.Paused && s.Fetch.LastSuccess.Before(since)
}

// Label is what people are told the source is: its name, else its site's host. The
// address itself may carry a secret.
func (s Source) Label() string {
	if s.Name != "" {
		return s.Name
	}
	if u, err := url.Parse(s.URL); err == nil {
		return u.Hostname()
	}
	return string(s.ID)
}
