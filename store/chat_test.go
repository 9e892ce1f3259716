package store

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

func TestCreateChatKeepsTheFirst(t *testing.T) {
	s := newStore(t)
	first := addChat(t, s, 1)
	again := testChat(1)
	again.Settings.Zone = "Europe/Berlin"
	if got := must[digest.Chat](t)(s.CreateChat(t.Context(), again)); got.Settings.Zone != "" {
		t.Errorf("the second creation changed the chat: %+v", got)
	}
	got, found, err := s.ChatAt(t.Context(), first.Address)
	if d := cmp.Diff(first, got); d != "" || !found || err != nil {
		t.Errorf("chat at its address: %t, %v\n%s", found, err, d)
	}
	if _, found, err := s.ChatAt(t.Context(), testChat(2).Address); found || err != nil {
		t.Errorf("chat at an unknown address: %t, %v", found, err)
	}
}

// TestAddressMoves: an old address still leads to the chat; one that another chat had
// leads to the chat that moved there.
func TestAddressMoves(t *testing.T) {
	s := newStore(t)
	old, other := addChat(t, s, 1), addChat(t, s, 2)
	move := func(c *digest.Chat) error { c.Address = other.Address; return nil }
	must[digest.Chat](t)(s.UpdateChat(t.Context(), old.ID, move))
	for _, a := range []digest.Address{old.Address, other.Address} {
		if c, found, err := s.ChatAt(t.Context(), a); c.ID != old.ID || !found || err != nil {
			t.Errorf("chat at %v: %s, %t, %v; want %s", a, c.ID, found, err, old.ID)
		}
		if c := must[digest.Chat](t)(s.CreateChat(t.Context(), digest.NewChat(a, "en", nil, start))); c.ID != old.ID {
			t.Errorf("creation at %v made %s", a, c.ID)
		}
	}
	check(t, s.DeleteChat(t.Context(), old.ID))
	if c := must[digest.Chat](t)(s.CreateChat(t.Context(), testChat(2))); c.ID != other.ID {
		t.Errorf("after the mover was deleted its address leads to %s", c.ID)
	}
	if c, found, err := s.ChatAt(t.Context(), other.Address); c.ID != other.ID || !found || err != nil {
		t.Errorf("chat at %v: %s, %t, %v", other.Address, c.ID, found, err)
	}
}

func TestUpdateChatErrors(t *testing.T) {
	s := newStore(t)
	c := addChat(t, s, 1)
	_, err := s.UpdateChat(t.Context(), c.ID, func(c *digest.Chat) error { c.Settings.Zone = "UTC"; return errCut })
	if !errors.Is(err, errCut) {
		t.Errorf("update: %v; want the function's error", err)
	}
	if d := cmp.Diff(c, must[digest.Chat](t)(s.Chat(t.Context(), c.ID))); d != "" {
		t.Errorf("a refused change was kept:\n%s", d)
	}
	_, err = s.UpdateChat(t.Context(), "nobody", func(*digest.Chat) error { return nil })
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("update of an unknown chat: %v; want ErrNotFound", err)
	}
}

// TestUpdateChatCountsToTheLimit: changes at the same time do not pass a limit that each of
// them checks.
func TestUpdateChatCountsToTheLimit(t *testing.T) {
	s := newStore(t)
	c := addChat(t, s, 1)
	var wg sync.WaitGroup
	for n := range digest.MaxSources + 20 {
		wg.Go(func() {
			_, err := s.UpdateChat(t.Context(), c.ID, func(c *digest.Chat) error {
				if len(c.Own) == digest.MaxSources {
					return errCut
				}
				c.Own = append(c.Own, testSource(n).ID)
				return nil
			})
			if err != nil && !errors.Is(err, errCut) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := must[digest.Chat](t)(s.Chat(t.Context(), c.ID)); len(got.Own) != digest.MaxSources {
		t.Errorf("%d sources, limit %d", len(got.Own), digest.MaxSources)
	}
}

// TestSubscriptionsDue follows one subscription through its life.
func TestSubscriptionsDue(t *testing.T) {
	s := newStore(t)
	c := addChat(t, s, 1)
	for _, step := range []struct {
		name   string
		change func(c *digest.Chat)
		due    bool
	}{
		{"subscribed", func(c *digest.Chat) { c.Subscriptions = []digest.Subscription{subscription(*c, 7, start)} }, true},
		{"stopped", func(c *digest.Chat) { c.Subscriptions[0].Stopped = start }, false},
		{"undone", func(c *digest.Chat) { c.Subscriptions[0].Stopped = time.Time{} }, true},
		{"chat gone", func(c *digest.Chat) { c.Gone = "blocked" }, false},
		{"chat back", func(c *digest.Chat) { c.Gone = "" }, true},
		{"later", func(c *digest.Chat) { c.Subscriptions[0].Next = slotAt(start.Add(time.Hour)) }, false},
		{"earlier", func(c *digest.Chat) { c.Subscriptions[0].Next = slotAt(start.Add(-time.Hour)) }, true},
		{"no slot", func(c *digest.Chat) { c.Subscriptions[0].Next = digest.Slot{} }, false},
		{"removed", func(c *digest.Chat) { c.Subscriptions = nil }, false},
	} {
		got := must[digest.Chat](t)(s.UpdateChat(t.Context(), c.ID, func(c *digest.Chat) error { step.change(c); return nil }))
		due := must[[]DueSubscription](t)(s.DueSubscriptions(t.Context(), start, 10))
		want := []DueSubscription{}
		if step.due {
			want = append(want, DueSubscription{Chat: c.ID, Ordinal: 7, At: got.Subscriptions[0].Next.At})
		}
		if d := cmp.Diff(want, due); d != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, d)
		}
	}
}

func TestFollowersWakeASource(t *testing.T) {
	s := newStore(t)
	src := testSource(1)
	check(t, s.PutSource(t.Context(), src))
	chats := []digest.Chat{addChat(t, s, 1), addChat(t, s, 2)}
	count := func(n int, ids ...digest.SourceID) {
		t.Helper()
		must[digest.Chat](t)(s.UpdateChat(t.Context(), chats[n].ID, func(c *digest.Chat) error { c.Counted = ids; return nil }))
	}
	state := func(followers int, next string) {
		t.Helper()
		n, err := s.Followers(t.Context(), src.ID)
		at, ok, err2 := s.NextSource(t.Context())
		got := "never"
		if ok {
			got = at.Format(time.DateTime)
		}
		if n != followers || got != next || err != nil || err2 != nil {
			t.Errorf("%d followers, next poll %s, %v, %v; want %d and %s", n, got, err, err2, followers, next)
		}
	}
	state(0, "never")
	count(0, src.ID, src.ID)
	state(1, "1970-01-01 00:00:00")
	due := must[[]digest.SourceID](t)(s.DueSources(t.Context(), start, 10))
	if len(due) != 1 || due[0] != src.ID {
		t.Errorf("due: %v", due)
	}
	src.Fetch = digest.Fetch{LastTry: start, Next: start.Add(time.Hour)}
	check(t, s.SavePoll(t.Context(), Poll{Source: src}))
	count(1, src.ID)
	state(2, "2026-03-02 09:00:00")
	check(t, s.RestSource(t.Context(), src.ID, start)) // followed: stays
	count(0)
	count(1)
	state(0, "2026-03-02 09:00:00")
	count(1, src.ID) // back before its time: the publisher's pause holds
	state(1, "2026-03-02 09:00:00")
	count(1)
	check(t, s.RestSource(t.Context(), src.ID, start))
	state(0, "never")
	count(1, src.ID)
	state(1, "1970-01-01 00:00:00")
}

// TestFollowersBeforeTheSource: a source that is followed before it is known is due as
// soon as it is.
func TestFollowersBeforeTheSource(t *testing.T) {
	s := newStore(t)
	c := testChat(1)
	c.Counted = []digest.SourceID{testSource(1).ID}
	must[digest.Chat](t)(s.CreateChat(t.Context(), c))
	check(t, s.PutSource(t.Context(), testSource(1)))
	if _, ok, err := s.NextSource(t.Context()); !ok || err != nil {
		t.Errorf("next source: %t, %v", ok, err)
	}
}

// TestManySources: counting more sources than fit into an update goes on over several,
// and what was cut off can be repeated.
func TestManySources(t *testing.T) {
	e := openEngine(t)
	var ids []digest.SourceID
	for n := range 3*countedAtOnce + 50 {
		ids = append(ids, testSource(n).ID)
	}
	c := testChat(1)
	c.Counted = ids
	s := openStore(t, e)
	got := must[digest.Chat](t)(s.CreateChat(t.Context(), c))
	if !sameSources(got.Counted, ids) || must[Stats](t)(s.Stats(t.Context())).Sources != len(ids) {
		t.Errorf("%d counted, %d followed, want %d", len(got.Counted), must[Stats](t)(s.Stats(t.Context())).Sources, len(ids))
	}
	cut := &Store{kv: &cutOff{Engine: e, left: 2}}
	none := func(c *digest.Chat) error { c.Counted = nil; return nil }
	if _, err := cut.UpdateChat(t.Context(), c.ID, none); !errors.Is(err, errCut) {
		t.Errorf("cut off: %v", err)
	}
	got = must[digest.Chat](t)(s.Chat(t.Context(), c.ID))
	if n := must[Stats](t)(s.Stats(t.Context())).Sources; n != len(got.Counted) || n != len(ids)-2*countedAtOnce {
		t.Errorf("after the cut %d counted, %d followed", len(got.Counted), n)
	}
	check(t, s.DeleteChat(t.Context(), c.ID))
	if n := must[Stats](t)(s.Stats(t.Context())).Sources; n != 0 {
		t.Errorf("%d sources followed by nobody", n)
	}
}

func TestDeleteChatLeavesNothing(t *testing.T) {
	e := openEngine(t)
	s := openStore(t, e)
	fillEveryKind(t, s)
	for n := range 250 { // more than one update's worth
		id := digest.NewEditionID(testChat(1).ID, fmt.Sprint(n))
		must[digest.Edition](t)(s.PutEdition(t.Context(), digest.Edition{ID: id, Chat: testChat(1).ID, At: start}))
	}
	check(t, s.DeleteChat(t.Context(), testChat(1).ID))
	check(t, s.DeleteChat(t.Context(), testChat(1).ID)) // again: nothing to do
	for k, v := range dump(t, e) {
		for _, mine := range []string{"addr/", "chat/", "own/", "due/sub", "due/delivery", "sending/", "edition/", "delivery/", "followers/"} {
			if strings.HasPrefix(k, mine) || strings.Contains(v, string(testChat(1).ID)) {
				t.Errorf("left: %s", k)
			}
		}
	}
	_, err := s.FileDelivery(t.Context(), testDelivery(testChat(1), start), digest.Edition{}, func(*digest.Chat) {})
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("filing for a deleted chat: %v; want ErrNotFound", err)
	}
}
