package digest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// ofWords is a story with a headline and sentences of so many words.
func ofWords(headline int, sentences ...int) EditionStory {
	text := func(n int) string { return strings.TrimSpace(strings.Repeat("word ", n)) }
	s := EditionStory{Headline: text(headline)}
	for _, n := range sentences {
		s.Summary = append(s.Summary, Sentence{Text: text(n)})
	}
	return s
}

// shape is the number of sentences of each story and how many of its details.
func shape(stories []EditionStory) (out [][2]int) {
	for _, s := range stories {
		out = append(out, [2]int{len(s.Summary), len(s.Detail)})
	}
	return out
}

// TestFill: pages of five within their words; for room the lowest give up sentences, then
// the page ends earlier; what is left over is not taken.
func TestFill(t *testing.T) {
	many := func(n int, s EditionStory) (out []EditionStory) {
		for range n {
			out = append(out, s)
		}
		return out
	}
	usual := [2]int{2, 0}
	tests := []struct {
		name    string
		length  Length
		offered []EditionStory
		pages   [][][2]int
	}{
		{"nothing", Standard, nil, [][][2]int{nil}},
		{"two pages at most", Standard, many(14, ofWords(10, 18, 15)),
			[][][2]int{{usual, usual, usual, usual, usual}, {usual, usual, usual, usual, usual}}},
		{"the lowest give up their last sentence", Standard, many(5, ofWords(12, 20, 25)),
			[][][2]int{{usual, usual, usual, usual, {1, 1}}}},
		{"as many as have to", Standard, many(5, ofWords(12, 40, 25)),
			[][][2]int{{{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}}}},
		{"then the page ends earlier", Standard, many(6, ofWords(20, 55, 20)),
			[][][2]int{{usual, {1, 1}, {1, 1}}, {usual, {1, 1}, {1, 1}}}},
		{"a story too long for any page comes alone", Standard, []EditionStory{ofWords(300), ofWords(10, 20, 20)},
			[][][2]int{{{0, 0}}, {usual}}},
		{"headlines", Brief, many(7, ofWords(15)), [][][2]int{{{}, {}, {}, {}, {}}, {{}, {}}}},
		{"up to four sentences", Full, many(5, ofWords(10, 20, 20, 20, 20)), [][][2]int{{{4, 0}, {4, 0}, {4, 0}, {4, 0}, {4, 0}}}},
		{"no length is the standard one", "", many(5, ofWords(12, 20, 25)), [][][2]int{{usual, usual, usual, usual, {1, 1}}}},
	}
	for _, tt := range tests {
		e := Edition{Length: tt.length}
		e.Fill(tt.offered)
		var got [][][2]int
		for page := range e.PageCount() {
			stories, _ := e.OnPage(page + 1)
			got = append(got, shape(stories))
		}
		if diff := cmp.Diff(tt.pages, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	reworded := ofWords(12, 20)
	reworded.Reworded, reworded.Wording, reworded.Detail = true, []string{"two words", strings.Repeat("word ", 60)}, make([]Sentence, 4)
	e := Edition{}
	e.Fill(many(5, reworded))
	if len(e.Stories) != 5 || len(e.Stories[0].Wording) != 2 || len(e.Stories[4].Wording) != 1 || len(e.Stories[4].Detail) != 4 {
		t.Errorf("a model's words are counted and cut like others: %d stories, %v", len(e.Stories), e.Stories)
	}
	differ := ofWords(5)
	differ.Differ = &Difference{A: Figure{Text: "15%"}, B: Figure{Text: "at least 18%"}}
	if n := differ.Words(); n != 5+4+6 {
		t.Errorf("where sources differ is read too: %d words", n)
	}
}

// TestFillKeeps: an edition has the stories that were offered first, whole, in their order,
// and its pages have all of them, each page within its words.
func TestFillKeeps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var offered []EditionStory
		for range rapid.IntRange(0, 16).Draw(t, "stories") {
			offered = append(offered, ofWords(rapid.IntRange(1, 40).Draw(t, "headline"),
				rapid.SliceOfN(rapid.IntRange(1, 70), 0, 4).Draw(t, "sentences")...))
		}
		e := Edition{Length: rapid.SampledFrom(Lengths).Draw(t, "length")}
		taken := e.Fill(offered)
		if len(e.Stories) != taken || taken < min(len(offered), EditionPages) {
			t.Fatalf("took %d of %d, has %d", taken, len(offered), len(e.Stories))
		}
		for i, s := range e.Stories {
			if s.Headline != offered[i].Headline || len(s.Summary)+len(s.Detail) != len(offered[i].Summary) {
				t.Fatalf("story %d is not the one that was offered", i+1)
			}
		}
		total := 0
		for page := range e.PageCount() {
			stories, first := e.OnPage(page + 1)
			words := 0
			for _, s := range stories {
				words += s.Words()
			}
			if first != total+1 || len(stories) > PageStories || len(stories) > 1 && words > pageWords[e.Length] {
				t.Fatalf("page %d: %d stories of %d words from %d", page+1, len(stories), words, first)
			}
			total += len(stories)
		}
		if total != taken || e.PageCount() > EditionPages {
			t.Fatalf("%d pages with %d of %d stories", e.PageCount(), total, taken)
		}
	})
}
