package feed

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"newsdigest/digest"
)

// knowing is who remembers these entries.
func knowing(marks []digest.EntryMark) Known {
	prints := map[uint64]digest.EntryMark{}
	for _, m := range marks {
		if m.Print != 0 {
			prints[m.Print] = m
		}
	}
	return func(print uint64) (digest.EntryMark, bool) { m, ok := prints[print]; return m, ok }
}

// checkKnown holds what is read of a document of which some entries are known against the
// whole of it.
func checkKnown(t *testing.T, body []byte, contentType string, all Feed) {
	t.Helper()
	var odd []digest.EntryMark
	for i := range all.Marks {
		if i%2 == 1 {
			odd = append(odd, all.Marks[i])
		}
	}
	for _, known := range [][]digest.EntryMark{all.Marks, odd} {
		sameWhole(t, body, contentType, known)
	}
}

// sameWhole fails unless a document of which these entries are known says the same as when
// it is read whole: the same marks, and every entry that is not known the same.
func sameWhole(t *testing.T, body []byte, contentType string, known []digest.EntryMark) Feed {
	t.Helper()
	want, err := Parse(body, contentType, base)
	got, err2 := Skim(body, contentType, base, knowing(known), everything)
	if (err == nil) != (err2 == nil) {
		t.Fatalf("%v, known to be %v", err2, err)
	}
	if d := cmp.Diff(want.Marks, got.Marks); d != "" {
		t.Fatalf("marks (-whole +known):\n%s", d)
	}
	entries := want.Entries
	if len(got.Entries) < len(entries) {
		entries = nil
		for i, e := range want.Entries {
			if !slices.Contains(known, want.Marks[i]) || want.Marks[i].Print == 0 {
				entries = append(entries, e)
			}
		}
	}
	want.Entries = entries
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("(-whole +known):\n%s", d)
	}
	return got
}

// TestKnown: of a feed that was read before only those entries are read whose bytes are
// others now, or are read in another way; and what is said of the feed is the same.
func TestKnown(t *testing.T) {
	a, b, c := item("A", "/a", "<guid>1</guid>"), item("B", "/b", "<guid>2</guid>"), item("C", "/c", "<guid>3</guid>")
	rss := func(head string, items ...string) string {
		return `<rss version="2.0"><channel><title>T</title><ttl>30</ttl>` + head + strings.Join(items, "\n") + "</channel></rss>"
	}
	atom := func(attr string, entries ...string) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom"` + attr + `><title>T</title>` + strings.Join(entries, "\n") + "</feed>"
	}
	rdf := func(entries ...string) string {
		return `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel>` +
			strings.Join(entries, "\n") + "</rdf:RDF>"
	}
	x := `<entry><title>X</title><id>x</id><link href="/x"/><updated>2026-10-05T08:00:00Z</updated></entry>`
	y := `<entry><title>Y</title><id>y</id><link href="/y"/></entry>`
	for name, tt := range map[string]struct {
		before, after string
		read          string // the titles of what is read
	}{
		"one new":                  {rss("", b, c), rss("", a, b, c), "A"},
		"all gone but one":         {rss("", a, b, c), rss("", b), ""},
		"in another order":         {rss("", a, b, c), rss("", c, a, b), ""},
		"another head":             {rss("<lastBuildDate>x</lastBuildDate>", a, b), rss("<skipDays><day>Monday</day></skipDays>", a, b), ""},
		"nothing new":              {rss("", a, b), rss("", a, b), ""},
		"altered":                  {rss("", a, b), rss("", strings.Replace(a, "<title>A", "<title>A!", 1), b), "A!"},
		"the same id, two titles":  {rss("", a), rss("", a, strings.Replace(a, "<title>A", "<title>Z", 1)), "A Z"},
		"the id is shared no more": {rss("", a, strings.Replace(a, "<title>A", "<title>Z", 1)), rss("", a), "A"},
		"twice":                    {rss("", a, b), rss("", a, a, b), "A"},
		"was there twice":          {rss("", a, a, b), rss("", a, b), "A"},
		"the same without an id":   {rss("", item("A", "/a", "")), rss("", item("A", "/a", ""), item("A", "/a", "<author>x</author>")), "A"},
		"another namespace":        {rss("", a), strings.Replace(rss("", a), "<rss ", `<rss xmlns="urn:other" `, 1), "A"},
		"not closed":               {rss("", b, c), rss("", a, strings.TrimSuffix(b, "</item>"), c), "A B"},
		"damaged, as before":       {rss("", "<item><title>D & E</titel><link>/d</link></item>", c), rss("", a, "<item><title>D & E</titel><link>/d</link></item>", c), "A"},
		"an item outside":          {rss("", a, b), strings.Replace(rss("", a, b), "<channel>", item("O", "/o", "")+"<channel>", 1), "A B O"},
		"Atom":                     {atom("", y), atom("", x, y), "X"},
		"Atom, another base":       {atom("", x), atom(` xml:base="https://other.example/"`, x), "X"},
		"RDF":                      {rdf(b, c), rdf(a, b, c), "A"},
		"entities":                 {rss("", item("A &amp; &#38; B", "/a", "")), rss("", a, item("A &amp; &#38; B", "/a", "")), "A"},
	} {
		t.Run(name, func(t *testing.T) {
			before, err := Parse([]byte(tt.before), "", base)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(titles(sameWhole(t, []byte(tt.after), "", before.Marks)), " "); got != tt.read {
				t.Errorf("read %q, want %q", got, tt.read)
			}
		})
	}
}

// TestKnownElsewhere: the same bytes under another address are other links.
func TestKnownElsewhere(t *testing.T) {
	doc := []byte(channel(item("A", "/a", "")))
	f, err := Parse(doc, "", base)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Skim(doc, "", "https://other.example/feed", knowing(f.Marks), everything)
	if err != nil || len(other.Entries) != 1 || other.Marks[0].Key == f.Marks[0].Key {
		t.Errorf("%+v, %v", other, err)
	}
}

// FuzzKnown: whatever was read before, a document says the same whether or not what is
// known of it is left out.
func FuzzKnown(f *testing.F) {
	one, two := item("A", "/a", "<guid>1</guid>"), item("B", "/b", "<pubDate>Mon, 05 Oct 2026 08:00:00 GMT</pubDate>")
	f.Add([]byte(channel(one, two)), []byte(channel(two, item("C", "/a", "<guid>1</guid>"), one)), "")
	f.Add([]byte(channel(one, one)), []byte(channel(one, "<item><title>A</title>", two)), "text/xml; charset=koi8-r")
	f.Add([]byte(channel(longItems(14)...)), []byte(channel(shuffled(longItems(15))...)), "")
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><link href="/a"/></entry></feed>`),
		[]byte(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/b/"><entry><id>1</id><link href="/a"/></entry><entry><id>2</id></entry></feed>`), "")
	f.Add([]byte("<rdf:RDF><item><title>1</title></item><item><title>2</title></item></x>"), []byte("<rdf:RDF><channel></channel><item><title>2</title></item><item>"), "")
	f.Fuzz(func(t *testing.T, before, after []byte, contentType string) {
		known, err := Parse(before, contentType, base)
		if err == nil {
			sameWhole(t, after, contentType, known.Marks)
		}
	})
}
