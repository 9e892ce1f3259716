package desk

import (
	"context"
	"fmt"
	"strings"
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

// BenchmarkChatState counts the bytes of keys and values that a chat takes which got a
// digest on each of thirty days, and those of what such chats share.
func BenchmarkChatState(b *testing.B) {
	const chats, days = 20, 30
	for b.Loop() {
		w := newWorld(b)
		for i := range chats {
			w.daily(w.meet(digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(i + 1)}), 8)
		}
		for day := range days {
			w.now = start.Add(time.Duration(day)*24*time.Hour + time.Hour)
			w.fill(24, w.now.Sub(start))
			for _, do := range []func(context.Context, time.Time) (time.Time, error){w.Compose, w.Deliver, w.Retain} {
				for next := w.now; !next.After(w.now); w.idle.Wait() {
					var err error
					if next, err = do(b.Context(), w.now); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
		if got := len(w.telegram.messages()); got != chats*days {
			b.Fatalf("%d arrived", got)
		}
		sizes := map[string]int{}
		for p, err := range w.engine.Scan(b.Context(), []byte("a"), nil) {
			if err != nil {
				b.Fatal(err)
			}
			kind, _, _ := strings.Cut(string(p.Key), "/")
			if kind == "expire" || kind == "due" {
				kind = strings.Join(strings.Split(string(p.Key), "/")[:2], "/")
				if parts := strings.Split(string(p.Key), "/"); parts[0] == "expire" {
					kind = "expire/" + parts[2]
				}
			}
			sizes[kind] += len(p.Key) + len(p.Value)
		}
		own := 0
		for _, kind := range []string{"chat", "addr", "own", "delivery", "edition", "due/sub", "due/delivery", "expire/delivery", "expire/edition"} {
			own += sizes[kind]
		}
		b.ReportMetric(float64(own)/chats, "B/chat")
		b.ReportMetric(float64(sizes["chat"])/chats, "B/chat-row")
		b.ReportMetric(float64(own-sizes["chat"])/chats/days, "B/digest")
		b.ReportMetric(float64(sizes["content"]+sizes["kept"]+sizes["expire/content"])/days, "shared-B/day")
	}
}
