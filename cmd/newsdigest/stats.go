package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/store"
)

func (p *program) statsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "stats", Short: "Count what the store holds, and the bytes it takes", Args: cobra.NoArgs,
		Long: "Counts what the store holds, by sort of thing and by kind of row, and says what the file's bytes are used for.\n" +
			"It reads the whole store once, also while the bot runs.",
		RunE: func(c *cobra.Command, _ []string) error { return p.stats(c.Context()) },
	}
}

// fileStats is what a file's bytes are used for.
type fileStats struct {
	Bytes int64 `json:"bytes"`
	Free  int64 `json:"free"`
	Rows  int64 `json:"rows"`
	Slack int64 `json:"slack"`
}

func (p *program) stats(ctx context.Context) error {
	if p.running != nil {
		return p.statsOf(ctx, p.running.engine, p.running.store)
	}
	cfg, err := loadConfig(p.flags.env)
	if err != nil {
		return err
	}
	if done, err := p.elsewhere(ctx, cfg.Store); done {
		return err
	}
	e, err := openEngine(ctx, cfg.Store) // and no house around it: a large one takes its time
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, e)
	if err != nil {
		return errors.Join(storeError(e.where, err), e.Close())
	}
	return errors.Join(p.statsOf(ctx, e, s), e.Close())
}

// statsOf prints what a store holds.
func (p *program) statsOf(ctx context.Context, e engine, s *store.Store) error {
	st, err := s.Stats(ctx)
	if err != nil {
		return err
	}
	var file *fileStats
	if e.file != nil {
		u, err := e.file.Usage(ctx)
		if err != nil {
			return err
		}
		file = &fileStats{u.Bytes, u.Free, u.Rows, u.Slack}
	}
	if p.flags.json {
		return p.printJSON(map[string]any{"version": 1, "where": e.where, "stats": st, "file": file})
	}
	_, err = fmt.Fprint(p.out, p.statsText(st, file, e.where))
	return err
}

// statsText is the stats for people, or plain, with tabs and whole numbers.
func (p *program) statsText(st store.Stats, file *fileStats, where string) string {
	size := bytesIn
	if p.flags.plain {
		size = func(n int64) string { return strconv.FormatInt(n, 10) }
	}
	things := [][]string{{"of", "number", "bytes", "each"}}
	for _, s := range st.Costs {
		things = append(things, []string{s.Of, strconv.Itoa(s.Rows), size(s.Bytes), strconv.FormatInt(s.Each(), 10) + p.unit(" B")})
	}
	kinds := [][]string{{"kind of row", "rows", "bytes"}}
	for _, k := range st.Kinds {
		kinds = append(kinds, []string{k.Kind, strconv.Itoa(k.Rows), size(k.Bytes)})
	}
	facts := [][]string{{"store", where}, {"subscriptions", strconv.Itoa(st.Subscriptions)}}
	if file != nil {
		compacted := "never"
		if !st.Compacted.IsZero() {
			compacted = st.Compacted.Format(time.DateTime) + " UTC"
		}
		facts = append(facts, [][]string{{"file", size(file.Bytes)}, {"rows", size(file.Rows)}, {"room on their pages", size(file.Slack)},
			{"free pages", size(file.Free)}, {"compacted", compacted}}...)
	}
	if p.flags.plain {
		return tabbed(facts) + tabbed(things) + tabbed(kinds)
	}
	return columns(facts) + "\n" + columns(things) + "\n" + columns(kinds)
}

// unit is a unit after a number, left out where programs read.
func (p *program) unit(u string) string {
	if p.flags.plain {
		return ""
	}
	return u
}

func tabbed(rows [][]string) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, "\t") + "\n")
	}
	return b.String()
}

// columns sets rows in columns, the first to the left and, where there are more than two,
// the others to the right.
func columns(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, c := range r {
			widths[i] = max(widths[i], len([]rune(c)))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		for i, c := range r {
			switch pad := strings.Repeat(" ", widths[i]-len([]rune(c))); {
			case i == 0:
				b.WriteString(c + pad)
			case len(r) == 2:
				b.WriteString("  " + c)
			default:
				b.WriteString("  " + pad + c)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}
