package desk

import (
	"testing"
	"time"

	"newsdigest/digest"
)

// A notice comes once for its key, silently, and not when it is a day late; the chat's
// digests go on as if it were not there.
func TestNotifyOnce(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	told := func(key string) {
		t.Helper()
		n := digest.Notice{Key: key, Kind: digest.SourceNotice, SourceName: key, At: w.now}
		if err := w.notify(t.Context(), w.chat(c), n); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		told("harbour")
		w.walk(time.Minute)
		told("harbour")
	}
	w.live()
	told("harbour")
	told("ledger")
	w.walk(time.Minute)
	got := w.telegram.messages()
	if len(got) != 2 || got[0].text != "rich 1: source harbour" || !got[0].silent || got[1].text != "rich 1: source ledger" {
		t.Fatalf("%+v", got)
	}
	if c := w.chat(c); !c.LastSent.IsZero() || c.LastEdition != "" || len(c.Pending) > 0 {
		t.Errorf("a notice counts as a digest: %+v", c)
	}
	w.telegram.fate = func(int, digest.Address, digest.Attempt) (bool, error) { return false, sendError(digest.Shut) }
	told("late")
	w.walk(noticeLife + time.Hour)
	for _, d := range w.deliveries() {
		if d.Silent && d.State != digest.Sent && d.State != digest.Expired {
			t.Errorf("%s: %s", d.ID, d.State)
		}
	}
}

// However the program is killed, a notice that was called for until it was filed arrives
// once.
func TestNotifyUnderKill(t *testing.T) {
	for kill := range int64(6) {
		w := newWorld(t)
		c := w.meet(person)
		n := digest.Notice{Key: "k", Kind: digest.SourceNotice, SourceName: "x", At: w.now}
		w.engine.left.Store(kill)
		for range 2 {
			w.notify(t.Context(), c, n)
			w.walk(time.Minute)
			w.live()
		}
		w.walk(time.Minute)
		if got := w.discord.messages(); len(got) != 1 {
			t.Errorf("killed after %d writes: %d messages", kill, len(got))
		}
	}
}
