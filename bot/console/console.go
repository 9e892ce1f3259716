// Package console is the platform that is a terminal: lines typed are commands, and
// buttons are numbers.
package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/peterh/liner"

	"newsdigest/bot"
	"newsdigest/digest"
)

// User is who sits at the terminal at first.
const User = "1"

// Address is the chat of whoever sits at the terminal at first.
var Address = chatOf(User)

func chatOf(user string) digest.Address {
	return digest.Address{Platform: digest.Console, Channel: user}
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
	// Local are the terminal's own commands, by name, besides /as and /render.
	Local map[string]Local
	// Renders say what a post becomes on another platform, by the platform's name.
	Renders map[string]func(digest.Post) string
	// Language is that of the user.
	Language string
	// Echo prints the prompt and the lines read, for a transcript.
	Echo bool
	// JSON prints an object for every message instead of its text.
	JSON bool
}

// Console is the platform. It is safe for concurrent use.
type Console struct {
	o      Options
	mu     sync.Mutex
	user   string           // who sits here now
	seats  map[string]*seat // by user
	lastID int
}

// seat is what one user has before them.
type seat struct {
	choices []choice     // of the last message that had any
	last    *digest.Post // the last message
}

// New makes a console.
func New(o Options) *Console {
	c := &Console{o: o, user: User, seats: map[string]*seat{}}
	if o.Local == nil {
		c.o.Local = map[string]Local{}
	}
	c.o.Local = maps.Clone(c.o.Local)
	c.o.Local["as"], c.o.Local["render"] = c.as, c.render
	return c
}

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
		if c.o.Echo && !c.o.JSON {
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

// sentence is what is wrong, as it stands among what the bot says.
func sentence(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[n:]
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
			c.Note(sentence(err.Error()))
		}
		return nil
	}
	r, choices := c.request(), c.choices()
	switch n, err := strconv.Atoi(line); {
	case strings.HasPrefix(line, "/"):
		r.Kind, r.Command, r.Args = bot.Command, name, strings.TrimSpace(args)
	case err == nil && n >= 1 && n <= len(choices):
		chosen := choices[n-1]
		r.Kind, r.Action, r.Values, r.Toggled = bot.Press, chosen.Action, chosen.Values, chosen.Toggled
	default:
		r.Kind, r.Text = bot.Text, line
	}
	if err := in.Accept(ctx, digest.Console, []bot.Request{r}, ""); err != nil {
		return err
	}
	c.o.Settle()
	return nil
}

func (c *Console) choices() []choice {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seat(c.user).choices
}

// seat is a user's seat; the caller holds the lock.
func (c *Console) seat(user string) *seat {
	s := c.seats[user]
	if s == nil {
		s = &seat{}
		c.seats[user] = s
	}
	return s
}

// Here is the chat of whoever sits at the terminal now.
func (c *Console) Here() digest.Address {
	c.mu.Lock()
	defer c.mu.Unlock()
	return chatOf(c.user)
}

// maxUsers is how many people may take turns at a terminal.
const maxUsers = 99

// as is /as 2: somebody else sits at the terminal from now on, with a chat of their own.
func (c *Console) as(_ context.Context, args string) error {
	n, err := strconv.Atoi(args)
	if err != nil || n < 1 || n > maxUsers {
		return fmt.Errorf("users are the numbers 1 to %d; try /as 2", maxUsers)
	}
	c.mu.Lock()
	c.user = strconv.Itoa(n)
	c.mu.Unlock()
	c.Note("You are user " + strconv.Itoa(n) + " now.")
	return nil
}

// render is /render telegram: what the last message is on another platform.
func (c *Console) render(_ context.Context, args string) error {
	make := c.o.Renders[args]
	if make == nil {
		names := slices.Sorted(maps.Keys(c.o.Renders))
		return fmt.Errorf("write /render and one of these: %s", strings.Join(names, ", "))
	}
	c.mu.Lock()
	last := c.seat(c.user).last
	c.mu.Unlock()
	if last == nil {
		return errors.New("nothing was said yet")
	}
	c.Note(make(*last))
	return nil
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
		Platform: digest.Console, Chat: chatOf(c.user), Place: chatOf(c.user), Private: true,
		User: c.user, Language: c.o.Language, At: now,
	}
}

// Answer implements bot.Answerer.
func (c *Console) Answer(_ context.Context, r bot.Request, reply bot.Reply) error {
	if reply.Post != nil {
		c.show(r.User, *reply.Post, time.Time{})
	}
	if reply.Toast != "" {
		c.Note(reply.Toast)
	}
	return nil
}

// Rights implements bot.Answerer: whoever sits here may do everything.
func (c *Console) Rights(context.Context, bot.Request) (bot.Rights, error) {
	return bot.Rights{Manage: true}, nil
}

// show prints a post for a user and offers what can be chosen. What comes unasked has the
// time of day before it.
func (c *Console) show(user string, p digest.Post, unasked time.Time) {
	text, choices := c.o.Style.screen(p)
	c.mu.Lock()
	s := c.seat(user)
	s.last = &p
	if len(choices) > 0 {
		s.choices = choices
	}
	here := user == c.user
	c.mu.Unlock()
	if c.o.JSON {
		c.object(message{User: user, Unasked: unasked, Text: text, Choices: choices, Post: &p})
		return
	}
	if !unasked.IsZero() {
		prefix := unasked.In(c.o.Zone).Format("15:04")
		if !here {
			prefix += ", user " + user
		}
		text = "(" + prefix + ") " + text
	}
	c.print(text)
}

// Note prints a line of the terminal's own.
func (c *Console) Note(text string) {
	if c.o.JSON {
		c.object(message{Note: text})
		return
	}
	c.print(strings.TrimSuffix(text, "\n") + "\n")
}

// message is a message in JSON.
type message struct {
	User string `json:"user,omitempty"`
	// Unasked is when a message came that answers nothing.
	Unasked time.Time    `json:"unasked,omitzero"`
	Text    string       `json:"text,omitempty"` // as the terminal would show it
	Choices []choice     `json:"choices,omitempty"`
	Post    *digest.Post `json:"post,omitempty"`
	Note    string       `json:"note,omitempty"` // said by the terminal, not by the bot
}

func (c *Console) object(m message) {
	line, err := json.Marshal(m)
	if err != nil {
		return // a post is made of strings and times: it always encodes
	}
	c.print(string(line) + "\n")
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
func (c *Console) Send(_ context.Context, to digest.Address, p digest.Page, a digest.Attempt) (digest.Receipt, error) {
	var post digest.Post
	if err := json.Unmarshal(p.Variants[a.Variant].Payload, &post); err != nil {
		return digest.Receipt{}, &digest.SendError{Fault: digest.Rejected, Err: err}
	}
	now := c.o.Now()
	c.show(to.Channel, post, now)
	return digest.Receipt{Message: a.Key, At: now}, nil
}

// Open implements desk.Messenger.
func (c *Console) Open(_ context.Context, user string) (digest.Address, error) {
	return chatOf(user), nil
}
