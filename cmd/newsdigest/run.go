package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/bot"
	"newsdigest/bot/desk"
	"newsdigest/bot/discord"
	"newsdigest/bot/telegram"
	"newsdigest/digest"
	"newsdigest/store/postgres"
)

func (p *program) runCommand() *cobra.Command {
	return &cobra.Command{
		Use: "run", Short: "Start the bot", Args: cobra.NoArgs,
		Long: "Starts the bot on the platforms whose tokens are set. Ctrl-C stops it; a second one at once.",
		RunE: func(c *cobra.Command, _ []string) error { return p.serve(c.Context()) },
	}
}

// quietLog is the log of commands that talk to a person: errors only.
func (p *program) quietLog() *slog.Logger {
	level := slog.LevelError
	if p.flags.debug {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(p.errs, &slog.HandlerOptions{Level: level}))
}

const noTokens = `no token is set, so there is nowhere to talk.
  Telegram: write to @BotFather, send /newbot, and set NEWSDIGEST_TELEGRAM_TOKEN to the token it gives.
  Discord:  make an application at https://discord.com/developers/applications, open Bot, and set
            NEWSDIGEST_DISCORD_TOKEN to its token.
  newsdigest init asks for them; or put them into .env (see .env.example) or the environment. newsdigest try
  needs none`

// talker is all that a platform does.
type talker interface {
	bot.Listener
	bot.Answerer
	desk.Messenger
}

// platform is a platform as the program starts it.
type platform struct {
	talker
	// listen is talker.Listen for one of several ears.
	listen func(ctx context.Context, ear int, in bot.Inbox) error
	// check proves the token and tells who the bot is there.
	check func(ctx context.Context) (string, error)
	// permits names what the bot lacks to post at an address.
	permits func(ctx context.Context, at digest.Address) ([]string, error)
}

// platforms are those whose tokens are set. Report is told how they are reached while they
// listen.
func platforms(cfg config, log *slog.Logger, report func(digest.Platform, error)) (map[digest.Platform]platform, error) {
	out := map[digest.Platform]platform{}
	if cfg.TelegramToken != "" {
		t, err := telegram.New(telegram.Options{Token: cfg.TelegramToken, URL: cfg.TelegramURL, Commands: bot.Commands, Log: log,
			Operators: operatorsOn(digest.Telegram, cfg.Operators),
			Report:    func(err error) { report(digest.Telegram, err) }})
		if err != nil {
			return nil, &exitError{code: exitConfig, err: err}
		}
		listen := func(ctx context.Context, _ int, in bot.Inbox) error { return t.Listen(ctx, in) }
		out[digest.Telegram] = platform{t, listen, t.Check, t.Permits}
	}
	if cfg.DiscordToken != "" {
		d, err := discord.New(discord.Options{Token: cfg.DiscordToken, API: cfg.DiscordURL, Shards: cfg.Shards, Log: log,
			Report: func(err error) { report(digest.Discord, err) }})
		if err != nil {
			return nil, &exitError{code: exitConfig, err: err}
		}
		out[digest.Discord] = platform{d, d.ListenTo, func(ctx context.Context) (string, error) {
			me, err := d.Check(ctx)
			return me.Name + "; add it to a server: " + me.Invitation(), err
		}, d.Permits}
	}
	if len(out) == 0 {
		return nil, &exitError{code: exitConfig, err: errors.New(noTokens)}
	}
	return out, nil
}

// operatorsOn are the ids of those operators who are on a platform.
func operatorsOn(p digest.Platform, operators []string) []string {
	var out []string
	for _, o := range operators {
		if id, ok := strings.CutPrefix(o, string(p)+":"); ok {
			out = append(out, id)
		}
	}
	return out
}

// rates are how fast the platforms are written to: what the configuration says, else the
// defaults.
func rates(cfg config, p digest.Platform) desk.Rate {
	rate := desk.DefaultRates[p]
	if own := map[digest.Platform]float64{digest.Telegram: cfg.TelegramRate, digest.Discord: cfg.DiscordRate}[p]; own > 0 {
		rate.PerSecond = own
	}
	return rate
}

// stopTime is how long a stopping program waits for answers under way.
const stopTime = 10 * time.Second

// serve runs the bot until ctx ends or no platform is left.
func (p *program) serve(ctx context.Context) (err error) {
	if p.running != nil {
		return errors.New("the bot is running already")
	}
	cfg, err := loadConfig(p.flags.env)
	if err != nil {
		return err
	}
	if !postgres.IsAddress(cfg.Store) && answers(cfg.Store) {
		return &exitError{code: exitConfig, err: fmt.Errorf("the bot is running already on %s; newsdigest status tells how it is doing", cfg.Store)}
	}
	log := cfg.logger(p.flags.debug)
	var h *house // there before anybody listens
	running, err := platforms(cfg, log, func(p digest.Platform, err error) { h.desk.Connected(p, err, time.Now()) })
	if err != nil {
		return err
	}
	h, err = configured(ctx, cfg, log, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.listen(ctx, cfg.Store); err != nil {
		return err
	}
	h.desk.SetStorage(h.storage)
	if err := errors.Join(h.observe(ctx), h.pages(ctx, time.Now)); err != nil {
		return err
	}
	for name, pf := range running {
		h.bot.Add(name, pf.talker)
		h.desk.SetMessenger(name, pf.talker, rates(cfg, name))
	}
	return p.work(ctx, h, running)
}

// work lets the desk and the platforms work until ctx ends, or until the last platform
// has given up.
func (p *program) work(ctx context.Context, h *house, running map[digest.Platform]platform) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	leave, err := h.join(ctx)
	if err != nil {
		return err
	}
	defer leave()
	defer context.AfterFunc(ctx, h.desk.Leave)()
	var all sync.WaitGroup
	all.Go(func() { h.watch(ctx, stop) })
	all.Go(func() { h.desk.Run(ctx) })
	all.Go(func() { h.retryStarter(ctx) })
	if h.cfg.Backups != "" {
		all.Go(func() { h.backUp(ctx, h.cfg.Backups) })
	}
	fmt.Fprintf(p.errs, "newsdigest %s   store %s\n", version(), h.engine.where)
	refused := p.hear(ctx, h, running)
	stop()
	wait(&all, h.bot)
	select {
	case <-h.engine.Lost():
		return errors.New("the store takes no more updates, the log says why; nothing that was recorded is lost. " +
			"Look after the disk and start newsdigest again")
	default:
	}
	if refused {
		return &exitError{code: exitConfig, err: errors.New("no platform is left")}
	}
	return nil
}

// hear lets all platforms listen until ctx ends, or until all have refused the bot.
func (p *program) hear(ctx context.Context, h *house, running map[digest.Platform]platform) (refused bool) {
	var ears []bot.Ear
	for name, pf := range running {
		ears = append(ears, h.ears(name, pf)...)
	}
	ended := make(chan error, len(ears))
	for _, e := range ears {
		go func() {
			err := h.bot.Listen(ctx, e)
			if err != nil {
				fmt.Fprintf(p.errs, "newsdigest: %s is off: %v\n", e.Platform, err)
			}
			ended <- err
		}()
	}
	refused = true
	for range ears {
		refused = <-ended != nil && refused
	}
	return refused
}

// watch stops the program when the store takes no more updates: it must not go on as if
// it remembered what it does.
func (h *house) watch(ctx context.Context, stop func()) {
	select {
	case <-h.engine.Lost():
		h.distress()
		stop()
	case <-ctx.Done():
	}
}

// distressTime is how long the operators may take to be told that the store is lost.
const distressTime = 10 * time.Second

// distress tells the operators that the store takes no more updates.
func (h *house) distress() {
	ctx, cancel := context.WithTimeout(context.Background(), distressTime)
	defer cancel()
	now := time.Now()
	if err := h.desk.Distress(ctx, digest.Problem{Kind: digest.StoreLost, Since: now}, now); err != nil {
		h.log.Error("not all operators were told that the store is lost", "error", err)
	}
}

// wait waits for what is under way, but not longer than stopTime.
func wait(all *sync.WaitGroup, b *bot.Bot) {
	done := make(chan struct{})
	go func() {
		all.Wait()
		b.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(stopTime):
	}
}
