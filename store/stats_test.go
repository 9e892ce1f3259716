package store

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"newsdigest/digest"
)

// TestStats: every row is counted once by its kind and once by what it is kept for.
func TestStats(t *testing.T) {
	s := newStore(t)
	fillEveryKind(t, s)
	must[digest.Chat](t)(s.UpdateChat(t.Context(), testChat(1).ID, func(c *digest.Chat) error { c.Address.Channel = "new"; return nil }))
	st := must[Stats](t)(s.Stats(t.Context()))
	want := Stats{Chats: 1, Subscriptions: 1, Sources: 1, Queued: 2, Stories: 1, Waiting: 1, Sending: 1, Inbox: 1}
	if d := cmp.Diff(want, st, cmpopts.IgnoreFields(Stats{}, "Kinds", "Costs")); d != "" {
		t.Errorf("stats (-want +got):\n%s", d)
	}
	rows, bytes := 0, int64(0)
	for k, v := range dump(t, s.kv) {
		rows++
		bytes += int64(len(k) + len(v))
	}
	for _, k := range st.Kinds {
		rows -= k.Rows
		bytes -= k.Bytes
	}
	if rows != 0 || bytes != 0 {
		t.Errorf("%d rows and %d bytes are of no kind: %+v", rows, bytes, st.Kinds)
	}
	other := Cost{}
	for _, c := range st.Costs {
		if bytes += c.Bytes; c.Of == "other" {
			other = c
		} else if c.Rows == 0 || c.Each() == 0 {
			t.Errorf("%s: %+v", c.Of, c)
		}
	}
	for _, k := range st.Kinds {
		bytes -= k.Bytes
	}
	if bytes != 0 || other.Bytes > 2000 {
		t.Errorf("%d bytes are kept for nothing: %+v", bytes, st.Costs)
	}
	now := start.Add(day)
	check(t, s.Compacted(t.Context(), now))
	if at := must[Stats](t)(s.Stats(t.Context())).Compacted; !at.Equal(now) {
		t.Errorf("compacted %v, want %v", at, now)
	}
}

// BenchmarkCosts tells what is kept for each article, story, source, chat, delivery and
// edition after twenty days of steady use by a hundred chats: articles of 3.5 KB, feeds of
// thirty entries, a digest every other day.
func BenchmarkCosts(b *testing.B) {
	for b.Loop() {
		w := newSteady(b, openStore(b, openEngine(b)), 100)
		for range 10 {
			w.goOn()
			for _, src := range w.source {
				src.Fetch = must[digest.Source](b)(w.s.Source(b.Context(), src.ID)).Fetch
				var seen []string
				for n := range 30 {
					seen = append(seen, fmt.Sprint("entry ", w.n+n))
				}
				check(b, w.s.SavePoll(b.Context(), Poll{Source: src, Seen: marks(seen...)}))
			}
		}
		for _, c := range must[Stats](b)(w.s.Stats(b.Context())).Costs {
			b.ReportMetric(float64(c.Each()), "B/"+c.Of)
		}
	}
}
