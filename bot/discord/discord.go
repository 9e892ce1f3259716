// Package discord brings the conversation to Discord: slash commands, buttons and forms
// in, messages out. It speaks REST and the gateway through discordgo, whose reconnecting,
// retrying and waiting it does not use: a connection is supervised here, and a call is
// one attempt that says what became of it.
package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Permissions is what the invitation link asks for: View Channel, Send Messages, Embed
// Links, Read Message History and Send Messages in Threads (topics, "Permissions").
const Permissions = viewChannel | sendMessages | embedLinks | readHistory | sendInThreads

// Permission bits (topics, "Bitwise Permission Flags").
const (
	administrator = 1 << 3
	manageServer  = 1 << 5
	viewChannel   = 1 << 10
	sendMessages  = 1 << 11
	embedLinks    = 1 << 14
	readHistory   = 1 << 16
	sendInThreads = 1 << 38
)

// Options are what a Platform works with.
type Options struct {
	Token string // of the bot, without "Bot "
	// API is the base address, scheme://host[:port][/prefix] without /api/vN; empty is
	// Discord's own.
	API string
	// Shards is how many connections to the gateway the bot's servers are spread over, by
	// all its processes; 0 is one.
	Shards int
	Log    *slog.Logger
	// Report is told how Discord is reached while the bot listens: nil when it has
	// connected, else why it has not. It may be nil.
	Report func(error)
}

// Platform is Discord. It is safe for concurrent use.
type Platform struct {
	token     string
	log       *slog.Logger
	report    func(error)
	transport *transport
	rest      *discordgo.Session // never opened; makes the calls
	limits    limits
	shards    int
	identify  identify
	timing    timing
	me        atomic.Pointer[Identity]
	answers   answers
}

// timing is how long things take; tests shorten it.
type timing struct {
	call     time.Duration // one REST call, all of it
	open     time.Duration // until the gateway says READY
	idle     time.Duration // without a word from the gateway, which beats every 41 s
	identify time.Duration // between two IDENTIFYs (max_concurrency 1: 5 s)
	retry    time.Duration // first wait after a lost connection, doubles
	longest  time.Duration // but not above this: 1,000 IDENTIFYs a day are allowed
	steady   time.Duration // a connection that held so long starts the waits anew
}

var defaultTiming = timing{
	call: 10 * time.Second, open: 20 * time.Second, idle: 90 * time.Second,
	identify: 5500 * time.Millisecond, retry: time.Second, longest: 2 * time.Minute, steady: time.Minute,
}

// defaultAPI is where discordgo would go.
const defaultAPI = "https://discord.com"

// New makes a Platform; it reads no network.
func New(o Options) (*Platform, error) {
	if o.API == "" {
		o.API = defaultAPI
	}
	base, err := url.Parse(strings.TrimRight(o.API, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("discord: %q is no address; it has to look like https://host:port/prefix", o.API)
	}
	if o.Token == "" {
		return nil, errors.New("discord: no token")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Report == nil {
		o.Report = func(error) {}
	}
	logLibrary()
	p := &Platform{token: strings.TrimPrefix(o.Token, "Bot "), log: o.Log, report: o.Report,
		shards: max(1, o.Shards), identify: identify{one: make(chan struct{}, 1)}, timing: defaultTiming}
	p.transport = newTransport(base)
	p.rest, err = p.session()
	return p, err
}

// session is a discordgo session that does nothing by itself: no reconnecting, no
// retries, no waiting, no state.
func (p *Platform) session() (*discordgo.Session, error) {
	s, err := discordgo.New("Bot " + p.token)
	if err != nil {
		return nil, fmt.Errorf("discord: %w", err)
	}
	s.ShouldReconnectOnError = false
	s.ShouldRetryOnRateLimit = false
	s.MaxRestRetries = 0
	s.StateEnabled = false
	s.SyncEvents = true
	s.Compress, s.Identify.Compress = false, false
	s.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsDirectMessages
	s.Client = &http.Client{Transport: p.transport, Timeout: p.timing.call}
	return s, nil
}

// Identity is who the bot is on Discord.
type Identity struct {
	User        string // the bot user's id
	Application string
	Name        string
}

// Invitation is the link that adds the bot to a server.
func (i Identity) Invitation() string {
	return fmt.Sprintf("https://discord.com/oauth2/authorize?client_id=%s&scope=bot+applications.commands&permissions=%d", i.Application, int64(Permissions))
}

// Check asks Discord who the bot is; that proves the token. The error is a *Refused if
// Discord does not take it.
func (p *Platform) Check(ctx context.Context) (Identity, error) {
	var user struct{ ID, Username string }
	if err := p.get(ctx, "/users/@me", &user); err != nil {
		return Identity{}, cmp.Or(fatal(err), err)
	}
	var app struct{ ID string }
	if err := p.get(ctx, "/applications/@me", &app); err != nil {
		return Identity{}, err
	}
	i := Identity{User: user.ID, Application: app.ID, Name: user.Username}
	p.me.Store(&i)
	return i, nil
}

// tokenShape is what a bot token looks like, for messages that are not ours.
var tokenShape = regexp.MustCompile(`[\w-]{20,}\.[\w-]{4,}\.[\w-]{20,}`)

// logLibrary sends what discordgo has to say to the program's log; its logger belongs to
// the whole process, so it is set once.
var logLibrary = sync.OnceFunc(func() {
	discordgo.Logger = func(_, _ int, format string, a ...any) {
		slog.Debug("discordgo: " + tokenShape.ReplaceAllString(fmt.Sprintf(format, a...), "[token]"))
	}
})
