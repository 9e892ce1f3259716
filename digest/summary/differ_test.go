package summary

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

var someMorning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// differCase is a block of testdata/differ.txt.
type differCase struct {
	docs   []Document
	differ bool
}

func differCases(t *testing.T) []differCase {
	data, err := os.ReadFile("testdata/differ.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []differCase
	for block := range strings.SplitSeq(strings.TrimSpace(string(data)), "\n\n") {
		if strings.HasPrefix(block, "#") {
			continue
		}
		lines := strings.Split(block, "\n")
		head := strings.Fields(lines[0])
		hours, err := strconv.Atoi(head[2])
		if err != nil || len(lines) != 3 {
			t.Fatalf("%q is no pair", block)
		}
		out = append(out, differCase{differ: head[1] == "differ", docs: []Document{
			{ID: "a", Outlet: "Atlas Wire", Lang: head[0], Text: lines[1], Published: someMorning},
			{ID: "b", Outlet: "Harbour Times", Lang: head[0], Text: lines[2], Published: someMorning.Add(time.Duration(hours) * time.Hour)},
		}})
	}
	return out
}

func (c Claim) of(docs []Document) string { return docs[c.Doc].Text[c.From:c.To] }

func TestDiffer(t *testing.T) {
	right, wrong, missed, negatives := 0, 0, 0, 0
	cases := differCases(t)
	for _, c := range cases {
		d, ok := Differ(c.docs)
		switch {
		case ok && c.differ:
			right++
		case ok:
			wrong++
			t.Logf("no difference: %q and %q in %q and %q", d.A.of(c.docs), d.B.of(c.docs), c.docs[0].Text, c.docs[1].Text)
		case c.differ:
			missed++
			t.Logf("missed: %q and %q", c.docs[0].Text, c.docs[1].Text)
		}
		if !c.differ {
			negatives++
		}
	}
	precision, recall := ratio(right, right+wrong), ratio(right, right+missed)
	t.Logf("%d pairs, %d of them without a difference: precision %.2f, recall %.2f", len(cases), negatives, precision, recall)
	if len(cases) < 60 || precision < 0.9 || recall < 0.7 {
		t.Errorf("%d pairs: precision %.2f, recall %.2f; want 60, 0.9 and 0.7", len(cases), precision, recall)
	}
}

func TestDifferNamesTheNumbersAsWritten(t *testing.T) {
	docs := []Document{
		{ID: "b", Outlet: "Harbour Times", Lang: "en", Published: someMorning.Add(2 * time.Hour),
			Text: "The pier is closed. The earthquake injured 14 people on Great Skerry, the clinic said."},
		{ID: "a", Outlet: "Atlas Wire", Lang: "en", Published: someMorning,
			Text: "GREAT SKERRY (Atlas Wire) - At least 11 people were injured in the earthquake on Great Skerry."},
		{ID: "c", Outlet: "Lakeland Courier", Lang: "en", Published: someMorning.Add(time.Hour),
			Text: "At least 11 people were injured in the earthquake on Great Skerry."},
	}
	d, ok := Differ(docs)
	if !ok || d.A.of(docs) != "At least 11 people were injured" || !d.A.Opens || d.B.of(docs) != "14 people" || d.B.Opens {
		t.Fatalf("%v %v: %q and %q", ok, d, d.A.of(docs), d.B.of(docs))
	}
	for i := range docs {
		docs[i].Outlet = "Atlas Wire"
	}
	if d, ok := Differ(docs); ok {
		t.Errorf("%+v: one outlet does not contradict itself", d)
	}
}

func TestDifferDoesNotDependOnOrder(t *testing.T) {
	for _, c := range differCases(t) {
		if !c.differ {
			continue
		}
		d, _ := Differ(c.docs)
		turned := []Document{c.docs[1], c.docs[0]}
		e, ok := Differ(turned)
		if !ok {
			t.Errorf("%q differ one way only", c.docs)
			continue
		}
		if d.A.of(c.docs) != e.A.of(turned) || d.B.of(c.docs) != e.B.of(turned) {
			t.Errorf("%q and %q, then %q and %q", d.A.of(c.docs), d.B.of(c.docs), e.A.of(turned), e.B.of(turned))
		}
		t.Logf("%s; %s", d.A.of(c.docs), d.B.of(c.docs))
	}
}

func FuzzDiffer(f *testing.F) {
	f.Add("At least 11 people were injured.", "The quake injured 14 people.", "en")
	f.Add("15% weniger, 212-140, 3. Dezember, zwischen 4 und 9 Prozent", "18 Prozent weniger", "de")
	f.Add("1,2.3,4 99999999999999999999 million billion \xff $", "0 of 10 to 20 tons U.S. troops", "")
	f.Fuzz(func(t *testing.T, a, b, lang string) {
		docs := []Document{{ID: "a", Outlet: "A", Text: a, Lang: lang}, {ID: "b", Outlet: "B", Text: b, Lang: lang}}
		d, ok := Differ(docs)
		if !ok {
			return
		}
		if d.A.Doc == d.B.Doc || d.A.of(docs) == "" || d.A.of(docs) == d.B.of(docs) {
			t.Fatalf("%+v: %q and %q", d, d.A.of(docs), d.B.of(docs))
		}
		if e, _ := Differ(docs); e != d {
			t.Fatalf("%+v, then %+v", d, e)
		}
	})
}

// fiveArticles are a story of five outlets with 600 words each.
func fiveArticles() []Document {
	cases := []string{stormTold, pierText}
	for _, d := range pierStory {
		cases = append(cases, d.Text)
	}
	text := strings.Join(cases, "\n")
	for len(strings.Fields(text)) < 600 {
		text += "\n" + text
	}
	text = strings.Join(strings.Fields(text)[:600], " ")
	var docs []Document
	for i := range 5 {
		docs = append(docs, Document{ID: "a", Outlet: strconv.Itoa(i), Lang: "en", Text: text, Published: someMorning})
	}
	return docs
}

func BenchmarkDiffer(b *testing.B) {
	docs := fiveArticles()
	b.ReportAllocs()
	for b.Loop() {
		Differ(docs)
	}
}

func BenchmarkUpdate(b *testing.B) {
	docs := fiveArticles()
	b.ReportAllocs()
	for b.Loop() {
		Update(docs[:1], docs[1:], nil)
	}
}
