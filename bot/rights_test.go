package bot

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/store"
)

// TestFormRights: a form that names a channel changes it only for those who run it.
func TestFormRights(t *testing.T) {
	w := newWorld(t, Access{})
	w.last(t, options(channelOf("boss", "#forms"), "subscribe", "when", "8:00 Berlin"))
	before := w.keptChat(t, channelOf("boss", "#forms"))
	for action, words := range map[string]string{
		"zone": "Tokyo", "when:world:b": "daily 9", "retime:1": "daily 9", "quiet": "22-7", "source": "http://odd.example/front",
	} {
		w.last(t, form(server("6"), action+chatMark+string(before.ID), words))
		if d := cmp.Diff(before, w.keptChat(t, channelOf("boss", "#forms"))); d != "" {
			t.Errorf("a member's form %q changed the channel:\n%s", action, d)
			before = w.keptChat(t, channelOf("boss", "#forms"))
		}
	}
}

// TestPagesOfOthers: nobody turns pages for a group: what a member opens stays new to it.
func TestPagesOfOthers(t *testing.T) {
	w := newWorld(t, Access{})
	c := mustMeet(t, w, group("boss"))
	e := digest.Edition{ID: "paged", Chat: c.ID, At: now, Slot: digest.Slot{Local: "2026-11-22T08:00", At: now}, Language: "en"}
	for i := range 7 {
		e.Stories = append(e.Stories, digest.EditionStory{Story: digest.StoryID(strconv.Itoa(i)), Headline: "One"})
	}
	kept, err := store.Open(t.Context(), w.engine)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kept.PutEdition(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	w.last(t, press(group("6"), "more:paged:2"))
	if seen := w.keptChat(t, group("boss")).Seen; len(seen) > 0 {
		t.Errorf("a member's press marks %d stories as seen", len(seen))
	}
}

// TestOtherServer: a menu's value cannot name a channel of another server.
func TestOtherServer(t *testing.T) {
	w := newWorld(t, Access{})
	w.desk.SetMessenger(digest.Discord, mute{}, desk.Rate{})
	theirs := channelOf("boss", "#theirs")
	before := mustMeet(t, w, theirs)
	forged := theirs
	forged.Server, forged.Chat.Server, forged.Place.Server, forged.ChatName = "10", "10", "10", "mine"
	for _, r := range []Request{press(forged, "setup:channel:*@0800"), options(forged, "settings", "length", "brief")} {
		if got := w.last(t, r); words(got)[0] != "This button belongs to an older message." {
			t.Errorf("%q", words(got))
		}
	}
	if d := cmp.Diff(before, w.keptChat(t, theirs)); d != "" {
		t.Errorf("another server's channel changed:\n%s", d)
	}
}
