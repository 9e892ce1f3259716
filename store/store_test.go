package store

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

// start is the time at which most tests begin.
var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// TestMain lets the properties take seconds: every random step is flushed to disk. A long
// run is go test ./store -rapid.checks=1000.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "20"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// twice runs every update's function a first time for nothing, as an engine may.
type twice struct{ kv.Engine }

func (e twice) Update(ctx context.Context, fn func(kv.Tx) error) error {
	return e.Engine.Update(ctx, func(tx kv.Tx) error {
		_ = kv.NewStaged(tx.Get).Run(fn)
		return fn(tx)
	})
}

// errCut is the error of an update that cutOff did not let through.
var errCut = errors.New("cut off by the test")

// cutOff lets so many updates through and then no more, like a crash.
type cutOff struct {
	kv.Engine
	left int
}

func (e *cutOff) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if e.left--; e.left < 0 {
		return errCut
	}
	return e.Engine.Update(ctx, fn)
}

func openEngine(t testing.TB) kv.Engine {
	t.Helper()
	e, err := bolt.Open(filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func openStore(t testing.TB, e kv.Engine) *Store {
	t.Helper()
	s, err := Open(context.Background(), e)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newStore(t testing.TB) *Store { return openStore(t, twice{openEngine(t)}) }

// must is for calls whose error ends the test.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// addChat stores a chat at a Telegram channel with this number.
func addChat(t testing.TB, s *Store, n int) digest.Chat {
	t.Helper()
	return must[digest.Chat](t)(s.CreateChat(t.Context(), testChat(n)))
}

func testChat(n int) digest.Chat {
	return digest.NewChat(digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(n)}, "en", []string{"en"}, start)
}

func testSource(n int) digest.Source {
	url := fmt.Sprintf("https://source%d.example/feed", n)
	return digest.Source{ID: digest.NewSourceID(url), URL: url, Name: fmt.Sprintf("Source %d", n)}
}

// marks are what is remembered of entries with these keys; nil of none.
func marks(keys ...string) (out []digest.EntryMark) {
	for i, k := range keys {
		h := digest.EntryHash(k)
		out = append(out, digest.EntryMark{Key: h, Print: ^h, Published: start.Add(-time.Duration(i) * time.Hour)})
	}
	return out
}

// testArticle is n minutes older than found; the page of every fifth waits to be read.
func testArticle(n int, found time.Time) digest.Article {
	link := fmt.Sprintf("https://source.example/%d", n)
	return digest.Article{
		ID: digest.NewArticleID(link, "Title", "", ""), Source: testSource(0).ID, Title: "Title", Link: link,
		Published: found.Add(-time.Duration(n) * time.Minute), Found: found, Text: "Text.",
		Unread: n%5 == 2,
	}
}

func subscription(c digest.Chat, ordinal int, at time.Time) digest.Subscription {
	return digest.Subscription{
		ID: digest.NewSubscriptionID(c.ID, ordinal), Ordinal: ordinal, Created: start,
		Schedule: digest.Schedule{Days: digest.EveryDay, Times: []int{480}}, Next: slotAt(at),
	}
}

func slotAt(at time.Time) digest.Slot {
	return digest.Slot{Local: at.Format("2006-01-02T15:04"), At: at}
}

// dump is everything in an engine.
func dump(t testing.TB, e kv.Engine) map[string]string {
	t.Helper()
	out := map[string]string{}
	for p, err := range e.Scan(context.Background(), nil, nil) {
		check(t, err)
		out[string(p.Key)] = string(p.Value)
	}
	return out
}
