// Package web shows digests as pages and feeds, and operators how the bot is doing. Pages
// have no scripts, load nothing from elsewhere and set no cookies; their addresses cannot
// be guessed, and whoever has one may read what it leads to.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/netutil"

	"newsdigest/bot"
)

// Options are what a site works with.
type Options struct {
	Reader *bot.Reader
	// URL is where people reach the site, without a slash at its end. Feeds name it in
	// their links; where it has a path, requests may come with it or without.
	URL string
	// Token lets operators see how the bot is doing; empty = nobody can.
	Token string
	// Now is the clock, time.Now if nil.
	Now func() time.Time
	Log *slog.Logger
}

// Site serves the pages. It is safe for concurrent use.
type Site struct {
	reader *bot.Reader
	url    string
	token  string
	now    func() time.Time
	log    *slog.Logger
	tries  tries
}

// New makes a site.
func New(o Options) *Site {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Site{reader: o.Reader, url: o.URL, token: o.Token, now: o.Now, log: o.Log}
}

// Limits of the server: a page is small and made in milliseconds, so that whoever takes
// longer than this to ask for one or to receive it is not reading.
const (
	maxConnections = 512
	maxHeader      = 16 << 10
	headerTime     = 5 * time.Second
	writeTime      = 30 * time.Second
	idleTime       = time.Minute
	stopTime       = 5 * time.Second // for requests under way when the program stops
)

// Serve serves the site on l until ctx ends; then it closes l and waits a little for the
// requests under way. A nil error means that ctx ended.
func (s *Site) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: s.Handler(), MaxHeaderBytes: maxHeader, ReadHeaderTimeout: headerTime, ReadTimeout: headerTime,
		WriteTimeout: writeTime, IdleTimeout: idleTime, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		if server.Shutdown(rest) != nil {
			server.Close() //nolint:errcheck // what is cut off is a page
		}
	})
	err := server.Serve(netutil.LimitListener(l, maxConnections))
	if !errors.Is(err, http.ErrServerClosed) {
		stop()
		return fmt.Errorf("the web server stopped: %w", err)
	}
	<-stopped
	return nil
}

// Handler answers requests for all pages.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET "+bot.EditionPath+"{id}", s.edition)
	mux.HandleFunc("GET "+bot.StoryPath+"{id}/{number}", s.story)
	mux.HandleFunc("GET "+bot.FeedPath+"{id}/{format}", s.feed)
	mux.HandleFunc("GET /operator", s.operator)
	mux.HandleFunc("GET /style.css", s.asset)
	mux.HandleFunc("GET /icon.svg", s.asset)
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) { s.gone(w, r) })
	return s.contained(s.underPath(mux))
}

// underPath takes the path of the site's own address from those of requests, for a proxy
// that passes it on.
func (s *Site) underPath(next http.Handler) http.Handler {
	u, err := url.Parse(s.url)
	if err != nil || strings.Trim(u.Path, "/") == "" {
		return next
	}
	prefix := strings.TrimRight(u.Path, "/")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, prefix+"/") {
			http.StripPrefix(prefix, next).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// contained sets what every answer has in its head, and turns a panic into an error page:
// a bug in one page takes no other with it.
func (s *Site) contained(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		defer func() {
			if p := recover(); p != nil {
				s.fault(w, r, fmt.Errorf("panic: %v", p))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// headers are those of every answer: nothing runs, nothing is loaded from elsewhere, no
// address is passed on, no search engine keeps it, nobody frames it.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"X-Robots-Tag":                 "noindex, nofollow, noarchive",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store",
}

// publicID is what public ids look like (store.PublicID).
var publicID = regexp.MustCompile(`^[a-z2-7]{16}$`)
