package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
	"newsdigest/store/postgres"
	"newsdigest/store/postgres/pgtest"
)

// crew is several bots that share a database.
type crew struct {
	*rig
	server *pgtest.Server
	waker  *store.Member // tells the bots of what the rig has put into the store
	bots   []*worker
	took   []time.Duration // until others had all that a dead or hung bot held
	asked  []int64         // chats on Telegram in which somebody asked for help
}

// worker is one bot.
type worker struct {
	cmd   *exec.Cmd
	ended chan error
}

// newCrew starts the database. The rig uses it in the place of its file.
func newCrew(ctx context.Context, r *rig) (*crew, error) {
	server, err := pgtest.Run(ctx)
	if err != nil {
		return nil, err
	}
	c := &crew{rig: r, server: server}
	e, err := postgres.Open(ctx, server.URL())
	if err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	if r.shared, err = store.Open(ctx, e); err != nil {
		return nil, errors.Join(err, e.Close(), server.Stop())
	}
	r.address = server.URL()
	c.waker = store.NewGuest(r.shared)
	c.waker.Stop() // it takes nothing
	return c, nil
}

func (c *crew) close() error {
	for _, w := range c.bots {
		_ = w.cmd.Process.Kill()
		<-w.ended
	}
	return errors.Join(c.shared.Close(), c.server.Stop())
}

// hire starts one more bot.
func (c *crew) hire(ctx context.Context) error {
	cmd, err := c.start(ctx)
	if err != nil {
		return err
	}
	w := &worker{cmd, make(chan error, 1)}
	go func() { w.ended <- cmd.Wait() }()
	c.bots = append(c.bots, w)
	return nil
}

// run lets the bots work while digests fall due, and kills or stops one of them at a time.
func (c *crew) run(ctx context.Context) error {
	for range c.processes {
		if err := c.hire(ctx); err != nil {
			return err
		}
	}
	// Nothing is read that nobody follows.
	err := errors.Join(c.order(ctx), c.wake(ctx), c.until(ctx, "the news are read", c.read))
	if err != nil {
		return err
	}
	began := time.Now()
	stops := map[int]bool{}
	for len(stops) < c.stops {
		stops[c.random.IntN(c.cycles+c.stops)] = true
	}
	for n := range c.cycles + c.stops {
		if err := c.shift(ctx, stops[n]); err != nil {
			return fmt.Errorf("shift %d: %w", n, err)
		}
		if (n+1)%5 == 0 {
			fmt.Printf("%d shifts, %d chats, %s\n", n+1, len(c.chats), time.Since(began).Round(time.Second))
		}
	}
	c.tg.Heal()
	c.dc.NoFaults()
	err = errors.Join(c.until(ctx, "all digests have ended", c.allEnded),
		c.until(ctx, "every question is answered", c.answered))
	if err != nil {
		return err
	}
	return c.dismiss()
}

// shift lets digests and a question fall due, and ends one bot in the middle of them or
// lets it hang.
func (c *crew) shift(ctx context.Context, hangs bool) error {
	if err := c.until(ctx, "every bot has a share", c.shares); err != nil {
		return err
	}
	if err := c.order(ctx); err != nil {
		return err
	}
	if err := c.trouble(ctx); err != nil {
		return err
	}
	if err := c.wake(ctx); err != nil {
		return err
	}
	kill := c.killer()
	for began := time.Now(); !kill(began) && ctx.Err() == nil; {
		time.Sleep(500 * time.Microsecond)
	}
	i := c.random.IntN(len(c.bots))
	w := c.bots[i]
	if hangs {
		return c.hang(ctx, w)
	}
	c.bots = slices.Delete(c.bots, i, i+1)
	holder, err := c.holds(ctx)
	if err != nil {
		return err
	}
	if c.random.IntN(6) == 0 { // it dies while it stops as it was asked to
		if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		time.Sleep(time.Duration(c.random.IntN(100)) * time.Millisecond)
	}
	if err := w.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-w.ended
	if err := c.replaced(ctx, holder); err != nil {
		return err
	}
	return c.hire(ctx)
}

// trouble lets the platforms fail, or somebody ask a question. An answer whose fate is unknown
// is not repeated, so nothing fails while one is still to come.
func (c *crew) trouble(ctx context.Context) error {
	if !c.faults || c.random.IntN(2) > 0 {
		c.tg.Heal()
		c.ask()
		return nil
	}
	if err := c.until(ctx, "every question is answered", c.answered); err != nil {
		return err
	}
	c.fail()
	return nil
}

// hang stops a bot for longer than the others wait for it, or not so long, and lets it go
// on.
func (c *crew) hang(ctx context.Context, w *worker) error {
	c.frozen++
	holder, err := c.holds(ctx)
	if err != nil {
		return err
	}
	if err := w.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	if err := c.replaced(ctx, holder); err != nil {
		return err
	}
	time.Sleep(time.Duration(c.random.IntN(3000)) * time.Millisecond)
	return w.cmd.Process.Signal(syscall.SIGCONT)
}

// holds are the leases as they are.
func (c *crew) holds(ctx context.Context) (map[string]store.Lease, error) {
	return c.shared.Leases(ctx)
}

// replaced waits until everything that one of the holders had who shows no life any more is
// another's.
func (c *crew) replaced(ctx context.Context, before map[string]store.Lease) error {
	began := time.Now()
	gone := "" // whose leases were all taken over
	err := c.until(ctx, "the bot is replaced", func(ctx context.Context) (bool, error) {
		now, err := c.shared.Leases(ctx)
		if err != nil {
			return false, err
		}
		gone = replacedOf(before, now)
		return gone != "", nil
	})
	if err == nil {
		c.took = append(c.took, time.Since(began))
	}
	return err
}

// replacedOf is the holder that had something before and has nothing left of it, none of
// it being free.
func replacedOf(before, now map[string]store.Lease) string {
	left := map[string]int{}
	for name, l := range before {
		if l.Holder == "" {
			continue
		}
		n := left[l.Holder]
		if h := now[name].Holder; h == l.Holder || h == "" {
			n++
		}
		left[l.Holder] = n
	}
	for holder, n := range left {
		if n == 0 {
			return holder
		}
	}
	return ""
}

// until asks over and over.
func (c *crew) until(ctx context.Context, what string, done func(context.Context) (bool, error)) error {
	const patience = 3 * time.Minute
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		ok, err := done(ctx)
		switch {
		case ok:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return err
		case time.Since(began) > patience:
			return fmt.Errorf("waited %s until %s", patience, what)
		}
		for _, w := range c.bots {
			select {
			case err := <-w.ended:
				w.ended <- err
				return fmt.Errorf("a bot ended by itself: %w", err)
			default:
			}
		}
	}
}

// shares tells whether every bot has something to do.
func (c *crew) shares(ctx context.Context) (bool, error) {
	holders := map[string]bool{}
	leases, err := c.holds(ctx)
	for _, l := range leases {
		holders[l.Holder] = true
	}
	delete(holders, "")
	return len(holders) == len(c.bots), err
}

// read tells whether the stories are there.
func (c *crew) read(ctx context.Context) (bool, error) {
	n := 0
	for _, err := range c.shared.LiveStories(ctx, time.Time{}) {
		if err != nil {
			return false, err
		}
		n++
	}
	return n >= stories, nil
}

// allEnded tells whether every chat's digest has ended.
func (c *crew) allEnded(ctx context.Context) (bool, error) {
	time.Sleep(200 * time.Millisecond)
	for _, chat := range c.chats {
		sub := chat.Subscriptions[0]
		d, err := c.shared.Delivery(ctx, digest.NewDeliveryID(chat.ID, sub.ID, sub.Next))
		if errors.Is(err, store.ErrNotFound) || err == nil && !d.State.Final() {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// firstAsker is the id of the first person on Telegram who asks for help.
const firstAsker = 900_000

// ask lets somebody ask a question that has to be answered, whoever dies.
func (c *crew) ask() {
	who := int64(firstAsker + len(c.asked))
	c.asked = append(c.asked, who)
	c.tg.Say(who, who, "/help")
}

// answered tells whether all questions have been answered.
func (c *crew) answered(context.Context) (bool, error) {
	return !slices.ContainsFunc(c.asked, func(who int64) bool { return len(c.tg.Messages(who)) == 0 }), nil
}

// wake tells the bots of the chats that the rig has put into the store.
func (c *crew) wake(ctx context.Context) error {
	for p := range digest.Partitions {
		c.waker.Rouse(store.PartLease(p))
	}
	_, err := c.waker.Look(ctx, func(string) bool { return true })
	return err
}

// dismiss asks all bots to end.
func (c *crew) dismiss() error {
	var errs []error
	for _, w := range c.bots {
		errs = append(errs, w.cmd.Process.Signal(syscall.SIGTERM))
	}
	for _, w := range c.bots {
		err := <-w.ended
		w.ended <- err
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// report is what it took, and whether everybody was answered.
func (c *crew) report() (string, error) {
	var b strings.Builder
	slices.Sort(c.took)
	if n := len(c.took); n > 0 {
		fmt.Fprintf(&b, "%d bots killed or stopped for long; others had all they held after %.1f s (median), %.1f s at most\n",
			n, c.took[n/2].Seconds(), c.took[n-1].Seconds())
	}
	counts := map[int]int{}
	for _, who := range c.asked {
		counts[len(c.tg.Messages(who))]++
	}
	fmt.Fprintf(&b, "%d questions: %d answered once, %d twice\n", len(c.asked), counts[1], counts[2])
	if counts[1]+counts[2] < len(c.asked) {
		return b.String(), fmt.Errorf("questions by how often they were answered: %v", counts)
	}
	if n := len(c.took); n > 0 && c.took[n-1] > replaceWithin {
		return b.String(), fmt.Errorf("a bot was replaced after %s only", c.took[n-1])
	}
	return b.String(), nil
}

// replaceWithin is how soon a bot that died or hangs has to be replaced.
const replaceWithin = 15 * time.Second
