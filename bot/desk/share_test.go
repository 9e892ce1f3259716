package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/fetch"
	"newsdigest/store"
	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

// hangs is an engine as a process sees it that dies, or that stops and goes on: nothing that
// it asks meanwhile is done. What it waits for when it stops it gets when it goes on; no
// other call may wait so long, since who waits for a lock is not idle to synctest.
type hangs struct {
	kv.Engine
	gone   atomic.Bool
	thawed chan struct{}
	// stops is asked when an update has been written: whether the process stops there.
	stops atomic.Pointer[func() bool]
}

var errHangs = errors.New("the process does not run")

func (h *hangs) thaw() {
	h.gone.Store(false)
	close(h.thawed)
}

func (h *hangs) Update(ctx context.Context, fn func(kv.Tx) error) error {
	if h.gone.Load() {
		return errHangs
	}
	err := h.Engine.Update(ctx, fn)
	if stops := h.stops.Load(); stops != nil && (*stops)() {
		h.gone.Store(true)
		<-h.thawed
	}
	return err
}

func (h *hangs) Get(ctx context.Context, key []byte) ([]byte, error) {
	if h.gone.Load() {
		return nil, errHangs
	}
	return h.Engine.Get(ctx, key)
}

func (h *hangs) Scan(ctx context.Context, from, to []byte) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		if h.gone.Load() {
			yield(kv.Pair{}, errHangs)
			return
		}
		h.Engine.Scan(ctx, from, to)(yield)
	}
}

// house is several desks on one store, each as if in a process of its own.
type house struct {
	t        *testing.T
	engine   kv.Engine
	telegram *wire
	discord  finder
	desks    []*process
}

// process is one of them.
type process struct {
	*Desk
	engine *hangs
	member *store.Member
	stop   func() // as it is asked to; returns when it has ended
}

func newHouse(t *testing.T, processes int) *house {
	e, err := bolt.Open(filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	h := &house{t: t, engine: e, telegram: &wire{now: time.Now}, discord: finder{wire: &wire{now: time.Now}}}
	for range processes {
		h.start()
	}
	return h
}

// start begins one more process. It ends with the test.
func (h *house) start() *process {
	h.t.Helper()
	p := &process{engine: &hangs{Engine: h.engine, thawed: make(chan struct{})}}
	s, err := store.Open(h.t.Context(), p.engine)
	if err != nil {
		h.t.Fatal(err)
	}
	p.member = store.NewMember(s, []string{store.GroupingLease}, []string{store.TelegramLease}, []string{store.ShardLease(0), store.ShardLease(1)})
	client := fetch.New(fetch.Options{})
	p.Desk, err = New(h.t.Context(), Options{
		Store: s, Fetch: client, Editor: editor{}, Member: p.member,
		Messengers: map[digest.Platform]Messenger{digest.Telegram: h.telegram, digest.Discord: h.discord},
	})
	if err == nil {
		err = p.Join(h.t.Context())
	}
	if err != nil {
		h.t.Fatal(err)
	}
	working, end := context.WithCancel(context.Background())
	keeping, leave := context.WithCancel(context.Background())
	var work, keep sync.WaitGroup
	work.Go(func() { p.Run(working) })
	keep.Go(func() { p.Keep(keeping) })
	p.stop = sync.OnceFunc(func() {
		p.Leave()
		end()
		work.Wait()
		leave()
		keep.Wait()
		client.Close()
	})
	h.t.Cleanup(p.stop)
	h.desks = append(h.desks, p)
	return p
}

// order makes chats on both platforms with a digest that is due so much later, and returns
// those of Telegram.
func (h *house) order(n int, in time.Duration) (chats []digest.Chat) {
	h.t.Helper()
	now := time.Now().UTC()
	at := now.Add(in).Truncate(time.Minute)
	for i := range n {
		for _, to := range []digest.Address{
			{Platform: digest.Telegram, Channel: fmt.Sprint(100 + i)}, {Platform: digest.Discord, User: fmt.Sprint(5000 + i)},
		} {
			d := h.desks[i%len(h.desks)]
			c, err := d.Meet(h.t.Context(), to, "en", "en", now)
			if err != nil {
				h.t.Fatal(err)
			}
			_, _, err = d.Subscribe(h.t.Context(), c.ID, digest.Subscription{Schedule: digest.Schedule{
				Days: digest.EveryDay, Times: []int{at.Hour()*60 + at.Minute()}, Zone: "UTC"}}, now)
			if err != nil {
				h.t.Fatal(err)
			}
			if to.Platform == digest.Telegram {
				chats = append(chats, c)
			}
		}
	}
	return chats
}

// audit fails unless everybody got one message; on Telegram one more if it is marked.
func (h *house) audit(n int) (repeats int) {
	h.t.Helper()
	for platform, w := range map[string]*wire{"telegram": h.telegram, "discord": h.discord.wire} {
		got, marked := map[string]int{}, map[string]int{}
		for _, m := range w.messages() {
			got[m.to.Key()]++
			if m.repeat {
				marked[m.to.Key()]++
				repeats++
			}
		}
		if len(got) != n {
			h.t.Errorf("%s: %d chats got a digest, want %d", platform, len(got), n)
		}
		for to, times := range got {
			if times > 2 || times == 2 && (platform == "discord" || marked[to] != 1) {
				h.t.Errorf("%s: %d messages, %d of them marked", to, times, marked[to])
			}
		}
	}
	return repeats
}

func TestShareKilled(t *testing.T) {
	for seed := range 3 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const chats = 24
				h := newHouse(t, 3)
				time.Sleep(10 * time.Second)
				h.order(chats, time.Minute)
				dying := h.desks[seed%3]
				var sends atomic.Int32
				h.telegram.mu.Lock()
				h.telegram.fate = func(int, digest.Address, digest.Attempt) (bool, error) {
					if sends.Add(1) == int32(seed+2) {
						dying.engine.gone.Store(true) // in the middle of a send
					}
					return true, nil
				}
				h.telegram.mu.Unlock()
				time.Sleep(100 * time.Second)
				h.audit(chats)
				for _, p := range h.desks {
					if p != dying && p.member.Alive() != 2 {
						t.Errorf("%d processes are taken for alive, want 2", p.member.Alive())
					}
				}
			})
		})
	}
}

// A process hangs when it has written that it sends and has not sent: when it goes on, the
// page is another's, and it does not come twice from both.
func TestShareHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const chats = 12
		h := newHouse(t, 2)
		time.Sleep(10 * time.Second)
		h.order(chats, time.Minute)
		hung := h.desks[0]
		var once sync.Once
		stops := func() (now bool) {
			begun, err := h.desks[1].store.UnsettledDeliveries(context.Background(), func(digest.DeliveryID) bool { return false })
			mine := slices.ContainsFunc(begun, func(d digest.Delivery) bool {
				return d.Platform == digest.Telegram && hung.parts().Owns(string(d.Chat))
			})
			if err == nil && mine {
				once.Do(func() { now = true })
			}
			return now
		}
		hung.engine.stops.Store(&stops)
		time.Sleep(100 * time.Second)
		if !hung.engine.gone.Load() {
			t.Fatal("the process did not hang")
		}
		before := len(h.telegram.messages())
		if repeats := h.audit(chats); repeats != 1 {
			t.Errorf("%d pages are marked as repeats, want the one of which nobody knew", repeats)
		}
		hung.engine.thaw()
		time.Sleep(20 * time.Second)
		if after := len(h.telegram.messages()); after != before {
			t.Errorf("the process that went on sent %d pages more", after-before)
		}
		h.audit(chats)
		for _, p := range h.desks {
			if partCount(p.parts()) != digest.Partitions/2 {
				t.Errorf("afterwards a process has %d partitions", partCount(p.parts()))
			}
		}
	})
}

// Processes that come and go as they are asked to lose nothing, repeat nothing, and others
// go on at once.
func TestShareStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const chats = 60
		h := newHouse(t, 2)
		time.Sleep(10 * time.Second)
		h.order(chats, time.Minute)
		time.Sleep(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute + 300*time.Millisecond)))
		h.start()
		time.Sleep(400 * time.Millisecond)
		stopped := h.desks[0]
		stopped.stop()
		began := time.Now()
		for h.desks[1].parts()|h.desks[2].parts() != store.AllParts {
			time.Sleep(50 * time.Millisecond)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("others took over after %s", took)
		}
		time.Sleep(20 * time.Second)
		if repeats := h.audit(chats); repeats != 0 {
			t.Errorf("%d pages came twice", repeats)
		}
	})
}

// rateOf is how fast the process may send at present.
func (p *process) rateOf(to digest.Platform) float64 {
	pace := p.paces[to]
	pace.mu.Lock()
	defer pace.mu.Unlock()
	return pace.rate.PerSecond
}

// One bot has one rate, whoever has which part of the work.
func TestShareRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 3)
		for range 20 {
			time.Sleep(time.Second)
			for p, full := range map[digest.Platform]float64{digest.Telegram: 29, digest.Discord: 40} {
				sum := 0.0
				for _, d := range h.desks {
					sum += d.rateOf(p)
				}
				if sum > full*1.01 {
					t.Errorf("together they send %.2f a second to %s, want %.0f at most", sum, p, full)
				}
			}
		}
		alone := h.desks[0].rateOf(digest.Telegram)
		if alone >= 29 || alone < 29*(1-answerShare)/4 {
			t.Errorf("one of three sends %.1f a second", alone)
		}
		h.desks[1].stop()
		h.desks[2].stop()
		time.Sleep(3 * time.Second)
		if rate := h.desks[0].rateOf(digest.Telegram); rate != 29 {
			t.Errorf("left alone it sends %.1f a second, want all 29", rate)
		}
	})
}

// What a lease allows runs in one process at a time, and goes on in another.
func TestHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 2)
		time.Sleep(5 * time.Second)
		ctx, cancel := context.WithCancel(t.Context())
		var running, runs atomic.Int32
		var all sync.WaitGroup
		for _, p := range h.desks {
			all.Go(func() {
				err := p.Hold(ctx, store.TelegramLease, func(ctx context.Context) error {
					if running.Add(1) > 1 {
						t.Error("two hold it at a time")
					}
					runs.Add(1)
					<-ctx.Done()
					time.Sleep(3 * time.Second) // there is something to end
					running.Add(-1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(10 * time.Second)
		if running.Load() != 1 {
			t.Fatalf("%d processes hold it", running.Load())
		}
		first := 0
		if h.desks[1].Holds(store.TelegramLease) {
			first = 1
		}
		h.desks[first].Leave()
		time.Sleep(5 * time.Second)
		if running.Load() != 1 || runs.Load() != 2 || !h.desks[1-first].Holds(store.TelegramLease) {
			t.Errorf("after the holder has left: %d run, %d began", running.Load(), runs.Load())
		}
		h.desks[1-first].engine.gone.Store(true)
		time.Sleep(20 * time.Second)
		h.desks[1-first].engine.gone.Store(false)
		time.Sleep(3 * time.Second)
		if running.Load() != 1 {
			t.Errorf("after a while in which nobody could take over: %d run", running.Load())
		}
		cancel()
		all.Wait()
	})
}

// Who hangs, and finds a lease free again that another took over meanwhile, begins anew: the
// other may have left something.
func TestHoldAfterAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, 2)
		time.Sleep(5 * time.Second)
		hung, other := h.desks[0], h.desks[1]
		if other.Holds(store.TelegramLease) {
			hung, other = other, hung
		}
		ctx, cancel := context.WithCancel(t.Context())
		var runs atomic.Int32
		var all sync.WaitGroup
		all.Go(func() {
			err := hung.Hold(ctx, store.TelegramLease, func(ctx context.Context) error {
				runs.Add(1)
				<-ctx.Done()
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		time.Sleep(time.Second)
		hung.engine.gone.Store(true)
		time.Sleep(12 * time.Second)
		if !other.Holds(store.TelegramLease) {
			t.Fatal("nobody took over")
		}
		other.stop()
		hung.engine.gone.Store(false)
		time.Sleep(3 * time.Second)
		if !hung.Holds(store.TelegramLease) || runs.Load() != 2 {
			t.Errorf("it began %d times, want 2", runs.Load())
		}
		cancel()
		all.Wait()
	})
}

// What one process changes another does at its time: it is told.
func TestShareRouses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(30 * time.Second) // steps that nobody rouses look at the half minute
		h := newHouse(t, 2)
		time.Sleep(5 * time.Second)
		// Nothing is due, so that all steps sleep; then, through the first process, chats
		// of both get a digest that is due within seconds.
		now := time.Now()
		time.Sleep(time.Until(now.Truncate(time.Minute).Add(time.Minute + 52*time.Second)))
		h.desks = h.desks[:1]
		h.order(8, time.Minute)
		time.Sleep(12 * time.Second)
		h.audit(8)
	})
}

// shared makes the world's desk one of two processes on its store, each with half of the
// work.
func (w *world) shared() {
	w.t.Helper()
	services := []string{store.GroupingLease}
	own, other := store.NewMember(w.store, services), store.NewMember(w.store, services)
	for range 4 {
		for _, m := range []*store.Member{own, other} {
			if _, err := m.Look(w.t.Context(), func(string) bool { return true }); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	w.share = newSharing(own)
	if n := partCount(w.parts()); n != digest.Partitions/2 || !w.Holds(store.GroupingLease) {
		w.t.Fatalf("%d partitions are this process's, want half, and the grouping", n)
	}
}

// rob lets somebody else have all leases, of which this process does not know.
func (w *world) rob() {
	w.t.Helper()
	leases := map[string][]byte{}
	for p, err := range w.engine.Scan(w.t.Context(), []byte("lease/"), []byte("lease0")) {
		if err != nil {
			w.t.Fatal(err)
		}
		leases[string(p.Key)] = bytes.Replace(p.Value, []byte(`"holder":"`), []byte(`"holder":"x`), 1)
	}
	err := w.engine.Update(w.t.Context(), func(tx kv.Tx) error {
		for k, v := range leases {
			if err := tx.Put([]byte(k), v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(leases) < digest.Partitions {
		w.t.Fatal(len(leases), err)
	}
}
