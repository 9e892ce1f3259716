// Package fakediscord is a loopback server that behaves as Discord does, as far as a bot
// can see: the REST API under /api/v9, the gateway, the limits and the error codes. It
// keeps a ledger of all that arrived and produces faults on request, so tests can hold
// what the bot believes against what a reader would have seen.
//
// Figures that Discord does not document (rate-limit buckets, the nonce window) are
// settings here.
package fakediscord

import (
	"context"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

// Options are the settings of a Server. The zero value is a well-behaved Discord with
// application id DefaultApplication and the token DefaultToken.
type Options struct {
	Token       string // without "Bot "
	Application string // its id; the bot user has the same
	// Prefix stands before /api/v9, as behind a REST proxy: "/discord".
	Prefix string
	// NonceWindow is how long enforce_nonce remembers ("the past few minutes").
	NonceWindow time.Duration
	// Heartbeat is the interval that HELLO asks for.
	Heartbeat time.Duration
	// IdentifyEvery is how often one IDENTIFY is allowed; a faster one gets op 9.
	IdentifyEvery time.Duration
	// Global is how many REST calls a second are allowed, PerChannel how many messages
	// to a channel in PerChannelWindow. Zero is no limit.
	Global           int
	PerChannel       int
	PerChannelWindow time.Duration
}

// What a Server with no Options answers to.
const (
	DefaultToken       = "fake.discord.token"
	DefaultApplication = "1000000000000000001"
)

func (o Options) withDefaults() Options {
	def := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	defd := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&o.Token, DefaultToken)
	def(&o.Application, DefaultApplication)
	defd(&o.NonceWindow, 5*time.Minute)
	defd(&o.Heartbeat, 41250*time.Millisecond)
	defd(&o.IdentifyEvery, 5*time.Second)
	defd(&o.PerChannelWindow, 5*time.Second)
	return o
}

// Server is the fake. Its methods may be called from any goroutine.
type Server struct {
	opt    Options
	http   *http.Server
	addr   string
	mux    *http.ServeMux
	schema *schema // nil without a description
	quit   chan struct{}

	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every change of what follows
	skew    time.Duration // added to the wall clock
	lastID  int64

	guilds       map[string]*Guild
	channels     map[string]*Channel
	dms          map[string]string // user -> channel
	refusing     map[string]bool   // users who take no direct messages
	commands     []Command
	messages     []*Message
	interactions map[string]*Interaction // by token
	calls        []Call
	violations   []string
	faults       []*Fault
	limits       limiter
	gateway      gateway
}

// Start listens on a free loopback port. Where the environment variable
// NEWSDIGEST_TEST_SPECS names a folder with discord-openapi.json, every request body is
// checked against that description.
func Start(o Options) (*Server, error) {
	s := &Server{
		opt: o.withDefaults(), quit: make(chan struct{}), changed: make(chan struct{}),
		guilds: map[string]*Guild{}, channels: map[string]*Channel{}, dms: map[string]string{},
		refusing: map[string]bool{}, interactions: map[string]*Interaction{}, limits: limiter{},
	}
	s.gateway.sessions = map[string]*session{}
	if dir := os.Getenv("NEWSDIGEST_TEST_SPECS"); dir != "" {
		var err error
		if s.schema, err = loadSchema(dir); err != nil {
			return nil, err
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.addr = l.Addr().String()
	s.routes()
	s.http = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second}
	go s.http.Serve(l) //nolint:errcheck // always ErrServerClosed, from Close
	return s, nil
}

// URL is the base address for the bot's configuration.
func (s *Server) URL() string { return "http://" + s.addr + s.opt.Prefix }

// Token is the token that the server takes.
func (s *Server) Token() string { return s.opt.Token }

// Close ends all connections and the server.
func (s *Server) Close() {
	close(s.quit)
	s.Drop()
	s.http.Close()
}

// Advance moves the server's clock: for the 3 seconds and 15 minutes of an interaction
// and the nonce window.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew += d
}

// Wait returns when cond holds; it is asked again after every change. cond may call the
// server's methods.
func (s *Server) Wait(ctx context.Context, cond func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// touch wakes those who Wait; the caller holds the lock.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) now() time.Time { return time.Now().Add(s.skew) }

// epoch is the first millisecond of Discord's ids (reference, "Snowflakes").
const epoch = 1420070400000

// newID is the next snowflake; the caller holds the lock.
func (s *Server) newID() string {
	s.lastID = max(s.lastID+1, (s.now().UnixMilli()-epoch)<<22)
	return strconv.FormatInt(s.lastID, 10)
}

// violate notes something that Discord takes but this project does not want, or that a
// person could not have done.
func (s *Server) violate(what string) {
	s.violations = append(s.violations, what)
}
