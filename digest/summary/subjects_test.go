package summary

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

func wordsOf(subjects []digest.Subject) (out []string) {
	for _, s := range subjects {
		out = append(out, s.Word)
	}
	return out
}

// TestSubjects: the words that most articles have in title and opening come first, as the
// articles have them, and words that say nothing are none.
func TestSubjects(t *testing.T) {
	docs := []Document{
		{Outlet: "Atlas Wire", Lang: "en", Title: "Coastal states agree 10-year cod quota deal - Atlas Wire",
			Text: "Nine coastal states agreed on Sunday to cut cod catches for ten years. The quota falls by 15% in January."},
		{Outlet: "Harbour Times", Lang: "en", Title: "Cod quotas: what the states’ deal says",
			Text: "Boats under twelve meters are exempt from the cod quota that nine states signed."},
		{Outlet: "Kurier", Lang: "en", Title: "Fishers call Cod deal “a funeral”",
			Text: "The fishers of Norsund hung black flags over the quay on Sunday."},
	}
	got := Subjects(docs)
	if len(got) != digest.MaxSubjects || got[0].Word != "cod" || got[0].In != 3 || got[1].Word != "quota" || got[1].In != 2 {
		t.Errorf("subjects %v", got)
	}
	for _, s := range got {
		switch s.Word {
		case "Atlas", "Wire", "10", "Sunday", "the", "The", "states’":
			t.Errorf("%q is no subject", s.Word)
		}
	}
	if one, two := Subjects(docs[:1]), Subjects(docs[1:2]); one[0].Key != two[0].Key || two[0].Word != "Cod" {
		t.Errorf("the same word in two stories has two keys: %v, %v", one, two)
	}
	if got := Subjects(nil); got != nil {
		t.Errorf("of nothing: %v", got)
	}
}

// TestSubjectsLanguages: words are bare of what is tied to them, and ideographs overlap
// with none that was taken.
func TestSubjectsLanguages(t *testing.T) {
	tests := []struct {
		lang, title string
		want        []string
	}{
		{"fr", "L’homme de l’affaire Delcourt libéré", []string{"Delcourt"}},
		{"tr", "Ankara’da Yıldıray davası", []string{"Ankara", "Yıldıray"}},
		{"uk", "П’ятий день у Кременчуку", []string{"Кременчуку"}},
		{"zh", "国足世界杯预选赛失利", []string{"国足", "世界"}},
		{"de", "Brücke in Nordhafen gesperrt", []string{"Nordhafen"}},
	}
	for _, tt := range tests {
		got := wordsOf(Subjects([]Document{{Title: tt.title, Lang: tt.lang}}))
		for _, w := range tt.want {
			found := false
			for _, g := range got {
				found = found || g == w
			}
			if !found {
				t.Errorf("%s %q: %v, want %q among them", tt.lang, tt.title, got, w)
			}
		}
		if diff := cmp.Diff(got, wordsOf(Subjects([]Document{{Title: tt.title, Lang: tt.lang}}))); diff != "" {
			t.Error(diff)
		}
	}
}
