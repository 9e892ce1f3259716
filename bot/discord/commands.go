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

// command is a slash command as it is registered, or as Discord lists it.
type command struct {
	Name          string            `json:"name"`
	Description   string            `json:"description"`
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

// slashCommand is the type of a slash command ("Application Command Types").
const slashCommand = 1

// postable are the channels that a digest can go to: text, announcements, threads.
var postable = []int{channelText, channelNews, threadNews, threadPublic, threadPrivate}

// commands is the bot's table in Discord's form. Everybody may bring every command along
// (user installation); in servers that did not add the bot only those show that change
// nothing there.
func commands() []command {
	var out []command
	for _, c := range bot.Commands {
		contexts := []int{0, contextBotDM}
		if c.Outside {
			contexts = append(contexts, 2)
		}
		out = append(out, command{
			Name: c.Name, Description: texts.Say(texts.English, c.Description), Descriptions: translations(c.Description),
			Options: commandOptions(c), Type: slashCommand, Installations: []int{0, 1}, Contexts: contexts,
		})
	}
	return out
}

func commandOptions(c bot.CommandSpec) []commandOption {
	var out []commandOption
	for _, s := range c.Sub {
		out = append(out, commandOption{
			Type: optionSubcommand, Name: s.Name, Description: texts.Say(texts.English, s.Description),
			Descriptions: translations(s.Description), Options: commandOptions(s),
		})
	}
	for _, o := range c.Options {
		option := commandOption{
			Type: optionString, Name: o.Name, Description: texts.Say(texts.English, o.Description),
			Descriptions: translations(o.Description), Required: o.Required, Autocomplete: o.Completes,
		}
		switch o.Kind {
		case bot.BoolOption:
			option.Type = optionBoolean
		case bot.ChannelOption:
			option.Type, option.ChannelTypes = optionChannel, postable
		}
		for _, c := range o.Choices {
			option.Choices = append(option.Choices, commandChoice{
				Name: texts.Say(texts.English, c.Label), Names: translations(c.Label), Value: c.Value})
		}
		out = append(out, option)
	}
	return out
}

// locales are Discord's names for the languages of the texts (reference, "Locales"). A
// language that it names more than once is given under each.
var locales = map[string][]string{
	"ar": {"ar"}, "de": {"de"}, "es": {"es-ES", "es-419"}, "fr": {"fr"}, "pt": {"pt-BR"},
	"ru": {"ru"}, "uk": {"uk"}, "zh": {"zh-CN"},
}

// translations is a text in the other languages. English is the default.
func translations(id texts.ID) map[string]string {
	var out map[string]string
	for _, l := range texts.Languages {
		for _, name := range locales[l] {
			if out == nil {
				out = map[string]string{}
			}
			out[name] = texts.Say(l, id)
		}
	}
	return out
}

// register makes the commands known, all at once and only if Discord's list differs.
func (p *Platform) register(ctx context.Context) error {
	me := p.me.Load()
	path := "/applications/" + me.Application + "/commands"
	var there []command
	if err := p.get(ctx, path+"?with_localizations=true", &there); err != nil {
		return err
	}
	want := commands()
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
