package bolt

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"testing"

	"newsdigest/store/kv"
)

// TestCompactNeverGrows: rows of about a third of a page, written in no order, take less
// room afterwards, and a file that is compact already stays.
func TestCompactNeverGrows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	e, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	value := make([]byte, 1200)
	for from := 0; from < 4000; from += 500 {
		err := e.Update(t.Context(), func(tx kv.Tx) error {
			for i := from; i < from+500; i++ {
				sum := sha256.Sum256(fmt.Append(nil, i))
				if err := tx.Put([]byte("chat/"+hex.EncodeToString(sum[:16])), value); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	first, err := Compact(t.Context(), path, nil, func(kv.Engine) error { return nil })
	if err != nil || first.After >= first.Before {
		t.Errorf("%+v, %v", first, err)
	}
	again, err := Compact(t.Context(), path, nil, func(kv.Engine) error { return nil })
	if err != nil || again.After > first.After {
		t.Errorf("the second time %+v, %v", again, err)
	}
}
