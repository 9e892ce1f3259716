package telegram

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/bot/texts"
)

// sets counts the calls that change what Telegram shows of the bot.
func sets(r *rig) (n int) {
	for _, c := range r.fake.Calls("") {
		if strings.HasPrefix(c.Method, "set") {
			n++
		}
	}
	return n
}

func TestRegister(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	if err := r.register(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := sets(r)
	if err := r.register(t.Context()); err != nil || sets(r) != first {
		t.Errorf("%d changes in the second round: %v", sets(r)-first, err)
	}
	for scope, want := range map[string]string{
		"all_private_chats":       "digest subscribe subscriptions topics sources search follow mute settings privacy help",
		"all_group_chats":         "digest article search help",
		"all_chat_administrators": "digest subscribe subscriptions topics sources settings help",
		"default":                 "digest help",
	} {
		for _, language := range texts.Languages {
			if language == texts.English {
				language = ""
			}
			var names []string
			for _, c := range r.fake.Commands(scope, language) {
				names = append(names, c.Command)
				if c.Description == "" || utf8.RuneCountInString(c.Description) > 256 {
					t.Errorf("%s %q: description %q", scope, language, c.Description)
				}
			}
			if diff := cmp.Diff(want, strings.Join(names, " ")); diff != "" {
				t.Errorf("%s %q: %s", scope, language, diff)
			}
		}
	}
	if r.fake.Description("") == "" || r.fake.ShortDescription("") == "" {
		t.Error("no descriptions")
	}
}

// TestRegisterWaits: a Telegram that asks for patience gets it, and updates are polled in
// the meantime.
func TestRegisterWaits(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	r.fake.Fail(faketelegram.Flood("setMyCommands", 1))
	in := newInbox()
	r.listen(t, in)
	r.fake.Say(7, 7, "/start")
	in.nth(t, 1)
	r.wait(t, "menu button", func(l *faketelegram.Ledger) bool { return len(l.Calls("setChatMenuButton")) == 1 })
	if len(r.fake.Commands("default", "")) == 0 || strings.Contains(r.log.String(), "not registered") {
		t.Errorf("not registered: %s", r.log)
	}
}

// TestRegisterOperators: those who run the bot find one command more in their chat, and
// nobody else does.
func TestRegisterOperators(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	r.operators = []string{"7"}
	for range 2 {
		if err := r.register(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, language := range []string{"", "de"} {
		list := r.fake.Commands("chat:7:", language)
		if len(list) == 0 || list[len(list)-1].Command != "operator" || list[0].Command != "digest" {
			t.Errorf("%q: %+v", language, list)
		}
	}
	for _, c := range r.fake.Commands("all_private_chats", "") {
		if c.Command == "operator" {
			t.Error("everybody is shown it")
		}
	}
}
