package summary

import "testing"

func TestEmbeddedModel(t *testing.T) {
	f, err := parseForest(modelTable)
	if err != nil || len(f) == 0 {
		t.Fatalf("model of %d trees: %v", len(f), err)
	}
}

func TestParseForestBroken(t *testing.T) {
	for _, line := range []string{"place>x : 1 2", "nothing>1 : 1 2", "place>1 : 1", "place>1 : a b"} {
		if _, err := parseForest(line); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}
