package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/bot/desk"
	"newsdigest/bot/telegram"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
	"newsdigest/digest/fetch"
)

// reader is somebody who talks in private to the whole bot: the real core, the real way
// to Telegram, the sample news, and a Telegram on loopback.
type reader struct {
	*faketelegram.Server
	house *house
	id    int64
}

// newReader starts the bot; news stands before the sample news if it is not nil.
func newReader(t *testing.T, news func(http.Handler) http.Handler) *reader {
	t.Helper()
	return readerOf(t, config{Access: "open"}, news)
}

// readerOf is newReader for a bot of this configuration.
func readerOf(t *testing.T, cfg config, news func(http.Handler) http.Handler) *reader {
	t.Helper()
	sample, err := catalog.NewSample(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	outlets := sample.Handler(time.Now)
	if news != nil {
		outlets = news(outlets)
	}
	server := httptest.NewServer(outlets)
	t.Cleanup(server.Close)
	dial := map[string]string{}
	for _, host := range sample.Hosts() {
		dial[host] = server.Listener.Addr().String()
	}
	ctx, stop := context.WithCancel(t.Context())
	h, err := build(ctx, cfg, slog.New(slog.DiscardHandler), plan{
		file: filepath.Join(t.TempDir(), "db"), starter: sample.Sources(), fetch: fetch.Options{Dial: dial}})
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{Server: faketelegram.New(t, faketelegram.Options{}), house: h, id: 4711}
	tg, err := telegram.New(telegram.Options{Token: r.Token(), URL: r.URL(), Commands: bot.Commands})
	if err != nil {
		t.Fatal(err)
	}
	h.bot.Add(digest.Telegram, tg)
	h.desk.SetMessenger(digest.Telegram, tg, desk.Rate{})
	ended := make(chan error, 1)
	go func() { ended <- tg.Listen(ctx, h.bot) }()
	t.Cleanup(func() {
		stop()
		<-ended
		h.bot.Wait()
		h.close()
	})
	r.AddUser(faketelegram.User{ID: r.id, FirstName: "Anna", LanguageCode: "nl"})
	return r
}

// written counts the messages and edits that arrived.
func written(l *faketelegram.Ledger) int {
	return len(l.Calls("sendMessage")) + len(l.Calls("editMessageText"))
}

// does makes the reader do something and waits until it is answered.
func (r *reader) does(t *testing.T, what string, act func()) {
	t.Helper()
	before := -1
	if err := r.Wait(t.Context(), func(l *faketelegram.Ledger) bool { before = written(l); return true }); err != nil {
		t.Fatal(err)
	}
	act()
	r.until(t, what, func(l *faketelegram.Ledger) bool { return written(l) > before })
	r.house.bot.Wait()
}

func (r *reader) until(t *testing.T, what string, ok func(*faketelegram.Ledger) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := r.Wait(ctx, ok); err != nil {
		t.Fatalf("%s: %v; the chat is %+v", what, err, r.Messages(r.id))
	}
}

func (r *reader) says(t *testing.T, text string) {
	t.Helper()
	r.does(t, text, func() { r.Say(r.id, r.id, text) })
}

// button finds the button whose label begins so, in the youngest message that has one.
func (r *reader) button(t *testing.T, label string) (message int, data string) {
	t.Helper()
	ms := r.Messages(r.id)
	for _, m := range slices.Backward(ms) {
		for _, b := range slices.Concat(m.Buttons...) {
			if strings.HasPrefix(b.Label, label) {
				return m.ID, b.Data
			}
		}
	}
	t.Fatalf("no button %q in %+v", label, ms[len(ms)-1])
	return 0, ""
}

func (r *reader) presses(t *testing.T, label string) {
	t.Helper()
	message, data := r.button(t, label)
	r.does(t, label, func() { r.Press(r.id, message, r.id, data) })
}

// acknowledged fails the test unless every press got one answer.
func (r *reader) acknowledged(t *testing.T) {
	t.Helper()
	for _, p := range r.Presses() {
		if len(p.Answers) != 1 {
			t.Errorf("press %s got %d answers", p.Data, len(p.Answers))
		}
	}
}

// TestFirstMinutes: a digest with the first press after /start, a subscription with four
// more, in four messages.
func TestFirstMinutes(t *testing.T) {
	r := newReader(t, nil)
	r.says(t, "/start")
	r.presses(t, "Show me today")
	if m := r.Messages(r.id); len(m) != 2 || !strings.Contains(m[1].Text, "Summaries are automatic") {
		t.Fatalf("after two actions: %+v", m)
	}
	for _, label := range []string{"Get this every day", "Daily 8", "Amsterdam"} {
		r.presses(t, label)
	}
	m := r.Messages(r.id)
	if last := m[len(m)-1]; len(m) > 4 || !strings.HasPrefix(last.Text, "Every day at 08:00 (Amsterdam). First one: ") {
		t.Errorf("%d messages, the last %q", len(m), last.Text)
	}
	r.acknowledged(t)
}

// TestSettingsInPlace: twelve presses in the settings are edits of one message.
func TestSettingsInPlace(t *testing.T) {
	r := newReader(t, nil)
	r.says(t, "/settings")
	walk := strings.Split("Length,Brief,Length,Full,Length,Standard,Language,Back,Length,Back,Length,Brief", ",")
	for _, label := range walk {
		r.presses(t, label)
	}
	if n, edits := len(r.Messages(r.id)), len(r.Calls("editMessageText")); n != 1 || edits < len(walk) {
		t.Errorf("%d messages and %d edits", n, edits)
	}
	r.acknowledged(t)
	for _, c := range r.Calls("editMessageText") {
		if c.Problem != "" {
			t.Errorf("an edit was refused: %s", c.Problem)
		}
	}
}

// TestSlowNews: while no outlet answers, every press and command is acknowledged, and what
// is being done is said; the digest then takes the place of that.
func TestSlowNews(t *testing.T) {
	gate := make(chan struct{})
	r := newReader(t, func(news http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			select {
			case <-gate:
			case <-q.Context().Done():
			}
			news.ServeHTTP(w, q)
		})
	})
	r.says(t, "/start")
	message, data := r.button(t, "Show me today")
	r.Press(r.id, message, r.id, data)
	pressed := time.Now()
	r.until(t, "acknowledgement", func(l *faketelegram.Ledger) bool { return len(l.Presses()[0].Answers) == 1 })
	if d := time.Since(pressed); d > 1500*time.Millisecond {
		t.Errorf("acknowledged after %s", d)
	}
	r.until(t, "what is being done", func(l *faketelegram.Ledger) bool {
		ms := l.Messages(r.id)
		return len(ms) == 2 && strings.HasPrefix(ms[1].Text, "Reading ")
	})
	// The next press has to wait for its turn; its button does not.
	r.Press(r.id, message, r.id, data)
	r.until(t, "second acknowledgement", func(l *faketelegram.Ledger) bool { return len(l.Presses()[1].Answers) == 1 })
	if d := time.Since(pressed); d > 3*time.Second {
		t.Errorf("both acknowledged after %s", d)
	}
	close(gate)
	r.house.bot.Wait()
	r.until(t, "the digest", func(l *faketelegram.Ledger) bool {
		return strings.Contains(l.Messages(r.id)[1].Text, "Summaries are automatic")
	})
	r.acknowledged(t)
}

// TestChannel: an administrator runs a channel from their private chat, and nobody else.
func TestChannel(t *testing.T) {
	const channel = -1000000000009
	r := newReader(t, nil)
	r.AddChat(faketelegram.Chat{ID: channel, Type: "channel", Title: "Harbor news", Username: "harbor_news"})
	order := "/subscribe daily at 8 in Berlin to @harbor_news"
	r.says(t, order)
	if m := r.Messages(r.id); !strings.HasPrefix(m[0].Text, "Only admins of @") {
		t.Fatalf("somebody else: %q", m[0].Text)
	}
	r.SetAdmin(channel, r.id)
	r.says(t, order)
	if m := r.Messages(r.id); !strings.HasPrefix(m[1].Text, "Harbor news gets a digest every day at 08:00 (Berlin).") {
		t.Fatalf("%q", m[1].Text)
	}
	r.SetStatus(channel, r.id, "member")
	r.presses(t, "Undo")
	if m := r.Messages(r.id); !strings.HasPrefix(m[len(m)-1].Text, "Only admins of ") {
		t.Errorf("no admin any more: %q", m[len(m)-1].Text)
	}
	r.SetAdmin(channel, r.id)
	r.says(t, "/subscriptions of @harbor_news")
	if m := r.Messages(r.id); !strings.Contains(m[len(m)-1].Text, "Every day at 08:00 (Berlin)") {
		t.Errorf("%q", m[len(m)-1].Text)
	}
	r.acknowledged(t)
	if m := r.Messages(channel); len(m) != 0 {
		t.Errorf("said in the channel: %+v", m)
	}
}

// TestActByReply: a reply to a digest does what it says with the story it names, and a
// list of feeds that is sent is imported.
func TestActByReply(t *testing.T) {
	r := newReader(t, nil)
	r.says(t, "/digest")
	sent := r.Messages(r.id)[0]
	for _, text := range []string{"why 2", "more 1", "who else 1"} {
		r.does(t, text, func() { r.Reply(r.id, sent.ID, r.id, text) })
		m := r.Messages(r.id)
		if last := m[len(m)-1]; last.ID == sent.ID || strings.HasPrefix(last.Text, "Send me a link") {
			t.Errorf("%s: %q", text, last.Text)
		}
	}
	list := faketelegram.File{Name: "feeds.opml", Body: []byte(`<opml version="2.0"><body>
		<outline type="rss" text="One" xmlUrl="http://one.example/feed"/>
		<outline type="rss" text="Two" xmlUrl="http://two.example/feed"/></body></opml>`)}
	r.does(t, "a file", func() { r.SendFile(r.id, r.id, list, "") })
	r.presses(t, "Import 2 feeds")
	r.says(t, "/sources")
	if m := r.Messages(r.id); !strings.Contains(m[len(m)-1].Text, "Two") {
		t.Errorf("%q", m[len(m)-1].Text)
	}
	r.presses(t, "Export")
	r.until(t, "the file", func(l *faketelegram.Ledger) bool {
		m := l.Messages(r.id)
		f := m[len(m)-1].File
		return f != nil && strings.Contains(string(f.Body), "http://two.example/feed")
	})
	r.acknowledged(t)
}

// TestGroupReadsInPrivate: a digest in a group has one button, which opens it in private.
func TestGroupReadsInPrivate(t *testing.T) {
	const group = -4200
	r := newReader(t, nil)
	r.does(t, "digest", func() { r.Say(group, r.id, "/digest") })
	ms := r.Messages(group)
	sent := ms[len(ms)-1]
	buttons := slices.Concat(sent.Buttons...)
	if len(buttons) != 1 {
		t.Fatalf("%+v", buttons)
	}
	start, ok := strings.CutPrefix(buttons[0].URL, "https://t.me/"+r.Username()+"?start=")
	if !ok {
		t.Fatalf("%+v", buttons[0])
	}
	r.says(t, "/start "+start)
	first, _, _ := strings.Cut(sent.Text[strings.Index(sent.Text, "1. "):], "\n")
	if m := r.Messages(r.id); len(m) != 1 || !strings.Contains(m[0].Text, first) {
		t.Errorf("opened %+v, want %q in it", m, first)
	}
}
