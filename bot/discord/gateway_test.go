package discord

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/digest"
)

// A gateway that misbehaves, and one that comes back: the bot has to be there again and
// hear what is said.
func TestGatewayRecovers(t *testing.T) {
	t.Parallel()
	misbehave := func(b fakediscord.Behavior) func(*world) { return func(w *world) { w.Misbehave(b) } }
	for _, c := range []struct {
		name   string
		before func(*world) // before the first connection
		after  func(*world) // once ready
	}{
		{name: "no hello", before: misbehave(fakediscord.Behavior{NoHello: true})},
		{name: "no ready", before: misbehave(fakediscord.Behavior{NoReady: true})},
		{name: "reconnect before ready", before: misbehave(fakediscord.Behavior{BeforeReady: 7})},
		{name: "invalid session before ready", before: misbehave(fakediscord.Behavior{BeforeReady: 9})},
		{name: "unknown error before ready", before: misbehave(fakediscord.Behavior{CloseCode: 4000})},
		{name: "dropped", after: (*world).drop},
		{name: "closed", after: func(w *world) { w.CloseGateway(4000) }},
		{name: "session timed out", after: func(w *world) { w.CloseGateway(4009) }},
		{name: "reconnect", after: func(w *world) { w.Reconnect() }},
		{name: "invalid session", after: func(w *world) { w.InvalidateSessions() }},
		{name: "no heartbeat acknowledged", after: func(w *world) { w.Misbehave(fakediscord.Behavior{NoAck: true}) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakediscord.Options{Heartbeat: 500 * time.Millisecond})
			w.p.timing.idle = 1200 * time.Millisecond
			if c.before != nil {
				c.before(w)
				w.listen(t)
				w.until(t, "two connections", func() bool { return w.Gateway().Opened >= 2 })
				w.Misbehave(fakediscord.Behavior{})
			} else {
				w.ready(t)
				opened := w.Gateway().Opened
				c.after(w)
				w.until(t, "a new connection", func() bool { return w.Gateway().Opened > opened })
				w.Misbehave(fakediscord.Behavior{})
			}
			w.until(t, "connected again", func() bool { return w.Gateway().Connected == 1 && len(w.Commands()) > 0 })
			i := w.Slash(fakediscord.Place{}, anna, "help")
			if r := w.next(t); r.ID != i.ID {
				t.Errorf("got %+v, want interaction %s", r, i.ID)
			}
		})
	}
}

func (w *world) drop() { w.Drop() }

// What is said while the connection is away is heard after it came back, once.
func TestGatewayResumes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	w.Drop()
	w.until(t, "away", func() bool { return w.Gateway().Connected == 0 })
	i := w.Slash(fakediscord.Place{}, anna, "help")
	if r := w.next(t); r.ID != i.ID {
		t.Errorf("got %s, want %s", r.ID, i.ID)
	}
	if g := w.Gateway(); g.Resumes != 1 || len(g.Identifies) != 1 {
		t.Errorf("%d resumes, %d identifies; want 1 and 1", g.Resumes, len(g.Identifies))
	}
}

// Every connection is told that its session is invalid: identifying stays rare.
func TestGatewayIdentifiesSlowly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{}, func(w *world) {
		w.Misbehave(fakediscord.Behavior{BeforeReady: 9})
		w.p.timing.identify, w.p.timing.retry, w.p.timing.longest = 300*time.Millisecond, time.Millisecond, time.Millisecond
	})
	w.listen(t)
	w.until(t, "four identifies", func() bool { return len(w.Gateway().Identifies) >= 4 })
	at := w.Gateway().Identifies
	for i := 1; i < len(at); i++ {
		// The moment of dialing counts here, the arrival there.
		if gap := at[i].Sub(at[i-1]); gap < 250*time.Millisecond {
			t.Errorf("identify %d came %s after the one before", i, gap)
		}
	}
}

func TestGatewayRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		token string
		code  int
		late  bool // after it worked
		want  string
	}{
		{name: "wrong token", token: "another.token", want: "401"},
		{name: "token refused", code: 4004, want: "4004"},
		{name: "intents refused", code: 4014, want: "4014"},
		{name: "intents refused later", code: 4014, late: true, want: "4014"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakediscord.Options{Token: c.token})
			if c.late {
				w.ready(t)
			}
			w.Misbehave(fakediscord.Behavior{CloseCode: c.code})
			if c.late {
				w.CloseGateway(c.code)
			} else {
				w.listen(t)
			}
			select {
			case err := <-w.ended:
				var refused *Refused
				if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("ended with %v, want a refusal with %q", err, c.want)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("goes on; log:\n%s", w.log)
			}
			if n := w.Gateway().Opened; n > 2 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

func TestListenEndsWithContext(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	w.stop()
	select {
	case err := <-w.ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("goes on")
	}
	w.until(t, "offline", func() bool { return w.Gateway().Connected == 0 })
}

// The commands are registered once, and again only if they changed.
func TestRegister(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.Fail(fakediscord.Fault{Route: fakediscord.RouteGetCommands, Status: 500})
	w.ready(t)
	for range 2 {
		if err := w.p.register(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.Calls(fakediscord.RoutePutCommands)); n != 1 {
		t.Errorf("registered %d times", n)
	}
	if len(w.Commands()) != len(words.commands()) {
		t.Errorf("%d commands, want %d", len(w.Commands()), len(words.commands()))
	}
}

func TestServerJoined(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g := w.AddGuild(fakediscord.Guild{Name: "Harbour", Channels: []fakediscord.Channel{{Name: "general"}}})
	r := w.next(t)
	if r.Kind != "joined" || r.Chat.Channel != g.Channels[0].ID || r.ChatName != "Harbour" {
		t.Errorf("%+v", r)
	}
	w.InvalidateSessions() // the new session lists the server again, under the same id
	if again := w.next(t); again.ID != r.ID {
		t.Errorf("greeted as %s, then as %s", r.ID, again.ID)
	}
	w.RemoveChannel(g.Channels[0].ID)
	if r := w.next(t); r.Kind != "left" || r.Chat.Channel != g.Channels[0].ID {
		t.Errorf("%+v", r)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{Prefix: "/proxy"})
	who, err := w.p.Check(context.Background())
	if err != nil || who.User != fakediscord.DefaultApplication || !strings.HasSuffix(who.Invitation(), "permissions=274877991936") {
		t.Errorf("%+v %s, %v", who, who.Invitation(), err)
	}
}

func TestPermits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	g := w.AddGuild(fakediscord.Guild{Name: "harbor", Channels: []fakediscord.Channel{
		{Name: "news"}, {Name: "quiet", Permissions: fakediscord.ViewChannel | fakediscord.ReadMessageHistory}, {Name: "hidden", Permissions: 1},
	}})
	for i, want := range []string{"", "Send Messages, Embed Links", "View Channel"} {
		at := digest.Address{Platform: digest.Discord, Channel: g.Channels[i].ID, Server: g.ID}
		missing, err := w.p.Permits(context.Background(), at)
		if got := strings.Join(missing, ", "); err != nil || got != want {
			t.Errorf("#%s: %q %v, want %q", g.Channels[i].Name, got, err, want)
		}
	}
	if _, err := w.p.Permits(context.Background(), digest.Address{Platform: digest.Discord, Channel: "99"}); err == nil {
		t.Error("a channel that is not there can be posted to")
	}
}

// Two shards of two processes hear each server once; direct messages come to the first,
// which also registers the commands.
func TestGatewayShards(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{}, func(w *world) { w.p.shards = 2 })
	second, err := New(Options{Token: canary, API: w.URL(), Shards: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.transport.next.(interface{ CloseIdleConnections() }).CloseIdleConnections)
	second.timing = w.p.timing
	other := &inbox{got: make(chan bot.Request, 100)}
	ctx, cancel := context.WithCancel(t.Context())
	var listening sync.WaitGroup
	listening.Go(func() { w.p.ListenTo(ctx, 0, w.inbox) })  //nolint:errcheck // it ends with ctx
	listening.Go(func() { second.ListenTo(ctx, 1, other) }) //nolint:errcheck
	defer listening.Wait()
	defer cancel()
	w.until(t, "both shards", func() bool { return len(w.Gateway().Shards) == 2 && len(w.Commands()) > 0 })
	for n, in := range []*inbox{w.inbox, other} {
		g := w.AddGuild(fakediscord.Guild{ID: strconv.Itoa(1<<40 + n<<22), Name: "Harbor", Channels: []fakediscord.Channel{{Name: "news"}}})
		select {
		case r := <-in.got:
			if r.Kind != bot.Joined || r.Server != g.ID && r.Chat.Server != g.ID {
				t.Errorf("shard %d hears %+v, want to have joined %s", n, r, g.ID)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("shard %d does not hear of its server", n)
		}
	}
	i := w.Slash(fakediscord.Place{}, anna, "help")
	if r := w.next(t); r.ID != i.ID || len(other.got)+len(w.inbox.got) > 0 {
		t.Errorf("the first shard hears %+v, want the direct message %s, and the other nothing", r, i.ID)
	}
}
