// Package faketelegram is a Telegram Bot API server on loopback for tests. It behaves as
// the real one does where a bot can notice it: the update queue with its offsets, the
// HTML parser, the limits, the errors and their wording, chats that vanish, move or shut
// the bot out. It keeps a ledger of everything that arrived and plays faults on request.
//
// The texts of errors and the limits are those of tdlib/td and tdlib/telegram-bot-api
// and of the public description of Bot API 10.1. What nobody documents (the burst that
// the flood limits allow, how long a press may be answered) is an option.
package faketelegram

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// DefaultToken is the bot's token where Options names none.
const DefaultToken = "987654321:AAF-canary-token-of-the-fake-telegram"

// BotID is the user id of the bot.
const BotID = 987654321

// SpecsVariable names the environment variable with the folder that holds
// telegram-bot-api.json; calls are checked against it where it is set.
const SpecsVariable = "NEWSDIGEST_TEST_SPECS"

// Options say how the server behaves. The zero value enforces no flood limits.
type Options struct {
	Token    string // DefaultToken if empty
	Username string // of the bot, "newsdigest_bot" if empty
	Prefix   string // path before "/bot<token>", such as "/telegram"
	// Now is the server's clock, time.Now if nil. It dates messages and drives the
	// limits; long polls wait in real time.
	Now    func() time.Time
	Limits Limits
	// PressLife is how long a press can be answered; zero means for good.
	PressLife time.Duration
	// Specs is the folder with telegram-bot-api.json; empty takes SpecsVariable.
	Specs string
	// Tolerant keeps New from failing the test over violations.
	Tolerant bool
}

// Server is the fake. All its methods may be called from any goroutine.
type Server struct {
	opts Options
	spec *spec // nil without a description

	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever anything changes
	ledger  Ledger
	faults  []*Fault
	flood   flood
	bot     botState
	users   map[int64]*User
	chats   map[int64]*room
	files   map[string]File // what people sent, by id
	queue   queue
	revoked bool

	address string
	serving *http.Server // nil while down
	closed  chan struct{}
}

// New starts a server that lives as long as the test, which fails if a call broke the
// rules that Violations lists (unless Options.Tolerant).
func New(t testing.TB, opts Options) *Server {
	t.Helper()
	s, err := Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		if opts.Tolerant {
			return
		}
		for _, v := range s.Violations() {
			t.Errorf("telegram: %s", v)
		}
	})
	return s
}

// Start starts a server on a free loopback port.
func Start(opts Options) (*Server, error) {
	s, err := NewHandler(opts)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.address = l.Addr().String()
	s.serve(l)
	return s, nil
}

// NewHandler makes a server that listens nowhere: reach it through Transport or as an
// http.Handler.
func NewHandler(opts Options) (*Server, error) {
	if opts.Token == "" {
		opts.Token = DefaultToken
	}
	if opts.Username == "" {
		opts.Username = "newsdigest_bot"
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Specs == "" {
		opts.Specs = os.Getenv(SpecsVariable)
	}
	spec, err := loadSpec(opts.Specs)
	if err != nil {
		return nil, err
	}
	return &Server{
		opts: opts, spec: spec, address: "telegram.invalid",
		changed: make(chan struct{}), closed: make(chan struct{}),
		flood: flood{limits: opts.Limits},
		bot:   newBotState(),
		users: map[int64]*User{}, chats: map[int64]*room{}, files: map[string]File{},
		queue: queue{next: firstUpdate},
	}, nil
}

func (s *Server) serve(l net.Listener) {
	srv := &http.Server{Handler: s}
	s.mu.Lock()
	s.serving = srv
	s.mu.Unlock()
	go srv.Serve(l) // ends when the server is closed
}

// URL is the base address a client is configured with; it adds "/bot<token>/method".
func (s *Server) URL() string { return "http://" + s.address + s.opts.Prefix }

// Token is the bot's token.
func (s *Server) Token() string { return s.opts.Token }

// Username is the bot's user name.
func (s *Server) Username() string { return s.opts.Username }

// Down makes the platform unreachable: connections break and new ones are refused until
// Up.
func (s *Server) Down() {
	s.mu.Lock()
	srv := s.serving
	s.serving = nil
	s.mu.Unlock()
	if srv != nil {
		srv.Close()
	}
}

// Up ends Down, at the same address.
func (s *Server) Up() error {
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		return err
	}
	s.serve(l)
	return nil
}

// Close ends the server and every call that waits in it.
func (s *Server) Close() {
	s.mu.Lock()
	select {
	case <-s.closed:
	default:
		close(s.closed)
	}
	s.mu.Unlock()
	s.Down()
}

// Revoke makes the token invalid: from now on every call gets 401.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = true
}

// Wait waits until ok holds. ok sees the ledger while nothing can change and must not
// call the server's methods.
func (s *Server) Wait(ctx context.Context, ok func(*Ledger) bool) error {
	for {
		s.mu.Lock()
		done, changed := ok(&s.ledger), s.changed
		s.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-s.closed:
			return fmt.Errorf("faketelegram: closed while waiting")
		case <-ctx.Done():
			return fmt.Errorf("faketelegram: %w while waiting", ctx.Err())
		}
	}
}

// notify wakes everybody who waits for a change. The caller holds the lock.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// filePrefix stands before the path of a file in place of a method.
const filePrefix = "file/"

// route finds the method in a path, or the file, and whether the token in it is the
// bot's.
func (s *Server) route(path string) (method string, authorized, found bool) {
	path, ok := strings.CutPrefix(path, s.opts.Prefix)
	if file, is := strings.CutPrefix(path, "/file/bot"); ok && is {
		token, name, _ := strings.Cut(file, "/")
		return filePrefix + name, s.valid(token), name != ""
	}
	rest, ok := strings.CutPrefix(path, "/bot")
	if !ok {
		return "", false, false
	}
	token, method, ok := strings.Cut(rest, "/")
	if !ok || method == "" {
		return "", false, false
	}
	return method, s.valid(token), true
}

func (s *Server) valid(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return token == s.opts.Token && !s.revoked
}
