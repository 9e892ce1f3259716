package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// dueModel is what a due index has to answer: the times not after now, the oldest
// first, at most limit of them; and the first time of all.
func dueModel(times []time.Time, now time.Time, limit int) (due []time.Time, first time.Time) {
	slices.SortFunc(times, time.Time.Compare)
	for _, at := range times {
		if !at.After(now) && len(due) < limit {
			due = append(due, at.UTC())
		}
	}
	if len(times) > 0 {
		first = times[0]
	}
	return due, first
}

// TestDueOrder: the oldest come first over all partitions, whatever the limit.
func TestDueOrder(t *testing.T) {
	s := newStore(t)
	var times []time.Time
	check(t, s.kv.Update(t.Context(), func(tx kv.Tx) error {
		times = nil
		for i := range 300 {
			at := start.Add(time.Duration(i*7919%100) * time.Second)
			times = append(times, at)
			if err := dueDeliveries.move(tx, fmt.Sprint("owner", i), fmt.Sprint("row", i), time.Time{}, at); err != nil {
				return err
			}
		}
		return nil
	}))
	for _, limit := range []int{0, 1, 10, 64, 65, 299, 300, 1000} {
		now := start.Add(50 * time.Second)
		want, first := dueModel(times, now, limit)
		found := must[[]due](t)(dueDeliveries.until(t.Context(), s.kv, AllParts, now, limit))
		var got []time.Time
		rows := map[string]bool{}
		for _, d := range found {
			got = append(got, d.at)
			rows[d.rest] = true
		}
		if !slices.Equal(got, want) || len(rows) != len(found) {
			t.Errorf("limit %d: %d rows, %d different, want %d", limit, len(got), len(rows), len(want))
		}
		if at, ok, err := dueDeliveries.earliest(t.Context(), s.kv, AllParts); err != nil || !ok || !at.Equal(first) {
			t.Errorf("earliest: %v, %t, %v; want %v", at, ok, err, first)
		}
	}
	if at, ok, err := dueSources.earliest(t.Context(), s.kv, AllParts); ok || err != nil {
		t.Errorf("earliest of an empty index: %v, %t, %v", at, ok, err)
	}
}

// fillDue stores so many chats, each with a subscription: one in a hundred is due.
func fillDue(b testing.TB, s *Store, chats int) {
	b.Helper()
	for first := 0; first < chats; first += 100 {
		check(b, s.kv.Update(b.Context(), func(tx kv.Tx) error {
			for n := first; n < first+100; n++ {
				c := testChat(n)
				at := start.Add(time.Duration(n%100) * time.Hour)
				c.Subscriptions = []digest.Subscription{subscription(c, 1, at)}
				if err := putChat(tx, chatIndexes{}, chatRow{Chat: c}); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

// BenchmarkDueSubscriptions: 100 of those due among many chats, all that are due, and
// when the next is.
func BenchmarkDueSubscriptions(b *testing.B) {
	const chats = 100_000
	s := openStore(b, openEngine(b))
	fillDue(b, s, chats)
	for _, limit := range []int{100, chats} {
		b.Run(fmt.Sprintf("limit=%d", limit), func(b *testing.B) {
			for b.Loop() {
				found, err := s.DueSubscriptions(b.Context(), start, limit)
				if err != nil || len(found) != min(limit, chats/100) {
					b.Fatal(len(found), err)
				}
			}
		})
	}
	b.Run("next", func(b *testing.B) {
		for b.Loop() {
			if _, ok, err := s.NextSubscription(b.Context()); !ok || err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("stats", func(b *testing.B) {
		for b.Loop() {
			if st, err := s.Stats(b.Context()); err != nil || st.Chats != chats {
				b.Fatal(st, err)
			}
		}
	})
}

// BenchmarkUpdateChat moves a subscription on in a chat that has seen 200 stories, alone
// and from many goroutines.
func BenchmarkUpdateChat(b *testing.B) {
	s := openStore(b, openEngine(b))
	const chats = 1000
	fillDue(b, s, chats)
	step := func(n int) {
		_, err := s.UpdateChat(b.Context(), testChat(n%chats).ID, func(c *digest.Chat) error {
			if c.Seen == nil {
				c.Seen = map[digest.StoryID]digest.Seen{}
				for i := range 200 {
					c.Seen[digest.NewStoryID(digest.ArticleID(fmt.Sprint(i)))] = digest.Seen{At: start}
				}
			}
			c.Subscriptions[0].Next = slotAt(c.Subscriptions[0].Next.At.Add(24 * time.Hour))
			return nil
		})
		if err != nil {
			b.Error(err)
		}
	}
	b.Run("alone", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			step(n)
		}
	})
	b.Run("many", func(b *testing.B) {
		b.SetParallelism(32)
		b.RunParallel(func(pb *testing.PB) {
			for n := 0; pb.Next(); n++ {
				step(n * 7919)
			}
		})
	})
}
