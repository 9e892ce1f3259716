package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/bot/desk"
	"newsdigest/bot/discord"
	"newsdigest/bot/telegram"
	"newsdigest/digest"
	"newsdigest/digest/fetch"
	"newsdigest/store"
	"newsdigest/store/bolt"
)

var ambiguousAnswers = flag.Int("ambiguous", 200, "how many answers TestAmbiguous leaves open")

// TestAmbiguous answers most sends in a way that leaves open whether they arrived, in the
// desk's virtual time: every delivery ends, and what arrived agrees with its end.
func TestAmbiguous(t *testing.T) {
	w := newDoubt(t)
	for w.open() < *ambiguousAnswers {
		w.round(t, min(400, 10+*ambiguousAnswers/8))
	}
	states := map[string]int{}
	for _, c := range w.chats {
		d, err := w.store.Delivery(t.Context(), digest.NewDeliveryID(c.ID, c.Subscriptions[0].ID, c.Subscriptions[0].Next))
		if err != nil {
			t.Fatal(err)
		}
		states[string(c.Address.Platform)+" "+string(d.State)]++
		w.check(t, c, d)
	}
	for _, counts := range []map[string]int{w.classes, states} {
		for _, k := range slices.Sorted(maps.Keys(counts)) {
			t.Logf("%-40s %7d", k, counts[k])
		}
	}
	t.Logf("%d answers left open, %d deliveries, all ended", w.open(), len(w.chats))
}

// doubt is both platforms behind a proxy that spoils the answers to sends.
type doubt struct {
	tg    *faketelegram.Server
	dc    *fakediscord.Server
	desk  *desk.Desk
	store *store.Store
	now   time.Time
	chats []digest.Chat

	mu      sync.Mutex
	random  *rand.Rand
	classes map[string]int
}

func newDoubt(t *testing.T) *doubt {
	t.Helper()
	w := &doubt{now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), random: rand.New(rand.NewPCG(1, 2)), classes: map[string]int{}}
	var err error
	if w.tg, err = faketelegram.Start(faketelegram.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.tg.Close)
	if w.dc, err = fakediscord.Start(fakediscord.Options{NonceWindow: time.Hour}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.dc.Close)
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	if w.store, err = store.Open(t.Context(), engine); err != nil {
		t.Fatal(err)
	}
	tg, err := telegram.New(telegram.Options{Token: w.tg.Token(), URL: w.proxy(t, "telegram", w.tg.URL(), "/sendMessage")})
	if err != nil {
		t.Fatal(err)
	}
	dc, err := discord.New(discord.Options{Token: w.dc.Token(), API: w.proxy(t, "discord", w.dc.URL(), "/messages")})
	if err != nil {
		t.Fatal(err)
	}
	w.desk, err = desk.New(t.Context(), desk.Options{Store: w.store, Fetch: fetch.New(fetch.Options{}), Editor: bot.Editor{},
		Messengers: map[digest.Platform]desk.Messenger{digest.Telegram: tg, digest.Discord: dc},
		Rates:      map[digest.Platform]desk.Rate{digest.Telegram: {}, digest.Discord: {}}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// proxy stands before a platform and spoils some of the answers to calls whose path ends
// so.
func (w *doubt) proxy(t *testing.T, name, to, path string) string {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	through := httputil.NewSingleHostReverseProxy(target)
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, path) {
			through.ServeHTTP(rw, r)
			return
		}
		spoil, arrives := w.draw(name)
		if spoil == nil {
			through.ServeHTTP(rw, r)
			return
		}
		rec := httptest.NewRecorder()
		if arrives {
			through.ServeHTTP(rec, r)
		} else {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		spoil(rw, rec)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// spoilers are the ways in which an answer says nothing about whether the call arrived.
var spoilers = []struct {
	name string
	do   func(http.ResponseWriter, *httptest.ResponseRecorder)
}{
	{"reset", func(w http.ResponseWriter, _ *httptest.ResponseRecorder) { cutConnection(w, "") }},
	{"half a head", func(w http.ResponseWriter, _ *httptest.ResponseRecorder) { cutConnection(w, "HTTP/1.1 20") }},
	{"500", status(http.StatusInternalServerError)},
	{"502 page", status(http.StatusBadGateway)},
	{"503", status(http.StatusServiceUnavailable)},
	{"504 page", status(http.StatusGatewayTimeout)},
}

func status(code int) func(http.ResponseWriter, *httptest.ResponseRecorder) {
	return func(w http.ResponseWriter, _ *httptest.ResponseRecorder) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(code)
		fmt.Fprint(w, "<html>something is wrong</html>")
	}
}

// cutConnection answers with so much and resets the connection.
func cutConnection(w http.ResponseWriter, answer string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fmt.Fprint(conn, answer)
	if tcp, ok := conn.(*net.TCPConn); ok && answer == "" {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// draw says how the answer to a send is spoiled, nil if it is not, and whether the send
// arrives nevertheless.
func (w *doubt) draw(platform string) (func(http.ResponseWriter, *httptest.ResponseRecorder), bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.random.IntN(3) == 0 {
		return nil, true
	}
	s, arrives := spoilers[w.random.IntN(len(spoilers))], w.random.IntN(2) == 0
	w.classes[fmt.Sprintf("%s %s, %s", platform, s.name, map[bool]string{true: "arrived", false: "did not"}[arrives])]++
	return s.do, arrives
}

// open is how many answers left open what became of the send.
func (w *doubt) open() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, c := range w.classes {
		n += c
	}
	return n
}

// round makes new chats on both platforms with a digest that is due, and walks until all
// of them have ended.
func (w *doubt) round(t *testing.T, chats int) {
	t.Helper()
	first := len(w.chats)
	var made sync.WaitGroup
	for range chats {
		n := len(w.chats)
		w.tg.AddChat(faketelegram.Chat{ID: int64(1000 + n), Type: "private"})
		for _, at := range []digest.Address{
			{Platform: digest.Telegram, Channel: strconv.Itoa(1000 + n)},
			{Platform: digest.Discord, User: strconv.Itoa(2_000_000_000_000_000_000 + n)},
		} {
			c := dueChat(at, w.now)
			w.chats = append(w.chats, c)
			made.Go(func() {
				if _, err := w.store.CreateChat(context.Background(), c); err != nil {
					t.Error(err)
				}
			})
		}
	}
	made.Wait()
	until := w.now.Add(7 * time.Hour) // past the deadline of a daily digest
	if err := w.desk.Walk(t.Context(), w.now, until, func(at time.Time) { w.now = at }); err != nil {
		t.Fatal(err)
	}
	for _, c := range w.chats[first:] { // one digest each is enough
		made.Go(func() {
			_, err := w.store.UpdateChat(context.Background(), c.ID, func(c *digest.Chat) error {
				c.Subscriptions[0].Stopped = w.now
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	made.Wait()
}

// dueChat is a chat whose daily digest is due now.
func dueChat(at digest.Address, now time.Time) digest.Chat {
	c := digest.NewChat(at, "en", []string{"en"}, now)
	c.LastOrdinal = 1
	c.Subscriptions = []digest.Subscription{{ID: digest.NewSubscriptionID(c.ID, 1), Ordinal: 1, Created: now,
		Schedule: digest.Schedule{Days: digest.EveryDay, Times: []int{now.Hour()*60 + now.Minute()}, Zone: "UTC", Place: "UTC"},
		Next:     digest.Slot{Local: now.Format("2006-01-02T15:04"), At: now}}}
	return c
}

// check holds what arrived at a chat against how its delivery ended.
func (w *doubt) check(t *testing.T, c digest.Chat, d digest.Delivery) {
	t.Helper()
	arrived, marked := w.arrived(c.Address)
	if len(d.Pages) != 1 || !d.State.Final() {
		t.Fatalf("%s: %+v", c.Address, d)
	}
	page := d.Pages[0]
	most := 1
	if c.Address.Platform == digest.Telegram && page.Unclear {
		most = 2
	}
	switch {
	case arrived > most, arrived == 2 && marked != 1:
		t.Errorf("%s: %d arrived, %d marked, ended %s after %d attempts", c.Address, arrived, marked, d.State, page.Attempts)
	case d.State == digest.Sent && arrived == 0:
		t.Errorf("%s: recorded as sent, nothing arrived", c.Address)
	case d.State != digest.Sent && d.State != digest.Unsure:
		t.Errorf("%s ended %s: %s", c.Address, d.State, d.Reason)
	}
}

func (w *doubt) arrived(at digest.Address) (all, marked int) {
	count := func(text string) {
		all++
		if strings.HasPrefix(text, "This may be a repeat.") {
			marked++
		}
	}
	if at.Platform == digest.Discord {
		for _, m := range w.dc.FromBot(w.dc.DM(at.User)) {
			count(m.Text())
		}
		return all, marked
	}
	id, _ := strconv.ParseInt(at.Channel, 10, 64)
	for _, m := range w.tg.Messages(id) {
		count(m.Text)
	}
	return all, marked
}
