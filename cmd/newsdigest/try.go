package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"newsdigest/bot"
	"newsdigest/bot/console"
	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
	"newsdigest/digest/fetch"
	"newsdigest/store/postgres"
)

// trialOptions are the options of try.
type trialOptions struct {
	db, script, at, web string
	live                bool
}

func (p *program) tryCommand() *cobra.Command {
	var o trialOptions
	c := &cobra.Command{
		Use: "try", Short: "Talk to the bot in this terminal, no tokens needed", Args: cobra.NoArgs,
		Long: `Prints a digest of bundled sample news and then takes commands, as a chat would. Nothing
is configured and nothing leaves this computer: the sample news is served on loopback, and
the real pipeline reads it.

Commands of the terminal itself:
  /clock +18h                 move the trial's clock, to see a scheduled digest
  /story 1                    all sources of a story of the last digest
  /as 2                       be somebody else, with a chat of their own; /as 1 to come back
  /render telegram            what the last message is on Telegram, or on discord
  /fail source harbour        that source does not answer any more; add "off" to end it
  /quit                       end

With --json every message is an object on a line of its own.`,
		RunE: func(c *cobra.Command, _ []string) error { return p.try(c.Context(), o) },
	}
	c.Flags().StringVar(&o.db, "db", "", "keep the store in this file (default: a temporary one)")
	c.Flags().StringVar(&o.script, "script", "", "read the commands from this file")
	c.Flags().StringVar(&o.at, "at", "", "start at this time, RFC 3339 (default: that of the sample news)")
	c.Flags().StringVar(&o.web, "web", "", "put the trial's digests on the web at this address, for example localhost:8080")
	c.Flags().BoolVar(&o.live, "live", false, "read the starter set's real feeds instead of the sample news")
	return c
}

// trial is a bot whose clock is moved by hand.
type trial struct {
	p     *program
	h     *house
	con   *console.Console
	style console.Style

	mu  sync.Mutex
	now time.Time
	// failing are the hosts of the sample news that do not answer, by hostnames.
	failing map[string]bool
	hosts   []string
}

func (t *trial) clock() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now
}

func (t *trial) set(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now = now
}

func (p *program) try(ctx context.Context, o trialOptions) (err error) {
	t := &trial{p: p, now: catalog.SampleStart}
	if o.live {
		t.now = time.Now()
	}
	if o.at != "" {
		if t.now, err = time.Parse(time.RFC3339, o.at); err != nil {
			return &exitError{code: exitUsage, err: fmt.Errorf("--at: %q is not a time; write for example 2026-11-22T13:05:00Z", o.at)}
		}
	}
	if postgres.IsAddress(o.db) {
		return &exitError{code: exitUsage, err: errors.New("--db: a trial moves its clock by hand, which a store that others share does not take; name a file")}
	}
	pl, done, err := t.plan(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	cfg := config{Access: "open", Operators: trialOperators}
	if o.web != "" {
		cfg.Web, cfg.WebURL = o.web, "http://"+o.web
	}
	if problems := cfg.webProblems(); len(problems) > 0 {
		return &exitError{code: exitUsage, err: fmt.Errorf("--web: %q is no address to listen on; write for example localhost:8080", o.web)}
	}
	if t.h, err = build(ctx, cfg, p.quietLog(), pl); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.h.close()) }()
	if err := t.h.pages(ctx, t.clock); err != nil {
		return err
	}
	return t.talk(ctx, o)
}

// trialOperators are those who run the trial: whoever sits there first.
var trialOperators = []string{string(digest.Console) + ":" + console.User}

// pollTrial is how often the trial's sources are polled: often enough for a clock that
// is moved by hours.
const pollTrial = 30 * time.Minute

// plan is what the trial's house is made from: the sample news on loopback, or with
// --live the real starter set. done takes down what it put up.
func (t *trial) plan(o trialOptions) (pl plan, done func() error, err error) {
	pl = plan{file: o.db, starter: catalog.Starter(), every: desk.Options{PollEvery: pollTrial, PollLongest: pollTrial, Began: t.now}}
	var closers []func() error
	done = func() error {
		var errs []error
		for _, f := range closers {
			errs = append(errs, f())
		}
		return errors.Join(errs...)
	}
	if pl.file == "" {
		dir, err := os.MkdirTemp("", "newsdigest-try-")
		if err != nil {
			return pl, done, err
		}
		closers = append(closers, func() error { return os.RemoveAll(dir) })
		pl.file = filepath.Join(dir, "newsdigest.db")
	}
	if o.live {
		return pl, done, nil
	}
	sample, err := catalog.NewSample(catalog.SampleStart)
	if err != nil {
		return pl, done, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return pl, done, fmt.Errorf("the sample news needs loopback: %w", err)
	}
	t.hosts = sample.Hosts()
	s := &http.Server{Handler: t.mayFail(sample.Handler(t.clock)), ReadHeaderTimeout: 10 * time.Second}
	closers = append(closers, s.Close)
	go s.Serve(l) //nolint:errcheck // it ends with the server
	pl.starter = sample.Sources()
	pl.fetch = fetch.Options{Dial: map[string]string{}}
	for _, host := range t.hosts {
		pl.fetch.Dial[host] = l.Addr().String()
	}
	return pl, done, nil
}

// talk is the conversation.
func (t *trial) talk(ctx context.Context, o trialOptions) error {
	lines, done, err := t.p.lines(o.script)
	if err != nil {
		return err
	}
	defer done()
	zone := localZone()
	loc, err := digest.LoadZone(zone)
	if err != nil {
		return err
	}
	_, typed := lines.(*console.Typed)
	t.style = console.Style{
		Width: console.Fit(t.p.columns), Color: t.p.color,
		Story: func(n int) string { return fmt.Sprintf("/story %d", n) }}
	t.con = console.New(console.Options{
		Out: t.p.out, In: lines, Style: t.style, Now: t.clock, Zone: loc, Settle: t.settle, Language: "en", Echo: !typed,
		JSON:    t.p.flags.json,
		Local:   map[string]console.Local{"clock": t.moveClock, "story": t.story, "fail": t.fail},
		Renders: renders,
	})
	t.h.bot.Add(digest.Console, t.con)
	t.h.desk.SetMessenger(digest.Console, t.con, desk.Rate{})
	chat, err := t.h.desk.Meet(ctx, console.Address, "en", "en", t.clock())
	if err != nil {
		return err
	}
	if chat.Settings.Zone == "" {
		if _, err := t.h.desk.SetZone(ctx, chat.ID, zone, "", t.clock()); err != nil {
			return err
		}
	}
	t.hello(o, zone)
	first := bot.Request{ID: "first-" + time.Now().String(), Platform: digest.Console, Kind: bot.Command, Command: "digest",
		Chat: console.Address, Place: console.Address, Private: true, User: console.User, Language: "en", At: t.clock()}
	if err := t.h.bot.Accept(ctx, digest.Console, []bot.Request{first}, ""); err != nil {
		return err
	}
	t.settle()
	if err := t.con.Listen(ctx, t.h.bot); err != nil {
		return err
	}
	return ctx.Err()
}

func (t *trial) hello(o trialOptions, zone string) {
	if t.p.flags.quiet || t.p.flags.json {
		return
	}
	if !o.live {
		fmt.Fprintln(t.p.out, "No tokens, no network: six days of sample news. (--live reads real feeds)")
	}
	fmt.Fprintf(t.p.out, "Using %s from this computer. Type /help for what the bot knows, /clock +18h to move the clock.\n\n", zone)
}

// settle waits until everything said so far is answered.
func (t *trial) settle() { t.h.bot.Wait() }

// moveClock is /clock +18h: everything due until then happens on the way.
func (t *trial) moveClock(ctx context.Context, args string) error {
	now := t.clock()
	if args == "" {
		t.con.Note(now.In(t.zone()).Format("Mon 2 Jan 15:04"))
		return nil
	}
	d, err := time.ParseDuration(strings.TrimPrefix(args, "+"))
	if err != nil {
		return fmt.Errorf("%q is no span of time; try /clock +18h", args)
	}
	const farthest = 31 * 24 * time.Hour
	if d <= 0 || d > farthest {
		return errors.New("the clock goes forward only, by at most 744h")
	}
	if err := t.h.desk.Walk(ctx, now, now.Add(d), t.set); err != nil {
		return err
	}
	t.con.Note("It is " + t.clock().In(t.zone()).Format("Mon 2 Jan 15:04") + ".")
	return nil
}

func (t *trial) zone() *time.Location {
	if loc, err := digest.LoadZone(localZone()); err == nil {
		return loc
	}
	return time.UTC
}

// story is /story 1: all sources of a story of the last digest.
func (t *trial) story(ctx context.Context, args string) error {
	c, ok, err := t.h.desk.Chat(ctx, t.con.Here())
	if err != nil || !ok {
		return err
	}
	e, err := lastEdition(ctx, t.h.desk, c)
	if err != nil {
		return err
	}
	n, err := storyNumber(args, e)
	if err != nil {
		return err
	}
	t.con.Note(t.style.Sources(e, n))
	return nil
}

// lines is where the commands come from: a script, a pipe, or somebody who types.
func (p *program) lines(script string) (console.Lines, func(), error) {
	if script != "" {
		f, err := os.Open(script)
		if err != nil {
			return nil, nil, &exitError{code: exitUsage, err: fmt.Errorf("--script: %w", err)}
		}
		return console.NewPiped(f), func() { f.Close() }, nil
	}
	if f, ok := p.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) && p.columns > 0 {
		var words []string
		for _, c := range bot.Commands {
			words = append(words, "/"+c.Name)
		}
		typed := console.NewTyped(append(words, "/clock +", "/story ", "/as ", "/render telegram", "/render discord", "/fail source ", "/quit"))
		return typed, func() { typed.Close() }, nil
	}
	return console.NewPiped(io.Reader(p.in)), func() {}, nil
}
