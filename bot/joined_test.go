package bot

import (
	"testing"

	"newsdigest/digest"
)

// A group that had thrown the bot out gets its digest again once it is back.
func TestBackInGroup(t *testing.T) {
	w := newWorld(t, Access{})
	gone := func() string {
		t.Helper()
		c, ok, err := w.desk.Chat(t.Context(), group("").Chat)
		if err != nil || !ok {
			t.Fatalf("no chat: %v", err)
		}
		return c.Gone
	}
	w.do(t, typed(group("boss"), "topics"))
	for _, c := range []struct {
		kind Kind
		gone bool
	}{{Left, true}, {Joined, false}} {
		w.do(t, Request{Platform: digest.Telegram, Kind: c.kind, Chat: group("").Chat, Place: group("").Place})
		if why := gone(); (why != "") != c.gone {
			t.Errorf("%s: gone %q", c.kind, why)
		}
	}
}
