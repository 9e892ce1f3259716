package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"newsdigest/store"
	"newsdigest/store/postgres"
)

func (p *program) migrateCommand() *cobra.Command {
	var to string
	c := &cobra.Command{
		Use: "migrate --to STORE", Short: "Copy the store from a file to PostgreSQL, or back", Args: cobra.NoArgs,
		Long: "Copies all that NEWSDIGEST_STORE holds into an empty database (postgres://user@host:5432/database) or a new file,\n" +
			"and compares the two, key for key. No bot may run on either. The store it copies from is only read.\n" +
			"Cut off, it goes on where it was when it is started again.\n\n" +
			"A password need not be typed: PGPASSWORD and ~/.pgpass are read, too.",
		Example: "  newsdigest migrate --to postgres://newsdigest@db.example:5432/newsdigest",
		RunE:    func(c *cobra.Command, _ []string) error { return p.migrate(c.Context(), to) },
	}
	c.Flags().StringVar(&to, "to", "", "the file, or the address of the database")
	return c
}

func (p *program) migrate(ctx context.Context, name string) error {
	if p.running != nil {
		return errInUse
	}
	if name == "" || !postgres.IsAddress(name) && filepath.Base(name) == "." {
		return &exitError{code: exitUsage, err: errors.New("say where to: newsdigest migrate --to FILE, or --to postgres://user@host:5432/database")}
	}
	cfg, err := loadConfig(p.flags.env)
	if err != nil {
		return err
	}
	if name == cfg.Store || sameFile(name, cfg.Store) {
		return &exitError{code: exitUsage, err: errors.New("the store is there already")}
	}
	from, err := openEngine(ctx, cfg.Store)
	if err != nil {
		return err
	}
	to, err := openEngine(ctx, name)
	if err != nil {
		return errors.Join(err, from.Close())
	}
	moved, err := store.Move(ctx, from, to, p.moving())
	if err = errors.Join(moveError(err, from.where, to.where), to.Close(), from.Close()); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d keys, %s, are in %s now, compared one by one (SHA-256 %.16s).\n", moved.Keys, bytesIn(moved.Bytes), to.where, moved.Sum)
	fmt.Fprintf(p.out, "Set NEWSDIGEST_STORE to it and start the bot. %s is as it was: keep it for a while, and never run a bot on both.\n", from.where)
	return nil
}

// moving counts on a terminal what has been moved.
func (p *program) moving() func(store.Moved) {
	if p.flags.quiet || p.columns == 0 {
		return nil
	}
	return func(m store.Moved) { fmt.Fprintf(p.errs, "\r%d keys, %s\x1b[K", m.Keys, bytesIn(m.Bytes)) }
}

// moveError says what to do about a store that was not moved.
func moveError(err error, from, to string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrEmpty):
		return fmt.Errorf("there is nothing in %s yet", from)
	case errors.Is(err, store.ErrInUse):
		return fmt.Errorf("a bot is running on %s; stop it first", from)
	case errors.Is(err, store.ErrMoving):
		return fmt.Errorf("%s is itself a copy that is not finished; start that one again", from)
	case errors.Is(err, store.ErrNotEmpty):
		return fmt.Errorf("%s: %w; give an empty one", to, err)
	case errors.Is(err, store.ErrMovedWrong):
		return fmt.Errorf("%s: %w. %s has changed since the first part was copied, or a disk is bad: empty the copy and start again",
			to, err, from)
	}
	return fmt.Errorf("%w; start the same command again and it goes on from here", err)
}

// sameFile tells whether two names lead to one file.
func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}
