package store

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/store/kv"
	"newsdigest/store/postgres"
	"newsdigest/store/postgres/pgtest"
)

var subscriptions = flag.Int("subscriptions", 1200, "how many subscriptions TestMove moves and BenchmarkScale stores")

// openPostgres opens an empty PostgreSQL database.
func openPostgres(t testing.TB) kv.Engine {
	t.Helper()
	e, err := postgres.Open(t.Context(), pgtest.Start(t))
	check(t, err)
	t.Cleanup(func() { e.Close() })
	return e
}

// belongs are the pairs of an engine that are the store's, not its processes'.
func belongs(t testing.TB, e kv.Engine) map[string]string {
	t.Helper()
	out := dump(t, e)
	maps.DeleteFunc(out, func(key, _ string) bool {
		return strings.HasPrefix(key, "lease/") || strings.HasPrefix(key, "meta/touched/")
	})
	return out
}

// TestMove moves a store from a file to PostgreSQL, cut off again and again, and back
// into another file: both copies are the store, key for key, and the source is as it was.
func TestMove(t *testing.T) {
	file, database, back := openEngine(t), openPostgres(t), openEngine(t)
	s := openStore(t, file)
	fillEveryKind(t, s)
	fillDue(t, s, *subscriptions)
	check(t, file.Update(t.Context(), func(tx kv.Tx) error {
		return errors.Join(tx.Put([]byte("lease/part/00"), []byte(`{"holder":"dead","epoch":7}`)),
			tx.Put([]byte("meta/touched/dead"), []byte("1")),
			tx.Put([]byte("zz/large"), make([]byte, kv.MaxBytes-100)))
	}))
	before := dump(t, file)
	want := belongs(t, file)

	began := time.Now()
	to := moveInParts(t, file, database)
	toTook := time.Since(began)
	if d := cmp.Diff(want, dump(t, database)); d != "" {
		t.Fatalf("in PostgreSQL (-want +got):\n%s", d)
	}
	began = time.Now()
	from := must[Moved](t)(Move(t.Context(), database, back, nil))
	t.Logf("%d subscriptions, %d keys, %d bytes: %v to PostgreSQL, %v back", *subscriptions, to.Keys, to.Bytes,
		toTook.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	if d := cmp.Diff(want, dump(t, back)); d != "" {
		t.Fatalf("in the file (-want +got):\n%s", d)
	}
	if d := cmp.Diff(before, dump(t, file)); d != "" {
		t.Errorf("the source has changed (-before +after):\n%s", d)
	}
	if to != from || to.Keys != len(want) || to.Sum == "" {
		t.Errorf("moved %+v there and %+v back, want %d keys", to, from, len(want))
	}
	openStore(t, back)
}

// moveInParts moves a store, cut off after every few updates.
func moveInParts(t testing.TB, from, to kv.Engine) Moved {
	t.Helper()
	for parts := 1; ; parts++ {
		m, err := Move(t.Context(), from, &cutOff{to, 3 + parts*parts}, nil)
		if err == nil {
			if parts < 2 {
				t.Error("the move was never cut off")
			}
			return m
		}
		if !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), to); !errors.Is(err, ErrMoving) {
			t.Fatalf("open a part of a store: %v; want ErrMoving", err)
		}
	}
}

// TestMoveTellsProgress counts up to all.
func TestMoveTellsProgress(t *testing.T) {
	from, to := openEngine(t), openEngine(t)
	fillDue(t, openStore(t, from), 300)
	var last Moved
	m := must[Moved](t)(Move(t.Context(), from, to, func(m Moved) {
		if m.Keys <= last.Keys {
			t.Errorf("%d after %d", m.Keys, last.Keys)
		}
		last = m
	}))
	if last.Keys != m.Keys || last.Bytes != m.Bytes {
		t.Errorf("progress ended with %+v, moved %+v", last, m)
	}
}

func TestMoveRefuses(t *testing.T) {
	full := func(t *testing.T) kv.Engine {
		e := openEngine(t)
		fillDue(t, openStore(t, e), 600)
		return e
	}
	cut := func(t *testing.T, from kv.Engine) kv.Engine {
		to := openEngine(t)
		if _, err := Move(t.Context(), from, &cutOff{to, 2}, nil); !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		return to
	}
	write := func(t *testing.T, e kv.Engine, key, value string) kv.Engine {
		check(t, e.Update(t.Context(), func(tx kv.Tx) error { return tx.Put([]byte(key), []byte(value)) }))
		return e
	}
	for _, tt := range []struct {
		name     string
		from, to func(*testing.T) kv.Engine
		want     error
	}{
		{"nothing there", func(t *testing.T) kv.Engine { return openEngine(t) }, func(t *testing.T) kv.Engine { return openEngine(t) }, ErrEmpty},
		{"a newer schema", func(t *testing.T) kv.Engine { return write(t, full(t), "meta/schema", fmt.Sprint(Schema+1)) },
			func(t *testing.T) kv.Engine { return openEngine(t) }, ErrNewerSchema},
		{"another store", full, full, ErrNotEmpty},
		{"something else", full, func(t *testing.T) kv.Engine { return write(t, openEngine(t), "a", "b") }, ErrNotEmpty},
		{"a part of another store", full, func(t *testing.T) kv.Engine { return cut(t, full(t)) }, ErrNotEmpty},
		{"from a part", func(t *testing.T) kv.Engine { return cut(t, full(t)) }, func(t *testing.T) kv.Engine { return openEngine(t) }, ErrEmpty},
		{"from a large part", func(t *testing.T) kv.Engine { return write(t, full(t), "meta/move", "{}") }, func(t *testing.T) kv.Engine { return openEngine(t) }, ErrMoving},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from, to := tt.from(t), tt.to(t)
			before := dump(t, to)
			if _, err := Move(t.Context(), from, to, nil); !errors.Is(err, tt.want) {
				t.Errorf("move: %v; want %v", err, tt.want)
			}
			if d := cmp.Diff(before, dump(t, to)); d != "" {
				t.Errorf("written all the same (-before +after):\n%s", d)
			}
		})
	}
}

// TestMoveOfWhatChanges: a source that was written to between two parts is found out.
func TestMoveOfWhatChanges(t *testing.T) {
	for _, change := range []func(kv.Tx) error{
		func(tx kv.Tx) error { return tx.Put([]byte("addr/changed"), []byte(`"x"`)) },
		func(tx kv.Tx) error { return tx.Delete(addressKey(testChat(1).Address.Key())) },
	} {
		from, to := openEngine(t), openEngine(t)
		fillDue(t, openStore(t, from), 600)
		if _, err := Move(t.Context(), from, &cutOff{to, 3}, nil); !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		check(t, from.Update(t.Context(), change))
		if _, err := Move(t.Context(), from, to, nil); !errors.Is(err, ErrMovedWrong) {
			t.Errorf("move: %v; want ErrMovedWrong", err)
		}
		if _, err := Open(t.Context(), to); !errors.Is(err, ErrMoving) {
			t.Errorf("open what is not the same: %v", err)
		}
	}
}

// TestBusy: a process that shows life is seen, one that has left its sign behind is not.
func TestBusy(t *testing.T) {
	s := newStore(t)
	check(t, busy(t.Context(), s.kv, time.Hour)) // nobody to wait for
	check(t, s.saveBeat(t.Context(), "gone", beat{N: 3}))
	check(t, busy(t.Context(), s.kv, time.Millisecond))
	for p, err := range movable(t.Context(), s.kv, nil) {
		if err != nil || strings.HasPrefix(string(p.Key), "process/") {
			t.Errorf("%s would be moved, %v", p.Key, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for n := uint64(1); ctx.Err() == nil; n++ {
			if err := s.saveBeat(ctx, "here", beat{N: n}); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	}()
	if err := busy(t.Context(), s.kv, 200*time.Millisecond); !errors.Is(err, ErrInUse) {
		t.Errorf("with signs of life: %v; want ErrInUse", err)
	}
	cancel()
	<-ended
}
