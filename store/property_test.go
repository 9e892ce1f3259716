package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"newsdigest/digest"
	"newsdigest/store/bolt"
	"newsdigest/store/kv"
)

// TestIndexesFollowValues does random things to a store and compares its indexes with
// what the values alone say.
func TestIndexesFollowValues(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		path := filepath.Join(dir, fmt.Sprint(n))
		e, err := bolt.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer os.Remove(path)
		defer e.Close()
		s, err := Open(context.Background(), twice{e})
		if err != nil {
			t.Fatal(err)
		}
		m := &machine{t: t, s: s, now: start}
		t.Repeat(map[string]func(*rapid.T){
			"create chat":     m.createChat,
			"update chat":     m.updateChat,
			"delete chat":     m.deleteChat,
			"put source":      m.putSource,
			"save poll":       m.savePoll,
			"rest source":     m.restSource,
			"save story":      m.saveStory,
			"save read":       m.saveRead,
			"set aside":       m.setAside,
			"put edition":     m.putEdition,
			"file delivery":   m.fileDelivery,
			"save delivery":   m.saveDelivery,
			"put feedback":    m.putFeedback,
			"accept":          m.accept,
			"handled":         m.handled,
			"time and retain": m.retain,
			"":                func(t *rapid.T) { checkIndexes(t, e); m.checkDue(t) },
		})
	})
}

// machine does one random thing to a store.
type machine struct {
	t   *rapid.T
	s   *Store
	now time.Time
}

func (m *machine) ok(t *rapid.T, err error) {
	if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, errCut) {
		t.Fatalf("%v", err)
	}
}

func pick(t *rapid.T, what string, n int) int { return rapid.IntRange(0, n-1).Draw(t, what) }

// some is a moment around now, or, one time in five, none.
func (m *machine) some(t *rapid.T, what string) time.Time {
	if pick(t, what+" given", 5) == 0 {
		return time.Time{}
	}
	return m.now.Add(time.Duration(rapid.IntRange(-300, 300).Draw(t, what)) * time.Minute)
}

func drawSources(t *rapid.T) []digest.SourceID {
	var ids []digest.SourceID
	for _, n := range rapid.SliceOfN(rapid.IntRange(0, 3), 0, 5).Draw(t, "counted") {
		ids = append(ids, testSource(n).ID)
	}
	return ids
}

func (m *machine) createChat(t *rapid.T) {
	c := testChat(pick(t, "chat", 3))
	c.Counted = drawSources(t)
	_, err := m.s.CreateChat(context.Background(), c)
	m.ok(t, err)
}

func (m *machine) updateChat(t *rapid.T) {
	address, counted := pick(t, "address", 4), drawSources(t)
	gone := pick(t, "gone", 4) == 0
	ordinal, next := pick(t, "ordinal", 3), m.some(t, "next")
	followed := rapid.SliceOfNDistinct(rapid.IntRange(0, 2), 0, 3, rapid.ID[int]).Draw(t, "followed")
	stop, fails := pick(t, "stop", 4) == 0, pick(t, "fails", 5) == 0
	_, err := m.s.UpdateChat(context.Background(), testChat(pick(t, "chat", 3)).ID, func(c *digest.Chat) error {
		c.Address, c.Counted, c.Gone = testChat(address).Address, counted, ""
		if gone {
			c.Gone = "blocked"
		}
		c.Followed = nil
		for _, n := range followed {
			c.Followed = append(c.Followed, digest.FollowedStory{Story: digest.StoryID(fmt.Sprint("story", n))})
		}
		sub := c.Subscription(ordinal)
		if sub == nil {
			c.Subscriptions = append(c.Subscriptions, subscription(*c, ordinal, m.now))
			sub = c.Subscription(ordinal)
		}
		sub.Stopped, sub.Next = time.Time{}, digest.Slot{}
		if stop {
			sub.Stopped = m.now
		}
		if !next.IsZero() {
			sub.Next = slotAt(next)
		}
		if fails {
			return errCut
		}
		return nil
	})
	m.ok(t, err)
}

func (m *machine) deleteChat(t *rapid.T) {
	id := testChat(pick(t, "chat", 3)).ID
	m.ok(t, m.s.DeleteChat(context.Background(), id))
	for p, err := range m.s.kv.Scan(context.Background(), nil, nil) {
		m.ok(t, err)
		if k := string(p.Key); strings.Contains(k, string(id)) || !strings.HasPrefix(k, "addr/") && strings.Contains(string(p.Value), string(id)) {
			t.Fatalf("left of a deleted chat: %s", k)
		}
	}
}

func (m *machine) putSource(t *rapid.T) {
	src := testSource(pick(t, "source", 4))
	src.Fetch.Next = m.some(t, "not to be used")
	m.ok(t, m.s.PutSource(context.Background(), src))
}

func (m *machine) savePoll(t *rapid.T) {
	src, err := m.s.Source(context.Background(), testSource(pick(t, "source", 4)).ID)
	if err != nil {
		m.ok(t, err)
		return
	}
	src.Fetch.LastTry, src.Fetch.Next = m.now, m.some(t, "next")
	p := Poll{Source: src}
	for range pick(t, "articles", 4) {
		n := pick(t, "article", 8)
		p.Articles = append(p.Articles, testArticle(n, m.now))
		p.Seen = append(p.Seen, marks(fmt.Sprint(n))...)
	}
	m.ok(t, m.s.SavePoll(context.Background(), p))
}

func (m *machine) restSource(t *rapid.T) {
	m.ok(t, m.s.RestSource(context.Background(), testSource(pick(t, "source", 4)).ID, start))
}

func (m *machine) saveStory(t *rapid.T) {
	a, err := m.s.Article(context.Background(), testArticle(pick(t, "article", 8), start).ID)
	if err != nil {
		m.ok(t, err)
		return
	}
	n, absorbed := pick(t, "story", 3), pick(t, "absorbed", 6)
	story := func(n int) digest.StoryID { return digest.StoryID(fmt.Sprint("story", n)) }
	a.Story = story(n)
	p := Placed{Story: digest.Story{ID: story(n)}, Articles: []digest.Article{a}}
	p.Story.Add(digest.Member{Article: a.ID, Published: a.Published.Add(-time.Hour)})
	if absorbed < 3 && absorbed != n {
		p.Absorbed = []digest.StoryID{story(absorbed)}
	}
	_, err = m.s.SaveStories(context.Background(), []Placed{p})
	m.ok(t, err)
}

func (m *machine) saveRead(t *rapid.T) {
	a, err := m.s.Article(context.Background(), testArticle(pick(t, "article", 8), start).ID)
	if err != nil {
		m.ok(t, err)
		return
	}
	m.ok(t, m.s.SaveRead(context.Background(), []digest.Article{a}))
}

func (m *machine) setAside(t *rapid.T) {
	m.ok(t, m.s.SetAside(context.Background(), testArticle(pick(t, "article", 8), start).ID))
}

func (m *machine) putEdition(t *rapid.T) {
	c := testChat(pick(t, "chat", 3))
	if _, err := m.s.Chat(context.Background(), c.ID); err != nil {
		m.ok(t, err)
		return
	}
	e := digest.Edition{ID: digest.NewEditionID(c.ID, "request"), Chat: c.ID, At: m.now}
	if pick(t, "public", 2) == 0 {
		e.Public = m.s.PublicID(PublicEdition, string(e.ID))
	}
	_, err := m.s.PutEdition(context.Background(), e)
	m.ok(t, err)
}

func (m *machine) putFeedback(t *rapid.T) {
	c := testChat(pick(t, "chat", 3))
	if _, err := m.s.Chat(context.Background(), c.ID); err != nil {
		m.ok(t, err)
		return
	}
	f := digest.Feedback{ID: digest.NewFeedbackID(c.ID, fmt.Sprint(pick(t, "request", 3))), Chat: c.ID, At: m.now}
	m.ok(t, m.s.PutFeedback(context.Background(), f))
}

func (m *machine) drawDelivery(t *rapid.T) digest.Delivery {
	d := testDelivery(testChat(pick(t, "chat", 3)), start.Add(time.Duration(pick(t, "slot", 3))*time.Hour))
	d.State = rapid.SampledFrom([]digest.State{digest.Ready, digest.Sending, digest.Waiting, digest.Sent, digest.Missed}).Draw(t, "state")
	d.NextAt = m.some(t, "next")
	return d
}

func (m *machine) fileDelivery(t *rapid.T) {
	d := m.drawDelivery(t)
	e := digest.Edition{ID: digest.NewEditionID(d.Chat, d.Slot.Local), Chat: d.Chat, At: m.now}
	if pick(t, "edition", 2) == 0 {
		e = digest.Edition{}
	}
	next := m.some(t, "next slot")
	_, err := m.s.FileDelivery(context.Background(), d, e, func(c *digest.Chat) {
		if sub := c.Subscription(1); sub != nil && !next.IsZero() {
			sub.Next = slotAt(next)
		}
	})
	m.ok(t, err)
}

func (m *machine) saveDelivery(t *rapid.T) {
	var mark func(*digest.Chat)
	if pick(t, "mark", 2) == 0 {
		mark = func(c *digest.Chat) { c.Seen = map[digest.StoryID]digest.Seen{"story0": {At: m.now}} }
	}
	m.ok(t, m.s.SaveDelivery(context.Background(), m.drawDelivery(t), mark))
}

func (m *machine) accept(t *rapid.T) {
	var in []Incoming
	for _, n := range rapid.SliceOfN(rapid.IntRange(0, 5), 0, 3).Draw(t, "messages") {
		in = append(in, Incoming{ID: fmt.Sprint(n), Body: []byte(`{}`), At: m.now})
	}
	_, err := m.s.Accept(context.Background(), digest.Telegram, in, "cursor")
	m.ok(t, err)
}

func (m *machine) handled(t *rapid.T) {
	m.ok(t, m.s.Handled(context.Background(), digest.Telegram, fmt.Sprint(pick(t, "message", 6))))
}

func (m *machine) retain(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(0, 40*24).Draw(t, "hours")) * time.Hour)
	_, err := m.s.Retain(context.Background(), m.now, 1000)
	m.ok(t, err)
}

// checkDue compares what is due at a random moment with the chats' own words.
func (m *machine) checkDue(t *rapid.T) {
	at := m.now.Add(time.Duration(rapid.IntRange(-100, 100).Draw(t, "at")) * time.Minute)
	limit := rapid.IntRange(1, 10).Draw(t, "limit")
	var want []time.Time
	for c, err := range m.s.Chats(context.Background()) {
		m.ok(t, err)
		for _, next := range dueTimes(c) {
			want = append(want, next)
		}
	}
	want, next := dueModel(want, at, limit)
	var got []time.Time
	found, err := m.s.DueSubscriptions(context.Background(), at, limit)
	m.ok(t, err)
	for _, d := range found {
		got = append(got, d.At)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("due at %v, at most %d (-want +got):\n%s", at, limit, d)
	}
	if earliest, ok, err := m.s.NextSubscription(context.Background()); err != nil || ok == next.IsZero() || !earliest.Equal(next) {
		t.Fatalf("next is %v, %t, %v; want %v", earliest, ok, err, next)
	}
}

// row reads a value for the indexes' sake.
func row[T any](t *rapid.T, raw string) (v T) {
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// checkIndexes makes all indexes from the values and compares them with those stored.
func checkIndexes(t *rapid.T, e kv.Engine) {
	want, got := map[string]string{}, map[string]string{}
	follows := map[digest.SourceID]int{}
	expiring := map[string]int{}
	for p, err := range e.Scan(context.Background(), nil, nil) {
		if err != nil {
			t.Fatal(err)
		}
		k, v := string(p.Key), string(p.Value)
		noun, id, _ := strings.Cut(k, "/")
		switch noun {
		case "chat":
			wantChat(row[chatRow](t, v), want, follows)
		case "source":
			src, err := decodeSource(p.Key, p.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !src.Fetch.Next.IsZero() {
				want[string(dueSources.key(id, src.Fetch.Next, id))] = ""
			}
		case "article":
			expiring[k]++
			if a := row[digest.Article](t, v); a.Story == "" && !a.SetAside {
				want[string(queueKey(a))] = ""
			}
		case "story":
			expiring[k]++
			st := row[digest.Story](t, v)
			if want[string(revisionKey(st))] = ""; st.MergedInto == "" {
				want[string(liveKey(st))] = ""
			}
		case "edition":
			expiring[k]++
			want["own/"+string(row[digest.Edition](t, v).Chat)+"/"+k] = ""
		case "feedback":
			expiring[k]++
			want["own/"+string(row[digest.Feedback](t, v).Chat)+"/"+k] = ""
		case "public":
			expiring[k]++
		case "delivery":
			expiring[k]++
			wantDelivery(row[digest.Delivery](t, v), want)
		case "addr", "own", "due", "live", "news", "sending", "followers", "watch":
			got[k] = v
		case "queue":
			got[k] = "" // see TestQueues
		case "expire":
			expiring[strings.SplitN(k, "/", 3)[2]]--
		}
	}
	for id, n := range follows {
		want["followers/"+string(id)] = fmt.Sprint(n)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("indexes (-from values +stored):\n%s", d)
	}
	for k, n := range expiring {
		if n > 0 {
			t.Fatalf("%s never expires", k)
		}
	}
}

func wantChat(c chatRow, want map[string]string, follows map[digest.SourceID]int) {
	for _, a := range c.Addresses {
		want["addr/"+a] = fmt.Sprintf("%q", c.ID)
	}
	for _, id := range missing(c.Counted, nil) {
		follows[id]++
	}
	for _, f := range c.Followed {
		if c.Gone == "" {
			want["watch/"+string(f.Story)+"/"+string(c.ID)] = ""
		}
	}
	for _, sub := range c.Subscriptions {
		if c.Gone == "" && sub.Stopped.IsZero() && !sub.Next.IsZero() {
			want[string(dueSubscriptions.key(string(c.ID), sub.Next.At, fmt.Sprintf("%s/%04x", c.ID, sub.Ordinal)))] = ""
		}
	}
}

func wantDelivery(d digest.Delivery, want map[string]string) {
	want["own/"+string(d.Chat)+"/delivery/"+string(d.ID)] = ""
	switch {
	case d.State == digest.Sending:
		want["sending/"+string(d.ID)] = ""
	case !d.State.Final() && d.NextAt.IsZero():
		want[string(deliveriesTo(d.Platform).key(string(d.Chat), d.Slot.At, string(d.ID)))] = ""
	case !d.State.Final():
		want[string(deliveriesTo(d.Platform).key(string(d.Chat), d.NextAt, string(d.ID)))] = ""
	}
}
