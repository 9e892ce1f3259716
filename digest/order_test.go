package digest

import (
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func ids(stories []Story) (out []StoryID) {
	for _, s := range stories {
		out = append(out, s.ID)
	}
	return out
}

func rankedIDs(ranked []Ranked) (out []StoryID) {
	for _, r := range ranked {
		out = append(out, r.ID)
	}
	return out
}

// changed is a story with a change.
func changed(s Story, change func(*Story)) Story {
	s.Members = slices.Clone(s.Members)
	change(&s)
	return s
}

func topics(topics ...string) func(*Story) {
	return func(s *Story) {
		for i := range s.Members {
			s.Members[i].Topics = topics
		}
	}
}

func subjects(words ...string) func(*Story) {
	return func(s *Story) {
		for _, w := range words {
			s.Subjects = append(s.Subjects, Subject{Word: w, Key: crc32.ChecksumIEEE([]byte(w)), In: len(s.Members)})
		}
	}
}

func source(id SourceID) func(*Story) {
	return func(s *Story) { s.Members[0].Source = id }
}

// TestOrder is the set of mornings that the weights were set by. Each says which story
// stands above which, and why somebody who edits a digest would have it so.
func TestOrder(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	outlets := []string{"Atlas Wire", "Harbour Times", "Meridian", "The Ledger", "Northport Post", "Le Phare", "Circuit", "Kurier"}
	by := func(id StoryID, hours float64, n int) Story { return told(id, now, hours, outlets[:n]...) }
	all := Chat{AllTopics: true}
	tests := []struct {
		why     string
		chat    Chat
		stories []Story
		want    []StoryID
	}{
		{"what five outlets told last night leads what one tells now", all,
			[]Story{by("late goal", .5, 1), by("quake", 9, 5)}, []StoryID{"quake", "late goal"}},
		{"what five outlets told the day before yesterday does not", all,
			[]Story{by("quake", 46, 5), by("late goal", .5, 1)}, []StoryID{"late goal", "quake"}},
		{"a law that four reported yesterday leads the fares that two report this morning", all,
			[]Story{by("bus fares", 4.5, 2), by("repair bill", 19, 4)}, []StoryID{"repair bill", "bus fares"}},
		{"four papers with one agency text are one voice; two that went there are two", all,
			[]Story{
				changed(by("copied", 2, 4), func(s *Story) {
					for i := range s.Members[1:] {
						s.Members[i].CopyOf = s.Members[3].Article
					}
				}),
				by("reported", 2, 2),
			}, []StoryID{"reported", "copied"}},
		{"of two that are told as widely, the one that is being written about now", all,
			[]Story{
				changed(by("yesterday's vote", 2, 3), func(s *Story) {
					for i := range s.Members[:2] {
						s.Members[i].Published = now.Add(-20 * time.Hour)
					}
				}),
				by("breaking", 2, 3),
			}, []StoryID{"breaking", "yesterday's vote"}},
		{"the blog that somebody added counts more than another single source", Chat{AllTopics: true, Own: []SourceID{"blog"}},
			[]Story{by("fair", 1, 1), changed(by("blog post", 3, 1), source("blog"))}, []StoryID{"blog post", "fair"}},
		{"and not more than what three outlets tell", Chat{AllTopics: true, Own: []SourceID{"blog"}},
			[]Story{changed(by("blog post", 3, 1), source("blog")), by("strike", 3, 3)}, []StoryID{"strike", "blog post"}},
		{"who chose science gets it first", Chat{Topics: []string{"science"}},
			[]Story{changed(by("derby", 2, 1), topics("sport")), changed(by("exoplanet", 5, 1), topics("science"))},
			[]StoryID{"exoplanet", "derby"}},
		{"who chose all topics prefers none", all,
			[]Story{changed(by("derby", 2, 1), topics("sport")), changed(by("exoplanet", 5, 1), topics("science"))},
			[]StoryID{"derby", "exoplanet"}},
		{"one press for less moves a story below its equals", Chat{AllTopics: true, Leanings: []Leaning{{Kind: OfTopic, What: "sport", Weight: -1}}},
			[]Story{changed(by("derby", 2, 1), topics("sport")), by("fair", 4, 1)}, []StoryID{"fair", "derby"}},
		{"one press does not hide the final that everybody tells", Chat{AllTopics: true, Leanings: []Leaning{{Kind: OfTopic, What: "sport", Weight: -1}}},
			[]Story{by("fair", 4, 1), changed(by("cup final", 2, 6), topics("sport"))}, []StoryID{"cup final", "fair"}},
		{"a word liked often brings a single source above two outlets",
			Chat{AllTopics: true, Leanings: []Leaning{{Kind: OfWord, What: "cranes", Key: crc32.ChecksumIEEE([]byte("cranes")), Weight: 5}}},
			[]Story{by("strike", 2, 2), changed(by("cranes are back", 2, 1), subjects("cranes", "marsh"))},
			[]StoryID{"cranes are back", "strike"}},
		{"an outlet disliked falls behind",
			Chat{AllTopics: true, Leanings: []Leaning{{Kind: OfSource, What: "Atlas Wire", Weight: -3}}},
			[]Story{by("fair", 1, 1), told("market", now, 3, "Meridian")}, []StoryID{"market", "fair"}},
		{"all the taste there is does not sink what eight outlets tell below what one does",
			Chat{AllTopics: true, Leanings: []Leaning{{Kind: OfTopic, What: "sport", Weight: -5}, {Kind: OfSource, What: "Meridian", Weight: -5}, {Kind: OfSource, What: "Kurier", Weight: -5}}},
			[]Story{by("fair", 6, 1), changed(by("cup final", 2, 8), topics("sport"))}, []StoryID{"cup final", "fair"}},
		{"the second story on one election waits until another subject was told", all,
			[]Story{
				changed(by("result", 1, 5), subjects("Lakeland", "election", "Hale")),
				changed(by("loser resigns", 1, 3), subjects("Lakeland", "election", "Strand")),
				changed(by("turnout", 1, 3), subjects("election", "Lakeland", "turnout")),
				changed(by("ferry merger", 3, 3), subjects("ferry", "Norsund", "merger")),
				by("bus fares", 5, 2),
			}, []StoryID{"result", "ferry merger", "loser resigns", "bus fares", "turnout"}},
		{"but one that all tell does not wait for trifles", all,
			[]Story{
				changed(by("result", 1, 8), subjects("Lakeland", "election", "Hale")),
				changed(by("coalition", 1, 6), subjects("Lakeland", "election", "coalition")),
				by("fair", 5, 1),
			}, []StoryID{"result", "coalition", "fair"}},
		{"sharing one word of six is no common subject", all,
			[]Story{
				changed(by("dam", 1, 3), subjects("dam", "river", "minister", "flood", "Arvo", "valley")),
				changed(by("budget", 2, 3), subjects("budget", "minister", "deficit", "tax", "crowns", "vote")),
				by("fair", 5, 2),
			}, []StoryID{"dam", "budget", "fair"}},
		{"after three of one topic another one has its turn", all,
			[]Story{
				changed(by("derby", 1, 2), topics("sport")), changed(by("swim", 1.5, 2), topics("sport")),
				changed(by("marathon", 2, 2), topics("sport")), changed(by("row", 2.5, 2), topics("sport")),
				changed(by("lens", 4, 2), topics("science")),
			}, []StoryID{"derby", "swim", "marathon", "lens", "row"}},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			got := Rank(tt.stories, tt.chat, now)
			if diff := cmp.Diff(tt.want, rankedIDs(got)); diff != "" {
				for _, r := range got {
					t.Logf("%s: %+v", r.ID, r.Reasons)
				}
				t.Error(diff)
			}
		})
	}
}

// TestReasons: each place is explained, the weightiest reason first, and by what the
// articles hang together.
func TestReasons(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	c := Chat{Topics: []string{"business"}, Own: []SourceID{"blog"},
		Leanings: []Leaning{{Kind: OfTopic, What: "business", Weight: 3}, {Kind: OfSource, What: "B", Weight: -1}}}
	first := changed(told("first", now, 3, "A", "B", "C", "D"), topics("business"))
	subjects("quota", "cod", "Talu", "boats")(&first)
	first.Subjects[2].In = 1
	first.Members[0].Source, first.Members[0].CopyOf = "blog", first.Members[1].Article
	second := changed(told("second", now, 30, "Z"), subjects("cod", "quota", "price"))
	got := Rank([]Story{second, first}, c, now)
	want := [][]Reason{{
		{Kind: ByVoices, Count: 3, Share: 1.27}, {Kind: ByOwnSource, What: "D", Share: .5}, {Kind: ByTopic, What: "business", Share: .5},
		{Kind: ByTaste, What: "business", Share: .48}, {Kind: ByVelocity, Count: 3, Share: .24},
		{Kind: ByFreshness, Count: 3, Share: -.13}, {Kind: ByTaste, What: "B", Share: -.12},
		{Kind: ByWords, What: "quota, cod, boats"}, {Kind: ByCopies, Count: 1},
	}, {
		{Kind: ByFreshness, Count: 30, Share: -1.25}, {Kind: ByVariety, What: "cod", Share: -.5}, {Kind: ByVoices, Count: 1},
	}}
	for i, r := range got {
		if diff := cmp.Diff(want[i], r.Reasons); diff != "" {
			t.Errorf("%s: %s", r.ID, diff)
		}
	}
}

// TestRankBounds: no more places than Places, and taste within its bound, however much was
// pressed.
func TestRankBounds(t *testing.T) {
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		words := []string{"cod", "quota", "dam", "flood", "vote", "cup", "goal", "lens", "tax"}
		var stories []Story
		for i := range rapid.IntRange(0, 2*Places).Draw(t, "stories") {
			outlets := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"A", "B", "C", "D", "E"}), 1, 5, rapid.ID).Draw(t, "outlets")
			s := told(StoryID(fmt.Sprint(i)), now, rapid.Float64Range(-1, 60).Draw(t, "age"), outlets...)
			topics(rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"sport", "world", "science"}), 0, 2, rapid.ID).Draw(t, "topics")...)(&s)
			subjects(rapid.SliceOfNDistinct(rapid.SampledFrom(words), 0, MaxSubjects, rapid.ID).Draw(t, "subjects")...)(&s)
			stories = append(stories, s)
		}
		c := Chat{AllTopics: rapid.Bool().Draw(t, "all"), Topics: []string{"sport"}}
		for range rapid.IntRange(0, 30).Draw(t, "presses") {
			if len(stories) > 0 {
				s := rapid.SampledFrom(stories).Draw(t, "pressed")
				c.Learn(EditionStory{Subjects: s.Subjects, Members: s.Members}, rapid.Bool().Draw(t, "more"), now)
			}
		}
		got := Rank(stories, c, now)
		if len(got) != min(len(stories), Places) {
			t.Fatalf("%d of %d stories", len(got), len(stories))
		}
		slices.Reverse(stories)
		if diff := cmp.Diff(rankedIDs(got), rankedIDs(Rank(stories, c, now))); diff != "" {
			t.Fatalf("the order depends on the order before: %s", diff)
		}
		for _, r := range got {
			taste := 0.0
			for i, reason := range r.Reasons {
				if reason.Kind == ByTaste {
					taste += reason.Share
				}
				if i > 0 && reason.Share != 0 && math.Abs(reason.Share) > math.Abs(r.Reasons[i-1].Share) {
					t.Fatalf("not the weightiest first: %v", r.Reasons)
				}
			}
			if math.Abs(taste) > tasteMost+.05 {
				t.Fatalf("taste is %v", taste)
			}
		}
	})
}
