package discord

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"newsdigest/bot"
	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/digest"
)

// settings is a panel as the bot makes it.
func settings() digest.Post {
	row := func(text, action string) digest.Row {
		return digest.Row{Line: digest.Plain(text), Button: digest.Button{Label: "Change", Action: action}}
	}
	return digest.Post{
		Language: "en", Title: digest.Plain("Your settings"),
		Rows: []digest.Row{row("Time zone: Berlin, now 14:05", "ask:zone"), row("Language: *English*", "language"),
			{Line: digest.Plain("Only to be read"), Button: digest.Button{Label: "In private", Start: "x"}}},
		Buttons: [][]digest.Button{{{Label: "Pause everything", Action: "pause"}, {Label: "Privacy", Action: "privacy"}, {Label: "In private", Start: "settings"}}},
		End:     []digest.Line{digest.Plain("Shown to you only.")}, Note: "Small print",
	}
}

// ask runs a command in a server and gives the interaction and the request.
func (w *world) ask(t *testing.T, g fakediscord.Guild, by fakediscord.User, options ...fakediscord.Option) (*fakediscord.Interaction, bot.Request) {
	t.Helper()
	i := w.Slash(fakediscord.Place{Guild: g.ID, Channel: g.Channels[0].ID}, by, "digest", options...)
	return i, w.next(t)
}

func (w *world) answer(t *testing.T, r bot.Request, p digest.Post, edit bool) {
	t.Helper()
	if err := w.p.Answer(t.Context(), r, bot.Reply{Post: &p, Edit: edit}); err != nil {
		t.Fatal(err)
	}
}

func message1(t *testing.T, i *fakediscord.Interaction) fakediscord.Message {
	t.Helper()
	m, err := i.Message(wait(t))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Rows become lines with a button beside each, and a message that was a panel stays one
// whatever it shows next, as Discord asks for.
func TestPanel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	i, r := w.ask(t, harbor(t, w), anna)
	w.answer(t, r, *say("Reading.").Post, false)
	w.answer(t, r, settings(), false)
	m := message1(t, i)
	want := "\n**Your settings**\nTime zone: Berlin, now 14:05\nLanguage: \\*English\\*\nOnly to be read\nShown to you only.\n-# Small print"
	if diff := cmp.Diff(want, m.Text()); diff != "" || m.Flags != flagPanel|flagEphemeral || m.Content != "" {
		t.Errorf("%x %q:\n%s", m.Flags, m.Content, diff)
	}
	var ids []string
	for _, b := range m.Buttons() {
		ids = append(ids, b.CustomID)
	}
	if diff := cmp.Diff([]string{"ask:zone", "language", "pause", "privacy"}, ids); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	w.Press(m, anna, "language")
	r = w.next(t)
	w.answer(t, r, *say("One moment.").Post, true)
	w.answer(t, r, morning(), true)
	if m, _ = w.Message(m.ID); m.Flags&flagPanel == 0 || !strings.Contains(m.Text(), "**1. Coastal states") || strings.Contains(m.Text(), "moment") {
		t.Errorf("%x %s", m.Flags, m.Text())
	}
	unasked := w.p.Pages(settings())[0]
	to := digest.Address{Platform: digest.Discord, User: "1", Channel: w.DM("1")}
	if _, err := w.p.Send(t.Context(), to, unasked, digest.Attempt{Key: "k"}); err != nil {
		t.Fatal(err)
	}
	if got := w.FromBot(to.Channel)[0]; got.Flags != 0 || !strings.Contains(got.Content, "Time zone: Berlin") || len(got.Buttons()) != 4 {
		t.Errorf("unasked for: %+v", got)
	}
}

// Menus are selects: what is chosen comes back, and a channel that is chosen is whom the
// press is for.
func TestMenus(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g := harbor(t, w)
	post := digest.Post{Language: "en", Lines: []digest.Line{digest.Plain("Choose.")}, Menus: []digest.Menu{
		{Action: "topics", Placeholder: "Topics", Many: true, Options: []digest.Option{
			{Value: "world", Label: "World", Detail: "12 sources", Chosen: true}, {Value: "tech", Label: "Tech", Chosen: true}, {Value: "tech", Label: "Twice"}, {Label: "No value"}}},
		{Action: "length", Options: []digest.Option{{Value: "brief", Label: "Brief", Chosen: true}, {Value: "full", Label: "Full", Chosen: true}}},
		{Action: "where", Channels: true, Options: []digest.Option{{Value: g.Channels[0].ID, Label: "#general", Chosen: true}}},
		{Action: "nothing"},
	}, Buttons: [][]digest.Button{{{Label: "Start", Action: "go"}}, {{Label: "Back", Action: "back"}}}}
	i, r := w.ask(t, g, boss)
	w.answer(t, r, post, false)
	m := message1(t, i)
	got := m.Buttons()
	if len(got) != 5 || len(got[0].Options) != 2 || got[0].Options[0].Description != "12 sources" || !got[0].Options[1].Default || *got[0].MinValues != 0 || *got[0].MaxValues != 2 ||
		got[1].Options[1].Default || got[1].MinValues != nil || !slices.Equal(got[2].ChannelTypes, postable) {
		t.Errorf("%+v", got)
	}
	for _, c := range []struct {
		action string
		values []string
		about  string
		name   string
	}{
		{"topics", []string{"tech"}, "", ""},
		{"topics", []string{}, "", ""},
		{"length", []string{"full"}, "", ""},
		{"where", []string{g.Channels[1].ID}, g.Channels[1].ID, "#news"},
		{"go", nil, "", ""},
	} {
		w.Press(m, boss, c.action, c.values...)
		r := w.next(t)
		if r.Kind != bot.Press || r.Action != c.action || !slices.Equal(r.Values, c.values) || r.Toggled || r.Chat.Channel != c.about || r.ChatName != c.name {
			t.Errorf("%s %v: %+v", c.action, c.values, r)
		}
	}
	many := post
	many.Menus = slices.Repeat(post.Menus[:1], 9)
	for n := range many.Menus {
		many.Menus[n].Action = fmt.Sprint("m", n)
	}
	if rows := rich(many).Components; len(rows) != maxRows || rows[maxRows-1].Components[0].Type != typeButton {
		t.Errorf("%d rows: %+v", len(rows), rows)
	}
}

// A picture goes beside a digest if it can be shown.
func TestPicture(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]bool{"https://atlas.example/cod.jpg": true, "http://atlas.example/cod.jpg": false, "": false, "https://e.example/" + strings.Repeat("a", 2048): false} {
		p := morning()
		p.Picture = from
		if got := rich(p).Embeds[0].Thumbnail; (got != nil) != want || want && got.URL != from {
			t.Errorf("%.40s: %+v", from, got)
		}
	}
}

// A list that is too long for one message takes several, all for the person only, which a
// later answer fills anew or takes away; for everybody it takes one that counts the rest.
func TestLongAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g := harbor(t, w)
	long := func(n int) digest.Post {
		p := digest.Post{Language: "en", Title: digest.Plain("Sources"), Buttons: [][]digest.Button{{{Label: "Add", Action: "add"}}}}
		for i := range n {
			p.Lines = append(p.Lines, digest.Plain(fmt.Sprintf("%d. %s", i+1, strings.Repeat("Source ", 12))))
		}
		return p
	}
	_, r := w.ask(t, g, anna)
	w.answer(t, r, *say("Reading.").Post, false)
	for _, c := range []struct{ lines, messages int }{{100, 3}, {100, 3}, {60, 2}, {1, 1}} {
		w.answer(t, r, long(c.lines), false)
		var shown []string
		for _, s := range w.p.answers.get(r.ID) {
			id := s.id
			if id == original {
				continue
			}
			m, ok := w.Message(id)
			if !ok || !m.Ephemeral {
				t.Errorf("%s: %+v", id, m)
			}
			shown = append(shown, m.Text())
		}
		if len(shown) != c.messages-1 {
			t.Errorf("%d lines: %d more messages, want %d", c.lines, len(shown), c.messages-1)
		}
		if c.messages > 1 && !strings.Contains(shown[len(shown)-1], fmt.Sprintf("%d\\. Source", c.lines)) {
			t.Errorf("the last message: %s", shown[len(shown)-1])
		}
	}
	i, r := w.ask(t, g, anna, fakediscord.Option{Name: "share", Value: true})
	w.answer(t, r, long(100), false)
	if m := message1(t, i); len(w.FromBot(g.Channels[0].ID)) != 1 || !strings.Contains(m.Text(), "more") || len(m.Buttons()) != 1 {
		t.Errorf("%d messages, %s", len(w.FromBot(g.Channels[0].ID)), m.Text())
	}
}

// Whatever the bot replies, Discord takes it, in both kinds of message and from one to the
// other, and no line or row is lost.
func TestAnswersFit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g := harbor(t, w)
	rapid.Check(t, func(rt *rapid.T) {
		i, r := w.ask(t, g, anna)
		for range rapid.IntRange(1, 2).Draw(rt, "answers") {
			post := drawPost(rt)
			drawPanel(rt, &post)
			if err := w.p.Answer(t.Context(), r, bot.Reply{Post: &post}); err != nil {
				rt.Fatalf("%v\n%+v", err, post)
			}
			rows := strings.Count(message1(t, i).Text(), "Row ")
			for _, s := range w.p.answers.get(r.ID)[1:] {
				m, _ := w.Message(s.id)
				rows += strings.Count(m.Text(), "Row ")
			}
			if rows != len(post.Rows) {
				rt.Fatalf("%d rows shown, want %d", rows, len(post.Rows))
			}
		}
	})
}

// drawPanel adds menus, rows, a file and a picture.
func drawPanel(t *rapid.T, p *digest.Post) {
	if len(p.Stories) == 0 && rapid.Bool().Draw(t, "panel") {
		for n := range rapid.IntRange(1, 40).Draw(t, "rows") {
			p.Rows = append(p.Rows, digest.Row{Line: digest.Plain(fmt.Sprint("Row ", n)), Button: digest.Button{Label: "Change", Action: fmt.Sprint("row:", n)}})
		}
	}
	for n := range rapid.IntRange(0, 7).Draw(t, "menus") {
		menu := digest.Menu{Action: fmt.Sprint("menu:", n), Many: n%2 == 0, Placeholder: strings.Repeat("choose ", 30), Channels: n == 4}
		for o := range rapid.IntRange(0, 30).Draw(t, "options") {
			menu.Options = append(menu.Options, digest.Option{Value: fmt.Sprint(o), Label: strings.Repeat("label ", 1+o), Detail: strings.Repeat("detail ", o), Chosen: o%3 == 0})
		}
		p.Menus = append(p.Menus, menu)
	}
	if rapid.Bool().Draw(t, "file") {
		p.File = &digest.File{Name: "my data.json", Body: []byte("{}")}
	}
	p.Picture = rapid.SampledFrom([]string{"", "https://e.example/a b.jpg", "javascript:alert(1)"}).Draw(t, "picture")
}
