package summary

import "testing"

// A story opens with what its outlets agree on, wherever the liveliest sentence stands.
func TestStoryOpens(t *testing.T) {
	docs := []Document{
		{ID: "angle", Outlet: "Market Post", Lang: "en", Title: "What the pier deal means for fish stalls",
			Text: "In early trading, shares of 14 rope makers rose between 4% and 9%. The stalls on Quay Street sold out by noon.\n\nThe council voted to rebuild the old pier on Tuesday."},
		{ID: "first", Outlet: "Weir Wire", Lang: "en", Title: "Council votes to rebuild old pier",
			Text: "The council of Port Weir voted on Tuesday to rebuild the old pier. Works start in May.\n\nThey will cost $3 million."},
		{ID: "second", Outlet: "Harbor News", Lang: "en", Title: "Old pier of Port Weir to be rebuilt",
			Text: "The old pier of Port Weir will be rebuilt, the council voted on Tuesday night. Divers will inspect 212 piles first."},
	}
	got := Story(docs)
	if len(got.Standard) == 0 || got.Standard[0].Article == "angle" {
		t.Fatalf("the story opens with %+v", got.Standard)
	}
	if s := got.Standard; len(s) == 2 && s[0].Article != s[1].Article && s[1].Article != "angle" &&
		s[1].From == 0 {
		t.Errorf("the second sentence says the first again: %q, %q", s[0].Text, s[1].Text)
	}
	if one := Story(docs[:1]); len(one.Standard) == 0 {
		t.Error("an article alone has no summary")
	}
}
