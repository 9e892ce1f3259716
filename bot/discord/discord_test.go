package discord

import (
	"context"
	"flag"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"newsdigest/bot"
	"newsdigest/bot/bottest"
	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/digest"
)

var (
	_ bot.Listener = (*Platform)(nil)
	_ bot.Answerer = (*Platform)(nil)
)

// canary looks like a bot token; it must never be seen outside the Authorization header.
const canary = "MTAwMDAwMDAwMDAwMDAwMDAwMQ.GcAnAr.canary-canary-canary-canary-canary"

func TestMain(m *testing.M) {
	// The tests wait more than they work: discordgo sleeps a second at each lost connection.
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m,
		// An Open that met a request to reconnect before READY has locked itself up for
		// good; nothing can free it.
		goleak.IgnoreAnyFunction("github.com/bwmarrin/discordgo.(*Session).CloseWithCode"),
	)
}

// world is a Discord and a bot's platform on it.
type world struct {
	*fakediscord.Server
	p     *Platform
	inbox *inbox
	log   *bottest.Log
	ended chan error // what Listen returned
	stop  context.CancelFunc
}

// inbox keeps what was accepted; a test may make it slow.
type inbox struct {
	got       chan bot.Request
	hold      chan struct{} // Accept waits for it
	immediate func(bot.Request) bot.Reply
}

func (i *inbox) Accept(ctx context.Context, _ digest.Platform, rs []bot.Request, _ string) error {
	if i.hold != nil {
		select {
		case <-i.hold:
		case <-ctx.Done():
		}
	}
	for _, r := range rs {
		i.got <- r
	}
	return nil
}

func (i *inbox) Cursor(context.Context, digest.Platform) (string, error) { return "", nil }

func (i *inbox) Immediate(_ context.Context, r bot.Request) bot.Reply {
	if i.immediate == nil {
		return bot.Reply{}
	}
	return i.immediate(r)
}

// newWorld starts a Discord and makes a platform that is in a hurry; change may alter it
// before it listens.
func newWorld(t *testing.T, o fakediscord.Options, change ...func(*world)) *world {
	t.Helper()
	if o.Token == "" {
		o.Token = canary
	}
	if o.IdentifyEvery == 0 {
		o.IdentifyEvery = 50 * time.Millisecond
	}
	s, err := fakediscord.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	w := &world{Server: s, inbox: &inbox{got: make(chan bot.Request, 100)}, log: &bottest.Log{}, ended: make(chan error, 1)}
	w.p, err = New(Options{Token: canary, API: s.URL(), Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	w.p.timing = timing{call: 5 * time.Second, open: time.Second, idle: time.Minute, identify: 100 * time.Millisecond,
		retry: 20 * time.Millisecond, longest: 100 * time.Millisecond, steady: time.Minute}
	for _, c := range change {
		c(w)
	}
	t.Cleanup(func() {
		w.p.transport.next.(interface{ CloseIdleConnections() }).CloseIdleConnections()
		for _, v := range w.Violations() {
			t.Error("violation:", v)
		}
		if strings.Contains(w.log.String(), "canary") {
			t.Error("the log shows the token:", w.log)
		}
	})
	return w
}

// listen starts the platform; it is stopped when the test ends.
func (w *world) listen(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w.stop = cancel
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.ended <- w.p.Listen(ctx, w.inbox)
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Error("Listen did not end")
		}
	})
}

// ready listens until the commands are registered.
func (w *world) ready(t *testing.T) {
	t.Helper()
	w.listen(t)
	w.until(t, "ready", func() bool { return w.Gateway().Connected == 1 && len(w.Commands()) > 0 })
}

func (w *world) until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := w.Wait(ctx, cond); err != nil {
		t.Fatalf("%s: %v; gateway %+v; log:\n%s", what, err, w.Gateway(), w.log)
	}
}

// next is the next request that was accepted.
func (w *world) next(t *testing.T) bot.Request {
	t.Helper()
	select {
	case r := <-w.inbox.got:
		return r
	case <-time.After(10 * time.Second):
		t.Fatalf("no request; log:\n%s", w.log)
		return bot.Request{}
	}
}

var (
	anna = fakediscord.User{ID: "7001", Name: "anna", Locale: "pt-BR"}
	boss = fakediscord.User{ID: "7002", Name: "boss", Permissions: fakediscord.ManageServer}
)

func say(text string) bot.Reply {
	return bot.Reply{Post: &digest.Post{Language: "en", Lines: []digest.Line{digest.Plain(text)}}}
}
