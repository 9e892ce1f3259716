package telegram

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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

// TestMarkupRefused shows that an answer arrives although the server does not know a tag.
func TestMarkupRefused(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	q := r.asked(t, func() { r.fake.Say(7, 7, "/digest") })
	r.fake.Fail(faketelegram.Refusal("sendMessage", 400, `Bad Request: can't parse entities: Unsupported start tag "tg-time" at byte offset 9`))
	r.answer(t, q, reply("the digest"))
	if m := r.fake.Messages(7)[0]; m.HTML || m.Text != "the digest" {
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

func TestRights(t *testing.T) {
	const room = -42
	r := newRig(t, faketelegram.Options{})
	r.fake.SetStatus(room, 1, "creator")
	r.fake.SetAdmin(room, 2)
	tests := []struct {
		name string
		do   func()
		want bool
	}{
		{"private chat", func() { r.fake.Say(7, 7, "/subscribe") }, true},
		{"creator", func() { r.fake.Say(room, 1, "/subscribe") }, true},
		{"administrator", func() { r.fake.Say(room, 2, "/subscribe") }, true},
		{"member", func() { r.fake.Say(room, 3, "/subscribe") }, false},
		{"anonymous administrator", func() { r.fake.SayUnseen(room, "/subscribe") }, true},
		{"forged press", func() { r.fake.Press(room, 1, 4, "sub:x") }, false},
	}
	for _, test := range tests {
		q := r.asked(t, test.do)
		got, err := r.Rights(t.Context(), q)
		if err != nil || got.Manage != test.want {
			t.Errorf("%s: %+v %v", test.name, got, err)
		}
	}
	q := r.asked(t, func() { r.fake.Say(room, 2, "/subscribe") })
	r.fake.SetStatus(room, 2, "member")
	if got, _ := r.Rights(t.Context(), q); got.Manage {
		t.Error("a demoted administrator still manages")
	}
	r.fake.Fail(faketelegram.BadGateway("getChatMember"))
	if got, err := r.Rights(t.Context(), q); err == nil || got.Manage {
		t.Errorf("unclear rights: %+v %v", got, err)
	}
	q.User = "123456"
	if got, err := r.Rights(t.Context(), q); err != nil || got.Manage {
		t.Errorf("unknown user: %+v %v", got, err)
	}
}

func TestAnswersForget(t *testing.T) {
	a := newAnswers()
	for i := range rememberedAnswers + 1 {
		a.remember(fmt.Sprint(i), 5)
	}
	if a.message("0") != 0 || a.message("1") != 5 || len(a.byID) != rememberedAnswers {
		t.Errorf("%d remembered", len(a.byID))
	}
}
