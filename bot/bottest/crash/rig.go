package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/digest"
	"newsdigest/store"
	"newsdigest/store/bolt"
)

// rig is the platforms, the news and the store that the bot is killed over.
type rig struct {
	options
	dir    string
	random *rand.Rand
	tg     *faketelegram.Server
	dc     *fakediscord.Server
	news   *httptest.Server
	chats  []digest.Chat // all that were given a digest that is due
	lives  int
	frozen int // how often the bot was stopped and went on

	shared  *store.Store // the store, where the rig keeps it open beside the bots
	address string       // of it
}

func newRig(dir string, o options) (*rig, error) {
	r := &rig{options: o, dir: dir, random: rand.New(rand.NewPCG(o.seed, 0))}
	var err error
	if r.tg, err = faketelegram.Start(faketelegram.Options{}); err != nil {
		return nil, err
	}
	if r.dc, err = fakediscord.Start(fakediscord.Options{NonceWindow: 3 * time.Minute}); err != nil {
		return nil, err
	}
	r.news = httptest.NewServer(http.HandlerFunc(serveNews))
	return r, os.WriteFile(filepath.Join(dir, "sources.opml"), opml(r.news.URL), 0o600)
}

func (r *rig) close() {
	r.tg.Close()
	r.dc.Close()
	r.news.Close()
}

func (r *rig) file() string { return filepath.Join(r.dir, "newsdigest.db") }

// withStore opens the store while no bot runs, or uses the one that is open.
func (r *rig) withStore(ctx context.Context, do func(*store.Store) error) error {
	if r.shared != nil {
		return do(r.shared)
	}
	e, err := bolt.Open(r.file())
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, e)
	if err != nil {
		return errors.Join(err, e.Close())
	}
	return errors.Join(do(s), s.Close())
}

// warm lets the bot live until it has read the news and sent them to the first chats.
func (r *rig) warm(ctx context.Context) error {
	if err := r.order(ctx); err != nil {
		return err
	}
	return r.live(ctx, func(started time.Time) bool { return time.Since(started) > 4*time.Second })
}

// firstChat is the id of the first reader on Telegram.
const firstChat = 100_000

// order makes new chats on both platforms, each with one digest that is due now.
func (r *rig) order(ctx context.Context) error {
	now := time.Now().UTC()
	return r.withStore(ctx, func(s *store.Store) error {
		for range r.options.chats {
			n := len(r.chats)
			r.tg.AddChat(faketelegram.Chat{ID: int64(firstChat + n), Type: "private", FirstName: "Reader"})
			for _, at := range []digest.Address{
				{Platform: digest.Telegram, Channel: strconv.Itoa(firstChat + n)},
				{Platform: digest.Discord, User: strconv.Itoa(2_000_000_000_000_000_000 + n)},
			} {
				c, err := s.CreateChat(ctx, due(at, now))
				if err != nil {
					return err
				}
				r.chats = append(r.chats, c)
			}
		}
		return nil
	})
}

// due is a chat whose daily digest is due now.
func due(at digest.Address, now time.Time) digest.Chat {
	c := digest.NewChat(at, "en", []string{"en"}, now)
	slot := digest.Slot{Local: now.Format("2006-01-02T15:04"), At: now.Truncate(time.Minute)}
	c.Subscriptions = []digest.Subscription{{ID: digest.NewSubscriptionID(c.ID, 1), Ordinal: 1, Created: now, Next: slot,
		Schedule: digest.Schedule{Days: digest.EveryDay, Times: []int{now.Hour()*60 + now.Minute()}, Zone: "UTC", Place: "UTC"}}}
	c.LastOrdinal = 1
	return c
}

// killAll lets the bot live as often as asked, and kills it each time.
func (r *rig) killAll(ctx context.Context) error {
	began := time.Now()
	for n := range r.cycles {
		if err := r.order(ctx); err != nil {
			return fmt.Errorf("cycle %d: %w", n, err)
		}
		if r.faults {
			r.fail()
		}
		if err := r.live(ctx, r.killer()); err != nil {
			return fmt.Errorf("cycle %d: %w", n, err)
		}
		r.tg.Heal()
		r.dc.NoFaults()
		if (n+1)%100 == 0 {
			fmt.Printf("%d cycles, %d chats, %s\n", n+1, len(r.chats), time.Since(began).Round(time.Second))
		}
	}
	return nil
}

// sent is how many messages the bot tried to send, whatever became of them.
func (r *rig) sent() int {
	return len(r.tg.Calls("sendMessage")) + len(r.dc.Calls(fakediscord.RouteSend))
}

// killer decides when the bot dies: after some messages and a moment more, so that death
// comes before, within and after a call and its record; or at any time at all.
func (r *rig) killer() func(started time.Time) bool {
	at := time.Duration(r.random.IntN(900)) * time.Millisecond
	if r.random.IntN(4) == 0 {
		return func(started time.Time) bool { return time.Since(started) > at }
	}
	want := r.sent() + r.random.IntN(4*r.options.chats)
	moment := time.Duration(r.random.IntN(6000)) * time.Microsecond
	var reached time.Time
	return func(started time.Time) bool {
		if reached.IsZero() && r.sent() >= want {
			reached = time.Now()
		}
		return !reached.IsZero() && time.Since(reached) > moment || time.Since(started) > 3*time.Second
	}
}

// live starts the bot and kills it when the killer says.
func (r *rig) live(ctx context.Context, kill func(time.Time) bool) error {
	cmd, err := r.start(ctx)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(500 * time.Microsecond)
	defer tick.Stop()
	for started := time.Now(); !kill(started); {
		select {
		case err := <-ended:
			return fmt.Errorf("the bot ended by itself: %w", err)
		case <-tick.C:
		}
	}
	switch r.random.IntN(6) {
	case 0:
		err = r.freeze(cmd.Process)
	case 1: // dies while it stops as it was asked to
		err = cmd.Process.Signal(syscall.SIGTERM)
		time.Sleep(time.Duration(r.random.IntN(60)) * time.Millisecond)
	}
	if err != nil {
		return err
	}
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-ended
	return ctx.Err()
}

// freeze stops the bot for a moment, as a machine does that is suspended, and lets it go
// on for a moment before it dies.
func (r *rig) freeze(p *os.Process) error {
	r.frozen++
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	time.Sleep(time.Duration(r.random.IntN(1500)) * time.Millisecond)
	if err := p.Signal(syscall.SIGCONT); err != nil {
		return err
	}
	time.Sleep(time.Duration(r.random.IntN(200)) * time.Millisecond)
	return nil
}

// start starts the bot, with a program before it if one is given.
func (r *rig) start(ctx context.Context, before ...string) (*exec.Cmd, error) {
	r.lives++
	log, err := os.OpenFile(filepath.Join(r.dir, "log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	line := append(before, r.binary, "run")
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.Dir = log, log, r.dir
	cmd.Env = []string{"HOME=" + r.dir, "PATH=" + os.Getenv("PATH"),
		"NEWSDIGEST_STORE=" + cmp.Or(r.address, r.file()), "NEWSDIGEST_SOURCES=" + filepath.Join(r.dir, "sources.opml"),
		"NEWSDIGEST_FETCH_ALLOW=127.0.0.0/8", "NEWSDIGEST_POLL_EVERY=24h", "NEWSDIGEST_LOG_LEVEL=" + cmp.Or(os.Getenv("NEWSDIGEST_LOG_LEVEL"), "error"),
		"NEWSDIGEST_TELEGRAM_TOKEN=" + r.tg.Token(), "NEWSDIGEST_TELEGRAM_API_URL=" + r.tg.URL(),
		"NEWSDIGEST_DISCORD_TOKEN=" + r.dc.Token(), "NEWSDIGEST_DISCORD_API_URL=" + r.dc.URL()}
	return cmd, cmd.Start()
}

// stop asks the bot to end and waits.
func stop(cmd *exec.Cmd) error {
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return cmd.Wait()
}

// fail makes one or two of the next sends go wrong, before or after they were accepted.
func (r *rig) fail() {
	accept := r.random.IntN(2) == 0
	if r.random.IntN(3) == 0 {
		f := faketelegram.Fault{Method: "sendMessage", Skip: r.random.IntN(4), Accept: accept}
		switch r.random.IntN(4) {
		case 0:
			f.Action = faketelegram.Drop
		case 1:
			f.Action, f.Accept = faketelegram.Cut, true
		case 2:
			f.Status, f.Body = http.StatusBadGateway, "<html>bad gateway</html>"
		case 3:
			f = faketelegram.Flood("sendMessage", 1)
		}
		r.tg.Fail(f)
	}
	if r.random.IntN(3) == 0 {
		f := fakediscord.Fault{Route: fakediscord.RouteSend, Nth: 1 + r.random.IntN(4), Accept: accept}
		switch r.random.IntN(4) {
		case 0:
			f.Drop = true
		case 1:
			f.Cut, f.Accept = 20, true
		case 2:
			f.Status, f.Body = http.StatusBadGateway, "<html>bad gateway</html>"
		case 3:
			f = fakediscord.TooManyRequests(fakediscord.RouteSend, "user", 500*time.Millisecond)
		}
		r.dc.Fail(f)
	}
}

// perDelivery is how long a life takes at least for each delivery that is still open: a few
// pages at the pace of the slower platform.
const perDelivery = 100 * time.Millisecond

// settle lets the bot live until every delivery has ended.
func (r *rig) settle(ctx context.Context) error {
	for range 60 {
		var last time.Time
		open := 0
		err := r.withStore(ctx, func(s *store.Store) error {
			for d, err := range s.Deliveries(ctx) {
				if err != nil {
					return err
				}
				if !d.State.Final() {
					open++
					if d.NextAt.After(last) {
						last = d.NextAt
					}
				}
			}
			_, ok, err := s.NextSubscription(ctx)
			if at, _, _ := s.NextSubscription(ctx); ok && !at.After(time.Now()) {
				open++
			}
			return err
		})
		if err != nil || open == 0 && r.lives > r.cycles {
			return err
		}
		cmd, err := r.start(ctx)
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(max(3*time.Second, time.Until(last)+time.Second, time.Duration(open)*perDelivery)):
		}
		if err := stop(cmd); err != nil {
			return fmt.Errorf("the bot was asked to stop: %w", err)
		}
	}
	return errors.New("deliveries are still open")
}
