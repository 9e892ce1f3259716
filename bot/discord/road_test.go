package discord

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
	"newsdigest/digest/fetch"
	"newsdigest/store"
	"newsdigest/store/bolt"
)

// road is the whole program between Discord and the sample news, which can be stopped and
// started again.
type road struct {
	*world
	file   string // of the store
	sample *catalog.Sample
	dial   map[string]string
	hurry  chan struct{} // closed: the news does not keep anybody waiting any more
	bot    *bot.Bot
	desk   *desk.Desk
}

// newRoad makes a road whose news takes so long to answer.
func newRoad(t *testing.T, delay time.Duration) *road {
	t.Helper()
	r := &road{world: newWorld(t, fakediscord.Options{}), file: filepath.Join(t.TempDir(), "db"), dial: map[string]string{}, hurry: make(chan struct{})}
	var err error
	if r.sample, err = catalog.NewSample(time.Now()); err != nil {
		t.Fatal(err)
	}
	news := r.sample.Handler(time.Now)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		select {
		case <-time.After(delay):
		case <-r.hurry:
		case <-q.Context().Done():
		}
		news.ServeHTTP(w, q)
	}))
	t.Cleanup(server.Close)
	for _, h := range r.sample.Hosts() {
		r.dial[h] = server.Listener.Addr().String()
	}
	return r
}

// start starts the program and gives what stops it, which happens at the end of the test
// at the latest.
func (r *road) start(t *testing.T) (stop func()) {
	t.Helper()
	engine, err := bolt.Open(r.file)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), engine)
	if err != nil {
		t.Fatal(err)
	}
	if r.p, err = New(Options{Token: canary, API: r.URL()}); err != nil {
		t.Fatal(err)
	}
	r.p.timing.identify = 100 * time.Millisecond
	client := fetch.New(fetch.Options{Dial: r.dial})
	r.desk, err = desk.New(t.Context(), desk.Options{Store: st, Fetch: client, Starter: r.sample.Sources(), Editor: bot.Editor{},
		Messengers: map[digest.Platform]desk.Messenger{digest.Discord: r.p}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	r.bot = bot.New(bot.Options{Desk: r.desk, Version: "1.2.3", Home: "https://example.org/newsdigest"})
	r.bot.Add(digest.Discord, r.p)
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { r.desk.Run(ctx) })
	work.Go(func() {
		if err := r.p.Listen(ctx, r.bot); err != nil {
			t.Error(err)
		}
	})
	stop = sync.OnceFunc(func() {
		cancel()
		work.Wait()
		r.bot.Wait()
		offline, done := context.WithTimeout(context.Background(), 10*time.Second) // the test's own has ended
		defer done()
		if err := r.Wait(offline, func() bool { return r.Gateway().Connected == 0 }); err != nil {
			t.Error("still connected")
		}
		client.Close()
		r.p.transport.next.(*http.Transport).CloseIdleConnections()
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		select {
		case <-r.hurry:
		default:
			close(r.hurry)
		}
		stop()
	})
	r.until(t, "ready", func() bool { return r.Gateway().Connected == 1 && len(r.Commands()) > 0 })
	return stop
}

// filledIn are sensible values for required options.
var filledIn = map[string]any{"when": "daily at 8", "what": "1", "url": "http://harbour.example/", "source": "harbour", "query": "cod", "story": "1"}

// slash is a command as somebody may run it.
type slash struct {
	name     string // with its subcommand
	options  []fakediscord.CommandOption
	required []fakediscord.Option
}

// slashes are all registered slash commands, with what they require.
func slashes(t *testing.T, in []fakediscord.Command) []slash {
	var out []slash
	add := func(name string, options []fakediscord.CommandOption) {
		s := slash{name: name, options: options}
		for _, o := range options {
			if !o.Required {
				continue
			}
			if filledIn[o.Name] == nil {
				t.Fatalf("/%s requires %s", name, o.Name)
			}
			s.required = append(s.required, fakediscord.Option{Name: o.Name, Value: filledIn[o.Name]})
		}
		out = append(out, s)
	}
	for _, c := range in {
		switch {
		case c.Type == messageCommand:
		case len(c.Options) > 0 && c.Options[0].Type == optionSubcommand:
			for _, s := range c.Options {
				add(c.Name+" "+s.Name, s.Options)
			}
		default:
			add(c.Name, c.Options)
		}
	}
	return out
}

// acknowledged measures how long an interaction waited for its first answer.
func acknowledged(t *testing.T, what string, i *fakediscord.Interaction, limit time.Duration) time.Duration {
	t.Helper()
	a, err := i.Answer(wait(t), 1)
	if err != nil || a.After > limit {
		t.Errorf("%s: acknowledged after %s, want %s at most: %v", what, a.After, limit, err)
	}
	return a.After
}

// pressAll presses everything under a message, chooses the first of each menu, and sends
// off the forms that open, one after the other; each is told what was done.
func (r *road) pressAll(t *testing.T, m fakediscord.Message, by fakediscord.User, each func(what string, i *fakediscord.Interaction)) {
	for _, b := range m.Buttons() {
		var values []string
		switch {
		case b.CustomID == "":
			continue
		case len(b.Options) > 0:
			values = []string{b.Options[0].Value}
		case b.Type == typeChannelMenu:
			values = []string{m.Channel}
		}
		i := r.Press(m, by, b.CustomID, values...)
		each(b.CustomID, i)
		a, err := i.Answer(wait(t), 1)
		if err == nil && a.Form != nil {
			var typed []string
			for range a.Form.Fields {
				typed = append(typed, "Berlin")
			}
			each(b.CustomID+" sent off", r.SubmitForm(i, typed...))
		}
	}
}

// TestAcknowledged: with news that takes 20 seconds to answer, everything that people can
// do is acknowledged within 1.5 seconds, half of what Discord allows, and typing in an
// option brings suggestions within half a second.
func TestAcknowledged(t *testing.T) {
	if testing.Short() {
		t.Skip("does all that can be done")
	}
	t.Parallel()
	r := newRoad(t, 20*time.Second)
	r.start(t)
	g := r.AddGuild(fakediscord.Guild{Name: "Harbour", Channels: []fakediscord.Channel{{Name: "general"}}})
	took := map[string]time.Duration{}
	note := func(kind, what string, i *fakediscord.Interaction, limit time.Duration) {
		took[kind] = max(took[kind], acknowledged(t, what, i, limit))
	}
	const soon, typing = 1500 * time.Millisecond, 500 * time.Millisecond
	// Those whose answers do not wait for the news.
	quick := []string{"help", "settings", "subscribe", "subscriptions", "topics", "sources list", "mute", "privacy"}
	type asked struct {
		command string
		by      fakediscord.User
		i       *fakediscord.Interaction
	}
	var shown []asked
	for n, c := range slashes(t, r.Commands()) {
		for _, at := range []fakediscord.Place{{}, {Guild: g.ID, Channel: g.Channels[0].ID}} {
			// One each: what somebody asks for next waits for the news as well.
			by := fakediscord.User{ID: "71" + digits(n), Permissions: fakediscord.ManageServer}
			i := r.Slash(at, by, c.name, c.required...)
			note("command", "/"+c.name, i, soon)
			if a, err := i.Answer(wait(t), 1); err == nil && a.Form != nil {
				note("form", "/"+c.name+" sent off", r.SubmitForm(i, "Berlin", "Berlin"), soon)
			}
			if slices.Contains(quick, c.name) {
				shown = append(shown, asked{c.name, by, i})
			}
			for _, o := range c.options {
				if o.Autocomplete {
					typed := slices.DeleteFunc(slices.Clone(c.required), func(f fakediscord.Option) bool { return f.Name == o.Name })
					note("suggestion", "/"+c.name+" "+o.Name, r.Autocomplete(at, by, c.name, o.Name, append(typed, fakediscord.Option{Name: o.Name, Value: "b"})...), typing)
				}
			}
		}
	}
	target := r.Write(g.Channels[0].ID, anna, fakediscord.Body{Content: "http://harbour.example/"})
	note("menu", "message menu", r.Menu(fakediscord.Place{Guild: g.ID, Channel: g.Channels[0].ID}, anna, "Summarize link", target), soon)
	presses := 0
	for _, s := range shown {
		a, err := s.i.Answer(wait(t), 2)
		if err != nil {
			t.Errorf("/%s waits for the news: %v", s.command, err)
			continue
		}
		m, _ := r.Message(a.Message)
		r.pressAll(t, m, s.by, func(what string, p *fakediscord.Interaction) {
			presses++
			note("press", what, p, soon)
		})
	}
	if presses < 10 {
		t.Errorf("%d presses, want more", presses)
	}
	t.Logf("the slowest of each kind, with %d presses: %v", presses, took)
}

func digits(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

// TestUnseen: in a server nobody but who asked sees the answers, whatever is asked for and
// pressed, unless they are shared; nothing pings anybody, which the fake checks.
func TestUnseen(t *testing.T) {
	if testing.Short() {
		t.Skip("does all that can be done")
	}
	t.Parallel()
	r := newRoad(t, 0)
	r.start(t)
	g := r.AddGuild(fakediscord.Guild{Name: "Harbour", Channels: []fakediscord.Channel{{Name: "general"}, {Name: "lobby"}}})
	lobby := g.Channels[1].ID
	at := fakediscord.Place{Guild: g.ID, Channel: lobby}
	for n, c := range slashes(t, r.Commands()) {
		by := fakediscord.User{ID: "72" + digits(n), Permissions: fakediscord.ManageServer}
		i := r.Slash(at, by, c.name, c.required...)
		r.unseen(t, "/"+c.name, i)
		answers := i.Answers()
		m, _ := r.Message(answers[len(answers)-1].Message)
		r.pressAll(t, m, by, func(what string, p *fakediscord.Interaction) { r.unseen(t, "/"+c.name+", "+what, p) })
	}
	if all := r.FromBot(lobby); len(all) > 0 {
		t.Errorf("everybody sees %q", all[0].Text())
	}
	for n, command := range []string{"digest", "article"} {
		options := []fakediscord.Option{{Name: "share", Value: true}}
		if command == "article" {
			options = append(options, fakediscord.Option{Name: "url", Value: "http://harbour.example/"})
		}
		i := r.Slash(at, anna, command, options...)
		r.until(t, command, func() bool { return len(i.Answers()) > 1 })
		if got := len(r.FromBot(lobby)); got != n+1 {
			t.Errorf("/%s is shared, and everybody sees %d messages, want %d", command, got, n+1)
		}
	}
}

// unseen waits for the answer to an interaction and checks that only one person sees it.
func (r *road) unseen(t *testing.T, what string, i *fakediscord.Interaction) {
	t.Helper()
	r.until(t, what, func() bool {
		a := i.Answers()
		return len(a) > 1 || len(a) == 1 && (a[0].Form != nil || a[0].Type == callbackMessage)
	})
	for _, a := range i.Answers() {
		if m, ok := r.Message(a.Message); a.Message != "" && ok && !m.Ephemeral {
			t.Errorf("%s: everybody sees the answer: %q", what, m.Text())
		}
	}
}

// TestGreeting: Discord lists all servers at every connection; only one that the bot was
// just added to is greeted, once, also when the program starts again.
func TestGreeting(t *testing.T) {
	t.Parallel()
	r := newRoad(t, 0)
	messages := func() int {
		n := 0
		for _, c := range r.Calls(fakediscord.RouteSend) {
			if c.Status == http.StatusOK {
				n++
			}
		}
		return n
	}
	for n := range 50 {
		r.AddGuild(fakediscord.Guild{Name: "server " + digits(n), Joined: time.Now().Add(-30 * 24 * time.Hour), Channels: []fakediscord.Channel{{Name: "general"}}})
	}
	stop := r.start(t)
	g := r.AddGuild(fakediscord.Guild{Name: "Harbour", Channels: []fakediscord.Channel{{Name: "general"}}})
	r.until(t, "greeted", func() bool { return len(r.FromBot(g.Channels[0].ID)) == 1 })
	for range 2 {
		stop()
		stop = r.start(t)
		// What is listed at the start was taken before what is asked after it.
		i := r.Slash(fakediscord.Place{}, anna, "help")
		message1(t, i)
	}
	stop()
	if got := messages(); got != 1 || len(r.FromBot(g.Channels[0].ID)) != 1 {
		t.Errorf("%d messages, %d of them in the new server; want one", got, len(r.FromBot(g.Channels[0].ID)))
	}
}
