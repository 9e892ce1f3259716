// Package telegram is the bot's way to Telegram: it polls for updates, answers them and
// sends pages, each call being one attempt. Requests go out with the parameters of the
// current Bot API (10.1) through the library's raw call, because its own types stand at
// Bot API 5.5.
package telegram

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"newsdigest/bot"
	"newsdigest/digest"
)

// DefaultURL is the base address of Telegram's own server.
const DefaultURL = "https://api.telegram.org"

// Options say how to reach Telegram.
type Options struct {
	Token string
	// URL is the base address of a Bot API server: scheme://host[:port][/prefix], without
	// "/bot<token>". Empty means DefaultURL.
	URL string
	// Commands are registered with Telegram, each in its scopes.
	Commands []bot.CommandSpec
	// Operators are the people whose chats list bot.OperatorCommand too, by their ids.
	Operators []string
	Log       *slog.Logger // discards if nil
	// Report is told how Telegram is reached while the bot listens: nil when it answered,
	// else why it did not. It may be nil.
	Report func(error)
	// Transport carries the calls; nil makes one with time limits of its own.
	Transport http.RoundTripper
}

// Telegram talks to Telegram. It is safe for concurrent use.
type Telegram struct {
	client    client
	commands  []bot.CommandSpec
	operators []string
	log       *slog.Logger
	report    func(error)
	answered  *answers
	floods    floods
	self      self
	pause     time.Duration // after the first poll that failed
	patience  time.Duration // with an answer, before its press is acknowledged without
	timeless  atomic.Bool   // the server does not know tg-time
}

// New checks the options; nothing is sent yet.
func New(o Options) (*Telegram, error) {
	base, err := baseURL(o.URL)
	if err != nil {
		return nil, err
	}
	if o.Token == "" || strings.ContainsAny(o.Token, "/?#% \t\r\n") {
		return nil, fmt.Errorf("telegram: this is not a bot token; copy it from @BotFather")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Report == nil {
		o.Report = func(error) {}
	}
	if o.Transport == nil {
		o.Transport = newTransport()
	}
	api := &tgbotapi.BotAPI{Token: o.Token}
	api.SetAPIEndpoint(base + "/bot%s/%s")
	return &Telegram{
		client: client{
			api: api, token: o.Token, base: base,
			http: &http.Client{
				Transport: o.Transport,
				// A redirect would carry the token to wherever it points.
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			},
		},
		commands: o.Commands, operators: o.Operators, log: o.Log, report: o.Report, answered: newAnswers(), pause: firstPause,
		patience: acknowledgeWithin,
	}, nil
}

// baseURL checks a base address. A percent sign would be read as a verb by the library,
// which formats the address.
func baseURL(s string) (string, error) {
	if s == "" {
		return DefaultURL, nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil ||
		u.RawQuery != "" || u.Fragment != "" || strings.Contains(s, "%") {
		return "", fmt.Errorf("telegram: the base address must look like https://host[:port][/prefix]")
	}
	return strings.TrimRight(s, "/"), nil
}

// Check asks Telegram who the bot is and returns its user name. An error that unwraps to
// ErrToken means that the token is wrong.
func (t *Telegram) Check(ctx context.Context) (username string, err error) {
	me, err := t.me(ctx)
	return me.Username, err
}

// me asks Telegram who the bot is, once.
func (t *Telegram) me(ctx context.Context) (user, error) {
	if me, ok := t.self.get(); ok {
		return me, nil
	}
	var me user
	if err := t.client.call(ctx, "getMe", nil, &me); err != nil {
		return user{}, tokenError(err)
	}
	t.self.set(me)
	return me, nil
}

// Open gives the private chat with a user, which on Telegram has the user's own id.
func (t *Telegram) Open(_ context.Context, user string) (digest.Address, error) {
	return privateChat(user), nil
}

func privateChat(user string) digest.Address {
	return digest.Address{Platform: digest.Telegram, User: user, Channel: user}
}

// target are the parameters that lead to an address.
func target(to digest.Address) tgbotapi.Params {
	p := tgbotapi.Params{"chat_id": to.Channel}
	if to.Channel == "" {
		p["chat_id"] = to.User
	}
	p.AddNonEmpty("message_thread_id", to.Thread)
	return p
}

func id(n int64) string { return strconv.FormatInt(n, 10) }
