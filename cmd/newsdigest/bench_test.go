package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The sets in the repository, invented for it: articles with summaries in four languages,
// and stories with what makes grouping hard: matches of one night told alike, quakes in
// two places, results of one quarter, copies of an agency's text.
const (
	ownSummaries = "../../digest/summary/testdata/summaries.jsonl"
	ownStories   = "../../digest/group/testdata/stories.jsonl"
)

// floors are a little below what the engine reaches on these sets. One that falls below
// has got worse; one that stays well above may be raised.
var floorsOf = map[string][3]float64{
	ownSummaries: {55, 37, 51},
	ownStories:   {0.93, 0.91, 0.95},
}

// TestOwnSets guards the quality of summaries and stories.
func TestOwnSets(t *testing.T) {
	for file, floors := range floorsOf {
		set, err := readSet(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := set.measure()
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range got.Systems[0].Figures {
			t.Logf("%s %s: %.3f, floor %.3f", got.Set, headings[got.Kind][3+i], f.Value, floors[i])
			if f.Value < floors[i] {
				t.Errorf("%s: %s is %.3f, below %.3f", got.Set, headings[got.Kind][3+i], f.Value, floors[i])
			}
		}
		if got.Kind == summaries && got.Systems[0].Figures[0].Value <= got.Systems[1].Figures[0].Value {
			t.Errorf("%s: no better than the first sentences", got.Set)
		}
	}
}

// TestBench runs the command, in both forms.
func TestBench(t *testing.T) {
	var out bytes.Buffer
	p := &program{in: strings.NewReader(""), out: &out, errs: &out}
	if code := p.run(t.Context(), []string{"bench", ownSummaries, ownStories}); code != exitDone {
		t.Fatalf("exit code %d: %s", code, out.String())
	}
	for _, want := range []string{"| summaries | 12 ", "| the first sentences |", "| stories | 60 (28) ", "| ROUGE-1 ", "| B³ F1 "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	out.Reset()
	if code := p.run(t.Context(), []string{"bench", "--json", ownStories}); code != exitDone {
		t.Fatalf("exit code %d: %s", code, out.String())
	}
	var got struct{ Sets []outcome }
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || len(got.Sets) != 1 || got.Sets[0].Stories != 28 || len(got.Sets[0].Systems) != 1 {
		t.Errorf("%v, %v", err, got)
	}
}

// TestReadSet: what is no set is said, with the line.
func TestReadSet(t *testing.T) {
	for name, tt := range map[string]struct{ body, says string }{
		"empty":   {"\n", "has no lines"},
		"no JSON": {"x\n", "line 1"},
		"neither": {"{\"id\":\"1\",\"text\":\"x\"}\n", "line 1: there is neither a reference nor a story_id"},
		"both":    {"{\"id\":\"1\",\"reference\":\"x\"}\n\n{\"id\":\"2\",\"story_id\":\"x\"}", "line 3: the lines before are for summaries"},
	} {
		file := filepath.Join(t.TempDir(), "set.jsonl")
		if err := os.WriteFile(file, []byte(tt.body), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readSet(file); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", name, err, tt.says)
		}
		var exit *exitError
		if err := (&program{}).bench([]string{file}); !errors.As(err, &exit) || exit.code != exitUsage {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := readSet("nowhere.jsonl"); err == nil {
		t.Error("a file that is not there")
	}
}

// TestTable shows the table of a set that others were measured on.
func TestTable(t *testing.T) {
	var out bytes.Buffer
	err := writeOutcomes(&out, []outcome{{Set: "s", Kind: summaries, Articles: 3, Systems: []system{
		{Name: "newsdigest", Figures: []figure{{31.25, 30, 32.5}, {Value: 12}, {Value: 27.96}}, MS: 0.5}, peer("other", 2.3, 27.6)}}})
	const want = `| set | articles | system     | ROUGE-1           | ROUGE-2 | ROUGE-L | ms   |
|-----|----------|------------|-------------------|---------|---------|------|
| s   | 3        | newsdigest | 31.2 [30.0, 32.5] | 12.0    | 28.0    | 0.50 |
|     |          | other \*   | 27.6              | –       | –       | 2.30 |

\* measured on another part of the same data set.
`
	if err != nil || out.String() != want {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// labeledSets names, as globs with spaces between them, the sets that .docs/quality.md
// shows figures of, in its order.
const labeledSets = "NEWSDIGEST_LABELED"

// TestReadmeBench writes the tables of .docs/quality.md anew:
//
//	NEWSDIGEST_LABELED='/sets/a*.jsonl /sets/b.jsonl' go test ./cmd/newsdigest -run TestReadmeBench -update
func TestReadmeBench(t *testing.T) {
	var files []string
	for pattern := range strings.FieldsSeq(os.Getenv(labeledSets)) {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 || !*update {
		t.Skip(labeledSets + " names no files, or -update is not given")
	}
	var out bytes.Buffer
	if err := (&program{out: &out}).bench(files); err != nil {
		t.Fatal(err)
	}
	updateSection(t, "bench", out.String())
}
