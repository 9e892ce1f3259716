package bolt_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

// Who opens a store while another writes to it finds it in use or whole, never damaged:
// what is looked at is the file as it is once the writer has left.
func TestOpenBesideWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "news.db")
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			for i := range 10 {
				err := writeOnce(t, path, fmt.Sprint(n, " ", i))
				if err != nil && !errors.Is(err, bolt.ErrLocked) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// writeOnce opens the store, writes to it and closes it.
func writeOnce(t *testing.T, path, key string) error {
	e, err := bolt.Open(path)
	if err != nil {
		return err
	}
	for range 3 {
		err = errors.Join(err, e.Update(t.Context(), func(tx kv.Tx) error { return tx.Put([]byte(key), make([]byte, 5000)) }))
	}
	return errors.Join(err, e.Close())
}
