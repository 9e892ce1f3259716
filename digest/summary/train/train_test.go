package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"newsdigest/digest/summary"
)

func TestRouge(t *testing.T) {
	lex := lexicon{}
	ref := newReference(lex.words("The council votes for the pier.", "en", true))
	one, two := ref.rouge([][]int32{lex.words("The council voted", "en", false), lex.words("for the bridge", "en", false)})
	// 5 of 6 words and 4 of 5 pairs are those of the reference.
	if math.Abs(one-5.0/6) > 1e-9 || math.Abs(two-4.0/5) > 1e-9 {
		t.Errorf("ROUGE-1 %v, ROUGE-2 %v", one, two)
	}
}

// TestRun trains on a few fictional articles whose reference is always their second
// sentence, and looks whether all tables are written.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	var set strings.Builder
	for _, thing := range strings.Fields("pier bridge ferry school library museum market harbor tower theater") {
		row := map[string]any{"id": thing, "lang": "en", "k": 1, "title": "News of the " + thing,
			"text":      "It rained. The council voted to rebuild the " + thing + " in May. Nobody knew why. The weather was fine on Sunday.",
			"reference": "The council voted to rebuild the " + thing + "."}
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		set.Write(append(line, '\n'))
	}
	path := filepath.Join(dir, "small.jsonl")
	if err := os.WriteFile(path, []byte(set.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	few := settings{trees: 3, depth: summary.TreeDepth, rate: 0.1, smooth: 1, least: 0.01, features: 1, stories: 0.5}
	o := options{cv: true, sentences: few, terms: few}
	tables := []*string{&o.rarity, &o.salience, &o.model}
	for _, table := range tables {
		*table = filepath.Join(dir, "table")
		if err := run(o, []string{path}); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(*table); err != nil || info.Size() == 0 {
			t.Errorf("no table: %v", err)
		}
		*table = ""
	}
	if err := run(o, []string{filepath.Join(dir, "absent")}); err == nil {
		t.Error("a set that is not there was read")
	}
}
