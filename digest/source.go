package digest

import (
	"net/url"
	"strings"
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
	// Waited is how long the wait was that the last poll which worked has set.
	Waited time.Duration `json:"waited,omitempty"`
	// TTL is how long the feed says it may be cached, Skip when it wants not to be polled.
	TTL  time.Duration `json:"ttl,omitempty"`
	Skip Skip          `json:"skip,omitzero"`
	// Rhythm is how often it brings something new.
	Rhythm Rhythm `json:"rhythm,omitzero"`
	// Gone counts how often in a row the server said that the feed is gone for good.
	Gone int `json:"gone,omitempty"`
	// Moved is where the last polls were sent for good, Moves how many of them in a row.
	Moved string `json:"moved,omitempty"`
	Moves int    `json:"moves,omitempty"`
	// Paused says that it did not answer for so long that it is not polled until somebody
	// asks for it.
	Paused bool `json:"paused,omitempty"`
}

// Skip are the hours of the day and the days of the week, in UTC, in which a feed says
// there is nothing to get (skipHours and skipDays of RSS 2.0).
type Skip struct {
	Hours uint32 `json:"hours,omitempty"` // bit 0 is from midnight to one o'clock
	Days  uint8  `json:"days,omitempty"`  // bit 0 is Sunday
}

// longestSkip is how much of such a time is kept: somebody may want news on a Sunday.
const longestSkip = 24 * time.Hour

// After is the first time at or after t that is not skipped, at most a day later.
func (s Skip) After(t time.Time) time.Time {
	end := t.Add(longestSkip)
	for at := t; at.Before(end); at = at.Truncate(time.Hour).Add(time.Hour) {
		if u := at.UTC(); s.Hours>>u.Hour()&1 == 0 && s.Days>>u.Weekday()&1 == 0 {
			return at
		}
	}
	return end
}

// movedAfter is how many polls in a row must be sent to another address for good before
// it is believed: a server may be set up wrong for a while.
const movedAfter = 3

// Redirected notes where a poll that worked was sent for good, "" if it was not. The third
// time in a row the address changes; the id stays, so that chats keep the source.
func (s *Source) Redirected(to string) {
	if to == "" || to != s.Fetch.Moved {
		s.Fetch.Moved, s.Fetch.Moves = to, 0
	}
	if to == "" {
		return
	}
	if s.Fetch.Moves++; s.Fetch.Moves >= movedAfter {
		s.URL, s.Fetch.Moved, s.Fetch.Moves = to, "", 0
	}
}

// Silent tells whether the source has not answered since the later of the two: the
// chat's last digest, or twice its poll interval ago, which is the given one or what it
// waited last. A paused one is not asked.
func (s Source) Silent(lastDigest, now time.Time, interval time.Duration) bool {
	if waited := s.Fetch.Waited; waited > interval {
		interval = waited
	}
	since := now.Add(-2 * interval)
	if !lastDigest.IsZero() && lastDigest.Before(since) {
		since = lastDigest
	}
	return s.Fetch.Failures > 0 && !s.Fetch.Paused && s.Fetch.LastSuccess.Before(since)
}

// Label is what people are told the source is: its name, else its site's host. The
// address itself may carry a secret, and some lists of feeds have it as the name.
func (s Source) Label() string {
	if s.Name != "" && !strings.Contains(s.Name, "://") {
		return s.Name
	}
	if u, err := url.Parse(s.URL); err == nil {
		return u.Hostname()
	}
	return string(s.ID)
}
