package faketelegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call posts a form, parameters as name, value, name, value ...
func call(t *testing.T, s *Server, method string, pairs ...string) reply {
	t.Helper()
	r, err := try(s, http.DefaultClient, method, pairs...)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return r
}

func try(s *Server, client *http.Client, method string, pairs ...string) (r reply, err error) {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	resp, err := client.PostForm(s.URL()+"/bot"+s.Token()+"/"+method, form)
	if err != nil {
		return r, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(body, &r)
}

func TestSendAndEdit(t *testing.T) {
	s := New(t, Options{Prefix: "/telegram"})
	if r := call(t, s, "sendMessage", "chat_id", "7", "text", "hi"); r.Description != "Bad Request: chat not found" {
		t.Errorf("unknown chat: %+v", r)
	}
	s.Say(7, 7, "/start")
	r := call(t, s, "sendMessage", "chat_id", "7", "parse_mode", "HTML", "text", "<b>1. A &amp; B</b>",
		"link_preview_options", `{"is_disabled":true}`,
		"reply_markup", `{"inline_keyboard":[[{"text":"More","callback_data":"more"}]]}`)
	if !r.OK {
		t.Fatalf("send: %+v", r)
	}
	m := s.Messages(7)[0]
	want := Message{
		ID: 2, Chat: 7, At: m.At, Text: "1. A & B", Source: "<b>1. A &amp; B</b>", HTML: true,
		Entities: []Entity{{Type: "bold", Length: 8}}, Buttons: [][]Button{{{Label: "More", Data: "more"}}},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
	edit := []string{"chat_id", "7", "message_id", "2", "text", "Page 2"}
	if r := call(t, s, "editMessageText", edit...); !r.OK {
		t.Errorf("edit: %+v", r)
	}
	if r := call(t, s, "editMessageText", edit...); !strings.Contains(r.Description, "message is not modified") {
		t.Errorf("same edit: %+v", r)
	}
	if m := s.Messages(7)[0]; m.Text != "Page 2" || m.Edits != 1 || m.Buttons != nil {
		t.Errorf("edited: %+v", m)
	}
	if r := call(t, s, "editMessageText", "chat_id", "7", "message_id", "1", "text", "x"); r.Description != "Bad Request: message can't be edited" {
		t.Errorf("edit of a user's message: %+v", r)
	}
}

func TestRefusals(t *testing.T) {
	const group = -42
	s := New(t, Options{Tolerant: true})
	s.Say(7, 7, "/start")
	s.Say(group, 7, "/digest")
	s.AddThread(-1000000000099, 3)
	s.CloseThread(-1000000000099, 4)
	long := strings.Repeat("é", 4096)
	tests := []struct {
		name, want string
		pairs      []string
	}{
		{"empty", "Bad Request: message text is empty", []string{"text", " \n"}},
		{"empty after parsing", "Bad Request: message text is empty", []string{"text", "<b></b>", "parse_mode", "HTML"}},
		{"longest", "", []string{"text", long}},
		{"longest, with markup", "", []string{"text", "<i>" + long + "</i>", "parse_mode", "HTML"}},
		{"too long", "Bad Request: message is too long", []string{"text", long + "é"}},
		{"far too long", "Bad Request: text is too long", []string{"text", strings.Repeat("é", 1<<14) + "x"}},
		{"data of 64 bytes", "", []string{"text", "x", "reply_markup", keyboard(strings.Repeat("a", 64))}},
		{"data of 65 bytes", "Bad Request: BUTTON_DATA_INVALID", []string{"text", "x", "reply_markup", keyboard(strings.Repeat("a", 65))}},
		{"no data", "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
			[]string{"text", "x", "reply_markup", keyboard("")}},
		{"reply to nothing", "Bad Request: message to be replied not found", []string{"text", "x", "reply_parameters", `{"message_id":99}`}},
		{"reply to nothing, anyway", "", []string{"text", "x", "reply_parameters", `{"message_id":99,"allow_sending_without_reply":true}`}},
		{"no thread", "Bad Request: message thread not found", []string{"text", "x", "chat_id", "-1000000000099", "message_thread_id", "9"}},
		{"thread", "", []string{"text", "x", "chat_id", "-1000000000099", "message_thread_id", "3"}},
		{"closed thread", "Bad Request: TOPIC_CLOSED", []string{"text", "x", "chat_id", "-1000000000099", "message_thread_id", "4"}},
	}
	for _, test := range tests {
		r := call(t, s, "sendMessage", append([]string{"chat_id", "7"}, test.pairs...)...)
		if r.Description != test.want {
			t.Errorf("%s: %q, want %q", test.name, r.Description, test.want)
		}
	}
	s.Restrict(group)
	if r := call(t, s, "sendMessage", "chat_id", "-42", "text", "x"); r.Code != 400 || !strings.Contains(r.Description, "not enough rights") {
		t.Errorf("restricted: %+v", r)
	}
	s.Leave(group, 7)
	if r := call(t, s, "sendMessage", "chat_id", "-42", "text", "x"); r.Code != 403 || r.Description != "Forbidden: bot was kicked from the group chat" {
		t.Errorf("kicked: %+v", r)
	}
	s.Leave(7, 7)
	if r := call(t, s, "sendMessage", "chat_id", "7", "text", "x"); r.Description != "Forbidden: bot was blocked by the user" {
		t.Errorf("blocked: %+v", r)
	}
	s.Say(-43, 7, "/digest")
	to := s.Migrate(-43)
	if r := call(t, s, "sendMessage", "chat_id", "-43", "text", "x"); r.Code != 400 || r.Parameters.MigrateTo != to {
		t.Errorf("moved: %+v", r)
	}
	s.Revoke()
	if r := call(t, s, "getMe"); r.Code != 401 {
		t.Errorf("revoked: %+v", r)
	}
}

func keyboard(data string) string {
	return fmt.Sprintf(`{"inline_keyboard":[[{"text":"More","callback_data":%q}]]}`, data)
}

func TestUpdates(t *testing.T) {
	s := New(t, Options{})
	s.Say(7, 7, "/start")
	s.Say(7, 7, "/digest")
	ids := func(pairs ...string) (out []int64) {
		var updates []struct {
			ID int64 `json:"update_id"`
		}
		r := call(t, s, "getUpdates", pairs...)
		if err := json.Unmarshal(r.Result, &updates); err != nil {
			t.Fatal(err)
		}
		for _, u := range updates {
			out = append(out, u.ID)
		}
		return out
	}
	steps := []struct {
		name  string
		pairs []string
		want  []int64
	}{
		{"all", nil, []int64{5001, 5002}},
		{"again, nothing was confirmed", nil, []int64{5001, 5002}},
		{"limit", []string{"limit", "1"}, []int64{5001}},
		{"the first is confirmed", []string{"offset", "5002"}, []int64{5002}},
		{"far ahead counts as none", []string{"offset", "9999"}, []int64{5002}},
		{"the second is confirmed", []string{"offset", "5003", "allowed_updates", `["callback_query"]`}, nil},
	}
	for _, step := range steps {
		if diff := cmp.Diff(step.want, ids(step.pairs...)); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}
	s.Say(7, 7, "not asked for")
	if s.Pending() != 0 {
		t.Error("a kind of update that was not asked for was queued")
	}
}

func TestSecondPollEndsFirst(t *testing.T) {
	s := New(t, Options{})
	first := make(chan reply, 1)
	go func() {
		r, _ := try(s, http.DefaultClient, "getUpdates", "timeout", "50")
		first <- r
	}()
	polls := func(n int) func(*Ledger) bool {
		return func(l *Ledger) bool { return len(l.Calls("getUpdates")) == n }
	}
	if err := s.Wait(t.Context(), polls(1)); err != nil {
		t.Fatal(err)
	}
	second := make(chan reply, 1)
	go func() {
		r, _ := try(s, http.DefaultClient, "getUpdates", "timeout", "50")
		second <- r
	}()
	if r := <-first; r.Code != 409 {
		t.Errorf("first poll: %+v", r)
	}
	s.Say(7, 7, "/start")
	if r := <-second; !r.OK || !strings.Contains(string(r.Result), "/start") {
		t.Errorf("second poll: %+v", r)
	}
}

func TestPrivacyMode(t *testing.T) {
	const group = -42
	s := New(t, Options{})
	s.Say(group, 7, "good morning")
	s.Say(group, 7, "/digest@otherbot")
	if n := s.Pending(); n != 0 {
		t.Fatalf("%d updates that are none of the bot's business", n)
	}
	s.Say(group, 7, "/digest@Newsdigest_bot tech")
	s.Reply(group, 1, 7, "Berlin")
	s.SetAdmin(group, BotID)
	s.Say(group, 7, "good morning")
	if n := s.Pending(); n != 3 {
		t.Errorf("%d updates, want 3", n)
	}
}

func TestPresses(t *testing.T) {
	s := New(t, Options{Tolerant: true})
	s.Say(7, 7, "/start")
	call(t, s, "sendMessage", "chat_id", "7", "text", "x", "reply_markup", keyboard("more"))
	b, ok := s.Messages(7)[0].Find("More")
	if !ok || b.Data != "more" {
		t.Fatalf("button: %+v", b)
	}
	id := s.Press(7, 2, 7, b.Data)
	for range 2 {
		call(t, s, "answerCallbackQuery", "callback_query_id", id, "text", "done")
	}
	if p := s.Presses()[0]; len(p.Answers) != 2 || p.Answers[0].Text != "done" {
		t.Errorf("%+v", p)
	}
	if v := s.Violations(); len(v) != 1 || !strings.Contains(v[0], "answered twice") {
		t.Errorf("violations: %q", v)
	}
	if r := call(t, s, "answerCallbackQuery", "callback_query_id", "1"); !strings.Contains(r.Description, "query is too old") {
		t.Errorf("unknown press: %+v", r)
	}
}

func TestFaults(t *testing.T) {
	s := New(t, Options{Tolerant: true})
	s.Say(7, 7, "/start")
	send := func(text string) (reply, error) {
		return try(s, &http.Client{Timeout: 5 * time.Second}, "sendMessage", "chat_id", "7", "text", text)
	}
	s.Fail(Fault{Method: "sendMessage", Action: Drop})
	if _, err := send("dropped"); err == nil {
		t.Error("dropped: no error")
	}
	s.Fail(Fault{Method: "sendMessage", Action: Drop, Accept: true})
	if _, err := send("accepted"); err == nil {
		t.Error("accepted, then dropped: no error")
	}
	s.Fail(Fault{Method: "sendMessage", Action: Cut, Accept: true})
	if _, err := send("cut"); err == nil {
		t.Error("cut: no error")
	}
	s.Fail(BadGateway("sendMessage"))
	var syntax *json.SyntaxError
	if _, err := send("gateway"); !errors.As(err, &syntax) {
		t.Errorf("gateway: %v", err)
	}
	s.Fail(Flood("", 7))
	if r, _ := send("flood"); r.Code != 429 || r.Parameters.RetryAfter != 7 {
		t.Errorf("flood: %+v", r)
	}
	s.Fail(Fault{Method: "sendMessage", Skip: 1, Delay: time.Millisecond})
	send("well")
	send("late")
	var texts []string
	for _, m := range s.Messages(7) {
		texts = append(texts, m.Text)
	}
	if diff := cmp.Diff([]string{"accepted", "cut", "well", "late"}, texts); diff != "" {
		t.Error(diff)
	}
	s.Fail(Fault{Method: "sendMessage", Action: Silent, Times: -1})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, "POST", s.URL()+"/bot"+s.Token()+"/sendMessage", nil)
	if _, err := http.DefaultClient.Do(r); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("silent: %v", err)
	}
	s.Heal()
	s.Down()
	if _, err := send("down"); err == nil {
		t.Error("down: no error")
	}
	if err := s.Up(); err != nil {
		t.Fatal(err)
	}
	if r, err := send("up"); err != nil || !r.OK {
		t.Errorf("up: %+v %v", r, err)
	}
}

func TestFloodLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := NewHandler(Options{Limits: Published})
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: s.Transport()}
		send := func(chat int64) reply {
			r, err := try(s, client, "sendMessage", "chat_id", fmt.Sprint(chat), "text", "x")
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		const group = -42
		s.Say(group, 7, "/digest")
		for i := range 20 {
			if r := send(group); !r.OK {
				t.Fatalf("message %d to the group: %+v", i, r)
			}
			time.Sleep(time.Second)
		}
		if r := send(group); r.Parameters.RetryAfter != 40 {
			t.Errorf("21st in 20 s: %+v, want 40 s", r)
		}
		for chat := range int64(31) {
			s.Say(chat+1, chat+1, "/start")
			if r := send(chat + 1); r.OK != (chat < 30) {
				t.Errorf("message %d in one moment: %+v", chat+1, r)
			}
		}
		time.Sleep(time.Second)
		if r := send(1); !r.OK {
			t.Errorf("a second later: %+v", r)
		}
		if r := send(1); r.Parameters.RetryAfter != 1 {
			t.Errorf("two in one second: %+v", r)
		}
	})
}

func TestChecksAgainstDescription(t *testing.T) {
	s := New(t, Options{Specs: "testdata", Tolerant: true})
	s.Say(7, 7, "/start")
	tests := []struct {
		pairs []string
		want  []string
	}{
		{[]string{"chat_id", "7", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a"}]]}`}, nil},
		{[]string{"chat_id", "7"}, []string{"sendMessage: text is missing"}},
		{[]string{"chat_id", "7", "text", "x", "size", "1"}, []string{"sendMessage: size is unknown"}},
		{[]string{"chat_id", "7", "text", "x", "disable_notification", "yes"}, []string{"sendMessage.disable_notification: want Boolean"}},
		{[]string{"chat_id", "7", "text", "x", "reply_markup", `{"inline_keyboard":[[{"label":"a"}]]}`}, []string{
			"sendMessage.reply_markup.inline_keyboard[0][0]: label is unknown",
			"sendMessage.reply_markup.inline_keyboard[0][0]: text is missing"}},
		{[]string{"chat_id", "7", "text", "x", "disable_web_page_preview", "true"}, []string{
			"sendMessage: parameter disable_web_page_preview is retired", "sendMessage: disable_web_page_preview is unknown"}},
	}
	for _, test := range tests {
		before := len(s.Violations())
		call(t, s, "sendMessage", test.pairs...)
		if diff := cmp.Diff(test.want, append([]string(nil), s.Violations()[before:]...)); diff != "" {
			t.Errorf("%q: %s", test.pairs, diff)
		}
	}
	before := len(s.Violations())
	call(t, s, "sendCarrierPigeon")
	if v := s.Violations()[before:]; len(v) != 1 {
		t.Errorf("unknown method: %q", v)
	}
}

func TestJSONBody(t *testing.T) {
	s := New(t, Options{})
	s.Say(7, 7, "/start")
	body := `{"chat_id":7,"text":"from JSON","disable_notification":true,"reply_parameters":{"message_id":1},"entities":null}`
	resp, err := http.Post(s.URL()+"/bot"+s.Token()+"/sendMessage", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	m := s.Messages(7)[0]
	if m.Text != "from JSON" || !m.Silent || m.ReplyTo != 1 {
		t.Errorf("%+v", m)
	}
}

func TestBotTexts(t *testing.T) {
	s := New(t, Options{Tolerant: true})
	commands := `[{"command":"digest","description":"Get your digest now"}]`
	call(t, s, "setMyCommands", "commands", commands, "scope", `{"type":"all_group_chats"}`, "language_code", "de")
	if got := s.Commands("all_group_chats", "de"); len(got) != 1 || got[0].Command != "digest" {
		t.Errorf("%+v", got)
	}
	for _, bad := range []string{`[{"command":"Digest","description":"x"}]`, `[{"command":"digest","description":""}]`, `{}`} {
		if r := call(t, s, "setMyCommands", "commands", bad); r.OK {
			t.Errorf("%s was taken", bad)
		}
	}
	call(t, s, "setMyDescription", "description", "A short news digest")
	if got := s.Description(""); got != "A short news digest" {
		t.Error(got)
	}
	s.SetStatus(-42, 7, "creator")
	s.SetStatus(-42, 8, "member")
	for user, want := range map[string]string{"7": "creator", "8": "member"} {
		r := call(t, s, "getChatMember", "chat_id", "-42", "user_id", user)
		if !strings.Contains(string(r.Result), fmt.Sprintf(`"status":%q`, want)) {
			t.Errorf("%s: %s", user, r.Result)
		}
	}
}

func TestPlaces(t *testing.T) {
	const forum = -1000000000042
	s := New(t, Options{})
	s.Say(7, 7, "/start")
	s.AddChat(Chat{ID: forum, Type: "supergroup", Title: "Desk"})
	s.SetStatus(forum, 7, "creator")
	s.AddThread(forum, 3)
	steps := []struct {
		name, method string
		before       func()
		pairs        []string
		want         string // part of the description, or of the result
	}{
		{"chat", "getChat", nil, []string{"chat_id", "-1000000000042"}, `"is_forum":true`},
		{"administrators", "getChatAdministrators", nil, []string{"chat_id", "-1000000000042"}, `"status":"creator"`},
		{"of a private chat", "getChatAdministrators", nil, []string{"chat_id", "7"}, "no administrators"},
		{"typing", "sendChatAction", nil, []string{"chat_id", "7", "action", "typing"}, "true"},
		{"thinking", "sendChatAction", nil, []string{"chat_id", "7", "action", "thinking"}, "wrong parameter action"},
		{"thread dropped", "sendMessage", func() { s.DropThread(forum, 3) },
			[]string{"chat_id", "-1000000000042", "message_thread_id", "3", "text", "x"}, "message thread not found"},
		{"left", "leaveChat", nil, []string{"chat_id", "-1000000000042"}, "true"},
		{"after leaving", "sendMessage", nil, []string{"chat_id", "-1000000000042", "text", "x"}, "bot is not a member of the supergroup chat"},
		{"keyboard", "sendMessage", nil, []string{"chat_id", "7", "text", "x", "reply_markup", keyboard("a")}, `"message_id":2`},
		{"keyboard off", "editMessageReplyMarkup", nil, []string{"chat_id", "7", "message_id", "2"}, `"edit_date"`},
		{"keyboard off again", "editMessageReplyMarkup", nil, []string{"chat_id", "7", "message_id", "2"}, "message is not modified"},
		{"no file", "getFile", nil, []string{"file_id", "x"}, "wrong file_id"},
		{"deactivated", "sendMessage", func() { s.Deactivate(7) }, []string{"chat_id", "7", "text", "x"}, "user is deactivated"},
		{"forgotten", "sendMessage", func() { s.Forget(7) }, []string{"chat_id", "7", "text", "x"}, "chat not found"},
	}
	for _, step := range steps {
		if step.before != nil {
			step.before()
		}
		r := call(t, s, step.method, step.pairs...)
		if got := r.Description + string(r.Result); !strings.Contains(got, step.want) {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
}
