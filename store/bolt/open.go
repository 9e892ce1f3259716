package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Errors of Open and Backup; callers ask with errors.Is.
var (
	// ErrLocked: another process has the file open.
	ErrLocked = errors.New("another process is using it")
	// ErrCorrupt: the file is not a store, or is damaged.
	ErrCorrupt = errors.New("the file is damaged or not a newsdigest store")
	// ErrReadOnly: the file or its folder may not be written.
	ErrReadOnly = errors.New("no permission to write")
	// ErrSelf: a copy would take the place of the open store itself.
	ErrSelf = errors.New("this is the store itself; name another file")
)

// lockWait is how long Open waits for a process that is just leaving.
const lockWait = time.Second

// Open opens the store in the file, making it and its folder (for the owner only) if
// they are missing. A file made for the first time appears whole or not at all.
func Open(path string) (*Engine, error) {
	db, listed, err := prepare(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, explain(err))
	}
	return &Engine{db: db, listed: listed, lost: make(chan struct{})}, nil
}

// prepare opens the file once it is known to be whole. Listed says that its free pages did
// not have to be looked for.
func prepare(path string) (db *bbolt.DB, listed bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, false, err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 && info.Mode().IsRegular():
		if err := create(path); err != nil {
			return nil, false, err
		}
	case err != nil:
		return nil, false, err
	case info.IsDir():
		return nil, false, errors.New("it is a folder; name a file in it")
	case !info.Mode().IsRegular():
		return nil, false, fmt.Errorf("%w: it is not a regular file", ErrCorrupt)
	}
	if listed, err = inspect(path, false); err != nil {
		return nil, false, err
	}
	db, err = open(path, false)
	return db, listed, err
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
	var file *os.File
	db, err = bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:        lockWait,
		FreelistType:   bbolt.FreelistMapType,
		NoFreelistSync: true, // until a commit says otherwise, see lists
		ReadOnly:       readOnly,
		OpenFile: func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
			file, err = os.OpenFile(name, flag, mode)
			return file, err
		},
	})
	if err == nil && !stands(file, path) {
		return nil, errors.Join(ErrLocked, db.Close())
	}
	return db, err
}

// stands tells whether a path still leads to an open file: who compacts or restores a store
// puts another one there, while others wait for the lock of the one before.
func stands(file *os.File, path string) bool {
	mine, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(mine, there)
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

// quickPages is how many pages a file may have so that opening it reads them all: 256 MiB
// where pages have 4 KiB, a fifth of a second.
const quickPages = 1 << 16

// inspect looks for damage in this goroutine, before bbolt does it at open in another one,
// where nobody could contain what a damaged page does.
//
// Where bbolt has to read everything to find the free pages, since the file has no list of
// them, this does so too. Of a large file with a list only the structure is looked at,
// unless all is asked for: what is wrong in a page with values is found by the read that
// comes upon it, and by whoever verifies the file.
func inspect(path string, all bool) (listed bool, err error) {
	if _, err := checkLength(path); err != nil { // or bbolt reads what is not there
		return false, err
	}
	db, err := open(path, true) // keeps writers out
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	m, err := checkLength(path) // a writer may have been at it until now
	if err != nil {
		return false, err
	}
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	listed = m.Freelist != noFreelist
	err = surveyPages(f, m, all || !listed || m.Pages <= quickPages)
	return listed, errors.Join(err, f.Close())
}
