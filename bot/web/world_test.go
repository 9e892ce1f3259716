package web

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
	"newsdigest/digest/fetch"
	"newsdigest/store"
	"newsdigest/store/bolt"
)

// world is a site over a desk with the sample news.
type world struct {
	*Site
	desk  *desk.Desk
	store *store.Store
	clock time.Time
	log   bytes.Buffer
	chat  digest.Chat
	// failing is an outlet that does not answer.
	failing string
}

const (
	address = "https://news.example/paper"
	token   = "a-token-for-operators-canary"
)

// silent is a messenger that takes everything.
type silent struct{}

func (silent) Pages(digest.Post) []digest.Page { return []digest.Page{{}} }
func (silent) Send(context.Context, digest.Address, digest.Page, digest.Attempt) (digest.Receipt, error) {
	return digest.Receipt{}, nil
}
func (silent) Open(context.Context, string) (digest.Address, error) { return digest.Address{}, nil }

// newWorld is a world with one private chat, whose digest comes at eight.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{clock: catalog.SampleStart}
	sample, err := catalog.NewSample(w.clock)
	if err != nil {
		t.Fatal(err)
	}
	outlets := sample.Handler(func() time.Time { return w.clock })
	news := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		if w.failing != "" && strings.HasPrefix(r.Host, w.failing) {
			http.Error(to, "out of order", http.StatusServiceUnavailable)
			return
		}
		outlets.ServeHTTP(to, r)
	}))
	t.Cleanup(news.Close)
	dial := map[string]string{}
	for _, h := range sample.Hosts() {
		dial[h] = news.Listener.Addr().String()
	}
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	if w.store, err = store.Open(t.Context(), engine); err != nil {
		t.Fatal(err)
	}
	client := fetch.New(fetch.Options{Dial: dial})
	t.Cleanup(client.Close)
	w.desk, err = desk.New(t.Context(), desk.Options{Store: w.store, Fetch: client, Starter: sample.Sources(),
		Editor: bot.Editor{Web: address}, Pages: true, PollEvery: 30 * time.Minute,
		Messengers: map[digest.Platform]desk.Messenger{digest.Console: silent{}}})
	if err != nil {
		t.Fatal(err)
	}
	w.Site = New(Options{Reader: bot.NewReader(w.desk), URL: address, Token: token, Now: func() time.Time { return w.clock },
		Log: slog.New(slog.NewTextHandler(&w.log, nil))})
	at := digest.Address{Platform: digest.Console, Channel: "chat-canary"}
	if w.chat, err = w.desk.Meet(t.Context(), at, "en", "en", w.clock); err != nil {
		t.Fatal(err)
	}
	w.change(t, func(c *digest.Chat) {
		c.Settings.Zone, c.Settings.Place, c.Name = "Europe/Berlin", "place-canary", "name-canary"
	})
	order := digest.Subscription{Schedule: digest.Schedule{Days: digest.EveryDay, Times: []int{8 * 60}}}
	if _, _, err := w.desk.Subscribe(t.Context(), w.chat.ID, order, w.clock); err != nil {
		t.Fatal(err)
	}
	return w
}

// change changes the world's chat.
func (w *world) change(t testing.TB, change func(*digest.Chat)) {
	t.Helper()
	c, err := w.desk.Change(t.Context(), w.chat.ID, func(c *digest.Chat) error {
		change(c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.chat = c
}

// walk lets time go on.
func (w *world) walk(t testing.TB, d time.Duration) {
	t.Helper()
	if err := w.desk.Walk(t.Context(), w.clock, w.clock.Add(d), func(now time.Time) { w.clock = now }); err != nil {
		t.Fatal(err)
	}
}

// digest is the digest that the chat gets on request, after the news have been read.
func (w *world) digest(t testing.TB, request string) digest.Edition {
	t.Helper()
	w.walk(t, time.Minute)
	e, err := w.desk.Digest(t.Context(), w.chat, request, "", "", w.clock)
	if err != nil || len(e.Stories) < 3 || e.Public == "" {
		t.Fatalf("%d stories, public id %q, %v", len(e.Stories), e.Public, err)
	}
	return e
}

// put stores an edition of the chat as it is and gives it a public id.
func (w *world) put(t testing.TB, e digest.Edition) digest.Edition {
	t.Helper()
	e.Chat, e.ID = w.chat.ID, digest.NewEditionID(w.chat.ID, t.Name()+e.Language+e.At.String())
	e.Public = w.store.PublicID(store.PublicEdition, string(e.ID))
	e, err := w.store.PutEdition(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// get asks the site for a path, with pairs of header fields.
func (w *world) get(path string, fields ...string) *httptest.ResponseRecorder {
	return w.ask(http.MethodGet, path, fields...)
}

func (w *world) ask(method, path string, fields ...string) *httptest.ResponseRecorder {
	return ask(w.Handler(), method, path, fields...)
}

func ask(h http.Handler, method, path string, fields ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	return answer
}

// page is a page that is there.
func (w *world) page(t testing.TB, path string) string {
	t.Helper()
	answer := w.get(path)
	if answer.Code != http.StatusOK || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
		t.Fatalf("%s: %d, %s: %s", path, answer.Code, answer.Header().Get("Content-Type"), answer.Body)
	}
	return answer.Body.String()
}
