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
	p      *Platform
	shard  int
	inbox  *receiver
	link   *link // nil: the next connection starts a new session
	failed int   // connections in a row that did not hold
}

// Listen implements bot.Listener for a bot that has one shard.
func (p *Platform) Listen(ctx context.Context, in bot.Inbox) error { return p.ListenTo(ctx, 0, in) }

// ListenTo is Listen for one of the bot's shards: the servers that Discord counts to it,
// and with the first of them all direct messages. The first also registers the commands.
func (p *Platform) ListenTo(ctx context.Context, shard int, in bot.Inbox) error {
	g := &gateway{p: p, shard: shard, inbox: newReceiver(ctx, p, in)}
	g.inbox.registers = shard == 0
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
	resumable, err := g.open(ctx)
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

// open connects for the session that there is, or for a new one; resumable tells whether it
// may be tried again if that fails.
func (g *gateway) open(ctx context.Context) (resumable bool, err error) {
	if g.link != nil {
		return g.link.open(ctx, g.p.timing.open)
	}
	end, err := g.p.identify.begin(ctx, g.p.timing.identify)
	if err != nil {
		return false, err
	}
	defer end()
	s, err := g.p.session()
	if err != nil {
		return false, err
	}
	s.ShardID, s.ShardCount = g.shard, g.p.shards
	g.link = newLink(s, g.p.timing.idle, g.inbox.event)
	return g.link.open(ctx, g.p.timing.open)
}

// identify lets the shards of a process begin new sessions one after the other. A process
// that shares them with others may still be too early; then Discord says so and the
// session is begun once more.
type identify struct {
	one  chan struct{}
	last time.Time // when the last one was begun
}

// begin waits for a turn, that long after the last one; end says that Discord has been
// asked.
func (i *identify) begin(ctx context.Context, apart time.Duration) (end func(), err error) {
	select {
	case i.one <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if !sleep(ctx, time.Until(i.last.Add(apart))) {
		<-i.one
		return nil, ctx.Err()
	}
	return func() {
		i.last = time.Now()
		<-i.one
	}, nil
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
	closeShardRequired:  "the bot is in too many servers for so few connections (close code 4011); set NEWSDIGEST_DISCORD_SHARDS higher, one for every 2,000 servers",
	closeVersion:        "this version of the gateway is no longer served (close code 4012); a newer newsdigest is needed",
	closeInvalidIntents: "the gateway does not know an intent (close code 4013); a newer newsdigest is needed",
	closeDisallowed:     "the bot may not use an intent (close code 4014); allow it in the developer portal",
}

// fatal is the refusal behind an error, nil if it is worth trying again.
func fatal(err error) error {
	var refused *Refused // by Check
	if errors.As(err, &refused) {
		return refused
	}
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
