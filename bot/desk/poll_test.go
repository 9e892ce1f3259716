package desk

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"newsdigest/digest"
)

// TestConditional: what the server says has not changed is not sent, and what has not
// changed is not parsed.
func TestConditional(t *testing.T) {
	w := newWorld(t)
	a := w.sites["a.example"]
	a.conditional = true
	a.add(tale("quake", start.Add(-time.Hour)))
	w.meet(private)
	id := w.starter[0].ID
	w.walk(150 * time.Minute)
	if got := a.validators; len(got) != 3 || got[0] != "" || got[1] == "" || got[2] != got[1] {
		t.Errorf("validators %q", got)
	}
	s := w.get(id)
	if s.Fetch.Failures != 0 || !s.Fetch.LastSuccess.Equal(start.Add(2*time.Hour)) || !s.Fetch.Next.Equal(start.Add(3*time.Hour)) {
		t.Errorf("after 304: %+v", s.Fetch)
	}
	// The same body without validators: a name that the feed would change stays.
	a.set(func(s *site) { s.conditional = false })
	changed := s
	changed.Name, changed.Fetch.ETag = "", ""
	if err := w.store.PutSource(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	w.walk(time.Hour)
	if s := w.get(id); s.Name != "" || !s.Fetch.LastSuccess.Equal(start.Add(3*time.Hour)) {
		t.Errorf("the same body was parsed again: name %q, success %v", s.Name, s.Fetch.LastSuccess)
	}
}

// TestValidatorsWithItems: if the items could not be saved, the next poll gets them again.
func TestValidatorsWithItems(t *testing.T) {
	w := newWorld(t)
	a := w.sites["a.example"]
	a.conditional = true
	a.add(tale("quake", start.Add(-time.Hour)))
	w.meet(private)
	w.engine.left.Store(0)
	if _, err := w.Poll(t.Context(), w.now); err == nil {
		t.Error("a poll without a store is no error")
	}
	w.engine.left.Store(-1)
	for range 2 {
		if err := w.pollAll(t.Context(), []digest.SourceID{w.starter[0].ID}, w.now, nil); err != nil {
			t.Fatal(err)
		}
	}
	queued, err := w.store.ToPlace(t.Context(), 10)
	if err != nil || len(queued) != 1 {
		t.Errorf("%d articles, %v", len(queued), err)
	}
}

// TestBackOff: a source that fails is asked less and less, as late as it says, and is as
// before once it answers.
func TestBackOff(t *testing.T) {
	w := newWorld(t)
	w.meet(private)
	a, id := w.sites["a.example"], w.starter[0].ID
	a.status = http.StatusInternalServerError
	now := w.now
	for n := 1; n <= 12; n++ {
		if err := w.pollAll(t.Context(), []digest.SourceID{id}, now, nil); err != nil {
			t.Fatal(err)
		}
		f := w.get(id).Fetch
		want := min(firstBackOff<<(n-1), longestBackOff)
		if wait := f.Next.Sub(now); f.Failures != n || wait < max(want*8/10, w.pollEvery/2) && n < 9 || wait > max(want*12/10, w.pollEvery/2) {
			t.Errorf("failure %d (counted %d): again in %v, want about %v", n, f.Failures, wait, want)
		}
		if !f.FailingSince.Equal(w.now) || f.Problem == "" || strings.Contains(f.Problem, "/feed") {
			t.Errorf("failing since %v: %q", f.FailingSince, f.Problem)
		}
		now = f.Next
	}
	b := w.sites["b.example"]
	b.status, b.retryAfter = http.StatusTooManyRequests, "7200"
	if err := w.pollAll(t.Context(), []digest.SourceID{w.starter[1].ID}, now, nil); err != nil {
		t.Fatal(err)
	}
	if wait := w.get(w.starter[1].ID).Fetch.Next.Sub(now); wait != 2*time.Hour {
		t.Errorf("asked for two hours, waits %v", wait)
	}
	a.set(func(s *site) { s.status = 0 })
	if err := w.pollAll(t.Context(), []digest.SourceID{id}, now, nil); err != nil {
		t.Fatal(err)
	}
	if f := w.get(id).Fetch; f.Failures != 0 || f.Problem != "" || !f.FailingSince.IsZero() || f.Next.Sub(now) != w.pollEvery {
		t.Errorf("after recovery %+v", f)
	}
	a.set(func(s *site) { s.body = "<html>no feed</html>" })
	if err := w.pollAll(t.Context(), []digest.SourceID{id}, now, nil); err != nil {
		t.Fatal(err)
	}
	if f := w.get(id).Fetch; f.Failures != 1 {
		t.Errorf("a page that is no feed: %+v", f)
	}
}

// TestUnfollowed: a source that nobody follows leaves the index, and comes back with the
// first who does.
func TestUnfollowed(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	w.walk(30 * time.Minute)
	if _, err := w.RemoveSource(t.Context(), c.ID, w.starter[0].ID); err != nil {
		t.Fatal(err)
	}
	hits := w.sites["a.example"].count()
	w.walk(3 * time.Hour)
	if s := w.get(w.starter[0].ID); w.sites["a.example"].count() != hits || !s.Fetch.Next.IsZero() {
		t.Errorf("%d more polls, next %v", w.sites["a.example"].count()-hits, s.Fetch.Next)
	}
	if _, err := w.FollowSource(t.Context(), c.ID, w.starter[0].ID); err != nil {
		t.Fatal(err)
	}
	w.walk(time.Minute)
	if got := w.sites["a.example"].count(); got != hits+1 {
		t.Errorf("%d polls after it was followed again, want %d", got, hits+1)
	}
	if err := w.Lose(t.Context(), c.ID, "blocked", start); err != nil {
		t.Fatal(err)
	}
	w.walk(3 * time.Hour)
	if got := w.sites["a.example"].count(); got != hits+1 {
		t.Errorf("%d polls for a chat that is gone", got-hits-1)
	}
}

// TestSharedPoll: who asks for a source that is being polled waits for that poll.
func TestSharedPoll(t *testing.T) {
	w := newWorld(t)
	w.meet(private)
	a := w.sites["a.example"]
	a.add(tale("quake", start.Add(-time.Hour)))
	a.hold = make(chan struct{})
	ids := []digest.SourceID{w.starter[0].ID}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := w.ReadNow(t.Context(), ids, w.now, nil); err != nil {
				t.Error(err)
			}
		})
	}
	for a.count() == 0 { // until the first is at the server
		time.Sleep(time.Millisecond)
	}
	_, others := w.polls.begin(ids[0])
	if others == nil {
		t.Error("a source that is being polled is taken for free")
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := w.pollAll(ended, ids, w.now, nil); err == nil {
		t.Error("waits although the context has ended")
	}
	close(a.hold)
	all.Wait()
	if got := a.count(); got > 2 { // one that came after the end polls anew
		t.Errorf("%d requests", got)
	}
	if len(w.stories()) != 1 {
		t.Errorf("%d stories", len(w.stories()))
	}
}

func (w *world) stories() []digest.Story { return w.Desk.live(start.Add(-100 * time.Hour)) }

// TestReadNow tells how far it is, and Unread what it has to read.
func TestReadNow(t *testing.T) {
	w := newWorld(t)
	c := w.meet(private)
	unread, err := w.Unread(t.Context(), c)
	if err != nil || len(unread) != 2 {
		t.Fatalf("unread %v, %v", unread, err)
	}
	var done []int
	if err := w.ReadNow(t.Context(), unread, w.now, func(n int) { done = append(done, n) }); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(done) != "[1 2]" {
		t.Errorf("progress %v", done)
	}
	if unread, err = w.Unread(t.Context(), c); err != nil || len(unread) != 0 {
		t.Errorf("still unread %v, %v", unread, err)
	}
}

// TestOneArticle: the same article of two sources is one, and is news of both.
func TestOneArticle(t *testing.T) {
	w := newWorld(t)
	same := tale("quake", start.Add(-time.Hour))
	for _, host := range []string{"a.example", "b.example"} {
		w.sites[host].add(same)
	}
	all, tech := w.meet(private), w.meet(crowd)
	tech, err := w.Change(t.Context(), tech.ID, func(c *digest.Chat) error {
		c.AllTopics, c.Topics = false, []string{"Technology"}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.walk(time.Minute)
	for _, c := range []digest.Chat{all, tech} {
		e, err := w.Digest(t.Context(), c, "now", "", "", w.now)
		if err != nil || len(e.Stories) != 1 || len(e.Stories[0].Members) != 1 {
			t.Errorf("chat %v: %+v, %v", c.Address, e.Stories, err)
		}
	}
	for _, topic := range []string{"World", "Technology"} {
		if e, err := w.Digest(t.Context(), all, topic, topic, "", w.now); err != nil || len(e.Stories) != 1 {
			t.Errorf("topic %s: %d stories, %v", topic, len(e.Stories), err)
		}
	}
}

// TestTopicOfMany: of a source with many topics, a chat gets what is about those that it
// chose; its own sources bring all.
func TestTopicOfMany(t *testing.T) {
	w := newWorld(t)
	w.starter[1] = w.source("b.example", "sport", "technology")
	w.live()
	w.sites["b.example"].body = `<rss version="2.0"><channel><title>B</title>
<item><title>Rovers win</title><link>http://b.example/rovers</link><category>Sport</category><pubDate>Sun, 01 Mar 2026 06:00:00 GMT</pubDate></item>
</channel></rss>`
	c := w.meet(private)
	w.walk(time.Minute)
	for _, tt := range []struct {
		topic string
		own   digest.SourceIDs
		want  int
	}{{"sport", nil, 1}, {"technology", nil, 0}, {"technology", digest.SourceIDs{w.starter[1].ID}, 1}} {
		c.AllTopics, c.Topics, c.Own = false, []string{tt.topic}, tt.own
		e, err := w.Digest(t.Context(), c, fmt.Sprint(tt), "", "", w.now)
		if err != nil || len(e.Stories) != tt.want || !slices.Contains(w.Follows(c), w.starter[1].ID) {
			t.Errorf("topic %s, own %v: %d stories, %v; want %d", tt.topic, tt.own, len(e.Stories), err, tt.want)
		}
	}
}

// TestCutText: a text longer than any article is cut between two characters.
func TestCutText(t *testing.T) {
	if got := cutText(strings.Repeat("é", longestText)); len(got) > longestText || !strings.HasSuffix(got, "é") {
		t.Errorf("cut to %d bytes", len(got))
	}
}

// TestOldAndFuture: entries older than a story lives are not taken, a date to come is today.
func TestOldAndFuture(t *testing.T) {
	w := newWorld(t)
	w.meet(private)
	w.sites["a.example"].body = `<rss version="2.0"><channel><title>A</title>
<item><title>Old</title><link>http://news.example/old</link><pubDate>Sun, 01 Feb 2026 07:00:00 GMT</pubDate></item>
<item><title>Future</title><link>http://news.example/future</link><pubDate>Sun, 01 Mar 2036 07:00:00 GMT</pubDate></item>
</channel></rss>`
	w.walk(time.Minute)
	s := w.stories()
	if len(s) != 1 || s[0].Headline != "Future" || !s[0].Last().Equal(start) {
		t.Errorf("stories %+v", s)
	}
}

// TestRun lets the loops run in virtual time, without news: who subscribes while they
// sleep gets the digest at its minute, and they end with their context.
func TestRun(t *testing.T) {
	w := newWorld(t)
	w.starter = nil
	synctest.Test(t, func(t *testing.T) {
		w.live() // its channels belong to the bubble
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { w.Run(ctx) })
		synctest.Wait()
		time.Sleep(90 * time.Second)
		w.telegram.now = time.Now
		w.now = time.Now().UTC()
		c := w.meet(private)
		w.daily(c, 8)
		due := w.chat(c).Subscriptions[0].Next.At
		time.Sleep(time.Until(due) + time.Second)
		synctest.Wait()
		if got := w.telegram.messages(); len(got) != 1 || got[0].at.Sub(due) > time.Second {
			t.Errorf("due at %v, arrived %v", due, got)
		}
		cancel()
		all.Wait()
	})
}
