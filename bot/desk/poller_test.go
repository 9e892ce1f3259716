package desk

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"newsdigest/digest"
)

// TestKeepPolling: a source that hangs keeps nobody waiting, neither what is due with it
// nor what is followed later.
func TestKeepPolling(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	a, b := w.sites["a.example"], w.sites["b.example"]
	a.hold = make(chan struct{})
	b.add(tale("quake", start.Add(-time.Hour)))
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { w.keepPolling(ctx) })
	until := func(what string, ok func() bool) {
		for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal(what)
			}
		}
	}
	until("the other source is not polled", func() bool {
		return a.count() == 1 && !w.get(w.starter[1].ID).Fetch.LastSuccess.IsZero()
	})
	w.bring(c, "c.example")
	w.rouse(polling)
	id := w.source("c.example").ID
	until("the new source is not polled", func() bool { return !w.get(id).Fetch.LastSuccess.IsZero() })
	if !w.get(w.starter[0].ID).Fetch.LastTry.IsZero() {
		t.Error("the source that hangs has been polled")
	}
	cancel()
	close(a.hold)
	all.Wait()
	if n := w.polls.len(); n != 0 || w.window.used+w.window.slow != 0 {
		t.Errorf("%d polls in hand, %d places taken", n, w.window.used+w.window.slow)
	}
}

// TestSavedTogether: what many polls brought is saved in few updates.
func TestSavedTogether(t *testing.T) {
	w := newWorld(t)
	const n = 300
	for i := range n {
		s := w.source("a.example")
		s.URL = fmt.Sprintf("http://a.example/feed/%d", i)
		s.ID = digest.NewSourceID(s.URL)
		if err := w.store.PutSource(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		at := digest.Address{Platform: digest.Telegram, Channel: fmt.Sprint(i)}
		if _, err := w.store.CreateChat(t.Context(), digest.Chat{ID: digest.NewChatID(at), Address: at, Counted: []digest.SourceID{s.ID}}); err != nil {
			t.Fatal(err)
		}
	}
	w.sites["a.example"].add(tale("quake", start.Add(-time.Hour)))
	w.engine.used.Store(0)
	if _, err := w.Poll(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	if used := w.engine.used.Load(); used > n/5 {
		t.Errorf("%d updates for %d polls", used, n)
	}
	for s, err := range w.store.Sources(t.Context()) {
		if err != nil || s.URL != w.starter[0].URL && s.URL != w.starter[1].URL && !s.Fetch.LastSuccess.Equal(w.now) {
			t.Fatalf("%s: %+v, %v", s.URL, s.Fetch, err)
		}
	}
}

// TestFirstPoll: of a source's first feed the newest ten entries become articles, of later
// ones more; all are seen.
func TestFirstPoll(t *testing.T) {
	w := newWorld(t)
	w.meet(private)
	a, id := w.sites["a.example"], w.starter[0].ID
	more := func(from, to int) {
		for i := range to - from {
			a.add(tale(fmt.Sprint("event", from+i), start.Add(-time.Duration(from+i)*time.Minute)))
		}
	}
	articles := func() int {
		found, err := w.store.ToPlace(t.Context(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	for _, tt := range []struct{ items, articles int }{{40, 10}, {90, 60}, {190, 120}} {
		more(len(a.items), tt.items)
		if err := w.pollAll(t.Context(), []digest.SourceID{id}, w.now, nil); err != nil {
			t.Fatal(err)
		}
		seen, err := w.store.SeenEntries(t.Context(), id)
		if err != nil || seen.Len() != tt.items || articles() != tt.articles {
			t.Errorf("%d entries: %d seen, %d articles, want %d; %v", tt.items, seen.Len(), articles(), tt.articles, err)
		}
	}
}

// TestGone: a feed that is gone for good, as the server says twice, is paused at once and
// told of once; a starter source is not.
func TestGone(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	w.bring(c, "c.example")
	id := w.source("c.example").ID
	for _, host := range []string{"a.example", "c.example"} {
		w.sites[host].set(func(s *site) { s.status = http.StatusGone })
	}
	answers := []int{http.StatusGone, http.StatusNotFound, http.StatusGone, http.StatusGone}
	for i, status := range answers {
		w.sites["c.example"].set(func(s *site) { s.status = status })
		if err := w.pollAll(t.Context(), []digest.SourceID{id, w.starter[0].ID}, w.now, nil); err != nil {
			t.Fatal(err)
		}
		if f := w.get(id).Fetch; f.Paused != (i == len(answers)-1) {
			t.Fatalf("after %v: %+v", answers[:i+1], f)
		}
	}
	w.walk(day)
	if f := w.get(id).Fetch; !f.Next.IsZero() || toldTo(w.telegram, "source") != 1 {
		t.Errorf("%+v, told %d times", f, toldTo(w.telegram, "source"))
	}
	if f := w.get(w.starter[0].ID).Fetch; f.Paused || f.Next.IsZero() {
		t.Errorf("a starter source: %+v", f)
	}
}

// TestDay: over a day no source is polled more often than at the least distance, nor more
// rarely than at the longest, and what is stored does not grow but by what is new.
func TestDay(t *testing.T) {
	w := newWorld(t)
	w.pollEvery, w.pollLongest = 15*time.Minute, longestWait
	w.meet(private)
	a, b := w.sites["a.example"], w.sites["b.example"]
	for i := range 60 { // one an hour, since a day and a half
		a.add(tale(fmt.Sprint("event", i), start.Add(time.Duration(i-36)*time.Hour+5*time.Minute)))
	}
	b.add(tale("quake", start.Add(-time.Hour)))
	polls := map[*site][]time.Time{}
	var sizes []int
	for w.now.Before(start.Add(day)) {
		before := map[*site]int{a: a.count(), b: b.count()}
		next, err := w.Poll(t.Context(), w.now)
		if err != nil {
			t.Fatal(err)
		}
		for s, n := range before {
			if s.count() > n {
				polls[s] = append(polls[s], w.now)
			}
		}
		raw := 0
		for _, s := range w.starter {
			seen, err := w.store.SeenEntries(t.Context(), s.ID)
			if err != nil {
				t.Fatal(err)
			}
			raw += seen.Len()
		}
		sizes = append(sizes, raw)
		w.now = next
	}
	for s, want := range map[*site][2]int{a: {40, 60}, b: {9, 40}} {
		if n := len(polls[s]); n < want[0] || n > want[1] {
			t.Errorf("%d polls, want %v", n, want)
		}
		for i, at := range polls[s][1:] {
			if d := at.Sub(polls[s][i]); d < w.pollEvery || d > longestWait*9/8 {
				t.Errorf("poll %d after %v", i+1, d)
			}
		}
	}
	if last := sizes[len(sizes)-1]; last != 36+24+1 {
		t.Errorf("%d entries are remembered of %d", last, 36+24+1)
	}
}

// TestSpread: sources that were polled together are not due together.
func TestSpread(t *testing.T) {
	w := newWorld(t)
	w.pollLongest = longestWait
	due := map[time.Time]bool{}
	for i := range 1000 {
		s := digest.Source{ID: digest.SourceID(fmt.Sprint(i)), Fetch: digest.Fetch{LastTry: w.now}}
		d := w.spread(s, w.pollEvery/8)
		if d < 0 || d > w.pollEvery/8 {
			t.Fatalf("%v", d)
		}
		due[w.now.Add(d)] = true
	}
	if len(due) < 500 {
		t.Errorf("%d due times of 1000 sources", len(due))
	}
}
