package telegram

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"newsdigest/bot"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/digest"
)

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

// channel is a Telegram with a channel that user 1 made and 2 and 3 administer, of whom 3
// may not post.
func channel(t *testing.T) (r *rig, at digest.Address) {
	const id = -1000000000009
	r = newRig(t, faketelegram.Options{})
	r.fake.AddChat(faketelegram.Chat{ID: id, Type: "channel", Title: "Harbor news", Username: "harbor_news"})
	r.fake.SetStatus(id, 1, "creator")
	r.fake.SetAdmin(id, 2)
	r.fake.SetAdmin(id, 3)
	r.fake.Mute(id, 3)
	return r, group(id, 0)
}

func TestResolve(t *testing.T) {
	r, want := channel(t)
	r.fake.AddChat(faketelegram.Chat{ID: 7, Type: "private", FirstName: "Anna"})
	for _, name := range []string{"@harbor_news", "harbor_news", " @Harbor_News ", "https://t.me/harbor_news", "t.me/harbor_news/", want.Channel} {
		at, title, err := r.Resolve(t.Context(), name)
		if err != nil || at != want || title != "Harbor news" {
			t.Errorf("%q: %v %q %v", name, at, title, err)
		}
	}
	for _, name := range []string{"", "@nobody_there", "@a", "#news", "7", "-5", "@harbor_news/12", "https://example.org/harbor_news", "@harbor news"} {
		if at, _, err := r.Resolve(t.Context(), name); !errors.Is(err, bot.ErrNoPlace) {
			t.Errorf("%q: %v %v", name, at, err)
		}
	}
	r.fake.Fail(faketelegram.BadGateway("getChat"))
	if _, _, err := r.Resolve(t.Context(), "@harbor_news"); err == nil || errors.Is(err, bot.ErrNoPlace) {
		t.Errorf("unclear: %v", err)
	}
}

// TestRightsElsewhere: rights in a channel that somebody speaks about in a private chat.
func TestRightsElsewhere(t *testing.T) {
	r, at := channel(t)
	ask := func(user string) bot.Rights {
		t.Helper()
		got, err := r.Rights(t.Context(), bot.Request{Chat: at, Place: privateChat(user), User: user, Private: true})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for user, want := range map[string]bool{"1": true, "2": true, "3": false, "4": false} {
		if got := ask(user); got.Manage != want || got.Missing != nil {
			t.Errorf("user %s: %+v", user, got)
		}
	}
	r.fake.Mute(-1000000000009, faketelegram.BotID)
	if got := ask("1"); !got.Manage || !slices.Equal(got.Missing, []string{lacksPosting}) {
		t.Errorf("the bot may not post: %+v", got)
	}
	page := r.page(says("news"))
	_, err := r.Send(t.Context(), at, page, digest.Attempt{})
	checkFault(t, r, err, digest.Gone, 0)
	r.fake.SetStatus(-1000000000009, faketelegram.BotID, "left")
	if got := ask("1"); got.Manage || !slices.Equal(got.Missing, []string{lacksPosting}) {
		t.Errorf("the bot is not there: %+v", got)
	}
	r.fake.Fail(faketelegram.BadGateway("getChatAdministrators"))
	if got, err := r.Rights(t.Context(), bot.Request{Chat: at, Place: privateChat("1"), User: "1"}); err == nil || got.Manage {
		t.Errorf("unclear: %+v %v", got, err)
	}
}

func TestPermits(t *testing.T) {
	const club = -500
	r, posts := channel(t)
	r.fake.AddChat(faketelegram.Chat{ID: club, Type: "supergroup", Title: "Harbor club"})
	for _, c := range []struct{ status, want string }{
		{"member", ""}, {"administrator", ""}, {"left", lacksMembership}, {"restricted", lacksSending},
	} {
		r.fake.SetStatus(club, faketelegram.BotID, c.status)
		missing, err := r.Permits(t.Context(), group(club, 0))
		if got := strings.Join(missing, ", "); err != nil || got != c.want {
			t.Errorf("%s: %q %v, want %q", c.status, got, err, c.want)
		}
	}
	if missing, err := r.Permits(t.Context(), posts); err != nil || missing != nil {
		t.Errorf("channel: %q %v", missing, err)
	}
	r.fake.Mute(-1000000000009, faketelegram.BotID)
	if missing, err := r.Permits(t.Context(), posts); err != nil || !slices.Equal(missing, []string{lacksPosting}) {
		t.Errorf("channel, may not post: %q %v", missing, err)
	}
}
