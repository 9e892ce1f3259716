package summary

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest/language"
)

func TestWholeQuotations(t *testing.T) {
	long := strings.Repeat("The planks of the old pier are gone and nobody knows where. ", 6)
	tests := []struct {
		name, text string
		want       []string
	}{
		{"one sentence", `"It is late," she said. It rained.`, []string{`"It is late," she said.`, "It rained."}},
		{"two sentences", `"It is late. The pier is gone," she said. It rained.`, []string{`"It is late. The pier is gone," she said.`, "It rained."}},
		{"curly", "He said: “It is late. The pier is gone.” It rained.", []string{"He said: “It is late. The pier is gone.”", "It rained."}},
		{"French", "« Il est tard. La jetée est détruite », dit-elle. Il pleut.", []string{"« Il est tard. La jetée est détruite », dit-elle.", "Il pleut."}},
		{"never closed", `"It is late. The pier is gone. It rained.`, []string{`"It is late.`, "The pier is gone.", "It rained."}},
		{"next paragraph", "\"It is late.\nThe pier is gone,\" she said.", []string{`"It is late.`, `The pier is gone," she said.`}},
		{"too long", `"It is late. ` + long + `The end," she said.`, nil},
	}
	for _, tt := range tests {
		var got []string
		sentences := language.Sentences(tt.text, "en")
		n := len(sentences)
		for _, s := range wholeQuotations(tt.text, sentences) {
			got = append(got, s.Of(tt.text))
		}
		if tt.want == nil {
			if len(got) != n {
				t.Errorf("%s: joined to %q", tt.name, got)
			}
		} else if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
}

func TestCutQuotation(t *testing.T) {
	tests := []struct {
		s    string
		want bool
	}{
		{`She called it "overdue" and "good".`, false},
		{`In the small room", she said, near boxes with "kitchen" and "glass" on them."`, true},
		{`A 12" plank and a 14" one.`, true}, // not worth telling from a quotation
		{`" Spaced marks are whole ", she said.`, false},
		{`The end of it.”`, true},
		{`The "end"`, false},
		{``, false},
	}
	for _, tt := range tests {
		var q quoteMarks
		if q.read(tt.s); q.cut() != tt.want {
			t.Errorf("%q: cut is %v", tt.s, q.cut())
		}
	}
}
