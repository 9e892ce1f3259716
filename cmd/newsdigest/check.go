package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/digest"
)

func (p *program) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Test the tokens and the sources", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.check(c.Context()) },
	}
}

// check tries every token and every source of the starter set, and the operator's own.
func (p *program) check(ctx context.Context) error {
	cfg, err := loadConfig(p.flags.env)
	if err != nil {
		return err
	}
	running, err := platforms(cfg, cfg.logger(p.flags.debug))
	var refused error
	switch {
	case err != nil && cfg.TelegramToken == "" && cfg.DiscordToken == "":
		fmt.Fprintln(p.out, "platforms  no token is set; newsdigest run says how to get one")
	case err != nil:
		return err
	}
	for _, name := range []digest.Platform{digest.Telegram, digest.Discord} {
		pf, ok := running[name]
		if !ok {
			continue
		}
		if who, err := pf.check(ctx); err != nil {
			refused = &exitError{code: exitConfig}
			fmt.Fprintf(p.out, "%-9s  %v\n", name, err)
		} else {
			fmt.Fprintf(p.out, "%-9s  ok, this is %s\n", name, who)
		}
	}
	return errors.Join(refused, p.checkSources(ctx))
}

// checkSources reads the operator's sources now and says how each is doing.
func (p *program) checkSources(ctx context.Context) error {
	return p.withHouse(ctx, func(h *house) error {
		now := time.Now()
		c, err := operator(ctx, h, now)
		if err != nil {
			return err
		}
		ids := h.desk.Follows(c)
		if err := h.desk.ReadNow(ctx, ids, now, p.progress(fmt.Sprintf("Reading %d sources…", len(ids)), len(ids))); err != nil {
			return err
		}
		all, err := h.desk.Sources(ctx, c)
		if err != nil {
			return err
		}
		silent := 0
		for _, s := range all {
			if s.Fetch.Failures > 0 {
				silent++
				fmt.Fprintf(p.out, "source     %s: %s\n", s.Label(), s.Fetch.Problem)
			}
		}
		fmt.Fprintf(p.out, "sources    %d of %d answered\n", len(all)-silent, len(all))
		if silent > 0 {
			return &exitError{code: exitPart}
		}
		return nil
	})
}
