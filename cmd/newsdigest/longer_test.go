package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"testing"

	"newsdigest/bot"
	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/bot/console"
	"newsdigest/bot/discord"
	"newsdigest/bot/telegram"
	"newsdigest/digest"
)

// talkative is a conversation that sees most of what the bot has to show.
const talkative = `/help
/settings
/settings length
/settings language
/settings languages
/settings time zone Springfield
/topics
/topics +tech -sport
/sources
/sources add
/sources remove
/mute football
/mute
/follow
/follow 1
/why 1
/search cod
/feedback
/privacy
/subscribe
/subscribe every Blursday
/subscribe daily at 8
/subscribe weekdays 7:30
/subscriptions
/unsubscribe
/article
http://harbour.example/cod-quota
hello
/clock +19h
`

// TestLongerLanguage: in a language whose texts are two fifths longer than the English
// ones, everything that a conversation shows is within the limits of every platform.
func TestLongerLanguage(t *testing.T) {
	d, err := fakediscord.Start(fakediscord.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	fake := faketelegram.New(t, faketelegram.Options{})
	fake.AddChat(faketelegram.Chat{ID: 1, Type: "private"})
	tg, err := telegram.New(telegram.Options{Token: fake.Token(), URL: fake.URL(), Commands: bot.Commands})
	if err != nil {
		t.Fatal(err)
	}
	posts := postsOf(t, talkative)
	for _, p := range posts {
		lengthen(&p)
		sendTelegram(t, tg, p)
		checkDiscord(t, d, discord.Preview(p))
		for line := range strings.Lines(console.Style{Width: 80}.Render(p)) {
			if line = strings.TrimSuffix(line, "\n"); len([]rune(line)) > 80 && len(strings.Fields(line)) > 2 {
				t.Errorf("a line of %d columns: %s", len([]rune(line)), line)
			}
		}
	}
	if len(posts) < strings.Count(talkative, "\n") {
		t.Errorf("only %d posts", len(posts))
	}
}

// postsOf are the posts that a trial shows.
func postsOf(t *testing.T, script string) []digest.Post {
	t.Helper()
	t.Setenv("TZ", "Europe/Berlin")
	var out bytes.Buffer
	p := &program{in: strings.NewReader(script), out: &out, errs: io.Discard}
	if code := p.run(t.Context(), []string{"try", "--json"}); code != exitDone {
		t.Fatalf("exit code %d", code)
	}
	var posts []digest.Post
	for d := json.NewDecoder(&out); d.More(); {
		var m struct{ Post *digest.Post }
		if err := d.Decode(&m); err != nil {
			t.Fatal(err)
		}
		if m.Post != nil {
			posts = append(posts, *m.Post)
		}
	}
	return posts
}

// lengthen makes the bot's own words of a post longer; those of publishers stay.
func lengthen(p *digest.Post) {
	longer := func(s *string) {
		n := len([]rune(*s))
		*s += strings.Repeat("é", (2*n+4)/5)
	}
	for _, lines := range [][]digest.Line{{p.Title}, p.Lead, p.Lines, p.End} {
		for _, l := range lines {
			for i := range l {
				longer(&l[i].Text)
			}
		}
	}
	for i, r := range p.Rows {
		for j := range r.Line {
			longer(&r.Line[j].Text)
		}
		longer(&p.Rows[i].Button.Label)
	}
	for i := range p.Menus {
		longer(&p.Menus[i].Placeholder)
		for j := range p.Menus[i].Options {
			longer(&p.Menus[i].Options[j].Label)
		}
	}
	for _, row := range p.Buttons {
		for i := range row {
			longer(&row[i].Label)
		}
	}
	longer(&p.Note)
	longer(&p.Preview)
}

// sendTelegram sends a post to a Telegram that refuses what the real one does.
func sendTelegram(t *testing.T, tg *telegram.Telegram, p digest.Post) {
	t.Helper()
	for i, page := range tg.Pages(p) {
		_, err := tg.Send(t.Context(), digest.Address{Platform: digest.Telegram, Channel: "1"}, page, digest.Attempt{Key: strconv.Itoa(i)})
		if err != nil {
			t.Errorf("%v: %s", err, page.Variants[0].Payload)
		}
	}
}

// checkDiscord holds every message of a preview against what Discord takes.
func checkDiscord(t *testing.T, d *fakediscord.Server, preview string) {
	t.Helper()
	for rest := preview; ; {
		i := strings.Index(rest, "{")
		if i < 0 {
			return
		}
		reader := json.NewDecoder(strings.NewReader(rest[i:]))
		var message json.RawMessage
		if err := reader.Decode(&message); err != nil {
			t.Fatalf("%v in\n%s", err, preview)
		}
		for _, problem := range d.Problems(message) {
			t.Errorf("%s in\n%s", problem, message)
		}
		rest = rest[i+int(reader.InputOffset()):]
	}
}
