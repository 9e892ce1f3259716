package bot

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

// tried is what somebody may try who does not manage a chat, as words and as buttons of
// whoever does.
var (
	triedWords = []string{"subscribe daily at 9", "unsubscribe 1", "topics none", "sources add http://ledger.example/", "sources remove ledger",
		"settings length brief", "settings time zone Tokyo", "settings quiet 22-7", "mute football", "follow 1"}
	triedPresses = []string{"sub:*@0800::", "undo:sub:1", "undo:stop:1", "subs:1:stop", "subs:1:pause:7", "subs:pause", "when:1:*@2000", "zone:Asia/Tokyo",
		"settings:length:brief", "settings:pause", "topics:world", "do:cancel", "drop:abc", "import:"}
)

// Somebody who does not manage a group or a channel changes nothing of it, whatever they
// say or press, with forged buttons too.
func TestRefusedChangesNothing(t *testing.T) {
	for _, c := range []struct {
		name string
		of   func(user string) Request
	}{
		{"group", group},
		{"channel", func(user string) Request { return channelOf(user, "#news") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, Access{})
			w.readNews(t)
			w.do(t, typed(c.of("boss"), "subscribe daily at 8 Berlin"))
			before := w.chat(t, c.of("boss"))
			if len(before.Subscriptions) != 1 {
				t.Fatalf("%d subscriptions", len(before.Subscriptions))
			}
			for _, line := range triedWords {
				w.do(t, typed(c.of("66"), line))
			}
			for _, action := range triedPresses {
				w.do(t, press(c.of("66"), action))
				w.do(t, press(private("66"), action+"~"+string(before.ID)))
			}
			if diff := cmp.Diff(before, w.chat(t, c.of("boss"))); diff != "" {
				t.Errorf("it was changed:\n%s", diff)
			}
			w.do(t, typed(c.of("boss"), "topics none"))
			if cmp.Equal(before, w.chat(t, c.of("boss"))) {
				t.Error("whoever manages it changes nothing either")
			}
		})
	}
}

// chat is the chat that a request is about.
func (w *world) chat(t *testing.T, r Request) digest.Chat {
	t.Helper()
	chat, _, err := w.desk.Chat(t.Context(), r.Chat)
	if err != nil {
		t.Fatal(err)
	}
	return chat
}
