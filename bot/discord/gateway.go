package discord

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"newsdigest/bot"
)

// gateway keeps one connection to the gateway alive: it opens, waits until it is lost,
// and opens again, resuming the session where it can.
type gateway struct {
	p          *Platform
	inbox      *receiver
	link       *link     // nil: the next connection starts a new session
	failed     int       // connections in a row that did not hold
	identified time.Time // when the last session was begun
}

// Listen implements bot.Listener.
func (p *Platform) Listen(ctx context.Context, in bot.Inbox) error {
	g := &gateway{p: p, inbox: newReceiver(ctx, p, in)}
	defer g.inbox.end()
	for {
		err := g.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if refusal := fatal(err); refusal != nil {
			return refusal
		}
		p.report(err)
		wait := g.backoff()
		p.log.Warn("discord: connection lost", "error", err, "retry_in", wait.Round(time.Millisecond))
		if !sleep(ctx, wait) {
			return nil
		}
	}
}

// connect opens a connection and returns when it has ended, with the reason.
func (g *gateway) connect(ctx context.Context) error {
	g.failed++
	if g.p.me.Load() == nil {
		if _, err := g.p.Check(ctx); err != nil {
			return err
		}
	}
	fresh := g.link == nil
	if fresh {
		if err := g.renew(ctx); err != nil {
			return err
		}
	}
	resumable, err := g.link.open(ctx, g.p.timing.open)
	if fresh {
		g.identified = time.Now()
	}
	if err != nil {
		if !resumable {
			g.link = nil
		}
		return err
	}
	g.p.report(nil)
	g.p.log.Info("discord: connected")
	since := time.Now()
	select {
	case <-g.link.lost:
	case <-ctx.Done():
		g.link.leave()
		return ctx.Err()
	}
	if time.Since(since) >= g.p.timing.steady {
		g.failed = 0
	}
	if g.link.invalid() {
		g.link = nil
		return errUnasked
	}
	return errors.New("the gateway closed the connection")
}

// renew makes a new session, no earlier than Discord lets the next one identify.
func (g *gateway) renew(ctx context.Context) error {
	if !sleep(ctx, time.Until(g.identified.Add(g.p.timing.identify))) {
		return ctx.Err()
	}
	s, err := g.p.session()
	if err != nil {
		return err
	}
	g.link = newLink(s, g.p.timing.idle, g.inbox.event)
	return nil
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
	closeInvalidSeq     = 4007 // the session cannot be resumed
	closeTimedOut       = 4009 // nor after this
	closeInvalidShard   = 4010
	closeShardRequired  = 4011
	closeVersion        = 4012
	closeInvalidIntents = 4013
	closeDisallowed     = 4014
)

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
