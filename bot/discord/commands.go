package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"newsdigest/bot"
	"newsdigest/bot/texts"
)

// command is a command as it is registered, or as Discord lists it.
type command struct {
	Name          string            `json:"name"`
	Names         map[string]string `json:"name_localizations,omitempty"`
	Description   string            `json:"description,omitempty"` // of a slash command
	Descriptions  map[string]string `json:"description_localizations,omitempty"`
	Options       []commandOption   `json:"options,omitempty"`
	Type          int               `json:"type"`
	Installations []int             `json:"integration_types"`
	Contexts      []int             `json:"contexts"`
}

type commandOption struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required,omitempty"`
	Autocomplete bool              `json:"autocomplete,omitempty"`
	ChannelTypes []int             `json:"channel_types,omitempty"`
	Choices      []commandChoice   `json:"choices,omitempty"`
	Options      []commandOption   `json:"options,omitempty"`
}

type commandChoice struct {
	Name  string            `json:"name"`
	Names map[string]string `json:"name_localizations,omitempty"`
	Value string            `json:"value"`
}

// Kinds of command ("Application Command Types").
const (
	slashCommand   = 1
	messageCommand = 3 // in the menu of a message
)

// postable are the channels that a digest can go to: text, announcements, threads.
var postable = []int{channelText, channelNews, threadNews, threadPublic, threadPrivate}

// wording is the words that commands are registered with: what a text says in each of the
// languages.
type wording struct {
	languages []string
	say       func(language string, id texts.ID) string
}

var words = wording{texts.Languages, func(language string, id texts.ID) string { return texts.Say(language, id) }}

// commands is the bot's table in Discord's form. Everybody may bring every command along
// (user installation); in servers that did not add the bot only those show that change
// nothing there.
func (w wording) commands() []command {
	var out []command
	for _, c := range bot.Commands {
		contexts := []int{0, contextBotDM}
		if c.Outside {
			contexts = append(contexts, 2)
		}
		one := command{Installations: []int{0, 1}, Contexts: contexts}
		slash, menu := one, one
		slash.Type, slash.Name = slashCommand, c.Name
		if !c.Asks {
			slash.Options = w.options(c)
		}
		slash.Description, slash.Descriptions = w.text(c.Description)
		out = append(out, slash)
		if c.Menu != "" {
			menu.Type = messageCommand
			menu.Name, menu.Names = w.text(c.Menu)
			out = append(out, menu)
		}
	}
	return out
}

func (w wording) options(c bot.CommandSpec) []commandOption {
	var out []commandOption
	for _, s := range c.Sub {
		sub := commandOption{Type: optionSubcommand, Name: s.Name, Options: w.options(s)}
		sub.Description, sub.Descriptions = w.text(s.Description)
		out = append(out, sub)
	}
	for _, o := range c.Options {
		option := commandOption{Type: optionString, Name: o.Name, Required: o.Required, Autocomplete: o.Completes}
		option.Description, option.Descriptions = w.text(o.Description)
		switch o.Kind {
		case bot.IntegerOption:
			option.Type = optionInteger
		case bot.BoolOption:
			option.Type = optionBoolean
		case bot.ChannelOption:
			option.Type, option.ChannelTypes = optionChannel, postable
		}
		for _, c := range o.Choices {
			one := commandChoice{Value: c.Value}
			one.Name, one.Names = w.text(c.Label)
			option.Choices = append(option.Choices, one)
		}
		out = append(out, option)
	}
	return out
}

// menuCommand is the command behind a name in a message's menu, which is the same in all
// of Discord's languages.
func menuCommand(name string) string {
	for _, c := range bot.Commands {
		if c.Menu != "" && texts.Say(texts.English, c.Menu) == name {
			return c.Name
		}
	}
	return ""
}

// locales are Discord's names for the languages of the texts (reference, "Locales"). A
// language that it names more than once is given under each: who reads British English
// is otherwise shown what there is for American English, and the other way round.
var locales = map[string][]string{
	"ar": {"ar"}, "de": {"de"}, "en": {"en-US", "en-GB"}, "es": {"es-ES", "es-419"}, "fr": {"fr"}, "pt": {"pt-BR"},
	"ru": {"ru"}, "uk": {"uk"}, "zh": {"zh-CN"},
}

// text is what a text says by default, in English, and in Discord's languages.
func (w wording) text(id texts.ID) (english string, others map[string]string) {
	others = map[string]string{}
	for _, l := range w.languages {
		for _, name := range locales[l] {
			others[name] = w.say(l, id)
		}
	}
	return w.say(texts.English, id), others
}

// register makes the commands known, all at once and only if Discord's list differs.
func (p *Platform) register(ctx context.Context) error {
	me := p.me.Load()
	path := "/applications/" + me.Application + "/commands"
	var there []command
	if err := p.get(ctx, path+"?with_localizations=true", &there); err != nil {
		return err
	}
	want := words.commands()
	if same(there, want) {
		return nil
	}
	if _, err := p.call(ctx, http.MethodPut, path, path, want); err != nil {
		return err
	}
	p.log.Info("discord: commands registered", "commands", len(want))
	return nil
}

// same compares as JSON, so that empty and absent are one; Discord may list in another
// order.
func same(a, b []command) bool {
	return bytes.Equal(canonical(a), canonical(b))
}

func canonical(cs []command) []byte {
	cs = slices.Clone(cs)
	slices.SortFunc(cs, func(a, b command) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	for i := range cs {
		cs[i].Installations, cs[i].Contexts = slices.Sorted(slices.Values(cs[i].Installations)), slices.Sorted(slices.Values(cs[i].Contexts))
	}
	data, _ := json.Marshal(cs) // strings, numbers and booleans: cannot fail
	return data
}
