package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/digest/catalog"
	"newsdigest/digest/feed"
	"newsdigest/store/postgres/pgtest"
)

// TestRun starts the built program with both tokens, talks to it on both platforms and
// waits for the digest that was ordered for the next minute. The servers check every
// call; with NEWSDIGEST_TEST_SPECS also against the platforms' own descriptions.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the next minute")
	}
	t.Run("file", func(t *testing.T) {
		t.Parallel()
		testRun(t, "", 1)
	})
	t.Run("database", func(t *testing.T) {
		t.Parallel()
		testRun(t, pgtest.Start(t), 2)
	})
}

// testRun does it with some processes on a store, a file of its own if it is empty.
func testRun(t *testing.T, store string, processes int) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	tg := startTelegram(t)
	dc := startDiscord(t)
	b := startBot(t, tg, dc, store)
	for range processes - 1 {
		other := b.another()
		defer other.stop(ctx)
	}

	reader := faketelegram.User{ID: 4711, FirstName: "Anna", LanguageCode: "en"}
	tg.AddUser(reader)
	tg.Say(reader.ID, reader.ID, "/start")
	b.waitTelegram(ctx, tg, reader.ID, "Hello.")
	anna := fakediscord.User{ID: "2000000000000000001", Name: "anna"}
	b.wait(ctx, "commands on Discord", func() bool { return len(dc.Commands()) > 0 }, dc)

	tg.Say(reader.ID, reader.ID, "/digest")
	b.waitTelegram(ctx, tg, reader.ID, "That’s all.")
	if err := slash(ctx, dc, anna, "digest", "That’s all."); err != nil {
		t.Fatalf("/digest on Discord: %v\n%s", err, b.log())
	}

	when := nextMinute()
	tg.Say(reader.ID, reader.ID, "/subscribe daily at "+when+" UTC")
	b.waitTelegram(ctx, tg, reader.ID, "Every day at "+when)
	onAnnasClock, err := time.Parse("15:04", when)
	if err != nil {
		t.Fatal(err)
	}
	if err := slash(ctx, dc, anna, "subscribe", "Every day at "+onAnnasClock.Format("3:04 PM"), fakediscord.Option{Name: "when", Value: "daily at " + when + " UTC"}); err != nil {
		t.Fatalf("/subscribe on Discord: %v\n%s", err, b.log())
	}
	b.wait(ctx, "the digest on Discord", func() bool { return discordDigests(dc, anna.ID) > 0 }, dc)
	b.waitTelegram(ctx, tg, reader.ID, "Next digest")

	b.check(ctx)
	b.stop(ctx)
	if n := digests(tg, reader.ID); n != 1 {
		t.Errorf("%d scheduled digests arrived on Telegram, want 1", n)
	}
	if n := discordDigests(dc, anna.ID); n != 1 {
		t.Errorf("%d scheduled digests arrived on Discord, want 1", n)
	}
	for _, v := range append(tg.Violations(), dc.Violations()...) {
		t.Errorf("a call was wrong: %s", v)
	}
	for _, secret := range []string{tg.Token(), dc.Token()} {
		if strings.Contains(b.log(), secret) {
			t.Error("a token is in the output")
		}
	}
}

// digests counts the scheduled digests in a Telegram chat: they tell of the next one,
// those on request came before there was one.
func digests(tg *faketelegram.Server, chat int64) int {
	n := 0
	for _, m := range tg.Messages(chat) {
		if strings.Contains(m.Text, "Next digest") {
			n++
		}
	}
	return n
}

// discordDigests is digests for somebody's direct messages on Discord.
func discordDigests(dc *fakediscord.Server, user string) int {
	n := 0
	for _, m := range dc.FromBot(dc.DM(user)) {
		if strings.Contains(m.Text(), "Next digest") {
			n++
		}
	}
	return n
}

// nextMinute is the next minute that is far enough away to order something for it.
func nextMinute() string {
	const enough = 8 * time.Second
	return time.Now().UTC().Add(enough).Truncate(time.Minute).Add(time.Minute).Format("15:04")
}

func slash(ctx context.Context, dc *fakediscord.Server, by fakediscord.User, command, want string, options ...fakediscord.Option) error {
	i := dc.Slash(fakediscord.Place{Channel: dc.DM(by.ID)}, by, command, options...)
	got := ""
	err := dc.Wait(ctx, func() bool {
		for _, a := range i.Answers() {
			if got = a.Body.Text(); strings.Contains(got, want) {
				return true
			}
		}
		return false
	})
	if err != nil {
		return fmt.Errorf("%w; the last answer was %q", err, got)
	}
	return nil
}

func startTelegram(t *testing.T) *faketelegram.Server {
	t.Helper()
	tg, err := faketelegram.Start(faketelegram.Options{Limits: faketelegram.Published})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tg.Close)
	return tg
}

func startDiscord(t *testing.T) *fakediscord.Server {
	t.Helper()
	dc, err := fakediscord.Start(fakediscord.Options{Global: 50})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dc.Close)
	return dc
}

// botProcess is the program as a process of its own.
type botProcess struct {
	t   *testing.T
	cmd *exec.Cmd
	out *output
}

// output is what a process printed so far.
type output struct {
	file string
}

func (o *output) String() string {
	body, err := os.ReadFile(o.file)
	if err != nil {
		return err.Error()
	}
	return string(body)
}

// startBot starts the program on a store, a file of its own if it is empty.
func startBot(t *testing.T, tg *faketelegram.Server, dc *fakediscord.Server, store string) *botProcess {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "newsdigest")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	if store == "" {
		store = filepath.Join(dir, "newsdigest.db")
	}
	b := &botProcess{t: t, cmd: exec.Command(binary, "run")}
	b.cmd.Dir = dir
	b.cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"),
		"NEWSDIGEST_STORE=" + store, "NEWSDIGEST_SOURCES=" + sampleOPML(t, dir),
		"NEWSDIGEST_FETCH_ALLOW=127.0.0.0/8",
		"NEWSDIGEST_TELEGRAM_TOKEN=" + tg.Token(), "NEWSDIGEST_TELEGRAM_API_URL=" + tg.URL(),
		"NEWSDIGEST_DISCORD_TOKEN=" + dc.Token(), "NEWSDIGEST_DISCORD_API_URL=" + dc.URL()}
	b.start()
	return b
}

// another starts the same program once more, beside this one.
func (b *botProcess) another() *botProcess {
	o := &botProcess{t: b.t, cmd: exec.Command(b.cmd.Path, "run")}
	o.cmd.Dir, o.cmd.Env = b.cmd.Dir, b.cmd.Env
	o.start()
	return o
}

// start starts the process; it ends with the test at the latest.
func (b *botProcess) start() {
	b.t.Helper()
	log, err := os.CreateTemp(b.cmd.Dir, "log")
	if err != nil {
		b.t.Fatal(err)
	}
	defer log.Close()
	b.out = &output{log.Name()}
	b.cmd.Stdout, b.cmd.Stderr = log, log
	if err := b.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		if b.cmd.ProcessState == nil {
			b.cmd.Process.Kill()
			b.cmd.Wait()
		}
	})
}

func (b *botProcess) log() string { return b.out.String() }

// stop asks the program to end, as an operator would, and waits until it has.
func (b *botProcess) stop(ctx context.Context) {
	b.t.Helper()
	b.cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan error, 1)
	go func() { done <- b.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			b.t.Errorf("the program ended with %v\n%s", err, b.log())
		}
	case <-ctx.Done():
		b.t.Fatalf("the program did not end\n%s", b.log())
	}
}

// check runs the check command beside the bot: it is carried out in there, once.
func (b *botProcess) check(ctx context.Context) {
	b.t.Helper()
	c := exec.CommandContext(ctx, b.cmd.Path, "check")
	c.Env, c.Dir = b.cmd.Env, b.cmd.Dir
	out, err := c.CombinedOutput()
	if err != nil || strings.Count(string(out), "telegram   ok, this is") != 1 ||
		strings.Count(string(out), "discord    ok, this is") != 1 || !strings.Contains(string(out), "sources    ") {
		b.t.Errorf("check: %v\n%s", err, out)
	}
}

func (b *botProcess) waitTelegram(ctx context.Context, tg *faketelegram.Server, chat int64, text string) {
	b.t.Helper()
	err := tg.Wait(ctx, func(l *faketelegram.Ledger) bool {
		for _, m := range l.Messages(chat) {
			if strings.Contains(m.Text, text) {
				return true
			}
		}
		return false
	})
	if err != nil {
		b.t.Fatalf("%q did not come on Telegram: %v\n%v\n%s", text, err, tg.Messages(chat), b.log())
	}
}

func (b *botProcess) wait(ctx context.Context, what string, cond func() bool, dc *fakediscord.Server) {
	b.t.Helper()
	if err := dc.Wait(ctx, cond); err != nil {
		b.t.Fatalf("%s: %v\n%s", what, err, b.log())
	}
}

// sampleOPML serves the sample news of today on loopback, each outlet at a port of its
// own, and writes the file that names its feeds.
func sampleOPML(t *testing.T, dir string) string {
	t.Helper()
	sample, err := catalog.NewSample(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	news := sample.Handler(time.Now)
	address := map[string]string{}
	for _, host := range sample.Hosts() {
		s := httptest.NewServer(atPort(news, host, address))
		t.Cleanup(s.Close)
		address["http://"+host] = s.URL
	}
	var outlines []feed.Outline
	for _, s := range sample.Sources() {
		outlines = append(outlines, feed.Outline{Title: s.Name, URL: moved(s.URL, address), Language: s.Language, Topics: s.Topics})
	}
	var opml bytes.Buffer
	if err := feed.WriteOPML(&opml, "sample", outlines); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "sources.opml")
	if err := os.WriteFile(file, opml.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// atPort serves one host of the sample at a port: the addresses in what it serves lead to
// the ports too.
func atPort(news http.Handler, host string, address map[string]string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.Clone(r.Context())
		r.Host = host
		rec := httptest.NewRecorder()
		news.ServeHTTP(rec, r)
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(rec.Code)
		w.Write([]byte(moved(rec.Body.String(), address)))
	})
}

func moved(text string, address map[string]string) string {
	for from, to := range address {
		text = strings.ReplaceAll(text, from+"/", to+"/")
	}
	return text
}
