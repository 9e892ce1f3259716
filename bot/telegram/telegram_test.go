package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/digest"
)

// rig is a Telegram on loopback and the bot's way to it. What it logs never has the
// token in it.
type rig struct {
	*Telegram
	fake *faketelegram.Server
	log  *logBuffer
	// cursor is that of the last request asked for.
	cursor string
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newRig(t *testing.T, opts faketelegram.Options) *rig {
	t.Helper()
	fake := faketelegram.New(t, opts)
	log := &logBuffer{}
	tg, err := New(Options{
		Token: fake.Token(), URL: fake.URL(), Commands: bot.Commands,
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	tg.pause = time.Millisecond
	t.Cleanup(func() {
		noToken(t, fake.Token(), "log", log.String())
		noPreviews(t, fake)
	})
	return &rig{Telegram: tg, fake: fake, log: log}
}

// noPreviews fails the test if a message was to show a card of one of its links.
func noPreviews(t *testing.T, fake *faketelegram.Server) {
	t.Helper()
	for _, method := range []string{"sendMessage", "editMessageText"} {
		for _, c := range fake.Calls(method) {
			if c.Params["link_preview_options"] != noPreview {
				t.Errorf("%s with previews: %v", method, c.Params)
			}
		}
	}
}

// noToken fails the test if a text has the token's secret part in it.
func noToken(t *testing.T, token, where, text string) {
	t.Helper()
	_, secret, _ := strings.Cut(token, ":")
	if strings.Contains(text, secret) {
		t.Errorf("%s has the token in it: %s", where, text)
	}
}

// inbox records what it is handed, in memory.
type inbox struct {
	mu       sync.Mutex
	requests []bot.Request
	known    map[string]bool
	cursor   string
	refuse   int // so many calls of Accept fail
	got      chan struct{}
}

func newInbox() *inbox { return &inbox{known: map[string]bool{}, got: make(chan struct{}, 1000)} }

func (in *inbox) Accept(_ context.Context, _ digest.Platform, rs []bot.Request, cursor string) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.refuse > 0 {
		in.refuse--
		return errors.New("the disk is full")
	}
	in.cursor = cursor
	for _, r := range rs {
		if !in.known[r.ID] {
			in.known[r.ID] = true
			in.requests = append(in.requests, r)
			in.got <- struct{}{}
		}
	}
	return nil
}

func (in *inbox) Cursor(context.Context, digest.Platform) (string, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.cursor, nil
}

func (in *inbox) Immediate(context.Context, bot.Request) bot.Reply { return bot.Reply{} }

// next waits for the nth request, counted from 1.
func (in *inbox) nth(t *testing.T, n int) bot.Request {
	t.Helper()
	for {
		in.mu.Lock()
		if len(in.requests) >= n {
			r := in.requests[n-1]
			in.mu.Unlock()
			return r
		}
		in.mu.Unlock()
		select {
		case <-in.got:
		case <-time.After(10 * time.Second):
			t.Fatalf("request %d does not come", n)
		}
	}
}

// listen listens until the test or stop ends it.
func (r *rig) listen(t *testing.T, in bot.Inbox) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Listen(ctx, in) }()
	stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-ended:
			return err
		case <-time.After(5 * time.Second):
			return errors.New("Listen does not end")
		}
	})
	t.Cleanup(func() { stop() })
	return stop
}

func (r *rig) wait(t *testing.T, what string, ok func(*faketelegram.Ledger) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := r.fake.Wait(ctx, ok); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// page is a post as the first page that Telegram would get.
func (r *rig) page(p digest.Post) digest.Page { return r.Pages(p)[0] }

func says(text string) digest.Post {
	return digest.Post{Language: "en", Lines: []digest.Line{digest.Plain(text)}}
}

func group(channel, thread int64) digest.Address {
	a := digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(channel)}
	if thread != 0 {
		a.Thread = fmt.Sprint(thread)
	}
	return a
}

func TestNewRefuses(t *testing.T) {
	for _, o := range []Options{
		{}, {Token: "1:a/b"}, {Token: "1:a b"},
		{Token: "1:a", URL: "api.telegram.org"}, {Token: "1:a", URL: "ftp://x.example"},
		{Token: "1:a", URL: "https://u:p@x.example"}, {Token: "1:a", URL: "https://x.example/%s"},
		{Token: "1:a", URL: "https://x.example/?a=b"},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}

func TestCheck(t *testing.T) {
	r := newRig(t, faketelegram.Options{Prefix: "/telegram", Username: "paper_bot"})
	name, err := r.Check(t.Context())
	if err != nil || name != "paper_bot" {
		t.Errorf("%q %v", name, err)
	}
	wrong, err := New(Options{Token: "1:wrong", URL: r.fake.URL()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wrong.Check(t.Context()); !errors.Is(err, ErrToken) {
		t.Errorf("wrong token: %v", err)
	}
	r.fake.Down()
	again, err := New(Options{Token: r.fake.Token(), URL: r.fake.URL()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = again.Check(t.Context())
	if err == nil || errors.Is(err, ErrToken) {
		t.Errorf("server down: %v", err)
	}
	noToken(t, r.fake.Token(), "error", fmt.Sprintf("%v %#v", err, err))
}

// addressed is a private chat that the bot may write to.
func (r *rig) addressed(user int64) digest.Address {
	r.fake.AddChat(faketelegram.Chat{ID: user, Type: "private"})
	return privateChat(id(user))
}
