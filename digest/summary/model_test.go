package summary

import "testing"

func TestEmbeddedTables(t *testing.T) {
	for name, table := range map[string]struct {
		text  string
		names []string
	}{"model": {modelTable, InputNames()}, "salience": {salienceTable, TermInputNames()}} {
		m, err := ParseRanker(table.text, table.names)
		if err != nil || len(m.line) == 0 || len(m.trees) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRankerRates(t *testing.T) {
	m, err := ParseRanker("line a*2 b*-1\na>0 b>0 a>9 b>9 : 1 2 3 4 0 0 0 0 0 0 0 0 0 0 0 0\n", []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		a, b float32
		want float64
	}{{0, 0, 1}, {1, 0, 2 + 2}, {0, 1, 3 - 1}, {1, 1, 4 + 1}} {
		if got := m.Rate([][]float32{{tt.a, tt.b}})[0]; got != tt.want {
			t.Errorf("%v, %v: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestParseRankerBroken(t *testing.T) {
	for _, line := range []string{"place>x : 1 2", "nothing>1 : 1 2", "place>1 : 1", "place>1 place>1 place>1 place>1 : a 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "nothing>1 place>1 place>1 place>1 : 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "line place", "line nothing*1"} {
		if _, err := ParseRanker(line, InputNames()); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}
