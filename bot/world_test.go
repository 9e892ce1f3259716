package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
	"newsdigest/digest/fetch"
	"newsdigest/store"
	"newsdigest/store/bolt"
)

// now is the time of all conversations: Sunday, 22 November 2026, 13:05 UTC.
var now = catalog.SampleStart

// platform is a platform that keeps what it was told to show.
type platform struct {
	mu      sync.Mutex
	replies map[string][]Reply // by request
	fail    func(Request) error
	panics  bool
}

func (p *platform) Answer(_ context.Context, r Request, reply Reply) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.replies[r.ID] = append(p.replies[r.ID], reply)
	if p.fail != nil {
		return p.fail(r)
	}
	return nil
}

// Rights lets the user "boss" manage everything.
func (p *platform) Rights(_ context.Context, r Request) (Rights, error) {
	if p.panics {
		panic("a bug in the platform: secret-canary")
	}
	if r.User == "broken" {
		return Rights{}, errors.New("the platform is away: secret-canary")
	}
	rights := Rights{Manage: r.User == "boss"}
	if r.ChatName == "#mute" {
		rights.Missing = []string{"View Channel", "Send Messages"}
	}
	return rights, nil
}

// world is a bot with the sample news and all platforms.
type world struct {
	*Bot
	platform *platform
	log      *bytes.Buffer
	n        int
	// shown is every text that was shown, for the list of those that never were.
	shown []string
}

func newWorld(t *testing.T, access Access) *world {
	t.Helper()
	sample, err := catalog.NewSample(now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sample.Handler(func() time.Time { return now }))
	t.Cleanup(server.Close)
	dial := map[string]string{}
	for _, h := range append(sample.Hosts(), "quiet.example") {
		dial[h] = server.Listener.Addr().String()
	}
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	st, err := store.Open(t.Context(), engine)
	if err != nil {
		t.Fatal(err)
	}
	client := fetch.New(fetch.Options{Dial: dial})
	t.Cleanup(client.Close)
	d, err := desk.New(t.Context(), desk.Options{Store: st, Fetch: client, Starter: sample.Sources(), Editor: Editor{}})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{platform: &platform{replies: map[string][]Reply{}}, log: &bytes.Buffer{}}
	w.Bot = New(Options{Desk: d, Access: access, Version: "1.2.3", Home: "https://example.org/newsdigest",
		Log: slog.New(slog.NewTextHandler(w.log, nil))})
	for _, p := range []digest.Platform{digest.Console, digest.Telegram, digest.Discord} {
		w.Add(p, w.platform)
	}
	return w
}

// The people and places of the conversations.
func private(user string) Request {
	at := digest.Address{Platform: digest.Telegram, Channel: user}
	return Request{Platform: digest.Telegram, Chat: at, Place: at, Private: true, User: user, Language: "de"}
}

func group(user string) Request {
	at := digest.Address{Platform: digest.Telegram, Channel: "-100"}
	return Request{Platform: digest.Telegram, Chat: at, Place: at, ChatName: "Harbor club", User: user, Language: "de"}
}

// server is a Discord command that names no channel.
func server(user string) Request {
	return Request{Platform: digest.Discord, Server: "9", User: user, Language: "de",
		Chat:  digest.Address{Platform: digest.Discord, User: user},
		Place: digest.Address{Platform: digest.Discord, Channel: "55", Server: "9"}}
}

// channelOf is a Discord command that names a channel.
func channelOf(user, name string) Request {
	r := server(user)
	r.Chat, r.ChatName = digest.Address{Platform: digest.Discord, Channel: "c" + name, Server: "9"}, name
	return r
}

// typed, text, press and so on make a request of somebody's.
func typed(r Request, line string) Request {
	name, args, _ := strings.Cut(line, " ")
	r.Kind, r.Command, r.Args = Command, name, args
	return r
}

func options(r Request, name string, pairs ...string) Request {
	r.Kind, r.Command, r.Options = Command, name, map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		r.Options[pairs[i]] = pairs[i+1]
	}
	return r
}

func text(r Request, words string) Request {
	r.Kind, r.Text = Text, words
	return r
}

func press(r Request, action string) Request {
	r.Kind, r.Action = Press, action
	return r
}

func form(r Request, action, words string) Request {
	r.Kind, r.Action, r.Text = FormAnswer, action, words
	return r
}

// do hands a request in and returns the replies to it.
func (w *world) do(t *testing.T, r Request) []Reply {
	t.Helper()
	w.n++
	r.ID, r.At = fmt.Sprint("r", w.n), now
	if err := w.Accept(t.Context(), r.Platform, []Request{r}, ""); err != nil {
		t.Fatal(err)
	}
	w.Wait()
	w.platform.mu.Lock()
	defer w.platform.mu.Unlock()
	got := w.platform.replies[r.ID]
	for _, reply := range got {
		w.note(t, reply)
	}
	return got
}

// last is the reply that stands in the end.
func (w *world) last(t *testing.T, r Request) Reply {
	t.Helper()
	got := w.do(t, r)
	if len(got) == 0 {
		t.Fatalf("%+v: no reply", r)
	}
	return got[len(got)-1]
}

// note keeps what a reply shows, and checks what holds for all of them.
func (w *world) note(t *testing.T, reply Reply) {
	t.Helper()
	if reply.Form != nil {
		w.shown = append(w.shown, reply.Form.Title)
		for _, f := range reply.Form.Fields {
			w.shown = append(w.shown, f.Label, f.Placeholder)
		}
	}
	for _, c := range reply.Choices {
		w.shown = append(w.shown, c.Label)
	}
	if reply.Post == nil {
		return
	}
	w.shown = append(w.shown, words(reply)...)
	for _, row := range reply.Post.Buttons {
		for _, b := range row {
			w.shown = append(w.shown, b.Label)
			if len(b.Action) > digest.MaxAction || b.Action == "" == (b.URL == "") || len([]rune(b.Label)) > 80 {
				t.Errorf("button %+v", b)
			}
		}
	}
	if all := strings.Join(words(reply), "\n"); strings.Contains(all, "canary") || strings.Contains(all, "goroutine") {
		t.Errorf("something internal in %q", all)
	}
}

// words are the lines of a reply.
func words(reply Reply) []string {
	var out []string
	p := reply.Post
	if p == nil {
		return nil
	}
	for _, l := range append(append([]digest.Line{p.Title}, p.Lead...), append(p.Lines, p.End...)...) {
		if s := l.String(); s != "" {
			out = append(out, s)
		}
	}
	if p.Preview != "" {
		out = append(out, p.Preview)
	}
	if p.Note != "" {
		out = append(out, p.Note)
	}
	return out
}

// labels are the labels of a reply's buttons.
func labels(reply Reply) string {
	var out []string
	if reply.Post == nil {
		return ""
	}
	for _, row := range reply.Post.Buttons {
		for _, b := range row {
			out = append(out, b.Label)
		}
	}
	return strings.Join(out, " | ")
}

// button is the action of the button with this label.
func button(t *testing.T, reply Reply, label string) string {
	t.Helper()
	if reply.Post != nil {
		for _, row := range reply.Post.Buttons {
			for _, b := range row {
				if b.Label == label {
					return b.Action
				}
			}
		}
	}
	t.Fatalf("no button %q under %q, only %s", label, words(reply), labels(reply))
	return ""
}
