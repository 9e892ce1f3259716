package bottest

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"newsdigest/bot"
	"newsdigest/digest"
)

// Dialogue is somebody who talks to the bot in private.
type Dialogue struct {
	// Ask makes them say something, and returns the request that comes of it.
	Ask func() bot.Request
	// Choose makes them choose what has this label under the message that answered the
	// request: a button, a row's button or a menu's option. Where several share a label
	// it is the first.
	Choose func(answered bot.Request, label string) bot.Request
	// Reply makes them reply to the message that answered the request; nil where messages
	// are not replied to.
	Reply func(answered bot.Request, text string) bot.Request
	// Send makes them send a document; nil where there are none.
	Send func(f digest.File) bot.Request
	// Got is the document that came with the answer to the request; nil where there are
	// none.
	Got func(answered bot.Request) digest.File
}

// menu is a post with all that can be chosen.
func menu() *digest.Post {
	p := plain("Your settings, all of them.")
	p.Rows = []digest.Row{
		{Line: digest.Line{{Text: "Time zone", Bold: true}, {Text: ": Berlin"}}, Button: digest.Button{Label: "Set zone", Action: "zone:c3"}},
		{Line: digest.Plain("Sources: 14"), Button: digest.Button{Label: "Show", Action: "sources"}},
	}
	p.Menus = []digest.Menu{
		{Action: "topics:c3", Placeholder: "Topics", Many: true, Options: []digest.Option{
			{Value: "world", Label: "World", Chosen: true}, {Value: "tech", Label: "Tech"}, {Value: "sport", Label: "Sport"}}},
		{Action: "length", Placeholder: "Length", Options: []digest.Option{
			{Value: "brief", Label: "Brief: headlines only", Detail: "One line a story"}, {Value: "full", Label: "Full: four sentences", Chosen: true}}},
	}
	p.Buttons = [][]digest.Button{{{Label: "Read about it", URL: "https://a.example/"}, {Label: "Done", Action: "done:c3"}}}
	return p
}

// choices: what is chosen comes back as the action that was offered, with its values.
func choices(t *testing.T, ctx context.Context, s Subject) {
	d := s.Dialogue
	if d == nil {
		t.Skip("nobody to talk to")
	}
	for _, c := range []struct {
		label, action string
		values        []string
		many          bool
	}{
		{"Set zone", "zone:c3", nil, false},
		{"Show", "sources", nil, false},
		{"Tech", "topics:c3", []string{"tech"}, true},
		{"Brief: headlines only", "length", []string{"brief"}, false},
		{"Done", "done:c3", nil, false},
	} {
		r := d.Ask()
		if err := s.Platform.Answer(ctx, r, bot.Reply{Post: menu()}); err != nil {
			t.Fatal(err)
		}
		got := d.Choose(r, c.label)
		want := c.values
		if c.many && !got.Toggled {
			want = []string{"tech", "world"} // all that are chosen now
		}
		values := slices.Sorted(slices.Values(got.Values))
		if got.Kind != bot.Press || got.Action != c.action || got.Toggled && !c.many || !slices.Equal(values, want) {
			t.Errorf("%s: %s %q %q, toggled %v", c.label, got.Kind, got.Action, got.Values, got.Toggled)
		}
		if got.Chat.Key() != r.Chat.Key() || got.User != r.User {
			t.Errorf("%s: chosen by %s in %s", c.label, got.User, got.Chat)
		}
	}
}

// replies: a reply tells what the message is about.
func replies(t *testing.T, ctx context.Context, s Subject) {
	if s.Dialogue == nil || s.Dialogue.Reply == nil {
		t.Skip("messages are not replied to here")
	}
	r := s.Dialogue.Ask()
	if err := s.Platform.Answer(ctx, r, bot.Reply{Post: menu()}); err != nil {
		t.Fatal(err)
	}
	got := s.Dialogue.Reply(r, "why 2")
	if got.Kind != bot.Text || got.Text != "why 2" || !strings.Contains(got.Quoted, "Your settings, all of them.") {
		t.Errorf("%s %q about %q", got.Kind, got.Text, got.Quoted)
	}
	for _, action := range []string{"zone:c3", "sources", "topics:c3", "length", "done:c3"} {
		if !slices.Contains(got.Under, action) {
			t.Errorf("under it %q, want %q too", got.Under, action)
		}
	}
}

// files: documents go both ways, whole, and not beyond the size that is asked for.
func files(t *testing.T, ctx context.Context, s Subject) {
	if s.Dialogue == nil || s.Dialogue.Send == nil {
		t.Skip("no documents here")
	}
	f := digest.File{Name: "sources.opml", Body: []byte("<?xml version=\"1.0\"?>\n<opml version=\"2.0\"><body/></opml>\n")}
	r := s.Dialogue.Send(f)
	if r.Kind != bot.Text || r.File == nil || r.File.Name != f.Name || r.File.Size != len(f.Body) {
		t.Fatalf("%s with %+v", r.Kind, r.File)
	}
	from, ok := s.Platform.(bot.Downloader)
	if !ok {
		t.Fatal("documents come, but cannot be read")
	}
	if body, err := from.Download(ctx, r, len(f.Body)); err != nil || !bytes.Equal(body, f.Body) {
		t.Errorf("%q, %v", body, err)
	}
	if _, err := from.Download(ctx, r, len(f.Body)-1); err == nil {
		t.Error("read beyond the limit")
	}
	p := plain("Your sources.")
	p.File = &f
	r = s.Dialogue.Ask()
	if err := s.Platform.Answer(ctx, r, bot.Reply{Post: p}); err != nil {
		t.Fatal(err)
	}
	if got := s.Dialogue.Got(r); got.Name != f.Name || !bytes.Equal(got.Body, f.Body) {
		t.Errorf("%s: %q", got.Name, got.Body)
	}
}
