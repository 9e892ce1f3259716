package store

import (
	"errors"
	"testing"
	"time"

	"newsdigest/digest"
)

// TestRewind: what waits for a time that is too far off is let go on, and nothing else.
func TestRewind(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	far, near := start.AddDate(1, 0, 0), start.AddDate(0, 0, 6)
	for n, at := range []time.Time{far, near} {
		c := addChat(t, s, n+1)
		must[digest.Chat](t)(s.UpdateChat(ctx, c.ID, func(c *digest.Chat) error {
			c.Subscriptions = []digest.Subscription{subscription(*c, 1, at)}
			return nil
		}))
		d := testDelivery(c, start)
		d.NextAt = at
		must[bool](t)(s.FileDelivery(ctx, d, digest.Edition{}, func(*digest.Chat) {}))
		src := digest.Source{ID: digest.NewSourceID(at.String()), URL: "http://a.example/", Fetch: digest.Fetch{Next: at}}
		check(t, s.SavePoll(ctx, Poll{Source: src}))
	}
	c := addChat(t, s, 9)
	to := testDelivery(c, far.AddDate(0, 0, -3)).End(digest.Missed, "the clock was wrong", far)
	past := testDelivery(c, start.AddDate(0, 0, -3)).End(digest.Missed, "did not run", start)
	for _, d := range []digest.Delivery{to, past} {
		must[bool](t)(s.FileDelivery(ctx, d, digest.Edition{}, func(*digest.Chat) {}))
	}
	if n := must[int](t)(s.Rewind(ctx, start)); n != 3 {
		t.Errorf("%d waited too long, want 3", n)
	}
	if n := must[int](t)(s.Rewind(ctx, start)); n != 0 {
		t.Errorf("a second time %d", n)
	}
	if _, err := s.Delivery(ctx, to.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("missed before it came, and still recorded: %v", err)
	}
	if _, err := s.Delivery(ctx, past.ID); err != nil {
		t.Errorf("what was missed is forgotten: %v", err)
	}
	soon := start.AddDate(0, 0, 1)
	if due := must[[]DueSubscription](t)(s.DueSubscriptions(ctx, soon, 9)); len(due) != 1 {
		t.Errorf("subscriptions due in a day: %v", due)
	}
	if due := must[[]digest.SourceID](t)(s.DueSources(ctx, start, 9)); len(due) != 1 {
		t.Errorf("sources due: %v", due)
	}
	if due := dueDeliveriesOf(t, s, digest.Telegram, start); len(due) != 1 {
		t.Errorf("deliveries due: %v", due)
	}
}

// TestRewindPaused: what a pause sets off for more than a week stays where it is.
func TestRewindPaused(t *testing.T) {
	s := newStore(t)
	c := addChat(t, s, 1)
	sub := subscription(c, 1, start)
	sub.Schedule = digest.Schedule{Days: digest.On(start.Weekday()), Times: []int{0}}
	sub.Paused = start.AddDate(0, 0, 7).Add(24 * time.Hour)
	check(t, sub.Plan(c, start))
	must[digest.Chat](t)(s.UpdateChat(t.Context(), c.ID, func(c *digest.Chat) error {
		c.Subscriptions = []digest.Subscription{sub}
		return nil
	}))
	if n := must[int](t)(s.Rewind(t.Context(), start)); n != 0 {
		t.Errorf("%d waited too long, want none", n)
	}
	if got := must[digest.Chat](t)(s.Chat(t.Context(), c.ID)).Subscriptions[0].Next; !got.At.Equal(sub.Next.At) {
		t.Errorf("a paused subscription waits for %v, want %v", got.At, sub.Next.At)
	}
}
