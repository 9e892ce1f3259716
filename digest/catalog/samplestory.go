package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// article is one outlet's telling of a sample story.
type article struct {
	outlet  *outlet
	story   string // the name of the file
	path    string // on the outlet's host
	at      time.Time
	title   string
	author  string
	caption string // of the picture; empty = the page has none
	topics  []string
	paywall bool
	text    []string // paragraphs
}

func (a article) url() string { return a.outlet.base() + a.path }

// wall is how many paragraphs of an article stand before its paywall.
const wall = 2

// shown are the paragraphs that the page gives away.
func (a article) shown() []string {
	if a.paywall {
		return a.text[:min(wall, len(a.text))]
	}
	return a.text
}

// parseStory reads a story file: articles separated by lines of "---", each a header of
// "Key: value" lines, a blank line and paragraphs. Lines that start with "#" before the
// first header are notes to the reader of the file.
func parseStory(name, body string, start time.Time) ([]article, error) {
	var out []article
	for i, block := range strings.Split(body, "\n---\n") {
		if i == 0 {
			block = withoutNotes(block)
		}
		a, err := parseArticle(block, start)
		if err != nil {
			return nil, fmt.Errorf("article %d: %w", i+1, err)
		}
		a.story, a.path = name, "/"+name
		sameHost := func(b article) bool { return b.outlet == a.outlet }
		if n := countFunc(out, sameHost); n > 0 {
			a.path += "-" + strconv.Itoa(n+1)
		}
		out = append(out, a)
	}
	return out, nil
}

func withoutNotes(block string) string {
	for strings.HasPrefix(block, "#") {
		_, block, _ = strings.Cut(block, "\n")
	}
	return block
}

func countFunc(list []article, f func(article) bool) int {
	n := 0
	for _, a := range list {
		if f(a) {
			n++
		}
	}
	return n
}

func parseArticle(block string, start time.Time) (article, error) {
	paragraphs := strings.Split(strings.TrimSpace(block), "\n\n")
	a := article{text: paragraphs[1:]}
	for line := range strings.Lines(paragraphs[0]) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if err := a.set(key, value, start); err != nil {
			return article{}, err
		}
	}
	return a, a.complete()
}

// set takes one line of the header.
func (a *article) set(key, value string, start time.Time) error {
	switch key {
	case "Outlet":
		if a.outlet = outletByID(value); a.outlet == nil {
			return fmt.Errorf("there is no outlet %q", value)
		}
	case "At":
		offset, err := parseOffset(value)
		if err != nil {
			return err
		}
		a.at = start.Add(offset)
	case "Title":
		a.title = value
	case "Topics":
		a.topics = strings.Split(value, ", ")
		for _, t := range a.topics {
			if !slices.Contains(topics, t) {
				return fmt.Errorf("there is no topic %q", t)
			}
		}
	case "Author":
		a.author = value
	case "Caption":
		a.caption = value
	case "Paywall":
		a.paywall = value == "yes"
	default:
		return fmt.Errorf("there is no header %q", key)
	}
	return nil
}

func (a *article) complete() error {
	if a.outlet == nil || a.at.IsZero() || a.title == "" || a.author == "" || len(a.topics) == 0 {
		return errors.New("an article needs Outlet, At, Title, Topics and Author")
	}
	if len(a.text) == 0 {
		return errors.New("there is no text")
	}
	return nil
}

// parseOffset reads a signed offset from the trial's start: "-1d4h30m", "+45m".
func parseOffset(s string) (time.Duration, error) {
	wrong := fmt.Errorf("%q is no offset such as -1d4h30m", s)
	if !strings.HasPrefix(s, "+") && !strings.HasPrefix(s, "-") {
		return 0, wrong
	}
	var days int
	rest := s[1:]
	if d, after, ok := strings.Cut(rest, "d"); ok {
		var err error
		if days, err = strconv.Atoi(d); err != nil {
			return 0, wrong
		}
		rest = after
	}
	var offset time.Duration
	if rest != "" {
		var err error
		if offset, err = time.ParseDuration(rest); err != nil {
			return 0, wrong
		}
	}
	offset += time.Duration(days) * 24 * time.Hour
	if s[0] == '-' {
		offset = -offset
	}
	return offset, nil
}
