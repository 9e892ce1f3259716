package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"newsdigest/bot/desk"
	"newsdigest/digest"
)

// later is a request of so much later.
func later(r Request, d time.Duration) Request {
	r.At = now.Add(d)
	return r
}

// A source that stops answering says so in the list and in the settings; after a week it
// is paused, and it comes back when somebody tries it.
func TestSourceStates(t *testing.T) {
	const day = 24 * time.Hour
	w := newWorld(t, Access{})
	w.readNews(t)
	me := private("21")
	w.converse(t, []exchange{
		{say: typed(me, "topics none"), want: "Your digest covers your own sources only.", buttons: "Done"},
		{say: typed(me, "sources add http://bare.example/"), want: "I found no feed on bare.example."},
		{say: typed(me, "sources add http://gone.example/"), want: "gone.example did not answer. Try again later."},
		{say: typed(me, "sources add http://odd.example/closed"), want: "odd.example did not let me read that page."},
	})
	added := w.last(t, typed(me, "sources add http://odd.example/flaky.xml"))
	if got := words(added)[0]; got != "Added Flaky Post." {
		t.Fatalf("%q", got)
	}
	id := strings.TrimPrefix(button(t, added, "Undo"), "undo:added:")
	flaky.Store(true)
	defer flaky.Store(false)
	other := strings.TrimPrefix(button(t, w.last(t, typed(me, "sources add http://odd.example/feed.xml")), "Undo"), "undo:added:")
	const under = "Add | Remove | Export OPML"
	retry := press(me, "retry:"+id)
	w.converse(t, []exchange{
		{say: later(retry, day), want: "Flaky Post still does not answer.", buttons: "Try again | Remove"},
		{say: later(typed(me, "sources"), day), want: "You have 2 sources:\n1. Flaky Post – has not answered since 13:05\n2. Odd Post – not read yet\n", buttons: under},
		{say: later(typed(me, "settings"), day), want: "Your settings\nTime zone: not set, so UTC\nLanguage: English\nLanguages of the news: English\n" +
			"Length: Standard: two sentences\nQuiet hours: none\nSources: 2, 1 not answering", buttons: panel},
		{say: later(press(me, "retry:"+other), 8*day), want: "Odd Post answers again."},
		{say: later(retry, 8*day), want: "Flaky Post still does not answer.", buttons: "Try again | Remove"},
		{say: later(typed(me, "sources"), 8*day), want: "You have 2 sources:\n1. Flaky Post – paused, has not answered since Mon 23 Nov 13:05\n", buttons: under},
	})
	flaky.Store(false)
	w.converse(t, []exchange{{say: later(retry, 9*day), want: "Flaky Post answers again."}})
}

// Two imports at once, and more sources than a chat can have.
func TestSourcesAreFull(t *testing.T) {
	w := newWorld(t, Access{})
	w.platform.files = sentFiles()
	w.platform.files["flaky.opml"] = `<opml version="2.0"><body><outline type="rss" text="Flaky Post" xmlUrl="http://odd.example/flaky.xml"/></body></opml>`
	me := private("23")
	offer := w.last(t, file(me, "flaky.opml"))
	w.last(t, typed(me, "sources add http://odd.example/flaky.xml"))
	taken := w.last(t, press(me, button(t, offer, "Import 1 feed")))
	if got := strings.Join(words(taken), "\n"); !strings.Contains(got, "already") {
		t.Errorf("%q", got)
	}
	w.last(t, press(me, button(t, w.last(t, file(me, "many.opml")), "Import 99 feeds")))
	w.converse(t, []exchange{
		{say: typed(me, "sources add http://odd.example/feed.xml"), want: "You have 100 sources"},
		{say: typed(me, "sources remove flaky"), want: "Removed Flaky Post.", buttons: "Undo"},
	})
	offer = w.last(t, file(me, "feeds.opml"))
	w.last(t, typed(me, "sources add http://odd.example/flaky.xml"))
	full := w.last(t, press(me, button(t, offer, "Import 1 feed")))
	if got := strings.Join(words(full), "\n"); !strings.Contains(got, "100") {
		t.Errorf("%q", got)
	}
}

// A digest between its times tells what is new, five stories at once, and none twice.
func TestPostNowAgain(t *testing.T) {
	w := newWorld(t, Access{})
	w.desk.SetMessenger(digest.Discord, mute{}, desk.Rate{})
	w.readNews(t)
	boss := server("boss")
	panel := w.last(t, press(channelOf("boss", "#harbor"), "setup:channel:1@0900"))
	panel = w.last(t, choose(t, channelOf("boss", "#harbor"), panel, "Berlin, 14:05 now"))
	started := w.last(t, press(boss, button(t, panel, "Start")))
	again := press(boss, button(t, started, "Post one now"))
	for i, want := range []string{"It is on its way.", "It is on its way.", "There is nothing new to post right now."} {
		if got := words(w.last(t, later(again, time.Duration(i)*time.Minute))); !slices.Equal(got, []string{want}) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// mute is a platform that every page can go to, for when nothing is sent.
type mute struct{ desk.Messenger }

// Pages implements desk.Messenger.
func (mute) Pages(digest.Post) []digest.Page { return make([]digest.Page, 1) }
