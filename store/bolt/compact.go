package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"go.etcd.io/bbolt"

	"newsdigest/store/kv"
)

// compactFill is how full a compacted file's pages are. Less would leave room for rows that
// grow, but of rows of a third of a page only two would fit, and the file would be larger
// than before.
const compactFill = 1.0

// copyBytes is how much a compaction copies in one transaction.
const copyBytes = 8 << 20

// Compacted are the sizes of a file before and after its compaction, in bytes.
type Compacted struct {
	Before, After int64
}

// Compact writes all that is in the file beside it without the free space, checks that the
// copy has every row, lets prepare change it, and puts it in the file's place unless it is
// larger. Cut off at any moment, there is either the old file or the new one, whole. A
// store that a process has open is refused with ErrLocked. Progress is told how many rows
// are copied.
func Compact(ctx context.Context, path string, progress func(rows int), prepare func(kv.Engine) error) (c Compacted, err error) {
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return c, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return c, err
	}
	e, err := Open(path) // keeps all others out until the end
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	if err := removeLeft(path); err != nil {
		return c, fmt.Errorf("compact: %w", explain(err))
	}
	fresh, err := e.compacted(ctx, path, progress)
	if err != nil {
		return c, fmt.Errorf("compact: %w", explain(err))
	}
	defer os.Remove(fresh)
	if err := finish(fresh, prepare); err != nil {
		return c, fmt.Errorf("compact: %w", explain(err))
	}
	after, err := os.Stat(fresh)
	if err != nil {
		return c, err
	}
	if after.Size() > info.Size() {
		return Compacted{Before: info.Size(), After: info.Size()}, nil // it stays as it is
	}
	err = errors.Join(os.Chmod(fresh, info.Mode().Perm()), os.Rename(fresh, path), syncDir(filepath.Dir(path)))
	return Compacted{Before: info.Size(), After: after.Size()}, explain(err)
}

// removeLeft removes what was left behind beside a file by work on it that was cut off.
// The caller has the file open, so nobody else is at it.
func removeLeft(path string) error {
	left, err := filepath.Glob(path + ".new-*")
	errs := []error{err}
	for _, name := range left {
		errs = append(errs, os.Remove(name))
	}
	return errors.Join(errs...)
}

// compacted writes the copy and compares it with the file; the caller removes it.
func (e *Engine) compacted(ctx context.Context, path string, progress func(rows int)) (name string, err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return "", err
	}
	name = temp.Name()
	defer func(made string) {
		if err != nil {
			os.Remove(made)
		}
	}(name)
	if err := errors.Join(temp.Close(), initialize(name)); err != nil {
		return "", err
	}
	to, err := open(name, false)
	if err != nil {
		return "", err
	}
	to.NoSync = true // flushed once, below
	err = e.copyTo(ctx, to, progress)
	if err == nil {
		err = to.Sync()
	}
	return name, errors.Join(err, to.Close())
}

// copyTo copies all rows into an empty file and reads them there again.
func (e *Engine) copyTo(ctx context.Context, to *bbolt.DB, progress func(rows int)) (err error) {
	defer contain(&err)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	from, err := e.db.Begin(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Rollback()) }()
	c := from.Bucket(bucket).Cursor()
	rows := 0
	for k, v := c.First(); k != nil; {
		err := to.Update(func(tx *bbolt.Tx) error {
			b := tx.Bucket(bucket)
			b.FillPercent = compactFill
			for n := 0; k != nil && n < copyBytes; k, v = c.Next() {
				if err := b.Put(k, v); err != nil {
					return err
				}
				n += len(k) + len(v)
				rows++
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
		if progress != nil {
			progress(rows)
		}
	}
	return to.View(func(tx *bbolt.Tx) error { return same(from, tx) })
}

// same compares the rows of two files.
func same(a, b *bbolt.Tx) error {
	ca, cb := a.Bucket(bucket).Cursor(), b.Bucket(bucket).Cursor()
	ka, va := ca.First()
	kb, vb := cb.First()
	for ka != nil || kb != nil {
		if !bytes.Equal(ka, kb) || !bytes.Equal(va, vb) {
			return fmt.Errorf("%w: the copy differs at %q", ErrCorrupt, ka)
		}
		ka, va = ca.Next()
		kb, vb = cb.Next()
	}
	return nil
}

// finish lets prepare change the copy, closes it like a store and reads it through.
func finish(fresh string, prepare func(kv.Engine) error) error {
	e, err := Open(fresh)
	if err != nil {
		return err
	}
	if err := errors.Join(prepare(e), e.Close()); err != nil {
		return err
	}
	return Verify(fresh)
}

// Usage is what a file's bytes are used for.
type Usage struct {
	Bytes int64 // the file
	Free  int64 // pages that nothing is on; later writes use them
	Rows  int64 // keys and values with what bbolt needs for them
	Slack int64 // the rest of the pages that they are on
}

// Usage tells what the file's bytes are used for. It reads the head of every page.
func (e *Engine) Usage(ctx context.Context) (u Usage, err error) {
	info, err := os.Stat(e.db.Path())
	if err != nil {
		return u, err
	}
	err = e.view(ctx, func(b *bbolt.Bucket) {
		s := b.Stats()
		used := int64(s.LeafAlloc + s.BranchAlloc)
		u = Usage{Bytes: info.Size(), Rows: int64(s.LeafInuse + s.BranchInuse)}
		u.Slack = used - u.Rows
		u.Free = max(0, info.Size()-used-3*int64(e.db.Info().PageSize)) // two meta pages and the root
	})
	return u, err
}
