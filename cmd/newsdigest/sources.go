package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/feed"
)

func (p *program) sourcesCommand() *cobra.Command {
	c := &cobra.Command{Use: "sources", Short: "List, add, remove, import and export sources", Args: unknownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	add := func(use, short string, args cobra.PositionalArgs, do func(ctx context.Context, h *house, chat digest.Chat, args []string) error) {
		c.AddCommand(&cobra.Command{Use: use, Short: short, Args: args,
			RunE: func(c *cobra.Command, args []string) error {
				return p.withHouse(c.Context(), func(h *house) error {
					chat, err := operator(c.Context(), h, time.Now())
					if err != nil {
						return err
					}
					return do(c.Context(), h, chat, args)
				})
			}})
	}
	add("list", "List your sources and how they are doing", cobra.NoArgs, p.listSources)
	add("add URL", "Add a news site or feed", cobra.ExactArgs(1), p.addSource)
	add("remove NAME", "Remove a source", cobra.MinimumNArgs(1), p.removeSource)
	add("export", "Write your sources as OPML to standard output", cobra.NoArgs, p.exportSources)
	imports := &cobra.Command{Use: "import FILE|-", Short: "Add the feeds of an OPML file", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			body, err := p.file(args[0])
			if err != nil {
				return &exitError{code: exitUsage, err: err}
			}
			return p.withHouse(c.Context(), func(h *house) error { return p.importSources(c.Context(), h, body) })
		}}
	c.AddCommand(imports)
	return c
}

type jsonFeed struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	URL         string    `json:"url"`
	Language    string    `json:"language,omitempty"`
	Topics      []string  `json:"topics,omitempty"`
	LastSuccess time.Time `json:"last_success,omitzero"`
	Failures    int       `json:"failures"`
	Problem     string    `json:"problem,omitempty"`
}

func (p *program) listSources(ctx context.Context, h *house, c digest.Chat, _ []string) error {
	all, err := h.desk.Sources(ctx, c)
	if err != nil {
		return err
	}
	if p.flags.json {
		out := []jsonFeed{}
		for _, s := range all {
			out = append(out, jsonFeed{string(s.ID), s.Label(), s.URL, s.Language, s.Topics,
				s.Fetch.LastSuccess, s.Fetch.Failures, s.Fetch.Problem})
		}
		return p.printJSON(map[string]any{"version": 1, "sources": out})
	}
	for _, s := range all {
		state := "ok"
		switch {
		case s.Fetch.LastTry.IsZero():
			state = "not read yet"
		case s.Fetch.Failures > 0:
			state = s.Fetch.Problem
		}
		fmt.Fprintf(p.out, "%s\t%s\t%s\t%s\n", s.Label(), s.Language, strings.Join(s.Topics, ","), state)
	}
	return nil
}

func (p *program) addSource(ctx context.Context, h *house, c digest.Chat, args []string) error {
	added, err := h.desk.AddSource(ctx, c.ID, args[0], time.Now())
	if err != nil {
		return forOperators(err)
	}
	switch {
	case len(added.Candidates) > 0:
		fmt.Fprintf(p.out, "There are %d feeds. Add one of them by its address:\n", len(added.Candidates))
		for _, s := range added.Candidates {
			fmt.Fprintf(p.out, "%s\t%s\n", s.Label(), s.URL)
		}
	case added.Already:
		fmt.Fprintf(p.out, "%s is already one of your sources. Nothing changed.\n", added.Source.Label())
	default:
		fmt.Fprintf(p.out, "Added %s. Its latest headline: %s\n", added.Source.Label(), added.Latest)
	}
	return nil
}

// forOperators is a refusal in words; its cause is part of it.
func forOperators(err error) error {
	var no *desk.Refusal
	if !errors.As(err, &no) {
		return err
	}
	switch {
	case no.Err != nil && no.Reason != desk.NoFeed:
		return no.Err
	case no.Reason == desk.NoFeed:
		return fmt.Errorf("there is no feed on %s; if you know the feed's own address, give that", no.Host)
	case no.Reason == desk.TooManySources:
		return fmt.Errorf("there are %d sources of your own, the most there can be; remove one first", digest.MaxSources)
	case no.Reason == desk.TooManyDigests:
		return fmt.Errorf("a chat gets at most %d digests a day; remove one first", digest.MaxDigestsDay)
	}
	return errors.New(string(no.Reason))
}

func (p *program) removeSource(ctx context.Context, h *house, c digest.Chat, args []string) error {
	name := strings.ToLower(strings.Join(args, " "))
	all, err := h.desk.Sources(ctx, c)
	if err != nil {
		return err
	}
	var like []digest.Source
	for _, s := range all {
		if string(s.ID) == name || strings.ToLower(s.Label()) == name {
			like = []digest.Source{s}
			break
		}
		if strings.Contains(strings.ToLower(s.Label()), name) {
			like = append(like, s)
		}
	}
	if len(like) != 1 {
		return &exitError{code: exitUsage, err: fmt.Errorf("%d sources are called %q; newsdigest sources list names them", len(like), name)}
	}
	if _, err := h.desk.RemoveSource(ctx, c.ID, like[0].ID); err != nil {
		return forOperators(err)
	}
	fmt.Fprintf(p.out, "Removed %s. To undo: newsdigest sources add %s\n", like[0].Label(), like[0].URL)
	return nil
}

func (p *program) exportSources(ctx context.Context, h *house, c digest.Chat, _ []string) error {
	all, err := h.desk.Sources(ctx, c)
	if err != nil {
		return err
	}
	var out []feed.Outline
	for _, s := range all {
		out = append(out, feed.Outline{Title: s.Label(), URL: s.URL, Site: s.Site, Language: s.Language, Topics: s.Topics})
	}
	return feed.WriteOPML(p.out, "newsdigest sources", out)
}

// importSources adds the feeds of an OPML file. They are not fetched first: a file may
// name hundreds, and the next polls tell which of them answer.
func (p *program) importSources(ctx context.Context, h *house, body []byte) error {
	outlines, err := feed.ReadOPML(bytes.TrimSpace(body))
	if err != nil {
		return err
	}
	c, err := operator(ctx, h, time.Now())
	if err != nil {
		return err
	}
	added, already, err := h.desk.Import(ctx, c.ID, outlines, time.Now())
	fmt.Fprintf(p.out, "Sources added: %d; there already: %d.\n", added, already)
	return forOperators(err)
}
