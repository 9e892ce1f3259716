package web

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"newsdigest/bot"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// operator is the page for those who run the bot: their password is the token, their name
// does not matter. Without a token there is no such page.
func (s *Site) operator(w http.ResponseWriter, r *http.Request) {
	if s.token == "" {
		s.gone(w, r)
		return
	}
	from := client(r)
	if wait := s.tries.wait(from, s.now()); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		http.Error(w, "Too many wrong tokens. Wait a little.", http.StatusTooManyRequests)
		return
	}
	_, token, given := r.BasicAuth()
	if !given || !same(token, s.token) {
		if given {
			s.tries.failed(from, s.now())
			s.log.Warn("a wrong token for the operator's page", "from", from)
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="newsdigest", charset="UTF-8"`)
		http.Error(w, "The password is NEWSDIGEST_WEB_TOKEN.", http.StatusUnauthorized)
		return
	}
	o, err := s.reader.Operation(r.Context(), s.now())
	if err != nil {
		s.fault(w, r, err)
		return
	}
	body, err := render("operator", newOperation(r, o))
	if err != nil {
		s.fault(w, r, err)
		return
	}
	w.Header().Set("Content-Type", kindHTML)
	w.Write(body) //nolint:errcheck // whoever has gone does not read it
}

// same compares in a time that tells nothing of either.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// client is where a request comes from, of IPv6 the network that one customer has. A proxy
// on our own network tells for whom it asks; others may tell what they like.
func client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if passed := r.Header.Values("X-Forwarded-For"); len(passed) > 0 && (a.IsLoopback() || a.IsPrivate()) {
		last := passed[len(passed)-1]
		if behind, err := netip.ParseAddr(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])); err == nil {
			a = behind
		}
	}
	bits := 32
	if a = a.Unmap(); a.Is6() {
		bits = 64
	}
	network, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return host
	}
	return network.String()
}

// Wrong tokens from one place: so many at once, then one in this time.
const (
	wrongAtOnce = 5
	wrongEvery  = 10 * time.Second
	mostPlaces  = 10_000 // that are remembered
)

// tries are the wrong tokens by where they came from.
type tries struct {
	mu     sync.Mutex
	places map[string]*rate.Limiter
}

// wait is how long somebody has to wait before the next token is looked at, 0 if they have
// not given too many wrong ones.
func (t *tries) wait(from string, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	l, known := t.places[from]
	if !known {
		return 0
	}
	missing := 1 - l.TokensAt(now)
	return time.Duration(max(0, missing) * float64(wrongEvery))
}

// failed counts a wrong token.
func (t *tries) failed(from string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.places == nil || len(t.places) >= mostPlaces {
		t.places = map[string]*rate.Limiter{} // rather forgotten than without bounds
	}
	if t.places[from] == nil {
		t.places[from] = rate.NewLimiter(rate.Every(wrongEvery), wrongAtOnce)
	}
	t.places[from].AllowN(now, 1)
}

// operation is the operators' page. Its words are English, as the command line's.
type operation struct {
	frame
	bot.Operation
	Sources []digest.Source // failing ones first, those that fail longest before the others
	More    int             // that are not shown
}

// mostSources is how many sources the page shows.
const mostSources = 300

func newOperation(r *http.Request, o bot.Operation) operation {
	o.At = o.At.UTC()
	sources := slices.Clone(o.Sources)
	fails := func(s digest.Source) int {
		if s.Fetch.Failures > 0 || s.Fetch.Paused {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(sources, func(a, b digest.Source) int {
		return cmp.Or(fails(a)-fails(b), a.Fetch.FailingSince.Compare(b.Fetch.FailingSince), cmp.Compare(a.Label(), b.Label()))
	})
	shown := min(len(sources), mostSources)
	return operation{newFrame(r, texts.English, "How the bot is doing"), o, sources[:shown], len(sources) - shown}
}

// Waits is how long the longest due digest waits.
func (o operation) Waits() string { return span(o.Behind) }

// For is how long something has been so.
func (o operation) For(since time.Time) string { return span(o.At.Sub(since)) }

// Ago is how long a time is ago, or how far ahead.
func (o operation) Ago(t time.Time) string { return ago(t, o.At) }

// Size is a number of bytes as people say it.
func (o operation) Size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d KiB", (n+1023)>>10)
}

// ago says how long a time is before now, or after it: "5 min ago", "in 2 h".
func ago(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	if t.After(now) {
		return "in " + span(t.Sub(now))
	}
	return span(now.Sub(t)) + " ago"
}

func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
