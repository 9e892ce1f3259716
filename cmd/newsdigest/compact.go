package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/store"
	"newsdigest/store/bolt"
	"newsdigest/store/kv"
	"newsdigest/store/postgres"
)

func (p *program) compactCommand() *cobra.Command {
	return &cobra.Command{
		Use: "compact", Short: "Write the store's file anew without its free space", Args: cobra.NoArgs,
		Long: "Writes the store's file anew without the space that nothing is on any more. The bot must not run, and the disk\n" +
			"needs room for the new file beside the old one, which is replaced once the new one has been read through.",
		RunE: func(c *cobra.Command, _ []string) error { return p.compact(c.Context()) },
	}
}

func (p *program) compact(ctx context.Context) error {
	inUse := errors.New("the bot is running on the store; stop it first")
	if p.running != nil {
		return inUse
	}
	cfg, err := loadConfig(p.flags.env)
	if err != nil {
		return err
	}
	if postgres.IsAddress(cfg.Store) {
		return errServer
	}
	if err := roomFor(cfg.Store); err != nil {
		return err
	}
	sizes, err := bolt.Compact(ctx, cfg.Store, p.counting("Rows copied:"), func(e kv.Engine) error {
		s, err := store.Open(ctx, e)
		if err != nil {
			return err
		}
		return s.Compacted(ctx, time.Now().UTC())
	})
	p.endCounting()
	switch {
	case errors.Is(err, bolt.ErrLocked):
		return inUse
	case errors.Is(err, bolt.ErrCorrupt):
		return fmt.Errorf("%s cannot be compacted: %w; it was not touched. Bring back a backup with newsdigest restore FILE", cfg.Store, err)
	case err != nil:
		return err
	}
	fmt.Fprintf(p.out, "%s: %s before, %s now, read through and whole.\n", cfg.Store, bytesIn(sizes.Before), bytesIn(sizes.After))
	return nil
}

// roomFor refuses if the disk has no room for a second file of a store's size.
func roomFor(file string) error {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no store %s to compact", file)
	}
	if err != nil {
		return err
	}
	free, disk := room(filepath.Dir(file))
	if disk > 0 && free < info.Size() {
		return fmt.Errorf("the disk of %s has %s free and up to %s are needed; make room first. Nothing was changed",
			file, bytesIn(free), bytesIn(info.Size()))
	}
	return nil
}

// counting says on a terminal how far something is that has no known end.
func (p *program) counting(what string) func(n int) {
	if p.flags.quiet || p.columns == 0 {
		return nil
	}
	return func(n int) { fmt.Fprintf(p.errs, "\r%s %d", what, n) }
}

// endCounting ends the line of counting.
func (p *program) endCounting() {
	if !p.flags.quiet && p.columns > 0 {
		fmt.Fprintln(p.errs)
	}
}
