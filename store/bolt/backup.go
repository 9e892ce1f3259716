package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"

	"newsdigest/store/kv"
)

// Backup writes the store as it is at one moment into the file at path, while updates go
// on, and returns its size in bytes. The copy is read through before it takes the place
// of what was there; if anything fails, what was there stays.
func (e *Engine) Backup(ctx context.Context, path string) (size int64, err error) {
	if e.at(path) {
		return 0, fmt.Errorf("back up: %w", ErrSelf)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return 0, fmt.Errorf("back up: %w", explain(err))
	}
	defer os.Remove(temp.Name())
	err = e.db.View(func(tx *bbolt.Tx) error {
		size, err = tx.WriteTo(whileActive{ctx, temp})
		return err
	})
	if err := errors.Join(ctx.Err(), err, temp.Sync(), temp.Close()); err != nil {
		return 0, fmt.Errorf("back up: %w", explain(err))
	}
	if err := Verify(temp.Name()); err != nil {
		return 0, fmt.Errorf("back up: %w", err)
	}
	if err := errors.Join(os.Rename(temp.Name(), path), syncDir(filepath.Dir(path))); err != nil {
		return 0, fmt.Errorf("back up: %w", explain(err))
	}
	return size, nil
}

// at tells whether a path leads to the store's own file.
func (e *Engine) at(path string) bool {
	there, err := os.Stat(path)
	if err != nil {
		return false
	}
	mine, err := os.Stat(e.db.Path())
	return err == nil && os.SameFile(mine, there)
}

// whileActive writes until a context ends.
type whileActive struct {
	ctx context.Context
	w   io.Writer
}

func (w whileActive) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.w.Write(p)
}

// Verify reads the file at path through; the error says what is wrong with it. A file
// that a process writes to is refused with ErrLocked.
func Verify(path string) error {
	if info, err := os.Stat(path); err != nil {
		return explain(err)
	} else if !info.Mode().IsRegular() || info.Size() == 0 {
		return fmt.Errorf("%w: %s is not a file with something in it", ErrCorrupt, path)
	}
	if _, err := inspect(path, true); err != nil {
		return explain(err)
	}
	return nil
}

// Restore puts a verified copy of the backup in the place of the store at path, after
// prepare has changed the copy. What was there, whole or damaged, is kept under the name
// it returns, empty if there was nothing. Cut off at any moment, there is either the old
// store or the new one. A store that a process has open is refused with ErrLocked.
func Restore(path, backup string, now time.Time, prepare func(kv.Engine) error) (kept string, err error) {
	if err := Verify(backup); err != nil {
		return "", fmt.Errorf("restore %s: %w", backup, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("restore: %w", explain(err))
	}
	// Held until the end, so that no process opens the store meanwhile. A damaged one
	// does not open, and then nobody has it open either.
	present, err := openPresent(path)
	if err != nil {
		return "", err
	}
	if present != nil {
		defer present.Close()
	}
	fresh, err := prepared(path, backup, prepare)
	if err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	defer os.Remove(fresh)
	if kept, err = keep(path, now); err != nil {
		return "", fmt.Errorf("restore: keep what is there: %w", explain(err))
	}
	if err := errors.Join(os.Rename(fresh, path), syncDir(filepath.Dir(path))); err != nil {
		return kept, fmt.Errorf("restore: %w", explain(err))
	}
	return kept, nil
}

// openPresent opens the store that is there, nil if none is or it is damaged.
func openPresent(path string) (*bbolt.DB, error) {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return nil, nil
	}
	db, err := open(path, true)
	if err = explain(err); errors.Is(err, ErrLocked) {
		return nil, fmt.Errorf("restore %s: %w", path, err)
	}
	if err != nil {
		return nil, nil
	}
	return db, nil
}

// prepared is a copy of the backup beside path, changed by prepare and durable.
func prepared(path, backup string, prepare func(kv.Engine) error) (name string, err error) {
	name, err = copyBeside(path, backup)
	if err != nil {
		return "", explain(err)
	}
	defer func() {
		if err != nil {
			os.Remove(name)
		}
	}()
	e, err := Open(name)
	if err != nil {
		return "", err
	}
	return name, errors.Join(prepare(e), e.Close())
}

// copyBeside copies a file to a new name beside path and flushes it.
func copyBeside(path, from string) (string, error) {
	in, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		os.Remove(out.Name())
		return "", err
	}
	return out.Name(), nil
}

// keep gives the file at path a second name, so that replacing it loses nothing.
func keep(path string, now time.Time) (string, error) {
	name := path + ".before-" + now.UTC().Format("20060102T150405.000Z")
	err := os.Link(path, name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err == nil || errors.Is(err, fs.ErrExist) {
		return name, err
	}
	temp, err := copyBeside(path, path) // no links on this file system
	if err != nil {
		return "", err
	}
	return name, os.Rename(temp, name)
}
