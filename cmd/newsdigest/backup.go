package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/store"
	"newsdigest/store/bolt"
	"newsdigest/store/kv"
	"newsdigest/store/postgres"
)

func (p *program) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Write a checked copy of the store, also while the bot runs", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if p.running == nil {
				// The bot that may do this for us runs in another folder.
				file, err := filepath.Abs(args[0])
				if err != nil {
					return err
				}
				p.args[slices.Index(p.args, args[0])], args[0] = file, file
			}
			return p.withHouse(c.Context(), func(h *house) error {
				file, err := h.engine.onFile()
				if err != nil {
					return err
				}
				size, err := file.Backup(c.Context(), args[0])
				if err != nil {
					return err
				}
				fmt.Fprintf(p.out, "%s: %s, read through and whole.\n", args[0], bytesIn(size))
				return nil
			})
		},
	}
}

// bytesIn is a size in words.
func bytesIn(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d KiB", (n+1<<10-1)>>10)
}

func (p *program) restoreCommand() *cobra.Command {
	return &cobra.Command{
		Use: "restore FILE", Short: "Put a backup in the place of the store", Args: cobra.MaximumNArgs(1),
		Long: "Puts a copy of the backup in the place of the store, which is kept under another name. The bot must not run.\n" +
			"What was due since the backup is not sent again, and chats are told of news from now on.\n" +
			"On PostgreSQL bring the database back with the server's own tools, and then type newsdigest restore alone.",
		RunE: func(c *cobra.Command, args []string) error { return p.restore(c.Context(), args) },
	}
}

// errInUse says that a command needs the store for itself.
var errInUse = errors.New("the bot is running on the store; stop it first")

func (p *program) restore(ctx context.Context, files []string) error {
	if p.running != nil {
		return errInUse
	}
	cfg, err := loadConfig(p.flags.env)
	switch {
	case err != nil:
		return err
	case postgres.IsAddress(cfg.Store):
		return p.restoreDatabase(ctx, cfg.Store, files)
	case len(files) == 0:
		return &exitError{code: exitUsage, err: errors.New("name the backup: newsdigest restore FILE")}
	}
	return p.restoreFile(ctx, cfg.Store, files[0])
}

// restoreDatabase lets a database know that the server's tools have brought it back.
func (p *program) restoreDatabase(ctx context.Context, address string, files []string) error {
	if len(files) > 0 {
		return fmt.Errorf("%w. After pg_restore type newsdigest restore alone: what was due since the copy is not sent again", errServer)
	}
	e, err := openEngine(ctx, address)
	if err != nil {
		return err
	}
	r, err := restored(ctx, e, time.Now())
	if err = errors.Join(err, e.Close()); err != nil {
		return err
	}
	p.sayRestored(e.where, r)
	return nil
}

// restored lets a store know that it was brought back from a backup.
func restored(ctx context.Context, e kv.Engine, now time.Time) (store.Restoration, error) {
	s, err := store.Open(ctx, e)
	if err != nil {
		return store.Restoration{}, err
	}
	return s.Restored(ctx, now)
}

func (p *program) sayRestored(where string, r store.Restoration) {
	fmt.Fprintf(p.out, "%s is the store now: %d chats; %d digests that were due are not sent, since they may have been.\n",
		where, r.Chats, r.Suppressed)
}

func (p *program) restoreFile(ctx context.Context, file, backup string) error {
	now := time.Now()
	var r store.Restoration
	kept, err := bolt.Restore(file, backup, now, func(e kv.Engine) (err error) {
		r, err = restored(ctx, e, now)
		return err
	})
	switch {
	case errors.Is(err, bolt.ErrLocked):
		return errInUse
	case errors.Is(err, bolt.ErrCorrupt):
		return fmt.Errorf("%s cannot be restored: %w; the store was not touched", backup, err)
	case err != nil:
		return err
	}
	p.sayRestored(backup, r)
	if kept != "" {
		fmt.Fprintf(p.out, "The one before is kept as %s.\n", kept)
	}
	return nil
}

// The scheduled backups.
const (
	backupEvery  = time.Hour
	backupRetry  = 10 * time.Minute // after one that failed
	backupHours  = 24               // how many of the last are kept
	backupDays   = 7                // and of how many days before them the last one each
	backupPrefix = "newsdigest-"
	backupStamp  = "20060102T150405Z"
	backupSuffix = ".db"
)

// backUp writes a backup into the folder every hour until ctx ends, and removes those
// that are older than is worth keeping.
func (h *house) backUp(ctx context.Context, folder string) {
	for {
		now := time.Now().UTC()
		wait := backupEvery
		if last := newestBackup(folder); now.Sub(last) < backupEvery {
			wait = last.Add(backupEvery).Sub(now)
		} else if err := h.backUpOnce(ctx, folder, now); ctx.Err() == nil {
			if h.backups.ended(err, now); err != nil {
				h.log.Error("no backup was written", "folder", folder, "error", err)
				wait = backupRetry
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (h *house) backUpOnce(ctx context.Context, folder string, now time.Time) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	file, err := h.engine.onFile()
	if err != nil {
		return err
	}
	size, err := file.Backup(ctx, filepath.Join(folder, backupName(now)))
	if err != nil {
		return err
	}
	h.log.Info("backup written", "folder", folder, "bytes", size)
	errs := []error{removeCut(folder, now)}
	for _, t := range outdated(backupsIn(folder)) {
		errs = append(errs, os.Remove(filepath.Join(folder, backupName(t))))
	}
	return errors.Join(errs...)
}

// removeCut removes what backups left behind that were cut off by the end of the program.
func removeCut(folder string, now time.Time) error {
	cut, err := filepath.Glob(filepath.Join(folder, backupPrefix+"*"+backupSuffix+".new-*"))
	errs := []error{err}
	for _, name := range cut {
		if info, err := os.Stat(name); err == nil && now.Sub(info.ModTime()) > backupEvery {
			errs = append(errs, os.Remove(name))
		}
	}
	return errors.Join(errs...)
}

func backupName(t time.Time) string { return backupPrefix + t.Format(backupStamp) + backupSuffix }

// backupTime is when the backup of this name was written; false if none has this name.
func backupTime(name string) (time.Time, bool) {
	stamp := strings.TrimSuffix(strings.TrimPrefix(name, backupPrefix), backupSuffix)
	t, err := time.Parse(backupStamp, stamp)
	return t, err == nil && backupName(t) == name
}

// backupsIn are when the backups in a folder were written, the newest first.
func backupsIn(folder string) []time.Time {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var out []time.Time
	for _, e := range entries {
		if t, ok := backupTime(e.Name()); ok {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b time.Time) int { return b.Compare(a) })
	return out
}

func newestBackup(folder string) time.Time {
	if all := backupsIn(folder); len(all) > 0 {
		return all[0]
	}
	return time.Time{}
}

// outdated are the backups that are not kept, of those given with the newest first.
func outdated(all []time.Time) []time.Time {
	var out []time.Time
	days := map[string]bool{}
	for i, t := range all {
		if i < backupHours {
			continue
		}
		day := t.Format(time.DateOnly)
		if days[day] || len(days) == backupDays {
			out = append(out, t)
			continue
		}
		days[day] = true
	}
	return out
}
