package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/digest"
)

func (p *program) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Test the tokens, the permissions, the sources and the model", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.check(c.Context()) },
	}
}

// check tries every token, the model, the places where digests go, and every source of the
// starter set and the operator's own.
func (p *program) check(ctx context.Context) error {
	return p.withHouse(ctx, func(h *house) error {
		running, err := platforms(h.cfg, h.log, func(digest.Platform, error) {})
		switch {
		case err != nil && h.cfg.TelegramToken == "" && h.cfg.DiscordToken == "":
			fmt.Fprintln(p.out, "platforms  no token is set; newsdigest run says how to get one")
		case err != nil:
			return err
		}
		refused := p.checkTokens(ctx, running)
		return errors.Join(refused, p.checkModel(ctx, h.cfg), p.checkPlaces(ctx, h, running), p.checkSources(ctx, h))
	})
}

// checkTokens asks each platform who the bot is. One that refuses the token is left out of
// what follows.
func (p *program) checkTokens(ctx context.Context, running map[digest.Platform]platform) (refused error) {
	for _, name := range []digest.Platform{digest.Telegram, digest.Discord} {
		pf, ok := running[name]
		if !ok {
			continue
		}
		if who, err := pf.check(ctx); err != nil {
			refused = &exitError{code: exitConfig}
			delete(running, name)
			fmt.Fprintf(p.out, "%-9s  %v\n", name, err)
		} else {
			fmt.Fprintf(p.out, "%-9s  ok, this is %s\n", name, who)
		}
	}
	return refused
}

// checkPlaces says where digests are to go that the bot may not post.
func (p *program) checkPlaces(ctx context.Context, h *house, running map[digest.Platform]platform) error {
	places, closed := 0, 0
	for c, err := range h.store.Chats(ctx) {
		if err != nil {
			return err
		}
		pf, ok := running[c.Address.Platform]
		if !ok || c.Address.Private() || len(c.Active()) == 0 {
			continue
		}
		places++
		missing, err := pf.permits(ctx, c.Address)
		if err == nil && len(missing) == 0 {
			continue
		}
		closed++
		if err != nil {
			fmt.Fprintf(p.out, "place      %s: %v\n", c.Address, err)
			continue
		}
		fmt.Fprintf(p.out, "place      %s: the bot needs %s there\n", c.Address, strings.Join(missing, ", "))
	}
	if places > 0 {
		fmt.Fprintf(p.out, "places     %d of %d can be posted to\n", places-closed, places)
	}
	if closed > 0 {
		return &exitError{code: exitPart}
	}
	return nil
}

// checkSources reads the operator's sources now and says how each is doing.
func (p *program) checkSources(ctx context.Context, h *house) error {
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
}
