package summary

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/language"
)

// factCase is a block of testdata/facts.txt.
type factCase struct {
	lang     string
	told     []string
	new, old []string
}

func factCases(t *testing.T) []factCase {
	data, err := os.ReadFile("testdata/facts.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []factCase
	for block := range strings.SplitSeq(string(data), "\n\n") {
		if strings.HasPrefix(block, "#") {
			continue
		}
		lines := strings.Split(strings.TrimSpace(block), "\n")
		c := factCase{lang: lines[0]}
		for _, line := range lines[1:] {
			kind, text, _ := strings.Cut(line, ": ")
			switch kind {
			case "told":
				c.told = append(c.told, text)
			case "new":
				c.new = append(c.new, text)
			case "old":
				c.old = append(c.old, text)
			default:
				t.Fatalf("%q is no line of a case", line)
			}
		}
		out = append(out, c)
	}
	return out
}

func TestNewFacts(t *testing.T) {
	right, wrong, missed, all := 0, 0, 0, 0
	for _, c := range factCases(t) {
		shown := Facts(strings.Join(c.told, "\n"), c.lang)
		tells := func(s string) bool {
			return len(Update([]Document{{ID: "a", Text: s, Lang: c.lang}}, nil, shown)) > 0
		}
		for _, s := range c.new {
			all++
			if tells(s) {
				right++
			} else {
				missed++
				t.Logf("missed: %s", s)
			}
		}
		for _, s := range c.old {
			all++
			if tells(s) {
				wrong++
				t.Logf("not new: %s", s)
			}
		}
	}
	precision, recall := ratio(right, right+wrong), ratio(right, right+missed)
	t.Logf("%d sentences: precision %.2f, recall %.2f", all, precision, recall)
	if all < 40 || precision < 0.85 || recall < 0.85 {
		t.Errorf("%d sentences: precision %.2f, recall %.2f; want 40, 0.85 and 0.85", all, precision, recall)
	}
}

func ratio(part, all int) float64 { return float64(part) / float64(max(1, all)) }

const stormTold = "A storm left 92,000 homes around Northport without power on Friday. Two masts fell at Gannet Ridge."

func TestUpdateTakesTheNewestFirst(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	docs := []Document{
		{ID: "a", Outlet: "Post", Lang: "en", Published: at, Text: "Power has returned to 40% of the homes around Northport."},
		{ID: "b", Outlet: "Wire", Lang: "en", Published: at.Add(time.Hour),
			Text: "A storm left 92,000 homes around Northport without power. Power is back for 90% of the homes. It took two helicopters and a mast of 44 meters."},
	}
	got := texts(docs, Update(docs, nil, Facts(stormTold, "en")))
	want := []string{"Power is back for 90% of the homes.", "It took two helicopters and a mast of 44 meters."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	before := []Document{{ID: "c", Lang: "en", Text: "It took two helicopters and a mast of 44 meters to bring power back for 90% of the homes."}}
	got = texts(docs, Update(docs, before, Facts(stormTold, "en")))
	if want := []string{"Power has returned to 40% of the homes around Northport."}; !slices.Equal(got, want) {
		t.Errorf("what an older article told is not new: got %q, want %q", got, want)
	}
}

func TestUpdateLeavesOut(t *testing.T) {
	for _, text := range []string{
		"A storm left 92,000 homes around Northport without power on Friday. Two masts fell at Gannet Ridge.",
		"Will the 300 schools of the district open on Monday after all?",
		`"We had 44 candles and nine blankets for the whole night," said Nadia Farrow.`,
		"",
	} {
		docs := []Document{{ID: "a", Lang: "en", Text: text}}
		if got := texts(docs, Update(docs, nil, Facts(stormTold, "en"))); len(got) > 0 {
			t.Errorf("%q is no update", got)
		}
	}
	docs := []Document{{ID: "a", Lang: "en", Text: stormTold + " He said that 900 sheep were missing in the hills above Tollgate."}}
	if got := Update(docs, nil, Facts(stormTold, "en")); len(got) > 0 {
		t.Errorf("%q leans on the sentence before it", texts(docs, got))
	}
}

func TestUpdateInAnotherLanguageNeedsNumbers(t *testing.T) {
	docs := []Document{{ID: "a", Lang: "de", Text: "Ein Sturm hat rund um Northport 92.000 Haushalte vom Strom abgeschnitten."}}
	if got := Update(docs, nil, Facts(stormTold, "en")); len(got) > 0 {
		t.Errorf("%q is not new, only German", texts(docs, got))
	}
	docs[0].Text = "Inzwischen haben 40 Prozent der Haushalte in Northport wieder Strom."
	if got := Update(docs, nil, Facts(stormTold, "en")); len(got) != 1 {
		t.Error("a new number is new in every language")
	}
}

func TestFactsDoNotDependOnOrder(t *testing.T) {
	a := Facts("Six dead in Carrow. The ferry was 40 years old.", "en")
	b := Facts("The ferry was 40 years old. Six dead in Carrow.", "en")
	if !slices.Equal(a, b) || !slices.IsSorted(a) || len(a) == 0 {
		t.Errorf("%v and %v", a, b)
	}
}

func TestNumbersAsWritten(t *testing.T) {
	for _, c := range []struct {
		lang, text, written string
		value               float64
		unit                string
	}{
		{"en", "It costs $4.5bn to build", "$4.5bn", 4.5e9, "$"},
		{"en", "some 2.3 million records", "2.3 million", 2.3e6, ""},
		{"en", "twenty-two engineers will fly", "twenty-two", 22, ""},
		{"en", "nine out of ten homes", "nine out of ten", 90, "%"},
		{"en", "15 per cent less fish", "15 per cent", 15, "%"},
		{"en", "by three percentage points more", "three percentage points", 3, "pp"},
		{"en", "92,000 homes", "92,000", 92000, ""},
		{"de", "92.000 Haushalte", "92.000", 92000, ""},
		{"de", "31,4 Prozent der Stimmen", "31,4 Prozent", 31.4, "%"},
		{"de", "zweiundzwanzig Ingenieure", "zweiundzwanzig", 22, ""},
		{"de", "1,9 Milliarden Kronen", "1,9 Milliarden", 1.9e9, ""},
		{"de", "neun von zehn Haushalten", "neun von zehn", 90, "%"},
		{"fr", "15 % de moins", "15 %", 15, "%"},
		{"fr", "61 000 tonnes", "61 000", 61000, ""},
		{"es", "1.200 personas", "1.200", 1200, ""},
		{"es", "el 7,5 por ciento del censo", "7,5 por ciento", 7.5, "%"},
		{"ru", "1,5 миллиона человек", "1,5 миллиона", 1.5e6, ""},
	} {
		got := newReader(c.text, language.Tokens(nil, c.text, c.lang), c.lang).quantities(nil)
		if len(got) != 1 {
			t.Errorf("%q: %d numbers", c.text, len(got))
			continue
		}
		q := got[0]
		if q.Of(c.text) != c.written || q.unit != c.unit || q.value < c.value*0.999999 || q.value > c.value*1.000001 {
			t.Errorf("%q: %q = %v %s, want %q = %v %s", c.text, q.Of(c.text), q.value, q.unit, c.written, c.value, c.unit)
		}
	}
}

func FuzzUpdate(f *testing.F) {
	for _, lang := range []string{"en", "de", "fr", "ja", ""} {
		f.Add(stormTold, "Power is back for 90% of the homes. It took $4.5bn, 61 000 tons and nine in ten.", lang)
	}
	f.Add("", "1,2.3,4 99999999999999999999 million billion \xff 0 of 10 between", "de")
	f.Fuzz(func(t *testing.T, told, text, lang string) {
		docs := []Document{{ID: "a", Text: text, Lang: lang}, {ID: "b", Text: told, Lang: lang}}
		got := Update(docs, nil, Facts(told, lang))
		words := 0
		for _, s := range got {
			if s.From < 0 || s.To > len(docs[s.Doc].Text) || s.From >= s.To {
				t.Fatalf("%+v is no span", s)
			}
			words += digest.Words(docs[s.Doc].Text[s.From:s.To])
		}
		if len(got) > updateSentences || len(got) == 2 && words > digest.StandardWords {
			t.Fatalf("%d sentences of %d words", len(got), words)
		}
		if again := Update(docs, nil, Facts(told, lang)); !slices.Equal(got, again) {
			t.Fatalf("%v, then %v", got, again)
		}
	})
}
