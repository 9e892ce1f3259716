package bot

import (
	"slices"
	"strings"
	"testing"

	"newsdigest/digest"
)

// exchange is something said to the bot and what it says to it. A press names the label of
// a button under the reply before, a choice the label of an option.
type exchange struct {
	say     Request
	press   string
	choose  string
	want    string // the beginning of the reply; "-" is silence
	buttons string
	menu    string // its options, chosen ones with a star; "" is not looked at
}

// talk is a conversation with a name.
type talk struct {
	name      string
	exchanges []exchange
}

func (w *world) converse(t *testing.T, exchanges []exchange) {
	t.Helper()
	var before Reply
	for _, e := range exchanges {
		if e.press != "" {
			e.say = press(e.say, button(t, before, e.press))
		}
		if e.choose != "" {
			e.say = choose(t, e.say, before, e.choose)
		}
		asked := e.say.Command + " " + e.say.Args + e.say.Text + e.say.Action + " " + e.choose
		got := w.do(t, e.say)
		if len(got) == 0 {
			t.Fatalf("%.80s: no answer at all", asked)
		}
		before = got[len(got)-1]
		all := strings.Join(words(before), "\n")
		if e.want == "-" {
			if all != "" {
				t.Errorf("%.80s: %q, want silence", asked, all)
			}
			continue
		}
		if !strings.HasPrefix(all, e.want) || e.want == "" {
			t.Errorf("%.80s:\n got %q\nwant %q", asked, all, e.want)
		}
		if labels(before) != e.buttons {
			t.Errorf("%.80s: buttons %q, want %q", asked, labels(before), e.buttons)
		}
		if e.menu != "" && menu(before) != e.menu {
			t.Errorf("%.80s: menu %q, want %q", asked, menu(before), e.menu)
		}
	}
}

const (
	openPrivate = "Open private chat"
	after       = "Topics | Length | Undo"
	times       = "Daily 8:00 | Weekdays 7:30 | Mondays 9:00"
	manage      = "You need Manage Server to change digests in #news. You can still get one just for you."
	admins      = "Only admins of this group can change its digest."
)

var (
	ann, bob, cat = private("1"), private("2"), private("3")
	long          = strings.Repeat("x", 1<<20)
)

// conversations are held one after the other in the same world.
var conversations = []talk{
	{"first contact", []exchange{
		{say: typed(ann, "start"), want: "Hello. I read news feeds", buttons: "Show me today’s digest | Set up a daily one"},
		{say: ann, press: "Set up a daily one", want: "When?", buttons: times + " | Other…"},
		{say: ann, press: "Other…", want: "When should it come?"},
		{say: text(ann, "every Blursday"), want: "I could not read “every Blursday”.", buttons: times},
		{say: text(ann, "daily at 8"), want: "What city are you in?", buttons: "Berlin, 14:05 now | Other city"},
		{say: text(ann, "Berlinn"), want: "I do not know a place called “Berlinn”. Did you mean Berlin?", buttons: "Berlin, 14:05 now"},
		{say: text(ann, "Berlin"), want: "Every day at 08:00 (Berlin). First one: tomorrow, Mon 23 Nov.", buttons: "Make it 20:00 | " + after},
		{say: typed(ann, "subscribe daily at 8"), want: "You already get this one every day at 08:00 (Berlin).", buttons: "Change time"},
		{say: typed(ann, "subscribe daily at 9"), want: "Every day at 09:00 (Berlin).", buttons: "Make it 21:00 | " + after},
		{say: ann, press: "Make it 21:00", want: "Every day at 21:00 (Berlin). First one: today, Sun 22 Nov.", buttons: "Make it 09:00 | " + after},
		{say: ann, press: "Undo", want: "Stopped: every day at 21:00 (Berlin).", buttons: "Undo"},
		{say: ann, press: "Undo", want: "Every day at 21:00 (Berlin).", buttons: after},
		{say: typed(ann, "subscriptions"), want: "1. Every day at 08:00 (Berlin). Next one: tomorrow, Mon 23 Nov.\n2. Every day at 21:00", buttons: "1 ▸ | 2 ▸"},
		{say: typed(ann, "unsubscribe"), want: "Which one should I stop?\n1. Every day", buttons: "Stop 1 | Stop 2"},
		{say: typed(ann, "unsubscribe 7"), want: "There is no digest 7. Give a number from 1 to 2"},
		{say: typed(ann, "stop #2"), want: "Stopped: every day at 21:00 (Berlin).", buttons: "Undo"},
		{say: typed(ann, "unsubscribe"), want: "Stopped: every day at 08:00 (Berlin).", buttons: "Undo"},
		{say: typed(ann, "unsubscribe"), want: "No digest is set up."},
		{say: typed(ann, "subscriptions"), want: "No digest is set up.", buttons: "Set up a daily one"},
		{say: typed(ann, "cancel"), want: "There is nothing to cancel."},
	}},
	{"what an interrupted order keeps", []exchange{
		{say: typed(bob, "subscribe tech full"), want: "When?", buttons: times + " | Other…"},
		{say: bob, press: "Other…", want: "When should it come?"},
		{say: text(bob, "weekdays 7:30"), want: "What city are you in?", buttons: "Berlin, 14:05 now | Other city"},
		{say: bob, press: "Other city", want: "What city are you in?"},
		{say: text(bob, "Tokyo"), want: "Monday to Friday at 07:30 (Tokyo), about Technology. First one: tomorrow", buttons: "Make it 19:30 | " + after},
		{say: typed(bob, "subscribe 10:15 Springfield sport"), want: "There are several places called Springfield.",
			buttons: "Massachusetts, 08:05 now | Missouri, 07:05 now | Oregon, 05:05 now"},
		{say: bob, press: "Missouri, 07:05 now", want: "Every day at 10:15 (Chicago), about Sport.", buttons: "Make it 22:15 | " + after},
		{say: typed(bob, "settings"), want: "Your settings\nTime zone: Tokyo, 22:05 now", buttons: panel},
		{say: typed(bob, "subscribe tomorrow at 8 in Lisbon"), want: "That would be once.", buttons: "Every day at 08:00 (Lisbon)"},
		{say: bob, press: "Every day at 08:00 (Lisbon)", want: "Every day at 08:00 (Lisbon).", buttons: after},
		{say: typed(bob, "subscribe 5 and 6 and 7 and 8"), want: "I send at most 4 digests a day per chat.", buttons: "Stop 1 | Stop 2 | Stop 3"},
		{say: typed(bob, "subscribe every 10 minutes"), want: "I send digests at set times, up to 4 a day."},
		{say: typed(bob, "subscribe monthly"), want: "I send digests at least once a week."},
		{say: typed(bob, "subscribe sat, sun 18:00"), want: "Every Saturday and Sunday at 18:00 (Tokyo).", buttons: after},
	}},
	{"settings", []exchange{
		{say: typed(cat, "settings"), want: settingsOf("not set, so UTC", "English", "Standard"), buttons: panel},
		{say: typed(cat, "settings length brief"), want: settingsOf("not set, so UTC", "English", "Brief"), buttons: panel},
		{say: typed(cat, "settings length tiny"), want: "There is no length “tiny”."},
		{say: typed(cat, "settings languages"), want: "Which languages?"},
		{say: typed(cat, "settings languages klingon"), want: "I have no starter sources in “klingon”."},
		{say: typed(cat, "settings languages Deutsch, en"), want: settingsOf("not set, so UTC", "German and English", "Brief"), buttons: panel},
		{say: typed(cat, "settings time zone"), want: "What city are you in?"},
		{say: typed(cat, "cancel"), want: "Cancelled. Nothing changed."},
		{say: typed(cat, "settings zone UTC+5:30"), want: "Set to UTC+05:30, 18:35 now. This will not follow summer time.", buttons: panel + " | Use a city"},
		{say: typed(cat, "settings time zone CST"), want: "“CST” means more than one clock."},
		{say: typed(cat, "settings time zone xyzzy"), want: "I do not know a place called “xyzzy”. Try a bigger city"},
		{say: text(cat, "Munich"), want: "Your clock is that of Munich, 14:05 now.", buttons: panel},
		{say: typed(cat, "settings colors"), want: "I can set your time zone, language, length and quiet hours."},
		{say: options(server("4"), "settings", "length", "full", "news", "de", "time_zone", "Oslo"), want: "Your clock is that of Oslo", buttons: panel},
		{say: options(server("4"), "settings"), want: settingsOf("Oslo, 14:05 now", "German", "Full"), buttons: panel},
		{say: options(server("4"), "settings", "length", "brief", "news", "xx"), want: "I have no starter sources in “xx”."},
	}},
	{"topics", []exchange{
		{say: typed(cat, "topics"), want: "Your digest covers all topics: World", buttons: "Done"},
		{say: typed(cat, "topics +tech, +spo"), want: "Your digest covers Technology and Sport, and your own sources.", buttons: "Done"},
		{say: typed(cat, "topics -sport +science"), want: "Your digest covers Technology and Science, and", buttons: "Done"},
		{say: typed(cat, "topics {{.Topic}}"), want: "I have no topic “{{.Topic}}”. There are World"},
		{say: typed(cat, "topics none"), want: "Your digest covers your own sources only.", buttons: "Done"},
		{say: typed(cat, "sources"), want: "You have no sources. Add one"},
		{say: typed(cat, "topics all"), want: "Your digest covers all topics", buttons: "Done"},
		{say: typed(cat, "digest gardening"), want: "I have no topic “gardening”."},
		{say: options(cat, "digest", "topic", "gardening"), want: "I have no topic “gardening”."},
	}},
	{"sources", []exchange{
		{say: typed(bob, "sources"), want: "You have no sources of your own, so I use the starter set of", buttons: "Add | Remove | Export OPML"},
		{say: typed(bob, "sources frobnicate"), want: "Send /sources for the list"},
		{say: typed(bob, "sources add"), want: "Which site or feed?"},
		{say: typed(bob, "sources add ftp://harbour.example/"), want: "I can only open public web addresses"},
		{say: typed(bob, "sources add http://127.0.0.1/feed"), want: "I can only open public web addresses"},
		{say: typed(bob, "sources remove"), want: "Which source should I remove?"},
		{say: typed(bob, "sources remove zebra"), want: "None of your sources is called “zebra”."},
		{say: typed(bob, "sources remove north"), want: "“north” could be Northport Post"},
		{say: typed(bob, "sources remove ledger"), want: "Removed The Ledger.", buttons: "Undo"},
		{say: bob, press: "Undo", want: "Added The Ledger.", buttons: "Undo"},
		{say: bob, press: "Undo", want: "Removed The Ledger.", buttons: "Undo"},
		{say: typed(bob, "sources add http://ledger.example/"), want: "Added The Ledger. Its latest headline: ", buttons: "Undo"},
		{say: typed(bob, "sources add http://ledger.example/"), want: "The Ledger is already one of your sources."},
		{say: typed(bob, "sources add http://northport.example/"), want: "northport.example has 3 feeds. Which one?",
			buttons: "Northport Post | Northport Post Sport | Northport Post Culture | Cancel"},
		{say: typed(bob, "sources add http://harbour.example/nothing"), want: "That page no longer exists (404)."},
		{say: press(bob, "undo:added:nosuchsource"), want: "That is not one of your sources."},
	}},
	{"articles and search", []exchange{
		{say: typed(ann, "article"), want: "Which article?"},
		{say: text(ann, "hello there"), want: "Send me a link to summarize it", buttons: "Digest now | Subscribe | Help"},
		{say: typed(ann, "article javascript:alert(1)"), want: "I can only open public web addresses"},
		{say: typed(ann, "article http://harbour.example/gone"), want: "That page no longer exists (404)."},
		{say: typed(ann, "search"), want: "What should I look for?"},
		{say: typed(ann, "search xylophone"), want: "No story from the last 30 days has “xylophone”."},
		{say: options(server("5"), "search", "query", "cod quota"), want: "1. "},
	}},
	{"hostile input", []exchange{
		{say: typed(ann, "subscribe "+long), want: "I could not read “xxx", buttons: times},
		{say: typed(ann, "settings time zone "+long), want: "I do not know a place called “xxx"},
		{say: typed(ann, "cancel"), want: "Cancelled."},
		{say: typed(ann, "unsubscribe\x00\u202e "+long), want: "I do not know /unsubscribe. Did you mean /unsubscribe?", buttons: "/unsubscribe"},
		{say: typed(ann, "topics "+long), want: "I have no topic “xxx"},
		{say: typed(ann, "search "+long), want: "No story from the last 30 days has “xxx"},
		{say: typed(ann, "sources remove "+long), want: "None of your sources is called “xxx"},
		{say: typed(ann, long), want: "I do not know /xxx"},
		{say: typed(ann, "degist"), want: "I do not know /degist. Did you mean /digest?", buttons: "/digest"},
		{say: typed(ann, "frobnicate"), want: "I do not know /frobnicate. Send /help"},
		{say: press(ann, "frobnicate:1"), want: "This button belongs to an older message."},
		{say: press(ann, "sub:*@0800:nosuchtopic:"), want: "This button belongs to an older message."},
		{say: press(ann, "sub:*@9999::"), want: "This button belongs to an older message."},
		{say: press(ann, "zone:Local"), want: "This button belongs to an older message."},
		{say: press(ann, "when:1:x"), want: "This button belongs to an older message."},
		{say: press(ann, "undo:everything"), want: "This button belongs to an older message."},
		{say: press(ann, "undo:sub:99"), want: "I no longer have that digest."},
		{say: press(ann, "ask:password"), want: "This button belongs to an older message."},
		{say: press(ann, "more:nosuch:1"), want: "This button belongs to an older digest.", buttons: "Today’s digest"},
		{say: form(ann, "nosuch", "x"), want: "This button belongs to an older message."},
	}},
	{"a group", []exchange{
		{say: Request{Platform: digest.Telegram, Kind: Joined, Chat: group("").Chat, Place: group("").Place}, want: "I can post a digest here."},
		{say: Request{Platform: digest.Telegram, Kind: Joined, Chat: group("").Chat, Place: group("").Place}, want: "-"},
		{say: typed(group("6"), "start"), want: "I can post a digest here."},
		{say: typed(group("6"), "frobnicate"), want: "-"},
		{say: text(group("6"), "hello"), want: "-"},
		{say: file(group("6"), "feeds.opml"), want: "-"},
		{say: typed(group("6"), "subscribe daily at 8"), want: admins, buttons: openPrivate},
		{say: typed(group("6"), "settings"), want: admins, buttons: openPrivate},
		{say: press(group("6"), "sub:*@0800::"), want: admins, buttons: openPrivate},
		{say: typed(group("boss"), "subscribe daily at 8"), want: "What city are you in?", buttons: "Berlin, 14:05 now | Other city"},
		{say: text(group("6"), "Berlin"), want: "-"},
		{say: press(group("6"), "zone:Europe/Berlin"), want: admins, buttons: openPrivate},
		{say: text(group("boss"), "Berlin"), want: "Harbor club gets a digest every day at 08:00 (Berlin).", buttons: "Make it 20:00 | " + after},
		{say: press(group("6"), "undo:sub:1"), want: admins, buttons: openPrivate},
		{say: press(group("6"), "undo:sub:1~"+string(digest.NewChatID(ann.Chat))), want: "This button belongs to an older message."},
		{say: press(group("boss"), "undo:sub:1~"+string(digest.NewChatID(ann.Chat))), want: "This button belongs to an older message."},
		{say: typed(group("broken"), "topics"), want: "Something went wrong on my side. I have noted it (ref "},
	}},
	{"a server", []exchange{
		{say: options(server("7"), "subscribe", "when", "daily at 8", "topic", "tech"), want: "What city are you in?", buttons: "Berlin, 14:05 now | Other city"},
		{say: form(server("7"), "zone", "Xyzzy"), want: "I do not know a place called “Xyzzy”.", buttons: "Other city"},
		{say: form(server("7"), "zone", "Berlin"), want: "Every day at 08:00 (Berlin), about Technology.", buttons: "Make it 20:00 | " + after},
		{say: options(channelOf("7", "#news"), "subscribe", "when", "daily at 8"), want: manage, buttons: "Send it to me"},
		{say: options(channelOf("7", "#news"), "topics"), want: manage, buttons: "Send it to me"},
		{say: options(channelOf("boss", "#news"), "subscribe", "when", "daily at 9", "topic", "sport"), want: "What city are you in?", buttons: "Berlin, 14:05 now | Other city"},
		{say: server("boss"), press: "Berlin, 14:05 now", want: "#news gets a digest every day at 09:00 (Berlin), about Sport.", buttons: "Make it 21:00 | " + after},
		{say: options(channelOf("boss", "#news"), "subscribe", "when", "daily at 10"), want: "#news gets a digest every day at 10:00 (Berlin).", buttons: "Make it 22:00 | " + after},
		{say: server("7"), press: "Undo", want: "You need Manage Server to change digests in #news.", buttons: "Send it to me"},
		{say: options(channelOf("boss", "#mute"), "subscribe", "when", "daily at 8:00 Berlin"),
			want: "I cannot post in #mute. I need View Channel and Send Messages there.", buttons: "Try again"},
		{say: Request{Platform: digest.Discord, Kind: Joined, Chat: channelOf("", "#x").Chat, Place: channelOf("", "#x").Chat},
			want: "I post news digests. To start one: /subscribe when: daily at 8 channel: #news.", buttons: "Set it up"},
		{say: Request{Platform: digest.Discord, Kind: Joined, Chat: channelOf("", "#x").Chat, Place: channelOf("", "#x").Chat}, want: "-"},
	}},
}

func TestConversations(t *testing.T) {
	w := newWorld(t, Access{})
	w.platform.files = sentFiles()
	w.readNews(t)
	for _, c := range slices.Concat(conversations, changes) {
		t.Run(c.name, func(t *testing.T) { w.converse(t, c.exchanges) })
	}
	t.Run("digests", w.digests)
	t.Run("notices", w.notices)
	t.Run("stories", w.stories)
	t.Run("readers", w.readers)
	t.Run("hidden", w.hidden)
	t.Run("taste", w.taste)
	t.Run("reports", w.reports)
	t.Run("explanations", w.explanations)
	t.Run("endings", w.endings)
	t.Run("odd links", w.oddLinks)
	t.Run("foreign server", w.foreignServer)
	t.Run("forms and choices", w.immediate)
}

// readNews reads the sample news before the first conversation.
func (w *world) readNews(t *testing.T) {
	t.Helper()
	got := w.do(t, typed(private("0"), "digest"))
	if len(got) != 2 || !strings.HasPrefix(strings.Join(words(got[0]), ""), "Reading 10 sources…") || !got[0].Working {
		t.Fatalf("%d replies, first %q", len(got), words(got[0]))
	}
}

// digests: pages, what is offered where, and the topic of a digest.
func (w *world) digests(t *testing.T) {
	one := w.last(t, typed(private("0"), "digest"))
	if labels(one) != underDigest || len(one.Post.Stories) != digest.PageStories {
		t.Fatalf("%q, %d stories", labels(one), len(one.Post.Stories))
	}
	two := w.last(t, press(private("0"), button(t, one, "Show 2 more")))
	if labels(two) != "‹ Back to the top 5 | Follow a story | Settings | Useful | Not useful" || !two.Edit || two.Post.Stories[0].Number != 6 {
		t.Errorf("page 2: %q, edit %v, %+v", labels(two), two.Edit, two.Post.Stories)
	}
	back := w.last(t, press(private("0"), button(t, two, "‹ Back to the top 5")))
	if back.Post.Stories[0].Headline != one.Post.Stories[0].Headline {
		t.Errorf("back leads to %q", back.Post.Stories[0].Headline)
	}
	if by := w.last(t, press(private("stranger"), button(t, one, "Show 2 more"))); words(by)[0] != "This button belongs to an older digest." {
		t.Errorf("somebody else's digest: %q", words(by))
	}
	if in := w.last(t, typed(group("6"), "digest")); labels(in) != "Read more in private" || !in.Public {
		t.Errorf("in a group: buttons %q, public %v", labels(in), in.Public)
	}
	if in := w.last(t, options(server("8"), "digest", "share", "true")); !in.Public {
		t.Error("share does not share")
	}
	if in := w.last(t, options(server("8"), "digest", "length", "brief", "topic", "sport")); in.Public || len(in.Post.Stories) == 0 || len(in.Post.Stories[0].Summary) > 0 {
		t.Errorf("brief sport: public %v, %+v", in.Public, in.Post.Stories)
	}
	help := w.last(t, typed(private("0"), "help"))
	if all := strings.Join(words(help), "\n"); !strings.Contains(all, "/sources add example.org – See, add and remove your sources") || !strings.Contains(all, "newsdigest 1.2.3") {
		t.Errorf("help: %s", all)
	}
	link := one.Post.Stories[1].Links[0].URL
	article := w.last(t, press(private("0"), button(t, w.last(t, text(private("0"), link)), "Summarize")))
	if len(article.Post.Title) == 0 || len(article.Post.Lines) < 2 {
		t.Errorf("article: %q", words(article))
	}
}

// foreignServer: a button for a channel does nothing in another server, nor in private.
func (w *world) foreignServer(t *testing.T) {
	made := w.last(t, options(channelOf("boss", "#mine"), "subscribe", "when", "8:00 Berlin"))
	undo := button(t, made, "Undo")
	elsewhere := server("boss")
	elsewhere.Server = "10"
	direct := server("boss")
	direct.Server, direct.Private, direct.Place = "", true, direct.Chat
	for _, r := range []Request{elsewhere, direct} {
		if got := words(w.last(t, press(r, undo))); got[0] != "This button belongs to an older message." {
			t.Errorf("server %q: %q", r.Server, got)
		}
	}
	if got := words(w.last(t, press(server("boss"), undo))); !strings.HasPrefix(got[0], "Stopped") {
		t.Errorf("at home: %q", got)
	}
}

// settingsOf is how the panel of settings begins.
func settingsOf(zone, news, length string) string {
	return "Your settings\nTime zone: " + zone + "\nLanguage: English\nLanguages of the news: " + news + "\nLength: " + length
}
