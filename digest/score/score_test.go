package score

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(a, b float64) bool { return math.Abs(a-b) < 5e-5 }

// TestRouge has figures counted by hand.
func TestRouge(t *testing.T) {
	for _, tt := range []struct {
		name               string
		reference, summary []string
		lang               string
		want               Rouge
	}{
		{"the same", []string{"The mayor opened the bridge."}, []string{"The mayor opened the bridge."}, "en", Rouge{1, 1, 1}},
		{"nothing shared", []string{"The mayor opened the bridge."}, []string{"Rain fell."}, "en", Rouge{}},
		{"no summary", []string{"The mayor opened the bridge."}, nil, "en", Rouge{}},
		// 3 of 5 and 3 of 4 words; 2 of 4 and 2 of 3 pairs; "the mayor opened" in order.
		{"a part", []string{"The mayor opened the bridge."}, []string{"The mayor opened it."}, "en", Rouge{6. / 9, 4. / 7, 6. / 9}},
		// opened, opens and opening are one stem.
		{"stems", []string{"The mayor opened bridges."}, []string{"The mayor opens bridge."}, "en", Rouge{1, 1, 1}},
		{"no stems elsewhere", []string{"brücken öffnen"}, []string{"brücke öffnen"}, "de", Rouge{.5, 0, .5}},
		// Every word is shared, and the order is kept by two of four.
		{"order", []string{"a b c d"}, []string{"c d a b"}, "en", Rouge{1, 2. / 3, .5}},
		// Two sentences of the summary each cover a part of the reference's one.
		{"union", []string{"1 2 3 4 5"}, []string{"1 2 6 7 8", "1 3 8 9 5"}, "en", Rouge{8. / 15, 2. / 13, 8. / 15}},
		{"capital of Turkish", []string{"IŞIK"}, []string{"ışık"}, "tr", Rouge{1, 0, 1}},
	} {
		got := NewRouge(tt.reference, tt.summary, tt.lang)
		if !near(got.One, tt.want.One) || !near(got.Two, tt.want.Two) || !near(got.L, tt.want.L) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
	if got := MeanRouge([][]string{{"a b"}, {"c d"}}, []string{"a b"}, "en"); got != (Rouge{.5, .5, .5}) {
		t.Errorf("two references: %+v", got)
	}
}

// TestBCubed has figures counted by hand.
func TestBCubed(t *testing.T) {
	right := map[string]string{"1": "a", "2": "a", "3": "a", "4": "b"}
	for _, tt := range []struct {
		name              string
		got               map[string]string
		precision, recall float64
	}{
		{"right", map[string]string{"1": "x", "2": "x", "3": "x", "4": "y"}, 1, 1},
		{"all one", map[string]string{"1": "x", "2": "x", "3": "x", "4": "x"}, (3*.75 + .25) / 4, 1},
		{"all alone", map[string]string{"1": "w", "2": "x", "3": "y", "4": "z"}, 1, (3*(1./3) + 1) / 4},
		{"one astray", map[string]string{"1": "x", "2": "x", "3": "y", "4": "y"}, (1 + 1 + .5 + .5) / 4, (2*(2./3) + 1./3 + 1) / 4},
	} {
		got, interval := NewBCubed(right, tt.got)
		if !near(got.Precision, tt.precision) || !near(got.Recall, tt.recall) {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if interval.Low > interval.High || interval.High > 1 {
			t.Errorf("%s: %+v", tt.name, interval)
		}
	}
	if got, _ := NewBCubed(nil, nil); got.F1() != 0 {
		t.Errorf("nothing: %+v", got)
	}
}

// TestMean: the interval is around the mean, and narrower the more figures there are.
func TestMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		few := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 20).Draw(t, "figures")
		mean, in := Mean(few)
		if in.Low > mean+1e-9 || in.High < mean-1e-9 {
			t.Fatalf("%v is not in %v", mean, in)
		}
		var many []float64
		for range 9 {
			many = append(many, few...)
		}
		if _, narrow := Mean(many); narrow.High-narrow.Low > in.High-in.Low+1e-9 {
			t.Fatalf("%v is wider than %v", narrow, in)
		}
	})
	if mean, in := Mean(nil); mean != 0 || in != (Interval{}) {
		t.Errorf("nothing: %v, %v", mean, in)
	}
}

// TestStem has words for every step, and those that NLTK stems in its own way.
func TestStem(t *testing.T) {
	for word, want := range map[string]string{
		"caresses": "caress", "ponies": "poni", "ties": "tie", "caress": "caress", "cats": "cat", "agreed": "agre",
		"feed": "feed", "plastered": "plaster", "bled": "bled", "motoring": "motor", "sing": "sing", "conflated": "conflat",
		"troubled": "troubl", "sized": "size", "hopping": "hop", "falling": "fall", "hissing": "hiss", "filing": "file",
		"happy": "happi", "sky": "sky", "relational": "relat", "conditional": "condit", "rational": "ration",
		"valency": "valenc", "digitizer": "digit", "radically": "radic", "differently": "differ", "analogously": "analog",
		"predication": "predic", "operator": "oper", "feudalism": "feudal", "decisiveness": "decis", "hopefulness": "hope",
		"formality": "formal", "sensibility": "sensibl", "triplicate": "triplic", "formative": "form", "electrical": "electr",
		"goodness": "good", "revival": "reviv", "allowance": "allow", "adoption": "adopt", "homologous": "homolog",
		"effective": "effect", "probate": "probat", "rate": "rate", "controlling": "control", "rolling": "roll",
		"they": "they", "says": "say", "days": "day", "news": "news", "died": "die", "dying": "die", "trying": "tri",
		"technology": "technolog", "used": "use", "incredibly": "incred", "saying": "say", "is": "is",
	} {
		if got := stem(word); got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
}
