package console

import (
	"bytes"
	"context"
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
	for text, want := range map[string]int{"abc": 3, "東京": 4, "\x1b[1mab\x1b[0m": 2, "": 0, "ｆ": 2} {
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
	var out bytes.Buffer
	c := New(Options{Out: &out, In: NewPiped(strings.NewReader(in)), Now: time.Now, Zone: time.UTC, Settle: func() {}, Echo: true,
		Local: map[string]Local{"clock": func(_ context.Context, args string) error { return errors.New("no such time: " + args) }}})
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
	for _, s := range []string{"> /start  now", "Hello.\n[1] One  [2] Two\n", "no such time: +x"} {
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
