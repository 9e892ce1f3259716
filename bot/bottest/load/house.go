package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/fetch"
	"newsdigest/store"
	"newsdigest/store/bolt"
)

// house is the part of the program that polls.
type house struct {
	file    string
	store   *store.Store
	fetch   *fetch.Client
	desk    *desk.Desk
	sources []digest.SourceID
	fresh   bool // nothing was polled yet
	now     time.Time
	log     *slog.Logger
}

// open opens the store and lets chats follow the feeds, a hundred each.
func open(ctx context.Context, o options, addresses []string) (*house, error) {
	allow, err := netip.ParsePrefix(o.allow)
	if err != nil {
		return nil, err
	}
	engine, err := bolt.Open(o.store)
	if err != nil {
		return nil, err
	}
	level := slog.LevelWarn
	if o.debug {
		level = slog.LevelDebug
	}
	h := &house{file: o.store, now: time.Now(), log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))}
	if h.store, err = store.Open(ctx, engine); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	h.fetch = fetch.New(fetch.Options{UserAgent: "newsdigest-load", Allow: []netip.Prefix{allow}})
	h.desk, err = desk.New(ctx, desk.Options{
		Store: h.store, Fetch: h.fetch, PollEvery: o.every,
		Log: h.log,
	})
	if err == nil {
		err = h.fill(ctx, addresses, o.known)
	}
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func (h *house) close() error {
	h.fetch.Close()
	return h.store.Close()
}

// fill stores the sources that are not known and their followers.
func (h *house) fill(ctx context.Context, addresses []string, known bool) error {
	for _, a := range addresses {
		h.sources = append(h.sources, digest.NewSourceID(a))
	}
	if last, err := h.store.Source(ctx, h.sources[len(h.sources)-1]); err == nil {
		h.now = last.Fetch.LastTry // of the last run
		return nil
	}
	h.fresh = !known
	if err := h.putAll(ctx, addresses, known); err != nil {
		return err
	}
	for i := 0; i < len(h.sources); i += digest.MaxSources {
		at := digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(i + 1)}
		own := h.sources[i:min(i+digest.MaxSources, len(h.sources))]
		_, err := h.store.CreateChat(ctx, digest.Chat{ID: digest.NewChatID(at), Address: at, Created: h.now, Own: own, Counted: own})
		if err != nil {
			return err
		}
	}
	return nil
}

// putAll stores the sources, many at once so that they share flushes.
func (h *house) putAll(ctx context.Context, addresses []string, known bool) error {
	var all sync.WaitGroup
	var failed atomic.Pointer[error]
	slots := make(chan struct{}, 256)
	for i, a := range addresses {
		s := digest.Source{ID: h.sources[i], URL: a, Name: a}
		if known {
			s.Fetch = digest.Fetch{LastModified: h.now.UTC().Format(http.TimeFormat), LastTry: h.now, LastSuccess: h.now}
		}
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			if err := h.store.PutSource(ctx, s); err != nil {
				failed.Store(&err)
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// sweep polls every feed that is due. All are due a day after the last sweep.
func (h *house) sweep(ctx context.Context, p *progress) error {
	h.now = h.now.Add(24 * time.Hour)
	ended, stop := context.WithCancel(ctx)
	defer stop()
	go h.watch(ended, p)
	for {
		next, err := h.desk.Poll(ctx, h.now)
		if err != nil {
			return err
		}
		if next.After(h.now) {
			break
		}
	}
	p.done(len(h.sources), len(h.sources))
	return nil
}

// answered is how many feeds answered in the last sweep.
func (h *house) answered(ctx context.Context) (good int, err error) {
	for _, id := range h.sources {
		s, err := h.store.Source(ctx, id)
		if err != nil {
			return 0, err
		}
		if s.Fetch.LastSuccess.Equal(h.now) {
			good++
		} else {
			h.log.Debug("not answered", "source", s.URL, "why", s.Fetch.Problem, "tried", s.Fetch.LastTry)
		}
	}
	return good, nil
}

// watchEvery is how often it is looked how far a sweep is; that takes time, too.
const watchEvery = 300 * time.Millisecond

// watch looks whether more than a tenth of the feeds are left, until ctx ends.
func (h *house) watch(ctx context.Context, p *progress) {
	for {
		left, err := h.store.DueSources(ctx, h.now, len(h.sources)/10+1)
		if err != nil {
			return
		}
		p.done(len(h.sources)-len(left), len(h.sources))
		select {
		case <-ctx.Done():
			return
		case <-time.After(watchEvery):
		}
	}
}

// sizes tells how large the store is.
func (h *house) sizes(ctx context.Context, out io.Writer) error {
	info, err := os.Stat(h.file)
	if err != nil {
		return err
	}
	seen := 0
	for _, id := range h.sources {
		s, err := h.store.SeenEntries(ctx, id)
		if err != nil {
			return err
		}
		seen += s.Len()
	}
	_, err = fmt.Fprintf(out, "\nstore: %d MB, %d bytes a source, %d entries seen\n", info.Size()>>20, info.Size()/int64(len(h.sources)), seen)
	return err
}
