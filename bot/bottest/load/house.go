package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
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
	every   time.Duration
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
	h := &house{file: o.store, every: o.every, now: time.Now()}
	if h.store, err = store.Open(ctx, engine); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	h.fetch = fetch.New(fetch.Options{UserAgent: "newsdigest-load", Allow: []netip.Prefix{allow}})
	h.desk, err = desk.New(ctx, desk.Options{
		Store: h.store, Fetch: h.fetch, PollEvery: o.every,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err == nil {
		err = h.fill(ctx, addresses)
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
func (h *house) fill(ctx context.Context, addresses []string) error {
	for _, a := range addresses {
		h.sources = append(h.sources, digest.NewSourceID(a))
	}
	if _, err := h.store.Source(ctx, h.sources[len(h.sources)-1]); err == nil {
		return nil
	}
	h.fresh = true
	for i, a := range addresses {
		if err := h.store.PutSource(ctx, digest.Source{ID: h.sources[i], URL: a}); err != nil {
			return err
		}
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

// sweep polls every feed that is due and returns how many of them answered. All are due a
// day after the last sweep.
func (h *house) sweep(ctx context.Context) (int, error) {
	h.now = h.now.Add(24 * time.Hour)
	for {
		next, err := h.desk.Poll(ctx, h.now)
		if err != nil {
			return 0, err
		}
		if next.After(h.now) {
			break
		}
	}
	good := 0
	for _, id := range h.sources {
		s, err := h.store.Source(ctx, id)
		if err != nil {
			return 0, err
		}
		if s.Fetch.LastSuccess.Equal(h.now) {
			good++
		}
	}
	return good, nil
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
