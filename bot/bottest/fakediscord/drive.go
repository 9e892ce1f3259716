package fakediscord

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kinds of interaction (interactions/receiving-and-responding, "Interaction Type").
const (
	kindCommand      = 2
	kindPress        = 3
	kindAutocomplete = 4
	kindForm         = 5
)

// Place is where a person acts: a channel of a server, or, with the zero value, the
// direct messages with the bot.
type Place struct {
	Guild   string
	Channel string
	// Outside marks a place that the bot was not added to: the person brought it along.
	Outside bool
}

// Option is an option as a person filled it in. A Channel as Value picks a channel.
type Option struct {
	Name  string
	Value any // string, bool, int or ChannelID
}

// ChannelID is the Value of an Option that names a channel.
type ChannelID string

// Slash runs a slash command; "sources add" runs a subcommand. What a person could not
// do (an unregistered command or option) becomes a violation.
func (s *Server) Slash(at Place, by User, command string, options ...Option) *Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checkRegistered(command, options)
	return s.interact(kindCommand, at, by, nil, s.commandData(command, options, ""))
}

// Autocomplete types into an option of a slash command; options may hold more than the
// focused one.
func (s *Server) Autocomplete(at Place, by User, command, focused string, options ...Option) *Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checkRegistered(command, options)
	return s.interact(kindAutocomplete, at, by, nil, s.commandData(command, options, focused))
}

// Press presses the button with this custom id under a message, as it is now or as it was
// when the person last saw it; values are what was chosen if it is a select, ids if it is
// one of channels.
func (s *Server) Press(message Message, by User, customID string, values ...string) *Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.message(message.ID)
	if m == nil {
		m = &message
	}
	pressed := Component{Type: typeButton}
	for _, b := range append(message.Buttons(), m.Buttons()...) {
		if b.CustomID == customID && !b.Disabled {
			pressed = b
		}
	}
	if pressed.CustomID == "" {
		s.violate(fmt.Sprintf("pressed %q, which is not under the message", customID))
	}
	data := map[string]any{"custom_id": customID, "component_type": pressed.Type}
	if pressed.choosable() {
		data["values"] = append([]string{}, values...)
		s.choose(pressed, values, data)
	}
	return s.interact(kindPress, s.placeOf(m.Channel), by, m, data)
}

// choose notes what a person could not choose in a select, and adds what Discord tells of
// what was chosen.
func (s *Server) choose(in Component, values []string, data map[string]any) {
	least, most := in.picks()
	if n := len(values); n < least || n > most {
		s.violate(fmt.Sprintf("%q: chose %d of %d to %d", in.CustomID, n, least, most))
	}
	channels := map[string]any{}
	for _, v := range values {
		c := s.channels[v]
		offered := slices.ContainsFunc(in.Options, func(o SelectOption) bool { return o.Value == v })
		if in.Type == typeChannelSelect && c != nil {
			offered = len(in.ChannelTypes) == 0 || slices.Contains(in.ChannelTypes, c.Type)
			channels[v] = c.json()
		}
		if !offered {
			s.violate(fmt.Sprintf("%q: chose %q, which is not offered", in.CustomID, v))
		}
	}
	if len(channels) > 0 {
		data["resolved"] = map[string]any{"channels": channels}
	}
}

// Menu uses a command of the message menu on a message.
func (s *Server) Menu(at Place, by User, name string, target Message) *Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := ""
	for _, c := range s.commands {
		if c.Type == messageCommand && c.Name == name {
			id = c.ID
		}
	}
	if id == "" {
		s.violate("no message command " + name + " is registered")
	}
	return s.interact(kindCommand, at, by, nil, map[string]any{"id": id, "name": name, "type": messageCommand, "target_id": target.ID,
		"resolved": map[string]any{"messages": map[string]any{target.ID: target.json(s)}}})
}

// Write is a message of a person in a channel of a server, which the bot is not told of.
func (s *Server) Write(channel string, by User, b Body) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.write(channel, by, b)
}

func (s *Server) write(channel string, by User, b Body) *Message {
	author, _ := json.Marshal(by.json()) // strings: cannot fail
	m := &Message{ID: s.newID(), Channel: channel, Body: b, At: s.now(), author: author}
	s.messages = append(s.messages, m)
	return m
}

// Say sends a direct message to the bot; with replyTo it answers that message.
func (s *Server) Say(by User, text string, replyTo *Message, files ...File) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.write(s.dm(by.ID).ID, by, Body{Content: text, Files: files})
	if replyTo != nil {
		m.Reply = replyTo.ID
	}
	s.dispatch("MESSAGE_CREATE", intentDirectMessages, "", m.json(s))
	return *m
}

func (s *Server) placeOf(channel string) Place {
	if c := s.channels[channel]; c != nil && c.Guild != "" {
		return Place{Guild: c.Guild, Channel: channel}
	}
	return Place{Channel: channel}
}

// interact makes an interaction and sends it; the caller holds the lock.
func (s *Server) interact(kind int, at Place, by User, source *Message, data any) *Interaction {
	if at.Guild == "" && at.Channel == "" {
		at.Channel = s.dm(by.ID).ID
	}
	i := &Interaction{s: s, ID: s.newID(), Type: kind, at: s.now(), by: by, place: at, source: source}
	i.Token = "interaction-token-" + i.ID
	s.interactions[i.Token] = i
	if by.Locale == "" {
		by.Locale = "en-US"
	}
	out := map[string]any{
		"id": i.ID, "application_id": s.opt.Application, "type": kind, "token": i.Token, "version": 1, "data": data,
		"channel_id": at.Channel, "locale": by.Locale, "entitlements": []any{}, "attachment_size_limit": 10485760,
	}
	s.locate(out, at, by)
	if source != nil {
		out["message"] = source.json(s)
	}
	s.dispatch("INTERACTION_CREATE", 0, at.Guild, out)
	return i
}

// locate adds what Discord tells of the place and the person.
func (s *Server) locate(out map[string]any, at Place, by User) {
	permissions := int64(Invited)
	owners := map[string]string{"1": by.ID} // brought along by the person
	if s.guilds[at.Guild] != nil && !at.Outside {
		owners = map[string]string{"0": at.Guild}
	}
	out["authorizing_integration_owners"] = owners
	if c := s.channels[at.Channel]; c != nil {
		out["channel"], permissions = c.json(), c.Permissions
	}
	out["app_permissions"] = strconv.FormatInt(permissions, 10)
	switch {
	case at.Guild != "":
		out["context"], out["guild_id"] = 0, at.Guild
		if g := s.guilds[at.Guild]; g != nil {
			out["guild_locale"] = g.Locale
		}
		out["member"] = map[string]any{"user": by.json(), "roles": []any{}, "deaf": false, "mute": false,
			"joined_at": "2026-01-01T00:00:00.000000+00:00", "permissions": strconv.FormatInt(by.Permissions|ViewChannel|SendMessages, 10)}
	case at.Outside:
		out["context"], out["user"] = 2, by.json()
	default:
		out["context"], out["user"] = 1, by.json()
	}
}

// checkRegistered notes commands and options that are not registered.
func (s *Server) checkRegistered(command string, filled []Option) {
	name, sub, _ := strings.Cut(command, " ")
	for _, c := range s.commands {
		if c.Name != name || c.Type != slashCommand {
			continue
		}
		options := c.Options
		for _, o := range c.Options {
			if o.Type == optionSubcommand && o.Name == sub {
				options = o.Options
			}
		}
		for _, f := range filled {
			if !hasOption(options, f.Name) {
				s.violate(fmt.Sprintf("/%s has no option %q", command, f.Name))
			}
		}
		return
	}
	s.violate("no command /" + command + " is registered")
}

func hasOption(options []CommandOption, name string) bool {
	for _, o := range options {
		if o.Name == name {
			return true
		}
	}
	return false
}

func (s *Server) commandData(command string, filled []Option, focused string) map[string]any {
	name, sub, _ := strings.Cut(command, " ")
	id := "1"
	for _, c := range s.commands {
		if c.Name == name && c.Type == slashCommand {
			id = c.ID
		}
	}
	resolved := map[string]any{}
	options := []any{}
	for _, f := range filled {
		o := map[string]any{"name": f.Name, "value": f.Value}
		switch v := f.Value.(type) {
		case bool:
			o["type"] = optionBoolean
		case int:
			o["type"] = optionInteger
		case ChannelID:
			o["type"] = optionChannel
			if c := s.channels[string(v)]; c != nil {
				resolved[c.ID] = c.json()
			}
		default:
			o["type"] = optionString
		}
		if f.Name == focused {
			o["focused"] = true
		}
		options = append(options, o)
	}
	if sub != "" {
		options = []any{map[string]any{"name": sub, "type": optionSubcommand, "options": options}}
	}
	out := map[string]any{"id": id, "name": name, "type": 1, "options": options}
	if len(resolved) > 0 {
		out["resolved"] = map[string]any{"channels": resolved}
	}
	return out
}
