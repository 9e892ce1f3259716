package telegram

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/digest"
)

// asked makes somebody do something and returns the request it leads to.
func (r *rig) asked(t *testing.T, do func()) bot.Request {
	t.Helper()
	in := newInbox()
	in.cursor = r.cursor
	stop := r.listen(t, in)
	do()
	got := in.nth(t, 1)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	r.cursor = in.cursor
	return got
}

func (r *rig) answer(t *testing.T, q bot.Request, replies ...bot.Reply) {
	t.Helper()
	for _, reply := range replies {
		if err := r.Answer(t.Context(), q, reply); err != nil {
			t.Fatal(err)
		}
	}
}

func reply(text string, buttons ...digest.Button) bot.Reply {
	p := says(text)
	if len(buttons) > 0 {
		p.Buttons = [][]digest.Button{buttons}
	}
	return bot.Reply{Post: &p}
}

func TestAnswerCommand(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	q := r.asked(t, func() { r.fake.Say(7, 7, "/digest") })
	r.answer(t, q, bot.Reply{Working: true}, reply("Reading 14 sources…"), reply("the digest"), reply("the digest"))
	if n := len(r.fake.Calls("sendChatAction")); n != 1 {
		t.Errorf("%d chat actions", n)
	}
	ms := r.fake.Messages(7)
	if len(ms) != 1 || ms[0].Text != "the digest" || ms[0].Edits != 1 || ms[0].ReplyTo != 0 {
		t.Errorf("%+v", ms)
	}
}

func TestAnswerInGroup(t *testing.T) {
	const forum = -1000000000042
	r := newRig(t, faketelegram.Options{})
	r.fake.AddThread(forum, 5)
	var command int
	q := r.asked(t, func() { command = r.fake.SayIn(forum, 5, 7, "/digest") })
	r.answer(t, q, reply("the digest"))
	if m := r.fake.Messages(forum)[0]; m.ReplyTo != command || m.Thread != 5 {
		t.Errorf("%+v", m)
	}
	q = r.asked(t, func() { command = r.fake.SayIn(forum, 5, 7, "/digest") })
	r.fake.DeleteMessage(forum, command)
	r.answer(t, q, reply("the digest"))
	if m := r.fake.Messages(forum)[1]; m.ReplyTo != 0 {
		t.Errorf("%+v", m)
	}
}

func TestAnswerNothing(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	q := r.asked(t, func() { r.fake.Say(-42, 7, "/unknown") })
	before := len(r.fake.Calls(""))
	r.answer(t, q, bot.Reply{})
	if n := len(r.fake.Calls("")); n != before {
		t.Errorf("%d calls for nothing to say", n-before)
	}
}

func TestAnswerPress(t *testing.T) {
	const more, text = "more:x:2", "page one"
	tests := []struct {
		name     string
		chat     int64
		lost     bool
		replies  []bot.Reply
		messages []string // in the chat afterwards
		toast    string
	}{
		{"edits in place", 7, false, []bot.Reply{{Edit: true, Post: reply("page two").Post}}, []string{"page two"}, ""},
		{"a message of its own", 7, false, []bot.Reply{reply("page two")}, []string{text, "page two"}, ""},
		{"works first", 7, false, []bot.Reply{{Working: true}, {Edit: true, Post: reply("page two").Post}}, []string{"page two"}, ""},
		{"unchanged", 7, false, []bot.Reply{{Edit: true, Post: reply(text, digest.Button{Label: "More", Action: more}).Post}}, []string{text}, ""},
		{"toast only", 7, false, []bot.Reply{{Toast: strings.Repeat("é", 300)}}, []string{text}, strings.Repeat("é", 200)},
		{"nothing to say", -42, false, []bot.Reply{{}}, []string{text}, ""},
		{"message deleted", 7, true, []bot.Reply{{Edit: true, Post: reply("page two").Post}}, []string{text, "page two"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t, faketelegram.Options{})
			q := r.asked(t, func() { r.fake.Say(test.chat, 7, "/digest") })
			r.answer(t, q, reply(text, digest.Button{Label: "More", Action: more}))
			id := r.fake.Messages(test.chat)[0].ID
			if test.lost {
				r.fake.DeleteMessage(test.chat, id)
			}
			q = r.asked(t, func() { r.fake.Press(test.chat, id, 7, more) })
			r.answer(t, q, test.replies...)
			var got []string
			for _, m := range r.fake.Messages(test.chat) {
				got = append(got, m.Text)
			}
			if !slices.Equal(got, test.messages) {
				t.Errorf("messages %q, want %q", got, test.messages)
			}
			if p := r.fake.Presses()[0]; len(p.Answers) != 1 || p.Answers[0].Text != test.toast {
				t.Errorf("press %+v", p)
			}
		})
	}
}

func TestAskInGroup(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	r.fake.AddUser(faketelegram.User{ID: 7, FirstName: "<Anna>"})
	q := r.asked(t, func() { r.fake.Say(-42, 7, "/settings time zone") })
	question := reply("What city are you in?", digest.Button{Label: "Berlin", Action: "zone:x"})
	question.Ask = true
	r.answer(t, q, question)
	m := r.fake.Messages(-42)[0]
	if !m.Force || m.Buttons != nil || m.ReplyTo == 0 {
		t.Errorf("%+v", m)
	}
	question.Edit = true
	q = r.asked(t, func() { r.fake.Press(-42, m.ID, 7, "ask:zone") })
	r.answer(t, q, question)
	m = r.fake.Messages(-42)[1]
	if !m.Force || m.Text != "<Anna>: What city are you in?" {
		t.Errorf("%+v", m)
	}
	q = r.asked(t, func() { r.fake.Say(7, 7, "/settings time zone") })
	r.answer(t, q, question)
	if m := r.fake.Messages(7)[0]; m.Force || len(m.Buttons) != 1 {
		t.Errorf("%+v", m)
	}
}

// TestMarkupRefused shows that an answer arrives although the server does not know a tag,
// and that it keeps the others where it is the one of times.
func TestMarkupRefused(t *testing.T) {
	refusal := func(tag string) faketelegram.Fault {
		return faketelegram.Refusal("sendMessage", 400, `Bad Request: can't parse entities: Unsupported start tag "`+tag+`" at byte offset 9`)
	}
	dated := reply("")
	dated.Post.Lines = []digest.Line{{{Text: "Next", Bold: true}, {Text: " digest "}, {Text: "Mon 08:00", At: time.Unix(1795417200, 0)}}}
	for _, test := range []struct{ tag, source string }{
		{"blockquote", "Next digest Mon 08:00"}, {"tg-time", "<b>Next</b> digest Mon 08:00"},
	} {
		r := newRig(t, faketelegram.Options{})
		q := r.asked(t, func() { r.fake.Say(7, 7, "/digest") })
		r.fake.Fail(refusal(test.tag))
		r.answer(t, q, dated)
		if m := r.fake.Messages(7)[0]; m.Source != test.source {
			t.Errorf("%s: %q", test.tag, m.Source)
		}
		page := r.page(*dated.Post)
		if _, err := r.Send(t.Context(), privateChat("7"), page, digest.Attempt{}); err != nil {
			t.Fatal(err)
		}
		timeless := !strings.Contains(r.fake.Messages(7)[1].Source, "tg-time")
		if timeless != (test.tag == "tg-time") {
			t.Errorf("%s: the next message is %q", test.tag, r.fake.Messages(7)[1].Source)
		}
	}
}

// TestAcknowledgedInTime: a press is acknowledged although its answer takes long, once.
func TestAcknowledgedInTime(t *testing.T) {
	r := newRig(t, faketelegram.Options{PressLife: time.Hour})
	r.patience = 0
	in := newInbox()
	r.listen(t, in)
	r.fake.Press(7, 1, 7, "digest:now")
	r.wait(t, "acknowledgement", func(l *faketelegram.Ledger) bool { return len(l.Presses()[0].Answers) == 1 })
	late := reply("the digest")
	late.Toast = "Too late for this."
	r.answer(t, in.nth(t, 1), late)
	if p := r.fake.Presses()[0]; len(p.Answers) != 1 || p.Answers[0].Text != "" {
		t.Errorf("%+v", p)
	}
	if acknowledgeWithin >= time.Second {
		t.Error("acknowledged after a second")
	}
}

// TestUnchangedIsNotSent: a message that shows the same already is left alone, also when
// Telegram trimmed what it shows or this program has not sent it.
func TestUnchangedIsNotSent(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	panel := digest.Post{Language: "en", Title: digest.Line{{Text: "Your <settings>", Bold: true}},
		Rows: []digest.Row{{Line: digest.Plain("Length: brief"), Button: digest.Button{Label: "Change", Action: "length"}}}}
	q := r.asked(t, func() { r.fake.Say(7, 7, "/settings") })
	r.answer(t, q, bot.Reply{Post: &panel}, bot.Reply{Post: &panel})
	again := newRig(t, faketelegram.Options{}) // another life of the program
	again.client, again.cursor = r.client, r.cursor
	again.fake = r.fake
	message := r.fake.Messages(7)[0].ID
	for _, press := range []string{"length", "topic^world"} {
		q = again.asked(t, func() { r.fake.Press(7, message, 7, press) })
		again.answer(t, q, bot.Reply{Post: &panel, Edit: true}, bot.Reply{Post: &panel, Edit: true})
	}
	if n := len(r.fake.Calls("editMessageText")); n != 0 {
		t.Errorf("%d edits of nothing", n)
	}
	panel.Rows[0].Line = digest.Plain("Length: full")
	again.answer(t, q, bot.Reply{Post: &panel, Edit: true})
	if m := r.fake.Messages(7); len(m) != 1 || m[0].Edits != 1 || !strings.Contains(m[0].Text, "full") {
		t.Errorf("%+v", m)
	}
}

func TestAnswerFails(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	q := r.asked(t, func() { r.fake.Say(7, 7, "/digest") })
	r.fake.Leave(7, 7)
	err := r.Answer(t.Context(), q, reply("the digest"))
	checkFault(t, r, err, digest.Gone, 0)
	err = r.Answer(t.Context(), q, bot.Reply{Working: true})
	checkFault(t, r, err, digest.Gone, 0)
	q.Native = []byte("{")
	if r.Answer(t.Context(), q, reply("x")) == nil {
		t.Error("a request that cannot be read was answered")
	}
}

func TestAnswersForget(t *testing.T) {
	a := newAnswers()
	for i := range rememberedAnswers + 1 {
		a.remember(fmt.Sprint(i), 5, "")
	}
	first, _ := a.message("0")
	second, _ := a.message("1")
	if first != 0 || second != 5 || len(a.byID) != rememberedAnswers {
		t.Errorf("%d remembered", len(a.byID))
	}
}
