package telegram

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
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
