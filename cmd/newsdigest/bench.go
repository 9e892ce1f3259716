package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

func (p *program) benchCommand() *cobra.Command {
	return &cobra.Command{
		Use: "bench FILE...", Short: "Measure summaries and stories on data sets", Args: cobra.MinimumNArgs(1),
		Long: `Measures how good and how fast summaries and stories are, on sets in JSON Lines:
  {"id","title","text","lang","k","documents","reference" or "references"}   summaries
  {"id","title","text","date","story_id"}                                     stories
A reference has a sentence a line. The engine is not shown references and stories, and ids only
as hashes. The tables are Markdown: ROUGE F1 (x 100) and B-cubed with 95% intervals, and milliseconds
per article on one core (for stories the mean, of three runs the middle one).`,
		RunE: func(_ *cobra.Command, files []string) error { return p.bench(files) },
	}
}

// bench measures the sets of these files and prints what came out.
func (p *program) bench(files []string) error {
	var outcomes []outcome
	for _, file := range files {
		set, err := readSet(file)
		if err != nil {
			return &exitError{code: exitUsage, err: err}
		}
		r, err := set.measure()
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		outcomes = append(outcomes, r)
	}
	if p.flags.json {
		return p.printJSON(map[string]any{"version": 1, "sets": outcomes})
	}
	return writeOutcomes(p.out, outcomes)
}

// outcome is what came out for one set.
type outcome struct {
	Set      string   `json:"set"`
	Kind     kind     `json:"kind"`
	Articles int      `json:"articles"`          // or stories of several articles to summarize
	Stories  int      `json:"stories,omitempty"` // the right ones
	Systems  []system `json:"systems"`
}

// kind is what a set is for.
type kind string

const (
	summaries kind = "summaries"
	stories   kind = "stories"
)

// system is what one program reached on a set.
type system struct {
	Name string `json:"name"`
	// Figures are ROUGE-1, ROUGE-2 and ROUGE-L times 100, or B-cubed F1, precision and
	// recall; missing ones are not known.
	Figures []figure `json:"figures"`
	MS      float64  `json:"ms_per_article,omitempty"`
	// Elsewhere says that the figures are not from this run but from another part of the
	// same data set.
	Elsewhere bool `json:"elsewhere,omitempty"`
}

// figure is a number, with its interval where it was measured here.
type figure struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low,omitempty"`
	High  float64 `json:"high,omitempty"`
}

// headings are the columns of the two tables.
var headings = map[kind][]string{
	summaries: {"set", "articles", "system", "ROUGE-1", "ROUGE-2", "ROUGE-L", "ms"},
	stories:   {"set", "articles (stories)", "system", "B³ F1", "precision", "recall", "ms"},
}

// writeOutcomes writes a table of each kind.
func writeOutcomes(w io.Writer, outcomes []outcome) error {
	var out []string
	for _, k := range []kind{summaries, stories} {
		rows := [][]string{headings[k]}
		elsewhere := false
		for _, r := range outcomes {
			if r.Kind != k {
				continue
			}
			rows = append(rows, r.rows()...)
			elsewhere = elsewhere || slices.ContainsFunc(r.Systems, func(s system) bool { return s.Elsewhere })
		}
		if len(rows) == 1 {
			continue
		}
		text := table(rows)
		if elsewhere {
			text += "\n\\* measured on another part of the same data set.\n"
		}
		out = append(out, text)
	}
	_, err := io.WriteString(w, strings.Join(out, "\n"))
	return err
}

// rows are the rows of a outcome, a system each.
func (r outcome) rows() [][]string {
	var out [][]string
	for i, s := range r.Systems {
		name, size := r.Set, fmt.Sprint(r.Articles)
		if r.Kind == stories {
			size = fmt.Sprintf("%d (%d)", r.Articles, r.Stories)
		}
		if i > 0 {
			name, size = "", ""
		}
		row := []string{name, size, s.Name}
		if s.Elsewhere {
			row[2] += " \\*"
		}
		for k := range 3 {
			cell := "–"
			if k < len(s.Figures) {
				cell = s.Figures[k].cell(r.Kind)
			}
			row = append(row, cell)
		}
		ms := "–"
		if s.MS > 0 {
			ms = fmt.Sprintf("%.2f", s.MS)
		}
		out = append(out, append(row, ms))
	}
	return out
}

func (f figure) cell(k kind) string {
	format := map[kind]string{summaries: "%.1f", stories: "%.3f"}[k]
	value := fmt.Sprintf(format, f.Value)
	if f.High == 0 {
		return value
	}
	return value + " [" + fmt.Sprintf(format, f.Low) + ", " + fmt.Sprintf(format, f.High) + "]"
}

// table is a table in Markdown, its columns aligned for whoever reads it as text. The
// first row is the heading.
func table(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, c := range r {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	var b strings.Builder
	for n, r := range rows {
		for i, c := range r {
			b.WriteString("| " + c + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c)) + " ")
		}
		b.WriteString("|\n")
		if n == 0 {
			for _, w := range widths {
				b.WriteString("|" + strings.Repeat("-", w+2))
			}
			b.WriteString("|\n")
		}
	}
	return b.String()
}

// median is the one in the middle, of two the lower one.
func median[T cmp.Ordered](of []T) (m T) {
	if len(of) > 0 {
		of = slices.Sorted(slices.Values(of))
		m = of[(len(of)-1)/2]
	}
	return m
}
