package group

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"newsdigest/digest"
)

// Filter groups articles in JSON Lines: it reads {"id","title","text","source","date"}
// to the end, then writes {"id","story_id"} in the order of the input. A date is RFC
// 3339 or empty; text may be empty, other keys are ignored. The stories do not depend on
// the order of the lines. A line that cannot be read is an error that names its number.
func Filter(in io.Reader, out io.Writer) error {
	docs, err := readDocs(in)
	if err != nil {
		return err
	}
	stories := groupAll(docs)
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, d := range docs {
		if err := enc.Encode(grouped{d.ID, stories[d.ID]}); err != nil {
			return err
		}
	}
	return w.Flush()
}

// grouped is a line of the output.
type grouped struct {
	ID    digest.ArticleID `json:"id"`
	Story digest.StoryID   `json:"story_id"`
}

// groupAll is the story of each article in the end.
func groupAll(docs []Doc) map[digest.ArticleID]digest.StoryID {
	docs = slices.Clone(docs)
	tellLanguages(docs)
	slices.SortFunc(docs, Compare)
	x := New()
	for _, d := range docs {
		x.Add(d)
	}
	stories := make(map[digest.ArticleID]digest.StoryID, len(docs))
	for id, s := range x.slots {
		stories[id] = x.articles[s].story.id
	}
	return stories
}

// tellLanguages sets the language of every article: that of its text, or where the text
// is too short to tell the one that most of the others have.
func tellLanguages(docs []Doc) {
	count := map[string]int{}
	for i := range docs {
		docs[i].Lang = languageOf(docs[i])
		count[docs[i].Lang]++
	}
	delete(count, "")
	var most string
	for lang, n := range count {
		if n > count[most] || n == count[most] && lang < most {
			most = lang
		}
	}
	for i := range docs {
		if docs[i].Lang == "" {
			docs[i].Lang = most
		}
	}
}

// readDocs reads JSON Lines.
func readDocs(in io.Reader) ([]Doc, error) {
	var docs []Doc
	r := bufio.NewReader(in)
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("reading line %d: %w", n, err)
		}
		if line := bytes.TrimSpace(line); len(line) > 0 {
			d, err := readDoc(line)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			docs = append(docs, d)
		}
		if err != nil {
			return docs, nil
		}
	}
}

func readDoc(line []byte) (Doc, error) {
	var l struct{ ID, Title, Text, Date string }
	if err := json.Unmarshal(line, &l); err != nil {
		return Doc{}, err
	}
	if l.ID == "" {
		return Doc{}, errors.New(`no "id"`)
	}
	d := Doc{ID: digest.ArticleID(l.ID), Title: l.Title, Text: l.Text}
	if l.Date != "" {
		date, err := time.Parse(time.RFC3339, l.Date)
		if err != nil {
			return Doc{}, fmt.Errorf("%q is no RFC 3339 date", l.Date)
		}
		d.Date = date
	}
	return d, nil
}
