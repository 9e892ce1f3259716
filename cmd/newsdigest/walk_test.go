package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"newsdigest/bot"
	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
	"newsdigest/digest/fetch"
)

// stage is the whole bot with the sample news and one platform on loopback, on a clock
// that is moved by hand.
type stage struct {
	*house
	ctx context.Context

	mu    sync.Mutex
	now   time.Time
	heard int // how many requests came from the platform
}

// scene is a platform and the people on it.
type scene interface {
	// listen is the platform's side of the bot.
	listen(ctx context.Context, in bot.Inbox) error
	// does makes somebody do something; what is "/start", "[a button]" and so on.
	does(who, what string) error
	// shown is what the bot's messages are that came or changed since the last time.
	shown() string
}

// newStage starts the bot. open makes the scene; what is in the house then is the bot's.
func newStage(ctx context.Context, dir string, open func(*house) (scene, error)) (*stage, scene, func(), error) {
	sample, err := catalog.NewSample(catalog.SampleStart)
	if err != nil {
		return nil, nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &stage{ctx: ctx, now: catalog.SampleStart}
	news := httptest.NewServer(sample.Handler(s.clock))
	dial := map[string]string{}
	for _, host := range sample.Hosts() {
		dial[host] = news.Listener.Addr().String()
	}
	if s.house, err = build(ctx, config{Access: "open"}, slog.New(slog.DiscardHandler), plan{
		file: filepath.Join(dir, "walk.db"), starter: sample.Sources(), fetch: fetch.Options{Dial: dial}, every: desk.Options{PollEvery: pollTrial, PollLongest: pollTrial}}); err != nil {
		cancel()
		return nil, nil, nil, err
	}
	on, err := open(s.house)
	ended := make(chan error, 1)
	if err == nil {
		go func() { ended <- on.listen(ctx, s) }()
	} else {
		ended <- err
	}
	return s, on, func() {
		cancel()
		<-ended
		s.bot.Wait()
		s.close()
		news.Close()
	}, err
}

func (s *stage) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stage) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard
}

// Accept implements bot.Inbox: requests come at the stage's time.
func (s *stage) Accept(ctx context.Context, p digest.Platform, rs []bot.Request, cursor string) error {
	for i := range rs {
		rs[i].At = s.clock()
	}
	if err := s.bot.Accept(ctx, p, rs, cursor); err != nil {
		return err
	}
	s.mu.Lock()
	s.heard += len(rs)
	s.mu.Unlock()
	return nil
}

// Cursor implements bot.Inbox.
func (s *stage) Cursor(ctx context.Context, p digest.Platform) (string, error) {
	return s.bot.Cursor(ctx, p)
}

// Immediate implements bot.Inbox.
func (s *stage) Immediate(ctx context.Context, r bot.Request) bot.Reply {
	r.At = s.clock()
	defer func() {
		s.mu.Lock()
		s.heard++
		s.mu.Unlock()
	}()
	return s.bot.Immediate(ctx, r)
}

// patience is how long a stage waits for one thing to happen.
const patience = 20 * time.Second

// act carries out a line of a script: "clock +18h", or "anna: /start".
func (s *stage) act(on scene, line string) error {
	if span, ok := strings.CutPrefix(line, "clock +"); ok {
		d, err := time.ParseDuration(span)
		if err != nil {
			return err
		}
		return s.desk.Walk(s.ctx, s.clock(), s.clock().Add(d), func(now time.Time) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.now = now
		})
	}
	who, what, ok := strings.Cut(line, ": ")
	if !ok {
		return fmt.Errorf("%q is neither clock +18h nor somebody: something", line)
	}
	before := s.count()
	if err := on.does(who, what); err != nil {
		return fmt.Errorf("%s: %w", line, err)
	}
	for deadline := time.Now().Add(patience); s.count() == before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: nothing arrived at the bot", line)
		}
	}
	s.bot.Wait()
	return nil
}

// walks are the platforms of the script command walk.
var walks = map[string]func(*house) (scene, error){
	"telegram": newTelegramScene, "discord": newDiscordScene,
}

// walk is the script command "walk PLATFORM FILE": people do what the lines of the file
// say, and what they see then is written to "said", without the words of news.
func walk(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || walks[args[0]] == nil {
		ts.Fatalf("usage: walk telegram|discord FILE")
	}
	s, on, end, err := newStage(context.Background(), ts.MkAbs("."), walks[args[0]])
	if end != nil {
		defer end()
	}
	ts.Check(err)
	var said strings.Builder
	for line := range strings.Lines(ts.ReadFile(args[1])) {
		line = strings.TrimSuffix(line, "\n")
		ts.Check(s.act(on, line))
		said.WriteString("> " + line + "\n" + lasting(on.shown()))
	}
	ts.Check(os.WriteFile(ts.MkAbs("said"), []byte(said.String()), 0o644))
}

// unlasting are the words of news in what the bot says; they change whenever stories are
// found or summarized better.
var unlasting = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`(?ms)^( \d  |(<b>|\*\*)?\d+\. ).*?^That’s all`), "(the stories)\n\nThat’s all"},
	{regexp.MustCompile(`\d+ articles, \d+ sources`), "N articles, N sources"},
	{regexp.MustCompile(`(digest, \w+ \d+ \w+: ).*(, and \d+ more)`), "$1(a headline)$2"},
	{regexp.MustCompile(`(Page 2 of 2 · )\d+ stories`), "${1}N stories"},
	{regexp.MustCompile(`Show \d+ more`), "Show N more"},
	{regexp.MustCompile(`(?m)^\d+ more stories were left out.*\n`), ""},
	{regexp.MustCompile(`(latest headline: ).*`), "$1(a headline)"},
	{regexp.MustCompile(`(Read more about a story: ).*`), "$1(the stories)]"},
	{regexp.MustCompile(`:[a-z2-7]{16}\b`), ":(an id)"},
	{regexp.MustCompile(`[\d,]+/4,096 characters, [\d,]+/32,768 bytes, \d+/100 entities`), "N/4,096 characters, N/32,768 bytes, N/100 entities"},
}

// withoutNews is the script command "withoutnews FILE": the words of news are left out of
// the file.
func withoutNews(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: withoutnews FILE")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(lasting(ts.ReadFile(args[0]))), 0o644))
}

func lasting(said string) string {
	for _, u := range unlasting {
		said = u.what.ReplaceAllString(said, u.with)
	}
	return said
}
