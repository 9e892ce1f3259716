package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

const day = 24 * time.Hour

// retainAll retains until nothing is left to do.
func retainAll(t *testing.T, s *Store, now time.Time) {
	t.Helper()
	for range 1000 {
		if must[int](t)(s.Retain(t.Context(), now, 7)) < 7 {
			return
		}
	}
	t.Fatal("retention does not end")
}

// left names what is still there of each kind.
func left(t *testing.T, s *Store) string {
	t.Helper()
	kinds := map[string]int{}
	for k, v := range dump(t, s.kv) {
		kind, _, _ := strings.Cut(k, "/")
		if kind == "article" && !strings.Contains(v, `"text"`) {
			kind = "bare"
		}
		if strings.HasPrefix(k, "inbox/done") {
			kind = "done"
		}
		kinds[kind]++
	}
	var out []string
	for _, kind := range []string{"article", "bare", "queue", "story", "live", "edition", "delivery", "done", "seen", "expire"} {
		if kinds[kind] > 0 {
			out = append(out, fmt.Sprint(kind, " ", kinds[kind]))
		}
	}
	return strings.Join(out, ", ")
}

// TestRetention walks through the days after some news.
func TestRetention(t *testing.T) {
	s := newStore(t)
	a := saveStory(t, s, "a", nil, start)
	saveStory(t, s, "b", []digest.Story{a}, start, start.Add(4*day)) // goes on for four days
	check(t, s.SavePoll(t.Context(), Poll{Source: testSource(1), Articles: []digest.Article{testArticle(1, start)}}))
	c := subscribed(t, s)
	d := testDelivery(c, start)
	d.State = digest.Sent
	e := digest.Edition{ID: "edition", Chat: c.ID, At: start}
	must[bool](t)(s.FileDelivery(t.Context(), d, e, nextDay))
	must[[]Incoming](t)(s.Accept(t.Context(), digest.Telegram, []Incoming{{ID: "1", Body: []byte("{}"), At: start}}, ""))
	check(t, s.Handled(t.Context(), digest.Telegram, "1"))
	for _, step := range []struct {
		days int
		want string
	}{
		{0, "article 4, queue 1, story 2, live 1, edition 1, delivery 1, done 1, expire 9"},
		{2, "article 4, queue 1, story 2, live 1, edition 1, delivery 1, expire 8"},
		// The texts of b and of a, which b absorbed, stay until b closes on day 9.
		{5, "article 3, bare 1, queue 1, story 2, live 1, edition 1, delivery 1, expire 8"},
		{9, "bare 4, queue 1, story 2, live 1, edition 1, delivery 1, expire 8"},
		// Those found on day 0 go 30 days later; the queue does not keep one for ever.
		{30, "bare 1, story 2, live 1, delivery 1, expire 4"},
		{34, "delivery 1, expire 1"},
		{119, "delivery 1, expire 1"},
		{120, ""},
	} {
		now := start.Add(time.Duration(step.days) * day)
		retainAll(t, s, now)
		if d := cmp.Diff(step.want, left(t, s)); d != "" {
			t.Errorf("day %d (-want +got):\n%s", step.days, d)
		}
	}
}

// TestRetainForgetsUnfollowedPolls: seen entries and validators go together, and only of
// a source that nobody has followed for long.
func TestRetainForgetsUnfollowedPolls(t *testing.T) {
	s := newStore(t)
	for n := range 2 {
		src := testSource(n)
		src.Fetch = digest.Fetch{ETag: `"1"`, LastTry: start, Next: start.Add(time.Hour)}
		check(t, s.SavePoll(t.Context(), Poll{Source: src, Seen: []string{"a"}}))
		check(t, s.RestSource(t.Context(), src.ID))
	}
	back := testChat(1)
	back.Counted = []digest.SourceID{testSource(1).ID}
	must[digest.Chat](t)(s.CreateChat(t.Context(), back))
	retainAll(t, s, start.Add(119*day))
	if got := left(t, s); got != "seen 2, expire 2" {
		t.Errorf("day 119: %s", got)
	}
	retainAll(t, s, start.Add(120*day))
	for n, followed := range []bool{false, true} {
		src := must[digest.Source](t)(s.Source(t.Context(), testSource(n).ID))
		seen := must[SeenEntries](t)(s.SeenEntries(t.Context(), src.ID))
		if (src.Fetch.ETag != "") != followed || seen.Has("a") != followed {
			t.Errorf("source %d, followed %t: validator %q, seen %d", n, followed, src.Fetch.ETag, seen.Len())
		}
	}
}

func TestRetainRefusesWhatItDoesNotKnow(t *testing.T) {
	s := newStore(t)
	check(t, s.kv.Update(t.Context(), func(tx kv.Tx) error { return tx.Put(key("expire", stamp(start), "thing", "1"), nil) }))
	if _, err := s.Retain(t.Context(), start, 10); err == nil {
		t.Error("an unknown kind: no error")
	}
}
