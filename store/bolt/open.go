package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Errors of Open; callers ask with errors.Is.
var (
	// ErrLocked: another process has the file open.
	ErrLocked = errors.New("another process is using it")
	// ErrCorrupt: the file is not a store, or is damaged.
	ErrCorrupt = errors.New("the file is damaged or not a newsdigest store")
	// ErrReadOnly: the file or its folder may not be written.
	ErrReadOnly = errors.New("no permission to write")
)

// lockWait is how long Open waits for a process that is just leaving.
const lockWait = time.Second

// Open opens the store in the file, making it and its folder (for the owner only) if
// they are missing. A file made for the first time appears whole or not at all.
func Open(path string) (*Engine, error) {
	db, err := prepare(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, explain(err))
	}
	return &Engine{db: db, lost: make(chan struct{})}, nil
}

func prepare(path string) (*bbolt.DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 && info.Mode().IsRegular():
		if err := create(path); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: it is not a regular file", ErrCorrupt)
	}
	if err := inspect(path); err != nil {
		return nil, err
	}
	return open(path, false)
}

// explain turns what the system and bbolt say into what a person can act on.
func explain(err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrLocked
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrVersionMismatch),
		errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrInvalidMapping):
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return err
}

// open opens the file with bbolt. A damaged file makes bbolt panic.
func open(path string, readOnly bool) (db *bbolt.DB, err error) {
	defer contain(&err)
	return bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:      lockWait,
		FreelistType: bbolt.FreelistMapType,
		// The list of free pages is found again at the next start instead of being
		// written with every commit.
		NoFreelistSync: true,
		NoStatistics:   true,
		ReadOnly:       readOnly,
	})
}

// contain turns a panic, also one from a page that the file does not have, into ErrCorrupt.
func contain(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("%w: %v", ErrCorrupt, v)
	}
}

// create makes an empty store beside path and moves it there when it is whole. If
// another process was faster, its file stays.
func create(path string) error {
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if err := temp.Close(); err != nil {
		return err
	}
	if err := initialize(temp.Name()); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
		return os.Rename(temp.Name(), path) // somebody made an empty file for us
	}
	// A link, unlike a rename, does not replace what is there.
	if err := os.Link(temp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		if err := os.Rename(temp.Name(), path); err != nil { // no links on this file system
			return err
		}
	}
	return syncDir(filepath.Dir(path))
}

// initialize writes an empty store.
func initialize(path string) error {
	db, err := open(path, false)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucket)
		return err
	})
	return errors.Join(err, db.Close())
}

// syncDir makes a new name in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) { // some file systems cannot
		return err
	}
	return nil
}

// inspect walks through every page of the file that holds keys, in this goroutine: bbolt's
// own walk at open runs in another one, where nobody could contain what a damaged page
// does.
func inspect(path string) (err error) {
	if err := checkLength(path); err != nil {
		return err
	}
	db, err := open(path, true)
	if err != nil {
		return err
	}
	// Closing would wait for the transaction of a walk that panicked.
	tx, err := db.Begin(false)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	err = walk(tx)
	return errors.Join(err, tx.Rollback(), db.Close())
}

// walk reads the first and the last byte of every key and value.
func walk(tx *bbolt.Tx) (err error) {
	defer contain(&err)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	b := tx.Bucket(bucket)
	if b == nil {
		return fmt.Errorf("%w: it holds something else", ErrCorrupt)
	}
	var last []byte
	c := b.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if v == nil || bytes.Compare(last, k) >= 0 { // a bucket inside, keys out of order
			return fmt.Errorf("%w: a page of it is not as it was written", ErrCorrupt)
		}
		last = append(append(last[:0], k...), firstAndLast(v)...)[:len(k)]
	}
	return nil
}

// firstAndLast reads as much of a value as shows that the file has all of it.
func firstAndLast(v []byte) []byte {
	if len(v) == 0 {
		return nil
	}
	return []byte{v[0], v[len(v)-1]}
}
