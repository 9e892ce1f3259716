package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

// place stores placed articles with their stories.
func place(t *testing.T, s *Store, placed ...Placed) {
	t.Helper()
	if n, err := s.SaveStories(t.Context(), placed); err != nil || n != len(placed) {
		t.Fatalf("%d of %d stories saved, %v", n, len(placed), err)
	}
}

// queued are the articles in both queues.
func queued(t *testing.T, s *Store) (ids []digest.ArticleID) {
	t.Helper()
	for p, err := range s.kv.Scan(t.Context(), []byte("queue/"), after("queue/")) {
		check(t, err)
		ids = append(ids, lastPart(p.Key))
	}
	return ids
}

// TestQueues: an article waits for its page, then for its story, the newest first in both
// queues, and each process sees the pages of its sources.
func TestQueues(t *testing.T) {
	s := newStore(t)
	p := Poll{Source: testSource(1)}
	for n := range 10 { // testArticle(2) and (7) wait for their pages
		p.Articles = append(p.Articles, testArticle(n, start))
	}
	check(t, s.SavePoll(t.Context(), p))
	every := func(Unread) bool { return true }
	unread := must[[]Unread](t)(s.UnreadPages(t.Context(), 10, every))
	if len(unread) != 2 || unread[0].Article != p.Articles[2].ID || unread[1].Article != p.Articles[7].ID {
		t.Fatalf("unread: %v", unread)
	}
	if u := unread[0]; u.Source != p.Articles[2].Source || u.Host != "source.example" {
		t.Errorf("unread: %+v", u)
	}
	if got := must[[]Unread](t)(s.UnreadPages(t.Context(), 1, every)); len(got) != 1 || got[0] != unread[0] {
		t.Errorf("the first: %v", got)
	}
	if got := must[[]Unread](t)(s.UnreadPages(t.Context(), 10, func(u Unread) bool { return u != unread[0] })); len(got) != 1 || got[0] != unread[1] {
		t.Errorf("the other: %v", got)
	}
	mine := Part(digest.Partition(string(p.Articles[0].Source)))
	if got := must[[]Unread](t)(s.Share(AllParts&^mine).UnreadPages(t.Context(), 10, every)); len(got) != 0 {
		t.Errorf("another process reads %v", got)
	}

	read := p.Articles[2]
	read.Text = "All of the page."
	gone := testArticle(12, start)
	check(t, s.SaveRead(t.Context(), []digest.Article{read, gone}))
	read.Unread = false
	if d := cmp.Diff(read, must[digest.Article](t)(s.Article(t.Context(), read.ID))); d != "" {
		t.Errorf("read (-want +got):\n%s", d)
	}
	if _, err := s.Article(t.Context(), gone.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("one that is gone: %v", err)
	}
	again := read
	again.Text = "Another time."
	check(t, s.SaveRead(t.Context(), []digest.Article{again}))
	if a := must[digest.Article](t)(s.Article(t.Context(), read.ID)); a.Text != read.Text {
		t.Errorf("a page was read twice: %q", a.Text)
	}

	check(t, s.SetAside(t.Context(), p.Articles[4].ID))
	var got []digest.ArticleID
	for _, a := range must[[]digest.Article](t)(s.ToPlace(t.Context(), 4)) {
		got = append(got, a.ID)
	}
	want := []digest.ArticleID{p.Articles[0].ID, p.Articles[1].ID, read.ID, p.Articles[3].ID}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("to be placed (-want +got):\n%s", d)
	}
	also := testArticle(4, start)
	also.Source = testSource(2).ID
	check(t, s.SavePoll(t.Context(), Poll{Source: testSource(2), Articles: []digest.Article{also}}))
	if n := len(must[[]digest.Article](t)(s.ToPlace(t.Context(), 100))); n != 8 {
		t.Errorf("%d articles to be placed, want 8: one was set aside", n)
	}
}

// TestBatches: a batch never has more than one update takes, and what is placed is stored
// with whole stories, as many in one update as it takes.
func TestBatches(t *testing.T) {
	e := openEngine(t)
	count := &cutOff{Engine: e, left: 1 << 30}
	s := openStore(t, count)
	p := Poll{Source: testSource(1)}
	for n := range 400 {
		a := testArticle(n, start)
		a.Unread = false
		a.Text = strings.Repeat(fmt.Sprint(n, " words. "), 1500)
		p.Articles = append(p.Articles, a)
	}
	check(t, s.SavePoll(t.Context(), p))
	articles := must[[]digest.Article](t)(s.ToPlace(t.Context(), 1000))
	if len(articles) < 100 || len(articles) == 400 {
		t.Fatalf("a batch of %d articles", len(articles))
	}
	one := Placed{Story: digest.Story{ID: "one"}}
	for _, a := range articles {
		a.Story = "one"
		one.Articles = append(one.Articles, a)
		one.Story.Add(digest.Member{Article: a.ID, Published: a.Published})
	}
	before := count.left
	place(t, s, one)
	if used := before - count.left; used != 1 {
		t.Errorf("one story took %d updates", used)
	}
	for len(articles) > 0 {
		articles = must[[]digest.Article](t)(s.ToPlace(t.Context(), 1000))
		var placed []Placed
		for _, a := range articles {
			a.Story = digest.NewStoryID(a.ID)
			placed = append(placed, Placed{Story: digest.Story{ID: a.Story, Members: []digest.Member{{Article: a.ID, Published: a.Published}}}, Articles: []digest.Article{a}})
		}
		before = count.left
		place(t, s, placed...)
		if used := before - count.left; used > 2 {
			t.Errorf("%d small stories took %d updates", len(placed), used)
		}
	}
	count.left = 1
	placed := []Placed{{Story: digest.Story{ID: "a"}, Articles: p.Articles[:250]}, {Story: digest.Story{ID: "b"}, Articles: p.Articles[250:]}}
	if n, err := s.SaveStories(t.Context(), placed); n != 1 || !errors.Is(err, errCut) {
		t.Errorf("cut off between two stories: %d saved, %v", n, err)
	}
}

// newsSince are the stories and notes with a later revision, in their order.
func newsSince(t *testing.T, s *Store, rev uint64) (out []string) {
	t.Helper()
	for st, err := range s.News(t.Context(), rev) {
		check(t, err)
		out = append(out, fmt.Sprint(st.ID, " ", st.Rev, " ", st.MergedInto))
	}
	return out
}

// TestNews: whoever has seen some revision learns what was written after it, each story
// once.
func TestNews(t *testing.T) {
	s := newStore(t)
	if n := must[uint64](t)(s.LastNews(t.Context())); n != 0 {
		t.Errorf("the last revision of an empty store is %d", n)
	}
	a := saveStory(t, s, "a", nil, start)
	saveStory(t, s, "b", nil, start.Add(time.Hour))
	saveStory(t, s, "c", nil, start.Add(time.Hour), start.Add(2*time.Hour))
	if d := cmp.Diff([]string{"a 1 ", "b 2 ", "c 4 "}, newsSince(t, s, 0)); d != "" {
		t.Errorf("all (-want +got):\n%s", d)
	}
	saveStory(t, s, "b", []digest.Story{a}, start.Add(time.Hour))
	if d := cmp.Diff([]string{"c 4 ", "a 5 b", "b 6 "}, newsSince(t, s, 2)); d != "" {
		t.Errorf("after a merge (-want +got):\n%s", d)
	}
	b := must[digest.Story](t)(s.Story(t.Context(), "b"))
	worded := must[digest.Story](t)(s.SaveRewrite(t.Context(), "a", digest.Rewrite{Of: b.Telling(), Headline: "In other words"}))
	if worded.ID != "b" || worded.Rev != 7 || worded.Rewrite == nil {
		t.Errorf("reworded: %+v", worded)
	}
	if old := must[digest.Story](t)(s.SaveRewrite(t.Context(), "b", digest.Rewrite{Of: "others"})); old.Rev != 7 {
		t.Errorf("a rewrite of other articles: %+v", old)
	}
	place(t, s, Placed{Story: b, Articles: []digest.Article{{ID: "b-0", Story: "b", Found: start}}})
	if got := must[digest.Story](t)(s.Story(t.Context(), "b")); got.Rewrite == nil || got.Rev != 8 {
		t.Errorf("placed without new articles: %+v", got)
	}
	if n := must[uint64](t)(s.LastNews(t.Context())); n != 8 {
		t.Errorf("the last revision is %d", n)
	}
	if got := newsSince(t, s, 8); len(got) != 0 {
		t.Errorf("after all: %v", got)
	}
	retainAll(t, s, start.AddDate(1, 0, 0))
	if got := newsSince(t, s, 0); len(got) != 0 {
		t.Errorf("a year later: %v", got)
	}
}
