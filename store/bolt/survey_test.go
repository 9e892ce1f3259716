package bolt

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"newsdigest/store/kv"
)

// closedFile is the content of a store that was written to, with pages free and pages that
// belong together, and then closed; what is in it by key.
func closedFile(t *testing.T) (raw []byte, rows map[string]string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "db")
	e, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	rows = map[string]string{}
	for n := range 600 {
		err := e.Update(t.Context(), func(tx kv.Tx) error {
			k, v := fmt.Sprintf("key %06d", n*7919%100_003), string(bytes.Repeat([]byte{byte(n)}, 100+n%50*200))
			rows[k] = v
			return tx.Put([]byte(k), []byte(v))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw, rows
}

// TestSurvey: with any one byte wrong of the pages that make the structure, a closed file
// is refused, or nothing of it that is in use is called free.
func TestSurvey(t *testing.T) {
	raw, rows := closedFile(t)
	path := filepath.Join(t.TempDir(), "db")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := checkLength(path)
	if err != nil || m.Freelist == noFreelist {
		t.Fatalf("the free pages are not listed: %+v, %v", m, err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 150 {
		bad := bytes.Clone(raw)
		page := m.Freelist
		if random.IntN(2) == 0 {
			page = structural(t, raw, m, random)
		}
		used := pageHeader + 8*int(binary.NativeEndian.Uint16(raw[page*uint64(m.PageSize)+10:]))
		at := page*uint64(m.PageSize) + uint64(random.IntN(used))
		bad[at] ^= byte(1 + random.IntN(255))
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if writeAndRead(t, path, rows) {
			refused++
		}
	}
	t.Logf("%d of 150 refused", refused)
	if refused < 50 {
		t.Errorf("only %d of 150 refused", refused)
	}
}

// structural is one of the branch pages.
func structural(t *testing.T, raw []byte, m meta, random *rand.Rand) uint64 {
	t.Helper()
	var branches []uint64
	for id := uint64(2); id < m.Pages; id++ {
		h := raw[id*uint64(m.PageSize):]
		if binary.NativeEndian.Uint64(h) == id && binary.NativeEndian.Uint16(h[8:]) == branchPage {
			branches = append(branches, id) // or was one
		}
	}
	if len(branches) == 0 {
		t.Fatal("no branch pages")
	}
	return branches[random.IntN(len(branches))]
}

// writeAndRead opens a file that may be damaged, writes so much that free pages are used,
// and reads what was there before. It tells whether the file was refused, which is as good.
func writeAndRead(t *testing.T, path string, rows map[string]string) (refused bool) {
	t.Helper()
	if closed, err := inspect(path, false); errors.Is(err, ErrCorrupt) {
		return true
	} else if err != nil || !closed {
		t.Fatal(closed, err)
	}
	e, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for n := range 20 {
		err := e.Update(context.Background(), func(tx kv.Tx) error {
			return tx.Put(fmt.Appendf(nil, "new %d", n), make([]byte, 5000))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for k, want := range rows {
		got, err := e.Get(context.Background(), []byte(k))
		if err != nil || string(got) != want {
			t.Fatalf("%s: %d bytes of %d, %v", k, len(got), len(want), err)
		}
	}
	return false
}

// TestDamagedLeaf: what a large file is opened with although it is damaged, is found by
// whoever reads or writes there, and ends no process.
func TestDamagedLeaf(t *testing.T) {
	raw, rows := closedFile(t)
	for name, damage := range map[string]func(page []byte){
		"zeros": func(page []byte) { clear(page) },
		"0xff":  func(page []byte) { copy(page, bytes.Repeat([]byte{0xff}, len(page))) },
		"sizes": func(page []byte) {
			for at := pageHeader; at < pageHeader+elementSize*int(binary.NativeEndian.Uint16(page[10:])); at += elementSize {
				binary.NativeEndian.PutUint32(page[at+4:], 1<<30) // where the key is
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "db")
			bad := bytes.Clone(raw)
			for at := 2 * os.Getpagesize(); at < len(bad); at += os.Getpagesize() {
				if page := bad[at : at+os.Getpagesize()]; binary.NativeEndian.Uint16(page[8:]) == leafPage && binary.NativeEndian.Uint16(page[10:]) > 1 {
					damage(page)
				}
			}
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := Verify(path); !errors.Is(err, ErrCorrupt) {
				t.Errorf("verify: %v", err)
			}
			db, err := open(path, false) // as Open does it with a large file
			if err != nil {
				t.Skip("bbolt refuses it: ", err)
			}
			e := &Engine{db: db, lost: make(chan struct{})}
			for k := range rows {
				if _, err := e.Get(t.Context(), []byte(k)); err != nil && !errors.Is(err, ErrCorrupt) && !errors.Is(err, kv.ErrNotFound) {
					t.Fatalf("get: %v", err)
				}
				err := e.Update(t.Context(), func(tx kv.Tx) error {
					if _, err := tx.Get([]byte(k)); err != nil {
						return err
					}
					return tx.Put([]byte(k), nil)
				})
				if err == nil {
					t.Fatal("written where the page is damaged")
				}
			}
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestListed: a file that nobody closed has the list of its free pages, as long as that is
// short, or the store is not in a hurry.
func TestListed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	e, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	update := func(fn func(kv.Tx) error) (listed bool) {
		t.Helper()
		if err := e.Update(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
		m, err := checkLength(path)
		if err != nil {
			t.Fatal(err)
		}
		return m.Freelist != noFreelist
	}
	small := func(tx kv.Tx) error { return tx.Put([]byte("key"), nil) }
	never := time.Now().Add(time.Hour)
	e.mayList = never
	if !update(small) {
		t.Error("a short list is left out")
	}
	row := func(n int) []byte { return fmt.Appendf(nil, "row %06d", n) }
	rows, atOnce := 2*shortList, 500
	for _, value := range [][]byte{make([]byte, 3000), nil} {
		for first := 0; first < rows; first += atOnce {
			update(func(tx kv.Tx) error {
				for n := first; n < first+atOnce; n++ {
					if err := cmp.Or(tx.Delete(row(n)), tx.Put(row(n), value)); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	e.mayList = never
	if update(small) {
		t.Error("a long list is written although others wait")
	}
	e.mayList = time.Time{}
	if !update(small) || !e.mayList.After(time.Now()) {
		t.Error("a long list is not written in time, or again at once")
	}
	raw, err := os.ReadFile(path) // as a kill leaves it
	if err != nil {
		t.Fatal(err)
	}
	killed := filepath.Join(t.TempDir(), "db")
	if err := os.WriteFile(killed, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := Open(killed)
	if err != nil || !again.listed {
		t.Fatalf("what a kill leaves: listed %v, %v", again != nil && again.listed, err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}
