package bot

import (
	"encoding/json"
	"strings"
	"testing"

	"newsdigest/digest"
	"newsdigest/store"
)

// mentions are the keys of the rows in which a text occurs.
func (w *world) mentions(t *testing.T, what string) []string {
	t.Helper()
	var out []string
	for p, err := range w.engine.Scan(t.Context(), []byte{0}, []byte{0xff}) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(p.Key), what) || strings.Contains(string(p.Value), what) {
			out = append(out, string(p.Key))
		}
	}
	return out
}

// Somebody sees all that is kept about them, and deletes it: then their id occurs nowhere,
// what they ordered for others goes on, and they are a stranger again.
func TestPrivacy(t *testing.T) {
	for _, me := range []Request{private("777000111222"), server("777000111222")} {
		t.Run(string(me.Platform), func(t *testing.T) {
			w := newWorld(t, Access{})
			w.platform.boss = me.User
			shared := group(me.User)
			if me.Platform == digest.Discord {
				shared = channelOf(me.User, "#news")
				me.Private, me.Server, me.Place = true, "", me.Chat
			}
			w.live(t, me, shared)
			w.exported(t, me)
			w.erased(t, me, shared)
		})
	}
}

// live leaves traces of every kind.
func (w *world) live(t *testing.T, me, shared Request) {
	t.Helper()
	for _, r := range []Request{
		typed(me, "subscribe 8:00 Berlin"), typed(me, "settings quiet 22-7"), typed(me, "digest"),
		typed(me, "mute football"), typed(me, "follow 1"), typed(me, "feedback too long"),
		typed(me, "settings time zone"), typed(shared, "subscribe 9:00 Berlin"), typed(shared, "settings time zone"),
	} {
		w.do(t, r)
	}
}

func (w *world) exported(t *testing.T, me Request) {
	t.Helper()
	menu := w.last(t, typed(me, "privacy"))
	if labels(menu) != "Export my data | Delete my data | Policy" {
		t.Fatalf("privacy: %q", labels(menu))
	}
	got := w.last(t, press(me, button(t, menu, "Export my data")))
	if got.Post.File == nil || words(got)[0] != "This is everything I keep about you." {
		t.Fatalf("export: %q", words(got))
	}
	var p store.Person
	if err := json.Unmarshal(got.Post.File.Body, &p); err != nil {
		t.Fatal(err)
	}
	if p.User != me.User || len(p.Ordered) != 1 || len(p.Waiting) != 1 {
		t.Errorf("export of %s: %d orders, %d waiting", p.User, len(p.Ordered), len(p.Waiting))
	}
	all := string(got.Post.File.Body)
	for _, kind := range []string{`"chat/`, `"addr/`, `"edition/`, `"feedback/`, "Berlin", "football"} {
		if !strings.Contains(all, kind) {
			t.Errorf("the export has no %s", kind)
		}
	}
	for _, key := range w.mentions(t, me.User) {
		if p.Rows[key] == nil && !strings.HasPrefix(key, "chat/") {
			t.Errorf("the export leaves out %s", key)
		}
	}
	if got := w.last(t, typed(me, "export")); got.Post.File == nil {
		t.Errorf("/export: %q", words(got))
	}
}

func (w *world) erased(t *testing.T, me, shared Request) {
	t.Helper()
	sure := w.last(t, typed(me, "delete_my_data"))
	if labels(sure) != "Delete everything | Keep it" || !strings.HasPrefix(words(sure)[0], "This deletes your settings") {
		t.Fatalf("delete: %q, %q", words(sure), labels(sure))
	}
	if got := w.last(t, press(me, button(t, sure, "Keep it"))); labels(got) != "Export my data | Delete my data | Policy" {
		t.Errorf("keep it: %q", words(got))
	}
	if got := w.last(t, press(me, "privacy:policy")); labels(got) != "Back" {
		t.Errorf("policy: %q", words(got))
	}
	got := w.last(t, press(me, button(t, w.last(t, press(me, "privacy:erase")), "Delete everything")))
	if words(got)[0] != "Deleted. I keep nothing about you." {
		t.Fatalf("deleted: %q", words(got))
	}
	if left := w.mentions(t, me.User); len(left) > 0 {
		t.Errorf("the id is still in %q", left)
	}
	if _, ok, err := w.desk.Chat(t.Context(), me.Chat); ok || err != nil {
		t.Errorf("the chat is still there: %v", err)
	}
	if chat, _, err := w.desk.Chat(t.Context(), shared.Chat); err != nil || len(chat.Active()) != 1 || chat.Active()[0].By != "" {
		t.Errorf("what was ordered for others: %+v, %v", chat.Active(), err)
	}
	if got := words(w.last(t, typed(me, "settings"))); !strings.Contains(strings.Join(got, "\n"), "Time zone: not set") {
		t.Errorf("a stranger has settings: %q", got)
	}
}

// In a group, nothing about anybody is shown.
func TestPrivacyInGroup(t *testing.T) {
	w := newWorld(t, Access{})
	for _, r := range []Request{typed(group("6"), "privacy"), typed(group("6"), "export"), typed(group("6"), "delete_my_data"), press(group("6"), "privacy:erase-all")} {
		if got := w.last(t, r); !strings.HasPrefix(words(got)[0], "Others read along here.") || labels(got) != "Open private chat" {
			t.Errorf("%s%s: %q", r.Command, r.Action, words(got))
		}
	}
	if got := words(w.last(t, press(private("6"), "privacy:nonsense"))); got[0] != "This button belongs to an older message." {
		t.Errorf("%q", got)
	}
}
