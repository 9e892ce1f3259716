package bot

import (
	"fmt"
	"strings"

	"newsdigest/digest"
)

var dan, eve, fay, gus, ivy, jon = private("21"), private("22"), private("23"), private("24"), private("25"), private("26")

// changes are the conversations about what a chat gets and how.
var changes = []talk{
	{"a subscription in detail", []exchange{
		{say: typed(dan, "subscribe"), want: "What should it cover?",
			menu: "Top stories | World | Politics | Business | Technology | Science | Culture | Health | Sport"},
		{say: dan, choose: "Science", want: "When?", buttons: times + " | Other…"},
		{say: dan, press: "Weekdays 7:30", want: "What city are you in?", buttons: "Berlin, 14:05 now | Other city"},
		{say: dan, press: "Berlin, 14:05 now", want: "Monday to Friday at 07:30 (Berlin), about Science. First one: tomorrow", buttons: after},
		{say: dan, press: "Length", want: "How much of each story?", buttons: "Back",
			menu: "Brief: headlines only | Standard: two sentences | Full: up to four sentences | *As in the settings"},
		{say: dan, choose: "Brief: headlines only", want: "1. Monday to Friday at 07:30 (Berlin), about Science. Next one: tomorrow, Mon 23 Nov.\nLength: Brief: headlines only\nIf it is not known whether a page arrived, it is sent once more", buttons: detail},
		{say: dan, press: "Length", want: "How much", buttons: "Back"},
		{say: dan, choose: "As in the settings", want: "1. Monday", buttons: detail},
		{say: dan, press: "Topic", want: "What should it cover?", buttons: "Back"},
		{say: dan, choose: "Top stories", want: "1. Monday to Friday at 07:30 (Berlin). Next one: tomorrow", buttons: detail},
		{say: dan, press: "Never send a page twice", want: "1. Monday to Friday at 07:30 (Berlin). Next one: tomorrow, Mon 23 Nov.\nLength: As in the settings\nIf it is not known whether a page arrived, it is not sent again",
			buttons: "Time | Topic | Length | Pause 7 days | Stop | Send a doubtful page again | Back"},
		{say: dan, press: "Pause 7 days", want: "1. Monday to Friday at 07:30 (Berlin). Paused until Sun 29 Nov.",
			buttons: "Time | Topic | Length | Resume | Stop | Send a doubtful page again | Back"},
		{say: dan, press: "Back", want: "1. Monday to Friday at 07:30 (Berlin). Paused until Sun 29 Nov.", buttons: "1 ▸"},
		{say: dan, press: "1 ▸", want: "1. Monday", buttons: "Time | Topic | Length | Resume | Stop | Send a doubtful page again | Back"},
		{say: dan, press: "Resume", want: "1. Monday to Friday at 07:30 (Berlin). Next one: tomorrow",
			buttons: "Time | Topic | Length | Pause 7 days | Stop | Send a doubtful page again | Back"},
		{say: dan, press: "Time", want: "When?", buttons: times + " | Other… | Back"},
		{say: dan, press: "Daily 8:00", want: "Every day at 08:00 (Berlin). First one: tomorrow", buttons: "Make it 07:30 | " + after},
		{say: press(dan, "subs:1:time"), want: "When?", buttons: times + " | Other… | Back"},
		{say: dan, press: "Other…", want: "When should it come?"},
		{say: text(dan, "never"), want: "I could not read “never”."},
		{say: text(dan, "evening in Atlantis"), want: "I do not know a place called “Atlantis”"},
		{say: text(dan, "evening in Tokyo"), want: "Every day at 18:00 (Tokyo). First one: tomorrow, Mon 23 Nov.", buttons: "Make it 08:00 | " + after},
		{say: press(dan, "subs:1:stop"), want: "Stopped: every day at 18:00 (Tokyo).", buttons: "Undo"},
		{say: press(dan, "subs:1:pause"), want: "That is undone already."},
		{say: press(dan, "subs:9:pause"), want: "This button belongs to an older message."},
		{say: press(dan, "subs:x"), want: "This button belongs to an older message."},
	}},
	{"too many digests", []exchange{
		{say: typed(eve, "subscribe 6:00 and 7:00 and 8:00 Berlin"), want: "Three times a day, 06:00, 07:00 and 08:00 (Berlin).", buttons: after},
		{say: typed(eve, "subscribe 9:00 Berlin sport"), want: "Every day at 09:00 (Berlin), about Sport.", buttons: "Make it 21:00 | " + after},
		{say: typed(eve, "subscribe 10 Berlin"), want: "I send at most 4 digests a day per chat. Which times should I keep?", buttons: "Stop 1 | Stop 2"},
		{say: eve, press: "Stop 2", want: "Every day at 10:00 (Berlin). First one:", buttons: "Make it 22:00 | " + after},
		{say: press(eve, "swap:1"), want: "This button belongs to an older message."},
		{say: press(eve, "swap:x"), want: "This button belongs to an older message."},
		{say: press(eve, "undo:stop:2"), want: "I send at most 4 digests a day per chat.", buttons: "Stop 1 | Stop 2"},
		{say: press(eve, "when:3:*@0700,0900"), want: "I send at most 4 digests a day per chat.", buttons: "Stop 1 | Stop 2"},
	}},
	{"the panel of settings", []exchange{
		{say: typed(fay, "settings"), want: "Your settings\nTime zone: not set, so UTC\nLanguage: English\nLanguages of the news: English\nLength: Standard: two sentences\nQuiet hours: none\nSources: ", buttons: panel},
		{say: fay, press: "Length", want: "How much of each story?", buttons: "Back", menu: "Brief: headlines only | *Standard: two sentences | Full: up to four sentences"},
		{say: fay, choose: "Full: up to four sentences", want: "Your settings\nTime zone: not set, so UTC\nLanguage: English\nLanguages of the news: English\nLength: Full", buttons: panel},
		{say: fay, press: "Language", want: "In which language should I write to you?", buttons: "Back"},
		{say: fay, choose: "English", want: "Your settings", buttons: panel},
		{say: fay, press: "Languages of the news", want: "In which languages should the news be?", buttons: "Back"},
		{say: fay, choose: "Deutsch", want: "Your settings\nTime zone: not set, so UTC\nLanguage: English\nLanguages of the news: English and German", buttons: panel},
		{say: fay, press: "Quiet hours", want: "Between what times should I make no sound?"},
		{say: text(fay, "sometimes"), want: "I could not read “sometimes”. Try: 22-7"},
		{say: text(fay, "22-7"), want: "Your settings\nTime zone: not set, so UTC\nLanguage: English\nLanguages of the news: English and German\nLength: Full: up to four sentences\nQuiet hours: 22:00–07:00", buttons: panel},
		{say: typed(fay, "settings quiet off"), want: "Your settings", buttons: panel},
		{say: typed(fay, "settings language klingon"), want: "I do not speak “klingon” yet."},
		{say: typed(fay, "settings language english"), want: "Your settings", buttons: panel},
		{say: fay, press: "Time zone", want: "What city are you in?"},
		{say: text(fay, "UTC+2"), want: "Set to UTC+02:00, 15:05 now. This will not follow summer time.", buttons: panel + " | Use a city"},
		{say: fay, press: "Use a city", want: "What city are you in?"},
		{say: text(fay, "India"), want: "Your clock is that of ", buttons: panel},
		{say: fay, press: "Sources", want: "You have no sources of your own", buttons: "Add | Remove | Export OPML"},
		{say: typed(fay, "subscribe daily at 8"), want: "Every day at 08:00 (", buttons: "Make it 20:00 | " + after},
		{say: press(fay, "settings:pause"), want: "Everything is paused.", buttons: resting},
		{say: typed(fay, "subscriptions"), want: "1. Every day at 08:00 (", buttons: "1 ▸ | Resume everything"},
		{say: fay, press: "Resume everything", want: "Everything goes on.", buttons: panel},
		{say: typed(fay, "settings pause"), want: "Everything is paused.", buttons: resting},
		{say: press(fay, "subs:1:resume"), want: "1. Every day at 08:00 (", buttons: detail},
		{say: typed(fay, "settings"), want: "Your settings", buttons: panel},
		{say: press(fay, "settings:"), want: "Your settings", buttons: panel},
		{say: press(fay, "settings:nonsense"), want: "This button belongs to an older message."},
		{say: options(channelOf("boss", "#news"), "settings"), want: "Settings of #news", buttons: "Pause everything | What I have learned"},
		{say: options(server("7"), "settings", "quiet_hours", "lunch"), want: "I could not read “lunch”."},
		{say: options(server("7"), "settings", "quiet_hours", "23-6", "language", "en", "news", "en"), want: "Your settings", buttons: panel},
	}},
	{"the panel of topics", []exchange{
		{say: typed(gus, "topics"), want: "Your digest covers all topics", buttons: "Done",
			menu: "*World | *Politics | *Business | *Technology | *Science | *Culture | *Health | *Sport"},
		{say: gus, choose: "Sport", want: "Your digest covers World, Politics, Business, Technology, Science, Culture and Health", buttons: "Done",
			menu: "*World | *Politics | *Business | *Technology | *Science | *Culture | *Health | Sport"},
		{say: gus, choose: "Sport", want: "Your digest covers all topics", buttons: "Done"},
		{say: gus, press: "Done", want: "Your digest covers all topics"},
		{say: chosen(server("24"), "topics:set", "world", "science"), want: "Your digest covers World and Science", buttons: "Done"},
		{say: chosen(server("24"), "topics:set"), want: "Your digest covers your own sources only.", buttons: "Done"},
		{say: chosen(server("24"), "topics:set", "gardening"), want: "This button belongs to an older message."},
		{say: press(gus, "topics:"), want: "Your digest covers all topics", buttons: "Done"},
		{say: press(gus, "topics:nonsense"), want: "This button belongs to an older message."},
	}},
	{"sources by button", []exchange{
		{say: typed(gus, "sources list"), want: "You have no sources of your own", buttons: "Add | Remove | Export OPML"},
		{say: gus, press: "Remove", want: "Which source should I remove?"},
		{say: gus, choose: "The Ledger", want: "Removed The Ledger.", buttons: "Undo"},
		{say: press(gus, "sources:"), want: "You have no sources of your own", buttons: "Add | Remove | Export OPML"},
		{say: gus, press: "Add", want: "Which site or feed?"},
		{say: text(gus, "http://ledger.example/"), want: "Added The Ledger.", buttons: "Undo"},
		{say: press(gus, "sources:export"), want: "Your 10 sources, for any other feed reader."},
		{say: typed(gus, "sources export"), want: "Your 10 sources, for any other feed reader."},
		{say: press(gus, "sources:nonsense"), want: "This button belongs to an older message."},
		{say: file(gus, "feeds.opml"), want: "feeds.opml has 2 feeds that are not among your sources.", buttons: "Import 2 feeds | Cancel"},
		{say: gus, press: "Import 2 feeds", want: "Imported 2 feeds. They are read within the next minutes."},
		{say: press(gus, "import:"), want: "This button belongs to an older message."},
		{say: typed(gus, "sources"), want: "You have 12 sources:", buttons: "Add | Remove | Export OPML"},
		{say: file(gus, "feeds.opml"), want: "feeds.opml has no feed that is not among your sources already."},
		{say: file(gus, "holiday.jpg"), want: "I can read .opml files"},
		{say: file(gus, "broken.opml"), want: "I can read .opml files"},
		{say: file(gus, "away.opml"), want: "I could not get that file. It may be larger than 2 MB."},
		{say: file(gus, "many.opml"), want: "many.opml has 120 feeds that are not among your sources.\nYou can have 100 sources of your own, so I can take only the first 98.", buttons: "Import 98 feeds | Cancel"},
		{say: gus, press: "Cancel", want: "Cancelled. Nothing changed."},
		{say: file(gus, "many.opml"), want: "many.opml has 120 feeds", buttons: "Import 98 feeds | Cancel"},
		{say: gus, press: "Import 98 feeds", want: "Imported 98 feeds."},
		{say: file(gus, "many.opml"), want: "You have 100 sources of your own already, the most there can be."},
		{say: press(gus, "sources:remove"), want: "Which source should I remove?", buttons: "Next 25"},
		{say: gus, press: "Next 25", want: "Which source should I remove?", buttons: "Next 25"},
	}},
	{"links", []exchange{
		{say: text(eve, "hello"), want: "Send me a link to summarize it", buttons: "Digest now | Subscribe | Help"},
		{say: eve, press: "Help", want: "I read news feeds"},
		{say: press(eve, "do:frobnicate"), want: "This button belongs to an older message."},
		{say: text(eve, "look: http://harbour.example/gone, isn’t it?"), want: "A page of harbour.example. What should I do with it?", buttons: "Summarize | Add as source"},
		{say: eve, press: "Summarize", want: "That page no longer exists (404)."},
		{say: text(eve, "http://ledger.example/ and http://harbour.example/"), want: "A page of ledger.example.", buttons: "Summarize | Add as source"},
		{say: eve, press: "Add as source", want: "The Ledger is already one of your sources."},
		{say: press(eve, linkAction("read", "http://elsewhere.example/")), want: "This button belongs to an older message."},
		{say: text(eve, "http://quiet.example/x"), want: "A page of quiet.example.", buttons: "Summarize | Add as source"},
		{say: quoting(typed(eve, "article"), "see http://harbour.example/gone"), want: "That page no longer exists (404)."},
		{say: quoting(typed(eve, "article"), "nothing here"), want: "There is no link in that message."},
		{say: quoting(options(server("22"), "article"), "see http://harbour.example/gone"), want: "That page no longer exists (404)."},
	}},
	{"a channel from private", []exchange{
		{say: typed(private("boss"), "subscribe daily at 8 to @harbor_news"), want: "What city are you in?", buttons: "Berlin, 14:05 now | Other city"},
		{say: private("boss"), press: "Berlin, 14:05 now", want: "Harbor News gets a digest every day at 08:00 (Berlin).", buttons: "Make it 20:00 | " + after},
		{say: typed(private("boss"), "subscribe 9:30 to @harbor_news"), want: "Harbor News gets a digest every day at 09:30 (Berlin).", buttons: "Make it 21:30 | " + after},
		{say: private("boss"), press: "Undo", want: "Stopped: every day at 09:30 (Berlin).", buttons: "Undo"},
		{say: typed(private("boss"), "topics sport in @harbor_news"), want: "Harbor News\nYour digest covers Sport", buttons: "Done"},
		{say: typed(private("boss"), "sources of @harbor_news"), want: "Harbor News\nYou have no sources of your own", buttons: "Add | Remove | Export OPML"},
		{say: typed(private("boss"), "topics all in @harbor_news"), want: "Harbor News\nYour digest covers all topics", buttons: "Done"},
		{say: typed(private("boss"), "subscriptions of @harbor_news"), want: "Harbor News\n1. Every day at 08:00 (Berlin).", buttons: "1 ▸"},
		{say: private("boss"), press: "1 ▸", want: "1. Every day at 08:00 (Berlin).", buttons: detail},
		{say: private("boss"), press: "Time", want: "When?", buttons: times + " | Other… | Back"},
		{say: private("boss"), press: "Other…", want: "When should it come?"},
		{say: text(private("boss"), "noon"), want: "Harbor News gets a digest every day at 12:00 (Berlin).", buttons: "Make it 08:00 | " + after},
		{say: typed(private("boss"), "settings quiet 22-7 of @harbor_news"), want: "Settings of Harbor News", buttons: "Pause everything | What I have learned"},
		{say: typed(private("boss"), "subscriptions"), want: "No digest is set up.", buttons: "Set up a daily one"},
		{say: typed(dan, "subscribe daily at 8 to @harbor_news"), want: "Only admins of @harbor_news can change its digest"},
		{say: typed(dan, "subscribe daily at 8 to @nowhere"), want: "Only admins of @nowhere can change its digest"},
		{say: typed(dan, "subscribe daily at 8 to @broken"), want: "Something went wrong on my side."},
		{say: press(dan, "subs:1:stop~"+string(digest.NewChatID(digest.Address{Platform: digest.Telegram, Channel: "-1001"}))), want: admins, buttons: openPrivate},
	}},
	{"a server is set up", []exchange{
		{say: press(server("7"), "setup:"), want: "You need Manage Server to change digests in this chat.", buttons: "Send it to me"},
		{say: server("7"), press: "Send it to me", want: "When?", buttons: times + " | Other…"},
		{say: press(server("boss"), "setup:"), want: "Where should the digest come, and when?", buttons: "Preview | Start"},
		{say: server("boss"), press: "Start", want: "Choose a time zone first", buttons: "Preview | Start"},
		{say: server("boss"), choose: "Tokyo, 22:05 now", want: "Where should", buttons: "Preview | Start"},
		{say: server("boss"), choose: "Every Monday at 09:00", want: "Where should", buttons: "Preview | Start"},
		{say: server("boss"), press: "Preview", want: "Digest · Sun 22 Nov"},
		{say: press(channelOf("boss", "#harbor"), "setup:channel:1@0900"), want: "Where should", buttons: "Preview | Start"},
		{say: channelOf("boss", "#harbor"), choose: "Berlin, 14:05 now", want: "Where should", buttons: "Preview | Start"},
		{say: server("boss"), press: "Start", want: "#harbor gets a digest every Monday at 09:00 (Berlin). First one: tomorrow", buttons: "Post one now | Undo"},
		{say: server("boss"), press: "Post one now", want: "It is on its way."},
		{say: press(server("boss"), "setup:nonsense"), want: "This button belongs to an older message."},
		{say: press(dan, "setup:"), want: "This button belongs to an older message."},
	}},
	{"what links to the private chat say there", []exchange{
		{say: typed(dan, "start privacy"), want: "I keep your settings", buttons: "Export my data | Delete my data | Policy"},
		{say: typed(dan, "start subscribe"), want: "When?", buttons: times + " | Other…"},
		{say: typed(dan, "start t_science"), want: "When?", buttons: times + " | Other…"},
		{say: typed(dan, "start t_gardening"), want: "Hello.", buttons: "Show me today’s digest | Set up a daily one"},
		{say: press(dan, "privacy:policy"), want: "I keep your id", buttons: "Back"},
		{say: press(dan, "privacy:erase"), want: "This deletes your settings", buttons: "Delete everything | Keep it"},
		{say: press(group("6"), "privacy:"), want: "Others read along here.", buttons: openPrivate},
	}},
	{"what is typed where a button was offered", []exchange{
		{say: typed(ivy, "subscribe tech"), want: "When?", buttons: times + " | Other…"},
		{say: text(ivy, "whenever"), want: "I could not read “whenever”.", buttons: times},
		{say: text(ivy, "daily at 9 Berlin"), want: "Every day at 09:00 (Berlin), about Technology.", buttons: "Make it 21:00 | " + after},
		{say: typed(ivy, "subscriptions 1"), want: "1. Every day at 09:00 (Berlin), about Technology. Next one:", buttons: detail},
		{say: ivy, press: "Time", want: "When?", buttons: times + " | Other… | Back"},
		{say: text(ivy, "weekdays 7"), want: "Monday to Friday at 07:00 (Berlin), about Technology.", buttons: "Make it 09:00 | " + after},
		{say: press(ivy, "subs:1:time"), want: "When?", buttons: times + " | Other… | Back"},
		{say: ivy, press: "Back", want: "1. Monday to Friday at 07:00", buttons: detail},
		{say: text(ivy, "hello"), want: "Send me a link to summarize it", buttons: "Digest now | Subscribe | Help"},
		{say: press(ivy, "subs:1:time"), want: "When?", buttons: times + " | Other… | Back"},
		{say: ivy, press: "Daily 8:00", want: "Every day at 08:00 (Berlin), about Technology.", buttons: "Make it 07:00 | " + after},
		{say: text(ivy, "hello"), want: "Send me a link to summarize it", buttons: "Digest now | Subscribe | Help"},
		{say: typed(ivy, "subscribe sport"), want: "When?", buttons: times + " | Other…"},
		{say: text(ivy, "why 1"), want: "You have had no digest yet", buttons: "Show me today’s digest"},
		{say: text(ivy, "see http://atlas.example/cod-quota"), want: "A page of atlas.example.", buttons: "Summarize | Add as source"},
		{say: typed(ivy, "subscriptions 2"), want: "There is no digest 2. Give a number from 1 to 1"},
		{say: typed(ivy, "subscriptions all"), want: "There is no digest all."},
	}},
	{"this one every day", []exchange{
		{say: typed(jon, "digest sport"), want: "Midday digest · Sun 22 Nov\n1 story", buttons: "Get this every day | Follow a story | Settings | Useful | Not useful"},
		{say: jon, press: "Get this every day", want: "When?", buttons: times + " | Other…"},
		{say: jon, press: "Daily 8:00", want: "What city are you in?", buttons: "Berlin, 14:05 now | Other city"},
		{say: text(jon, "Berlin"), want: "Every day at 08:00 (Berlin), about Sport.", buttons: after},
		{say: typed(jon, "subscribe sport daily at 8"), want: "You already get this one every day at 08:00 (Berlin), about Sport. Nothing changed.", buttons: "Change time"},
		{say: typed(jon, "subscribe sport daily at 8 brief"), want: "You already get this one", buttons: "Change time | Length"},
		{say: typed(jon, "stop 1"), want: "Stopped: every day at 08:00 (Berlin), about Sport.", buttons: "Undo"},
		{say: press(jon, "daily:nosuch"), want: "This button belongs to an older message."},
	}},
	{"a command instead of an answer", []exchange{
		{say: typed(ivy, "feedback"), want: "What is wrong, or what would be better?"},
		{say: typed(ivy, "help"), want: "I read news feeds"},
		{say: typed(ivy, "privacy"), want: "I keep your settings", buttons: "Export my data | Delete my data | Policy"},
		{say: text(ivy, "3"), want: "Send me a link to summarize it", buttons: "Digest now | Subscribe | Help"},
		{say: press(ivy, "ask:source"), want: "Which site or feed?"},
		{say: typed(ivy, "topics"), want: "Your digest covers all topics", buttons: "Done"},
		{say: text(ivy, "http://harbour.example/"), want: "A page of harbour.example. What should I do with it?", buttons: "Summarize | Add as source"},
		{say: press(ivy, "ask:source"), want: "Which site or feed?"},
		{say: typed(ivy, "help"), want: "I read news feeds"},
		{say: text(ivy, "http://127.0.0.1/"), want: "I can only open public web addresses"},
	}},
	{"languages", []exchange{
		{say: typed(ivy, "settings zone Berlin"), want: "Your clock is that of Berlin", buttons: panel},
		{say: typed(ivy, "settings language en-US"), want: "Your settings\nTime zone: Berlin, 2:05 PM now\nLanguage: English", buttons: panel},
		{say: typed(ivy, "settings language Deutsch"), want: "Deine Einstellungen\nZeitzone: Berlin, jetzt 14:05", buttons: "Alles anhalten | Datenschutz | Was ich gelernt habe"},
		{say: typed(ivy, "settings language 英语"), want: "Your settings\nTime zone: Berlin, 14:05 now", buttons: panel},
		{say: typed(ivy, "settings languages all"), want: "Your settings\nTime zone: Berlin, 14:05 now\nLanguage: English\nLanguages of the news: English, German and French", buttons: panel},
		{say: typed(ivy, "settings languages en"), want: "Your settings", buttons: panel},
	}},
	{"half a command", []exchange{
		{say: typed(ivy, "settings language"), want: "In which language should I write to you?", buttons: "Back"},
		{say: ivy, choose: "English", want: "Your settings", buttons: panel},
		{say: typed(ivy, "settings length"), want: "How much of each story?", buttons: "Back",
			menu: "Brief: headlines only | *Standard: two sentences | Full: up to four sentences"},
		{say: typed(ivy, "topics + tech - sport"), want: "Your digest covers World, Politics, Business, Technology, Science, Culture and Health, and", buttons: "Done"},
		{say: typed(ivy, "topics science and sport +"), want: "Your digest covers Science and Sport, and", buttons: "Done"},
		{say: typed(ivy, "topics +"), want: "Your digest covers Science and Sport, and", buttons: "Done"},
		{say: typed(ivy, "topics all"), want: "Your digest covers all topics", buttons: "Done"},
		{say: typed(ivy, "digest world sport"), want: "A digest covers one topic, or all that you choose with /topics."},
		{say: typed(ivy, "subscribe world sport daily at 8"), want: "A digest covers one topic, or all that you choose with /topics."},
		{say: typed(ivy, "subscribe world xyzzy"), want: "I could not read “xyzzy”.", buttons: times},
		{say: typed(ivy, "digest sport length: brief"), want: "Midday digest", buttons: "Follow a story | Settings | Useful | Not useful"},
		{say: typed(ivy, "mute 1"), want: "For how long should I hide stories about Sport?"},
		{say: typed(ivy, "mute 1 2 weeks"), want: "I hide stories about Sport until Sun 6 Dec.", buttons: "Undo"},
		{say: typed(ivy, "mute 9 a week"), want: "There is no story 9 in your last digest."},
	}},
}

const (
	detail  = "Time | Topic | Length | Pause 7 days | Stop | Never send a page twice | Back"
	panel   = "Pause everything | Privacy | What I have learned"
	resting = "Resume everything | Privacy | What I have learned"
)

// chosen is a choice in a menu where all that are chosen come.
func chosen(r Request, action string, values ...string) Request {
	r.Kind, r.Action, r.Values = Press, action, values
	return r
}

// file is a document that somebody sends.
func file(r Request, name string) Request {
	r.Kind, r.File = Text, &File{Name: name}
	return r
}

// quoting is a request that is about another message.
func quoting(r Request, words string) Request {
	r.Quoted = words
	return r
}

// sentFiles are the files that people send, by name.
func sentFiles() map[string]string {
	opml := func(site string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `<outline type="rss" text="Feed %d" xmlUrl="http://%s.example/%d.xml"/>`, i, site, i)
		}
		return `<opml version="2.0"><body>` + b.String() + `</body></opml>`
	}
	return map[string]string{"feeds.opml": opml("few", 2), "many.opml": opml("many", 120), "broken.opml": "<html>", "holiday.jpg": "x"}
}
