package texts

// Commands and their options, as platforms list them.
const (
	CommandDigest         ID = "command.digest"
	CommandSubscribe      ID = "command.subscribe"
	CommandSubscriptions  ID = "command.subscriptions"
	CommandUnsubscribe    ID = "command.unsubscribe"
	CommandTopics         ID = "command.topics"
	CommandSources        ID = "command.sources"
	CommandSourcesList    ID = "command.sources.list"
	CommandSourcesAdd     ID = "command.sources.add"
	CommandSourcesRemove  ID = "command.sources.remove"
	CommandArticle        ID = "command.article"
	CommandSearch         ID = "command.search"
	CommandSettings       ID = "command.settings"
	CommandHelp           ID = "command.help"
	OptionChannel         ID = "option.channel"
	OptionShare           ID = "option.share"
	OptionLength          ID = "option.length"
	OptionTopic           ID = "option.topic"
	OptionSubscribedTopic ID = "option.subscribed_topic"
	OptionWhen            ID = "option.when"
	OptionWhat            ID = "option.what"
	OptionChange          ID = "option.change"
	OptionURL             ID = "option.url"
	OptionSource          ID = "option.source"
	OptionArticle         ID = "option.article"
	OptionQuery           ID = "option.query"
	OptionTimeZone        ID = "option.time_zone"
	OptionLanguages       ID = "option.languages"
	LengthBrief           ID = "length.brief"
	LengthStandard        ID = "length.standard"
	LengthFull            ID = "length.full"
	BotDescription        ID = "bot.description"
	BotShort              ID = "bot.short"
)

// Words that platforms put into a digest.
const (
	Head          ID = "digest.head"
	HeadPage      ID = "digest.head_page"
	CountStories  ID = "count.stories"
	CountMinutes  ID = "count.minutes"
	CountArticles ID = "count.articles"
	CountSources  ID = "count.sources"
	OneSource     ID = "digest.one_source" // "One source"
	Paywall       ID = "digest.paywall"    // "paywall"
	MoreLinks     ID = "digest.more_links" // "+3 more"; Count
	AndMore       ID = "list.and_more"     // "... and 3 more"; Count
	MayRepeat     ID = "digest.may_repeat" // put in front of a page that may have come before
)
