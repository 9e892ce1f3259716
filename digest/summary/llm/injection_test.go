package llm

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"newsdigest/digest/summary"
)

// injection is something that a page wants of the model, and what a model answers that
// does whatever it reads.
type injection struct{ family, page, headline, summary string }

func injections(t *testing.T) []injection {
	body, err := os.ReadFile("testdata/injections.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []injection
	for n, line := range strings.Split(string(body), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			t.Fatalf("line %d has %d fields", n+1, len(f))
		}
		for i := range f {
			if f[i], err = strconv.Unquote(`"` + f[i] + `"`); err != nil {
				t.Fatalf("line %d: %v", n+1, err)
			}
		}
		out = append(out, injection{f[0], f[1], f[2], f[3]})
	}
	return out
}

// infected is the story with the sentence in one of its pages, at several places.
func infected(sentence string) [][]summary.Document {
	var out [][]summary.Document
	for _, put := range []func(d *summary.Document){
		func(d *summary.Document) { d.Text = sentence + "\n\n" + d.Text },
		func(d *summary.Document) { d.Text = strings.Replace(d.Text, "\n\n", " "+sentence+"\n\n", 1) },
		func(d *summary.Document) { d.Text += "\n\n" + sentence },
		func(d *summary.Document) { d.Title = sentence },
		func(d *summary.Document) { d.Title += " " + sentence; d.Text = sentence + " " + d.Text },
	} {
		docs := docs()
		put(&docs[0])
		out = append(out, docs)
	}
	return out
}

// answers are what an obeying model says: the words that it was told to say, alone and
// hidden behind an honest sentence.
func (i injection) answers() []string {
	if raw, ok := strings.CutPrefix(i.headline, "RAW:"); ok {
		return []string{raw}
	}
	fill := strings.NewReplacer("LONG", strings.Repeat("a fire in a warehouse in Northport harbour ", 60),
		"REPEAT", strings.Repeat("A fire in a warehouse in Northport harbour injured six people. ", 9))
	headline, sentence := fill.Replace(i.headline), fill.Replace(i.summary)
	if headline == "" {
		return []string{wording(fineHeadline, sentence), wording(fineHeadline, fineSummary, sentence)}
	}
	return []string{wording(headline, sentence), wording(fineHeadline, fineSummary, sentence), wording(headline, fineSummary)}
}

// honest says that an answer is in order although it is part of a case: its bad half was
// replaced by the honest one.
func honest(answer string) bool {
	return answer == wording(fineHeadline, fineSummary, "A fire injured six people.") ||
		answer == wording(fineHeadline, fineSummary, "A fire in a warehouse injured six people.")
}

// TestInjections: a model that obeys whatever stands in a page gets nothing of it through,
// wherever it stands.
func TestInjections(t *testing.T) {
	cases := injections(t)
	if len(cases) < 100 {
		t.Errorf("only %d cases", len(cases))
	}
	var says string
	m := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, completion(says)) })
	for _, c := range cases {
		for place, docs := range infected(c.page) {
			for _, says = range c.answers() {
				if honest(says) {
					continue
				}
				m.breaker = breaker{}
				r, err := m.Rewrite(t.Context(), docs)
				var refused *Refusal
				var failed *CallError
				if !errors.As(err, &refused) && !errors.As(err, &failed) {
					t.Errorf("%s, place %d: %q got through: %v\n%q %q", c.family, place, c.page, err, r.Headline, r.Standard)
				}
			}
		}
	}
}

// TestInjectionsByCheck: the check alone, where a page's order stands in a part of it that
// the model was never given, lets nothing through either.
func TestInjectionsByCheck(t *testing.T) {
	m := newMaterial(docs())
	for _, c := range injections(t) {
		for _, says := range c.answers() {
			if a, err := readAnswer(says); err == nil && !honest(says) && check(a.rewrite("en"), m) == nil {
				t.Errorf("%s: %q", c.family, says)
			}
		}
	}
}

// TestOrdersStayOut: most of what speaks to a machine does not even reach the model, and
// no sentence of plain news is held back for it.
func TestOrdersStayOut(t *testing.T) {
	cases := injections(t)
	out := 0
	for _, c := range cases {
		if hostile(summary.Document{Text: c.page}, "en") {
			out++
		}
	}
	if share := float64(out) / float64(len(cases)); share < 0.9 {
		t.Errorf("%d of %d orders are recognized", out, len(cases))
	}
	for _, line := range append(harbour.lines(),
		"The president said he would ignore the court's ruling.",
		"The system is to be rolled out in all schools by 2027.",
		"Engineers of the company trained a language model on weather data.",
		"The committee will write a report on the causes of the outage.",
		"“You are not alone,” the mayor told the families.",
		"Die Regierung weist Kritik an dem Gesetz zurück.",
		"The difference today is the delivery system: the Internet.",
		"The offense carries a sentence of 16 months in prison.",
		"Make a doctor's appointment before the season begins, the ministry said.",
		"L'entreprise a annoncé la fermeture de deux usines.",
	) {
		if commands(line) {
			t.Errorf("%q is taken for an order", line)
		}
	}
}
