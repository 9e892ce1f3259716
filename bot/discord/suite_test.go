package discord

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"newsdigest/bot"
	"newsdigest/bot/bottest"
	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/digest"
)

func TestSuite(t *testing.T) {
	bottest.Run(t, func(t *testing.T) bottest.Subject {
		w := newWorld(t, fakediscord.Options{})
		w.ready(t)
		g := harbor(t, w)
		channel := g.Channels[0].ID
		asked := map[string]*fakediscord.Interaction{}
		asks := func(by fakediscord.User) func() bot.Request {
			return func() bot.Request {
				i := w.Slash(fakediscord.Place{Guild: g.ID, Channel: channel}, by, "topics",
					fakediscord.Option{Name: "channel", Value: fakediscord.ChannelID(channel)})
				r := w.next(t)
				asked[r.ID] = i
				return r
			}
		}
		return bottest.Subject{
			Platform: w.p, To: digest.Address{Platform: digest.Discord, Channel: channel, Server: g.ID},
			Manager: asks(boss), Other: asks(anna), Down: func() { w.Fail(fakediscord.Fault{Drop: true, Times: -1}) }, Secret: "canary",
			Sent: func() int { return len(w.FromBot(channel)) },
			Shown: func(r bot.Request) []string {
				m, err := asked[r.ID].Message(wait(t))
				if err != nil {
					t.Fatal(err)
				}
				return []string{m.Text()}
			},
			Fits: func(v digest.Variant) string { return wrong(w, v) }, Dialogue: w.dialogue(t, anna),
		}
	})
}

// TestSecrets: neither the bot's token nor that of an interaction is told by any error or
// log, whatever fails.
func TestSecrets(t *testing.T) {
	const hook = "aW50ZXJhY3Rpb24-canary-of-one"
	to := digest.Address{Platform: digest.Discord, Channel: "55", Server: "9"}
	raw, err := json.Marshal(native{Application: "1", Interaction: "3", Token: hook, Kind: 2})
	if err != nil {
		t.Fatal(err)
	}
	asked := bot.Request{ID: "3", Platform: digest.Discord, Server: "9", User: "7", Chat: to, Place: to, At: time.Now(), Native: raw}
	bottest.Secrets(t, []string{"canary", hook}, asked, to, func(t *testing.T, url string, log *slog.Logger) bottest.Keeper {
		p, err := New(Options{Token: canary, API: url, Log: log})
		if err != nil {
			t.Fatal(err)
		}
		p.timing.retry = 10 * time.Millisecond
		t.Cleanup(p.transport.next.(*http.Transport).CloseIdleConnections)
		return p
	})
}

// dialogue is a user who talks to the bot in direct messages.
func (w *world) dialogue(t *testing.T, by fakediscord.User) *bottest.Dialogue {
	last := func() fakediscord.Message {
		ms := w.FromBot(w.DM(by.ID))
		return ms[len(ms)-1]
	}
	return &bottest.Dialogue{
		Ask: func() bot.Request {
			w.Say(by, "hello", nil)
			return w.next(t)
		},
		Choose: func(_ bot.Request, label string) bot.Request {
			press(t, w, last(), by, label)
			return w.next(t)
		},
		Reply: func(_ bot.Request, text string) bot.Request {
			m := last()
			w.Say(by, text, &m)
			return w.next(t)
		},
		Send: func(f digest.File) bot.Request {
			w.Say(by, "", nil, fakediscord.File{Name: f.Name, Body: f.Body})
			return w.next(t)
		},
		Got: func(bot.Request) digest.File {
			f := last().Files[0]
			return digest.File{Name: f.Name, Body: f.Body}
		},
	}
}

// press presses the button with this label, or chooses the option with it, besides those
// that are chosen where several may be.
func press(t *testing.T, w *world, m fakediscord.Message, by fakediscord.User, label string) {
	t.Helper()
	for _, c := range m.Buttons() {
		if c.Label == label {
			w.Press(m, by, c.CustomID)
			return
		}
		var chosen []string
		found := false
		for _, o := range c.Options {
			several := c.MaxValues != nil && *c.MaxValues > 1
			if o.Label == label || o.Default && several {
				chosen = append(chosen, o.Value)
			}
			found = found || o.Label == label
		}
		if found {
			w.Press(m, by, c.CustomID, chosen...)
			return
		}
	}
	t.Fatalf("nothing called %q", label)
}

// wrong is what is wrong with a variant: by the published limits, by Discord's rules, and
// by the description of its API where that is known.
func wrong(w *world, v digest.Variant) string {
	if over := withinLimits(v); over != "" {
		return over
	}
	var p struct{ Message json.RawMessage }
	if err := json.Unmarshal(v.Payload, &p); err != nil {
		return err.Error()
	}
	var m message
	if err := json.Unmarshal(p.Message, &m); err != nil {
		return err.Error()
	}
	if bare := bareAddress.FindString(m.Content); bare != "" {
		return "Discord would show a card of " + bare
	}
	return strings.Join(w.Problems(p.Message), "; ")
}

// bareAddress is an address in text for which Discord shows a card: one without angle
// brackets around it.
var bareAddress = regexp.MustCompile(`(?:^|[^<])https?://\S*`)

// withinLimits holds a variant against the limits of a message: 2,000 characters of
// content, 4,096 of an embed's description, 6,000 of all embeds (resources/message).
func withinLimits(v digest.Variant) string {
	var p payload
	if err := json.Unmarshal(v.Payload, &p); err != nil {
		return err.Error()
	}
	m := p.Message
	count := func(s string) int { return len(utf16.Encode([]rune(s))) }
	if n := count(m.Content); n > 2000 {
		return fmt.Sprintf("%d characters of content", n)
	}
	all := 0
	for _, e := range m.Embeds {
		n := count(e.Description)
		if n > 4096 {
			return fmt.Sprintf("%d characters of description", n)
		}
		all += n + count(e.Title)
		if e.Footer != nil {
			all += count(e.Footer.Text)
		}
		if e.Author != nil {
			all += count(e.Author.Name)
		}
	}
	if all > 6000 {
		return fmt.Sprintf("%d characters of embeds", all)
	}
	if all == 0 && m.Content == "" {
		return "an empty message"
	}
	return ""
}
