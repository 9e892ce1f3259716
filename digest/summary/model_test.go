package summary

import "testing"

func TestEmbeddedModel(t *testing.T) {
	m, err := parseRanker(modelTable)
	if err != nil || len(m.trees) == 0 {
		t.Fatalf("model of %d trees: %v", len(m.trees), err)
	}
	if _, err := parseSalience(salienceTable); err != nil {
		t.Fatal(err)
	}
}

func TestParseRankerBroken(t *testing.T) {
	for _, line := range []string{"place>x : 1 2", "nothing>1 : 1 2", "place>1 : 1", "place>1 place>1 place>1 place>1 : a 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "nothing>1 place>1 place>1 place>1 : 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "line place", "line nothing*1"} {
		if _, err := parseRanker(line); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}
