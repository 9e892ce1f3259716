package discord

import (
	"encoding/json"
	"strconv"
	"strings"
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
	messageText       = 0
	messageReply      = 19
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
		Options  []option `json:"options"`
		Resolved struct {
			Channels map[string]channel `json:"channels"`
		} `json:"resolved"`
		CustomID   string   `json:"custom_id"`
		Values     []string `json:"values"`
		Components []struct {
			Components []struct {
				Value string `json:"value"`
			} `json:"components"`
		} `json:"components"`
	} `json:"data"`
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
	// Message is the message that a text or a reply answers.
	Message string `json:"message,omitempty"`
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
		n.Message = i.Message.ID
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
		ID: i.ID, Platform: digest.Discord, User: i.by(), Language: baseLanguage(i.Locale), At: now,
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
	case kindPress, kindForm:
		r.Kind = bot.Press
		if i.Type == kindForm {
			r.Kind, r.Text = bot.FormAnswer, i.typed()
		}
		r.Action = i.Data.CustomID
	}
	n := i.native(!r.Private && !share)
	r.Native, _ = json.Marshal(n) // strings, numbers and booleans: cannot fail
	return r
}

// command reads a command's name and options.
func (i interaction) command(r *bot.Request) {
	r.Command, r.Options = i.Data.Name, map[string]string{}
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

// typed is what was written into a form's first field.
func (i interaction) typed() string {
	for _, row := range i.Data.Components {
		for _, c := range row.Components {
			return c.Value
		}
	}
	return ""
}

// baseLanguage is "pt" of "pt-BR".
func baseLanguage(locale string) string {
	base, _, _ := strings.Cut(locale, "-")
	return strings.ToLower(base)
}

// directMessage is what is read of a MESSAGE_CREATE.
type directMessage struct {
	ID        string `json:"id"`
	ChannelID string `json:"channel_id"`
	GuildID   string `json:"guild_id"`
	Type      int    `json:"type"`
	Content   string `json:"content"`
	Author    user   `json:"author"`
	WebhookID string `json:"webhook_id"`
}

// request is the message in the bot's words; ok is false for those that are nobody's.
func (m directMessage) request(now time.Time) (r bot.Request, ok bool) {
	if m.GuildID != "" || m.Author.Bot || m.WebhookID != "" || m.Type != messageText && m.Type != messageReply || m.Content == "" {
		return r, false
	}
	at := digest.Address{Platform: digest.Discord, User: m.Author.ID, Channel: m.ChannelID}
	n, _ := json.Marshal(native{Message: m.ID})
	return bot.Request{
		ID: m.ID, Platform: digest.Discord, Kind: bot.Text, Chat: at, Place: at, Private: true,
		User: m.Author.ID, At: now, Text: m.Content, Native: n,
	}, true
}

// greetWithin is how long after the bot was added a server is told so: it is listed again
// at every connection.
const greetWithin = time.Hour

// server is what is read of a GUILD_CREATE.
type server struct {
	ID            string    `json:"id"`
	Name          string    `json:"name"`
	Locale        string    `json:"preferred_locale"`
	JoinedAt      time.Time `json:"joined_at"`
	SystemChannel string    `json:"system_channel_id"`
	Unavailable   bool      `json:"unavailable"`
}

// request says that the bot was added to a server; ok is false if that was long ago or
// there is no channel for such news.
func (s server) request(now time.Time) (r bot.Request, ok bool) {
	if s.Unavailable || s.SystemChannel == "" || now.Sub(s.JoinedAt) > greetWithin {
		return r, false
	}
	at := digest.Address{Platform: digest.Discord, Channel: s.SystemChannel, Server: s.ID}
	return bot.Request{
		ID: "joined:" + s.ID + ":" + strconv.FormatInt(s.JoinedAt.UnixMilli(), 10), Platform: digest.Discord, Kind: bot.Joined,
		Chat: at, Place: at, Server: s.ID, ChatName: digest.Clean(s.Name), Language: baseLanguage(s.Locale), At: s.JoinedAt,
	}, true
}

// left says that a channel is gone.
func left(c channel, now time.Time) bot.Request {
	at := digest.Address{Platform: digest.Discord, Channel: c.ID}
	return bot.Request{ID: "left:" + c.ID, Platform: digest.Discord, Kind: bot.Left, Chat: at, Place: at, At: now}
}
