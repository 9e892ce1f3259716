package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/digest"
)

func (p *program) feedbackCommand() *cobra.Command {
	c := &cobra.Command{Use: "feedback", Short: "Read what people reported", Args: unknownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(&cobra.Command{Use: "list", Short: "List what people reported in the last 120 days, the oldest first", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withHouse(c.Context(), func(h *house) error { return p.listFeedback(c.Context(), h) })
		}})
	return c
}

type jsonFeedback struct {
	At       time.Time `json:"at"`
	Platform string    `json:"platform"`
	Kind     string    `json:"kind"`
	Text     string    `json:"text,omitempty"`
	Edition  string    `json:"edition,omitempty"`
	Story    string    `json:"story,omitempty"`
	Headline string    `json:"headline,omitempty"`
}

func (p *program) listFeedback(ctx context.Context, h *house) error {
	out := []jsonFeedback{}
	for f, err := range h.desk.Feedback(ctx) {
		if err != nil {
			return err
		}
		out = append(out, jsonFeedback{At: f.At.UTC(), Platform: string(f.Platform), Kind: string(f.Kind), Text: f.Text,
			Edition: string(f.Edition), Story: string(f.Story), Headline: f.Headline})
	}
	if p.flags.json {
		return p.printJSON(map[string]any{"version": 1, "feedback": out})
	}
	for _, f := range out {
		line := []string{f.At.Format(time.RFC3339), f.Platform, f.Kind, digest.Clean(f.Text), digest.Clean(f.Headline)}
		fmt.Fprintln(p.out, strings.Join(line, "\t"))
	}
	return nil
}
