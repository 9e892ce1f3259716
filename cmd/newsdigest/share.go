package main

import (
	"context"
	"sync"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
	"newsdigest/store"
)

// ears are the ways in which a platform's requests come in, each under a lease of its own.
func (h *house) ears(name digest.Platform, pf platform) []bot.Ear {
	leases := leasesOf(name, h.cfg.Shards)
	var out []bot.Ear
	for i, lease := range leases {
		out = append(out, bot.Ear{Platform: name, Lease: lease, First: i == 0, Others: leases,
			Listen: func(ctx context.Context, in bot.Inbox) error { return h.listenTo(ctx, name, i, pf, in) }})
	}
	return out
}

// leasesOf are the leases of a platform's ears.
func leasesOf(p digest.Platform, shards int) []string {
	if p == digest.Telegram {
		return []string{store.TelegramLease}
	}
	var out []string
	for shard := range max(1, shards) {
		out = append(out, store.ShardLease(shard))
	}
	return out
}

// member is this process among those that share the store, nil if none can. One that runs
// the bot takes its share of everything that is configured; a command beside the bot only
// sees that articles are placed in stories if nobody else does.
func member(cfg config, s *store.Store, e engine, runs bool) *store.Member {
	if e.file != nil {
		return nil
	}
	if !runs {
		return store.NewGuest(s)
	}
	services := [][]string{{store.GroupingLease}}
	if cfg.TelegramToken != "" {
		services = append(services, leasesOf(digest.Telegram, 0))
	}
	if cfg.DiscordToken != "" {
		services = append(services, leasesOf(digest.Discord, cfg.Shards))
	}
	return store.NewMember(s, services...)
}

// join lets this process have its share of the work until leave is called, which gives it
// up.
func (h *house) join(ctx context.Context) (leave func(), err error) {
	if err := h.desk.Join(ctx); err != nil {
		return nil, err
	}
	keeping, end := context.WithCancel(context.WithoutCancel(ctx))
	var kept sync.WaitGroup
	kept.Go(func() { h.desk.Keep(keeping) })
	return func() {
		end()
		kept.Wait()
	}, nil
}

// asGuest runs a command beside processes that may share the store.
func (h *house) asGuest(ctx context.Context, do func() error) error {
	leave, err := h.join(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return do()
}

// listenTo lets a platform listen, and has the desk know.
func (h *house) listenTo(ctx context.Context, name digest.Platform, ear int, pf platform, in bot.Inbox) error {
	h.desk.Listening(name, true, time.Now())
	err := pf.listen(ctx, ear, in)
	if err != nil {
		h.desk.Refused(name, err, time.Now())
		return err
	}
	h.desk.Listening(name, false, time.Now())
	return nil
}
