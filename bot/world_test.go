package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
	"newsdigest/digest/fetch"
	"newsdigest/store"
	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

// now is the time of all conversations: Sunday, 22 November 2026, 13:05 UTC.
var now = catalog.SampleStart

// platform is a platform that keeps what it was told to show.
type platform struct {
	mu      sync.Mutex
	replies map[string][]Reply // by request
	fail    func(Request) error
	panics  bool
	boss    string            // who manages everything, besides "boss"
	files   map[string]string // that people send, by name
}

// Download implements Downloader.
func (p *platform) Download(_ context.Context, r Request, limit int) ([]byte, error) {
	body, ok := p.files[r.File.Name]
	if !ok || len(body) > limit {
		return nil, errors.New("the file is away: secret-canary")
	}
	return []byte(body), nil
}

// Resolve implements Resolver: there is one channel.
func (p *platform) Resolve(_ context.Context, name string) (digest.Address, string, error) {
	switch name {
	case "@harbor_news":
		return digest.Address{Platform: digest.Telegram, Channel: "-1001"}, "Harbor News", nil
	case "@broken":
		return digest.Address{}, "", errors.New("the platform is away: secret-canary")
	}
	return digest.Address{}, "", ErrNoPlace
}

func (p *platform) Answer(_ context.Context, r Request, reply Reply) error {
	p.mu.Lock()
	p.replies[r.ID] = append(p.replies[r.ID], reply)
	p.mu.Unlock()
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
	rights := Rights{Manage: r.User == "boss" || r.User == p.boss}
	if r.ChatName == "#mute" {
		rights.Missing = []string{"View Channel", "Send Messages"}
	}
	return rights, nil
}

// world is a bot with the sample news and all platforms.
type world struct {
	*Bot
	platform *platform
	engine   kv.Engine
	log      *bytes.Buffer
	n        int
}

func newWorld(t testing.TB, access Access) *world {
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
	odd := httptest.NewServer(http.HandlerFunc(oddPages))
	t.Cleanup(odd.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	dial["gone.example"] = gone.Listener.Addr().String()
	gone.Close()
	for _, h := range []string{"odd.example", "bare.example"} {
		dial[h] = odd.Listener.Addr().String()
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
	w := &world{engine: engine, platform: &platform{replies: map[string][]Reply{}}, log: &bytes.Buffer{}}
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
	return Request{Platform: digest.Telegram, Chat: at, Place: at, Private: true, User: user, Language: "en-DE"}
}

func group(user string) Request {
	at := digest.Address{Platform: digest.Telegram, Channel: "-100"}
	return Request{Platform: digest.Telegram, Chat: at, Place: at, ChatName: "Harbor club", User: user, Language: "en-DE"}
}

// server is a Discord command that names no channel.
func server(user string) Request {
	return Request{Platform: digest.Discord, Server: "9", User: user, Language: "en-DE",
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
	r.ID = fmt.Sprint("r", w.n)
	if r.At.IsZero() {
		r.At = now
	}
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
func (w *world) note(t testing.TB, reply Reply) {
	t.Helper()
	if reply.Form != nil {
		shown = append(shown, reply.Form.Title)
		for _, f := range reply.Form.Fields {
			shown = append(shown, f.Label, f.Placeholder)
		}
	}
	for _, c := range reply.Choices {
		shown = append(shown, c.Label)
	}
	if reply.Post == nil {
		return
	}
	shown = append(shown, words(reply)...)
	for _, s := range reply.Post.Stories {
		shown = append(shown, s.Differ)
	}
	if reply.Post.File != nil {
		shown = append(shown, string(reply.Post.File.Body))
	}
	w.noteChoices(t, *reply.Post)
	if all := strings.Join(words(reply), "\n"); strings.Contains(all, "canary") || strings.Contains(all, "goroutine") {
		t.Errorf("something internal in %q", all)
	}
}

// noteChoices keeps what the buttons and menus of a post show, and checks them.
func (w *world) noteChoices(t testing.TB, p digest.Post) {
	t.Helper()
	check := func(b digest.Button) {
		t.Helper()
		shown = append(shown, b.Label)
		// A sign alone says nothing to who cannot see it.
		if !strings.ContainsFunc(b.Label, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			t.Errorf("button %q has no words", b.Label)
		}
		set := 0
		for _, s := range []string{b.Action, b.URL, b.Start} {
			if s != "" {
				set++
			}
		}
		if len(b.Action) > digest.MaxAction || set != 1 || len([]rune(b.Label)) > 80 || strings.ContainsAny(b.Action, "=^") {
			t.Errorf("button %+v", b)
		}
	}
	for _, row := range p.Buttons {
		if len(row) == 0 || len(row) > 5 {
			t.Errorf("%d buttons in a row", len(row))
		}
		for _, b := range row {
			check(b)
		}
	}
	for _, r := range p.Rows {
		check(r.Button)
	}
	for _, m := range p.Menus {
		shown = append(shown, m.Placeholder)
		if len(m.Options) == 0 && !m.Channels || len(m.Options) > digest.MaxOptions || len(m.Action) > digest.MaxAction {
			t.Errorf("menu %+v", m)
		}
		for _, o := range m.Options {
			shown = append(shown, o.Label)
			if len(m.Action+o.Value) >= digest.MaxAction || o.Value == "" || strings.ContainsAny(o.Value, "=^") {
				t.Errorf("option %+v of %s", o, m.Action)
			}
		}
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
	for _, r := range p.Rows {
		out = append(out, r.Line.String())
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

// button is the action of the button with this label, or of the row that begins so.
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
		for _, r := range reply.Post.Rows {
			if strings.HasPrefix(r.Line.String(), label+":") {
				return r.Button.Action
			}
		}
	}
	t.Fatalf("no button %q under %q, only %s", label, words(reply), labels(reply))
	return ""
}

// menu is how a reply's menus look: the chosen options with a star.
func menu(reply Reply) string {
	var out []string
	if reply.Post == nil {
		return ""
	}
	for _, m := range reply.Post.Menus {
		for _, o := range m.Options {
			if o.Chosen {
				o.Label = "*" + o.Label
			}
			out = append(out, o.Label)
		}
	}
	return strings.Join(out, " | ")
}

// choose is the press that chooses options of a reply's menus by their labels. On Telegram
// an option of many toggles; on Discord all that are chosen come.
func choose(t *testing.T, r Request, reply Reply, labels ...string) Request {
	t.Helper()
	r.Kind = Press
	for _, m := range reply.Post.Menus {
		for _, o := range m.Options {
			if !slices.Contains(labels, o.Label) {
				continue
			}
			r.Action, r.Values = m.Action, append(r.Values, o.Value)
			r.Toggled = m.Many && r.Platform != digest.Discord
		}
	}
	if len(r.Values) != len(labels) {
		t.Fatalf("no options %q in %s", labels, menu(reply))
	}
	return r
}
