package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

func TestPutSourceKeepsWhatPollsTold(t *testing.T) {
	s := newStore(t)
	src := testSource(1)
	check(t, s.PutSource(t.Context(), src))
	src.Fetch = digest.Fetch{ETag: `"1"`, LastTry: start, Next: start.Add(time.Hour)}
	check(t, s.SavePoll(t.Context(), Poll{Source: src}))
	renamed := testSource(1)
	renamed.Name = "Harbour News"
	check(t, s.PutSource(t.Context(), renamed))
	src.Name = renamed.Name
	if d := cmp.Diff(src, must[digest.Source](t)(s.Source(t.Context(), src.ID))); d != "" {
		t.Errorf("source (-want +got):\n%s", d)
	}
	for got, err := range s.Sources(t.Context()) {
		if d := cmp.Diff(src, got); d != "" || err != nil {
			t.Errorf("sources: %v (-want +got):\n%s", err, d)
		}
	}
}

// TestDamagedValue: a value that is no JSON is an error that names the key.
func TestDamagedValue(t *testing.T) {
	s := newStore(t)
	check(t, s.kv.Update(t.Context(), func(tx kv.Tx) error { return tx.Put(sourceKey("x"), []byte("{")) }))
	if _, err := s.Source(t.Context(), "x"); err == nil || !strings.Contains(err.Error(), "source/x") {
		t.Errorf("read: %v", err)
	}
	for _, err := range s.Sources(t.Context()) {
		if err == nil {
			t.Error("scan: no error")
		}
	}
}

// bigPoll is a poll that takes several updates: many articles, some of them long.
func bigPoll() Poll {
	p := Poll{Source: testSource(1)}
	p.Source.Fetch = digest.Fetch{ETag: `"new"`, LastTry: start, Next: start.Add(time.Hour)}
	for n := range 2*articlesAtOnce + 10 {
		a := testArticle(n, start)
		if n%20 == 0 {
			a.Text = strings.Repeat("word ", 60_000)
		}
		p.Articles = append(p.Articles, a)
		p.Seen = append(p.Seen, marks(fmt.Sprint(n))...)
	}
	return p
}

// TestValidatorsNeverBeforeItems cuts a poll off at each of its updates: as long as
// something is missing, validators and seen entries are too, so that the next poll brings
// it.
func TestValidatorsNeverBeforeItems(t *testing.T) {
	p := bigPoll()
	for updates := 0; ; updates++ {
		e := openEngine(t)
		s := openStore(t, e)
		err := (&Store{kv: &cutOff{Engine: e, left: updates}}).SavePoll(t.Context(), p)
		waiting := queued(t, s)
		seen := must[SeenEntries](t)(s.SeenEntries(t.Context(), p.Source.ID))
		src, srcErr := s.Source(t.Context(), p.Source.ID)
		whole := len(waiting) == len(p.Articles) && seen.Len() == len(p.Seen) && src.Fetch.ETag != ""
		none := seen.Len() == 0 && errors.Is(srcErr, ErrNotFound)
		if err == nil && !whole || err != nil && !none {
			t.Errorf("after %d updates (%v): %d queued, %d seen, source %v", updates, err, len(waiting), seen.Len(), srcErr)
		}
		check(t, s.SavePoll(t.Context(), p)) // the next poll
		if n := len(queued(t, s)); n != len(p.Articles) {
			t.Errorf("after the repeat %d of %d articles", n, len(p.Articles))
		}
		if err == nil {
			if updates < 3 {
				t.Errorf("the poll took %d updates; the test needs more", updates)
			}
			return
		}
	}
}

func TestSavePollKeepsTheFirstArticle(t *testing.T) {
	s := newStore(t)
	a := testArticle(1, start)
	check(t, s.SavePoll(t.Context(), Poll{Source: testSource(1), Articles: []digest.Article{a}}))
	a.Story = "story"
	place(t, s, Placed{Story: digest.Story{ID: "story"}, Articles: []digest.Article{a}})
	later := testArticle(1, start.Add(time.Hour))
	check(t, s.SavePoll(t.Context(), Poll{Source: testSource(2), Articles: []digest.Article{later}}))
	if d := cmp.Diff(a, must[digest.Article](t)(s.Article(t.Context(), a.ID))); d != "" {
		t.Errorf("article (-want +got):\n%s", d)
	}
	if queued := queued(t, s); len(queued) != 0 {
		t.Errorf("queued again: %v", queued)
	}
	huge := testArticle(2, start)
	huge.Text = strings.Repeat("x", kv.MaxBytes)
	if err := s.SavePoll(t.Context(), Poll{Source: testSource(1), Articles: []digest.Article{huge}}); !errors.Is(err, kv.ErrTooLarge) {
		t.Errorf("article above the engine's limit: %v", err)
	}
}

func TestSeenEntries(t *testing.T) {
	s := newStore(t)
	src := testSource(1)
	poll := func(day int, keys ...string) SeenEntries {
		t.Helper()
		src.Fetch.LastTry = start.AddDate(0, 0, day)
		check(t, s.SavePoll(t.Context(), Poll{Source: src, Seen: marks(keys...)}))
		return must[SeenEntries](t)(s.SeenEntries(t.Context(), src.ID))
	}
	if seen := poll(0, "a", "b", ""); !seen.Has("a") || !seen.Has("b") || !seen.Has("") || seen.Has("c") {
		t.Error("first poll: a, b and the empty key were seen, c was not")
	}
	if seen := poll(120, "a"); !seen.Has("b") {
		t.Error("b is forgotten after 120 days")
	}
	if seen := poll(130); !seen.Has("b") {
		t.Error("b is forgotten by a poll without a feed")
	}
	if seen := poll(130, "c"); seen.Has("b") || !seen.Has("a") {
		t.Error("after 130 days b is to be forgotten, but not a, which the feed had ten days ago")
	}
}

// TestKnownEntries: what the feed has now is remembered with its print and date, and not
// what it had before.
func TestKnownEntries(t *testing.T) {
	s := newStore(t)
	src := testSource(1)
	src.Fetch.LastTry = start
	first, second := marks("a", "b", "c"), marks("d", "b")
	second[0].Print, second[1].Published = 0, time.Time{}
	check(t, s.SavePoll(t.Context(), Poll{Source: src, Seen: first}))
	check(t, s.SavePoll(t.Context(), Poll{Source: src, Seen: slices.Concat(second, second)}))
	seen := must[SeenEntries](t)(s.SeenEntries(t.Context(), src.ID))
	if m, ok := seen.Known(second[1].Print); !ok || m != second[1] {
		t.Errorf("known: %+v, %v", m, ok)
	}
	for _, print := range []uint64{0, first[0].Print, 1} {
		if m, ok := seen.Known(print); ok {
			t.Errorf("print %x: %+v", print, m)
		}
	}
	if seen.Len() != 4 {
		t.Errorf("%d are remembered", seen.Len())
	}
}

// TestSeenEntriesAreBounded: of too many entries those not seen for longest go.
func TestSeenEntriesAreBounded(t *testing.T) {
	all := SeenEntries{days: map[uint64]uint16{}}
	for n := range uint64(maxSeen + 500) {
		all.days[n] = uint16(100 + n/1000)
	}
	kept, err := readSeen("x", all.add(marks("new"), 121), nil)
	if err != nil || kept.Len() != maxSeen {
		t.Fatalf("%d kept, %v", kept.Len(), err)
	}
	if _, ok := kept.days[maxSeen+499]; !ok || !kept.Has("new") {
		t.Error("a new entry was forgotten")
	}
	for _, raw := range [][]byte{make([]byte, 15), make([]byte, 3), {0, 1, 0, 0}} {
		if _, err := readSeen("x", raw, nil); err == nil {
			t.Errorf("%x: no error", raw)
		}
	}
}

// saveStory stores a story of articles found at the given times; each is published then.
func saveStory(t *testing.T, s *Store, id digest.StoryID, absorbed []digest.Story, found ...time.Time) digest.Story {
	t.Helper()
	st := digest.Story{ID: id}
	for i, at := range found {
		a := testArticle(0, at)
		a.ID, a.Story = digest.ArticleID(fmt.Sprint(id, "-", i)), id
		st.Add(digest.Member{Article: a.ID, Published: a.Published})
		p := Placed{Story: st, Articles: []digest.Article{a}}
		for _, gone := range absorbed {
			p.Absorbed = append(p.Absorbed, gone.ID)
		}
		place(t, s, p)
	}
	return st
}

func liveIDs(t *testing.T, s *Store, since time.Time) (ids []digest.StoryID) {
	t.Helper()
	for st, err := range s.LiveStories(t.Context(), since) {
		check(t, err)
		ids = append(ids, st.ID)
	}
	return ids
}

func TestMergedStories(t *testing.T) {
	s := newStore(t)
	a := saveStory(t, s, "a", nil, start)
	b := saveStory(t, s, "b", nil, start.Add(time.Hour), start.Add(2*time.Hour))
	if d := cmp.Diff([]digest.StoryID{"a", "b"}, liveIDs(t, s, start)); d != "" {
		t.Errorf("live stories (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]digest.StoryID{"b"}, liveIDs(t, s, start.Add(2*time.Hour))); d != "" {
		t.Errorf("stories live since two hours later (-want +got):\n%s", d)
	}
	saveStory(t, s, "c", []digest.Story{a}, start.Add(3*time.Hour))
	c := must[digest.Story](t)(s.Story(t.Context(), "c"))
	saveStory(t, s, b.ID, []digest.Story{c}, start.Add(4*time.Hour))
	for _, id := range []digest.StoryID{"a", "b", "c"} {
		if got := must[digest.Story](t)(s.Story(t.Context(), id)); got.ID != "b" {
			t.Errorf("story %s leads to %s", id, got.ID)
		}
	}
	if d := cmp.Diff([]digest.StoryID{"b"}, liveIDs(t, s, time.Time{})); d != "" {
		t.Errorf("live stories after the merge (-want +got):\n%s", d)
	}
	if _, err := s.Story(t.Context(), "d"); !errors.Is(err, ErrNotFound) {
		t.Errorf("unknown story: %v", err)
	}
}

// TestCircleOfNotes: damaged notes end in an error, not in a loop.
func TestCircleOfNotes(t *testing.T) {
	s := newStore(t)
	check(t, s.kv.Update(t.Context(), func(tx kv.Tx) error {
		return errors.Join(put(tx, storyKey("a"), digest.Story{ID: "a", MergedInto: "b"}), put(tx, storyKey("b"), digest.Story{ID: "b", MergedInto: "a"}))
	}))
	if _, err := s.Story(t.Context(), "a"); !errors.Is(err, errMerges) {
		t.Errorf("story in a circle: %v", err)
	}
}
