package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"newsdigest/digest/group"
	"newsdigest/digest/language"
	"newsdigest/digest/score"
	"newsdigest/digest/summary"
)

// set is a data set with what people made of its articles.
type set struct {
	name string
	kind kind
	rows []setRow
}

// setRow is a line of a set.
type setRow struct {
	ID         string   `json:"id"`
	Title      string   `json:"title,omitempty"`
	Text       string   `json:"text"`
	Lang       string   `json:"lang,omitempty"`
	Date       string   `json:"date,omitempty"`
	K          int      `json:"k,omitempty"`
	Documents  []setDoc `json:"documents,omitempty"`
	Reference  string   `json:"reference,omitempty"`
	References []string `json:"references,omitempty"`
	Story      string   `json:"story_id,omitempty"`
}

type setDoc struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// readSet reads a set and finds out what it is for.
func readSet(file string) (set, error) {
	f, err := os.Open(file)
	if err != nil {
		return set{}, fmt.Errorf("%w; bench reads sets in JSON Lines", err)
	}
	defer f.Close()
	s := set{name: strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))}
	r := bufio.NewReader(f)
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return s, fmt.Errorf("%s: %w", file, err)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			if err := s.add(line); err != nil {
				return s, fmt.Errorf("%s, line %d: %w", file, n, err)
			}
		}
		if err != nil {
			break
		}
	}
	if len(s.rows) == 0 {
		return s, fmt.Errorf("%s has no lines", file)
	}
	return s, nil
}

// add adds a line. All lines of a set are of one kind.
func (s *set) add(line []byte) error {
	var row setRow
	if err := json.Unmarshal(line, &row); err != nil {
		return err
	}
	k := summaries
	switch {
	case row.Story != "":
		k = stories
	case row.Reference == "" && len(row.References) == 0:
		return errors.New("there is neither a reference nor a story_id to compare with")
	}
	if s.kind != "" && k != s.kind {
		return fmt.Errorf("the lines before are for %s, this one is for %s", s.kind, k)
	}
	s.kind, s.rows = k, append(s.rows, row)
	return nil
}

func (s set) measure() (outcome, error) {
	if s.kind == stories {
		return s.measureStories()
	}
	return s.measureSummaries()
}

// measureSummaries compares the engine's summaries, and the first sentences, with the
// references.
func (s set) measureSummaries() (outcome, error) {
	var own, lead rouges
	var took []time.Duration
	for _, row := range s.rows {
		began := time.Now()
		got, err := row.summarize()
		took = append(took, time.Since(began))
		if err != nil {
			return outcome{}, err
		}
		own.add(row, got)
		lead.add(row, row.lead())
	}
	r := outcome{Set: s.name, Kind: s.kind, Articles: len(s.rows)}
	r.Systems = append([]system{
		{Name: "newsdigest", Figures: own.figures(), MS: median(took).Seconds() * 1000},
		{Name: "the first sentences", Figures: lead.figures()},
	}, peers[s.name]...)
	return r, nil
}

// summarize is the engine's summary: what newsdigest summarize prints for the line.
func (r setRow) summarize() ([]string, error) {
	var out bytes.Buffer
	r.Reference, r.References = "", nil
	line, err := json.Marshal(r)
	if err == nil {
		err = summary.Filter(bytes.NewReader(line), &out, summary.Limit{})
	}
	var answer struct{ Summary []string }
	if err == nil {
		err = json.Unmarshal(out.Bytes(), &answer)
	}
	return answer.Summary, err
}

// lead is the first sentence of each document, then the second, as many as are asked for.
func (r setRow) lead() []string {
	docs := r.Documents
	if len(docs) == 0 {
		docs = []setDoc{{Text: r.Text}}
	}
	var all [][]string
	longest := 0
	for _, d := range docs {
		var texts []string
		for _, span := range language.Sentences(d.Text, r.Lang) {
			texts = append(texts, span.Of(d.Text))
		}
		all, longest = append(all, texts), max(longest, len(texts))
	}
	var out []string
	for i := range longest {
		for _, texts := range all {
			if i < len(texts) && len(out) < max(1, r.K) {
				out = append(out, texts[i])
			}
		}
	}
	return out
}

// rouges are the figures of all articles of a set.
type rouges struct{ one, two, l []float64 }

func (r *rouges) add(row setRow, got []string) {
	texts := row.References
	if len(texts) == 0 {
		texts = []string{row.Reference}
	}
	var references [][]string
	for _, t := range texts {
		references = append(references, strings.Split(t, "\n"))
	}
	f := score.MeanRouge(references, got, row.Lang)
	r.one, r.two, r.l = append(r.one, f.One), append(r.two, f.Two), append(r.l, f.L)
}

func (r *rouges) figures() []figure {
	var out []figure
	for _, f := range [][]float64{r.one, r.two, r.l} {
		mean, in := score.Mean(f)
		out = append(out, figure{100 * mean, 100 * in.Low, 100 * in.High})
	}
	return out
}

// groupRuns is how often a set is grouped for its time.
const groupRuns = 3

// measureStories compares the engine's stories with the right ones.
func (s set) measureStories() (outcome, error) {
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	right, distinct := map[string]string{}, map[string]bool{}
	for _, row := range s.rows {
		id := hidden(row.ID)
		right[id], distinct[row.Story] = row.Story, true
		if err := enc.Encode(setRow{ID: id, Title: row.Title, Text: row.Text, Date: row.Date}); err != nil {
			return outcome{}, err
		}
	}
	var out bytes.Buffer
	var took []time.Duration
	for range groupRuns {
		out.Reset()
		began := time.Now()
		if err := group.Filter(bytes.NewReader(in.Bytes()), &out); err != nil {
			return outcome{}, err
		}
		took = append(took, time.Since(began))
	}
	got, err := readStories(&out)
	if err != nil {
		return outcome{}, err
	}
	b, interval := score.NewBCubed(right, got)
	r := outcome{Set: s.name, Kind: s.kind, Articles: len(right), Stories: len(distinct)}
	r.Systems = append([]system{{Name: "newsdigest", MS: median(took).Seconds() * 1000 / float64(len(s.rows)),
		Figures: []figure{{b.F1(), interval.Low, interval.High}, {Value: b.Precision}, {Value: b.Recall}}}}, peers[s.name]...)
	return r, nil
}

func readStories(in io.Reader) (map[string]string, error) {
	got := map[string]string{}
	dec := json.NewDecoder(in)
	for {
		var a struct {
			ID    string `json:"id"`
			Story string `json:"story_id"`
		}
		if err := dec.Decode(&a); errors.Is(err, io.EOF) {
			return got, nil
		} else if err != nil {
			return nil, err
		}
		got[a.ID] = a.Story
	}
}

// hidden is an id that tells nothing: those of some sets name the story, and where dates
// are missing articles are taken in the order of their ids.
func hidden(id string) string {
	sum := sha256.Sum256([]byte("eval|" + id))
	return hex.EncodeToString(sum[:8])
}
