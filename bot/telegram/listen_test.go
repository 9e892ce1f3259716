package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"newsdigest/bot"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/digest"
)

func TestRequests(t *testing.T) {
	const (
		room  = -42
		forum = -1000000000042
	)
	r := newRig(t, faketelegram.Options{})
	f := r.fake
	f.AddUser(faketelegram.User{ID: 7, FirstName: "Anna", LanguageCode: "pt-BR"})
	f.AddChat(faketelegram.Chat{ID: forum, Type: "supergroup", Title: "Desk", IsForum: true})
	private := bot.Request{Chat: privateChat("7"), Private: true, User: "7", Language: "pt-BR"}
	in := func(a digest.Address, name string) bot.Request {
		return bot.Request{Chat: a, ChatName: name, User: "7", Language: "pt-BR"}
	}
	command := func(r bot.Request, name, args string) *bot.Request {
		r.Kind, r.Command, r.Args = bot.Command, name, args
		return &r
	}
	kind := func(r bot.Request, k bot.Kind, text, action string) *bot.Request {
		r.Kind, r.Text, r.Action = k, text, action
		return &r
	}
	with := func(r *bot.Request, change func(*bot.Request)) *bot.Request {
		change(r)
		return r
	}
	pressing := func(r bot.Request, action, value string, toggled bool) *bot.Request {
		r.Kind, r.Action, r.Values, r.Toggled = bot.Press, action, []string{value}, toggled
		return &r
	}
	message := func(fields map[string]any) map[string]any {
		m := map[string]any{"message_id": 900, "date": 1, "from": map[string]any{"id": 7, "language_code": "pt-BR"},
			"chat": map[string]any{"id": 7, "type": "private"}, "text": "/digest"}
		for k, v := range fields {
			m[k] = v
		}
		return m
	}
	tests := []struct {
		name string
		do   func()
		want *bot.Request // nil: none of the bot's business
	}{
		{"command", func() { f.Say(7, 7, "/Subscribe  daily at 8 ") }, command(private, "subscribe", "daily at 8")},
		{"two lines", func() { f.Say(7, 7, "/article\nhttps://a.example") }, command(private, "article", "https://a.example")},
		{"deep link", func() { f.Say(7, 7, "/start d_7Q2F") }, command(private, "start", "d_7Q2F")},
		{"text", func() { f.Say(7, 7, "hello") }, kind(private, bot.Text, "hello", "")},
		{"look-alike slash", func() { f.Say(7, 7, "／digest") }, kind(private, bot.Text, "／digest", "")},
		{"command for another bot", func() { f.Say(7, 7, "/digest@other_bot") }, nil},
		{"forwarded to be read", func() { f.Forward(7, 7, "See https://a.example") }, kind(private, bot.Text, "See https://a.example", "")},
		{"one of many", func() { f.Press(7, 1, 7, "topic:3^world") }, pressing(private, "topic:3", "world", true)},
		{"one of a menu", func() { f.Press(7, 1, 7, "story=7q2f") }, pressing(private, "story", "7q2f", false)},
		{"about a message", func() { f.SayAbout(room, 7, "Look at this page", "https://a.example/x", "/article") },
			with(command(in(group(room, 0), "Group -42"), "article", ""), func(r *bot.Request) {
				r.Quoted = "Look at this page\nhttps://a.example/x"
			})},
		{"file", func() { f.SendFile(7, 7, faketelegram.File{Name: "feeds.opml", Body: []byte("<opml/>")}, "") },
			with(kind(private, bot.Text, "", ""), func(r *bot.Request) { r.File = &bot.File{Name: "feeds.opml", Size: 7} })},
		{"file with a command", func() {
			f.SendFile(7, 7, faketelegram.File{Name: "feeds.opml", Body: []byte("<opml/>")}, "/sources import")
		},
			with(command(private, "sources", "import"), func(r *bot.Request) { r.File = &bot.File{Name: "feeds.opml", Size: 7} })},
		{"press", func() { f.Press(7, 1, 7, "more:x:2") }, kind(private, bot.Press, "", "more:x:2")},
		{"group command", func() { f.Say(room, 7, "/digest@newsdigest_bot tech") }, command(in(group(room, 0), "Group -42"), "digest", "tech")},
		{"topic command", func() { f.SayIn(forum, 5, 7, "/digest") }, command(in(group(forum, 5), "Desk"), "digest", "")},
		{"reply in a group", func() { f.Reply(room, 1, 7, "Berlin") }, kind(in(group(room, 0), "Group -42"), bot.Text, "Berlin", "")},
		{"overheard in a group", func() {
			f.SetAdmin(room, faketelegram.BotID)
			f.Say(room, 7, "good morning")
		}, nil},
		{"forwarded command", func() { f.Push("message", message(map[string]any{"forward_origin": map[string]any{"type": "user"}})) }, nil},
		{"another bot", func() { f.Push("message", message(map[string]any{"from": map[string]any{"id": 8, "is_bot": true}})) }, nil},
		{"through another bot", func() { f.Push("message", message(map[string]any{"via_bot": map[string]any{"id": 8, "is_bot": true}})) }, nil},
		{"a channel that speaks in a group", func() {
			f.Push("message", message(map[string]any{"chat": map[string]any{"id": room, "type": "group"},
				"sender_chat": map[string]any{"id": -1000000000001, "type": "channel"}}))
		}, nil},
		{"a picture", func() { f.Push("message", message(map[string]any{"text": ""})) }, nil},
		{"a message of wrong types", func() { f.Push("message", message(map[string]any{"text": 5})) }, nil},
		{"added", func() { f.Join(-43, 7) }, kind(in(group(-43, 0), "Group -43"), bot.Joined, "", "")},
		{"thrown out", func() { f.Leave(-43, 7) }, kind(in(group(-43, 0), "Group -43"), bot.Left, "", "")},
		{"blocked", func() { f.Leave(7, 7) }, kind(private, bot.Left, "", "")},
		{"a command of long ago", func() { f.Push("message", message(nil)) }, command(private, "digest", "")},
		{"edited message", func() { f.Push("edited_message", message(nil)) }, nil},
		{"channel post", func() {
			f.Push("channel_post", message(map[string]any{"chat": map[string]any{"id": -1000000000009, "type": "channel"}}))
		}, nil},
		{"somebody joined", func() { f.Push("message", message(map[string]any{"text": "", "new_chat_members": []any{}})) }, nil},
		{"added to a channel", func() {
			f.AddChat(faketelegram.Chat{ID: -1000000000009, Type: "channel", Title: "Harbor news"})
			f.Join(-1000000000009, 7)
		}, kind(in(group(-1000000000009, 0), "Harbor news"), bot.Joined, "", "")},
		{"unblocked", func() { f.Join(7, 7) }, nil},
	}
	inbox := newInbox()
	r.listen(t, inbox)
	n := 0
	for _, test := range tests {
		test.do()
		f.Say(99, 99, "/mark") // what comes after shows that nothing came before
		if test.want != nil {
			n++
			got := inbox.nth(t, n)
			want := *test.want
			want.Platform, want.Place = digest.Telegram, want.Chat
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(bot.Request{}, "ID", "At", "Native")); diff != "" {
				t.Errorf("%s: %s", test.name, diff)
			}
		}
		n++
		if got := inbox.nth(t, n); got.Command != "mark" {
			t.Fatalf("%s: unexpected request %+v", test.name, got)
		}
	}
	f.Say(-44, 7, "/digest")
	to := f.Migrate(-44)
	for i := range 2 { // the old group says so, and the new one
		if got := inbox.nth(t, n+2+i); got.Kind != bot.Moved || got.Chat != group(-44, 0) || got.Place != group(to, 0) {
			t.Errorf("moved: %+v", got)
		}
	}
}

// TestReplyToDigest: a reply tells which message it is about.
func TestReplyToDigest(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	post := goldenPost()
	post.Menus = []digest.Menu{{Action: "story:7q2f", Options: []digest.Option{{Value: "1", Label: "Cod"}, {Value: "2", Label: "Bill"}}}}
	if _, err := r.Send(t.Context(), r.addressed(7), r.page(post), digest.Attempt{}); err != nil {
		t.Fatal(err)
	}
	sent := r.fake.Messages(7)[0]
	q := r.asked(t, func() { r.fake.Reply(7, sent.ID, 7, "mute 2") })
	if diff := cmp.Diff([]string{"story:7q2f", "more:7q2f:2"}, q.Under); diff != "" || q.Text != "mute 2" {
		t.Errorf("%+v: %s", q, diff)
	}
	if !strings.HasPrefix(q.Quoted, sent.Text) || !strings.Contains(q.Quoted, "\nhttps://openbench.example/?a=1&b=2") {
		t.Errorf("quoted %q", q.Quoted)
	}
}

// TestMuteInChannels: nothing is said to a channel that the bot was added to.
func TestMuteInChannels(t *testing.T) {
	const channel = -1000000000009
	r := newRig(t, faketelegram.Options{})
	r.fake.AddChat(faketelegram.Chat{ID: channel, Type: "channel", Title: "Harbor news"})
	q := r.asked(t, func() { r.fake.Join(channel, 7) })
	r.answer(t, q, reply("I can post a digest here."))
	if n := len(r.fake.Messages(channel)); n != 0 {
		t.Errorf("%d messages", n)
	}
}

// TestRestart shows that no update is lost or handled twice over restarts and failing
// records.
func TestRestart(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	in := newInbox()
	in.refuse = 1
	const lives, each = 3, 3
	for life := range lives {
		stop := r.listen(t, in)
		for i := range each {
			r.fake.Say(7, 7, fmt.Sprintf("/digest %d", each*life+i))
		}
		in.nth(t, each*(life+1)-1) // the last one may be under way when this life ends
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	}
	r.listen(t, in)
	r.fake.Say(7, 7, "/digest last")
	in.nth(t, lives*each+1)
	for i := range lives * each {
		if got := in.nth(t, i+1).Args; got != fmt.Sprint(i) {
			t.Errorf("request %d is %q", i, got)
		}
	}
}

// TestNothingConfirmedBeforeRecorded shows that an update stays with Telegram until it
// was recorded.
func TestNothingConfirmedBeforeRecorded(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	in := newInbox()
	in.refuse = 1
	r.fake.Say(7, 7, "/digest")
	r.listen(t, in)
	r.wait(t, "second poll", func(l *faketelegram.Ledger) bool { return len(l.Calls("getUpdates")) >= 2 })
	if calls := r.fake.Calls("getUpdates"); calls[1].Params["offset"] != "" {
		t.Errorf("the second poll confirms: %v", calls[1].Params)
	}
	in.nth(t, 1)
	r.wait(t, "third poll", func(l *faketelegram.Ledger) bool { return len(l.Calls("getUpdates")) >= 3 })
	if calls := r.fake.Calls("getUpdates"); calls[2].Params["offset"] != "5002" {
		t.Errorf("the third poll does not confirm: %v", calls[2].Params)
	}
	if !strings.Contains(r.log.String(), "not recorded") {
		t.Error("nothing logged")
	}
}

func TestListenEndsWithToken(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	in := newInbox()
	ended := make(chan error, 1)
	go func() { ended <- r.Listen(t.Context(), in) }()
	r.fake.Say(7, 7, "/start")
	in.nth(t, 1)
	r.fake.Revoke()
	r.fake.Say(7, 7, "/digest") // ends the poll that waits
	select {
	case err := <-ended:
		if !errors.Is(err, ErrToken) {
			t.Errorf("Listen ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("Listen goes on")
	}
}

func TestListenComesBack(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	r.fake.SetWebhook("https://old.example/hook")
	r.fake.Fail(faketelegram.BadGateway("getMe"))
	r.fake.Fail(faketelegram.Refusal("getUpdates", 409, "Conflict: terminated by other getUpdates request"))
	in := newInbox()
	r.listen(t, in)
	r.fake.Say(7, 7, "/start")
	in.nth(t, 1)
	for _, words := range []string{"HTTP 502", "a second bot runs with this token"} {
		if !strings.Contains(r.log.String(), words) {
			t.Errorf("%q is not in the log: %s", words, r.log)
		}
	}
}

// FuzzUpdate: whatever Telegram sends, it is read or left out, and what is read is whole.
func FuzzUpdate(f *testing.F) {
	for _, seed := range []string{
		`{"update_id":1,"message":{"message_id":1,"date":1,"from":{"id":7},"chat":{"id":7,"type":"private"},"text":"/digest tech"}}`,
		`{"update_id":2,"message":{"message_id":1,"date":1,"from":{"id":7},"chat":{"id":-7,"type":"group"},"text":"mute 2","reply_to_message":{"from":{"id":9},"text":"x","entities":[{"type":"text_link","url":"https://a.example"}],"reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b^c"}]]}}}}`,
		`{"update_id":3,"callback_query":{"id":"5","from":{"id":7},"data":"a=b","message":{"message_id":1,"date":0,"chat":{"id":7,"type":"private"}}}}`,
		`{"update_id":4,"my_chat_member":{"chat":{"id":-1,"type":"channel"},"from":{"id":7},"old_chat_member":{"status":"left"},"new_chat_member":{"status":"administrator","can_post_messages":true}}}`,
		`{"update_id":5,"message":{"message_id":1,"date":1,"from":{"id":7},"chat":{"id":7,"type":"private"},"caption":"x","document":{"file_id":"f","file_name":"a.opml","file_size":9}}}`,
		`{"update_id":6,"message":{"chat":{"id":-1,"type":"group"},"migrate_to_chat_id":-2}}`,
		`{"message":{"reply_to_message":null,"entities":null}}`, `[]`, `null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var u update
		if json.Unmarshal(body, &u) != nil {
			return
		}
		r, ok := u.request(user{ID: 9, Username: "paper_bot"}, time.Now())
		if !ok {
			return
		}
		if r.Kind == "" || r.Chat.Channel == "" || !json.Valid(r.Native) {
			t.Fatalf("%+v", r)
		}
		if _, err := readNative(r); err != nil {
			t.Fatal(err)
		}
	})
}
