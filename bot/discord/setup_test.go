package discord

import (
	"strings"
	"testing"

	"newsdigest/bot/bottest/fakediscord"
)

// does presses what is called so under a message, or chooses it, and gives the message that
// answers.
func (r *road) does(t *testing.T, m fakediscord.Message, by fakediscord.User, label string, values ...string) fakediscord.Message {
	t.Helper()
	for _, c := range m.Buttons() {
		if c.Label != label && c.Placeholder != label {
			continue
		}
		i := r.Press(m, by, c.CustomID, values...)
		a, err := i.Answer(wait(t), 2)
		if err != nil {
			t.Fatalf("%s: %v", label, err)
		}
		shown, _ := r.Message(a.Message)
		return shown
	}
	t.Fatalf("nothing is called %q in %q", label, m.Text())
	return m
}

// TestSetUp: an administrator sets up a server's digest from the greeting, with menus only,
// seen by nobody else; the bot says where it may not post.
func TestSetUp(t *testing.T) {
	t.Parallel()
	r := newRoad(t, 0)
	r.start(t)
	g := r.AddGuild(fakediscord.Guild{Name: "Harbour", Channels: []fakediscord.Channel{{Name: "lobby"}, {Name: "news"}, {Name: "quiet", Permissions: fakediscord.ViewChannel}}})
	lobby, news, quiet := g.Channels[0].ID, g.Channels[1].ID, g.Channels[2].ID
	r.until(t, "greeting", func() bool { return len(r.FromBot(lobby)) == 1 })
	greeting := r.FromBot(lobby)[0]
	begin := greeting.Buttons()[0].Label
	if no := r.does(t, greeting, anna, begin); !no.Ephemeral || !strings.Contains(no.Text(), "Gerenciar servidor") { // her Discord is in Portuguese
		t.Errorf("somebody: %q", no.Text())
	}
	panel := r.does(t, greeting, boss, begin)
	menus := panel.Buttons()
	if !panel.Ephemeral || len(menus) != 5 || menus[0].Type != typeChannelMenu {
		t.Fatalf("%+v", panel)
	}
	where, when, clock := menus[0].Placeholder, menus[1].Placeholder, menus[2].Placeholder
	for _, c := range []struct{ channel, want string }{{quiet, "Send Messages and Embed Links"}, {news, "#news gets a digest every day"}} {
		panel := r.does(t, greeting, boss, begin)
		panel = r.does(t, panel, boss, where, c.channel)
		panel = r.does(t, panel, boss, when, panel.Buttons()[1].Options[0].Value)
		panel = r.does(t, panel, boss, clock, panel.Buttons()[2].Options[0].Value)
		buttons := panel.Buttons()
		done := r.does(t, panel, boss, buttons[len(buttons)-1].Label)
		if !done.Ephemeral || !strings.Contains(done.Text(), c.want) {
			t.Errorf("%s: %q, want %q", c.channel, done.Text(), c.want)
		}
		if c.channel == news {
			r.does(t, done, boss, "Post one now")
		}
	}
	r.until(t, "the first digest", func() bool { return len(r.FromBot(news)) == 1 })
	if posted := r.FromBot(news)[0]; posted.Ephemeral || len(posted.Embeds) != 1 || len(r.FromBot(lobby)) != 1 || len(r.FromBot(quiet)) != 0 {
		t.Errorf("%+v", posted)
	}
}
