package fetch

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
	"golang.org/x/time/rate"
)

// How robots.txt is kept, by RFC 9309: for a day at most, parsed up to 500 KiB at least. A
// site that cannot be reached is asked again sooner.
const (
	robotsAgent  = "newsdigest" // the name that rules for us go by
	robotsLife   = 24 * time.Hour
	robotsRetry  = 10 * time.Minute
	robotsParsed = 500 << 10 // bytes; what follows is not read
	robotsSites  = 4096      // sites remembered
)

// ErrRobots says that a site's robots.txt asks not to read the page, or that nobody can
// tell what it asks.
var ErrRobots = errors.New("robots.txt asks not to read this page")

// Forbidden is the kind of an ErrRobots.
const Forbidden Kind = "does not want programs to read it"

// robots remembers what sites ask of programs.
type robots struct {
	mu    sync.Mutex
	sites map[string]*rulesOf
}

func newRobots() *robots { return &robots{sites: map[string]*rulesOf{}} }

// rulesOf are what one site asks: origin, "https://host:port".
type rulesOf struct {
	origin string
	used   time.Time // guarded by robots.mu

	mu    sync.Mutex       // held while it is asked
	until time.Time        // when to ask again
	rules *robotstxt.Group // nil: nothing may be read
}

// Page is Get for a page that nobody asked for by its address: robots.txt is respected, on
// every redirect too. The error is ErrRobots where it says no.
func (c *Client) Page(ctx context.Context, r Request) (*Response, error) {
	r.polite = true
	return c.Get(ctx, r)
}

// allowed is ErrRobots unless the site allows to read the page, or an error of the context.
func (c *Client) allowed(ctx context.Context, u *url.URL) error {
	s := c.robots.site(u.Scheme+"://"+u.Host, time.Now())
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := time.Now(); now.After(s.until) {
		rules, life, err := c.askRobots(ctx, s.origin)
		if err != nil {
			return err
		}
		s.rules, s.until = rules, now.Add(life)
	}
	if s.rules == nil || !s.rules.Test(u.RequestURI()) {
		return &Error{Kind: Forbidden, Host: u.Hostname(), Err: ErrRobots}
	}
	return nil
}

// askRobots reads a site's robots.txt; the error is the context's. A site without one
// allows everything, one that does not answer allows nothing for now.
func (c *Client) askRobots(ctx context.Context, origin string) (rules *robotstxt.Group, life time.Duration, err error) {
	resp, err := c.Get(ctx, Request{URL: origin + "/robots.txt", MaxBytes: MaxPage})
	if ctx.Err() != nil {
		return nil, 0, context.Cause(ctx)
	}
	if err == nil {
		return parseRobots(resp.Body), robotsLife, nil
	}
	var e *Error
	if errors.As(err, &e) && (e.Status >= 400 && e.Status < 500 || e.Kind == Redirects || e.Kind == WrongType) {
		return &robotstxt.Group{}, robotsLife, nil
	}
	return nil, robotsRetry, nil
}

// parseRobots reads the rules for us. What cannot be read of them does not count.
func parseRobots(body []byte) (rules *robotstxt.Group) {
	defer func() {
		if recover() != nil {
			rules = &robotstxt.Group{}
		}
	}()
	data, err := robotstxt.FromBytes(plainRobots(body))
	if err != nil {
		return &robotstxt.Group{}
	}
	return data.FindGroup(robotsAgent)
}

// plainRobots leaves of a robots.txt what the parser understands as the RFC does: it would
// refuse a file for one bad line, and takes a group without rules for a part of the next.
func plainRobots(body []byte) []byte {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if len(body) > robotsParsed {
		body = body[:bytes.LastIndexByte(body[:robotsParsed], '\n')+1]
	}
	var out bytes.Buffer
	grouped := false
	for line := range bytes.FieldsFuncSeq(body, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line, _, _ = bytes.Cut(line, []byte("#"))
		name, value, _ := strings.Cut(string(line), ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case name == "user-agent" && value != "":
			grouped = true
		case !grouped || name != "allow" && name != "disallow":
			continue
		case value == "":
			name, value = "allow", "/"
		}
		out.WriteString(name + ": " + value + "\n")
	}
	return out.Bytes()
}

// site is the site with this origin. The one that was asked for longest ago is forgotten
// when there are too many.
func (r *robots) site(origin string, now time.Time) *rulesOf {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.sites[origin]
	if !ok {
		if len(r.sites) >= robotsSites {
			r.forget()
		}
		s = &rulesOf{origin: origin}
		r.sites[origin] = s
	}
	s.used = now
	return s
}

// forget drops the quarter of the sites that was asked for longest ago.
func (r *robots) forget() {
	all := make([]*rulesOf, 0, len(r.sites))
	for _, s := range r.sites {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *rulesOf) int { return a.used.Compare(b.used) })
	for _, s := range all[:len(all)/4] {
		delete(r.sites, s.origin)
	}
}

// Pace is how a host is spared: how many requests at once, and how far apart; 0 and 0 for
// one that need not be.
func (c *Client) Pace(ctx context.Context, host string) (atOnce int, apart time.Duration) {
	if c.turns.exempt(ctx, host) {
		return 0, 0
	}
	c.turns.mu.Lock()
	own := c.turns.own()
	c.turns.mu.Unlock()
	if own != rate.Inf {
		apart = time.Duration(float64(time.Second) / float64(own))
	}
	return c.turns.conns, apart
}
