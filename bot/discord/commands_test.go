package discord

import (
	"slices"
	"strings"
	"testing"

	"newsdigest/bot"
	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/bot/texts"
)

// long is a pseudo-language: every text two fifths longer, in letters that are not English.
func long(_ string, id texts.ID) string {
	s := texts.Say(texts.English, id)
	return s + strings.Repeat("é", (len([]rune(s))*2+4)/5)
}

// TestCommandLanguages registers the commands with each language that Discord names, and
// with one whose texts are two fifths longer than the English ones: Discord's limits hold
// in all of them.
func TestCommandLanguages(t *testing.T) {
	t.Parallel()
	var all []string
	for l := range locales {
		all = append(all, l)
	}
	for name, w := range map[string]wording{"as they are": words, "longer": {all, long}} {
		server := newWorld(t, fakediscord.Options{})
		if _, err := server.p.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		path := "/applications/" + server.p.me.Load().Application + "/commands"
		want := w.commands()
		if _, err := server.p.call(t.Context(), "PUT", path, path, want); err != nil {
			t.Errorf("%s: %v; %s", name, err, server.Calls(fakediscord.RoutePutCommands)[0].Refused)
		}
		if got := server.Commands(); len(got) != len(want) {
			t.Errorf("%s: %d commands, want %d", name, len(got), len(want))
		}
	}
	for _, l := range texts.Languages {
		if len(locales[l]) == 0 {
			t.Errorf("Discord's name for %s is not known", l)
		}
	}
}

// TestCommandTable: names stay English, what they mean is said in every language, both
// Englishes included, and the message menu has its command.
func TestCommandTable(t *testing.T) {
	menus := 0
	for _, c := range words.commands() {
		texts := c.Descriptions
		if c.Type == messageCommand {
			menus++
			texts = c.Names
			if menuCommand(c.Name) == "" {
				t.Errorf("nothing is behind %q", c.Name)
			}
		}
		if texts["en-US"] == "" || texts["en-GB"] != texts["en-US"] {
			t.Errorf("%s: %v", c.Name, texts)
		}
		outside := slices.Contains(c.Contexts, 2)
		spec := slices.IndexFunc(bot.Commands, func(s bot.CommandSpec) bool { return s.Name == c.Name })
		if c.Type == slashCommand && outside != bot.Commands[spec].Outside || !slices.Equal(c.Installations, []int{0, 1}) {
			t.Errorf("%s: %+v", c.Name, c)
		}
	}
	if menus == 0 {
		t.Error("the message menu is empty")
	}
}
