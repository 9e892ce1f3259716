package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"newsdigest/bot"
	"newsdigest/bot/bottest"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/digest"
)

func TestSuite(t *testing.T) {
	const group, admin, member = -4200, 7, 8
	bottest.Run(t, func(t *testing.T) bottest.Subject {
		r := newRig(t, faketelegram.Options{Tolerant: true})
		r.fake.AddChat(faketelegram.Chat{ID: group, Type: "group", Title: "Harbor"})
		r.fake.SetAdmin(group, admin)
		r.fake.AddChat(faketelegram.Chat{ID: 99, Type: "private"})
		says := func(user int64) func() bot.Request {
			return func() bot.Request { return r.asked(t, func() { r.fake.Say(group, user, "/topics") }) }
		}
		_, secret, _ := strings.Cut(r.fake.Token(), ":")
		return bottest.Subject{
			Platform: r.Telegram, To: digest.Address{Platform: digest.Telegram, Channel: "99"},
			Manager: says(admin), Other: says(member), Down: r.fake.Down, Secret: secret,
			Sent: func() int { return len(r.fake.Messages(99)) },
			Shown: func(bot.Request) (out []string) {
				for _, m := range r.fake.Messages(group) {
					out = append(out, m.Text)
				}
				return out
			},
			Fits: withinLimits, Dialogue: r.dialogue(t, admin),
		}
	})
}

// dialogue is a user who talks to the bot in private.
func (r *rig) dialogue(t *testing.T, user int64) *bottest.Dialogue {
	last := func() faketelegram.Message {
		ms := r.fake.Messages(user)
		return ms[len(ms)-1]
	}
	return &bottest.Dialogue{
		Ask: func() bot.Request { return r.asked(t, func() { r.fake.Say(user, user, "/settings") }) },
		Choose: func(_ bot.Request, label string) bot.Request {
			b, ok := last().Find(label)
			if !ok {
				t.Fatalf("no button %q: %+v", label, last().Buttons)
			}
			return r.asked(t, func() { r.fake.Press(user, last().ID, user, b.Data) })
		},
		Reply: func(_ bot.Request, text string) bot.Request {
			return r.asked(t, func() { r.fake.Reply(user, last().ID, user, text) })
		},
		Send: func(f digest.File) bot.Request {
			return r.asked(t, func() { r.fake.SendFile(user, user, faketelegram.File{Name: f.Name, Body: f.Body}, "") })
		},
		Got: func(bot.Request) digest.File {
			return digest.File{Name: last().File.Name, Body: last().File.Body}
		},
	}
}

// withinLimits holds a variant against the limits of sendMessage: 4,096 UTF-16 units after
// entities, 32,768 bytes before, 100 entities, 100 buttons with 64 bytes of data each (Bot
// API; tdlib/telegram-bot-api).
func withinLimits(v digest.Variant) string {
	var p payload
	if err := json.Unmarshal(v.Payload, &p); err != nil {
		return err.Error()
	}
	text, entities := p.Repeat+"\n\n"+p.Text, []faketelegram.Entity(nil)
	if len(text) > 32768 {
		return fmt.Sprintf("%d bytes", len(text))
	}
	if p.HTML {
		var err error
		if text, entities, err = faketelegram.ParseHTML(text); err != nil {
			return err.Error()
		}
	}
	if n := len(utf16.Encode([]rune(text))); n == 0 || n > 4096 {
		return fmt.Sprintf("%d units of text", n)
	}
	buttons := slices.Concat(p.Buttons...)
	if len(entities) > 100 || len(buttons) > 100 {
		return fmt.Sprintf("%d entities, %d buttons", len(entities), len(buttons))
	}
	for _, b := range buttons {
		if len(b.Data) > 64 || strings.TrimSpace(b.Text) == "" || (b.Data == "") == (b.URL == "") {
			return fmt.Sprintf("button %+v", b)
		}
	}
	return ""
}

// TestSecrets: the token is told by no error and no log, whatever fails.
func TestSecrets(t *testing.T) {
	const secret = "AAcanary-canary-canary-canary-canary"
	asked := bot.Request{ID: "1", Platform: digest.Telegram, Chat: group(-42, 0), Place: group(-42, 0), User: "7", Kind: bot.Press,
		Native: json.RawMessage(encode(native{Message: 5, Callback: "9"}))}
	bottest.Secrets(t, []string{secret}, asked, group(-42, 0), func(t *testing.T, url string, log *slog.Logger) bottest.Keeper {
		tg, err := New(Options{Token: "4711:" + secret, URL: url, Commands: bot.Commands, Log: log})
		if err != nil {
			t.Fatal(err)
		}
		tg.pause = 10 * time.Millisecond
		return tg
	})
}

// TestPanicKeepsTheToken: what a bug prints before the program dies has no token in it.
func TestPanicKeepsTheToken(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	r.fake.Say(7, 7, "/start")
	said := make(chan string)
	go func() {
		defer func() { said <- fmt.Sprint(recover()) + string(debug.Stack()) }()
		r.Listen(t.Context(), faulty{newInbox()}) //nolint:errcheck // it panics
	}()
	got := <-said
	if !strings.Contains(got, "a bug") {
		t.Errorf("no panic: %s", got)
	}
	noToken(t, r.fake.Token(), "panic", got)
}

// faulty is an inbox with a bug.
type faulty struct{ *inbox }

func (faulty) Accept(context.Context, digest.Platform, []bot.Request, string) error { panic("a bug") }
