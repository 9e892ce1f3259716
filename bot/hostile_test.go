package bot

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

// furnished is somebody's chat with something of everything in it.
func (w *world) furnished(t testing.TB, r Request) digest.Chat {
	t.Helper()
	for _, ask := range []Request{typed(r, "digest"), typed(r, "subscribe daily at 8 UTC"), typed(r, "follow 1"), typed(r, "mute football"), typed(r, "sources add http://odd.example/front")} {
		w.hand(t, ask)
	}
	c, _, err := w.desk.Chat(t.Context(), r.Chat)
	if err != nil || len(c.Subscriptions)*len(c.Mutes)*len(c.Followed) == 0 {
		t.Fatalf("%+v, %v", c, err)
	}
	return c
}

// hand hands a request in and waits until it is answered.
func (w *world) hand(t testing.TB, r Request) []Reply {
	t.Helper()
	w.n++
	r.ID, r.At = "h"+strings.Repeat("i", w.n%7)+string(rune('a'+w.n%26))+r.Command+string(rune(0x100+w.n%0x5000)), now
	if err := w.Accept(t.Context(), r.Platform, []Request{r}, ""); err != nil {
		t.Fatal(err)
	}
	w.Wait()
	return w.replies(r.ID)
}

// FuzzAction: whatever a press or a form says, on any platform, it ends with an answer and
// without a panic, and changes nothing in the chat of somebody else.
func FuzzAction(f *testing.F) {
	w := newWorld(f, Access{})
	owner, stranger := private("7"), "8"
	before := w.furnished(f, owner)
	sub := string(before.Subscriptions[0].ID)
	args := []string{"", "1", "2", "-1", "99999999999999999999", "a:b:c", sub, sub + ":1", string(before.LastEdition) + ":1", string(before.LastEdition) + ":99",
		"s:" + string(before.Followed[0].Story), "zone:Europe/Berlin", "*@0800", "*@0800@Asia/Tokyo", "on", "off", "all", "erase", "yes"}
	for i, name := range slices.Sorted(maps.Keys(actions())) {
		for j := range 3 {
			arg := args[(3*i+j)%len(args)]
			f.Add(name+":"+arg, "x", (i+j)%3 == 0, uint8(i+j), uint8(j))
			f.Add(name+":"+arg+chatMark+string(before.ID), arg, (i+j)%2 == 0, uint8(i+j), uint8(j+1))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(questions)) {
		f.Add(name+":"+sub, "8:30", false, uint8(0), uint8(2))
	}
	f.Fuzz(func(t *testing.T, action, value string, toggled bool, platform, how uint8) {
		if strings.Contains(action+value, ".") {
			t.Skip("it may name a host, and nothing leaves the computer")
		}
		r := private(stranger)
		if how%2 == 1 {
			r = group("6") // who may manage nothing
		}
		r.Platform = []digest.Platform{digest.Telegram, digest.Discord, digest.Console}[platform%3]
		r.Place.Platform, r.Chat.Platform = r.Platform, r.Platform
		r = press(r, action)
		if r.Values, r.Toggled = []string{value}, toggled; how >= 2 && how < 4 {
			r = form(r, action, value)
		}
		w.log.Reset()
		for _, reply := range w.hand(t, r) {
			w.note(t, reply)
		}
		if log := w.log.String(); strings.Contains(log, "panic") {
			t.Fatalf("%q, %q: %s", action, value, log)
		}
		after, _, err := w.desk.Chat(t.Context(), owner.Chat)
		if d := cmp.Diff(before, after); d != "" || err != nil {
			t.Fatalf("%q, %q: the chat of somebody else changed: %v\n%s", action, value, err, d)
		}
	})
}
