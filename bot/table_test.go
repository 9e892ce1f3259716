package bot

import (
	"regexp"
	"testing"

	"newsdigest/bot/texts"
)

var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`) // Bot API, BotCommand; Discord allows more

// The table is what platforms take: Discord's Application Commands and Telegram's
// setMyCommands.
func TestTable(t *testing.T) {
	if len(Commands) > 100 {
		t.Errorf("%d commands, Discord takes 100", len(Commands))
	}
	known := handlers()
	for _, c := range Commands {
		if known[c.Name] == nil {
			t.Errorf("nothing handles /%s", c.Name)
		}
		if len(c.Sub) > 0 && len(c.Options) > 0 {
			t.Errorf("/%s has subcommands and options of its own", c.Name)
		}
		if c.Example == "" {
			t.Errorf("/%s has no example", c.Name)
		}
		checkSpec(t, c)
		for _, s := range c.Sub {
			checkSpec(t, s)
		}
	}
}

func checkSpec(t *testing.T, c CommandSpec) {
	t.Helper()
	describe := func(name string, id texts.ID) int {
		text := texts.Say("en", id)
		if n := len([]rune(text)); n < 1 || n > 100 || text == string(id) {
			t.Errorf("%s: description %q", name, text)
		}
		return len(text)
	}
	size := len(c.Name) + describe(c.Name, c.Description)
	optional := false
	for _, o := range c.Options {
		name := c.Name + " " + o.Name
		size += len(o.Name) + describe(name, o.Description)
		if o.Required && optional {
			t.Errorf("%s: required after optional", name)
		}
		optional = optional || !o.Required
		if !commandName.MatchString(o.Name) || len(o.Choices) > 25 || o.Completes && len(o.Choices) > 0 {
			t.Errorf("%s: %+v", name, o)
		}
		for _, ch := range o.Choices {
			size += len(ch.Value) + describe(name+" "+ch.Value, ch.Label)
		}
	}
	if menu := texts.Say("en", c.Menu); c.Menu != "" && (len(menu) > 32 || menu == string(c.Menu)) {
		t.Errorf("/%s: %q is no name for a menu", c.Name, menu)
	}
	if !commandName.MatchString(c.Name) || len(c.Options) > 25 || size > 8000 {
		t.Errorf("/%s: %d options, %d characters", c.Name, len(c.Options), size)
	}
}

func TestDescriptions(t *testing.T) {
	for id, want := range map[texts.ID]string{
		texts.CommandDigest: "Get your digest now", texts.CommandSubscribe: "Get a digest on a schedule",
		texts.CommandTopics: "Choose what your digest covers", texts.CommandSourcesList: "List your sources and how they are doing",
		texts.CommandSourcesAdd: "Add a news site or feed", texts.CommandSourcesRemove: "Remove a source",
		texts.CommandArticle: "Summarize one article", texts.CommandArticleMenu: "Summarize link", texts.CommandSearch: "Search recent stories",
		texts.CommandHelp: "What this bot does and how to use it", texts.OptionShare: "Post it here for everyone. Off by default",
		texts.OptionChannel: "Apply to this channel instead of just you (needs Manage Server)",
		texts.OptionTopic:   "Only this topic", texts.OptionSubscribedTopic: "What it covers. Top stories if left out",
	} {
		if got := texts.Say("en", id); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}
