package feed

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSkim: whatever is picked, all entries are named as if the feed had been read whole,
// and what was picked is read whole.
func TestSkim(t *testing.T) {
	docs := []string{channel(longItems(40)...), channel(shuffled(longItems(40))...), channel(untitled(longItems(30))...)}
	files, _ := filepath.Glob("testdata/*.*")
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, string(body))
	}
	for n, doc := range docs {
		want, err := Parse([]byte(doc), "", base)
		for _, wanted := range [][]int{nil, {0}, {len(want.Entries) - 1}, everything(want.Entries)} {
			got, err2 := Skim([]byte(doc), "", base, nil, func(entries []Entry) []int {
				return slices.DeleteFunc(slices.Clone(wanted), func(i int) bool { return i < 0 })
			})
			if (err == nil) != (err2 == nil) || len(got.Entries) != len(want.Entries) {
				t.Fatalf("document %d: %v, %v: %d entries, want %d", n, err, err2, len(got.Entries), len(want.Entries))
			}
			for i, e := range got.Entries {
				w := want.Entries[i]
				if !slices.Contains(wanted, i) && w.Title+w.Link != "" {
					w = Entry{Key: w.Key, Title: w.Title, Link: w.Link, Published: w.Published}
				}
				if d := cmp.Diff(w, e); d != "" {
					t.Errorf("document %d, picked %v, entry %d: %s", n, wanted, i, d)
				}
			}
		}
	}
}

// TestBare: the text of what is old is not given to the parser.
func TestBare(t *testing.T) {
	doc := []byte(channel(shuffled(longItems(40))...))
	s, err := mended(doc)
	if err != nil {
		t.Fatal(err)
	}
	r := s.least(nil)
	out := string(s.apply(s.cuts(r)))
	old := 0
	for _, f := range r.fates {
		if f == bare {
			old++
		}
	}
	if old != 30 || strings.Count(out, "The ferry sails") != 10*40 || strings.Contains(out, "day 30.") || !strings.Contains(out, "day 9.") {
		t.Errorf("%d bare, %d bytes of %d", old, len(out), len(doc))
	}
}

// longItems are so many entries with long texts, the newest first.
func longItems(n int) (items []string) {
	at := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	for i := range n {
		text := strings.Repeat("<p>The ferry sails & <b>sails</i> again.</p>", 40) + fmt.Sprintf("day %d.", i)
		body := "<description><![CDATA[" + text + "]]></description>"
		if i%3 == 0 {
			body = "<description>" + text + "</description>"
		}
		items = append(items, item(fmt.Sprintf("Day %d", i), fmt.Sprintf("https://harbour.example/%d", i),
			"<pubDate>"+at.Add(-time.Duration(i)*time.Hour).Format(time.RFC1123)+"</pubDate>"+body))
	}
	return items
}

func shuffled(items []string) []string {
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(items), func(a, b int) { items[a], items[b] = items[b], items[a] })
	return items
}

// untitled takes title and link from some of the items.
func untitled(items []string) []string {
	for i := range items {
		if _, rest, ok := strings.Cut(items[i], "</link>"); ok && i%4 == 3 {
			items[i] = "<item>" + rest
		}
	}
	return items
}
