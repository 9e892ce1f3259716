package digest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestVoices(t *testing.T) {
	tests := []struct {
		name    string
		members []Member
		want    int
	}{
		{"nobody", nil, 0},
		{"texts of their own", []Member{{Article: "1", Outlet: "A"}, {Article: "2", Outlet: "B"}, {Article: "3", Outlet: "A"}}, 2},
		{"copies of one another", []Member{
			{Article: "1", Outlet: "Agency"}, {Article: "2", Outlet: "B", CopyOf: "1"}, {Article: "3", Outlet: "C", CopyOf: "1"}}, 1},
		{"a copy of a copy", []Member{
			{Article: "1", Outlet: "Agency"}, {Article: "2", Outlet: "B", CopyOf: "1"}, {Article: "3", Outlet: "C", CopyOf: "2"}}, 1},
		{"an outlet with both", []Member{
			{Article: "1", Outlet: "Agency"}, {Article: "2", Outlet: "B", CopyOf: "1"}, {Article: "3", Outlet: "B"}, {Article: "4", Outlet: "C", CopyOf: "1"}}, 2},
		{"copies of what is not here", []Member{
			{Article: "2", Outlet: "B", CopyOf: "1"}, {Article: "3", Outlet: "C", CopyOf: "1"}, {Article: "5", Outlet: "D", CopyOf: "4"}}, 2},
		{"a copy of what is not here by an outlet that has its own", []Member{
			{Article: "2", Outlet: "B", CopyOf: "1"}, {Article: "3", Outlet: "B"}}, 1},
	}
	for _, tt := range tests {
		if got := (Story{Members: tt.members}).Voices(); got != tt.want {
			t.Errorf("%s: %d voices, want %d", tt.name, got, tt.want)
		}
	}
}

// TestOriginalsFirst: in the list of outlets an original precedes its copies, and there
// are never more voices than outlets.
func TestOriginalsFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Story
		for i := range rapid.IntRange(1, 12).Draw(t, "articles") {
			s.Add(Member{Article: ArticleID(fmt.Sprint(i)), Outlet: rapid.SampledFrom([]string{"A", "B", "C", "D"}).Draw(t, "outlet"),
				Published: time.Unix(rapid.Int64Range(0, 3).Draw(t, "date"), 0)})
		}
		for i := range s.Members[1:] {
			if rapid.Bool().Draw(t, "copies") {
				s.Members[i+1].CopyOf = s.Members[rapid.IntRange(0, i).Draw(t, "which")].Article
			}
		}
		outlets := s.Outlets()
		if n := s.Voices(); n < 1 || n > len(outlets) {
			t.Fatalf("%d voices of %d outlets", n, len(outlets))
		}
		for i, m := range outlets {
			original, found := s.original(m)
			if !found {
				t.Fatalf("%s has no original", m.Article)
			}
			of := s.Members[slices.IndexFunc(s.Members, func(o Member) bool { return o.Article == original })].Outlet
			if at := slices.IndexFunc(outlets, func(o Member) bool { return o.Outlet == of }); at > i {
				t.Fatalf("%s comes before %s, whose text it has", m.Outlet, of)
			}
		}
	})
}

// TestAddAgain: an article that comes again keeps what was known of it.
func TestAddAgain(t *testing.T) {
	var s Story
	s.Add(Member{Article: "1"})
	s.Add(Member{Article: "2", Source: "a", CopyOf: "1", Also: []SourceID{"b"}, Topics: []string{"World"}})
	before := s
	s.Add(Member{Article: "2", Source: "a", Also: []SourceID{"c", "a"}, Topics: []string{"Sport", "World"}})
	want := Member{Article: "2", Source: "a", CopyOf: "1", Also: []SourceID{"b", "c"}, Topics: []string{"World", "Sport"}}
	if d := cmp.Diff(want, s.Members[1]); d != "" {
		t.Error(d)
	}
	if len(before.Members[1].Also) != 1 {
		t.Errorf("the story from before has changed: %+v", before.Members[1])
	}
}
