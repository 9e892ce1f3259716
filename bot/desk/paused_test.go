package desk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/feed"
)

const day = 24 * time.Hour

// toldTo counts the messages about something that arrived at a platform.
func toldTo(w *wire, about string) int {
	n := 0
	for _, m := range w.messages() {
		if strings.Contains(m.text, about) {
			n++
		}
	}
	return n
}

// A source that does not answer for seven days is paused and told of once; it comes back
// when somebody asks for it.
func TestDeadSource(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	c3 := w.sites["c.example"]
	c3.add(tale("flood", w.now))
	added, err := w.AddSource(t.Context(), c.ID, "http://c.example/feed", w.now)
	if err != nil {
		t.Fatal(err)
	}
	id := added.Source.ID
	c3.set(func(s *site) { s.status = http.StatusInternalServerError })
	w.walk(6 * day)
	if s := w.get(id); s.Fetch.Paused || toldTo(w.telegram, "source") > 0 {
		t.Fatalf("paused too early: %+v", s.Fetch)
	}
	w.walk(3 * day)
	s, hits := w.get(id), c3.count()
	if !s.Fetch.Paused || !s.Fetch.Next.IsZero() || toldTo(w.telegram, "source") != 1 {
		t.Fatalf("%+v, told %d times", s.Fetch, toldTo(w.telegram, "source"))
	}
	w.walk(3 * day)
	if c3.count() != hits || toldTo(w.telegram, "source") != 1 {
		t.Errorf("asked %d times while paused, told %d times", c3.count()-hits, toldTo(w.telegram, "source"))
	}
	if s, err := w.TryAgain(t.Context(), w.chat(c), id, w.now); err != nil || !s.Fetch.Paused || s.Fetch.Failures == 0 {
		t.Errorf("still dead: %+v, %v", s.Fetch, err)
	}
	c3.set(func(s *site) { s.status = 0 })
	if s, err := w.TryAgain(t.Context(), w.chat(c), id, w.now); err != nil || s.Fetch.Paused || s.Fetch.Next.IsZero() {
		t.Errorf("back: %+v, %v", s.Fetch, err)
	}
	if _, err := w.TryAgain(t.Context(), w.chat(c), w.source("news.example").ID, w.now); reason(err) != NoSuchSource {
		t.Errorf("somebody else's source: %v", err)
	}
}

// A thousand sources that die together cost a few looks at all chats, and a look that
// somebody else's end cut off is made again.
func TestDeathsTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all deaths
		var looks, told int
		tell := func(sources map[digest.SourceID]death) error {
			looks++
			time.Sleep(time.Second) // in which the others come
			told += len(sources)
			return nil
		}
		cut := errors.Join(errors.New("cut off"), context.Canceled)
		ended, end := context.WithCancel(t.Context())
		end()
		var dying sync.WaitGroup
		for n := range 1000 {
			dying.Go(func() {
				one := death{source: digest.Source{ID: digest.SourceID(strconv.Itoa(n))}}
				if n == 0 {
					if err := all.join(ended, one, func(map[digest.SourceID]death) error { return cut }); err != nil && !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
					return
				}
				time.Sleep(time.Duration(n%4) * time.Millisecond)
				if err := all.join(t.Context(), one, tell); err != nil {
					t.Errorf("%d: %v", n, err)
				}
			})
		}
		dying.Wait()
		if looks > 2 || told < 999 {
			t.Errorf("%d looks told of %d sources", looks, told)
		}
		failing := errors.New("the disk")
		if err := all.join(t.Context(), death{}, func(map[digest.SourceID]death) error { return failing }); err != failing {
			t.Error(err)
		}
		var together sync.WaitGroup
		for n := range 2 { // who joins a look that panics does not take it for told
			together.Go(func() {
				one := death{source: digest.Source{ID: digest.SourceID(strconv.Itoa(n))}}
				if err := all.join(t.Context(), one, func(map[digest.SourceID]death) error { time.Sleep(time.Second); panic("no") }); err == nil {
					t.Errorf("%d: told by a panic", n)
				}
			})
		}
		together.Wait()
	})
}

// While nothing answers, it is our own network that is dead.
func TestDeadNetwork(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	w.sites["c.example"].add(tale("flood", w.now))
	added, err := w.AddSource(t.Context(), c.ID, "http://c.example/feed", w.now)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range w.sites {
		s.set(func(s *site) { s.status = http.StatusBadGateway })
	}
	w.walk(9 * day)
	if s := w.get(added.Source.ID); s.Fetch.Paused {
		t.Errorf("%+v", s.Fetch)
	}
}

// A paused subscription sends nothing until its pause is over, and everything paused
// nothing at all.
func TestPause(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	sub := w.daily(c, 8)
	until := w.now.Add(3 * day)
	s, err := w.Pause(t.Context(), c.ID, sub.Ordinal, until, w.now)
	if err != nil || !s.Next.At.After(until) || s.Next.At.After(until.Add(day)) {
		t.Fatalf("next %v, %v", s.Next, err)
	}
	w.walk(2 * day)
	if len(w.states()) != 0 {
		t.Errorf("while paused: %v", w.states())
	}
	w.walk(2 * day)
	if len(w.states()) != 1 {
		t.Errorf("after the pause: %v", w.states())
	}
	c, err = w.PauseAll(t.Context(), c.ID, true, w.now)
	if err != nil || !c.Paused || !c.Active()[0].Next.IsZero() {
		t.Fatalf("%+v, %v", c.Active(), err)
	}
	w.walk(5 * day)
	if len(w.states()) != 1 {
		t.Errorf("while everything is paused: %v", w.states())
	}
	if s, err = w.Pause(t.Context(), c.ID, sub.Ordinal, time.Time{}, w.now); err != nil || s.Next.IsZero() || w.chat(c).Paused {
		t.Errorf("resumed: %+v, %v", s, err)
	}
	w.walk(day)
	if len(w.states()) != 2 {
		t.Errorf("resumed: %v", w.states())
	}
	if _, err := w.Pause(t.Context(), c.ID, 99, until, w.now); reason(err) != NoSuchDigest {
		t.Errorf("no such digest: %v", err)
	}
}

// Three days without news are told of once, to a person.
func TestQuietDays(t *testing.T) {
	for _, at := range []digest.Address{private, crowd} {
		w := newWorld(t)
		c := w.meet(at)
		w.sites["a.example"].conditional = true
		w.daily(c, 8, 18)
		w.walk(6 * day)
		want := 0
		if at == private {
			want = 1
		}
		if n := toldTo(w.telegram, "quiet"); n != want {
			t.Errorf("%s: told %d times after %d quiet days", at, n, w.chat(c).QuietDays)
		}
		w.sites["a.example"].add(tale("flood", w.now))
		w.walk(day)
		if n := w.chat(c).QuietDays; n > 1 {
			t.Errorf("%s: %d quiet days after news", at, n)
		}
	}
}

// PostNow tells what a scheduled digest would, and says so if there is nothing.
func TestPostNow(t *testing.T) {
	w := newWorld(t)
	c := w.meet(crowd)
	sub := w.daily(c, (w.now.Hour()+12)%24)
	if posted, err := w.PostNow(t.Context(), c.ID, sub.Ordinal, w.now); posted || err != nil {
		t.Errorf("without news: %v, %v", posted, err)
	}
	w.sites["a.example"].add(tale("flood", w.now))
	w.walk(2 * time.Hour)
	if posted, err := w.PostNow(t.Context(), c.ID, sub.Ordinal, w.now); !posted || err != nil {
		t.Fatalf("%v, %v", posted, err)
	}
	w.walk(time.Minute)
	if toldTo(w.telegram, headline("flood")) != 1 {
		t.Errorf("%+v", w.telegram.messages())
	}
	if posted, err := w.PostNow(t.Context(), c.ID, sub.Ordinal, w.now); posted || err != nil {
		t.Errorf("once more: %v, %v", posted, err)
	}
	if _, err := w.PostNow(t.Context(), c.ID, 99, w.now); reason(err) != NoSuchDigest {
		t.Errorf("no such digest: %v", err)
	}
}

// meanwhile is a platform on which something happens while a digest's pages are made.
type meanwhile struct {
	*wire
	happens func()
}

func (m meanwhile) Pages(p digest.Post) []digest.Page {
	m.happens()
	return m.wire.Pages(p)
}

// While one process composes a digest, another one tells the chat the same news: what is
// told once is not told again.
func TestToldMeanwhile(t *testing.T) {
	for _, by := range []string{"PostNow", "schedule"} {
		w := newWorld(t)
		c := w.meet(private)
		sub := w.daily(c, w.now.Hour()+3)
		w.sites["a.example"].add(tale("flood", w.now))
		w.walk(2 * time.Hour)
		other, err := New(t.Context(), Options{
			Store: w.store, Fetch: w.client, Starter: w.starter, Editor: editor{}, Rates: w.rates,
			Messengers: map[digest.Platform]Messenger{digest.Telegram: w.telegram},
		})
		if err != nil {
			t.Fatal(err)
		}
		times := 0
		w.messengers[digest.Telegram] = meanwhile{w.telegram, func() {
			if times++; times == 1 {
				if posted, err := other.PostNow(t.Context(), c.ID, sub.Ordinal, w.now); !posted || err != nil {
					t.Errorf("%s: the other: %v, %v", by, posted, err)
				}
			}
		}}
		if by == "PostNow" {
			if _, err := w.PostNow(t.Context(), c.ID, sub.Ordinal, w.now.Add(time.Second)); err != nil {
				t.Error(err)
			}
		}
		w.walk(3 * time.Hour)
		if n := toldTo(w.telegram, headline("flood")); n != 1 || times < 2 {
			t.Errorf("%s: told %d times, made %d times: %+v", by, n, times, w.telegram.messages())
		}
	}
}

// Many sources at once: what the chat has, what is new, what finds no room.
func TestFollowAll(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	if _, err := w.RemoveSource(t.Context(), c.ID, w.starter[0].ID); err != nil {
		t.Fatal(err)
	}
	outlines := []feed.Outline{{URL: w.starter[0].URL}, {URL: w.starter[1].URL}, {URL: "file:///etc/passwd"}}
	for i := range digest.MaxSources + 5 {
		outlines = append(outlines, feed.Outline{Title: "Feed", URL: "http://many.example/" + strings.Repeat("x", i+1)})
	}
	ids, err := w.Introduce(t.Context(), outlines, w.now)
	if err != nil || len(ids) != len(outlines)-1 {
		t.Fatalf("%d of %d, %v", len(ids), len(outlines), err)
	}
	took, err := w.FollowAll(t.Context(), c.ID, ids)
	if want := (Taken{Added: digest.MaxSources + 1, Already: 1, NoRoom: 5}); took != want || err != nil {
		t.Errorf("%+v, want %+v, %v", took, want, err)
	}
	if !slices.Contains(w.Follows(w.chat(c)), w.starter[0].ID) {
		t.Error("a starter source is not back")
	}
}
