package summary

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"newsdigest/digest"
	"newsdigest/digest/language"
)

// request is a line that Filter reads.
type request struct {
	ID        json.RawMessage   `json:"id"`
	Title     string            `json:"title"`
	Text      string            `json:"text"`
	Lang      string            `json:"lang"`
	K         int               `json:"k"` // the line's own number of sentences
	Documents []requestDocument `json:"documents"`
}

type requestDocument struct {
	ID    json.RawMessage `json:"id"`
	Title string          `json:"title"`
	Text  string          `json:"text"`
}

// answer is a line that Filter writes.
type answer struct {
	ID      json.RawMessage `json:"id"`
	Lang    string          `json:"lang"`
	Summary []string        `json:"summary"`
	Spans   [][3]int        `json:"spans"` // document, from, to; bytes of the text as received
}

// Filter summarizes JSON Lines: an object {"id","title","text","lang","k","documents"} a
// line in, {"id","lang","summary","spans"} a line out, in the same order.
//
// documents ([{"id","title","text"}], articles of one story) wins over text; limit, if
// it is not zero, over k; k over the standard length. Lines may be of any length; an
// error names the line.
func Filter(in io.Reader, out io.Writer, limit Limit) error {
	lines := bufio.NewReaderSize(in, 1<<16)
	w := bufio.NewWriter(out)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return errors.Join(fmt.Errorf("line %d: %w", n, err), w.Flush())
		}
		if e := filterLine(line, w, limit); e != nil {
			return errors.Join(fmt.Errorf("line %d: %w", n, e), w.Flush())
		}
		if err != nil {
			return w.Flush()
		}
		if lines.Buffered() == 0 { // whoever types lines sees each answer
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
}

func filterLine(line []byte, w io.Writer, limit Limit) error {
	if len(bytes.TrimSpace(line)) == 0 {
		return nil
	}
	var req request
	if err := json.Unmarshal(line, &req); err != nil {
		return fmt.Errorf("no JSON object with id and text: %w", err)
	}
	if req.K < 0 {
		return fmt.Errorf("k is %d, but a number of sentences is at least 1", req.K)
	}
	if limit == (Limit{}) {
		limit.Sentences = req.K
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(req.answer(limit))
}

func (r request) answer(limit Limit) answer {
	docs := r.docs()
	a := answer{ID: r.ID, Lang: docs[0].Lang, Summary: []string{}, Spans: [][3]int{}}
	if len(a.ID) == 0 {
		a.ID = json.RawMessage("null")
	}
	for _, s := range Summarize(docs, limit) {
		a.Summary = append(a.Summary, docs[s.Doc].Text[s.From:s.To])
		a.Spans = append(a.Spans, [3]int{s.Doc, s.From, s.To})
	}
	return a
}

// docs are the documents of a request, all in its language.
func (r request) docs() []Document {
	lang := language.Base(r.Lang)
	if len(r.Documents) == 0 {
		if lang == "" {
			lang = language.Detect(r.Title + "\n" + r.Text)
		}
		return []Document{{ID: digest.ArticleID(r.ID), Title: r.Title, Text: r.Text, Lang: lang}}
	}
	if lang == "" {
		lang = language.Detect(r.Documents[0].Title + "\n" + r.Documents[0].Text)
	}
	var docs []Document
	for i, d := range r.Documents {
		title := d.Title
		if i == 0 && title == "" {
			title = r.Title
		}
		docs = append(docs, Document{ID: digest.ArticleID(d.ID), Title: title, Text: d.Text, Lang: lang})
	}
	return docs
}
