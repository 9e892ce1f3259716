package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/web"
)

// pages serves digests on the web until the house is closed. now is the house's clock.
func (h *house) pages(ctx context.Context, now func() time.Time) error {
	if h.cfg.Web == "" {
		return nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", h.cfg.Web)
	if err != nil {
		return &exitError{code: exitConfig, err: fmt.Errorf("NEWSDIGEST_WEB: %w", err)}
	}
	site := web.New(web.Options{Reader: bot.NewReader(h.desk), URL: h.cfg.WebURL, Token: h.cfg.WebToken, Now: now, Log: h.log})
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() {
		err := site.Serve(ctx, l)
		if err != nil {
			h.log.Error("digests are not on the web any more", "error", err)
		}
		ended <- err
	}()
	h.onClose(func() error {
		stop()
		return <-ended
	})
	h.log.Info("digests are on the web", "listens", l.Addr().String(), "address", h.cfg.WebURL)
	return nil
}

// shortestToken is the fewest characters that a token for the operators' page may have:
// whoever can reach the page may try.
const shortestToken = 16

// webProblems checks where digests are on the web, and brings its address into shape.
func (c *config) webProblems() []string {
	var out []string
	if c.Web != "" {
		if _, _, err := net.SplitHostPort(c.Web); err != nil {
			out = append(out, "NEWSDIGEST_WEB: not an address to listen on; write host:port, for example localhost:8080")
		}
	}
	if c.WebURL != "" {
		u, err := url.Parse(c.WebURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			out = append(out, "NEWSDIGEST_WEB_URL: not an address; write where people reach the pages, for example https://news.example.org")
		}
		c.WebURL = strings.TrimRight(c.WebURL, "/")
	}
	switch {
	case c.WebToken == "":
	case c.Web == "":
		out = append(out, "NEWSDIGEST_WEB_TOKEN: is for the operators' page, which is served at NEWSDIGEST_WEB; that is not set")
	case len(c.WebToken) < shortestToken:
		out = append(out, fmt.Sprintf("NEWSDIGEST_WEB_TOKEN: is too short; write at least %d characters", shortestToken))
	}
	return out
}
