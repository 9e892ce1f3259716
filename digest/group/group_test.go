package group

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

var morning = time.Date(2031, 3, 4, 6, 0, 0, 0, time.UTC)

// at is so many hours after the first morning.
func at(hours float64) time.Time { return morning.Add(time.Duration(hours * float64(time.Hour))) }

// doc is an article in English, so many hours after the first morning; its title names it.
func doc(hours float64, title, text string) Doc {
	return Doc{ID: digest.ArticleID(title), Title: title, Text: text, Lang: "en", Date: at(hours)}
}

const (
	ferryA = "A passenger ferry sank off the harbor of Kelvar on Tuesday morning. Forty people were rescued and six died, the coast guard said. The ship was on its way from the island of Lomm with day trippers when water entered the car deck in a calm sea; why the bow door had opened is not known."
	ferryB = "At least nine people are dead after the ferry Maid of Kelvar went down within sight of the harbor, according to the coast guard. Rescue boats picked up forty passengers."
	ferryC = "Divers searched the wreck of the Kelvar ferry on Wednesday for passengers who are still missing. The coast guard raised the number of dead to eleven."
	bank   = "The central bank of Oster raised its main interest rate by a quarter point on Tuesday and said that prices still rise too fast."
	match  = "Kelvar beat Northam 3-1 on Tuesday night to reach the semifinal of the cup. Two goals came in the last ten minutes, both by the substitute Emil Hartog, who had joined the club in January from the second division. The coach, Rosa Quill, praised the patience of her team; Northam had led at the break through a penalty."
)

func TestStories(t *testing.T) {
	tests := []struct {
		name string
		docs []Doc
		want string // a letter for the story of each article
	}{
		{"several outlets, other numbers", []Doc{
			doc(0, "Ferry sinks off Kelvar, six dead", ferryA),
			doc(2, "Nine die in Kelvar ferry sinking", ferryB),
			doc(26, "Divers search wreck of Kelvar ferry", ferryC),
		}, "aaa"},
		{"another event", []Doc{
			doc(0, "Ferry sinks off Kelvar, six dead", ferryA),
			doc(1, "Oster raises interest rate", bank),
		}, "ab"},
		{"the same place, another event", []Doc{
			doc(0, "Ferry sinks off Kelvar, six dead", ferryA),
			doc(9, "Kelvar reach the semifinal", match),
		}, "ab"},
		{"the same kind of event in another place", []Doc{
			doc(0, "Springmoor school burns to the ground", "A fire destroyed the primary school of Springmoor on Monday night. Nobody was hurt, the mayor said. The 200 pupils will have lessons in the town hall until a temporary building stands on the sports ground."),
			doc(4, "Fire destroys barn near Altenau", "A barn near Altenau burned down on Monday night. The farmer, Jorge Weld, saved his cattle, but two tractors and the hay for the winter were lost. A short circuit in a milking machine is thought to be the cause."),
		}, "ab"},
		{"the same words about other places", []Doc{
			doc(0, "Fire destroys barn in Altenau", "A fire destroyed a barn in Altenau on Monday night. Nobody was hurt. The cause is not yet known."),
			doc(1, "Fire destroys school in Springmoor", "A fire destroyed a school in Springmoor on Monday night. Nobody was hurt. The cause is not yet known."),
			doc(2, "Altenau barn burns down", "A barn in Altenau burned to the ground late on Monday. Police are looking into the cause of the fire."),
		}, "aba"},
		{"the same words about other numbers", []Doc{
			doc(0, "Six dead in landslide in Altenau", "Six people died in a landslide in Altenau on Monday night. Nine are missing."),
			doc(3, "Eleven dead in landslide in Altenau", "Eleven people died in a landslide in Altenau on Monday night. Four are missing."),
		}, "aa"},
		{"the same words a week later", []Doc{
			doc(0, "Oster raises interest rate", bank),
			doc(7*24, "Oster raises interest rate again", bank),
		}, "ab"},
		{"headlines only", []Doc{
			doc(0, "Ferry sinks off Kelvar harbor", ""),
			doc(1, "Coast guard: Kelvar ferry sank in minutes", ""),
			doc(1, "Oster raises interest rate", ""),
		}, "aab"},
		{"no dates", []Doc{
			{ID: "1", Title: "Ferry sinks off Kelvar, six dead", Text: ferryA, Lang: "en"},
			{ID: "2", Title: "Nine die in Kelvar ferry sinking", Text: ferryB, Lang: "en"},
			{ID: "3", Title: "Oster raises interest rate", Text: bank, Lang: "en"},
		}, "aab"},
		{"another language", []Doc{
			doc(0, "Ferry Maid of Kelvar: Divers search", ferryC),
			{ID: "de", Title: "Fähre Maid of Kelvar: Taucher suchen", Text: "Nach dem Untergang der Fähre Maid of Kelvar suchen Taucher im Wrack weiter nach Vermissten, teilte die Küstenwache mit.", Lang: "de", Date: at(1)},
		}, "ab"},
		{"a language without a table", []Doc{
			{ID: "1", Title: "Schulbrand in Altenau: Kripo ermittelt", Text: "Nach dem Brand der Grundschule in Altenau ermittelt die Kriminalpolizei. Verletzt wurde in der Nacht zum Montag niemand.", Lang: "de", Date: at(0)},
			{ID: "2", Title: "Polizei ermittelt nach Brand in Altenauer Grundschule", Text: "In der Grundschule von Altenau hat es in der Nacht gebrannt. Die Polizei sucht Zeugen des Brandes.", Lang: "de", Date: at(3)},
			{ID: "3", Title: "Notenbank erhöht den Leitzins", Text: "Die Notenbank hat am Dienstag den Leitzins um einen Viertelpunkt erhöht. Die Preise steigen weiter.", Lang: "de", Date: at(3)},
		}, "aab"},
		{"nothing to read", []Doc{
			{ID: "1", Date: at(0)}, {ID: "2", Date: at(0)}, {ID: "3", Title: "...", Text: "\xff\xfe", Date: at(0)},
		}, "abc"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := New()
			letters := map[digest.StoryID]string{}
			var got string
			for _, d := range tt.docs {
				a := x.Add(d)
				if letters[a.Story] == "" {
					letters[a.Story] = string('a' + rune(len(letters)))
				}
				if want := a.Story == digest.NewStoryID(d.ID); a.New != want {
					t.Errorf("%s: new is %v", d.ID, a.New)
				}
				got += letters[a.Story]
			}
			if got != tt.want {
				t.Errorf("stories %s, want %s", got, tt.want)
			}
		})
	}
}

func TestAssignment(t *testing.T) {
	x := New()
	first := x.Add(doc(0, "Ferry sinks off Kelvar, six dead", ferryA))
	if !first.New || first.Likeness != 0 || first.Shared != nil {
		t.Errorf("the first article: %+v", first)
	}
	second := x.Add(doc(2, "Nine die in Kelvar ferry sinking", ferryB))
	if second.Likeness < joinAt || second.Likeness > 1 {
		t.Errorf("likeness %v", second.Likeness)
	}
	if len(second.Shared) != mostShared || !slices.Contains(second.Shared, "Kelvar") || !slices.Contains(second.Shared, "ferry") {
		t.Errorf("shared words %q", second.Shared)
	}
	again := x.Add(doc(2, "Nine die in Kelvar ferry sinking", ferryB))
	if again.Story != second.Story || again.New || x.Len() != 2 {
		t.Errorf("added twice: %+v, %d articles", again, x.Len())
	}
}

// TestMerge tells a story from two ends until an article joins them.
func TestMerge(t *testing.T) {
	x := New()
	one := x.Add(doc(0, "Minister Tarrow quits", "Interior minister Ada Tarrow quit on Tuesday. She gave no reason."))
	two := x.Add(doc(1, "Police search villa of building tycoon Brisk", "Police searched the villa of the building tycoon Leo Brisk in a bribery inquiry."))
	if one.Story == two.Story {
		t.Fatal("one story from the start")
	}
	bridge := "Interior minister Ada Tarrow quit over the bribery inquiry against the building tycoon Leo Brisk, whose villa police searched."
	var gone []digest.StoryID
	var last Assignment
	for i, title := range []string{"Tarrow quits over Brisk bribery inquiry", "Police search Brisk villa, minister Tarrow quits", "Bribery inquiry: minister Tarrow quits, police search Brisk villa"} {
		last = x.Add(doc(float64(2+i), title, bridge))
		gone = append(gone, last.Absorbed...)
	}
	if len(gone) != 1 || gone[0] == last.Story {
		t.Fatalf("absorbed %v into %v", gone, last.Story)
	}
	if len(x.stories) != 1 || x.stories[last.Story] == nil || len(x.stories[last.Story].members) != 5 {
		t.Errorf("stories %v", x.stories)
	}
}

func TestCopies(t *testing.T) {
	wire := strings.Repeat("The coast guard of Kelvar said that the ferry had been inspected in spring and was found to be sound, but that "+
		"its radio failed an hour before it sank. The owner, a family firm from Northam, declined to comment on the report. ", 2) +
		"An inquiry will open next month under a retired judge. Relatives of the dead have asked for a public hearing."
	own := "The radio of the ferry that sank off Kelvar broke an hour before the sinking, the coast guard reported. The Northam family that owns it said nothing."
	docs := []Doc{
		{ID: "wire", Title: "Kelvar ferry's radio failed before it sank", Text: wire, Date: at(1)},
		{ID: "with a dateline", Title: "Radio of Kelvar ferry failed, coast guard says", Text: "KELVAR - " + wire, Date: at(2)},
		{ID: "cut short", Title: "Ferry radio failed an hour before sinking", Text: wire[:len(wire)*3/4], Date: at(3)},
		{ID: "in own words", Title: "Kelvar ferry had no radio when it sank", Text: own, Date: at(4)},
	}
	earlier := Doc{ID: "earlier", Title: "Radio of Kelvar ferry had failed", Text: wire, Date: at(0)}
	x := New()
	var story digest.StoryID
	for _, d := range docs {
		d.Lang = "en"
		story = x.Add(d).Story
	}
	want := map[digest.ArticleID]digest.ArticleID{"with a dateline": "wire", "cut short": "wire"}
	if d := cmp.Diff(want, x.Copies(story)); d != "" {
		t.Error(d)
	}
	earlier.Lang = "en"
	x.Add(earlier)
	want = map[digest.ArticleID]digest.ArticleID{"wire": "earlier", "with a dateline": "earlier", "cut short": "earlier"}
	if d := cmp.Diff(want, x.Copies(story)); d != "" {
		t.Error("an older article came late:", d)
	}
	if got := x.Copies("unknown"); got != nil {
		t.Errorf("copies in no story: %v", got)
	}
}

func TestForget(t *testing.T) {
	x := New()
	old := x.Add(doc(0, "Ferry sinks off Kelvar, six dead", ferryA))
	kept := x.Add(doc(30, "Divers search wreck of Kelvar ferry", ferryC))
	x.Add(doc(1, "Oster raises interest rate", bank))
	undated := Doc{ID: "undated", Title: "Kelvar reach the semifinal", Text: match, Lang: "en"}
	x.Add(undated)
	x.Forget(at(24))
	if x.Len() != 2 {
		t.Fatalf("%d articles are left", x.Len())
	}
	if kept.Story != old.Story {
		t.Fatal("the ferry is two stories")
	}
	if a := x.Add(doc(31, "Nine die in Kelvar ferry sinking", ferryB)); a.Story != old.Story {
		t.Errorf("a story that lives on has another id: %+v", a)
	}
	if a := x.Add(doc(0, "Ferry sinks off Kelvar, six dead", ferryA)); a.Story != old.Story || a.New {
		t.Errorf("the first article comes again: %+v", a)
	}
	if a := x.Add(doc(32, "Oster raises interest rate at last", bank)); !a.New {
		t.Errorf("an article joins a story that is forgotten: %+v", a)
	}
	x.Forget(at(1000))
	if x.Len() != 1 || len(x.stories) != 1 || len(x.ids) != len(x.articles[x.slots["undated"]].terms) {
		t.Errorf("%d articles, %d stories, %d terms stay", x.Len(), len(x.stories), len(x.ids))
	}
}
