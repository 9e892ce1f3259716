package discord

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"newsdigest/bot"
	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/digest"
)

func wait(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// harbor is a server with two channels and a thread.
func harbor(t *testing.T, w *world) fakediscord.Guild {
	t.Helper()
	g := w.AddGuild(fakediscord.Guild{Name: "Harbour", Channels: []fakediscord.Channel{
		{Name: "general"}, {Name: "news", Type: fakediscord.News}, {Name: "a thread", Type: fakediscord.PublicThread},
	}})
	if r := w.next(t); r.Kind != bot.Joined {
		t.Fatalf("%+v", r)
	}
	return g
}

// What people do arrives in the bot's words.
func TestRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g := harbor(t, w)
	general, news := g.Channels[0].ID, g.Channels[1].ID
	here := fakediscord.Place{Guild: g.ID, Channel: general}
	dm := w.DM(anna.ID)
	type R = bot.Request
	at := func(user, channel string) digest.Address {
		return digest.Address{Platform: digest.Discord, User: user, Channel: channel}
	}
	in := func(channel string) digest.Address {
		return digest.Address{Platform: digest.Discord, Channel: channel, Server: g.ID}
	}
	for _, c := range []struct {
		name string
		do   func()
		want R
	}{
		{"command in private", func() {
			w.Slash(fakediscord.Place{}, anna, "digest", fakediscord.Option{Name: "length", Value: "brief"})
		},
			R{Kind: bot.Command, Chat: at(anna.ID, dm), Place: at(anna.ID, dm), Private: true, User: anna.ID, Language: "pt-BR",
				Command: "digest", Options: map[string]string{"length": "brief"}}},
		{"command in a server is for the person", func() { w.Slash(here, boss, "digest", fakediscord.Option{Name: "share", Value: true}) },
			R{Kind: bot.Command, Chat: at(boss.ID, ""), Place: in(general), Server: g.ID, User: boss.ID, Language: "en-US",
				Command: "digest", Options: map[string]string{"share": "true"}}},
		{"command that names a channel", func() {
			w.Slash(here, boss, "sources add", fakediscord.Option{Name: "url", Value: "example.org"}, fakediscord.Option{Name: "channel", Value: fakediscord.ChannelID(news)})
		}, R{Kind: bot.Command, Chat: in(news), ChatName: "#news", Place: in(general), Server: g.ID, User: boss.ID, Language: "en-US",
			Command: "sources", Sub: "add", Options: map[string]string{"url": "example.org", "channel": news}}},
		{"text in private", func() { w.Say(anna, "https://harbour.example/cod", nil) },
			R{Kind: bot.Text, Chat: at(anna.ID, dm), Place: at(anna.ID, dm), Private: true, User: anna.ID, Text: "https://harbour.example/cod"}},
	} {
		c.do()
		got := w.next(t)
		c.want.Platform = digest.Discord
		if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(R{}, "ID", "At", "Native")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if got.ID == "" || got.At.IsZero() {
			t.Errorf("%s: no id or time", c.name)
		}
	}
}

// A handler that takes its time does not keep Discord waiting, and the answer fills the
// acknowledgement, which is only for the person unless it is shared.
func TestCommandAnswered(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	w := newWorld(t, fakediscord.Options{}, func(w *world) { w.inbox.hold = hold })
	w.ready(t)
	g := w.AddGuild(fakediscord.Guild{Channels: []fakediscord.Channel{{Name: "general"}}})
	here := fakediscord.Place{Guild: g.ID, Channel: g.Channels[0].ID}
	start := time.Now()
	quiet := w.Slash(here, anna, "digest")
	shared := w.Slash(here, anna, "digest", fakediscord.Option{Name: "share", Value: true})
	private := w.Slash(fakediscord.Place{}, anna, "digest")
	for _, c := range []struct {
		i         *fakediscord.Interaction
		ephemeral bool
	}{{quiet, true}, {shared, false}, {private, false}} {
		a, err := c.i.Answer(wait(t), 1)
		if err != nil {
			t.Fatal(err)
		}
		if a.Type != callbackDeferred || a.Ephemeral() != c.ephemeral {
			t.Errorf("acknowledged with %+v, want ephemeral %v", a, c.ephemeral)
		}
	}
	if took := time.Since(start); took > 1500*time.Millisecond {
		t.Errorf("acknowledged after %s", took)
	}
	close(hold)
	for range 4 { // one is the server
		r := w.next(t)
		if r.Kind != bot.Command {
			continue
		}
		for _, text := range []string{"Reading.", "Here it is."} {
			if err := w.p.Answer(t.Context(), r, say(text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, i := range []*fakediscord.Interaction{quiet, shared, private} {
		m, err := i.Message(wait(t))
		if err != nil || m.Content != "Here it is." {
			t.Errorf("%q, %v", m.Content, err)
		}
	}
	if n := len(w.FromBot(here.Channel)); n != 1 {
		t.Errorf("everybody sees %d messages, want the shared one", n)
	}
}

func TestNothingToSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	i := w.Slash(fakediscord.Place{}, anna, "help")
	r := w.next(t)
	if err := w.p.Answer(t.Context(), r, bot.Reply{Working: true}); err != nil {
		t.Fatal(err)
	}
	if err := w.p.Answer(t.Context(), r, bot.Reply{}); err != nil {
		t.Fatal(err)
	}
	if a := i.Answers(); len(a) != 2 || a[1].Route != fakediscord.RouteDropOriginal {
		t.Errorf("%+v", a)
	}
}

func TestAutocomplete(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{}, func(w *world) {
		w.inbox.immediate = func(r bot.Request) bot.Reply {
			if r.Kind != bot.Completion || r.Focused != "when" || r.Options["when"] != "dai" {
				t.Errorf("%+v", r)
			}
			out := []bot.Choice{{Label: strings.Repeat("long ", 40), Value: "a"}, {Label: "no value"}}
			for range 30 {
				out = append(out, bot.Choice{Label: "daily at 8", Value: "daily at 8"})
			}
			return bot.Reply{Choices: out}
		}
	})
	w.ready(t)
	i := w.Autocomplete(fakediscord.Place{}, anna, "subscribe", "when", fakediscord.Option{Name: "when", Value: "dai"})
	a, err := i.Answer(wait(t), 1)
	if err != nil || len(a.Choices) != 25 || a.After > 500*time.Millisecond {
		t.Errorf("%+v, %v", a, err)
	}
}

var withButtons = bot.Reply{Post: &digest.Post{Lines: []digest.Line{digest.Plain("Done.")}, Buttons: [][]digest.Button{
	{{Label: "Undo", Action: "undo:1"}, {Label: "City", Action: "ask:zone"}}}}}

// A press under one's own message edits it; under everybody's it is answered aside, and
// later answers edit that one.
func TestPress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g := harbor(t, w)
	here := fakediscord.Place{Guild: g.ID, Channel: g.Channels[0].ID}
	ask := func(share bool) fakediscord.Message {
		i := w.Slash(here, boss, "digest", fakediscord.Option{Name: "share", Value: share})
		if err := w.p.Answer(t.Context(), w.next(t), withButtons); err != nil {
			t.Fatal(err)
		}
		m, err := i.Message(wait(t))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	edited := say("Undone.")
	edited.Edit = true

	mine := ask(false)
	w.Press(mine, boss, "undo:1")
	r := w.next(t)
	if r.Kind != bot.Press || r.Action != "undo:1" || r.Chat.User != boss.ID {
		t.Errorf("%+v", r)
	}
	if err := w.p.Answer(t.Context(), r, edited); err != nil {
		t.Fatal(err)
	}
	if m, _ := w.Message(mine.ID); m.Content != "Undone." || len(m.Components) > 0 {
		t.Errorf("%+v", m)
	}

	shared := ask(true)
	press := w.Press(shared, anna, "undo:1")
	r = w.next(t)
	for range 2 {
		if err := w.p.Answer(t.Context(), r, edited); err != nil {
			t.Fatal(err)
		}
	}
	if m, _ := w.Message(shared.ID); m.Content != "Done." {
		t.Errorf("everybody's message became %q", m.Content)
	}
	a := press.Answers()
	if len(a) != 3 || !a[1].Ephemeral() || a[1].Message != a[2].Message {
		t.Errorf("%+v", a)
	}
}

// What a button does comes back as it was sent, from the server it is pressed in, and who
// may not manage the server may not use it, whatever chat it names.
func TestPressRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g := harbor(t, w)
	news := digest.Address{Platform: digest.Discord, Channel: g.Channels[1].ID, Server: g.ID}
	const action = "undo:1~abcdefghijklmnop"
	page := w.p.Pages(digest.Post{Lines: []digest.Line{digest.Plain("Done.")}, Buttons: [][]digest.Button{{{Label: "Undo", Action: action}}}})[0]
	if _, err := w.p.Send(t.Context(), news, page, digest.Attempt{Key: "k1"}); err != nil {
		t.Fatal(err)
	}
	sent := w.FromBot(news.Channel)[0]
	for by, manage := range map[fakediscord.User]bool{anna: false, boss: true} {
		w.Press(sent, by, action)
		r := w.next(t)
		rights, err := w.p.Rights(t.Context(), r)
		if r.Action != action || r.Server != g.ID || r.Place != news || rights.Manage != manage || err != nil {
			t.Errorf("%s: %+v, %+v, %v", by.Name, r, rights, err)
		}
	}
}

// A button that asks opens a form, and what is typed comes back as its answer.
func TestForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{}, func(w *world) {
		w.inbox.immediate = func(r bot.Request) bot.Reply {
			return bot.Reply{Form: &bot.Form{Title: "Time zone", Action: "zone", Fields: []bot.Field{{Key: "text", Label: "What city are you in?"}}}}
		}
	})
	w.ready(t)
	i := w.Slash(fakediscord.Place{}, anna, "settings")
	if err := w.p.Answer(t.Context(), w.next(t), withButtons); err != nil {
		t.Fatal(err)
	}
	m, err := i.Message(wait(t))
	if err != nil {
		t.Fatal(err)
	}
	press := w.Press(m, anna, "ask:zone")
	a, err := press.Answer(wait(t), 1)
	if err != nil || a.Form == nil || a.Form.Title != "Time zone" {
		t.Fatalf("%+v, %v", a, err)
	}
	w.SubmitForm(press, "Berlin")
	r := w.next(t)
	if r.Kind != bot.FormAnswer || r.Action != "zone" || r.Text != "Berlin" {
		t.Errorf("%+v", r)
	}
	done := say("Set to Berlin.")
	done.Edit = true
	if err := w.p.Answer(t.Context(), r, done); err != nil {
		t.Fatal(err)
	}
	if m, _ := w.Message(m.ID); m.Content != "Set to Berlin." {
		t.Errorf("%q", m.Content)
	}
}

// A command that asks opens its form at once, and the form's answer is shown to its sender.
func TestFormOfACommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{}, func(w *world) {
		w.inbox.immediate = func(r bot.Request) bot.Reply {
			if r.Kind != bot.Command || r.Command != "feedback" {
				t.Errorf("%+v", r)
			}
			return bot.Reply{Form: &bot.Form{Title: "What is wrong?", Action: "feedback", Fields: []bot.Field{
				{Key: "text", Label: "What is wrong?", Long: true}, {Key: "story", Label: "Number of the story", Optional: true}}}}
		}
	})
	w.ready(t)
	i := w.Slash(fakediscord.Place{}, anna, "feedback")
	if a, err := i.Answer(wait(t), 1); err != nil || a.Form == nil {
		t.Fatalf("%+v, %v", a, err)
	}
	sent := w.SubmitForm(i, "The number is wrong.", "2")
	r := w.next(t)
	if r.Kind != bot.FormAnswer || r.Action != "feedback" || r.Text != "The number is wrong." || r.Fields["story"] != "2" {
		t.Errorf("%+v", r)
	}
	if err := w.p.Answer(t.Context(), r, say("Noted.")); err != nil {
		t.Fatal(err)
	}
	if m, err := sent.Message(wait(t)); err != nil || m.Content != "Noted." {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestTextAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	w.Say(anna, "hello", nil)
	r := w.next(t)
	for _, text := range []string{"Reading.", "Here it is."} {
		if err := w.p.Answer(t.Context(), r, say(text)); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.FromBot(w.DM(anna.ID)); len(got) != 1 || got[0].Content != "Here it is." {
		t.Errorf("%+v", got)
	}
}

// After a quarter of an hour an interaction cannot be answered: in private a message
// does, in a server nothing that only the person may see.
func TestTooLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g := harbor(t, w)
	w.Slash(fakediscord.Place{}, anna, "help")
	r := w.next(t)
	r.At = r.At.Add(-20 * time.Minute)
	if err := w.p.Answer(t.Context(), r, say("Late.")); err != nil {
		t.Error(err)
	}
	if got := w.FromBot(w.DM(anna.ID)); len(got) != 1 || got[0].Content != "Late." {
		t.Errorf("%+v", got)
	}
	w.Slash(fakediscord.Place{Guild: g.ID, Channel: g.Channels[0].ID}, anna, "help")
	r = w.next(t)
	w.Advance(20 * time.Minute)
	if err := w.p.Answer(t.Context(), r, say("Late.")); err == nil || strings.Contains(err.Error(), "token-") {
		t.Errorf("%v", err)
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g := harbor(t, w)
	general, thread := g.Channels[0].ID, g.Channels[2].ID
	w.SetPermissions(general, fakediscord.ViewChannel|fakediscord.SendInThreads)
	w.SetPermissions(thread, fakediscord.ViewChannel|fakediscord.SendMessages)
	admin := fakediscord.User{ID: "7003", Permissions: fakediscord.Administrator}
	for _, c := range []struct {
		name    string
		by      fakediscord.User
		in      string
		about   string // channel option
		outside bool
		want    bot.Rights
	}{
		{"no channel named", anna, general, "", false, bot.Rights{}},
		{"no manager", anna, general, general, false, bot.Rights{Missing: []string{"Send Messages", "Embed Links"}}},
		{"manager", boss, general, general, false, bot.Rights{Manage: true, Missing: []string{"Send Messages", "Embed Links"}}},
		{"administrator, thread", admin, thread, thread, false, bot.Rights{Manage: true, Missing: []string{"Send Messages in Threads", "Embed Links"}}},
		{"another channel that lacks", boss, thread, general, false, bot.Rights{Manage: true, Missing: []string{"Send Messages", "Embed Links"}}},
		{"another channel", boss, general, g.Channels[1].ID, false, bot.Rights{Manage: true}},
		{"not added to the server", boss, general, general, true,
			bot.Rights{Manage: true, Missing: []string{"View Channel", "Send Messages", "Embed Links"}}},
	} {
		var options []fakediscord.Option
		if c.about != "" {
			options = append(options, fakediscord.Option{Name: "channel", Value: fakediscord.ChannelID(c.about)})
		}
		w.Slash(fakediscord.Place{Guild: g.ID, Channel: c.in, Outside: c.outside}, c.by, "subscriptions", options...)
		got, err := w.p.Rights(t.Context(), w.next(t))
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s (-want +got): %v\n%s", c.name, err, diff)
		}
	}
}

// A bug that one event meets ends neither the program nor the connection, and what is
// logged of it has no token in it, which newWorld checks.
func TestHandlerPanics(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{}, func(w *world) {
		w.inbox.immediate = func(r bot.Request) bot.Reply {
			if r.Options["when"] == "bug" {
				panic("a bug")
			}
			return bot.Reply{Choices: []bot.Choice{{Label: "daily at 8", Value: "daily at 8"}}}
		}
	})
	w.ready(t)
	w.Autocomplete(fakediscord.Place{}, anna, "subscribe", "when", fakediscord.Option{Name: "when", Value: "bug"})
	i := w.Autocomplete(fakediscord.Place{}, anna, "subscribe", "when", fakediscord.Option{Name: "when", Value: "dai"})
	if a, err := i.Answer(wait(t), 1); err != nil || len(a.Choices) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
	for end := time.Now().Add(10 * time.Second); !strings.Contains(w.log.String(), "a bug"); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("nothing is logged of it: %s", w.log)
		}
	}
}
