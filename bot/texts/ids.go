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
	CommandArticleMenu    ID = "command.article.menu" // at most 32 characters
	CommandSearch         ID = "command.search"
	CommandSettings       ID = "command.settings"
	CommandHelp           ID = "command.help"
	CommandFollow         ID = "command.follow"
	CommandMute           ID = "command.mute"
	CommandFeedback       ID = "command.feedback"
	CommandWhy            ID = "command.why"
	OptionStory           ID = "option.story"
	OptionStoryNumber     ID = "option.story_number"
	OptionMute            ID = "option.mute"
	OptionFor             ID = "option.for"
	OptionChannel         ID = "option.channel"
	OptionShare           ID = "option.share"
	OptionLength          ID = "option.length"
	OptionTopic           ID = "option.topic"
	OptionSubscribedTopic ID = "option.subscribed_topic"
	OptionWhen            ID = "option.when"
	OptionWhat            ID = "option.what"
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
	Updated       ID = "digest.updated"    // "Updated"
	SourcesDiffer ID = "digest.differ"     // "Sources differ"
	MoreLinks     ID = "digest.more_links" // "+3 more"; Count
	AndMore       ID = "list.and_more"     // "... and 3 more"; Count
	MayRepeat     ID = "digest.may_repeat" // put in front of a page that may have come before
)

// Names of the digest and the parts around its stories.
const (
	NameMorning     ID = "digest.morning"
	NameMidday      ID = "digest.midday"
	NameEvening     ID = "digest.evening"
	NameDigest      ID = "digest.any"
	Late            ID = "digest.late"
	Restored        ID = "digest.restored"
	MostSilent      ID = "digest.most_silent"
	AllSilent       ID = "digest.all_silent"
	AllSilentEver   ID = "digest.all_silent_ever"
	SilentSources   ID = "digest.silent"
	NothingNew      ID = "digest.nothing_new"
	NothingNewSince ID = "digest.nothing_new_since"
	Preview         ID = "digest.preview" // what a push notification shows: "Morning digest, Sun 22 Nov: ..."
	PreviewMore     ID = "digest.preview_more"
	Differ          ID = "digest.differ_in" // "Atlas Wire says 15%, Harbour Times says 18%."
	ThatsAll        ID = "digest.thats_all"
	NextDigest      ID = "digest.next"
	Note            ID = "digest.note"
	NoteReworded    ID = "digest.note_reworded" // Stories are their numbers: "1, 3 and 4"; Count
	ModelDown       ID = "digest.model_down"
	Reading         ID = "digest.reading"
)

// Labels of buttons.
const (
	ButtonDaily       ID = "button.daily"
	ButtonMore        ID = "button.more"
	ButtonTop         ID = "button.top"
	ButtonUndo        ID = "button.undo"
	ButtonMakeIt      ID = "button.make_it"
	ButtonDaily8      ID = "button.daily_8"
	ButtonWeekdays730 ID = "button.weekdays_730"
	ButtonMondays9    ID = "button.mondays_9"
	ButtonOther       ID = "button.other"
	ButtonOtherCity   ID = "button.other_city"
	ButtonShow        ID = "button.show"
	ButtonSetUp       ID = "button.set_up"
	ButtonToday       ID = "button.today"
	ButtonTryAgain    ID = "button.try_again"
	ButtonRemove      ID = "button.remove"
	ButtonTopics      ID = "button.topics"
	ButtonAddSources  ID = "button.add_sources"
	ButtonUnfollow    ID = "button.unfollow"
)

// First contact and help.
const (
	Hello           ID = "hello.private"
	GreetGroup      ID = "hello.group"
	HelpHead        ID = "help.head"
	HelpFoot        ID = "help.foot"
	HelpSource      ID = "help.source"
	Unknown         ID = "help.unknown"
	UnknownLike     ID = "help.unknown_like"
	FreeText        ID = "help.free_text"
	Cancelled       ID = "help.cancelled"
	NothingToCancel ID = "help.nothing_to_cancel"
	OldButton       ID = "help.old_button"
)

// Schedules and subscriptions.
const (
	ScheduleDaily      ID = "schedule.daily"
	ScheduleTimesADay  ID = "schedule.times_a_day"
	ScheduleWorkdays   ID = "schedule.workdays"
	ScheduleDays       ID = "schedule.days"
	ScheduleUnreadable ID = "schedule.unreadable"
	ScheduleTooOften   ID = "schedule.too_often"
	ScheduleTooSeldom  ID = "schedule.too_seldom"
	ScheduleOnce       ID = "schedule.once"
	When               ID = "subscribe.when"
	WhenTyped          ID = "subscribe.when_typed"
	LabelWhen          ID = "subscribe.label_when"
	ExampleWhen        ID = "subscribe.example_when"
	Subscribed         ID = "subscribe.done"
	SubscribedHere     ID = "subscribe.done_here"
	SubscribedTopic    ID = "subscribe.topic"
	AlreadySubscribed  ID = "subscribe.already"
	NoSubscriptions    ID = "subscriptions.none"
	SubscriptionLine   ID = "subscriptions.line"
	NoSuchNumber       ID = "subscriptions.no_number"
	SubscriptionsQuiet ID = "subscriptions.quiet"
	Stopped            ID = "subscriptions.stopped"
	AlreadyUndone      ID = "subscriptions.undone"
	Today              ID = "date.today"
	Tomorrow           ID = "date.tomorrow"
	Yesterday          ID = "date.yesterday"
	DateDay            ID = "date.day"
	DateFull           ID = "date.full"
	DateMonths         ID = "date.months"        // January's short name first
	DateWeekdays       ID = "date.weekdays"      // Sunday's short name first
	DateWeekdayNames   ID = "date.weekday_names" // Sunday's first, as they stand in ScheduleDays
	ListComma          ID = "list.comma"         // between names, but not before the last
	ListAnd            ID = "list.and"
	MoreNames          ID = "list.more_names"
)

// Time zones.
const (
	WhichCity       ID = "zone.which_city"
	LabelCity       ID = "zone.label_city"
	ExampleCity     ID = "zone.example_city"
	TimeNow         ID = "zone.now"
	ZoneSet         ID = "zone.set"
	ZoneSetOffset   ID = "zone.set_offset"
	ZoneUnknown     ID = "zone.unknown"
	ZoneKnown       ID = "zone.known"
	NoSuchPlace     ID = "zone.no_place"
	DidYouMeanPlace ID = "zone.did_you_mean"
	WhichPlace      ID = "zone.which_place"
	ZoneLetters     ID = "zone.letters"
)

// Topics.
const (
	TopicsAll   ID = "topics.all"
	TopicsSome  ID = "topics.some"
	TopicsNone  ID = "topics.none"
	NoSuchTopic ID = "topics.no_topic"
	OneTopic    ID = "topics.one_only"
)

// Sources.
const (
	SourcesHead       ID = "sources.head"
	SourcesStarter    ID = "sources.starter"
	SourceLine        ID = "sources.line"
	SourcesHint       ID = "sources.hint"
	SourcesUsage      ID = "sources.usage"
	SourcesAddUsage   ID = "sources.add_usage"
	NoSources         ID = "sources.none"
	StateFine         ID = "sources.fine"
	StateSilent       ID = "sources.silent"
	StateNew          ID = "sources.new"
	SourceAdded       ID = "sources.added"
	SourceAddedLatest ID = "sources.added_latest"
	SourceAlready     ID = "sources.already"
	SourceRemoved     ID = "sources.removed"
	SeveralFeeds      ID = "sources.several_feeds"
	SeveralSources    ID = "sources.several"
	NoSuchSourceNamed ID = "sources.no_name"
	NoSuchSource      ID = "sources.gone"
	TooManySources    ID = "sources.too_many"
	NoFeed            ID = "sources.no_feed"
)

// Articles, search and pages that cannot be read.
const (
	ArticleUsage ID = "article.usage"
	NoArticle    ID = "article.none"
	BadAddress   ID = "page.bad_address"
	NotAnswering ID = "page.not_answering"
	PageGone     ID = "page.gone"
	PageRefused  ID = "page.refused"
	SearchUsage  ID = "search.usage"
	NothingFound ID = "search.nothing"
	NoSuchDigest ID = "digest.gone"
)

// Settings.
const (
	SettingsUsage  ID = "settings.usage"
	NoSuchLength   ID = "settings.no_length"
	NoSuchLanguage ID = "settings.no_language"
	LanguagesUsage ID = "settings.languages_usage"
)

// Rights and faults.
const (
	ThisChat         ID = "chat.this" // at the beginning of a sentence
	ThatChat         ID = "chat.that" // within a sentence
	MayNotPost       ID = "rights.may_not_post"
	OnlyAdmins       ID = "rights.admins"
	NeedManageServer ID = "rights.manage_server"
	Fault            ID = "fault"
)

// What can be done with a story, and with a digest.
const (
	MenuRead            ID = "digest.menu"
	ButtonTopStories    ID = "button.top_stories"
	LeftOut             ID = "digest.left_out"
	ButtonFollowStory   ID = "button.follow_story"
	ButtonSettings      ID = "button.settings"
	ButtonUseful        ID = "button.useful"
	ButtonNotUseful     ID = "button.not_useful"
	ButtonReadInPrivate ID = "button.read_in_private"
	OldDigest           ID = "help.old_digest"
	NoDigestYet         ID = "story.no_digest"
	NoSuchStoryNumber   ID = "story.no_number"
	NoSuchStory         ID = "story.gone"
	WhichStory          ID = "story.which"
	CardSources         ID = "card.sources"
	ButtonFollow        ID = "button.follow"
	ButtonMuteTopic     ID = "button.mute_topic"
	ButtonWrong         ID = "button.wrong"
	ButtonMoreLike      ID = "button.more_like"
	ButtonLessLike      ID = "button.less_like"
	ButtonWhy           ID = "button.why"
	Following           ID = "follow.done"
	FollowingHere       ID = "follow.done_here"
	FollowingAlready    ID = "follow.already"
	TooManyFollowed     ID = "follow.too_many"
)

// Why a story was shown.
const (
	WhyPlace     ID = "why.place"
	WhyVoices    ID = "why.voices"
	WhyFresh     ID = "why.fresh"
	WhyJustNow   ID = "why.just_now"
	WhyVelocity  ID = "why.velocity"
	WhyUpdate    ID = "why.update"
	WhyOwnSource ID = "why.own_source"
	WhyTopic     ID = "why.topic"
	WhyMore      ID = "why.more"
	WhyLess      ID = "why.less"
	WhyVariety   ID = "why.variety"
	WhyElsewhere ID = "why.elsewhere"
	WhyWords     ID = "why.words"
	WhyCopies    ID = "why.copies"
	WhyAlone     ID = "why.alone"
)

// What a chat does not want to see.
const (
	ForDay           ID = "mute.for_day"
	ForWeek          ID = "mute.for_week"
	ForMonth         ID = "mute.for_month"
	ForEver          ID = "mute.for_ever"
	MuteHowLong      ID = "mute.how_long"
	Muted            ID = "mute.done"
	MutedUntil       ID = "mute.done_until"
	MutedSource      ID = "mute.done_source"
	MutedSourceUntil ID = "mute.done_source_until"
	MutesHead        ID = "mute.head"
	MutesNone        ID = "mute.none"
	MuteLine         ID = "mute.line"
	MuteLineUntil    ID = "mute.line_until"
	MenuUnmute       ID = "mute.menu"
	ButtonUnmute     ID = "mute.unmute"
	Unmuted          ID = "mute.undone"
	TooManyMutes     ID = "mute.too_many"
	NothingToMute    ID = "mute.nothing"
	KindWord         ID = "mute.word"
	KindTopic        ID = "mute.topic"
	KindSource       ID = "mute.source"
)

// What a chat likes.
const (
	LearnedMore       ID = "learned.more"
	LearnedLess       ID = "learned.less"
	LearnedHead       ID = "learned.head"
	LearnedNothing    ID = "learned.nothing"
	LearnedLineMore   ID = "learned.line_more"
	LearnedLineLess   ID = "learned.line_less"
	LearnedLineHidden ID = "learned.line_hidden"
	ButtonForget      ID = "button.forget"
	ButtonHidden      ID = "button.hidden"
	Forgotten         ID = "learned.forgotten"
	UsefulWhich       ID = "useful.which"
	UselessWhy        ID = "useless.why"
	UselessWhich      ID = "useless.which"
	ButtonIsWrong     ID = "button.is_wrong"
	ButtonNotRelevant ID = "button.not_relevant"
	ButtonTooLong     ID = "button.too_long"
	ButtonDuplicate   ID = "button.duplicate"
	LengthSet         ID = "useless.shorter"
)

// Feedback.
const (
	Noted              ID = "feedback.noted"
	FeedbackUsage      ID = "feedback.usage"
	FeedbackTyped      ID = "feedback.typed"
	WrongTyped         ID = "feedback.wrong_typed"
	MistakeTyped       ID = "feedback.mistake_typed"
	LabelFeedback      ID = "feedback.label"
	LabelFeedbackStory ID = "feedback.label_story"
	ExampleFeedback    ID = "feedback.example"
)

// Notices: what the bot says unasked, besides its digests.
const (
	StoryUpdated ID = "notice.story" // "Updated: ..."
	SourcePaused ID = "notice.source_paused"
	QuietDays    ID = "notice.quiet_days"
)

// Subscriptions: what can be done with one.
const (
	ButtonNumber         ID = "button.number"
	ButtonTime           ID = "button.time"
	ButtonTopic          ID = "button.topic"
	ButtonLength         ID = "button.length"
	ButtonPause7         ID = "button.pause_7"
	ButtonResume         ID = "button.resume"
	ButtonStop           ID = "button.stop"
	ButtonBack           ID = "button.back"
	ButtonNoRepeat       ID = "button.no_repeat"
	ButtonRepeat         ID = "button.repeat"
	ButtonStopNumber     ID = "button.stop_number"
	ButtonCancel         ID = "button.cancel"
	SubscriptionPaused   ID = "subscriptions.paused"
	SubscriptionResting  ID = "subscriptions.resting"
	SubscriptionLength   ID = "subscriptions.length"
	SubscriptionNoRepeat ID = "subscriptions.no_repeat"
	SubscriptionRepeat   ID = "subscriptions.repeat"
	WhichTopic           ID = "subscriptions.which_topic"
	TopStories           ID = "subscriptions.top_stories"
	WhichLength          ID = "subscriptions.which_length"
	LengthOfChat         ID = "subscriptions.length_of_chat"
	WhichToStop          ID = "subscriptions.which_to_stop"
	WhichToKeep          ID = "subscriptions.which_to_keep"
	FollowedLine         ID = "subscriptions.followed"
	StoryLeft            ID = "subscriptions.left"
	ButtonChangeTime     ID = "button.change_time"
	ButtonDone           ID = "button.done"
)

// The panel of settings.
const (
	SettingsHead           ID = "settings.head"
	SettingsHeadOf         ID = "settings.head_of"
	SettingsZone           ID = "settings.zone"
	SettingsLanguage       ID = "settings.language"
	SettingsNews           ID = "settings.news"
	SettingsLength         ID = "settings.length"
	SettingsQuiet          ID = "settings.quiet"
	SettingsSources        ID = "settings.sources"
	SettingsSourcesFailing ID = "settings.sources_failing"
	QuietNever             ID = "settings.quiet_never"
	QuietFromTo            ID = "settings.quiet_from_to"
	QuietTyped             ID = "settings.quiet_typed"
	LabelQuiet             ID = "settings.label_quiet"
	ExampleQuiet           ID = "settings.example_quiet"
	NoSuchQuiet            ID = "settings.no_quiet"
	NoSuchTexts            ID = "settings.no_texts"
	WhichLanguage          ID = "settings.which_language"
	WhichNews              ID = "settings.which_news"
	AllPaused              ID = "settings.all_paused"
	AllResumed             ID = "settings.all_resumed"
	ButtonChange           ID = "button.change"
	ButtonShowSources      ID = "button.show_sources"
	ButtonPauseAll         ID = "button.pause_all"
	ButtonResumeAll        ID = "button.resume_all"
	ButtonPrivacy          ID = "button.privacy"
	ButtonLearned          ID = "button.learned"
	ButtonUseCity          ID = "button.use_city"
	CommandPrivacy         ID = "command.privacy"
	OptionLanguage         ID = "option.language"
	OptionQuiet            ID = "option.quiet_hours"
)

// Links that people send.
const (
	WhatWithLink      ID = "link.what"
	ButtonSummarize   ID = "button.summarize"
	ButtonAddSource   ID = "button.add_source"
	ButtonAddSite     ID = "button.add_site"
	NoLink            ID = "link.none"
	PaywallPart       ID = "paywall.part"
	PaywallAll        ID = "paywall.all"
	PaywallOthers     ID = "paywall.others"
	OnlyChannelAdmins ID = "rights.channel_admins"
	ButtonNow         ID = "button.now"
	ButtonSubscribe   ID = "button.subscribe"
	ButtonHelp        ID = "button.help"
)

// Sources: changes and files.
const (
	ButtonAdd         ID = "button.add"
	ButtonExport      ID = "button.export"
	ButtonNext25      ID = "button.next_sources"
	ButtonImport      ID = "button.import"
	LabelSource       ID = "sources.label_add"
	ExampleSource     ID = "sources.example_add"
	WhichSource       ID = "sources.which"
	SourcePausedState ID = "sources.paused"
	SourceBack        ID = "sources.back"
	SourceStillSilent ID = "sources.still_silent"
	SourcesExported   ID = "sources.exported"
	SourcesKept       ID = "sources.kept"
	ExportTitle       ID = "sources.export_title"
	FileUnknown       ID = "file.unknown"
	FileTooLarge      ID = "file.too_large"
	FileFeeds         ID = "file.feeds"
	FileNothing       ID = "file.nothing"
	FileRoom          ID = "file.room"
	FileFull          ID = "file.full"
	Imported          ID = "file.imported"
	ImportedAlready   ID = "file.already"
	ImportedNoRoom    ID = "file.no_room"
)

// Privacy.
const (
	Privacy           ID = "privacy.head"
	PrivacyInPrivate  ID = "privacy.in_private"
	Policy            ID = "privacy.policy"
	Exported          ID = "privacy.exported"
	ExportTooLarge    ID = "privacy.too_large"
	EraseSure         ID = "privacy.sure"
	Erased            ID = "privacy.erased"
	ButtonExportData  ID = "button.export_data"
	ButtonEraseData   ID = "button.erase_data"
	ButtonPolicy      ID = "button.policy"
	ButtonEraseAll    ID = "button.erase_all"
	ButtonKeepIt      ID = "button.keep_it"
	ButtonOpenPrivate ID = "button.open_private"
)

// Setting a channel up, and patience.
const (
	GreetServer    ID = "hello.server"
	ButtonSetItUp  ID = "button.set_it_up"
	SetUpWhere     ID = "setup.where"
	SetUpChannel   ID = "setup.channel"
	SetUpZone      ID = "setup.zone"
	SetUpNeedsZone ID = "setup.needs_zone"
	ButtonPreview  ID = "button.preview"
	ButtonStart    ID = "button.start"
	ButtonPostNow  ID = "button.post_now"
	PostedNow      ID = "setup.posted"
	NothingToPost  ID = "setup.nothing"
	OneMoment      ID = "busy"
	ButtonSendToMe ID = "button.send_to_me"
)

// Digests on the web: what the bot says of them.
const (
	OnWeb            ID = "digest.on_web"
	Feeds            ID = "feeds.head"
	FeedsRenewed     ID = "feeds.renewed"
	FeedsOff         ID = "feeds.off"
	ButtonFeeds      ID = "button.feeds"
	ButtonRenewFeeds ID = "button.renew_feeds"
)

// What pages on the web say of their own.
const (
	WebSkip     ID = "web.skip"
	WebContents ID = "web.contents"
	WebTimeline ID = "web.timeline"
	WebSummary  ID = "web.summary"
	WebSince    ID = "web.since"
	WebThen     ID = "web.then"
	WebFirst    ID = "web.first"
	WebCopy     ID = "web.copy"
	WebQuoted   ID = "web.quoted"
	WebBack     ID = "web.back"
	WebKept     ID = "web.kept"
	WebHome     ID = "web.home"
	WebGone     ID = "web.gone"
	WebGoneWhy  ID = "web.gone_why"
	WebFault    ID = "web.fault"
)

// For those who run the bot, and what they do.
const (
	CommandOperator         ID = "command.operator"
	ProblemPlatform         ID = "problem.platform"
	ProblemPlatformOver     ID = "problem.platform_over"
	ProblemBackup           ID = "problem.backup"
	ProblemBackupOver       ID = "problem.backup_over"
	ProblemLate             ID = "problem.late"
	ProblemLateOver         ID = "problem.late_over"
	ProblemDisk             ID = "problem.disk"
	ProblemDiskOver         ID = "problem.disk_over"
	ProblemFeeds            ID = "problem.feeds"
	ProblemFeedsOver        ID = "problem.feeds_over"
	ProblemStore            ID = "problem.store"
	ChatBlocked             ID = "notice.blocked"
	AnnouncementFrom        ID = "notice.announcement"
	OperatorUsage           ID = "operator.usage"
	OperatorRunning         ID = "operator.running"
	OperatorUp              ID = "operator.up"
	OperatorDown            ID = "operator.down"
	OperatorNext            ID = "operator.next"
	OperatorLate            ID = "operator.late"
	OperatorFeeds           ID = "operator.feeds"
	OperatorBackup          ID = "operator.backup"
	OperatorShared          ID = "operator.shared"
	OperatorElsewhere       ID = "operator.elsewhere"
	OperatorWell            ID = "operator.well"
	OperatorFailed          ID = "operator.failed"
	OperatorFeedsHead       ID = "operator.feeds_head"
	OperatorNoFeeds         ID = "operator.no_feeds"
	OperatorMoreFeeds       ID = "operator.more_feeds"
	OperatorFeedOK          ID = "operator.feed_ok"
	OperatorFeedPaused      ID = "operator.feed_paused"
	OperatorFeedUnread      ID = "operator.feed_unread"
	OperatorFeedFailing     ID = "operator.feed_failing"
	OperatorNoChat          ID = "operator.no_chat"
	OperatorBlocked         ID = "operator.blocked"
	OperatorBlockedAlready  ID = "operator.blocked_already"
	OperatorUnblocked       ID = "operator.unblocked"
	OperatorNotBlocked      ID = "operator.not_blocked"
	OperatorNotYourself     ID = "operator.not_yourself"
	OperatorPreview         ID = "operator.preview"
	ButtonAnnounce          ID = "button.announce"
	OperatorAnnouncing      ID = "operator.announcing"
	OperatorAnnounced       ID = "operator.announced"
	OperatorAnnounceStopped ID = "operator.announce_stopped"
	OperatorAnnounceBusy    ID = "operator.announce_busy"
	OperatorAnnounceNone    ID = "operator.announce_none"
	OperatorAnnounceWhat    ID = "operator.announce_what"
)

// What people type, not what the bot says: words with commas between them (typed.go).
const (
	TypedMute     ID = "typed.mute"
	TypedMore     ID = "typed.more"
	TypedLess     ID = "typed.less"
	TypedWhy      ID = "typed.why"
	TypedOpen     ID = "typed.open"
	TypedWhoElse  ID = "typed.who_else"
	TypedFollow   ID = "typed.follow"
	TypedBrief    ID = "typed.brief"
	TypedStandard ID = "typed.standard"
	TypedFull     ID = "typed.full"
	TypedZone     ID = "typed.zone"
	TypedLength   ID = "typed.length"
	TypedNews     ID = "typed.news"
	TypedLanguage ID = "typed.language"
	TypedQuiet    ID = "typed.quiet"
	TypedPause    ID = "typed.pause"
	TypedResume   ID = "typed.resume"
	TypedList     ID = "typed.list"
	TypedExport   ID = "typed.export"
	TypedAdd      ID = "typed.add"
	TypedRemove   ID = "typed.remove"
	TypedAll      ID = "typed.all"
	TypedNone     ID = "typed.none"
	TypedStory    ID = "typed.story"
	TypedTo       ID = "typed.to"
	TypedFor      ID = "typed.for"
	TypedOne      ID = "typed.one"
	TypedDays     ID = "typed.days"
	TypedWeeks    ID = "typed.weeks"
	TypedMonths   ID = "typed.months"
)

// What to type after a slash, for help, where an example has words.
const (
	SampleDigest    ID = "sample.digest"
	SampleSubscribe ID = "sample.subscribe"
	SampleTopics    ID = "sample.topics"
	SampleSearch    ID = "sample.search"
	SampleMute      ID = "sample.mute"
	SampleSettings  ID = "sample.settings"
	SampleFeedback  ID = "sample.feedback"
)
