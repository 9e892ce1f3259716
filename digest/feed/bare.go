package feed

import (
	"bytes"
	"encoding/xml"
	"time"
)

// noteText notes what is in an element that ends here, if it is an entry's text.
func (s *scan) noteText(e element, end int) {
	if end-e.inner > longText && isText(e.name) && len(s.open) > 1 {
		s.texts = append(s.texts, part{span{e.inner, end}, e.edits, len(s.edits)})
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
