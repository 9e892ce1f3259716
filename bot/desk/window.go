package desk

import (
	"context"
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// How many polls are under way at once. Where servers are far away and answer late, many
// requests have to be in flight; where they are near, more than the processors can take
// would only fill the memory, and each would wait so long for a processor that its server
// seems far away. So the window opens with each poll that had to wait for its server, and
// closes with each one that finds the processors busy.
const (
	windowLeast = 64
	windowMost  = 1024
	windowSlow  = 2048 // polls that wait longer than slowAfter, or for a turn at their host
	slowAfter   = time.Second
	farAfter    = 20 * time.Millisecond // a server that takes so long is far away
)

// window admits polls. One that takes long gives its place to another: a few servers that
// never answer do not keep the rest waiting.
type window struct {
	mu    sync.Mutex
	limit int
	used  int
	slow  int
	queue []chan struct{} // who waits for a place, the first first
	looks bool            // somebody looks how busy the processors are
	busy  float64         // how often they were, of late; from 0 to 1
	crowd func() bool     // whether many wait for a processor now

	hands   chan struct{} // taken while a feed is being parsed
	waiting atomic.Int64  // who waits for a hand
}

func newWindow() *window {
	return &window{limit: windowLeast, hands: make(chan struct{}, 2*runtime.GOMAXPROCS(0)), crowd: newCrowd()}
}

// enter waits for a place; leave it in any case.
func (w *window) enter(ctx context.Context) (*place, error) {
	if turn := w.line(); turn != nil {
		select {
		case <-turn:
		case <-ctx.Done():
			w.giveUp(turn)
			return nil, ctx.Err()
		}
	}
	p := &place{w: w, since: time.Now()}
	p.alarm = time.AfterFunc(time.Hour, p.late)
	p.alarm.Reset(slowAfter)
	return p, nil
}

// line lets in who need not wait; the others wait for their turn to be closed.
func (w *window) line() (turn chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 && w.used < w.limit {
		w.used++
		w.watch()
		return nil
	}
	turn = make(chan struct{})
	w.queue = append(w.queue, turn)
	return turn
}

// admit lets in whom there is room for. It is called with mu held.
func (w *window) admit() {
	for len(w.queue) > 0 && w.used < w.limit {
		close(w.queue[0])
		w.queue = w.queue[1:]
		w.used++
		w.watch()
	}
}

// How busy the processors are is looked at by the clock: whenever answers come in, some
// goroutines wait.
const (
	crowdEvery = 10 * time.Millisecond
	crowdLooks = 8   // how many looks count, about
	crowdBusy  = 0.5 // the processors are busy if they were so often
	crowdMany  = 8   // goroutines waiting for each processor: none of them is idle soon
)

// watch looks how busy the processors are as long as there are polls. It is called with mu
// held.
func (w *window) watch() {
	if !w.looks {
		w.looks, w.busy = true, 0
		time.AfterFunc(crowdEvery, w.look)
	}
}

func (w *window) look() {
	now := 0.0
	if w.crowd() {
		now = 1
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy += (now - w.busy) / crowdLooks
	if w.looks = w.used > 0; w.looks {
		time.AfterFunc(crowdEvery, w.look)
	}
}

// newCrowd gives a function, for one caller at a time, that tells whether many goroutines
// wait for a processor.
func newCrowd() func() bool {
	waiting := []metrics.Sample{{Name: "/sched/goroutines/runnable:goroutines"}}
	return func() bool {
		metrics.Read(waiting)
		v := waiting[0].Value
		return v.Kind() == metrics.KindUint64 && v.Uint64() >= crowdMany*uint64(runtime.GOMAXPROCS(0))
	}
}

// giveUp leaves the queue, or the place if it has come all the same.
func (w *window) giveUp(turn chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := slices.Index(w.queue, turn); i >= 0 {
		w.queue = slices.Delete(w.queue, i, i+1)
		return
	}
	w.used--
	w.admit()
}

// free takes a poll out of the count.
func (w *window) free(slow bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if slow {
		w.slow--
	} else {
		w.used--
	}
	w.admit()
}

// adapt opens or closes the window by one.
func (w *window) adapt(far bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch busy := w.waiting.Load() > 0 || w.busy > crowdBusy; {
	case busy:
		w.limit = max(w.limit-1, windowLeast)
	case far:
		w.limit = min(w.limit+1, windowMost)
	}
	w.admit()
}

// hand waits for one of the few that may parse at once.
func (w *window) hand(ctx context.Context) (release func(), err error) {
	w.waiting.Add(1)
	defer w.waiting.Add(-1)
	select {
	case w.hands <- struct{}{}:
		return func() { <-w.hands }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// place is that of one poll.
type place struct {
	w     *window
	since time.Time
	alarm *time.Timer

	mu   sync.Mutex
	slow bool
	left bool
}

// late is called when the poll takes long. While feeds wait to be parsed it keeps its place:
// more of them would wait in memory only.
func (p *place) late() {
	if p.w.waiting.Load() > 0 {
		p.alarm.Reset(slowAfter)
		return
	}
	p.step()
}

// step aside: the poll takes long, or has to wait for its host.
func (p *place) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	if p.slow || p.left || p.w.slow >= windowSlow {
		return
	}
	p.slow = true
	p.w.slow++
	p.w.used--
	p.w.admit()
}

// answered says that the server has answered.
func (p *place) answered() { p.w.adapt(time.Since(p.since) >= farAfter) }

// leave gives the place back.
func (p *place) leave() {
	p.alarm.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.left {
		p.left = true
		p.w.free(p.slow)
	}
}

// full tells whether polls use all the processors there are.
func (w *window) full() bool { return len(w.hands) == cap(w.hands) }
