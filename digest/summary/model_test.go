package summary

import "testing"

func TestEmbeddedTables(t *testing.T) {
	f, err := parseForest(modelTable)
	if err != nil || len(f) == 0 {
		t.Fatalf("model of %d trees: %v", len(f), err)
	}
	if n := len(inverseFrequencies()); n < 1000 {
		t.Errorf("the term table has %d terms", n)
	}
	if rare, common := inverseFrequency("xylocarp", "en"), inverseFrequency("year", "en"); common >= rare {
		t.Errorf("year counts %v, xylocarp %v", common, rare)
	}
}

func TestParseForestBroken(t *testing.T) {
	for _, line := range []string{"place>x : 1 2", "nothing>1 : 1 2", "place>1 : 1", "place>1 : a b"} {
		if _, err := parseForest(line); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}
