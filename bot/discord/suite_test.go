package discord

import (
	"encoding/json"
	"fmt"
	"testing"
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
			Fits: withinLimits,
		}
	})
}

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
