// Package console is the platform that is a terminal: lines typed are commands, and
// buttons are numbers.
package console

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/peterh/liner"

	"newsdigest/bot"
	"newsdigest/digest"
)

// User is who sits at the terminal.
const User = "1"

// Address is the chat of whoever sits at the terminal.
var Address = digest.Address{Platform: digest.Console, Channel: User}

// Lines gives what is typed, line by line; io.EOF at the end.
type Lines interface {
	Line(prompt string) (string, error)
}

// Local is a command of the terminal itself, not of the bot: it works on whatever
// started the console.
type Local func(ctx context.Context, args string) error

// Options are what a console works with.
type Options struct {
	Out   io.Writer
	In    Lines
	Style Style
	// Now is the console's clock; Zone is where it is.
	Now  func() time.Time
	Zone *time.Location
	// Settle waits until everything accepted so far is answered.
	Settle func()
	// Local are the terminal's own commands, by name.
	Local map[string]Local
	// Language is that of the user.
	Language string
	// Echo prints the prompt and the lines read, for a transcript.
	Echo bool
}

// Console is the platform. It is safe for concurrent use.
type Console struct {
	o       Options
	mu      sync.Mutex
	buttons []digest.Button
	lastID  int
}

// New makes a console.
func New(o Options) *Console { return &Console{o: o} }

// Listen implements bot.Listener: it reads lines until there are no more, or /quit.
func (c *Console) Listen(ctx context.Context, in bot.Inbox) error {
	for ctx.Err() == nil {
		line, err := c.line(ctx)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, liner.ErrPromptAborted):
			return nil
		case err != nil:
			return err
		}
		if c.o.Echo {
			c.print("> " + line + "\n")
		}
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if line == "/quit" || line == "/exit" {
			return nil
		}
		if err := c.take(ctx, in, line); err != nil {
			return err
		}
	}
	return nil
}

// line is the next line, or the end of ctx: reading cannot be interrupted, so that it is
// left to end with the program.
func (c *Console) line(ctx context.Context) (string, error) {
	type read struct {
		line string
		err  error
	}
	got := make(chan read, 1)
	go func() {
		line, err := c.o.In.Line("> ")
		got <- read{line, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case r := <-got:
		return r.line, r.err
	}
}

// take does what a line says and waits until it is answered.
func (c *Console) take(ctx context.Context, in bot.Inbox, line string) error {
	name, args, _ := strings.Cut(strings.TrimPrefix(line, "/"), " ")
	if run, ok := c.o.Local[name]; ok && strings.HasPrefix(line, "/") {
		if err := run(ctx, strings.TrimSpace(args)); err != nil {
			c.print(err.Error() + "\n")
		}
		return nil
	}
	r := c.request()
	switch n, err := strconv.Atoi(line); {
	case strings.HasPrefix(line, "/"):
		r.Kind, r.Command, r.Args = bot.Command, name, strings.TrimSpace(args)
	case err == nil && n >= 1 && n <= len(c.pressable()):
		r.Kind, r.Action = bot.Press, c.pressable()[n-1].Action
	default:
		r.Kind, r.Text = bot.Text, line
	}
	if err := in.Accept(ctx, digest.Console, []bot.Request{r}, ""); err != nil {
		return err
	}
	c.o.Settle()
	return nil
}

func (c *Console) pressable() []digest.Button {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.buttons
}

// request is a request of whoever sits here, under a new id.
func (c *Console) request() bot.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastID++
	now := c.o.Now()
	return bot.Request{
		// Real time is in it because a console starts to count anew each time.
		ID:       strconv.FormatInt(time.Now().UnixNano(), 36) + "-" + strconv.Itoa(c.lastID),
		Platform: digest.Console, Chat: Address, Place: Address, Private: true,
		User: User, Language: c.o.Language, At: now,
	}
}

// Answer implements bot.Answerer.
func (c *Console) Answer(_ context.Context, r bot.Request, reply bot.Reply) error {
	if reply.Post == nil {
		return nil
	}
	c.show(*reply.Post, "")
	return nil
}

// Rights implements bot.Answerer: whoever sits here may do everything.
func (c *Console) Rights(context.Context, bot.Request) (bot.Rights, error) {
	return bot.Rights{Manage: true}, nil
}

// show prints a post and offers its buttons.
func (c *Console) show(p digest.Post, prefix string) {
	line, flat := menu(p.Buttons)
	text := prefix + c.o.Style.Render(p)
	if line != "" {
		text += line + "\n"
	}
	c.mu.Lock()
	if len(flat) > 0 {
		c.buttons = flat
	}
	c.mu.Unlock()
	c.print(text)
}

func (c *Console) print(s string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprint(c.o.Out, s)
}

// Pages implements desk.Messenger: a post is one page, and the terminal takes any.
func (c *Console) Pages(p digest.Post) []digest.Page {
	payload, err := json.Marshal(p)
	if err != nil {
		return nil // a post is made of strings and times: it always encodes
	}
	return []digest.Page{{Variants: []digest.Variant{{Kind: digest.Rich, Payload: payload}}}}
}

// Send implements desk.Messenger.
func (c *Console) Send(_ context.Context, _ digest.Address, p digest.Page, a digest.Attempt) (digest.Receipt, error) {
	var post digest.Post
	if err := json.Unmarshal(p.Variants[a.Variant].Payload, &post); err != nil {
		return digest.Receipt{}, &digest.SendError{Fault: digest.Rejected, Err: err}
	}
	now := c.o.Now()
	c.show(post, "("+now.In(c.o.Zone).Format("15:04")+") ")
	return digest.Receipt{Message: a.Key, At: now}, nil
}

// Open implements desk.Messenger.
func (c *Console) Open(context.Context, string) (digest.Address, error) { return Address, nil }

// Piped reads lines from a file or a pipe.
type Piped struct{ r *bufio.Reader }

// NewPiped reads lines from r.
func NewPiped(r io.Reader) *Piped { return &Piped{bufio.NewReader(r)} }

// maxLine is how much of a line is read, in bytes; no command is longer.
const maxLine = 64 << 10

// Line implements Lines. What a line has beyond maxLine is passed over.
func (p *Piped) Line(string) (string, error) {
	var line []byte
	for {
		part, more, err := p.r.ReadLine()
		if err != nil {
			return "", err
		}
		line = append(line, part[:min(len(part), maxLine-len(line))]...)
		if !more {
			return strings.ToValidUTF8(string(line), ""), nil
		}
	}
}

// Typed reads lines from a terminal, with history and completion.
type Typed struct{ state *liner.State }

// NewTyped takes over the terminal until Close. Tab completes the given words.
func NewTyped(words []string) *Typed {
	s := liner.NewLiner()
	s.SetCtrlCAborts(true)
	s.SetCompleter(func(line string) (out []string) {
		for _, w := range words {
			if strings.HasPrefix(w, line) {
				out = append(out, w)
			}
		}
		return out
	})
	return &Typed{s}
}

// Line implements Lines.
func (t *Typed) Line(prompt string) (string, error) {
	line, err := t.state.Prompt(prompt)
	if err == nil {
		t.state.AppendHistory(line)
	}
	return line, err
}

// Close gives the terminal back.
func (t *Typed) Close() error { return t.state.Close() }
