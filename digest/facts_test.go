package digest

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFacts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Uint32(), 0, 3*MaxFacts)
		sorted := func() Facts {
			f := Facts(list.Draw(t, "facts"))
			slices.Sort(f)
			return slices.Compact(f)
		}
		old, shown := sorted(), sorted()
		both := old.And(shown)
		if !slices.IsSorted(both) || len(both) > MaxFacts || len(both) < min(MaxFacts, max(len(old), len(shown))) {
			t.Fatalf("%d facts of %d and %d", len(both), len(old), len(shown))
		}
		for i, f := range shown {
			if i < MaxFacts && !both.Has(f) {
				t.Fatalf("%d is lost", f)
			}
		}
		for _, f := range both {
			if !old.Has(f) && !shown.Has(f) {
				t.Fatalf("%d came from nowhere", f)
			}
		}
		data, err := json.Marshal(Seen{Facts: both})
		if err != nil {
			t.Fatal(err)
		}
		var back Seen
		if err := json.Unmarshal(data, &back); err != nil || !slices.Equal(back.Facts, both) {
			t.Fatalf("%v, %v from %s", back.Facts, err, data)
		}
	})
	for _, bad := range []string{"!", "AAA", "AAAAAAA"} {
		var f Facts
		if f.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q are no facts, got %v", bad, f)
		}
	}
}
