package store

import (
	"testing"
	"time"

	"newsdigest/digest"
)

// TestRestored: of what was due or on its way nothing is sent, what comes later is, and
// feeds are read in full.
func TestRestored(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	c := subscribed(t, s) // due at start
	later := addChat(t, s, 2)
	must[digest.Chat](t)(s.UpdateChat(ctx, later.ID, func(c *digest.Chat) error {
		c.Subscriptions = []digest.Subscription{subscription(*c, 1, start.AddDate(0, 0, 2))}
		return nil
	}))
	way := testDelivery(c, start.AddDate(0, 0, -1))
	must[bool](t)(s.FileDelivery(ctx, way, digest.Edition{}, func(c *digest.Chat) {}))
	src := digest.Source{ID: digest.NewSourceID("http://a.example/feed"), URL: "http://a.example/feed",
		Fetch: digest.Fetch{ETag: "x", LastModified: "y", BodyHash: "z", LastSuccess: start}}
	if err := s.PutSource(ctx, src); err != nil {
		t.Fatal(err)
	}
	must[[]Incoming](t)(s.Accept(ctx, "console", []Incoming{{ID: "1", At: start}}, "7"))

	now := start.Add(time.Hour)
	r := must[Restoration](t)(s.Restored(ctx, now))
	if r != (Restoration{Chats: 2, Suppressed: 2}) {
		t.Errorf("%+v", r)
	}
	if again := must[Restoration](t)(s.Restored(ctx, now)); again.Suppressed != 0 {
		t.Errorf("a second time: %+v", again)
	}
	if due := dueDeliveriesOf(t, s, way.Platform, now.AddDate(1, 0, 0)); len(due) > 0 {
		t.Errorf("still to be sent: %+v", due)
	}
	for _, id := range []digest.DeliveryID{way.ID, digest.NewDeliveryID(c.ID, c.Subscriptions[0].ID, slotAt(start))} {
		if d := must[digest.Delivery](t)(s.Delivery(ctx, id)); d.State != digest.Suppressed {
			t.Errorf("delivery of %s is %s", d.Slot.Local, d.State)
		}
	}
	got := must[digest.Chat](t)(s.Chat(ctx, c.ID))
	if next := got.Subscriptions[0].Next.At; !next.After(now) || !got.Restored.Equal(now) || len(got.Pending) > 0 {
		t.Errorf("next %v, restored %v, pending %v", next, got.Restored, got.Pending)
	}
	if due := must[[]DueSubscription](t)(s.DueSubscriptions(ctx, now, 9)); len(due) > 0 {
		t.Errorf("due at once: %v", due)
	}
	if got := must[digest.Chat](t)(s.Chat(ctx, later.ID)); !got.Subscriptions[0].Next.At.Equal(start.AddDate(0, 0, 2)) {
		t.Errorf("what is due later moved: %v", got.Subscriptions[0].Next)
	}
	if f := must[digest.Source](t)(s.Source(ctx, src.ID)).Fetch; f.ETag+f.LastModified+f.BodyHash != "" || !f.LastSuccess.Equal(start) {
		t.Errorf("%+v", f)
	}
	if left := must[[]Incoming](t)(s.Waiting(ctx)); len(left) > 0 {
		t.Errorf("messages of then are still answered: %v", left)
	}
	if cursor := must[string](t)(s.Cursor(ctx, "console")); cursor != "7" {
		t.Errorf("cursor %q", cursor)
	}
}
