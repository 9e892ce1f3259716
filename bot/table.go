package bot

import "newsdigest/bot/texts"

// Scope is where a command is offered.
type Scope string

// The scopes, as the platforms tell them apart.
const (
	InPrivate Scope = "private" // one-on-one
	InGroup   Scope = "group"   // everybody in a group
	ForAdmins Scope = "admins"  // those who run a group
	Anywhere  Scope = "default" // where none of the others applies
)

// CommandSpec describes a command: what platforms register, help and the README's table
// print, and the parser accepts.
type CommandSpec struct {
	Name        string
	Description texts.ID
	Sub         []CommandSpec
	Options     []OptionSpec
	// In are the scopes whose command lists show it (Telegram).
	In []Scope
	// Outside says that it works in places the bot was not added to (Discord's user
	// installation), because it changes nothing.
	Outside bool
	// Menu is the command's name in the menu of a message, which it then works on
	// (Request.Quoted); empty if it is not there (Discord, message commands).
	Menu texts.ID
	// Asks says that a platform with forms opens the command's form at once, by
	// Inbox.Immediate, and that it has no options there.
	Asks bool
	// Example is what to type after the slash, in English; Sample is the text of it, where it
	// has words.
	Example string
	Sample  texts.ID
}

// OptionKind is what an option takes.
type OptionKind string

// The kinds of option.
const (
	StringOption  OptionKind = "string"
	BoolOption    OptionKind = "bool"
	IntegerOption OptionKind = "integer"
	ChannelOption OptionKind = "channel"
)

// OptionSpec describes an option of a command.
type OptionSpec struct {
	Name        string
	Description texts.ID
	Kind        OptionKind
	Required    bool
	Completes   bool // suggestions are offered while it is typed
	Choices     []ChoiceSpec
}

// ChoiceSpec is one of the fixed values of an option.
type ChoiceSpec struct {
	Label texts.ID
	Value string
}

var (
	channel = OptionSpec{Name: "channel", Description: texts.OptionChannel, Kind: ChannelOption}
	share   = OptionSpec{Name: "share", Description: texts.OptionShare, Kind: BoolOption}
	length  = OptionSpec{Name: "length", Description: texts.OptionLength, Kind: StringOption, Choices: []ChoiceSpec{
		{texts.LengthBrief, "brief"}, {texts.LengthStandard, "standard"}, {texts.LengthFull, "full"},
	}}
	topic = OptionSpec{Name: "topic", Description: texts.OptionTopic, Kind: StringOption, Completes: true}
)

// Commands is the table of all commands, in the order in which help lists them.
var Commands = exemplified([]CommandSpec{
	{Name: "digest", Description: texts.CommandDigest, Options: []OptionSpec{topic, length, share},
		In: []Scope{InPrivate, InGroup, ForAdmins, Anywhere}, Outside: true, Sample: texts.SampleDigest},
	{Name: "subscribe", Description: texts.CommandSubscribe, Options: []OptionSpec{
		{Name: "when", Description: texts.OptionWhen, Kind: StringOption, Required: true, Completes: true}, subscribedTopic, channel},
		In: []Scope{InPrivate, ForAdmins}, Sample: texts.SampleSubscribe},
	{Name: "subscriptions", Description: texts.CommandSubscriptions, Options: []OptionSpec{channel},
		In: []Scope{InPrivate, ForAdmins}, Example: "subscriptions"},
	{Name: "unsubscribe", Description: texts.CommandUnsubscribe, Options: []OptionSpec{
		{Name: "what", Description: texts.OptionWhat, Kind: StringOption, Required: true, Completes: true}, channel},
		Example: "unsubscribe 1"},
	{Name: "topics", Description: texts.CommandTopics, Options: []OptionSpec{channel},
		In: []Scope{InPrivate, ForAdmins}, Sample: texts.SampleTopics},
	{Name: "sources", Description: texts.CommandSources, In: []Scope{InPrivate, ForAdmins}, Example: "sources add example.org",
		Sub: []CommandSpec{
			{Name: "list", Description: texts.CommandSourcesList, Options: []OptionSpec{channel}},
			{Name: "add", Description: texts.CommandSourcesAdd, Options: []OptionSpec{
				{Name: "url", Description: texts.OptionURL, Kind: StringOption, Required: true}, channel}},
			{Name: "remove", Description: texts.CommandSourcesRemove, Options: []OptionSpec{
				{Name: "source", Description: texts.OptionSource, Kind: StringOption, Required: true, Completes: true}, channel}},
		}},
	{Name: "article", Description: texts.CommandArticle, Options: []OptionSpec{
		{Name: "url", Description: texts.OptionArticle, Kind: StringOption, Required: true}, share},
		In: []Scope{InGroup}, Outside: true, Menu: texts.CommandArticleMenu, Example: "article https://example.org/story"},
	{Name: "search", Description: texts.CommandSearch, Options: []OptionSpec{
		{Name: "query", Description: texts.OptionQuery, Kind: StringOption, Required: true}},
		In: []Scope{InPrivate, InGroup}, Outside: true, Sample: texts.SampleSearch},
	{Name: "follow", Description: texts.CommandFollow, Options: []OptionSpec{
		{Name: "story", Description: texts.OptionStory, Kind: StringOption, Required: true, Completes: true}},
		In: []Scope{InPrivate}, Example: "follow 2"},
	{Name: "mute", Description: texts.CommandMute, Options: []OptionSpec{
		{Name: "what", Description: texts.OptionMute, Kind: StringOption, Completes: true},
		{Name: "for", Description: texts.OptionFor, Kind: StringOption, Choices: []ChoiceSpec{
			{texts.ForDay, "1d"}, {texts.ForWeek, "1w"}, {texts.ForMonth, "1m"}, {texts.ForEver, "always"}}}},
		In: []Scope{InPrivate}, Sample: texts.SampleMute},
	{Name: "settings", Description: texts.CommandSettings, Options: []OptionSpec{
		{Name: "time_zone", Description: texts.OptionTimeZone, Kind: StringOption, Completes: true},
		{Name: "language", Description: texts.OptionLanguage, Kind: StringOption, Completes: true},
		length,
		{Name: "quiet_hours", Description: texts.OptionQuiet, Kind: StringOption},
		{Name: "news", Description: texts.OptionLanguages, Kind: StringOption, Completes: true},
		channel},
		In: []Scope{InPrivate, ForAdmins}, Sample: texts.SampleSettings},
	{Name: "feedback", Description: texts.CommandFeedback, Outside: true, Asks: true, Sample: texts.SampleFeedback},
	{Name: "why", Description: texts.CommandWhy, Options: []OptionSpec{
		{Name: "story", Description: texts.OptionStoryNumber, Kind: IntegerOption}}, Example: "why 3"},
	{Name: "privacy", Description: texts.CommandPrivacy, In: []Scope{InPrivate}, Outside: true, Example: "privacy"},
	{Name: "help", Description: texts.CommandHelp,
		In: []Scope{InPrivate, InGroup, ForAdmins, Anywhere}, Outside: true, Example: "help"},
})

// exemplified are commands with their examples in English.
func exemplified(specs []CommandSpec) []CommandSpec {
	for i, s := range specs {
		if s.Sample != "" {
			specs[i].Example = texts.Say(texts.English, s.Sample)
		}
	}
	return specs
}

var subscribedTopic = OptionSpec{Name: "topic", Description: texts.OptionSubscribedTopic, Kind: StringOption, Completes: true}
