package bolt

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"testing"

	bolterrors "go.etcd.io/bbolt/errors"
)

func TestExplain(t *testing.T) {
	for _, c := range []struct{ from, want error }{
		{bolterrors.ErrTimeout, ErrLocked},
		{bolterrors.ErrChecksum, ErrCorrupt},
		{bolterrors.ErrInvalid, ErrCorrupt},
		{&os.PathError{Op: "open", Path: "db", Err: syscall.EACCES}, ErrReadOnly},
		{&os.LinkError{Op: "link", Err: syscall.EROFS}, ErrReadOnly},
		{&os.PathError{Op: "open", Path: "db", Err: syscall.ENOSPC}, syscall.ENOSPC},
		{fs.ErrNotExist, fs.ErrNotExist},
	} {
		if got := explain(c.from); !errors.Is(got, c.want) {
			t.Errorf("%v became %v; want %v", c.from, got, c.want)
		}
	}
}
