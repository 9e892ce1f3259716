package desk

import (
	"fmt"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/store"
)

// BenchmarkCompose files 1,000 subscriptions that are due, of as many chats, from 200
// stories of 30 sources.
func BenchmarkCompose(b *testing.B) {
	w := newWorld(b)
	w.starter = nil
	for i := range 30 {
		w.starter = append(w.starter, w.source(fmt.Sprintf("s%d.example", i), "World"))
	}
	w.live()
	w.fill(200, time.Hour)
	for i := range 1000 {
		w.daily(w.meet(digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(i + 1)}), 8)
	}
	due := start.Add(time.Hour)
	for b.Loop() {
		for next := due; !next.After(due); {
			var err error
			if next, err = w.Compose(b.Context(), due); err != nil {
				b.Fatal(err)
			}
		}
		due = due.Add(24 * time.Hour)
		b.StopTimer()
		w.fill(200, due.Sub(start)-time.Hour)
		b.StartTimer()
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "subscriptions/s")
}

// queue lines up articles of the starter sources, three to an event.
func (w *world) queue(name string, n int, at time.Time) {
	w.t.Helper()
	var articles []digest.Article
	for i := range n {
		event := fmt.Sprint(name, i/3)
		title := fmt.Sprint(headline(event), " ", i)
		s := w.starter[i%len(w.starter)]
		articles = append(articles, digest.Article{
			ID: digest.NewArticleID("", title, s.ID, title), Source: s.ID, Outlet: s.Name, Title: title, Text: words(event, 300),
			Published: at, Found: at, Language: "en", Topics: s.Topics,
		})
	}
	if err := w.store.SavePoll(w.t.Context(), store.Poll{Source: w.starter[0], Articles: articles}); err != nil {
		w.t.Fatal(err)
	}
}

// fill makes stories of articles that came so long after the start.
func (w *world) fill(n int, after time.Duration) {
	w.t.Helper()
	w.queue(fmt.Sprint(after, " "), n, start.Add(after).Add(-2*time.Hour))
	if err := w.ingestAll(w.t.Context(), start.Add(after)); err != nil {
		w.t.Fatal(err)
	}
}
