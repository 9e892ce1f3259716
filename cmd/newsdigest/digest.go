package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"newsdigest/bot"
	"newsdigest/bot/console"
	"newsdigest/bot/desk"
	"newsdigest/digest"
)

func (p *program) digestCommand() *cobra.Command {
	var topic, length string
	var page int
	c := &cobra.Command{
		Use: "digest", Short: "Print a digest now", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withHouse(c.Context(), func(h *house) error {
				return p.printDigest(c.Context(), h, topic, digest.Length(length), page)
			})
		},
	}
	c.Flags().StringVar(&topic, "topic", "", "only this topic")
	c.Flags().StringVar(&length, "length", "", "brief, standard or full")
	c.Flags().IntVar(&page, "page", 1, "which page; pages after the first are of the digest printed last")
	return c
}

func (p *program) printDigest(ctx context.Context, h *house, topic string, length digest.Length, page int) error {
	now := time.Now()
	c, err := operator(ctx, h, now)
	if err != nil {
		return err
	}
	if err := checkLength(length); err != nil {
		return err
	}
	if err := checkTopic(h, topic); err != nil {
		return err
	}
	var e digest.Edition
	if page > 1 {
		e, err = lastEdition(ctx, h.desk, c)
	} else {
		e, err = p.compose(ctx, h, c, topic, length, now)
	}
	switch {
	case err != nil:
		return err
	case page < 1 || page > e.PageCount():
		return &exitError{code: exitUsage, err: fmt.Errorf("there is no page %d; the digest has %d", page, e.PageCount())}
	case p.flags.json:
		err = p.printJSON(editionJSON(e))
	default:
		_, err = fmt.Fprint(p.out, p.style().Render(bot.Editor{Web: h.cfg.WebURL}.Post(e, page, console.Address)))
	}
	if err == nil && len(e.Silent) > 0 {
		return &exitError{code: exitPart}
	}
	return err
}

// compose makes an edition for the operator, reading sources that were never read first.
func (p *program) compose(ctx context.Context, h *house, c digest.Chat, topic string, length digest.Length, now time.Time) (digest.Edition, error) {
	unread, err := h.desk.Unread(ctx, c)
	if err != nil {
		return digest.Edition{}, err
	}
	if len(unread) > 0 {
		progress := p.progress(fmt.Sprintf("Reading %d sources…", len(unread)), len(unread))
		if err := h.desk.ReadNow(ctx, unread, now, progress); err != nil {
			return digest.Edition{}, err
		}
	}
	request := "cli-" + strconv.FormatInt(now.UnixNano(), 36)
	return h.desk.Digest(ctx, c, request, topic, length, now)
}

// progress says on standard error what takes a while, and counts on a terminal.
func (p *program) progress(what string, total int) func(done int) {
	if p.flags.quiet {
		return nil
	}
	if p.columns == 0 {
		fmt.Fprintln(p.errs, what)
		return nil
	}
	fmt.Fprint(p.errs, what)
	return func(done int) {
		fmt.Fprintf(p.errs, "\r%s %d/%d", what, done, total)
		if done == total {
			fmt.Fprintln(p.errs)
		}
	}
}

// operator is the chat of whoever uses the command line.
func operator(ctx context.Context, h *house, now time.Time) (digest.Chat, error) {
	c, err := h.desk.Meet(ctx, console.Address, "en", "en", now)
	if err != nil || c.Settings.Zone != "" {
		return c, err
	}
	zone := localZone()
	return h.desk.SetZone(ctx, c.ID, zone, "", now)
}

func checkLength(l digest.Length) error {
	switch l {
	case "", digest.Brief, digest.Standard, digest.Full:
		return nil
	}
	return &exitError{code: exitUsage, err: fmt.Errorf("there is no length %q; there are brief, standard and full", l)}
}

func checkTopic(h *house, topic string) error {
	topics := h.desk.Topics()
	for _, t := range topics {
		if topic == "" || t == topic {
			return nil
		}
	}
	if topic == "" {
		return nil
	}
	return &exitError{code: exitUsage, err: fmt.Errorf("there is no topic %q; there are %s", topic, strings.Join(topics, ", "))}
}

// style is how digests look on this command line.
func (p *program) style() console.Style {
	return console.Style{
		Width: console.Fit(p.columns), Color: p.color,
		Story: func(n int) string { return fmt.Sprintf("newsdigest story %d", n) },
		More:  func(page int) string { return fmt.Sprintf("More: newsdigest digest --page %d", page) },
	}
}

func (p *program) storyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "story NUMBER", Short: "Print all sources of a story of the last printed digest", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return p.withHouse(c.Context(), func(h *house) error { return p.printStory(c.Context(), h, args[0]) })
		},
	}
}

func (p *program) printStory(ctx context.Context, h *house, number string) error {
	c, err := operator(ctx, h, time.Now())
	if err != nil {
		return err
	}
	e, err := lastEdition(ctx, h.desk, c)
	if err != nil {
		return err
	}
	n, err := storyNumber(number, e)
	if err != nil {
		return err
	}
	if p.flags.json {
		return p.printJSON(storyJSON(e.Stories[n-1], n, e.Language))
	}
	_, err = fmt.Fprint(p.out, p.style().Sources(e, n))
	return err
}

// lastEdition is the digest that a chat got last.
func lastEdition(ctx context.Context, d *desk.Desk, c digest.Chat) (digest.Edition, error) {
	e, err := d.Edition(ctx, c.LastEdition)
	if err != nil {
		return e, fmt.Errorf("there is no digest yet; print one first")
	}
	return e, nil
}

func storyNumber(typed string, e digest.Edition) (int, error) {
	n, err := strconv.Atoi(typed)
	if typed == "" {
		return 0, &exitError{code: exitUsage, err: errors.New("which story? Give its number, for example 1")}
	}
	if err != nil || n < 1 || n > len(e.Stories) {
		return 0, &exitError{code: exitUsage, err: fmt.Errorf("there is no story %s; the digest has %d", typed, len(e.Stories))}
	}
	return n, nil
}

// The shape of --json. Version grows when a field changes its meaning.
type (
	jsonEdition struct {
		Version  int          `json:"version"`
		Date     string       `json:"date"`
		Zone     string       `json:"time_zone"`
		Stories  []jsonStory  `json:"stories"`
		Silent   []jsonSilent `json:"failed_sources"`
		Sources  int          `json:"sources"`
		NextTime string       `json:"next,omitempty"`
	}
	jsonStory struct {
		Rank     int          `json:"rank"`
		ID       string       `json:"id"`
		Headline string       `json:"headline"`
		Summary  string       `json:"summary"`
		Reworded bool         `json:"reworded,omitempty"` // headline and summary are a model's words
		Updated  bool         `json:"updated"`
		Differ   string       `json:"differ,omitempty"`
		Single   bool         `json:"single_source"`
		Sources  []jsonSource `json:"sources"`
	}
	jsonSource struct {
		Name      string    `json:"name"`
		URL       string    `json:"url"`
		Title     string    `json:"title"`
		Paywall   bool      `json:"paywall"`
		Published time.Time `json:"published"`
	}
	jsonSilent struct {
		Name  string    `json:"name"`
		Since time.Time `json:"since,omitzero"`
	}
)

func editionJSON(e digest.Edition) jsonEdition {
	zone, err := digest.LoadZone(e.Zone)
	if err != nil {
		zone = time.UTC
	}
	out := jsonEdition{Version: 1, Date: e.At.In(zone).Format(time.DateOnly), Zone: zone.String(),
		Stories: []jsonStory{}, Silent: []jsonSilent{}, Sources: e.Sources}
	for i, s := range e.Stories {
		out.Stories = append(out.Stories, storyJSON(s, i+1, e.Language))
	}
	for _, s := range e.Silent {
		out.Silent = append(out.Silent, jsonSilent(s))
	}
	if !e.Next.IsZero() {
		out.NextTime = e.Next.At.Format(time.RFC3339)
	}
	return out
}

func storyJSON(s digest.EditionStory, rank int, lang string) jsonStory {
	outlets := digest.Story{Members: s.Members}.Outlets()
	out := jsonStory{Rank: rank, ID: string(s.Story), Headline: s.Headline, Single: len(outlets) == 1,
		Reworded: s.Reworded, Updated: s.Updated, Differ: bot.Differ(lang, s)}
	sentences := s.Wording
	if s.Reworded {
		s.Summary = nil
	}
	for _, sentence := range s.Summary {
		sentences = append(sentences, digest.Clean(sentence.Text))
	}
	out.Summary = strings.Join(sentences, " ")
	for _, m := range s.Members {
		out.Sources = append(out.Sources, jsonSource{Name: m.Outlet, URL: m.Link, Title: m.Title, Paywall: m.Paywall, Published: m.Published})
	}
	return out
}

func (p *program) printJSON(v any) error {
	enc := json.NewEncoder(p.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
