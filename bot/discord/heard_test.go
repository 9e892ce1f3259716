package discord

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/bot"
	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/digest"
)

var _ bot.Downloader = (*Platform)(nil)

// A reply to one of the bot's messages tells which, by the buttons under it; a reply to
// anything else tells what it says.
func TestReplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	post := morning()
	post.Menus = []digest.Menu{{Action: "story:7q2f", Options: []digest.Option{{Value: "1", Label: "1. Cod"}}}}
	to := digest.Address{Platform: digest.Discord, User: anna.ID, Channel: w.DM(anna.ID)}
	if _, err := w.p.Send(t.Context(), to, w.p.Pages(post)[0], digest.Attempt{Key: "k"}); err != nil {
		t.Fatal(err)
	}
	sent := w.FromBot(to.Channel)[0]
	w.Say(anna, "mute 1", &sent)
	r := w.next(t)
	if diff := cmp.Diff([]string{"story:7q2f", "d:7q2f:2"}, r.Under); diff != "" || r.Text != "mute 1" || !strings.Contains(r.Quoted, "https://openbench.example/chip") {
		t.Errorf("%q:\n%s", r.Quoted, diff)
	}
	own := w.Say(anna, "see https://harbour.example/cod", nil)
	w.next(t)
	w.Say(anna, "/article", &own)
	if r := w.next(t); r.Under != nil || r.Quoted != "see https://harbour.example/cod" {
		t.Errorf("%v %q", r.Under, r.Quoted)
	}
}

// The message menu hands over what the message says and links, wherever that stands in it.
func TestMessageMenu(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g := harbor(t, w)
	here := fakediscord.Place{Guild: g.ID, Channel: g.Channels[0].ID}
	target := w.Write(here.Channel, boss, fakediscord.Body{Content: "look at this", Embeds: []fakediscord.Embed{
		{Title: "Cod quota", URL: "https://harbour.example/cod", Description: "Nine governments."}}})
	i := w.Menu(here, anna, "Summarize link", target)
	r := w.next(t)
	if r.Kind != bot.Command || r.Command != "article" || r.Quoted != "look at this\nCod quota\nhttps://harbour.example/cod\nNine governments." || r.User != anna.ID {
		t.Errorf("%+v", r)
	}
	if err := w.p.Answer(t.Context(), r, say("Summary.")); err != nil {
		t.Fatal(err)
	}
	if m := message1(t, i); m.Content != "Summary." || !m.Ephemeral {
		t.Errorf("%+v", m)
	}
	if got := (heard{Forwarded: []struct {
		Message heard `json:"message"`
	}{{heard{Content: "https://e.example"}}}}).quoted(); got != "https://e.example" {
		t.Errorf("forwarded: %q", got)
	}
}

// A document in direct messages can be read, from where Discord keeps it and nowhere else,
// up to the size that is asked for.
func TestDownload(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	body := bytes.Repeat([]byte("<opml/>"), 100)
	w.Say(anna, "", nil, fakediscord.File{Name: "photo.png", Body: []byte("x")}, fakediscord.File{Name: "feeds.OPML", Body: body})
	r := w.next(t)
	if r.Kind != bot.Text || r.File == nil || r.File.Name != "feeds.OPML" || r.File.Size != len(body) {
		t.Fatalf("%+v", r)
	}
	if got, err := w.p.Download(t.Context(), r, len(body)); err != nil || !bytes.Equal(got, body) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := w.p.Download(t.Context(), r, len(body)-1); err == nil {
		t.Error("a file larger than the limit is read")
	}
	for _, at := range []string{"", "https://evil.example/x", "http://cdn.discordapp.com/x", "https://cdn.discordapp.com.evil.example/x", "https://cdn.discordapp.com@evil.example/", "file:///etc/passwd"} {
		r.Native = []byte(`{"file":"` + at + `"}`)
		if _, err := w.p.Download(t.Context(), r, 10); err == nil || !strings.Contains(err.Error(), "keeps files") {
			t.Errorf("%q: %v", at, err)
		}
	}
}

// A file goes with the answer, in both kinds of message, and not with the next one.
func TestFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g := harbor(t, w)
	file := &digest.File{Name: "my sources.opml", Body: []byte("<opml/>")}
	for _, post := range []digest.Post{notice(), settings()} {
		post.File = file
		i, r := w.ask(t, g, anna)
		w.answer(t, r, post, false)
		if m := message1(t, i); len(m.Files) != 1 || m.Files[0].Name != "my_sources.opml" || string(m.Files[0].Body) != "<opml/>" {
			t.Errorf("%+v", m.Files)
		}
		post.File = nil
		w.answer(t, r, post, false)
		if m := message1(t, i); len(m.Files) != 0 {
			t.Errorf("%+v", m.Files)
		}
	}
}

// A form brings back each of its fields, the first as the text too.
func TestFormFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{}, func(w *world) {
		w.inbox.immediate = func(bot.Request) bot.Reply {
			return bot.Reply{Form: &bot.Form{Title: "Feedback", Action: "feedback", Fields: []bot.Field{
				{Key: "story", Label: "Story", Placeholder: "its number", Value: "3"}, {Key: "wrong", Label: "What is wrong", Long: true, Optional: true}}}}
		}
	})
	w.ready(t)
	i := w.Slash(fakediscord.Place{}, anna, "settings")
	if err := w.p.Answer(t.Context(), w.next(t), withButtons); err != nil {
		t.Fatal(err)
	}
	press := w.Press(message1(t, i), anna, "ask:zone")
	a, err := press.Answer(wait(t), 1)
	if err != nil || a.Form == nil || len(a.Form.Fields) != 2 || a.Form.Fields[0].Value != "3" || *a.Form.Fields[1].Required || a.Form.Fields[1].Style != styleLong {
		t.Fatalf("%+v, %v", a, err)
	}
	w.SubmitForm(press, "2", "")
	r := w.next(t)
	if diff := cmp.Diff(map[string]string{"story": "2", "wrong": ""}, r.Fields); diff != "" || r.Text != "2" || r.Action != "feedback" {
		t.Errorf("%q %q (-want +got):\n%s", r.Action, r.Text, diff)
	}
}

// Who removes the bot from a server has all of its channels left alone; a server that
// cannot be reached for a while is still one of ours.
func TestServerLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakediscord.Options{})
	w.ready(t)
	g, other := harbor(t, w), harbor(t, w)
	w.LoseGuild(g.ID)
	w.RemoveGuild(other.ID)
	if r := w.next(t); r.Kind != bot.Left || r.Chat != (digest.Address{Platform: digest.Discord, Server: other.ID}) {
		t.Errorf("%+v", r)
	}
	select {
	case r := <-w.inbox.got:
		t.Errorf("%+v", r)
	case <-time.After(50 * time.Millisecond):
	}
}
