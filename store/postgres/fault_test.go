package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"newsdigest/store/kv"
	"newsdigest/store/postgres"
	"newsdigest/store/postgres/pgtest"
)

var faults = map[string]pgtest.Fault{
	"cut": pgtest.Cut, "cut after": pgtest.CutAfter, "late": pgtest.Late, "conflict": pgtest.Conflict,
}

// number reads a decimal counter, 0 if there is none.
func number(get func(key []byte) ([]byte, error), key string) (int, error) {
	raw, err := get([]byte(key))
	if errors.Is(err, kv.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(raw))
}

// step is an update with reads and all kinds of writes: it counts n up, moves a key and
// deletes another.
func step(tx kv.Tx) error {
	n, err := number(tx.Get, "n")
	if err != nil {
		return err
	}
	at := fmt.Appendf(nil, "at/%d", n)
	if _, err := tx.Get(at); err != nil && !errors.Is(err, kv.ErrNotFound) {
		return err
	}
	return errors.Join(tx.Delete(at), tx.Put(fmt.Appendf(nil, "at/%d", n+1), bytes.Repeat([]byte("x"), 100)),
		tx.Put([]byte("n"), strconv.AppendInt(nil, int64(n+1), 10)))
}

// blind is an update that reads nothing, so that all of it is one round trip. It must
// come once: the second time its key is there.
func blind(key string) func(kv.Tx) error {
	return func(tx kv.Tx) error { return tx.Put([]byte(key), []byte("new")) }
}

// TestFaultAtEveryMessage: with one fault at each message that an update sends, in turn,
// every update ends, and is stored exactly once if it reports no error.
func TestFaultAtEveryMessage(t *testing.T) {
	url := pgtest.Start(t)
	direct := open(t, url)
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			p := pgtest.StartProxy(t, url)
			e := open(t, p.URL())
			before, _ := number(get(t, direct), "n")
			updates := 0
			for at, hit := 1, true; hit; at++ {
				hit = false
				p.Plan(func(m pgtest.Message) pgtest.Fault {
					if m.N != at {
						return pgtest.Pass
					}
					hit = true
					return fault
				})
				if err := e.Update(t.Context(), step); err != nil {
					t.Fatalf("fault at message %d: %v", at, err)
				}
				updates++
				if n, err := number(get(t, direct), "n"); err != nil || n != before+updates {
					t.Fatalf("fault at message %d: counted to %d (%v), want %d", at, n, err, before+updates)
				}
			}
			if updates < 8 {
				t.Errorf("only %d messages", updates)
			}
			time.Sleep(2 * pgtest.LateBy) // what is under way arrives, and is refused
			if n, err := number(get(t, direct), "n"); err != nil || n != before+updates {
				t.Errorf("counted to %d (%v) in the end, want %d", n, err, before+updates)
			}
		})
	}
}

func get(t testing.TB, e kv.Engine) func([]byte) ([]byte, error) {
	return func(key []byte) ([]byte, error) { return e.Get(t.Context(), key) }
}

// TestLateWriteIsFencedOut: an update that reads nothing is on its way when its
// connection is lost. What was answered afterwards stays true when it arrives.
func TestLateWriteIsFencedOut(t *testing.T) {
	url := pgtest.Start(t)
	direct := open(t, url)
	p := pgtest.StartProxy(t, url)
	e := open(t, p.URL())
	if err := e.Update(t.Context(), blind("a")); err != nil { // its statements are prepared now
		t.Fatal(err)
	}
	p.Plan(func(m pgtest.Message) pgtest.Fault {
		if m.N == 1 {
			return pgtest.Late
		}
		return pgtest.Pass
	})
	if err := e.Update(t.Context(), blind("a")); err != nil {
		t.Fatal(err)
	}
	if err := direct.Update(t.Context(), func(tx kv.Tx) error { return tx.Put([]byte("a"), []byte("newer")) }); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * pgtest.LateBy)
	if got, err := direct.Get(t.Context(), []byte("a")); err != nil || string(got) != "newer" {
		t.Errorf("a is %q (%v): a write came after its update had ended", got, err)
	}
}

// TestManyFaults: with faults at random messages, also of those that ask what became of
// an update, and several workers, what was reported is what is there.
func TestManyFaults(t *testing.T) {
	const workers, each = 6, 25
	url := pgtest.Start(t)
	direct := open(t, url)
	p := pgtest.StartProxy(t, url)
	e := open(t, p.URL())
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random, hits := rand.New(rand.NewPCG(seed, 0)), 0
	p.Plan(func(pgtest.Message) pgtest.Fault { // one at a time
		if random.IntN(60) > 0 {
			return pgtest.Pass
		}
		hits++
		return []pgtest.Fault{pgtest.Cut, pgtest.CutAfter, pgtest.Late, pgtest.Conflict}[random.IntN(4)]
	})
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				own := fmt.Appendf(nil, "own/%d/%d", w, i)
				err := e.Update(t.Context(), func(tx kv.Tx) error {
					if _, err := tx.Get(own); !errors.Is(err, kv.ErrNotFound) {
						return fmt.Errorf("update %s runs after it was stored: %v", own, err)
					}
					return errors.Join(step(tx), tx.Put(own, nil))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	p.Plan(nil)
	time.Sleep(2 * pgtest.LateBy)
	if n, err := number(get(t, direct), "n"); err != nil || n != workers*each {
		t.Errorf("counted to %d (%v), want %d", n, err, workers*each)
	}
	if hits < 20 {
		t.Errorf("only %d faults", hits)
	}
}

// TestReadsGoOn: gets and scans are asked again over another connection.
func TestReadsGoOn(t *testing.T) {
	url := pgtest.Start(t)
	p := pgtest.StartProxy(t, url)
	e := open(t, p.URL())
	if err := e.Update(t.Context(), func(tx kv.Tx) error {
		var errs []error
		for i := range 100 {
			errs = append(errs, tx.Put(fmt.Appendf(nil, "%03d", i), []byte("v")))
		}
		return errors.Join(errs...)
	}); err != nil {
		t.Fatal(err)
	}
	for name, fault := range faults {
		for at := 1; at < 8; at++ {
			p.Plan(func(m pgtest.Message) pgtest.Fault {
				if m.N == at {
					return fault
				}
				return pgtest.Pass
			})
			if got, err := e.Get(t.Context(), []byte("007")); err != nil || string(got) != "v" {
				t.Errorf("%s at %d: get %q, %v", name, at, got, err)
			}
			n := 0
			for _, err := range e.Scan(t.Context(), nil, nil) {
				if err != nil {
					t.Errorf("%s at %d: scan: %v", name, at, err)
				}
				n++
			}
			if n != 100 {
				t.Errorf("%s at %d: %d pairs", name, at, n)
			}
		}
	}
}

// TestHangs: a server that takes everything and answers nothing is given up, and another
// connection tells what became of the update.
func TestHangs(t *testing.T) {
	url := pgtest.Start(t)
	direct := open(t, url)
	for at := 1; at <= 6; at++ {
		p := pgtest.StartProxy(t, url)
		e := open(t, p.URL())
		e.SetAnswerWithin(200 * time.Millisecond)
		if err := e.Update(t.Context(), step); err != nil {
			t.Fatal(err)
		}
		before, _ := number(get(t, direct), "n")
		p.Plan(func(m pgtest.Message) pgtest.Fault {
			if m.N == at {
				return pgtest.Hang
			}
			return pgtest.Pass
		})
		if err := e.Update(t.Context(), step); err != nil {
			t.Errorf("hangs at %d: %v", at, err)
		}
		if n, err := number(get(t, direct), "n"); err != nil || n != before+1 {
			t.Errorf("hangs at %d: counted to %d (%v), want %d", at, n, err, before+1)
		}
		p.Close()
	}
}

// TestServerGone: without a server every call ends, with a sentence and no password.
func TestServerGone(t *testing.T) {
	s := pgtest.StartServer(t)
	e := open(t, s.URL())
	e.SetPatience(300*time.Millisecond, 300*time.Millisecond)
	if err := s.Kill(); err != nil {
		t.Fatal(err)
	}
	_, err := e.Get(t.Context(), []byte("a"))
	wantGone(t, "get", err)
	wantGone(t, "update", e.Update(t.Context(), step))
	for _, err := range e.Scan(t.Context(), nil, nil) {
		wantGone(t, "scan", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	e.SetPatience(time.Minute, time.Minute)
	if _, err := e.Get(ctx, []byte("a")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("get with a context that ended meanwhile: %v", err)
	}
}

func wantGone(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil || !bytes.Contains([]byte(err.Error()), []byte("does not answer")) || bytes.Contains([]byte(err.Error()), []byte(pgtest.Password)) {
		t.Errorf("%s: %v", what, err)
	}
}

// TestOutcomeUnknown: who cannot learn what became of an update says so.
func TestOutcomeUnknown(t *testing.T) {
	p := pgtest.StartProxy(t, pgtest.Start(t))
	e := open(t, p.URL())
	if err := e.Update(t.Context(), blind("a")); err != nil {
		t.Fatal(err)
	}
	e.SetPatience(300*time.Millisecond, 300*time.Millisecond)
	p.Plan(func(pgtest.Message) pgtest.Fault { return pgtest.CutAfter })
	if err := e.Update(t.Context(), blind("a")); !errors.Is(err, postgres.ErrUnknown) {
		t.Errorf("update: %v; want ErrUnknown", err)
	}
}
