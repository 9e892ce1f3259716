package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/bot"
	"newsdigest/bot/bottest"
	"newsdigest/digest"
)

var post = digest.Post{
	Language: "en", Page: 1, Pages: 2,
	Lead:  []digest.Line{digest.Plain("Late: this digest was due at 06:00.")},
	Title: digest.Line{{Text: "Morning digest", Bold: true}, {Text: " · Sun 22 Nov"}},
	Lines: []digest.Line{digest.Plain("3 stories · 1 min read · 7 articles, 6 sources")},
	Stories: []digest.PostStory{
		{Number: 1, Headline: "Coastal states agree 10-year cod quota deal", Articles: 5,
			Summary: []string{"Nine governments will cut cod catches from January to let stocks recover, ending three years of talks.", "Boats under 12 meters are exempt."},
			Links: []digest.Link{{Name: "The Ledger", URL: "https://ledger.example/cod", Paywall: true}, {Name: "Atlas Wire", URL: "https://atlas.example/cod"},
				{Name: "Harbour Times", URL: "h"}, {Name: "Civic Daily", URL: "c"}, {Name: "Open Bench", URL: "o"}}},
		{Number: 2, Headline: "Memory chip halves energy use", Articles: 1, Links: []digest.Link{{Name: "Open Bench", URL: "https://openbench.example/chip"}}},
		{Number: 13, Headline: "東京で新しい図書館が開館し、市民が集まる。市長は開館式で、本と人をつなぐ場所にしたいと語った。", Articles: 1,
			Links: []digest.Link{{Name: "毎日", URL: "https://mainichi.example/1"}}},
	},
	End:  []digest.Line{{{Text: "That’s all. Next digest "}, {Text: "Mon 08:00 (Berlin)"}, {Text: "."}}},
	Note: "Summaries are automatic. Check the sources.",
}

var wide = `Late: this digest was due at 06:00.
Morning digest · Sun 22 Nov
3 stories · 1 min read · 7 articles, 6 sources

 1  Coastal states agree 10-year cod quota deal
    Nine governments will cut cod catches from January to let stocks recover,
    ending three years of talks. Boats under 12 meters are exempt.
    Atlas Wire   https://atlas.example/cod
    The Ledger (paywall), Harbour Times and 2 more: /story 1

 2  Memory chip halves energy use                                     one source
    Open Bench   https://openbench.example/chip

13  東京で新しい図書館が開館し、市民が集まる。市長は開館式で、本と人をつなぐ場所にしたいと語った。
                                                                      one source
    毎日   https://mainichi.example/1

That’s all. Next digest Mon 08:00 (Berlin).
/digest --page 2
Summaries are automatic. Check the sources.
`

var piped = `Late: this digest was due at 06:00.
Morning digest · Sun 22 Nov
3 stories · 1 min read · 7 articles, 6 sources

 1  Coastal states agree 10-year cod quota deal
    Nine governments will cut cod catches from January to let stocks recover, ending three years of talks. Boats under 12 meters are exempt.
    Atlas Wire   https://atlas.example/cod
    The Ledger (paywall), Harbour Times and 2 more

 2  Memory chip halves energy use (one source)
    Open Bench   https://openbench.example/chip

13  東京で新しい図書館が開館し、市民が集まる。市長は開館式で、本と人をつなぐ場所にしたいと語った。 (one source)
    毎日   https://mainichi.example/1

That’s all. Next digest Mon 08:00 (Berlin).
Summaries are automatic. Check the sources.
`

func TestRender(t *testing.T) {
	s := Style{Width: 80, Story: func(int) string { return "/story 1" }, More: func(int) string { return "/digest --page 2" }}
	if diff := cmp.Diff(wide, s.Render(post)); diff != "" {
		t.Errorf("80 columns (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(piped, Style{}.Render(post)); diff != "" {
		t.Errorf("piped (-want +got):\n%s", diff)
	}
	if strings.Contains(Style{}.Render(post), "\x1b") || !strings.Contains(Style{Color: true}.Render(post), "\x1b[1mMorning digest\x1b[0m") {
		t.Error("bold type where there is no color, or none where there is")
	}
}

// No line is wider than the window, unless it is one long word.
func TestWidth(t *testing.T) {
	for i := range 18 {
		for _, w := range []int{20, 40, 80} {
			for _, line := range strings.Split(Style{Width: w}.Render(bottest.Digest(i)), "\n") {
				words := strings.Fields(line)
				if len(words) > 2 && columns(line) > w && !strings.Contains(line, "://") && columns(words[0])+columns(words[1]) < w {
					t.Fatalf("digest %d, width %d: %d columns: %q", i, w, columns(line), line)
				}
			}
		}
	}
	for text, want := range map[string]int{"abc": 3, "東京": 4, "\x1b[1mab\x1b[0m": 2, "": 0, "ｆ": 2, "\u2068ab\u2069": 2} {
		if got := columns(text); got != want {
			t.Errorf("%q: %d columns, want %d", text, got, want)
		}
	}
	if Fit(200) != 80 || Fit(60) != 60 || Fit(0) != 0 {
		t.Error("Fit")
	}
}

// listener hands over what is typed and shows what the bot says to it.
type listener struct {
	got   []bot.Request
	reply func(bot.Request) bot.Reply
	c     *Console
}

func (l *listener) Accept(ctx context.Context, _ digest.Platform, rs []bot.Request, _ string) error {
	l.got = append(l.got, rs...)
	if l.reply == nil {
		return nil
	}
	return l.c.Answer(ctx, rs[0], l.reply(rs[0]))
}
func (l *listener) Cursor(context.Context, digest.Platform) (string, error) { return "", nil }
func (l *listener) Immediate(context.Context, bot.Request) bot.Reply        { return bot.Reply{} }

func talk(t *testing.T, in string, reply func(bot.Request) bot.Reply) ([]bot.Request, string) {
	t.Helper()
	return talkIn(t, Options{In: NewPiped(strings.NewReader(in)), Echo: true}, reply)
}

func talkIn(t *testing.T, o Options, reply func(bot.Request) bot.Reply) ([]bot.Request, string) {
	t.Helper()
	var out bytes.Buffer
	o.Out, o.Now, o.Zone, o.Settle = &out, time.Now, time.UTC, func() {}
	o.Local = map[string]Local{"clock": func(_ context.Context, args string) error { return errors.New("no such time: " + args) }}
	o.Renders = map[string]func(digest.Post) string{
		"telegram": func(p digest.Post) string { return "<b>" + p.Lines[0].String() + "</b>" },
		"discord":  func(p digest.Post) string { return "**" + p.Lines[0].String() + "**" },
	}
	c := New(o)
	l := &listener{c: c, reply: reply}
	if err := c.Listen(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	return l.got, out.String()
}

func TestListen(t *testing.T) {
	buttons := func(r bot.Request) bot.Reply {
		p := digest.Post{Language: "en", Lines: []digest.Line{digest.Plain("Hello.")}}
		if r.Command == "start" {
			p.Buttons = [][]digest.Button{{{Label: "One", Action: "a:1"}}, {{Label: "Two", Action: "b:2"}}}
		}
		return bot.Reply{Post: &p}
	}
	got, out := talk(t, "\n# a comment\n/start  now \n2\n1\n3\n0\nhello\n/clock +x\n/quit\n/never\n", buttons)
	want := []bot.Request{
		{Kind: bot.Command, Command: "start", Args: "now"}, {Kind: bot.Press, Action: "b:2"}, {Kind: bot.Press, Action: "a:1"},
		{Kind: bot.Text, Text: "3"}, {Kind: bot.Text, Text: "0"}, {Kind: bot.Text, Text: "hello"},
	}
	ids := map[string]bool{}
	if len(got) != len(want) {
		t.Fatalf("%d requests, want %d", len(got), len(want))
	}
	for i, r := range got {
		ids[r.ID] = true
		short := bot.Request{Kind: r.Kind, Command: r.Command, Args: r.Args, Action: r.Action, Text: r.Text}
		if diff := cmp.Diff(want[i], short); diff != "" || !r.Private || r.Chat != Address {
			t.Errorf("%d (-want +got):\n%s", i, diff)
		}
	}
	if len(ids) != len(got) {
		t.Error("an id came twice")
	}
	for _, s := range []string{"> /start  now", "Hello.\n[1] One  [2] Two\n", "No such time: +x"} {
		if !strings.Contains(out, s) {
			t.Errorf("no %q in %s", s, out)
		}
	}
}

// A line of any length is one line; the rest goes on after it.
func TestHostileLines(t *testing.T) {
	got, _ := talk(t, strings.Repeat("x", 1<<20)+"\n/help\n\xff\xfe\x00broken\nlast", nil)
	if len(got) != 4 || len(got[0].Text) != maxLine || got[1].Command != "help" || got[3].Text != "last" {
		t.Fatalf("%d requests", len(got))
	}
	if got[2].Text != "\x00broken" {
		t.Errorf("%q", got[2].Text)
	}
	p := NewPiped(strings.NewReader(""))
	if _, err := p.Line(""); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

// panel is a post of everything that can be chosen.
func panel(bot.Request) bot.Reply {
	return bot.Reply{Post: &digest.Post{
		Language: "en", Lines: []digest.Line{digest.Plain("Your settings")},
		Rows: []digest.Row{
			{Line: digest.Plain("Time zone: Berlin"), Button: digest.Button{Label: "Change", Action: "ask:zone"}},
			{Line: digest.Plain("Sources: 14"), Button: digest.Button{Label: "Show", Action: "sources"}},
		},
		Menus: []digest.Menu{
			{Action: "topic", Placeholder: "Topics", Many: true, Options: []digest.Option{{Value: "world", Label: "World", Chosen: true}, {Value: "tech", Label: "Tech"}}},
			{Action: "where", Channels: true, Options: []digest.Option{{Value: "9", Label: "#news"}}},
			{Action: "length", Options: []digest.Option{{Value: "brief", Label: "Brief: headlines only"}, {Value: "full", Label: "Full: up to four sentences"}}},
		},
		Buttons: [][]digest.Button{{{Label: "Policy", URL: "https://a.example/"}, {Label: "In private", Start: "x"}}, {{Label: "Done", Action: "done"}}},
		File:    &digest.File{Name: "sources.opml", Body: []byte("<opml>\n</opml>\n")},
	}}
}

func TestChoices(t *testing.T) {
	got, out := talkIn(t, Options{In: NewPiped(strings.NewReader("/settings\n2\n4\n6\n7\n8\n")), Style: Style{Width: 50}}, panel)
	want := []bot.Request{
		{Kind: bot.Command, Command: "settings"}, {Kind: bot.Press, Action: "sources"},
		{Kind: bot.Press, Action: "topic", Values: []string{"tech"}, Toggled: true},
		{Kind: bot.Press, Action: "length", Values: []string{"full"}},
		{Kind: bot.Press, Action: "done"}, {Kind: bot.Text, Text: "8"},
	}
	for i, r := range got {
		short := bot.Request{Kind: r.Kind, Command: r.Command, Action: r.Action, Values: r.Values, Toggled: r.Toggled, Text: r.Text}
		if diff := cmp.Diff(want[i], short); diff != "" {
			t.Errorf("%d (-want +got):\n%s", i, diff)
		}
	}
	screen := `Your settings
Time zone: Berlin   [1] Change
Sources: 14   [2] Show

sources.opml:
<opml>
</opml>
Topics:  [3] ✓ World  [4] Tech
[5] Brief: headlines only
[6] Full: up to four sentences
Policy https://a.example/  [7] Done
`
	if diff := cmp.Diff(screen, out[:len(screen)]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A terminal folds nothing away: what the digest's length leaves out is in the card.
func TestDetailIsLeftOut(t *testing.T) {
	got := Style{Width: 40}.Render(digest.Post{Language: "en", Stories: []digest.PostStory{{
		Number: 1, Headline: "Cod quota deal", Summary: []string{"Nine governments will cut catches."},
		Detail: []string{"Stocks have halved.", "Ministers sign on 3 December."}, Differ: "15% or 18%."}}})
	want := `
 1  Cod quota deal
    Nine governments will cut catches.
    Sources differ: 15% or 18%.

`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Each user has a chat, choices and a last message of their own.
func TestUsers(t *testing.T) {
	got, out := talkIn(t, Options{In: NewPiped(strings.NewReader("/render telegram\n/settings\n/as 2\n1\n/as 1\n1\n/as x\n/as 100\n/render\n/render telegram\n"))}, panel)
	want := []bot.Request{
		{Kind: bot.Command, Command: "settings", User: "1"}, {Kind: bot.Text, Text: "1", User: "2"}, {Kind: bot.Press, Action: "ask:zone", User: "1"},
	}
	for i, r := range got {
		short := bot.Request{Kind: r.Kind, Command: r.Command, Action: r.Action, Text: r.Text, User: r.User}
		if diff := cmp.Diff(want[i], short); diff != "" || r.Chat.Channel != r.User || r.Place != r.Chat {
			t.Errorf("%d: %v (-want +got):\n%s", i, r.Chat, diff)
		}
	}
	for _, s := range []string{
		"Nothing was said yet\n", "You are user 2 now.\n", "Users are the numbers 1 to 99; try /as 2\n",
		"Write /render and one of these: discord, telegram\n", "<b>Your settings</b>\n",
	} {
		if !strings.Contains(out, s) {
			t.Errorf("no %q in %s", s, out)
		}
	}
}

func TestJSON(t *testing.T) {
	_, out := talkIn(t, Options{In: NewPiped(strings.NewReader("/settings\n/as 2\n/clock x\n")), JSON: true, Echo: true}, panel)
	var got []message
	for line := range strings.Lines(out) {
		var m message
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		got = append(got, m)
	}
	if len(got) != 3 || got[0].User != "1" || len(got[0].Choices) != 7 || got[0].Post == nil || !strings.HasPrefix(got[0].Text, "Your settings\n") ||
		got[1].Note != "You are user 2 now." || got[2].Note != "No such time: x" {
		t.Errorf("%+v", got)
	}
}

// What comes unasked says when, and for whom if somebody else sits there.
func TestUnasked(t *testing.T) {
	var out bytes.Buffer
	now := func() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }
	c := New(Options{Out: &out, Now: now, Zone: time.UTC})
	for _, user := range []string{"1", "2"} {
		to, err := c.Open(t.Context(), user)
		if err != nil {
			t.Fatal(err)
		}
		page := c.Pages(digest.Post{Lines: []digest.Line{digest.Plain("News.")}})[0]
		if _, err := c.Send(t.Context(), to, page, digest.Attempt{Key: "k"}); err != nil {
			t.Fatal(err)
		}
	}
	if want := "(08:00) News.\n(08:00, user 2) News.\n"; out.String() != want {
		t.Errorf("%q", out.String())
	}
}

// TestStyled: what stands behind the only address of a line is not stuck to it.
func TestStyled(t *testing.T) {
	outlet := digest.Run{Text: "Atlas Wire", URL: "http://a.example/"}
	for _, c := range []struct {
		line digest.Line
		want string
	}{
		{digest.Line{outlet}, "Atlas Wire   http://a.example/"},
		{digest.Line{outlet, {Text: ": The deal"}}, "Atlas Wire: The deal   http://a.example/"},
		{digest.Line{outlet, {Text: " · "}, outlet}, "Atlas Wire   http://a.example/ · Atlas Wire   http://a.example/"},
	} {
		if got := (Style{}).styled(c.line); got != c.want || c.line[0].URL == "" {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestMenuName: what a menu asks stands there once, and with one mark at its end.
func TestMenuName(t *testing.T) {
	for _, c := range []struct{ line, placeholder, want string }{
		{"Hidden:", "What should come back?", "What should come back?"}, {"Which story?", "Which story?", ""},
		{"Your digest", "Topics", "Topics:"}, {"Your digest", "", ""},
	} {
		p := digest.Post{Lines: []digest.Line{digest.Plain(c.line)}}
		if got := menuName(p, digest.Menu{Placeholder: c.placeholder}); got != c.want {
			t.Errorf("%q under %q: %q, want %q", c.placeholder, c.line, got, c.want)
		}
	}
}
