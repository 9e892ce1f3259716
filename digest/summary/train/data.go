package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"

	"newsdigest/digest/summary"
)

// record is a line of a data set.
type record struct {
	ID, Title, Text, Lang, Reference string
	References                       []string
	K                                int
	Documents                        []struct{ Title, Text string }

	set string // the name of its file
}

func (r record) docs() []summary.Document {
	if len(r.Documents) == 0 {
		return []summary.Document{{Title: r.Title, Text: r.Text, Lang: r.Lang}}
	}
	var docs []summary.Document
	for i, d := range r.Documents {
		if i == 0 && d.Title == "" {
			d.Title = r.Title
		}
		docs = append(docs, summary.Document{Title: d.Title, Text: d.Text, Lang: r.Lang})
	}
	return docs
}

func (r record) references() []string {
	if len(r.References) == 0 {
		return []string{r.Reference}
	}
	return r.References
}

func load(path string) ([]record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 64<<20)
	var out []record
	for s.Scan() {
		var r record
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		r.set = strings.TrimSuffix(filepath.Base(path), ".jsonl")
		out = append(out, r)
	}
	return out, s.Err()
}

// folds is how many times cross-validation learns.
const folds = 5

func (r record) hash() uint32 {
	h := fnv.New32a()
	h.Write([]byte(r.ID + r.Text[:min(100, len(r.Text))]))
	return h.Sum32()
}

// fold is the fold that leaves the record out.
func (r record) fold() int { return int(r.hash() % folds) }

// judged tells whether the record has a summary to learn from.
func (r record) judged() bool { return r.Reference != "" || len(r.References) > 0 }

// importance is how much a set counts.
func importance(set string) float64 {
	switch {
	case strings.HasPrefix(set, "bbc"): // its references are machine-made
		return 0.3
	case strings.HasPrefix(set, "xsum"): // the reference is its first sentence
		return 0.25
	case strings.Contains(set, "qags"):
		return 0.5
	case strings.HasPrefix(set, "orangesum"), strings.HasPrefix(set, "vietnews"): // other languages than English
		return 2
	}
	return 1
}
