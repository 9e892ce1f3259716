package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/bot/desk"
	"newsdigest/bot/discord"
	"newsdigest/digest"
)

// discordScene is a server on Discord with people in it. They add the bot, run commands
// with options, "/subscribe when: daily at 8 channel: #news", press "[a button]" of the
// youngest message that has it, or choose from a menu, "[the menu: an option]".
type discordScene struct {
	server   *fakediscord.Server
	bot      *discord.Platform
	guild    fakediscord.Guild
	channels map[string]string // ids by name
	people   map[string]fakediscord.User
	known    []string // the messages that were shown, oldest first
	seen     map[string]int
	asked    *fakediscord.Interaction // the last one
}

func newDiscordScene(h *house) (scene, error) {
	server, err := fakediscord.Start(fakediscord.Options{})
	if err != nil {
		return nil, err
	}
	h.onClose(func() error { server.Close(); return nil })
	platform, err := discord.New(discord.Options{Token: server.Token(), API: server.URL()})
	if err != nil {
		return nil, err
	}
	h.bot.Add(digest.Discord, prompt{platform})
	h.desk.SetMessenger(digest.Discord, platform, desk.Rate{})
	return &discordScene{server: server, bot: platform, channels: map[string]string{}, seen: map[string]int{}, people: map[string]fakediscord.User{
		"boss": {ID: "7002", Name: "boss", Permissions: fakediscord.ManageServer}, "anna": {ID: "7001", Name: "anna"}}}, nil
}

// prompt is a platform that answers at once, whatever the stage's clock says: Discord
// takes answers for a quarter of an hour.
type prompt struct{ *discord.Platform }

// Answer implements bot.Answerer.
func (p prompt) Answer(ctx context.Context, r bot.Request, reply bot.Reply) error {
	r.At = time.Now()
	return p.Platform.Answer(ctx, r, reply)
}

func (s *discordScene) listen(ctx context.Context, in bot.Inbox) error { return s.bot.Listen(ctx, in) }

func (s *discordScene) does(who, what string) error {
	by, ok := s.people[who]
	switch {
	case !ok:
		return errors.New("there is nobody of that name")
	case what == "adds the bot":
		return s.addBot()
	case strings.HasPrefix(what, "/"):
		s.command(by, strings.TrimPrefix(what, "/"))
	default:
		if err := s.press(by, strings.Trim(what, "[]")); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err := s.asked.Message(ctx)
	return err
}

// addBot adds the bot to a server, once it is there and has its commands.
func (s *discordScene) addBot() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ready := func() bool { return s.server.Gateway().Connected == 1 && len(s.server.Commands()) > 0 }
	if err := s.server.Wait(ctx, ready); err != nil {
		return err
	}
	s.guild = s.server.AddGuild(fakediscord.Guild{Name: "Harbor", Channels: []fakediscord.Channel{{Name: "lobby"}, {Name: "news"}}})
	for _, c := range s.guild.Channels {
		s.channels["#"+c.Name] = c.ID
	}
	return nil
}

// command runs "subscribe when: daily at 8 channel: #news".
func (s *discordScene) command(by fakediscord.User, line string) {
	name, options := line, []fakediscord.Option(nil)
	for _, option := range []string{"channel", "url", "when"} {
		head, value, ok := strings.Cut(name, " "+option+": ")
		if !ok {
			continue
		}
		name = head
		var typed any = value
		if id := s.channels[value]; id != "" {
			typed = fakediscord.ChannelID(id)
		}
		options = append([]fakediscord.Option{{Name: option, Value: typed}}, options...)
	}
	s.asked = s.server.Slash(fakediscord.Place{Guild: s.guild.ID, Channel: s.channels["#lobby"]}, by, name, options...)
}

func (s *discordScene) press(by fakediscord.User, what string) error {
	menu, chosen, isMenu := strings.Cut(what, ": ")
	for _, id := range slices.Backward(s.known) {
		m, _ := s.server.Message(id)
		for _, c := range m.Buttons() {
			switch {
			case lasting(c.Label) == what && c.Label != "":
				s.asked = s.server.Press(m, by, c.CustomID)
				return nil
			case isMenu && c.Placeholder == menu:
				s.asked = s.server.Press(m, by, c.CustomID, s.value(c, chosen))
				return nil
			}
		}
	}
	return errors.New("there is nothing called so")
}

// value is what choosing this option of a menu sends.
func (s *discordScene) value(menu fakediscord.Component, label string) string {
	for _, o := range menu.Options {
		if o.Label == label {
			return o.Value
		}
	}
	return s.channels[label]
}

func (s *discordScene) shown() string {
	var b strings.Builder
	for _, name := range []string{"#lobby", "#news"} {
		for _, m := range s.server.FromBot(s.channels[name]) {
			s.show(&b, name, m)
		}
	}
	if s.asked != nil {
		answers := s.asked.Answers()
		if m, ok := s.server.Message(answers[len(answers)-1].Message); ok && m.Ephemeral {
			s.show(&b, "only for whoever asked", m)
		}
	}
	return b.String()
}

// show writes a message that is new or changed, with what can be pressed under it.
func (s *discordScene) show(b *strings.Builder, where string, m fakediscord.Message) {
	edits, known := s.seen[m.ID]
	if known && edits == m.Edits {
		return
	}
	s.seen[m.ID], s.known = m.Edits, append(s.known, m.ID)
	if known {
		where += ", edited"
	}
	b.WriteString(where + ":\n" + strings.TrimPrefix(m.Text(), "\n") + "\n")
	for _, c := range m.Buttons() {
		switch {
		case c.Label != "":
			fmt.Fprintf(b, "[%s]\n", c.Label)
		default:
			fmt.Fprintf(b, "[%s:%s]\n", c.Placeholder, options(c.Options))
		}
	}
}

// options are the labels of a menu's options, the chosen one with a star.
func options(os []fakediscord.SelectOption) string {
	var b strings.Builder
	for i, o := range os {
		if o.Default {
			o.Label = "*" + o.Label
		}
		if i > 4 {
			fmt.Fprintf(&b, " | %d more", len(os)-i)
			break
		}
		if b.WriteString(" "); i > 0 {
			b.WriteString("| ")
		}
		b.WriteString(o.Label)
	}
	return b.String()
}
