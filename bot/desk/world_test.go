package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"html"
	"iter"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/fetch"
	"newsdigest/digest/summary/llm"
	"newsdigest/store"
	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

// start is when the tests' time begins: a Monday, an hour before the first digest.
var start = time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)

// item is an entry of a feed; its text is made of its event.
type item struct {
	event, title string
	at           time.Time
	text         string // instead of the event's own
}

// tale is an entry whose title and text are its event's alone.
func tale(event string, at time.Time) item { return item{event: event, title: headline(event), at: at} }

func headline(event string) string {
	return "The " + event + " " + strings.TrimSuffix(words("title "+event, 4), ".")
}

// site is the web server of one outlet.
type site struct {
	now         func() time.Time
	mu          sync.Mutex
	items       []item
	status      int // an error instead of the feed
	retryAfter  string
	body        string // instead of the feed
	page        string // what /page says
	movedTo     string // sends there for good instead
	conditional bool   // answers 304
	tag         string // an ETag that never changes
	hits        int
	validators  []string // If-None-Match as they came
	hold        chan struct{}
}

func (s *site) add(items ...item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items = append(s.items, items...)
}

func (s *site) set(change func(*site)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *site) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hits
}

// words makes a text of so many words that only this event has.
func words(event string, n int) string {
	h := fnv.New64a()
	h.Write([]byte(event))
	x := h.Sum64()
	var b strings.Builder
	for i := range n {
		x = x*6364136223846793005 + 1442695040888963407
		fmt.Fprintf(&b, "%c%c%c%c%c%s", map[bool]rune{true: 'A', false: 'a'}[n > 12 && i%12 == 0]+rune(x>>60), 'a'+x>>56&15, 'e'+x>>52&15, 'a'+x>>48&15, 'a'+x>>44&15, map[bool]string{true: ". ", false: " "}[i%12 == 11])
	}
	return strings.TrimSpace(b.String()) + "."
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	hold := s.hold
	s.hits++
	s.validators = append(s.validators, r.Header.Get("If-None-Match"))
	s.mu.Unlock()
	if hold != nil {
		<-hold
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.URL.Path == "/page":
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, s.page)
	case s.movedTo != "":
		http.Redirect(w, r, s.movedTo, http.StatusMovedPermanently)
	case s.status != 0:
		if s.retryAfter != "" {
			w.Header().Set("Retry-After", s.retryAfter)
		}
		w.WriteHeader(s.status)
	default:
		body := cmp.Or(s.body, s.feed(r.Host))
		h := fnv.New64a()
		h.Write([]byte(body))
		tag := fmt.Sprintf(`"%x"`, h.Sum64())
		if s.conditional {
			w.Header().Set("ETag", tag)
			if r.Header.Get("If-None-Match") == tag {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		if s.tag != "" {
			w.Header().Set("ETag", s.tag)
		}
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, body)
	}
}

func (s *site) feed(host string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title><language>en</language>`, host)
	for _, i := range s.items {
		if i.at.After(s.now()) {
			continue
		}
		text := cmp.Or(i.text, words(i.event, 300))
		link := "http://news.example/" + strings.ReplaceAll(i.title, " ", "-")
		fmt.Fprintf(&b, `<item><title>%s</title><link>%s</link><pubDate>%s</pubDate><description>%s</description></item>`,
			html.EscapeString(i.title), link, i.at.Format(time.RFC1123Z), html.EscapeString(text))
	}
	return b.String() + `</channel></rss>`
}

// message is what arrived in a chat.
type message struct {
	to     digest.Address
	key    string
	text   string
	repeat bool
	silent bool
	at     time.Time
}

// wire is a platform that keeps what arrives, with faults on request. The one made by
// newFinder refuses the same key twice and has a history; see finder.
type wire struct {
	now func() time.Time
	// fate says what becomes of the nth send, counted from 1: whether it arrives, and
	// what the sender is told.
	fate  func(n int, to digest.Address, a digest.Attempt) (arrives bool, err error)
	pages int // messages a post makes, 1 if 0

	mu      sync.Mutex
	sends   int
	opened  int
	keys    map[string]digest.Receipt
	arrived []message
	flying  atomic.Int32
	most    atomic.Int32
}

func (w *wire) Pages(p digest.Post) []digest.Page {
	var headlines []string
	for _, s := range p.Stories {
		headlines = append(headlines, s.Headline)
	}
	var pages []digest.Page
	for i := range max(1, w.pages) {
		var page digest.Page
		for _, kind := range []string{digest.Rich, digest.PlainText, digest.LinksOnly} {
			payload, _ := json.Marshal(strings.TrimSpace(fmt.Sprintf("%s %d: %s", kind, i+1, strings.Join(headlines, " | "))))
			page.Variants = append(page.Variants, digest.Variant{Kind: kind, Payload: payload})
		}
		pages = append(pages, page)
	}
	return pages
}

func (w *wire) Send(_ context.Context, to digest.Address, p digest.Page, a digest.Attempt) (digest.Receipt, error) {
	w.most.Store(max(w.most.Load(), w.flying.Add(1)))
	defer w.flying.Add(-1)
	return w.send(to, p, a, false)
}

func (w *wire) send(to digest.Address, p digest.Page, a digest.Attempt, once bool) (digest.Receipt, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sends++
	arrives, err := true, error(nil)
	if w.fate != nil {
		arrives, err = w.fate(w.sends, to, a)
	}
	r, known := w.keys[a.Key]
	if !arrives || once && known {
		return r, err
	}
	var text string
	if err := json.Unmarshal(p.Variants[a.Variant].Payload, &text); err != nil {
		return r, &digest.SendError{Fault: digest.Rejected, Err: err}
	}
	r = digest.Receipt{Message: fmt.Sprint(len(w.arrived) + 1), At: w.now()}
	if w.keys == nil {
		w.keys = map[string]digest.Receipt{}
	}
	w.keys[a.Key] = r
	w.arrived = append(w.arrived, message{to, a.Key, text, a.Repeat, a.Silent, w.now()})
	return r, err
}

func (w *wire) Open(_ context.Context, user string) (digest.Address, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opened++
	return digest.Address{Platform: digest.Discord, User: user, Channel: "dm" + user}, nil
}

func (w *wire) messages() []message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]message(nil), w.arrived...)
}

// finder is a wire that refuses the same key twice and can be asked.
type finder struct {
	*wire
	closed bool // the history may not be read
}

func (f finder) Send(_ context.Context, to digest.Address, p digest.Page, a digest.Attempt) (digest.Receipt, error) {
	return f.send(to, p, a, true)
}

func (f finder) Find(_ context.Context, _ digest.Address, key string, _ time.Time) (digest.Receipt, bool, error) {
	if f.closed {
		return digest.Receipt{}, false, &digest.SendError{Fault: digest.Rejected, Err: errors.New("no permission")}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	r, ok := f.keys[key]
	return r, ok, nil
}

// editor writes the headlines and nothing else.
type editor struct{}

func (editor) Post(e digest.Edition, page int, _ digest.Address) digest.Post {
	var p digest.Post
	stories, first := e.OnPage(page)
	for i, s := range stories {
		p.Stories = append(p.Stories, digest.PostStory{Story: s.Story, Number: first + i, Headline: s.Headline})
	}
	if e.Late {
		p.Stories = append([]digest.PostStory{{Headline: "late"}}, p.Stories...)
	}
	return p
}

func (editor) Notice(n digest.Notice, _ digest.Address) digest.Post {
	p := digest.Post{Stories: []digest.PostStory{{Headline: string(n.Kind) + " " + n.SourceName}}}
	if n.Story != nil {
		p.Stories[0].Headline += n.Story.Headline
	}
	return p
}

// mortal is an engine that dies after so many updates, as a process does; -1 never.
type mortal struct {
	kv.Engine
	left atomic.Int64
	used atomic.Int64
	read atomic.Int64 // how often all chats were read
}

var errDead = errors.New("the program was killed")

func (m *mortal) Update(ctx context.Context, fn func(kv.Tx) error) error {
	m.used.Add(1)
	if m.left.Load() == 0 {
		return errDead
	}
	m.left.Add(-1)
	return m.Engine.Update(ctx, fn)
}

func (m *mortal) Get(ctx context.Context, key []byte) ([]byte, error) {
	if m.left.Load() == 0 {
		return nil, errDead
	}
	return m.Engine.Get(ctx, key)
}

func (m *mortal) Scan(ctx context.Context, from, to []byte) iter.Seq2[kv.Pair, error] {
	if m.left.Load() == 0 {
		return func(yield func(kv.Pair, error) bool) { yield(kv.Pair{}, errDead) }
	}
	if string(from) == "chat/" {
		m.read.Add(1)
	}
	return m.Engine.Scan(ctx, from, to)
}

// world is a desk with all that is around it: sites on loopback, two platforms, a store in
// a file.
type world struct {
	t        testing.TB
	*Desk    // of the program's present life
	now      time.Time
	sites    map[string]*site
	telegram *wire
	discord  finder
	starter  []digest.Source
	rates    map[digest.Platform]Rate
	file     string
	engine   *mortal
	client   *fetch.Client
	model    *llm.Model
}

// newWorld has the sites a.example, b.example and c.example, the first two in the starter
// set.
func newWorld(t testing.TB) *world {
	w := &world{t: t, now: start, sites: map[string]*site{}, file: filepath.Join(t.TempDir(), "store.db"), rates: map[digest.Platform]Rate{digest.Telegram: {}, digest.Discord: {}}}
	w.telegram = &wire{now: w.clock}
	w.discord = finder{wire: &wire{now: w.clock}}
	dial := map[string]string{}
	for _, name := range []string{"a.example", "b.example", "c.example", "news.example"} {
		s := &site{now: w.clock}
		server := httptest.NewServer(s)
		t.Cleanup(server.Close)
		w.sites[name], dial[name] = s, server.Listener.Addr().String()
	}
	w.client = fetch.New(fetch.Options{Dial: dial})
	t.Cleanup(w.client.Close)
	w.starter = []digest.Source{w.source("a.example", "World"), w.source("b.example", "Technology")}
	w.live()
	t.Cleanup(func() { w.engine.Engine.Close() })
	return w
}

func (w *world) clock() time.Time { return w.now }

func (w *world) source(host string, topics ...string) digest.Source {
	address := "http://" + host + "/feed"
	return digest.Source{ID: digest.NewSourceID(address), URL: address, Name: host, Language: "en", Topics: topics, Starter: len(topics) > 0}
}

// live begins a life of the program on the file.
func (w *world) live() {
	w.t.Helper()
	if w.engine != nil {
		w.engine.Engine.Close()
	}
	e, err := bolt.Open(w.file)
	if err != nil {
		w.t.Fatal(err)
	}
	w.engine = &mortal{Engine: e}
	w.engine.left.Store(-1)
	s, err := store.Open(w.t.Context(), w.engine)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Desk, err = New(w.t.Context(), Options{
		Store: s, Fetch: w.client, Starter: w.starter, Editor: editor{}, Rates: w.rates, PollEvery: time.Hour, PollLongest: time.Hour, Model: w.model,
		Messengers: map[digest.Platform]Messenger{digest.Telegram: w.telegram, digest.Discord: w.discord},
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// walk walks so far; a life that ends on the way returns errDead.
func (w *world) walk(d time.Duration) error {
	err := w.Walk(w.t.Context(), w.now, w.now.Add(d), func(at time.Time) { w.now = at })
	if err != nil && !errors.Is(err, errDead) {
		w.t.Fatal(err)
	}
	return err
}

var (
	private = digest.Address{Platform: digest.Telegram, Channel: "7"}
	crowd   = digest.Address{Platform: digest.Telegram, Channel: "-7"}
	person  = digest.Address{Platform: digest.Discord, User: "5"}
)

func (w *world) meet(at digest.Address) digest.Chat {
	w.t.Helper()
	c, err := w.Meet(w.t.Context(), at, "en", "en", w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// daily makes a chat get a digest at these hours of the day.
func (w *world) daily(c digest.Chat, hours ...int) digest.Subscription {
	w.t.Helper()
	s, made, err := w.Subscribe(w.t.Context(), c.ID, digest.Subscription{Schedule: everyDay(hours...)}, w.now)
	if err != nil || !made {
		w.t.Fatal(made, err)
	}
	return s
}

func everyDay(hours ...int) digest.Schedule {
	s := digest.Schedule{Days: digest.EveryDay}
	for _, h := range hours {
		s.Times = append(s.Times, 60*h)
	}
	return s
}

// chat is the chat as it is now.
func (w *world) chat(c digest.Chat) digest.Chat {
	w.t.Helper()
	c, err := w.ChatByID(w.t.Context(), c.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// deliveries are all deliveries, by slot, chat and ordinal.
func (w *world) deliveries() map[string]digest.Delivery {
	w.t.Helper()
	out := map[string]digest.Delivery{}
	for d, err := range w.store.Deliveries(w.t.Context()) {
		if err != nil {
			w.t.Fatal(err)
		}
		c, err := w.ChatByID(w.t.Context(), d.Chat)
		if err != nil {
			w.t.Fatal(err)
		}
		out[fmt.Sprint(d.Slot.Local, " ", c.Address, " ", d.Ordinal)] = d
	}
	return out
}

// states are the states of all deliveries, by slot, chat and ordinal.
func (w *world) states() map[string]digest.State {
	out := map[string]digest.State{}
	for slot, d := range w.deliveries() {
		out[slot] = d.State
	}
	return out
}

func (w *world) get(id digest.SourceID) digest.Source {
	w.t.Helper()
	s, err := w.store.Source(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func sendError(f digest.Fault) error { return &digest.SendError{Fault: f, Err: errors.New("as asked")} }

// reason is why something was refused, empty if it was not.
func reason(err error) Reason {
	var no *Refusal
	if errors.As(err, &no) {
		return no.Reason
	}
	return ""
}
