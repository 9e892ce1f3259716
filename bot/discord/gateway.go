package discord

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"newsdigest/bot"
)

// gateway keeps one connection to the gateway alive: it opens, waits until it is lost,
// and opens again, resuming the session where it can.
type gateway struct {
	p       *Platform
	inbox   *receiver
	session *discordgo.Session // nil: the next connection starts a new session
	lost    chan struct{}      // the connection has ended
	ready   atomic.Bool        // the session was ready once, so there is something to resume
	failed  int                // connections in a row that did not hold

	mu         sync.Mutex
	conn       *gatewayConn
	grant      bool // the next connection may identify
	identified time.Time
}

// Listen implements bot.Listener.
func (p *Platform) Listen(ctx context.Context, in bot.Inbox) error {
	g := &gateway{p: p, lost: make(chan struct{}, 1)}
	g.inbox = newReceiver(ctx, p, in)
	defer g.inbox.wait()
	for {
		err := g.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if refusal := fatal(err); refusal != nil {
			return refusal
		}
		wait := g.backoff()
		p.log.Warn("discord: connection lost", "error", err, "retry_in", wait.Round(time.Millisecond))
		if !sleep(ctx, wait) {
			return nil
		}
	}
}

// connect opens a connection and returns when it has ended, with the reason if there is
// one.
func (g *gateway) connect(ctx context.Context) error {
	g.failed++
	if g.p.me.Load() == nil {
		if _, err := g.p.Check(ctx); err != nil {
			return err
		}
	}
	if g.session == nil {
		if err := g.renew(ctx); err != nil {
			return err
		}
	}
	select {
	case <-g.lost: // of the connection before
	default:
	}
	if err := g.open(ctx); err != nil {
		return err
	}
	g.p.log.Info("discord: connected")
	since := time.Now()
	select {
	case <-g.lost:
	case <-ctx.Done():
		g.leave()
		return ctx.Err()
	}
	if time.Since(since) >= g.p.timing.steady {
		g.failed = 0
	}
	if g.invalid() {
		g.session = nil
		return errUnasked
	}
	return errors.New("the gateway closed the connection")
}

// renew makes a new session, no earlier than Discord lets the next one identify.
func (g *gateway) renew(ctx context.Context) error {
	wait := g.identified.Add(g.p.timing.identify).Sub(time.Now())
	if !sleep(ctx, wait) {
		return ctx.Err()
	}
	s, err := g.p.session()
	if err != nil {
		return err
	}
	s.Dialer = &websocket.Dialer{
		HandshakeTimeout:  10 * time.Second,
		NetDialContext:    g.dial,
		NetDialTLSContext: g.dialTLS,
	}
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if e.Type == "READY" {
			g.ready.Store(true)
		}
		g.inbox.event(e.Type, e.RawData)
	})
	s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case g.lost <- struct{}{}:
		default:
		}
	})
	g.session = s
	g.ready.Store(false)
	g.mu.Lock()
	g.grant = true
	g.mu.Unlock()
	return nil
}

// open connects and waits until the session is ready. discordgo's Open has no deadline
// and can lock itself up for ever, so it runs aside; a session that does not come back
// is left behind with its connection closed.
func (g *gateway) open(ctx context.Context) error {
	opened := make(chan error, 1)
	s := g.session
	go func() { opened <- s.Open() }()
	var err error
	stuck := false
	select {
	case err = <-opened:
		if err == nil {
			return nil
		}
	case <-time.After(g.p.timing.open):
		err, stuck = errors.New("the gateway did not get ready in time"), true
		g.hangUp()
	case <-ctx.Done():
		g.hangUp()
		return ctx.Err()
	}
	var closed *websocket.CloseError
	if stuck || !g.ready.Load() || g.invalid() || errors.As(err, &closed) && endsSession(closed.Code) {
		g.session = nil
	}
	return plain(err)
}

func (g *gateway) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return g.wrap(c), nil
}

// dialTLS exists so that the frames can be seen before they are encrypted.
func (g *gateway) dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	d := tls.Dialer{NetDialer: &net.Dialer{Timeout: 10 * time.Second}, Config: &tls.Config{NextProtos: []string{"http/1.1"}}}
	c, err := d.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return g.wrap(c), nil
}

func (g *gateway) wrap(c net.Conn) net.Conn {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.conn = &gatewayConn{Conn: c, idle: g.p.timing.idle, identify: g.grant}
	if g.grant {
		g.grant, g.identified = false, time.Now()
	}
	return g.conn
}

func (g *gateway) invalid() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.conn != nil && g.conn.invalid()
}

func (g *gateway) hangUp() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.conn != nil {
		g.conn.Close()
	}
}

// leave says goodbye, so that the bot is shown offline at once.
func (g *gateway) leave() {
	g.mu.Lock()
	if g.conn != nil {
		g.conn.leave()
	}
	g.mu.Unlock()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		g.session.Close() //nolint:errcheck // it is over either way
	}()
	select {
	case <-closed:
	case <-time.After(3 * time.Second):
	}
	g.hangUp()
}

// backoff is the wait before the next connection: doubled for each that did not hold,
// somewhere between half and all of it so that many bots do not come back together.
func (g *gateway) backoff() time.Duration {
	w := g.p.timing.longest
	if g.failed < 16 {
		w = min(w, g.p.timing.retry<<max(0, g.failed-1))
	}
	return w/2 + rand.N(w/2+1)
}

// sleep waits; false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// Close codes (topics/opcodes-and-status-codes, "Gateway Close Event Codes").
const (
	closeAuthFailed     = 4004
	closeInvalidSeq     = 4007
	closeTimedOut       = 4009
	closeInvalidShard   = 4010
	closeShardRequired  = 4011
	closeVersion        = 4012
	closeInvalidIntents = 4013
	closeDisallowed     = 4014
)

// endsSession tells the codes after which there is nothing to resume.
func endsSession(code int) bool {
	return code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway || code == closeInvalidSeq || code == closeTimedOut
}

// Refused says that Discord will not have the bot, whatever is tried; somebody has to
// change something.
type Refused struct{ Reason string }

// Error implements error.
func (e *Refused) Error() string { return "discord: " + e.Reason }

// refusals are the close codes after which to reconnect is pointless.
var refusals = map[int]string{
	closeAuthFailed:     "the token is not valid (close code 4004); reset it in the developer portal and set NEWSDIGEST_DISCORD_TOKEN",
	closeInvalidShard:   "the bot was put on a shard that does not exist (close code 4010)",
	closeShardRequired:  "the bot is in too many servers for one connection (close code 4011)",
	closeVersion:        "this version of the gateway is no longer served (close code 4012); a newer newsdigest is needed",
	closeInvalidIntents: "the gateway does not know an intent (close code 4013); a newer newsdigest is needed",
	closeDisallowed:     "the bot may not use an intent (close code 4014); allow it in the developer portal",
}

// fatal is the refusal behind an error, nil if it is worth trying again.
func fatal(err error) error {
	var closed *websocket.CloseError
	if errors.As(err, &closed) && refusals[closed.Code] != "" {
		return &Refused{Reason: refusals[closed.Code]}
	}
	var call *callError
	if errors.As(err, &call) && call.status == http.StatusUnauthorized {
		return &Refused{Reason: "the token is not valid (401); reset it in the developer portal and set NEWSDIGEST_DISCORD_TOKEN"}
	}
	var rest *discordgo.RESTError
	if errors.As(err, &rest) && rest.Response != nil && rest.Response.StatusCode == http.StatusUnauthorized {
		return &Refused{Reason: fmt.Sprintf("the token is not valid (%d)", rest.Response.StatusCode)}
	}
	return nil
}
