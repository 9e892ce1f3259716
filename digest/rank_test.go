package digest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// told is a story of so many outlets with its newest article so many hours before now.
func told(id StoryID, now time.Time, hours float64, outlets ...string) Story {
	s := Story{ID: id}
	for i, o := range outlets {
		s.Add(Member{Article: ArticleID(id) + ArticleID(o), Outlet: o,
			Published: now.Add(-time.Duration(hours*float64(time.Hour)) - time.Duration(i)*time.Minute)})
	}
	return s
}

// TestRank: more voices first, newer first, half as much after a day, ties by id, and the
// same whatever the order before.
func TestRank(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	want := []Story{
		told("three outlets", now, 2, "A", "B", "C"),
		told("two outlets", now, 2, "A", "B"),
		told("from the future", now, -1, "A"),
		told("fresh", now, 1, "A"),
		told("same a", now, 2, "A"),
		told("same b", now, 2, "B"),
		told("three outlets, two days old", now, 48, "A", "B", "C"),
		told("a day old", now, 30, "A", "A"),
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		got := slices.Clone(want)
		rnd.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		if diff := cmp.Diff(ids(want), rankedIDs(Rank(got, Chat{AllTopics: true}, now))); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestStory(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	var s Story
	if !s.First().IsZero() || !s.Last().IsZero() {
		t.Error("a story without articles has dates")
	}
	for _, m := range []Member{
		{Article: "3", Outlet: "B", Published: now},
		{Article: "1", Outlet: "A", Published: now.Add(-time.Hour)},
		{Article: "2", Outlet: "A", Published: now},
	} {
		s.Add(m)
	}
	before := s
	s.Add(Member{Article: "1", Outlet: "C", Published: now.Add(time.Hour), Also: []SourceID{"x"}})
	ids := func(s Story) (out []ArticleID) {
		for _, m := range s.Members {
			out = append(out, m.Article)
		}
		return out
	}
	if diff := cmp.Diff([]ArticleID{"2", "3", "1"}, ids(s)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]ArticleID{"1", "2", "3"}, ids(before)); diff != "" {
		t.Errorf("a copy of the story from before has changed: %s", diff)
	}
	if !s.First().Equal(now) || !s.Last().Equal(now.Add(time.Hour)) || len(s.Outlets()) != 3 || len(before.Outlets()) != 2 {
		t.Errorf("first %v, last %v, outlets %v", s.First(), s.Last(), s.Outlets())
	}
	if m := s.Members[2]; !m.From(map[SourceID]bool{"x": true}) || m.From(map[SourceID]bool{"y": true}) {
		t.Error("an article is from each source that brought it")
	}
}

// TestSilent: no success since the last digest or within two intervals, whichever is
// longer ago.
func TestSilent(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	const interval = 15 * time.Minute
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	tests := []struct {
		name string
		f    Fetch
		last time.Time
		want bool
	}{
		{"never polled", Fetch{}, ago(time.Hour), false},
		{"answered", Fetch{LastSuccess: ago(time.Hour)}, ago(time.Minute), false},
		{"failing since a little", Fetch{Failures: 1, LastSuccess: ago(29 * time.Minute)}, ago(time.Minute), false},
		{"failing for two intervals", Fetch{Failures: 2, LastSuccess: ago(31 * time.Minute)}, ago(time.Minute), true},
		{"answered since the last digest", Fetch{Failures: 9, LastSuccess: ago(5 * time.Hour)}, ago(24 * time.Hour), false},
		{"not answered since the last digest", Fetch{Failures: 9, LastSuccess: ago(25 * time.Hour)}, ago(24 * time.Hour), true},
		{"never answered", Fetch{Failures: 1}, time.Time{}, true},
	}
	for _, tt := range tests {
		if got := (Source{Fetch: tt.f}).Silent(tt.last, now, interval); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	for _, s := range []struct {
		s    Source
		want string
	}{
		{Source{Name: "Atlas", URL: "https://a.example/?key=secret"}, "Atlas"},
		{Source{URL: "https://a.example/feed?key=secret"}, "a.example"},
		{Source{ID: "id", URL: "://"}, "id"},
	} {
		if got := s.s.Label(); got != s.want {
			t.Errorf("label %q, want %q", got, s.want)
		}
	}
}

func TestEdition(t *testing.T) {
	var e Edition
	if s, first := e.OnPage(1); e.PageCount() != 1 || len(s) != 0 || first != 1 {
		t.Errorf("an empty edition has %d pages, %d stories", e.PageCount(), len(s))
	}
	e.Stories = make([]EditionStory, 7)
	if s, first := e.OnPage(2); e.PageCount() != 2 || len(s) != 2 || first != 6 {
		t.Errorf("page 2 of %d: %d stories from %d", e.PageCount(), len(s), first)
	}
	if s, _ := e.OnPage(9); len(s) != 0 {
		t.Errorf("page 9 has %d stories", len(s))
	}
	e.Sources, e.Silent = 2, make([]SilentSource, 1)
	if e.AllSilent() || !(Edition{Sources: 1, Silent: make([]SilentSource, 1)}).AllSilent() || (Edition{}).AllSilent() {
		t.Error("all are silent when there are any and each one is")
	}
}

func TestPost(t *testing.T) {
	s := PostStory{Links: []Link{{Name: "A"}, {Name: "B"}, {Name: "C"}, {Name: "D"}}}
	for maximum, want := range map[int]int{0: LinksShown, 1: 1, 9: 4} {
		links, more := (Post{MaxLinks: maximum}).Shown(s)
		if len(links) != want || more != 4-want {
			t.Errorf("at most %d: %d links and %d more", maximum, len(links), more)
		}
	}
	if got := (Line{{Text: "a", Bold: true}, {Text: "b"}}).String(); got != "ab" || Plain("x").String() != "x" {
		t.Errorf("line %q", got)
	}
}

func TestSummaryAt(t *testing.T) {
	s := Summary{Standard: make([]Sentence, 2), Full: make([]Sentence, 4)}
	for length, want := range map[Length]int{Brief: 0, Standard: 2, Full: 4, "": 2} {
		if got := len(s.At(length)); got != want {
			t.Errorf("%q: %d sentences, want %d", length, got, want)
		}
	}
	for text, want := range map[string]int{"": 0, "one, two - three!": 3, "人民日报": 2, "東京で会議": 3, "GPT-4 is out": 3} {
		if got := Words(text); got != want {
			t.Errorf("%q has %d words, want %d", text, got, want)
		}
	}
}

// TestIDs: an id depends on each of its parts and on where one ends.
func TestIDs(t *testing.T) {
	ids := []string{
		hash("a", "b", "c"), hash("a", "bc"), hash("ab", "c"), hash("a", "b", "c", ""),
		string(NewArticleID("https://a.example/1", "Title", "s", "k")), string(NewArticleID("https://a.example/1", "Other", "s", "k")),
		string(NewArticleID("", "Title", "s", "k")), string(NewArticleID("", "Title", "s2", "k")),
	}
	for i, id := range ids {
		if len(id) != 16 || slices.Contains(ids[:i], id) {
			t.Errorf("id %d: %q among %q", i, id, ids[:i])
		}
	}
	if NewArticleID("https://a.example/1", "Title", "s", "k") != NewArticleID("https://a.example/1", "Title", "s2", "k2") {
		t.Error("the same article met by two ways has two ids")
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"  a\n\tb\u2028c ":                       "a b c",
		"a\x00b\x1b[31mc\u0085d":                 "ab[31mc d",
		"\u202eevil\u202c \u2066x\u2069":         "evil x",
		"zero\u200bwidth\ufeff\u00ad":            "zerowidth",
		"bad\xffutf8":                            "bad\uFFFDutf8",
		"tag\U000e0041s":                         "tags",
		"z" + strings.Repeat("\u0335", 40) + "a": "z" + strings.Repeat("\u0335", 5) + "a",
		"kinh tế ở Huế: tiếng Việt":              "kinh tế ở Huế: tiếng Việt",
		"เก้าอี้ שָׁלוֹם हिन्दी ":                "เก้าอี้ שָׁלוֹם हिन्दी",
		"joiner \U0001f468\u200d\U0001f469":      "joiner \U0001f468\u200d\U0001f469",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanOwn(t *testing.T) {
	for in, want := range map[string]string{
		"a \u2068b\u2069\n c":                  "a \u2068b\u2069 c",
		"\u2068a \u2068b\u2069\u2069":          "\u2068a \u2068b\u2069\u2069",
		"a\u2069 b \u2068c":                    "a b \u2068c\u2069",
		"\u2068\u202eevil\u202c\u2069 \u2066x": "\u2068evil\u2069 x",
	} {
		if got := CleanOwn(in); got != want {
			t.Errorf("CleanOwn(%q) = %q, want %q", in, got, want)
		}
	}
}
