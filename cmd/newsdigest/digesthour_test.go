package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/bot/desk"
	"newsdigest/bot/telegram"
	"newsdigest/digest"
	"newsdigest/digest/fetch"
	"newsdigest/store"
	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

var (
	hourChats = flag.Int("hour", 5_000, "how many chats BenchmarkDigestHour has, all due in the same minute")
	hourSets  = flag.Int("sets", 500, "how many different sets of sources these chats follow")
)

// BenchmarkDigestHour composes and files the digests of many chats that are due in the same
// minute, as they are for Telegram, with 1,000 stories of 3,000 articles of 400 sources. The
// floor is the engine alone, which writes the rows that came of it, in updates as large.
func BenchmarkDigestHour(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		h := newHour(b)
		ahead := usage()
		h.compose(b, h.due.Add(-2*time.Minute))
		b.ReportMetric((usage() - ahead).Seconds(), "cpu-s-before")
		debug.FreeOSMemory()
		memory := watchMemory()
		b.StartTimer()
		began, cpu := time.Now(), usage()
		h.compose(b, h.due)
		took := time.Since(began)
		b.StopTimer()
		n := float64(*hourChats)
		b.ReportMetric(n/took.Seconds(), "chats/s")
		b.ReportMetric((usage()-cpu).Seconds()*1e6/n, "cpu-µs/chat")
		b.ReportMetric(memory(), "RssAnon-MB")
		floor := h.floor(b)
		b.ReportMetric(n/floor.Seconds(), "floor-chats/s")
		b.ReportMetric(took.Seconds()/floor.Seconds(), "of-floor")
		b.StartTimer()
	}
}

// usage is the processor time that this process has taken.
func usage() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watchMemory looks at the memory of the process, file pages aside, until it is asked for
// the most, in MB.
func watchMemory() (most func() float64) {
	var peak atomic.Int64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			peak.Store(max(peak.Load(), anonymous()))
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() float64 {
		close(done)
		<-ended
		return float64(peak.Load()) / 1024
	}
}

// anonymous is the process's RssAnon in kB, 0 where there is no /proc.
func anonymous() int64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n
		}
	}
	return 0
}

// hour is a desk whose chats are all due at once.
type hour struct {
	due    time.Time
	desk   *desk.Desk
	engine *bolt.Engine
	store  *store.Store
	fake   *faketelegram.Server
	tg     *telegram.Telegram
}

const hourSources = 400

// opened is the rate of messages a second that BenchmarkSends goes by.
const opened = 10_000

// BenchmarkSends sends digests of many chats to a Telegram on loopback without limits, with
// the rate opened: what is begun is written before each, and its outcome after it. The
// floor is the same messages by Telegram.Send alone.
func BenchmarkSends(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		h := newHour(b)
		h.compose(b, h.due)
		for i := range *hourChats {
			h.fake.AddChat(faketelegram.Chat{ID: int64(1000 + i), Type: "private"})
		}
		page := h.waiting(b, *hourChats)
		ctx, stop := context.WithCancel(b.Context())
		b.StartTimer()
		began, cpu := time.Now(), usage()
		ended := make(chan struct{})
		go func() { h.desk.Run(ctx); close(ended) }()
		n := *hourChats
		for len(h.fake.Calls("sendMessage")) < n {
			time.Sleep(500 * time.Millisecond) // looking takes time, too
		}
		stop()
		<-ended
		b.StopTimer()
		calls := h.fake.Calls("sendMessage")
		took := calls[n-1].At.Sub(began)
		b.ReportMetric(float64(n)/took.Seconds(), "sends/s")
		b.ReportMetric((usage()-cpu).Seconds()*1e6/float64(n), "cpu-µs/send")
		h.arrived(b, n)
		floor := h.sendFloor(b, page)
		b.ReportMetric(float64(n)/floor.Seconds(), "floor-sends/s")
		b.ReportMetric(took.Seconds()/floor.Seconds(), "of-floor")
		b.StartTimer()
	}
}

// waiting counts the deliveries that are to be sent and returns a page of one.
func (h *hour) waiting(b *testing.B, want int) (page digest.Page) {
	b.Helper()
	n := 0
	for del, err := range h.store.Deliveries(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		if del.State == digest.Ready && len(del.Pages) == 1 {
			n++
			page = del.Pages[0].Page
		}
	}
	if n != want {
		b.Fatalf("%d deliveries of one page wait, want %d", n, want)
	}
	return page
}

// arrived checks that every chat got one message, and that this is what is recorded.
func (h *hour) arrived(b *testing.B, want int) {
	b.Helper()
	chats := map[string]bool{}
	calls := h.fake.Calls("sendMessage")
	for _, c := range calls {
		chats[c.Params["chat_id"]] = c.Status == 200
	}
	sent := 0
	for del, err := range h.store.Deliveries(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
		if del.State == digest.Sent {
			sent++
		}
	}
	if len(chats) != want || len(calls) != want || sent != want {
		b.Fatalf("%d messages to %d chats, %d recorded as sent; want %d", len(calls), len(chats), sent, want)
	}
}

// sendFloor sends a page to every chat, as many at once as the desk does.
func (h *hour) sendFloor(b *testing.B, page digest.Page) time.Duration {
	b.Helper()
	var senders sync.WaitGroup
	numbers := make(chan int)
	began := time.Now()
	for range 64 {
		senders.Go(func() {
			for i := range numbers {
				to := digest.Address{Platform: digest.Telegram, Channel: strconv.Itoa(1000 + i)}
				if _, err := h.tg.Send(context.Background(), to, page, digest.Attempt{}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for i := range *hourChats {
		numbers <- i
	}
	close(numbers)
	senders.Wait()
	return time.Since(began)
}

func newHour(b *testing.B) *hour {
	b.Helper()
	h := &hour{due: time.Now().Truncate(time.Minute)}
	var err error
	if h.engine, err = bolt.Open(filepath.Join(b.TempDir(), "db")); err != nil {
		b.Fatal(err)
	}
	if h.store, err = store.Open(b.Context(), h.engine); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { h.store.Close() })
	h.fake = faketelegram.New(b, faketelegram.Options{})
	h.tg, err = telegram.New(telegram.Options{Token: h.fake.Token(), URL: h.fake.URL(), Commands: bot.Commands})
	if err != nil {
		b.Fatal(err)
	}
	h.news(b)
	h.chats(b)
	client := fetch.New(fetch.Options{})
	b.Cleanup(client.Close)
	h.desk, err = desk.New(b.Context(), desk.Options{Store: h.store, Fetch: client, Editor: bot.Editor{}, PollEvery: 24 * time.Hour})
	if err != nil {
		b.Fatal(err)
	}
	rate := desk.DefaultRates[digest.Telegram]
	rate.PerSecond = opened
	h.desk.SetMessenger(digest.Telegram, h.tg, rate)
	for next := h.due.Add(-3 * time.Minute); !next.After(h.due.Add(-3 * time.Minute)); {
		if next, err = h.desk.Ingest(b.Context(), next); err != nil {
			b.Fatal(err)
		}
	}
	return h
}

// compose does what Compose has to do at a time.
func (h *hour) compose(b *testing.B, at time.Time) {
	b.Helper()
	for next := at; !next.After(at); {
		var err error
		if next, err = h.desk.Compose(b.Context(), at); err != nil {
			b.Fatal(err)
		}
	}
}

func hourSource(i int) digest.Source {
	address := fmt.Sprintf("http://s%d.example/feed", i)
	return digest.Source{ID: digest.NewSourceID(address), URL: address, Name: fmt.Sprint("Source ", i), Language: "en"}
}

// news queues three articles each of a thousand events.
func (h *hour) news(b *testing.B) {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 1))
	word := func() string {
		letters := make([]byte, 7)
		for i := range letters {
			letters[i] = "bcdfghjklmnpqrstvwxz"[random.IntN(20)]
			if i%2 == 1 {
				letters[i] = "aeiou"[random.IntN(5)]
			}
		}
		return string(letters)
	}
	text := make([][]digest.Article, hourSources)
	for event := range 1000 {
		var sentences []string
		for range 12 {
			words := make([]string, 14)
			for i := range words {
				words[i] = word()
			}
			sentences = append(sentences, "The "+strings.Join(words, " ")+".")
		}
		title := strings.TrimSuffix(sentences[0][:60], ".")
		for range 3 {
			source := random.IntN(hourSources)
			src := hourSource(source)
			at := h.due.Add(-time.Duration(1+random.IntN(20*60)) * time.Minute)
			own := fmt.Sprint(title, " ", word())
			text[source] = append(text[source], digest.Article{
				ID: digest.NewArticleID("", own, src.ID, own), Source: src.ID, Outlet: src.Name, Title: own, Link: fmt.Sprintf("http://s%d.example/%d", source, event),
				Text: strings.Join(sentences, " "), Published: at, Found: at, Language: "en", Topics: []string{"world"}})
		}
	}
	for i, articles := range text {
		src := hourSource(i)
		src.Fetch.Next, src.Fetch.LastSuccess = h.due.Add(24*time.Hour), h.due
		if err := h.store.PutSource(b.Context(), src); err != nil {
			b.Fatal(err)
		}
		for part := range slices.Chunk(articles, 50) {
			if err := h.store.SavePoll(b.Context(), store.Poll{Source: src, Articles: part}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// chats makes the chats, each with one of the sets of thirty sources.
func (h *hour) chats(b *testing.B) {
	b.Helper()
	var makers sync.WaitGroup
	numbers := make(chan int)
	for range 64 {
		makers.Go(func() {
			for i := range numbers {
				if _, err := h.store.CreateChat(context.Background(), h.chat(i)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for i := range *hourChats {
		numbers <- i
	}
	close(numbers)
	makers.Wait()
}

func (h *hour) chat(i int) digest.Chat {
	c := digest.NewChat(digest.Address{Platform: digest.Telegram, Channel: strconv.Itoa(1000 + i)}, "en", []string{"en"}, h.due.AddDate(0, -1, 0))
	c.AllTopics, c.Settings.Zone, c.Settings.Place = false, "UTC", "UTC"
	random := rand.New(rand.NewPCG(uint64(i%*hourSets), 2))
	for _, s := range random.Perm(hourSources)[:30] {
		c.Own = append(c.Own, hourSource(s).ID)
	}
	minutes := h.due.UTC().Hour()*60 + h.due.UTC().Minute()
	c.LastOrdinal = 1
	c.Subscriptions = []digest.Subscription{{ID: digest.NewSubscriptionID(c.ID, 1), Ordinal: 1, Created: c.Created,
		Schedule: digest.Schedule{Days: digest.EveryDay, Times: []int{minutes}, Zone: "UTC", Place: "UTC"},
		Next:     digest.Slot{Local: h.due.UTC().Format("2006-01-02T15:04"), At: h.due}}}
	return c
}

// floor writes the rows of chats, deliveries, editions and indexes into a file that has the
// chats already, in updates of 640 rows.
func (h *hour) floor(b *testing.B) time.Duration {
	b.Helper()
	var chats, rows []kv.Pair
	for _, prefix := range []string{"chat/", "own/", "due/", "delivery/", "edition/", "expire/", "content/", "kept/"} {
		var some []kv.Pair
		for p, err := range h.engine.Scan(b.Context(), []byte(prefix), []byte(strings.TrimSuffix(prefix, "/")+"0")) {
			if err != nil {
				b.Fatal(err)
			}
			some = append(some, p)
		}
		switch prefix {
		case "chat/":
			chats = some
		case "delivery/", "edition/", "expire/":
			rand.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		}
		rows = append(rows, some...)
	}
	engine, err := bolt.Open(filepath.Join(b.TempDir(), "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer engine.Close()
	write := func(rows [][]kv.Pair) {
		var writers sync.WaitGroup
		slots := make(chan struct{}, 8)
		for _, part := range rows {
			slots <- struct{}{}
			writers.Go(func() {
				defer func() { <-slots }()
				err := engine.Update(context.Background(), func(tx kv.Tx) error {
					for _, p := range part {
						if err := tx.Put(p.Key, p.Value); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Error(err)
				}
			})
		}
		writers.Wait()
	}
	write(slices.Collect(slices.Chunk(chats, 640)))
	// Rows of all kinds in each update, as many of each as there are in proportion.
	parts := make([][]kv.Pair, (len(rows)+639)/640)
	for i, p := range rows {
		parts[i%len(parts)] = append(parts[i%len(parts)], p)
	}
	began := time.Now()
	write(parts)
	return time.Since(began)
}
