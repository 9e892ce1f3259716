package discord

import (
	"encoding/json"
	"strconv"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
)

// Kinds of interaction (interactions/receiving-and-responding, "Interaction Type").
const (
	kindCommand      = 2
	kindPress        = 3
	kindAutocomplete = 4
	kindForm         = 5
)

// Kinds of option ("Application Command Option Type").
const (
	optionSubcommand = 1
	optionString     = 3
	optionInteger    = 4
	optionBoolean    = 5
	optionChannel    = 7
)

// Channel types (resources/channel, "Channel Types").
const (
	channelText       = 0
	channelNews       = 5
	threadNews        = 10
	threadPublic      = 11
	threadPrivate     = 12
	contextBotDM      = 1
	installationGuild = "0" // key of authorizing_integration_owners
)

// interaction is what is read of an INTERACTION_CREATE. discordgo's own decoding gives up
// at components it does not know.
type interaction struct {
	ID            string            `json:"id"`
	ApplicationID string            `json:"application_id"`
	Type          int               `json:"type"`
	Token         string            `json:"token"`
	GuildID       string            `json:"guild_id"`
	ChannelID     string            `json:"channel_id"`
	Channel       channel           `json:"channel"`
	Context       int               `json:"context"`
	Locale        string            `json:"locale"`
	AppPermits    string            `json:"app_permissions"`
	Owners        map[string]string `json:"authorizing_integration_owners"`
	User          *user             `json:"user"`
	Member        *struct {
		User        user   `json:"user"`
		Permissions string `json:"permissions"`
	} `json:"member"`
	Message *struct {
		ID    string `json:"id"`
		Flags int    `json:"flags"`
	} `json:"message"`
	Data struct {
		Name     string   `json:"name"`
		Type     int      `json:"type"` // of a command
		Target   string   `json:"target_id"`
		Options  []option `json:"options"`
		Resolved struct {
			Channels map[string]channel `json:"channels"`
			Messages map[string]heard   `json:"messages"`
		} `json:"resolved"`
		CustomID   string   `json:"custom_id"`
		Kind       int      `json:"component_type"`
		Values     []string `json:"values"`
		Components []filled `json:"components"`
	} `json:"data"`
}

// filled is a part of a form that was sent off: a text, or what it stands in.
type filled struct {
	CustomID   string   `json:"custom_id"`
	Value      string   `json:"value"`
	Components []filled `json:"components"`
	Component  *filled  `json:"component"`
}

type user struct {
	ID  string `json:"id"`
	Bot bool   `json:"bot"`
}

type channel struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type int    `json:"type"`
}

func (c channel) thread() bool { return c.Type >= threadNews && c.Type <= threadPrivate }

type option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []option        `json:"options"`
}

// text is an option's value as the bot's options carry it.
func (o option) text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	return string(o.Value) // numbers and booleans
}

// native is what answering a request needs; it is recorded with the request.
type native struct {
	Application string `json:"application,omitempty"`
	Interaction string `json:"interaction,omitempty"`
	Token       string `json:"token,omitempty"` // holds for 15 minutes
	Kind        int    `json:"kind,omitempty"`
	// Unseen says that answers are shown to the user only; Dialogue that the pressed
	// message is seen by the user only, so that it may be edited.
	Unseen   bool `json:"unseen,omitempty"`
	Dialogue bool `json:"dialogue,omitempty"`
	// Message is the message that a text or a reply answers, Panel says that it is one.
	Message string `json:"message,omitempty"`
	Panel   bool   `json:"panel,omitempty"`
	// File is the address of the document that came with a message.
	File string `json:"file,omitempty"`
	// For Rights: what the user may do, what the bot may do where it happened, and whether
	// the user brought the bot along to a server that did not add it.
	May     int64 `json:"may,omitempty"`
	BotMay  int64 `json:"bot_may,omitempty"`
	Thread  bool  `json:"thread,omitempty"`
	Visitor bool  `json:"visitor,omitempty"`
}

func (i interaction) native(unseen bool) native {
	n := native{
		Application: i.ApplicationID, Interaction: i.ID, Token: i.Token, Kind: i.Type, Unseen: unseen,
		BotMay: bits(i.AppPermits), Thread: i.Channel.thread(),
	}
	if i.Member != nil {
		n.May = bits(i.Member.Permissions)
	}
	if i.Message != nil {
		n.Message, n.Panel = i.Message.ID, i.Message.Flags&flagPanel != 0
		n.Dialogue = i.private() || i.Message.Flags&flagEphemeral != 0
	}
	_, installed := i.Owners[installationGuild]
	n.Visitor = i.GuildID != "" && !installed
	return n
}

func bits(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // none that can be read: none
	return n
}

func (i interaction) private() bool { return i.GuildID == "" && i.Context == contextBotDM }

func (i interaction) by() string {
	switch {
	case i.Member != nil:
		return i.Member.User.ID
	case i.User != nil:
		return i.User.ID
	}
	return ""
}

// request is the interaction in the bot's words.
func (i interaction) request(now time.Time) bot.Request {
	r := bot.Request{
		ID: i.ID, Platform: digest.Discord, User: i.by(), Language: i.Locale, At: now,
		Server: i.GuildID, Private: i.private(), Place: i.at(i.ChannelID),
	}
	r.Chat = digest.Address{Platform: digest.Discord, User: r.User}
	if r.Private {
		r.Chat.Channel, r.Place.User = i.ChannelID, r.User
	}
	share := false
	switch i.Type {
	case kindCommand, kindAutocomplete:
		r.Kind = bot.Command
		if i.Type == kindAutocomplete {
			r.Kind = bot.Completion
		}
		i.command(&r)
		share = r.Options["share"] == "true"
	case kindPress:
		r.Kind, r.Action, r.Values = bot.Press, i.Data.CustomID, i.Data.Values
		if i.Data.Kind == typeChannelMenu && len(r.Values) > 0 {
			i.about(&r, r.Values[0])
		}
	case kindForm:
		r.Kind, r.Action = bot.FormAnswer, i.Data.CustomID
		i.typed(&r, i.Data.Components)
	}
	n := i.native(!r.Private && !share)
	r.Native, _ = json.Marshal(n) // strings, numbers and booleans: cannot fail
	return r
}

// command reads a command's name and options, or the message that one of the message menu
// was used on.
func (i interaction) command(r *bot.Request) {
	r.Options = map[string]string{}
	if i.Data.Type == messageCommand {
		r.Command, r.Quoted = menuCommand(i.Data.Name), i.Data.Resolved.Messages[i.Data.Target].quoted()
		return
	}
	r.Command = i.Data.Name
	options := i.Data.Options
	if len(options) == 1 && options[0].Type == optionSubcommand {
		r.Sub, options = options[0].Name, options[0].Options
	}
	for _, o := range options {
		r.Options[o.Name] = o.text()
		if o.Focused {
			r.Focused = o.Name
		}
		if o.Type == optionChannel {
			i.about(r, o.text())
		}
	}
}

// at is a channel of the server that the interaction comes from.
func (i interaction) at(channel string) digest.Address {
	return digest.Address{Platform: digest.Discord, Channel: channel, Server: i.GuildID}
}

// about makes the request speak for a channel of its server.
func (i interaction) about(r *bot.Request, id string) {
	if i.GuildID == "" || !isID(id) {
		return
	}
	r.Chat = i.at(id)
	if c := i.Data.Resolved.Channels[id]; c.Name != "" {
		r.ChatName = "#" + digest.Clean(c.Name)
	}
}

// typed reads what was written into a form; the first text is the request's text too.
func (i interaction) typed(r *bot.Request, parts []filled) {
	for _, f := range parts {
		if f.CustomID != "" {
			if r.Fields == nil {
				r.Fields, r.Text = map[string]string{}, f.Value
			}
			r.Fields[f.CustomID] = f.Value
		}
		i.typed(r, f.Components)
		if f.Component != nil {
			i.typed(r, []filled{*f.Component})
		}
	}
}
