package feed

import (
	"bytes"
	"encoding/xml"
	"time"
)

// Most of what parsing a feed costs is the text of entries that are known already. So of
// all but the newest it is cut out beforehand; where one of these turns out to be wanted,
// the document is parsed once more, whole.
const (
	wholeEntries = 10  // entries that keep their text
	longText     = 200 // bytes; less is not worth it
)

// text is the text of an entry: edits[first:last] lie inside it.
type text struct {
	span
	first, last int
}

// noteText notes what is in an element that ends here, if it is an entry's text.
func (s *scan) noteText(e element, end int) {
	if end-e.inner > longText && isText(e.name) && len(s.open) > 1 {
		s.texts = append(s.texts, text{span{e.inner, end}, e.edits, len(s.edits)})
	}
}

func isText(n xml.Name) bool {
	switch n.Local {
	case "description":
		return n.Space == "" || n.Space == "media"
	case "summary", "content":
		return n.Space == ""
	case "encoded":
		return n.Space == "content"
	}
	return false
}

// plainDate writes the date of an RSS entry that ends here as RFC 3339. gofeed tries some
// 150 other forms before the usual one with "GMT", which costs as much as all the rest of
// the entry.
func (s *scan) plainDate(e element, end int) {
	if e.name.Local != "pubDate" || e.name.Space != "" || len(s.edits) > e.edits || end-e.inner > maxDate {
		return
	}
	if t, ok := usualDate(string(bytes.TrimSpace(s.src[e.inner:end]))); ok {
		s.edits = append(s.edits, edit{span{e.inner, end}, t.Format(time.RFC3339)})
	}
}

// maxDate is the longest text that may be a date, in bytes.
const maxDate = 100

// strip cuts the text out of all but the newest entries, and tells of which.
func (s *scan) strip() (bare []bool) {
	bare = make([]bool, len(s.entries))
	if len(s.entries) <= wholeEntries || len(s.texts) == 0 {
		return bare
	}
	old := make([]bool, len(s.entries))
	for _, i := range s.byDate()[wholeEntries:] {
		old[i] = true
	}
	var cuts []edit
	n, done := 0, 0 // texts and entries are both in the order of the document
	for i, e := range s.entries {
		for ; n < len(s.texts) && s.texts[n].from < e.to; n++ {
			t := s.texts[n]
			if !old[i] || t.from < max(e.from, done) || t.to > e.to {
				continue
			}
			bare[i], done = true, t.to
			cuts = append(cuts, edit{t.span, ""})
			s.forget(t.first, t.last)
		}
	}
	s.cut(cuts)
	return bare
}
