package discord

import (
	"encoding/json"
	"strings"
	"testing"

	"newsdigest/digest"
)

func TestPreview(t *testing.T) {
	post := digest.Post{
		Language: "en", Preview: "Cod deal", Title: digest.Plain("Morning digest"), Lines: []digest.Line{digest.Plain("1 story")},
		Stories: []digest.PostStory{{Number: 1, Headline: "Cod quota deal", Links: []digest.Link{{Name: "Atlas", URL: "https://atlas.example/"}}}},
		Buttons: [][]digest.Button{{{Label: "Useful", Action: "useful"}}},
	}
	got := Preview(post)
	body, sizes, ok := strings.Cut(got, "\n}\n")
	if !ok || !json.Valid([]byte(body+"}")) || !strings.Contains(body, `"description": "`) {
		t.Errorf("no message in JSON: %s", got)
	}
	want := "\n8/2000 characters of content\nembed: 14/256 of title, "
	if !strings.HasPrefix(sizes, want) || !strings.HasSuffix(sizes, " in all\n2/40 components\n") {
		t.Errorf("%q", sizes)
	}
	panel := Preview(digest.Post{Language: "en", Rows: []digest.Row{{Line: digest.Plain("Zone: Berlin"), Button: digest.Button{Label: "Change", Action: "zone"}}}})
	if !strings.HasSuffix(panel, "\n12/4000 characters of text\n3/40 components\n") {
		t.Errorf("%q", panel)
	}
}
