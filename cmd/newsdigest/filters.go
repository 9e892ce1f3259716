package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"newsdigest/bot/desk"
	"newsdigest/digest"
	"newsdigest/digest/extract"
	"newsdigest/digest/fetch"
	"newsdigest/digest/group"
	"newsdigest/digest/summary"
)

func (p *program) summarizeCommand() *cobra.Command {
	var limit summary.Limit
	c := &cobra.Command{
		Use: "summarize", Short: "Summarize JSON Lines from standard input to standard output", Args: cobra.NoArgs,
		Long: `Reads {"id","title","text","lang","k","documents":[{"id","title","text"}]} line by line and
writes {"id","lang","summary":[...],"spans":[[document,from,to],...]} in the same order.
Every sentence is exactly text[from:to], in bytes, of that document (0 where there is one).`,
		RunE: func(*cobra.Command, []string) error {
			switch {
			case limit.Sentences < 0 || limit.Words < 0:
				return &exitError{code: exitUsage, err: errors.New("--sentences and --words have to be above 0")}
			case limit.Sentences > 0 && limit.Words > 0:
				return &exitError{code: exitUsage, err: errors.New("--sentences and --words exclude each other; give one of them")}
			}
			return summary.Filter(p.in, p.out, limit)
		},
	}
	c.Flags().IntVar(&limit.Sentences, "sentences", 0, "at most so many sentences (default: the row's k, else the standard length)")
	c.Flags().IntVar(&limit.Words, "words", 0, "at most so many words")
	return c
}

func (p *program) groupCommand() *cobra.Command {
	return &cobra.Command{
		Use: "group", Short: "Group JSON Lines of articles into stories", Args: cobra.NoArgs,
		Long: `Reads {"id","title","text","source","date"} line by line (RFC 3339 date or empty; text may be
empty) to the end and writes {"id","story_id"} in the same order. Time is the articles' dates.`,
		RunE: func(*cobra.Command, []string) error { return group.Filter(p.in, p.out) },
	}
}

func (p *program) articleCommand() *cobra.Command {
	var length string
	c := &cobra.Command{
		Use: "article URL|FILE|-", Short: "Summarize one article", Args: cobra.ExactArgs(1),
		Long: "Summarizes the article at an address, in a text file, or on standard input. A text may start with a \"Title:\" line.",
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkLength(digest.Length(length)); err != nil {
				return err
			}
			b, err := p.brief(c, args[0])
			if err != nil {
				return err
			}
			return p.printBrief(b, digest.Length(length))
		},
	}
	c.Flags().StringVar(&length, "length", "full", "brief, standard or full")
	return c
}

// brief summarizes what an argument names. Nothing of it needs the store.
func (p *program) brief(c *cobra.Command, name string) (desk.Brief, error) {
	if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
		cfg, err := loadConfig(p.flags.env)
		if err != nil {
			return desk.Brief{}, err
		}
		client := fetch.New(fetch.Options{Allow: cfg.allowed, HostRate: cfg.HostRate})
		defer client.Close()
		return desk.ReadArticle(c.Context(), client, name, time.Now())
	}
	body, err := p.text(name)
	if err != nil {
		return desk.Brief{}, err
	}
	a := digest.Article{Text: body}
	if first, rest, _ := strings.Cut(body, "\n"); strings.HasPrefix(first, "Title:") {
		a.Title, a.Text = strings.TrimSpace(strings.TrimPrefix(first, "Title:")), rest
	}
	a.Language = extract.Language("", "", a.Title+"\n"+a.Text)
	b := desk.Summarize(a)
	if len(b.Summary.Standard) == 0 {
		return b, fmt.Errorf("there is nothing to summarize in %s", name)
	}
	return b, nil
}

// text is the text of a file, or of standard input for "-".
func (p *program) text(name string) (string, error) {
	in := p.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", &exitError{code: exitUsage, err: fmt.Errorf("%w; give an address that starts with https://, a file, or -", err)}
		}
		defer f.Close()
		in = f
	}
	body, err := io.ReadAll(io.LimitReader(in, fetch.MaxPage))
	if err == nil && !utf8.Valid(body) {
		return "", fmt.Errorf("%s is not a text file in UTF-8", name)
	}
	return string(body), err
}

func (p *program) printBrief(b desk.Brief, length digest.Length) error {
	sentences := []string{}
	for _, s := range b.Summary.At(length) {
		sentences = append(sentences, digest.Clean(s.Text))
	}
	if p.flags.json {
		return p.printJSON(map[string]any{"version": 1, "title": b.Article.Title, "language": b.Article.Language,
			"outlet": b.Article.Outlet, "url": b.Article.Link, "summary": sentences})
	}
	post := digest.Post{Language: "en"}
	if b.Article.Title != "" {
		post.Title = digest.Line{{Text: b.Article.Title, Bold: true}}
	}
	if len(sentences) > 0 {
		post.Lines = append(post.Lines, digest.Plain(strings.Join(sentences, " ")))
	}
	if b.Article.Link != "" {
		post.Lines = append(post.Lines, digest.Line{{Text: b.Article.Outlet, URL: b.Article.Link}})
	}
	_, err := fmt.Fprint(p.out, p.style().Render(post))
	return err
}
