package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

// subscribed is a chat with a subscription due at start.
func subscribed(t *testing.T, s *Store) digest.Chat {
	t.Helper()
	c := addChat(t, s, 1)
	return must[digest.Chat](t)(s.UpdateChat(t.Context(), c.ID, func(c *digest.Chat) error {
		c.Subscriptions = []digest.Subscription{subscription(*c, 1, start)}
		return nil
	}))
}

func nextDay(c *digest.Chat) { c.Subscriptions[0].Next = slotAt(start.AddDate(0, 0, 1)) }

// TestFileDeliveryOnce: a slot filed twice is one delivery with the first content, and
// the subscription waits for the next slot either way.
func TestFileDeliveryOnce(t *testing.T) {
	s := newStore(t)
	c := subscribed(t, s)
	d := testDelivery(c, start)
	first := digest.Edition{ID: digest.NewEditionID(c.ID, d.Slot.Local), Chat: c.ID, At: start, Topic: "first"}
	second := first
	second.Topic = "second"
	if filed := must[bool](t)(s.FileDelivery(t.Context(), d, first, nextDay)); !filed {
		t.Error("not filed")
	}
	// As after a crash that lost nothing but the knowledge of it.
	must[digest.Chat](t)(s.UpdateChat(t.Context(), c.ID, func(c *digest.Chat) error { c.Subscriptions[0].Next = slotAt(start); return nil }))
	again := d
	again.Reason = "again"
	if filed := must[bool](t)(s.FileDelivery(t.Context(), again, second, nextDay)); filed {
		t.Error("filed a second time")
	}
	if got := must[digest.Delivery](t)(s.Delivery(t.Context(), d.ID)); got.Reason != "" {
		t.Error("the delivery was replaced")
	}
	if got := must[digest.Edition](t)(s.Edition(t.Context(), first.ID)); got.Topic != "first" {
		t.Error("the edition was replaced")
	}
	if got := must[digest.Edition](t)(s.PutEdition(t.Context(), second)); got.Topic != "first" {
		t.Error("PutEdition returned the edition that was not stored")
	}
	if at, ok, err := s.NextSubscription(t.Context()); !ok || !at.Equal(start.AddDate(0, 0, 1)) || err != nil {
		t.Errorf("next subscription %v, %t, %v", at, ok, err)
	}
}

// dueDeliveriesOf are the deliveries to a platform that are due at now.
func dueDeliveriesOf(t *testing.T, s *Store, p digest.Platform, now time.Time) []digest.Delivery {
	t.Helper()
	var out []digest.Delivery
	for _, id := range must[[]digest.DeliveryID](t)(s.DueDeliveries(t.Context(), p, now, 10)) {
		d, due, err := s.DueDelivery(t.Context(), id, now)
		if err != nil || !due {
			t.Fatal(id, due, err)
		}
		out = append(out, d)
	}
	return out
}

// TestDeliveryStates follows a delivery through the indexes.
func TestDeliveryStates(t *testing.T) {
	s := newStore(t)
	c := subscribed(t, s)
	d := testDelivery(c, start)
	d.Shown = []digest.Shown{{Story: "story", Facts: digest.Facts{1, 2}}}
	d.Pages = []digest.PageDelivery{{State: digest.Ready, Page: digest.Page{Variants: []digest.Variant{{Kind: digest.Rich, Payload: []byte(`"page"`)}}}}}
	must[bool](t)(s.FileDelivery(t.Context(), d, digest.Edition{}, nextDay))
	state := func(due, unsettled int) {
		t.Helper()
		gotDue := dueDeliveriesOf(t, s, d.Platform, start.Add(time.Minute))
		gotUnsettled := must[[]digest.Delivery](t)(s.UnsettledDeliveries(t.Context(), func(digest.DeliveryID) bool { return false }))
		_, next, err := s.NextDelivery(t.Context(), d.Platform)
		if len(gotDue) != due || len(gotUnsettled) != unsettled || next != (due > 0) || err != nil {
			t.Errorf("%s: %d due, %d unsettled, next %t, %v; want %d and %d", d.State, len(gotDue), len(gotUnsettled), next, err, due, unsettled)
		}
	}
	state(1, 0)
	d = d.Begin(start)
	check(t, s.SaveDelivery(t.Context(), d, nil))
	state(0, 1)
	d = d.Next(digest.Outcome{Fault: digest.NotSent}, start)
	check(t, s.SaveDelivery(t.Context(), d, nil))
	state(1, 0)
	check(t, s.SaveDelivery(t.Context(), d.Begin(start), nil))
	d = d.Next(digest.Outcome{}, start)
	check(t, s.SaveDelivery(t.Context(), d, func(c *digest.Chat) {
		c.Seen = map[digest.StoryID]digest.Seen{"story": {At: start}}
		c.LastSent = start
	}))
	state(0, 0)
	if d := cmp.Diff(d, must[digest.Delivery](t)(s.Delivery(t.Context(), d.ID))); d != "" {
		t.Errorf("delivery (-want +got):\n%s", d)
	}
	if got := must[digest.Chat](t)(s.Chat(t.Context(), c.ID)); got.Seen["story"].At != start || got.LastSent != start {
		t.Errorf("the chat was not marked: %+v", got)
	}
	n := 0
	for _, err := range s.Deliveries(t.Context()) {
		check(t, err)
		n++
	}
	if n != 1 {
		t.Errorf("%d deliveries", n)
	}
}

func TestSaveDeliveryOfDeletedChat(t *testing.T) {
	s := newStore(t)
	c := subscribed(t, s)
	d := testDelivery(c, start)
	must[bool](t)(s.FileDelivery(t.Context(), d, digest.Edition{}, nextDay))
	check(t, s.DeleteChat(t.Context(), c.ID))
	if err := s.SaveDelivery(t.Context(), d, func(*digest.Chat) {}); !errors.Is(err, ErrNotFound) {
		t.Errorf("save: %v; want ErrNotFound", err)
	}
}

func ids(in []Incoming) (out []string) {
	for _, m := range in {
		out = append(out, m.ID)
	}
	return out
}

func TestInbox(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	message := func(n int) Incoming {
		return Incoming{ID: fmt.Sprint(n), Body: []byte(fmt.Sprintf(`{"n":%d}`, n)), At: start.Add(time.Duration(n) * time.Second)}
	}
	accept := func(cursor string, want []string, in ...Incoming) {
		t.Helper()
		got := must[[]Incoming](t)(s.Accept(ctx, digest.Telegram, in, cursor))
		if d := cmp.Diff(want, ids(got)); d != "" {
			t.Errorf("new messages (-want +got):\n%s", d)
		}
	}
	accept("11", []string{"9", "10"}, message(9), message(10))
	check(t, s.Handled(ctx, digest.Telegram, "9"))
	check(t, s.Handled(ctx, digest.Telegram, "9"))
	check(t, s.Handled(ctx, digest.Telegram, "never came"))
	accept("12", []string{"11"}, message(9), message(10), message(11))
	accept("", nil)
	if cursor := must[string](t)(s.Cursor(ctx, digest.Telegram)); cursor != "12" {
		t.Errorf("cursor %q", cursor)
	}
	if cursor := must[string](t)(s.Cursor(ctx, digest.Discord)); cursor != "" {
		t.Errorf("cursor of a platform that never had one: %q", cursor)
	}
	// The same id on another platform is another message.
	if got := must[[]Incoming](t)(s.Accept(ctx, digest.Discord, []Incoming{message(9)}, "")); len(got) != 1 || got[0].Platform != digest.Discord {
		t.Errorf("new on Discord: %+v", got)
	}
	waiting := must[[]Incoming](t)(s.Waiting(ctx))
	if d := cmp.Diff([]string{"9", "10", "11"}, ids(waiting)); d != "" || string(waiting[1].Body) != `{"n":10}` {
		t.Errorf("waiting %s (-want +got):\n%s", waiting[1].Body, d)
	}
}

// TestAcceptCursorNeverBeforeMessages: cut off between two updates, the cursor still
// leads the platform to bring the rest.
func TestAcceptCursorNeverBeforeMessages(t *testing.T) {
	e := openEngine(t)
	s := openStore(t, e)
	var in []Incoming
	for n := range incomingAtOnce + 50 {
		in = append(in, Incoming{ID: fmt.Sprint(n), Body: []byte("{}"), At: start})
	}
	cut := &Store{kv: &cutOff{Engine: e, left: 1}}
	if _, err := cut.Accept(t.Context(), digest.Telegram, in, "end"); !errors.Is(err, errCut) {
		t.Errorf("cut off: %v", err)
	}
	if cursor := must[string](t)(s.Cursor(t.Context(), digest.Telegram)); cursor != "" {
		t.Errorf("cursor %q after the cut", cursor)
	}
	if got := must[[]Incoming](t)(s.Accept(t.Context(), digest.Telegram, in, "end")); len(got) != 50 {
		t.Errorf("%d new in the repeat, want 50", len(got))
	}
	if n := len(must[[]Incoming](t)(s.Waiting(t.Context()))); n != len(in) {
		t.Errorf("%d waiting of %d", n, len(in))
	}
}
