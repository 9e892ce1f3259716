package desk

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

// TestMeet: a new chat reads its client's language where the starter set has enough of
// it.
func TestMeet(t *testing.T) {
	w := newWorld(t)
	w.starter = nil
	for _, host := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		s := w.source(host+".example", "World")
		s.Language = map[bool]string{true: "de", false: "fr"}[host < "6"]
		w.starter = append(w.starter, s)
	}
	w.live()
	for client, want := range map[string]string{"de": "de", "fr": "en", "xx": "en", "": "en"} {
		c, err := w.Meet(t.Context(), digest.Address{Platform: digest.Telegram, Channel: "1" + client}, "en", client, w.now)
		if err != nil || !slices.Equal(c.Settings.Reads, []string{want}) {
			t.Errorf("client %q reads %v, %v", client, c.Settings.Reads, err)
		}
	}
	if diff := cmp.Diff([]string{"de", "fr"}, w.Languages()); diff != "" {
		t.Error(diff)
	}
}

// TestBack: a chat that was gone is back when it speaks.
func TestBack(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	w.daily(c, 8)
	if err := w.Lose(t.Context(), c.ID, "blocked", start); err != nil {
		t.Fatal(err)
	}
	if c, err := w.Change(t.Context(), c.ID, func(*digest.Chat) error { return nil }); err != nil || len(c.Counted) != 0 {
		t.Errorf("a chat that is gone follows %v, %v", c.Counted, err)
	}
	w.walk(26 * time.Hour)
	if got := w.states(); len(got) != 0 {
		t.Errorf("slots of a chat that is gone: %v", got)
	}
	c = w.meet(private)
	if c.Gone != "" || len(c.Counted) == 0 || !c.Subscriptions[0].Next.At.After(w.now) {
		t.Errorf("back: %+v", c)
	}
}

// TestMove: a chat stays itself at another address.
func TestMove(t *testing.T) {
	w := newWorld(t)
	c := w.meet(crowd)
	to := digest.Address{Platform: digest.Telegram, Channel: "-100"}
	for range 2 {
		if err := w.Move(t.Context(), crowd, to); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Move(t.Context(), digest.Address{Platform: digest.Telegram, Channel: "-5"}, to); err != nil {
		t.Fatal(err)
	}
	for _, at := range []digest.Address{crowd, to} {
		if got, ok, err := w.Chat(t.Context(), at); err != nil || !ok || got.ID != c.ID || got.Address != to {
			t.Errorf("at %v: %+v, %v, %v", at, got, ok, err)
		}
	}
}

// TestSetStarter: with another starter set the same chats follow other sources.
func TestSetStarter(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	if diff := cmp.Diff([]string{"World", "Technology"}, w.Topics()); diff != "" {
		t.Error(diff)
	}
	w.walk(time.Minute)
	hits := w.sites["a.example"].count()
	if err := w.SetStarter(t.Context(), []digest.Source{w.source("b.example", "World"), w.source("c.example", "World")}); err != nil {
		t.Fatal(err)
	}
	c = w.chat(c)
	if diff := cmp.Diff([]digest.SourceID(c.Counted), w.Follows(c)); diff != "" || len(c.Counted) != 2 {
		t.Errorf("counted %v: %s", c.Counted, diff)
	}
	w.walk(2 * time.Hour)
	if got := w.sites["a.example"].count(); got != hits || w.sites["c.example"].count() == 0 {
		t.Errorf("%d more polls of the source that left, %d of the one that came", got-hits, w.sites["c.example"].count())
	}
}

// TestLearn: a starter source of unknown language is everybody's until its feed tells it,
// also after the next start.
func TestLearn(t *testing.T) {
	w := newWorld(t)
	w.starter[0] = w.source("c.example", "World")
	w.starter[0].Language = ""
	w.live()
	w.meet(private)
	french := digest.Chat{AllTopics: true, Settings: digest.Settings{Reads: []string{"fr"}}}
	if got := w.Follows(french); !slices.Equal(got, []digest.SourceID{w.starter[0].ID}) {
		t.Errorf("before: %v", got)
	}
	w.walk(time.Minute)
	for range 2 {
		if got := w.Languages(); !slices.Equal(got, []string{"en"}) {
			t.Errorf("languages %v", got)
		}
		if got := w.Follows(digest.Chat{AllTopics: true, Settings: digest.Settings{Reads: []string{"en"}}}); len(got) != 2 {
			t.Errorf("after: %v", got)
		}
		if s := w.starters()[0]; s.Language != "en" {
			t.Errorf("the feed's language is %q", s.Language)
		}
		w.live()
	}
}

func TestSubscriptions(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	first := w.daily(c, 8)
	again, made, err := w.Subscribe(t.Context(), c.ID, digest.Subscription{Schedule: everyDay(8)}, w.now)
	if err != nil || made || again.ID != first.ID {
		t.Errorf("the same again: %+v, %v, %v", again, made, err)
	}
	w.daily(c, 9, 10, 11)
	if _, _, err := w.Subscribe(t.Context(), c.ID, digest.Subscription{Schedule: everyDay(12)}, w.now); reason(err) != TooManyDigests {
		t.Errorf("the fifth a day: %v", err)
	}
	if _, err := w.Reschedule(t.Context(), c.ID, first.Ordinal, everyDay(8, 9), w.now); reason(err) != TooManyDigests {
		t.Errorf("five a day by another schedule: %v", err)
	}
	sub, err := w.Reschedule(t.Context(), c.ID, first.Ordinal, everyDay(7), w.now) // it is 07:00
	if err != nil || sub.Next.Local != "2026-03-03T07:00" || sub.ID != first.ID {
		t.Errorf("rescheduled %+v, %v", sub, err)
	}
	if sub, err = w.Unsubscribe(t.Context(), c.ID, first.Ordinal, w.now); err != nil || sub.Stopped.IsZero() {
		t.Errorf("stopped %+v, %v", sub, err)
	}
	if _, err := w.Unsubscribe(t.Context(), c.ID, first.Ordinal, w.now); reason(err) != NoSuchDigest {
		t.Errorf("stopped twice: %v", err)
	}
	if _, err := w.Reschedule(t.Context(), c.ID, first.Ordinal, everyDay(8), w.now); reason(err) != NoSuchDigest {
		t.Errorf("rescheduled when stopped: %v", err)
	}
	for range 2 {
		if sub, err = w.Resubscribe(t.Context(), c.ID, first.Ordinal, w.now); err != nil || sub.ID != first.ID || !sub.Stopped.IsZero() || sub.Next.IsZero() {
			t.Errorf("undone %+v, %v", sub, err)
		}
	}
	w.Unsubscribe(t.Context(), c.ID, first.Ordinal, w.now)
	fresh := w.daily(c, 8)
	if fresh.ID == first.ID || fresh.Ordinal != 3 {
		t.Errorf("a new one has the id of an old one: %+v", fresh)
	}
	if _, err := w.Resubscribe(t.Context(), c.ID, first.Ordinal, w.now); reason(err) != TooManyDigests {
		t.Errorf("undone above the limit: %v", err)
	}
	if _, err := w.Resubscribe(t.Context(), c.ID, 9, w.now); reason(err) != NoSuchDigest {
		t.Errorf("undone what never was: %v", err)
	}
	if _, _, err := w.Subscribe(t.Context(), c.ID, digest.Subscription{Schedule: digest.Schedule{Days: digest.On(time.Monday), Times: []int{1}, Zone: "No/Where"}}, w.now); err == nil {
		t.Error("a zone nobody knows is no error")
	}
}

// TestRescheduled: a schedule that is changed while its digest is being composed is kept.
func TestRescheduled(t *testing.T) {
	c := digest.Chat{Subscriptions: []digest.Subscription{{Ordinal: 1, Schedule: everyDay(9), Next: digest.Slot{Local: "2026-03-02T09:00", At: start.Add(2 * time.Hour)}}}}
	reached := digest.Slot{Local: "2026-03-02T08:00", At: start.Add(time.Hour)}
	next := digest.Slot{Local: "2026-03-03T08:00", At: start.Add(25 * time.Hour)}
	advance(&c, 1, reached, next)
	if got := c.Subscriptions[0].Next.Local; got != "2026-03-02T09:00" {
		t.Errorf("waits for %s", got)
	}
	advance(&c, 1, c.Subscriptions[0].Next, next)
	if got := c.Subscriptions[0].Next; got != next {
		t.Errorf("waits for %v", got)
	}
	advance(&c, 7, reached, next)
}

// TestInbox: a request is recorded once, waits until it is handled, and the cursor is kept.
func TestInbox(t *testing.T) {
	w := newWorld(t)
	in := []Incoming{{ID: "1", Body: []byte(`{}`), At: start}, {ID: "2", Body: []byte(`{}`), At: start}}
	for i, want := range []int{2, 0} {
		fresh, err := w.Accept(t.Context(), "", digest.Telegram, in, "cursor")
		if err != nil || len(fresh) != want {
			t.Errorf("accepted %d at time %d, %v", len(fresh), i+1, err)
		}
	}
	if err := w.Handled(t.Context(), "", digest.Telegram, "1"); err != nil {
		t.Fatal(err)
	}
	w.live()
	waiting, err := w.Waiting(t.Context())
	if err != nil || len(waiting) != 1 || waiting[0].ID != "2" {
		t.Errorf("waiting %v, %v", waiting, err)
	}
	if c, err := w.Cursor(t.Context(), digest.Telegram); err != nil || c != "cursor" {
		t.Errorf("cursor %q, %v", c, err)
	}
}

// TestNoTwoAlike: a chat has no two subscriptions that bring the same at the same time, in
// whatever way the second would come about.
func TestNoTwoAlike(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	order := func(s digest.Subscription) digest.Subscription {
		t.Helper()
		sub, made, err := w.Subscribe(t.Context(), c.ID, s, w.now)
		if err != nil || !made {
			t.Fatalf("%+v made %t, %v", s, made, err)
		}
		return sub
	}
	first := order(digest.Subscription{Schedule: everyDay(8)})
	science := order(digest.Subscription{Schedule: everyDay(8), Topic: "Science"})
	late := order(digest.Subscription{Schedule: everyDay(9)})
	if _, err := w.Amend(t.Context(), c.ID, science.Ordinal, func(s *digest.Subscription) { s.Topic = "" }); reason(err) != SameDigest {
		t.Errorf("another topic: %v", err)
	}
	if _, err := w.Reschedule(t.Context(), c.ID, late.Ordinal, everyDay(8), w.now); reason(err) != SameDigest {
		t.Errorf("another time: %v", err)
	}
	if _, err := w.Unsubscribe(t.Context(), c.ID, first.Ordinal, w.now); err != nil {
		t.Fatal(err)
	}
	order(digest.Subscription{Schedule: everyDay(8)})
	if _, err := w.Resubscribe(t.Context(), c.ID, first.Ordinal, w.now); reason(err) != SameDigest {
		t.Errorf("brought back: %v", err)
	}
}

// TestOrderWhilePaused: a digest ordered while everything rests comes; the others go on
// resting.
func TestOrderWhilePaused(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	first, _, err := w.Subscribe(t.Context(), c.ID, digest.Subscription{Schedule: everyDay(8)}, w.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.PauseAll(t.Context(), c.ID, true, w.now); err != nil {
		t.Fatal(err)
	}
	second, _, err := w.Subscribe(t.Context(), c.ID, digest.Subscription{Schedule: everyDay(9)}, w.now)
	if err != nil {
		t.Fatal(err)
	}
	c, err = w.store.Chat(t.Context(), c.ID)
	if err != nil || c.Paused || !c.Subscription(first.Ordinal).Resting(w.now) || c.Subscription(second.Ordinal).Resting(w.now) {
		t.Errorf("%+v, %v", c, err)
	}
}
