package bot

import (
	"fmt"
	"strings"
	"testing"

	"newsdigest/digest"
	"newsdigest/store"
)

// What stands under a digest and under a story's card.
const (
	underDigest = "Get this every day | Show 2 more | Follow a story | Settings | Useful | Not useful"
	underCard   = "Follow | Mute topic | Wrong? | More like this | Less like this | Why?"
)

// digestOf gives somebody a digest.
func (w *world) digestOf(t *testing.T, r Request) Reply {
	t.Helper()
	d := w.last(t, typed(r, "digest"))
	if d.Post == nil || len(d.Post.Stories) < 2 {
		t.Fatalf("no digest: %q", words(d))
	}
	return d
}

// replying is what somebody types in reply to a message.
func replying(r Request, to Reply, words string) Request {
	r = text(r, words)
	for _, row := range to.Post.Buttons {
		for _, b := range row {
			r.Under = append(r.Under, b.Action)
		}
	}
	return r
}

// keptChat is what is kept about somebody.
func (w *world) keptChat(t *testing.T, r Request) digest.Chat {
	t.Helper()
	c, _, err := w.desk.Chat(t.Context(), r.Chat)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// numbered is the menu of a digest's stories.
func numbered(d Reply, more ...string) string {
	var out []string
	for _, s := range d.Post.Stories {
		out = append(out, fmt.Sprintf("%d. %s", s.Number, quote(s.Headline)))
	}
	return strings.Join(append(out, more...), " | ")
}

// stories: a story is named by its number, or by words of its headline, in commands, in
// replies and in menus.
func (w *world) stories(t *testing.T) {
	hal := private("31")
	w.converse(t, []exchange{
		{say: typed(hal, "why 1"), want: "You have had no digest yet", buttons: "Show me today’s digest"},
		{say: typed(hal, "follow"), want: "You have had no digest yet", buttons: "Show me today’s digest"},
		{say: hal, press: "Show me today’s digest", want: "Midday digest · Sun 22 Nov\n5 stories · ", buttons: underDigest},
	})
	d := w.digestOf(t, hal)
	one, two := d.Post.Stories[0].Headline, d.Post.Stories[1].Headline
	third := quote(d.Post.Stories[2].Headline)
	all := menu(w.last(t, typed(hal, "why")))
	if !strings.HasPrefix(all, numbered(d)) {
		t.Errorf("menu %q", all)
	}
	w.converse(t, []exchange{
		{say: typed(hal, "why 2"), want: "2. " + two + "\nNumber 2 of 7 stories. What decided that, the weightiest first:\n• "},
		{say: typed(hal, "why "+strings.ToUpper(one[:12])), want: "1. " + one},
		{say: typed(hal, "why 99"), want: "There is no story 99 in your last digest. Give a number from 1 to 7."},
		{say: typed(hal, "why zebras"), want: "There is no story zebras in your last digest."},
		{say: typed(hal, "why"), want: "Which story?", menu: all},
		{say: hal, choose: "3. " + third, want: "3. " + d.Post.Stories[2].Headline},
		{say: typed(hal, "follow"), want: "Which story?", menu: all},
		{say: hal, choose: "3. " + third, want: "I will tell you when “" + third + "” changes: silently, at most 3 times a day", buttons: "Stop following"},
		{say: typed(hal, "follow #3"), want: "You follow that story already. Nothing changed."},
		{say: typed(hal, "unsubscribe"), want: "I no longer tell you of “" + third, buttons: "Undo"},
		{say: hal, press: "Undo", want: "I will tell you when “", buttons: "Stop following"},
		{say: hal, press: "Stop following", want: "I no longer tell you of “", buttons: "Undo"},
		{say: text(hal, "1 full"), want: one, buttons: underCard},
		{say: hal, press: "Follow", want: "I will tell you when “", buttons: "Stop following"},
		{say: text(hal, "full 1"), want: one, buttons: strings.Replace(underCard, "Follow", "Stop following", 1)},
		{say: hal, press: "Why?", want: "1. " + one},
		{say: text(hal, "who else 2"), want: two + "\n3 sources:\nAtlas Wire · "},
		{say: text(hal, "why"), want: "Send me a link to summarize it", buttons: "Digest now | Subscribe | Help"},
		{say: text(hal, "1 why 2"), want: "Send me a link", buttons: "Digest now | Subscribe | Help"},
		{say: replying(hal, d, "Why?"), want: "Which story?", menu: all},
		{say: replying(hal, d, "2 why"), want: "2. " + two},
		{say: replying(hal, d, "follow 2."), want: "I will tell you when “", buttons: "Stop following"},
		{say: typed(hal, "unsubscribe"), want: "Which one should I stop?\n1. The story “" + quote(one) + "”, since Sun 22 Nov.\n2. The story “", buttons: "Stop 1 | Stop 2"},
		{say: press(hal, "why:nosuch:1"), want: "This button belongs to an older digest.", buttons: "Today’s digest"},
		{say: press(hal, "card:s:nosuch"), want: "I no longer have that story."},
	})
	if got := w.last(t, press(hal, button(t, d, "Follow a story"))); menu(got) != all {
		t.Errorf("Follow a story offers %q", menu(got))
	}
	w.cards(t, hal, d)
}

// cards: the story card has all sources and seventy words at most.
func (w *world) cards(t *testing.T, r Request, d Reply) {
	for _, s := range d.Post.Stories {
		card := w.last(t, text(r, fmt.Sprint("full ", s.Number)))
		lines := words(card)
		if n := digest.Words(lines[1]); n > cardWords+30 || n == 0 {
			t.Errorf("%q has %d words", lines[1], n)
		}
		for _, l := range s.Links {
			if !strings.Contains(strings.Join(lines, "\n"), "\n"+l.Name) {
				t.Errorf("card %q lacks %s", lines, l.Name)
			}
		}
	}
}

// readers: whoever sees a digest on Discord reads on for themselves; a Telegram group
// leads into the private chat, and nobody does there what only those may who run it.
func (w *world) readers(t *testing.T) {
	member, jil := group("6"), private("33")
	d := w.digestOf(t, member)
	link := d.Post.Buttons[0][0]
	if labels(d) != "Read more in private" || !strings.HasPrefix(link.Start, "d_") {
		t.Fatalf("in a group: %+v", d.Post.Buttons)
	}
	edition := w.keptChat(t, member).LastEdition
	kept, err := store.Open(t.Context(), w.engine)
	if err != nil {
		t.Fatal(err)
	}
	story, err := kept.Publish(t.Context(), store.PublicStory, string(d.Post.Stories[1].Story), now)
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range []string{"useful:", "useless:", "follow:", "hide:", "like:", "card:", "more:"} {
		got := words(w.last(t, press(jil, action+string(edition)+":1")))[0]
		if got != "This button belongs to an older digest." {
			t.Errorf("%s of another chat: %q", action, got)
		}
	}
	w.converse(t, []exchange{
		{say: typed(jil, "start d_nosuch"), want: "Hello. I read news feeds", buttons: "Show me today’s digest | Set up a daily one"},
		{say: typed(jil, "start s_nosuch"), want: "Hello. I read news feeds", buttons: "Show me today’s digest | Set up a daily one"},
		{say: typed(jil, "start something"), want: "Hello. I read news feeds", buttons: "Show me today’s digest | Set up a daily one"},
		{say: typed(jil, "start s_"+story), want: d.Post.Stories[1].Headline + "\n", buttons: underCard},
		{say: jil, press: "Follow", want: "I will tell you when “", buttons: "Stop following"},
		{say: typed(jil, "start s_"+story), want: d.Post.Stories[1].Headline + "\n", buttons: strings.Replace(underCard, "Follow", "Stop following", 1)},
		{say: jil, press: "Why?", want: d.Post.Stories[1].Headline + "\n• "},
		{say: typed(jil, "start "+link.Start), want: "Midday digest · Sun 22 Nov\n5 stories", buttons: underDigest},
		{say: jil, press: "Show 2 more", want: "Midday digest · Sun 22 Nov\nPage 2 of 2 · 2 stories",
			buttons: "‹ Back to the top 5 | Follow a story | Settings | Useful | Not useful"},
		{say: typed(jil, "why 1"), want: "1. " + d.Post.Stories[0].Headline},
		{say: typed(member, "start "+link.Start), want: "I can post a digest here."},
		{say: typed(member, "why 1"), want: "1. " + d.Post.Stories[0].Headline},
		{say: typed(member, "follow 1"), want: admins, buttons: openPrivate},
		{say: typed(member, "mute football"), want: admins, buttons: openPrivate},
		{say: press(member, "useful:"+string(edition)), want: admins, buttons: openPrivate},
		{say: press(member, "dislike:"+string(edition)+":1"), want: admins, buttons: openPrivate},
		{say: press(member, "learned:"), want: admins, buttons: openPrivate},
		{say: press(member, "card:"+string(edition)+":1"), want: d.Post.Stories[0].Headline},
		{say: typed(group("boss"), "follow 1"), want: "Harbor club is told when “", buttons: "Stop following"},
		{say: group("boss"), press: "Stop following", want: "I no longer tell you of “", buttons: "Undo"},
		{say: member, press: "Undo", want: admins, buttons: openPrivate},
		{say: text(member, "mute 1"), want: "-"},
	})
	if c := w.keptChat(t, member); len(c.Leanings)+len(c.Mutes) > 0 {
		t.Errorf("a member taught the group: %+v %+v", c.Leanings, c.Mutes)
	}
	w.onDiscord(t)
}

// onDiscord: the menu under a post answers whoever uses it, about their own chat.
func (w *world) onDiscord(t *testing.T) {
	channel := channelOf("boss", "#digest")
	e, err := w.desk.Digest(t.Context(), mustMeet(t, w, channel), "x", "", "", now)
	if err != nil {
		t.Fatal(err)
	}
	post := Editor{}.Post(e, 1, channel.Chat)
	d, ken := Reply{Post: &post}, server("35")
	w.note(t, d)
	if labels(d) != "Show 2 more | Follow a story | Useful | Not useful" || menu(d) != numbered(d) {
		t.Fatalf("%s\n%s", labels(d), menu(d))
	}
	one := post.Stories[0].Headline
	card := w.last(t, choose(t, ken, d, "1. "+quote(one)))
	if labels(card) != underCard || card.Public || card.Edit || words(card)[0] != one {
		t.Errorf("card %q, %q, edit %v", words(card), labels(card), card.Edit)
	}
	followed := w.last(t, press(ken, button(t, card, "Follow")))
	w.last(t, press(ken, button(t, d, "Useful")))
	if c := w.keptChat(t, ken); len(c.Followed) != 1 || len(c.Leanings) == 0 || labels(followed) != "Stop following" {
		t.Errorf("%q: follows %+v, leans %+v", words(followed), c.Followed, c.Leanings)
	}
	if c := w.keptChat(t, channel); len(c.Followed)+len(c.Leanings) > 0 {
		t.Errorf("the channel follows %+v, leans %+v", c.Followed, c.Leanings)
	}
	if more := w.last(t, press(ken, button(t, d, "Show 2 more"))); more.Edit || more.Public || more.Post.Stories[0].Number != 6 {
		t.Errorf("the channel's page is turned for all: %+v", more)
	}
	own := w.digestOf(t, Request{Platform: digest.Discord, User: "35", Chat: ken.Chat, Private: true,
		Place: digest.Address{Platform: digest.Discord, User: "35", Channel: "dm"}, Language: "de"})
	if labels(own) != "Get this every day | Show 2 more | Follow a story | Useful | Not useful" || menu(own) != numbered(own) {
		t.Errorf("in private: %q", labels(own))
	}
}

func mustMeet(t *testing.T, w *world, r Request) digest.Chat {
	t.Helper()
	c, err := w.desk.Meet(t.Context(), r.Chat, "en", "en", now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// explanations: every kind of reason has its words.
func (w *world) explanations(t *testing.T) {
	st := digest.EditionStory{Headline: "H", Members: make([]digest.Member, 2), Reasons: []digest.Reason{
		{Kind: digest.ByVoices, Count: 1, Share: 1}, {Kind: digest.ByFreshness, Share: -.1}, {Kind: digest.ByVelocity, Count: 3, Share: .1},
		{Kind: digest.ByUpdate}, {Kind: digest.ByOwnSource, What: "Harbour\nTimes", Share: .5}, {Kind: digest.ByTopic, What: "science", Share: .5},
		{Kind: digest.ByTaste, What: "sport", Share: .2}, {Kind: digest.ByTaste, What: "cod", Share: -.2}, {Kind: digest.ByVariety, What: "storm", Share: -.5},
		{Kind: digest.ByWords, What: "cod, quota"}, {Kind: digest.ByCopies, Count: 1}}}
	c := &conversation{b: w.Bot, lang: "en", now: now}
	r, err := c.whyOf(t.Context(), told{EditionStory: st})
	if err != nil {
		t.Fatal(err)
	}
	w.note(t, r)
	want := `H
• 1 outlet tells it in its own words
• its newest article was less than an hour old
• 3 articles came in the last hours
• there is news since you were shown it
• Harbour Times is a source that you added
• you chose the topic Science
• you asked for more of: Sport
• you asked for less of: cod. That moved it down
• a story above it is about storm too. That moved it down
Its articles were put together because they share: cod, quota.
1 of its articles repeats the text of another, so it does not count as a voice of its own.`
	if got := strings.Join(words(r), "\n"); got != want {
		t.Errorf("%s", got)
	}
	r, err = c.whyOf(t.Context(), told{EditionStory: digest.EditionStory{Headline: "H", Members: make([]digest.Member, 1)}})
	if w.note(t, r); err != nil || words(r)[1] != "Only one article tells it, so nothing was put together." {
		t.Errorf("%q, %v", words(r), err)
	}
}

// endings: how many stories were left out, and what an empty digest offers instead.
func (w *world) endings(t *testing.T) {
	e := edition(2)
	e.Left = 3
	e.Stories[0].Picture, e.Stories[0].Detail = "https://atlas.example/cod.jpg", []digest.Sentence{{Article: "a", Text: strings.Repeat("More of it. ", 300)}}
	p := Editor{}.Post(e, 1, private("1").Chat)
	w.note(t, Reply{Post: &p})
	if got := p.End[1].String(); got != "3 more stories were left out to keep this short." {
		t.Errorf("%q", got)
	}
	long := edition(2 * digest.PageStories)
	long.Left = 3
	for page, want := range map[int]int{1: 1, 2: 2} {
		if p := (Editor{}).Post(long, page, private("1").Chat); len(p.End) != want {
			t.Errorf("page %d ends with %q: what is left out comes after the last page", page, p.End)
		}
	}
	if p.Picture != e.Stories[0].Picture || len(p.Stories[0].Detail) != 1 || !strings.Contains(p.Lines[0].String(), "1 min read") {
		t.Errorf("picture %q, %d details, %q", p.Picture, len(p.Stories[0].Detail), p.Lines[0])
	}
	empty := edition(0)
	p = Editor{}.Post(empty, 1, private("1").Chat)
	if w.note(t, Reply{Post: &p}); labels(Reply{Post: &p}) != "Show top stories instead" {
		t.Errorf("nothing new: %q", labels(Reply{Post: &p}))
	}
	w.quietDays(t)
	oli := private("41")
	w.last(t, typed(oli, "topics none"))
	if got := w.last(t, press(oli, "top:")); len(got.Post.Stories) != digest.PageStories {
		t.Errorf("top stories: %q", words(got))
	}
}

// quietDays: where nothing was posted because nothing was new, the list of digests says so.
func (w *world) quietDays(t *testing.T) {
	for _, r := range []Request{channelOf("boss", "#quiet"), private("45")} {
		want := !r.Chat.Private()
		w.last(t, options(r, "subscribe", "when", "daily at 8 Berlin"))
		_, err := w.desk.Change(t.Context(), w.keptChat(t, r).ID, func(c *digest.Chat) error {
			c.QuietDays, c.QuietDay = 1, "2026-11-22"
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(words(w.last(t, options(r, "subscriptions"))), "\n")
		if strings.HasSuffix(got, "\nSun 22 Nov: nothing new.") != want {
			t.Errorf("quiet in %v: %q", r.Chat, got)
		}
	}
}
