package digest

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestSourceIDs: the JSON of a list is that of any list of texts, both ways.
func TestSourceIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.OneOf(rapid.StringMatching(`[a-z2-7]{0,16}`), rapid.String())).Draw(t, "ids")
		var ids SourceIDs
		for _, id := range plain {
			ids = append(ids, SourceID(id))
		}
		want, err := json.Marshal([]SourceID(ids))
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(ids)
		if err != nil || string(got) != string(want) {
			t.Fatalf("%s, %v; want %s", got, err, want)
		}
		spaced, _ := json.MarshalIndent([]SourceID(ids), " ", " ")
		for _, raw := range [][]byte{want, spaced} {
			var back, whole SourceIDs
			if err := json.Unmarshal(raw, &back); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(raw, (*[]SourceID)(&whole)); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(whole, back); d != "" {
				t.Fatal(d)
			}
		}
	})
	for _, wrong := range []string{`7`, `{"a":"b"}`, `["a", 7]`, `"a"`, `[["a"]]`} {
		var ids SourceIDs
		if err := json.Unmarshal([]byte(wrong), &ids); err == nil {
			t.Errorf("%s was read as %v", wrong, ids)
		}
	}
}
