package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"newsdigest/bot/desk"
	"newsdigest/bot/texts"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
)

// deaf is a messenger to which nothing gets through.
type deaf struct{ err error }

func (deaf) Pages(digest.Post) []digest.Page {
	return []digest.Page{{Variants: []digest.Variant{{Kind: digest.PlainText, Payload: []byte(`"x"`)}}}}
}

func (m deaf) Send(context.Context, digest.Address, digest.Page, digest.Attempt) (digest.Receipt, error) {
	return digest.Receipt{}, &digest.SendError{Fault: digest.Unknown, Err: m.err}
}

func (m deaf) Open(context.Context, string) (digest.Address, error) {
	return digest.Address{}, &digest.SendError{Fault: digest.NotSent, Err: m.err}
}

// operated is a world that three people run, one on each platform.
func operated(t *testing.T) *world {
	return newWorld(t, Access{Operators: []string{"telegram:1", "discord:1", "console:1"}})
}

// operatorsOf are requests of the people who run it, by platform.
func operatorsOf() map[string]Request {
	onDiscord := server("1")
	onDiscord.Place, onDiscord.Server, onDiscord.Private = onDiscord.Chat, "", true
	at := digest.Address{Platform: digest.Console, Channel: "1"}
	return map[string]Request{
		"telegram": private("1"), "discord": onDiscord,
		"console": {Platform: digest.Console, Chat: at, Place: at, Private: true, User: "1", Language: "en"},
	}
}

// commandOf makes somebody type a line, as their platform hands it on: Discord does not know
// the command.
func commandOf(r Request, line string) Request {
	if r.Platform == digest.Discord {
		return text(r, "/"+line)
	}
	return typed(r, line)
}

func said(reply Reply) string { return strings.Join(words(reply), "\n") }

// Whoever does not run the bot gets the answer of a command that does not exist, and so
// does an operator where others read along.
func TestOperatorHidden(t *testing.T) {
	w := operated(t)
	stranger := w.last(t, typed(private("2"), "operator status"))
	unknown := w.last(t, typed(private("2"), "xoperatorx"))
	if got, want := said(stranger), strings.ReplaceAll(said(unknown), "xoperatorx", "operator"); got != want || labels(stranger) != labels(unknown) {
		t.Errorf("a stranger hears %q, of nothing %q", got, want)
	}
	if got := w.last(t, typed(group("1"), "operator status")); got.Post != nil {
		t.Errorf("in a group: %q", said(got))
	}
	for _, r := range []Request{private("2"), group("1"), channelOf("1", "#news")} {
		for _, action := range []string{"operator:feeds:0", "operator:send:x", "operator:drop", "operator:"} {
			if got := said(w.last(t, press(r, action))); got != texts.Say("en", texts.OldButton) {
				t.Errorf("%s pressed by %s in %s: %q", action, r.User, r.Place, got)
			}
		}
	}
	if got := said(w.last(t, typed(private("1"), "help"))); strings.Contains(got, "operator") {
		t.Errorf("help lists it: %q", got)
	}
}

// The words of /operator are the same wherever they are typed.
func TestOperator(t *testing.T) {
	for name, r := range operatorsOf() {
		t.Run(name, func(t *testing.T) {
			w := operated(t)
			w.desk.SetMessenger(digest.Telegram, deaf{errors.New("connection refused")}, desk.Rate{})
			ask := func(line string) Reply { return w.last(t, commandOf(r, "operator "+line)) }
			for _, c := range []struct{ line, want string }{
				{"", "What I can do for whoever runs this bot:"},
				{"dance", "What I can do for whoever runs this bot:"},
				{"feeds", "Feeds, those that fail first: 1 to 10 of "},
				{"stop", "No announcement is on its way."},
				{"announce", "Write what to tell everybody, at most 1500 characters: /operator announce TEXT"},
				{"announce " + strings.Repeat("x", 1501), "Write what to tell everybody"},
				{"block telegram:99", "I know no chat called “telegram:99”. Write the platform and the id: telegram:123 or discord:456."},
				{"unblock", "I know no chat called “”."},
				{"status", "Version 1.2.3, running since "},
			} {
				if got := said(ask(c.line)); !strings.HasPrefix(got, c.want) {
					t.Errorf("%.40s: %q, want %q", c.line, got, c.want)
				}
			}
			if got := said(ask("status")); !strings.Contains(got, "Telegram: not connected") || !strings.Contains(got, "Late: 0. Waiting: 0 to compose") ||
				!strings.HasSuffix(got, "Nothing is wrong.") {
				t.Errorf("status: %q", got)
			}
		})
	}
}

// The status tells of what is connected, comes next and failed.
func TestOperatorStatus(t *testing.T) {
	w := operated(t)
	boss := private("1")
	w.desk.SetMessenger(digest.Telegram, deaf{errors.New("connection refused")}, desk.Rate{})
	w.desk.SetMessenger(digest.Discord, deaf{}, desk.Rate{})
	w.desk.Connected(digest.Discord, nil, now)
	w.desk.SetStorage(func() desk.Storage { return desk.Storage{LastBackup: now.Add(-10 * time.Minute)} })
	w.last(t, typed(boss, "subscribe daily at 14:10 in Berlin"))
	if err := w.desk.Walk(t.Context(), now, now.Add(time.Hour), func(time.Time) {}); err != nil {
		t.Fatal(err)
	}
	boss.At = now.Add(time.Hour)
	got := said(w.last(t, typed(boss, "operator status")))
	for _, want := range []string{"Discord: connected", "Telegram: not connected", "Next digest: Mon 23 Nov 13:10", "Last backup: 12:55", "Failed last:",
		"send telegram: unknown: connection refused"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}

// A chat that is shut out is not answered until it is let in again; nobody shuts
// themselves out.
func TestOperatorBlocks(t *testing.T) {
	w := operated(t)
	boss := private("1")
	w.last(t, typed(private("2"), "subscribe daily at 8 in Berlin"))
	for _, c := range []struct{ line, want string }{
		{"unblock telegram:2", "telegram:2 is not shut out."},
		{"block telegram:2", "telegram:2 is shut out and is told so, once."},
		{"block telegram:2", "telegram:2 is shut out already."},
		{"block telegram:1", "That is this chat. Whoever runs the bot stays in."},
	} {
		if got := said(w.last(t, typed(boss, "operator "+c.line))); got != c.want {
			t.Errorf("%s: %q, want %q", c.line, got, c.want)
		}
	}
	for _, r := range []Request{typed(private("2"), "digest"), press(private("2"), "digest:"), text(private("2"), "hello")} {
		for _, reply := range w.do(t, r) {
			if reply.Post != nil || reply.Toast != "" {
				t.Errorf("answered: %q", said(reply))
			}
		}
	}
	r := private("2")
	r.Kind, r.Focused, r.At = Completion, "when", now
	if got := w.Immediate(t.Context(), r); len(got.Choices) > 0 {
		t.Errorf("suggested: %+v", got.Choices)
	}
	if got := said(w.last(t, typed(boss, "operator unblock telegram:2"))); got != "telegram:2 may use the bot again. Its digests go on with the next one." {
		t.Errorf("let in again: %q", got)
	}
	if got := w.last(t, typed(private("2"), "help")); got.Post == nil {
		t.Error("not answered after it was let in again")
	}
}

// An announcement is shown before it goes out, and goes out when its own button is pressed.
func TestOperatorAnnounces(t *testing.T) {
	w := operated(t)
	boss := private("1")
	first := w.last(t, typed(boss, "operator announce The bot moves\ntomorrow."))
	if got := said(first); got != "This goes to every chat with an active digest, once and silently:\nFrom whoever runs this bot:\nThe bot moves\ntomorrow." ||
		labels(first) != "Send it | Cancel" {
		t.Errorf("%q %s", got, labels(first))
	}
	second := w.last(t, typed(boss, "operator announce Something else."))
	send := func(r Reply) string { return said(w.last(t, press(boss, r.Post.Buttons[0][0].Action))) }
	if got := send(first); got != texts.Say("en", texts.OldButton) {
		t.Errorf("an older draft: %q", got)
	}
	if got := said(w.last(t, press(boss, second.Post.Buttons[0][1].Action))); got != "Stopped after 0 chats. Nobody else gets it." {
		t.Errorf("dropped: %q", got)
	}
	if got := send(second); got != texts.Say("en", texts.OldButton) {
		t.Errorf("a dropped draft: %q", got)
	}
	third := w.last(t, typed(boss, "operator announce Third."))
	for range 2 { // pressed twice
		if got := send(third); got != "It is on its way. /operator status tells how far, /operator stop ends it." {
			t.Errorf("sent: %q", got)
		}
	}
	if got := said(w.last(t, typed(boss, "operator announce Fourth."))); got != "An announcement is on its way already. /operator stop ends it." {
		t.Errorf("while one is on its way: %q", got)
	}
	if got := said(w.last(t, typed(boss, "operator status"))); !strings.Contains(got, "Announcement: filed for 0 chats so far.") {
		t.Errorf("status: %q", got)
	}
}

// Feeds are listed ten at a time, with how they answer.
func TestOperatorFeeds(t *testing.T) {
	w := operated(t)
	boss := private("1")
	if err := w.desk.SetStarter(t.Context(), catalog.Starter()); err != nil {
		t.Fatal(err)
	}
	reply := w.last(t, typed(boss, "operator feeds"))
	if n := len(words(reply)); n != 11 || labels(reply) != "More" || !strings.Contains(said(reply), ": not read yet") {
		t.Fatalf("%d lines, %s: %q", n, labels(reply), said(reply))
	}
	next := w.last(t, press(boss, reply.Post.Buttons[0][0].Action))
	if !next.Edit || !strings.HasPrefix(said(next), "Feeds, those that fail first: 11 to ") {
		t.Errorf("the next page: %q", said(next))
	}
	if got := said(w.last(t, press(boss, "operator:feeds:x"))); !strings.Contains(got, ": 1 to 10 of ") {
		t.Errorf("a forged page: %q", got)
	}
	c := &conversation{now: now, lang: "en"}
	failing := digest.Fetch{Failures: 3, FailingSince: now.Add(-time.Hour), Problem: "404 Not Found"}
	for want, f := range map[string]digest.Fetch{
		"fails since 12:05: 404 Not Found": failing, "paused": {Paused: true, Failures: 9}, "not read yet": {}, "ok": {LastTry: now},
	} {
		if got := c.feedState(digest.Source{Fetch: f}); got != want {
			t.Errorf("%+v: %q, want %q", f, got, want)
		}
		shown = append(shown, c.feedState(digest.Source{Fetch: f}))
	}
	empty := newWorld(t, Access{Operators: []string{"telegram:1"}})
	if err := empty.desk.SetStarter(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := said(empty.last(t, typed(boss, "operator feeds"))); got != "Nobody follows a feed yet." {
		t.Errorf("without any: %q", got)
	}
}

// Of several processes the one that answers says which it is and what counts for all, and
// does not call a platform away that another listens to.
func TestOperatorShared(t *testing.T) {
	w := operated(t)
	c := &conversation{b: w.Bot, lang: "en", now: now}
	telegram := desk.PlatformStatus{Platform: digest.Telegram, Listens: true, Connection: desk.Connection{Up: true}}
	discord := desk.PlatformStatus{Platform: digest.Discord}
	problem := digest.Problem{Kind: digest.DiskFull, Process: "north"}
	shared := desk.Status{Process: "south", Processes: 3, Platforms: []desk.PlatformStatus{telegram, discord}, Problems: []digest.Problem{problem}}
	alone := shared
	alone.Process, alone.Processes = "", 0
	for _, s := range []struct {
		desk.Status
		want string
	}{
		{shared, "south tells this, one of 3 that share the work. Its start, its connections and the last failures are its own, all else counts for all.\n" +
			"Telegram: connected\nDiscord: listened to by another process"},
		{alone, "Telegram: connected\nDiscord: not connected"},
	} {
		got := c.post(c.process(s.Status)...)
		w.note(t, got)
		if said(got) != s.want {
			t.Errorf("%q", said(got))
		}
	}
	if got := c.problems(shared); got[0] != "north: The disk with the store is nearly full." {
		t.Errorf("%q", got)
	}
}

// What is wrong is told in words, when it begins and when it is over.
func TestProblems(t *testing.T) {
	w := operated(t)
	begun := time.Date(2026, 11, 22, 12, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		p           digest.Problem
		begun, over string
	}{
		{digest.Problem{Kind: digest.PlatformDown, Platform: digest.Telegram, Detail: "connection refused"},
			"Telegram has not been reached since 12:30 UTC. Digests there wait and go out once it is back.\nconnection refused", "Telegram is reached again."},
		{digest.Problem{Kind: digest.BackupFailed}, "The last backup was not written.", "Backups are written again."},
		{digest.Problem{Kind: digest.DigestsLate, Count: 7}, "7 digests are more than ten minutes late.", "Digests are on time again."},
		{digest.Problem{Kind: digest.DiskFull}, "The disk with the store is nearly full.", "The disk has room again."},
		{digest.Problem{Kind: digest.FeedsFailing, Count: 9}, "Most feeds fail at once. It may be this machine’s own network.", "Feeds answer again."},
		{digest.Problem{Kind: digest.StoreLost}, "The store takes no more writes, so the bot stops. Look after the disk, then start it again.",
			"The store takes no more writes, so the bot stops. Look after the disk, then start it again."},
	} {
		c.p.Since = begun
		for _, want := range []string{c.begun, c.over} {
			p := Editor{}.Notice(digest.Notice{Kind: digest.ProblemNotice, Problem: &c.p, Language: "en", At: now}, private("1").Chat)
			w.note(t, Reply{Post: &p})
			if got := said(Reply{Post: &p}); got != want {
				t.Errorf("%s: %q, want %q", c.p.Kind, got, want)
			}
			c.p.Over = now
		}
	}
	p := Editor{}.Notice(digest.Notice{Kind: digest.BlockedNotice, Language: "en"}, private("1").Chat)
	w.note(t, Reply{Post: &p})
	if got := said(Reply{Post: &p}); !strings.HasPrefix(got, "Whoever runs this bot has shut this chat out.") {
		t.Errorf("shut out: %q", got)
	}
	if len(problemTexts) != len(digest.ProblemKinds) {
		t.Errorf("%d kinds have words", len(problemTexts))
	}
}
