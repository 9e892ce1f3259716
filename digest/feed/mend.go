package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// maxRepairs is how many breaks are mended before a document counts as damaged.
const maxRepairs = 10_000

// mended scans an XML feed without building anything from it. It refuses what breaks the
// bounds, and notes what is to be mended: text before the document, tags not closed or
// closed twice, a "<" that begins no tag, an end that never came. Of more than MaxEntries
// entries only the newest stay.
func mended(doc []byte) (*scan, error) {
	s := &scan{src: doc}
	if err := s.run(afterJunk(doc)); err != nil {
		return nil, err
	}
	if len(s.entries) == 0 && len(s.open) > 0 {
		return nil, fmt.Errorf("%w: it ends before its first entry", ErrDamaged)
	}
	s.closeAll()
	s.dropOldest()
	if s.elements > MaxElements {
		return nil, fmt.Errorf("%w: more than %d elements", ErrHostile, MaxElements)
	}
	return s, nil
}

// afterJunk is where the document begins: at its first tag, or where that is none of a
// feed's, as with a server's error message in HTML, behind it.
func afterJunk(doc []byte) int {
	const window = 4096
	first := max(bytes.IndexByte(doc, '<'), 0)
	head := doc[first:min(len(doc), first+window)]
	if at := beginning.FindIndex(head); at != nil && !bytes.HasPrefix(head, []byte("<!")) {
		return first + at[0]
	}
	return first
}

var beginning = regexp.MustCompile(`(?i)<\?xml\s|<!DOCTYPE|<(?:\w+:)?(?:rss|rdf|feed)[\s>]`)

// generalEntity is the definition of an entity that text can use.
var generalEntity = regexp.MustCompile(`(?i)<!ENTITY\s+[^%\s]`)

type scan struct {
	src     []byte
	root    int // where the root element starts
	end     int // what follows is cut off
	done    bool
	open    []element // the elements not closed yet
	entries []entry
	frame   frame
	texts   []part // of entries
	edits   []edit // in the order of the document
	repairs int
	// elements counts start tags, in the end without those of dropped entries.
	elements int
}

type element struct {
	name  xml.Name // Space is the prefix as written
	from  int
	inner int // where its start tag ends
	entry bool
	// edits and elements are how many there were before it.
	edits, elements int
}

type span struct{ from, to int }

// entry is a whole entry.
type entry struct {
	part
	elements int
	dropped  bool   // there are too many newer ones
	print    uint64 // see takePrints
}

// part of a document that may be left out; edits[first:last] lie inside it.
type part struct {
	span
	first, last int
}

// edit replaces a span of the source.
type edit struct {
	span
	text string
}

// run scans from an offset on. Text is skipped.
func (s *scan) run(at int) error {
	tags := tagReader{doc: s.src}
	for !s.done {
		if at = s.text(at); at == len(s.src) {
			break
		}
		next, ok := s.other(at)
		if ok {
			at = next
			continue
		}
		t, next, err := tags.read(at)
		switch {
		case errors.Is(err, errCut):
			s.end = at
			return nil
		case err != nil: // a "<" that begins no tag
			if s.repairs++; s.repairs > maxRepairs {
				return fmt.Errorf("%w: too many broken tags", ErrDamaged)
			}
			s.edits = append(s.edits, edit{span{at, at + 1}, "&lt;"})
			at++
			continue
		}
		if err := s.tag(t, span{at, next}); err != nil {
			return err
		}
		at = next
	}
	if !s.done {
		s.end = len(s.src)
	}
	return nil
}

// text skips to the next "<". The end of a CDATA section has no place in text.
func (s *scan) text(at int) int {
	n := bytes.IndexByte(s.src[at:], '<')
	if n < 0 {
		n = len(s.src) - at
	}
	for i := at; ; {
		k := bytes.Index(s.src[i:at+n], []byte("]]>"))
		if k < 0 {
			return at + n
		}
		i += k + len("]]>")
		s.edits = append(s.edits, edit{span{i - 1, i}, "&gt;"})
	}
}

// other skips what is no tag: CDATA stays; comments and instructions go, the parser
// would stop at "--" in the one and at a second declaration in the other. ok is false at
// a tag, and at what has no end.
func (s *scan) other(at int) (next int, ok bool) {
	for _, o := range [...]struct {
		start, end string
		keep       bool
	}{{"<![CDATA[", "]]>", true}, {"<!--", "-->", false}, {"<?", "?>", false}} {
		if !bytes.HasPrefix(s.src[at:], []byte(o.start)) {
			continue
		}
		n := bytes.Index(s.src[at+len(o.start):], []byte(o.end))
		if n < 0 {
			return at, false
		}
		next = at + len(o.start) + n + len(o.end)
		if !o.keep {
			s.edits = append(s.edits, edit{span{at, next}, ""})
		}
		return next, true
	}
	return at, false
}

func (s *scan) tag(t rawTag, at span) error {
	switch t.kind {
	case startTag:
		if err := s.start(t, at); err != nil {
			return err
		}
		if t.closed {
			s.pop(at.to)
		}
	case endTag:
		s.finish(t.name, at)
	case directive:
		if generalEntity.Match(t.text) {
			return fmt.Errorf("%w: it defines entities", ErrHostile)
		}
		s.edits = append(s.edits, edit{at, ""})
	}
	return nil
}

func (s *scan) start(t rawTag, at span) error {
	if len(s.open) == 0 {
		switch strings.ToLower(t.name.Local) {
		case "rss", "rdf", "feed":
			s.root = at.from
		default:
			return ErrNotFeed
		}
	}
	whole := s.isEntry(t.name)
	if i := slices.IndexFunc(s.open, func(e element) bool { return e.entry }); whole && i >= 0 {
		s.closeTo(i, at.from) // an entry inside an entry: the first was not closed
	}
	if whole {
		s.frameEntry(t.name)
	}
	s.open = append(s.open, element{t.name, at.from, at.to, whole, len(s.edits), s.elements})
	s.elements++
	switch {
	case len(s.open) > MaxDepth:
		return fmt.Errorf("%w: elements nested deeper than %d", ErrHostile, MaxDepth)
	case t.attrs > MaxAttributes:
		return fmt.Errorf("%w: more than %d attributes", ErrHostile, MaxAttributes)
	}
	return nil
}

func (s *scan) isEntry(n xml.Name) bool {
	named := strings.EqualFold(n.Local, "item") || strings.EqualFold(n.Local, "entry")
	if named && n.Space != "" {
		s.frame.mixed = true // it may be one in the end
	}
	return named && n.Space == ""
}

// finish closes an element, and before it those inside that were left open. An end tag
// of nothing is taken out.
func (s *scan) finish(name xml.Name, at span) {
	i := len(s.open) - 1
	for i >= 0 && !sameName(s.open[i].name, name) {
		i--
	}
	if i < 0 {
		s.edits = append(s.edits, edit{at, ""})
		return
	}
	s.closeTo(i+1, at.from)
	e := s.open[i]
	s.noteText(e, at.from)
	s.plainDate(e, at.from)
	if e.name != name { // in other letters
		s.edits = append(s.edits, edit{at, closing(e.name)})
	}
	s.pop(at.to)
}

func sameName(a, b xml.Name) bool {
	return strings.EqualFold(a.Local, b.Local) && strings.EqualFold(a.Space, b.Space)
}

// closeTo closes open elements at an offset until n are left.
func (s *scan) closeTo(n, at int) {
	for len(s.open) > n {
		s.edits = append(s.edits, edit{span{at, at}, closing(s.open[len(s.open)-1].name)})
		s.pop(at)
	}
}

func (s *scan) pop(at int) {
	e := s.open[len(s.open)-1]
	s.open = s.open[:len(s.open)-1]
	if e.entry {
		s.entries = append(s.entries, entry{part: part{span{e.from, at}, e.edits, len(s.edits)}, elements: s.elements - e.elements})
	}
	s.done = len(s.open) == 0
	if s.done {
		s.end = at
	}
}

func closing(n xml.Name) string {
	if n.Space != "" {
		return "</" + n.Space + ":" + n.Local + ">"
	}
	return "</" + n.Local + ">"
}

// closeAll ends a document that ends too early. An entry that is not whole goes.
func (s *scan) closeAll() {
	for i, e := range s.open {
		if e.entry {
			s.open, s.end = s.open[:i], e.from
			break
		}
	}
	s.edits = slices.DeleteFunc(s.edits, func(e edit) bool { return e.to > s.end })
	s.closeTo(0, s.end)
}
