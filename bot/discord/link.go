package discord

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// link is one session at the gateway and the connections that carry it.
type link struct {
	session *discordgo.Session
	lost    chan struct{} // the connection has ended
	ready   atomic.Bool   // the session was ready once, so there is something to resume
	idle    time.Duration

	mu        sync.Mutex
	conn      *gatewayConn
	used      bool // the one IDENTIFY is spent
	abandoned bool
}

func newLink(s *discordgo.Session, idle time.Duration, handle func(kind string, raw json.RawMessage)) *link {
	l := &link{session: s, lost: make(chan struct{}, 1), idle: idle}
	s.Dialer = &websocket.Dialer{HandshakeTimeout: dialTimeout, NetDialContext: l.dial, NetDialTLSContext: l.dialTLS}
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if e.Type == "READY" {
			l.ready.Store(true)
		}
		handle(e.Type, e.RawData)
	})
	s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case l.lost <- struct{}{}:
		default:
		}
	})
	return l
}

// open connects and waits until the session is ready or resumed; resumable tells whether
// it may be tried again if not. discordgo's Open has no deadline and can lock itself up
// for ever, so it runs aside; a session that does not come back is abandoned.
func (l *link) open(ctx context.Context, deadline time.Duration) (resumable bool, err error) {
	select {
	case <-l.lost: // of the connection before
	default:
	}
	opened := make(chan error, 1)
	go func() { opened <- l.session.Open() }()
	select {
	case err = <-opened:
	case <-time.After(deadline):
		l.abandon()
		return false, errors.New("the gateway did not get ready in time")
	case <-ctx.Done():
		l.abandon()
		return false, ctx.Err()
	}
	var closed *websocket.CloseError
	switch {
	case err == nil, errors.Is(err, discordgo.ErrWSAlreadyOpen): // the loss was told twice
		return true, nil
	case !l.ready.Load(), l.invalid(), errors.As(err, &closed) && endsSession(closed.Code):
		l.abandon()
		return false, plain(err)
	}
	return true, plain(err)
}

// endsSession tells the codes after which there is nothing to resume.
func endsSession(code int) bool {
	return code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway || code == closeInvalidSeq || code == closeTimedOut
}

// dialTimeout is for the connection and its handshakes.
const dialTimeout = 10 * time.Second

func (l *link) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return l.wrap(c)
}

// dialTLS exists so that the frames can be seen before they are encrypted.
func (l *link) dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	d := tls.Dialer{NetDialer: &net.Dialer{Timeout: dialTimeout}, Config: &tls.Config{NextProtos: []string{"http/1.1"}}}
	c, err := d.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return l.wrap(c)
}

func (l *link) wrap(c net.Conn) (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.abandoned {
		c.Close()
		return nil, errors.New("the session was given up")
	}
	l.conn = &gatewayConn{Conn: c, idle: l.idle, identify: !l.used}
	l.used = true
	return l.conn, nil
}

// invalid tells whether Discord has ended the session.
func (l *link) invalid() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn != nil && l.conn.invalid()
}

// abandon leaves the session to itself, without a connection now or later.
func (l *link) abandon() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.abandoned = true
	if l.conn != nil {
		l.conn.Close()
	}
}

// leave says goodbye and abandons the session.
func (l *link) leave() {
	l.mu.Lock()
	if l.conn != nil {
		l.conn.goodbye()
	}
	l.mu.Unlock()
	l.abandon()
}
