package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
	"newsdigest/digest/fetch"
	"newsdigest/store"
)

// house is everything plugged together, for as long as the store is open.
type house struct {
	cfg    config
	log    *slog.Logger
	engine engine
	store  *store.Store
	fetch  *fetch.Client
	desk   *desk.Desk
	bot    *bot.Bot
	// backups is how the scheduled backups go.
	backups backups

	closers []func() error // called last-in first-out
}

// plan is what a house is made from besides the configuration.
type plan struct {
	file    string // of the store, or the address of its database
	fetch   fetch.Options
	starter []digest.Source
	every   desk.Options // PollEvery, PollLongest, Model and Began
	runs    bool         // the bot, and is no command beside it
}

// build opens the store and plugs everything together.
func build(ctx context.Context, cfg config, log *slog.Logger, p plan) (_ *house, err error) {
	h := &house{cfg: cfg, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if h.engine, err = openEngine(ctx, p.file); err != nil {
		return nil, err
	}
	h.onClose(h.engine.Close)
	if h.store, err = store.Open(ctx, h.engine); err != nil {
		return nil, storeError(h.engine.where, err)
	}
	h.fetch = fetch.New(p.fetch)
	h.onClose(func() error { h.fetch.Close(); return nil })
	h.desk, err = desk.New(ctx, desk.Options{
		Store: h.store, Fetch: h.fetch, Starter: p.starter, Editor: bot.Editor{Web: cfg.WebURL}, Pages: cfg.WebURL != "",
		PollEvery: p.every.PollEvery, PollLongest: p.every.PollLongest, Model: p.every.Model, Began: p.every.Began, Log: log, Operators: cfg.Operators, Process: processName(cfg.Store),
		Member: member(cfg, h.store, h.engine, p.runs)})
	if err != nil {
		return nil, err
	}
	h.bot = bot.New(bot.Options{
		Desk: h.desk, Web: cfg.WebURL, Version: version(), Home: home, Log: log,
		Access: bot.Access{Listed: cfg.Access == "listed", Allow: cfg.Allow, Operators: cfg.Operators}})
	return h, nil
}

func (h *house) onClose(f func() error) { h.closers = append(h.closers, f) }

// close closes what was opened, the last first.
func (h *house) close() error {
	var errs []error
	for i := len(h.closers) - 1; i >= 0; i-- {
		errs = append(errs, h.closers[i]())
	}
	h.closers = nil
	return errors.Join(errs...)
}

// configured is the house that the configuration asks for; runs says that it runs the bot.
func configured(ctx context.Context, cfg config, log *slog.Logger, runs bool) (*house, error) {
	model, err := cfg.model()
	if err != nil {
		return nil, &exitError{code: exitConfig, err: err}
	}
	options := fetch.Options{Allow: cfg.allowed, HostRate: cfg.HostRate}
	client := fetch.New(options)
	defer client.Close()
	starter, err := starterSources(ctx, cfg, client)
	var wrong *exitError
	if errors.As(err, &wrong) {
		return nil, err
	}
	if err != nil {
		log.Warn("the starter set is empty until it can be read", "sources", cfg.Sources, "error", err)
	}
	return build(ctx, cfg, log, plan{
		file: cfg.Store, fetch: options, starter: starter, every: desk.Options{PollEvery: cfg.PollEvery, Model: model}, runs: runs})
}

// starterSources are the built-in ones, or those of the operator's OPML file or address.
func starterSources(ctx context.Context, cfg config, client *fetch.Client) ([]digest.Source, error) {
	if cfg.Sources == "" {
		return catalog.Starter(), nil
	}
	if !strings.Contains(cfg.Sources, "://") {
		body, err := os.ReadFile(cfg.Sources)
		if err != nil {
			return nil, &exitError{code: exitConfig, err: fmt.Errorf("NEWSDIGEST_SOURCES: %w", err)}
		}
		sources, err := catalog.FromOPML(body)
		if err != nil {
			err = &exitError{code: exitConfig, err: fmt.Errorf("NEWSDIGEST_SOURCES: %w", err)}
		}
		return sources, err
	}
	r, err := client.Get(ctx, fetch.Request{URL: cfg.Sources})
	if err != nil {
		return nil, err
	}
	return catalog.FromOPML(r.Body)
}

// The starter set at an address that does not answer is tried again after these times,
// the last one over and over.
var starterRetries = []time.Duration{10 * time.Second, time.Minute, 10 * time.Minute, time.Hour}

// retryStarter reads the operator's starter set until it has been read once.
func (h *house) retryStarter(ctx context.Context) {
	for try := 0; len(h.desk.Topics()) == 0 && len(h.desk.Languages()) == 0; try++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(starterRetries[min(try, len(starterRetries)-1)]):
		}
		starter, err := starterSources(ctx, h.cfg, h.fetch)
		if err == nil {
			err = h.desk.SetStarter(ctx, starter)
		}
		if err != nil {
			h.log.Warn("the starter set cannot be read", "sources", h.cfg.Sources, "error", err)
			continue
		}
		h.log.Info("the starter set was read", "sources", len(starter))
		return
	}
}

// withHouse runs a command that needs the store: in the bot that is running on the same
// file if there is one, else in a house of its own.
func (p *program) withHouse(ctx context.Context, do func(h *house) error) error {
	if p.running != nil {
		return do(p.running)
	}
	cfg, err := loadConfig(p.flags.env)
	if err != nil {
		return err
	}
	if done, err := p.elsewhere(ctx, cfg.Store); done {
		return err
	}
	if cfg.LogLevel == slog.LevelInfo { // the output is for a person, who did not ask for what is usual
		cfg.LogLevel = slog.LevelWarn
	}
	h, err := configured(ctx, cfg, cfg.logger(p.flags.debug), false)
	if err != nil {
		return err
	}
	return errors.Join(h.asGuest(ctx, func() error { return do(h) }), h.close())
}
