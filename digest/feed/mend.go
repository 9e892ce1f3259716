package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// maxRepairs is how many breaks are mended before a document counts as damaged.
const maxRepairs = 10_000

// mend scans an XML feed without building anything from it. It refuses what breaks the
// bounds, and returns the document from its root element on with the common breaks
// mended: text before the document, tags not closed or closed twice, a "<" that begins
// no tag, an end that never came. Of more than MaxEntries entries only the newest stay.
func mend(doc []byte) ([]byte, error) {
	s := scan{src: doc}
	if err := s.run(afterJunk(doc)); err != nil {
		return nil, err
	}
	if len(s.entries) == 0 && len(s.open) > 0 {
		return nil, fmt.Errorf("%w: it ends before its first entry", ErrDamaged)
	}
	s.closeAll()
	s.dropOldest()
	return s.apply(), nil
}

// afterJunk is where the document begins, even behind a server's error message in HTML.
func afterJunk(doc []byte) int {
	const window = 4096
	if at := beginning.FindIndex(doc[:min(len(doc), window)]); at != nil {
		return at[0]
	}
	return max(bytes.IndexByte(doc, '<'), 0)
}

var beginning = regexp.MustCompile(`(?i)<\?xml\s|<!DOCTYPE|<(?:\w+:)?(?:rss|rdf|feed)[\s>]`)

type scan struct {
	src     []byte
	root    int // where the root element starts
	end     int // what follows is cut off
	done    bool
	open    []element // the elements not closed yet
	entries []entry
	edits   []edit // in the order of the document
	repairs int
}

type element struct {
	name  xml.Name // Space is the prefix as written
	from  int
	entry bool
	edits int // how many there were before it
}

type span struct{ from, to int }

// entry is a whole entry; edits[first:last] lie inside it.
type entry struct {
	span
	first, last int
}

// edit replaces a span of the source.
type edit struct {
	span
	text string
}

// run scans from an offset. Raw tokens know nothing of what is open, so after a break
// the scan goes on behind it with a new decoder.
func (s *scan) run(at int) error {
	for at < len(s.src) && !s.done {
		if s.repairs++; s.repairs > maxRepairs {
			return fmt.Errorf("%w: too many broken tags", ErrDamaged)
		}
		broken, err := s.tokens(at)
		if err != nil {
			return err
		}
		at = s.repair(broken)
	}
	if s.end == 0 {
		s.end = len(s.src)
	}
	return nil
}

// tokens scans up to the end or to a token that cannot be read, and says where that is.
func (s *scan) tokens(at int) (int, error) {
	d := xml.NewDecoder(bytes.NewReader(s.src[at:]))
	d.Strict = false
	for !s.done {
		from := at + int(d.InputOffset())
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return len(s.src), nil
		}
		if err != nil {
			if se, ok := errors.AsType[*xml.SyntaxError](err); ok && se.Msg == "unexpected EOF" {
				s.end = from
				return len(s.src), nil
			}
			return from, nil
		}
		if err := s.token(token, span{from, at + int(d.InputOffset())}); err != nil {
			return 0, err
		}
	}
	return len(s.src), nil
}

func (s *scan) token(t xml.Token, at span) error {
	switch t := t.(type) {
	case xml.StartElement:
		return s.start(t, at)
	case xml.EndElement:
		s.finish(t.Name, at)
	case xml.ProcInst:
		if len(s.open) > 0 { // a second declaration would stop the parser
			s.edits = append(s.edits, edit{at, ""})
		}
	case xml.Directive:
		if bytes.HasPrefix(bytes.ToUpper(t[:min(len(t), 7)]), []byte("DOCTYPE")) && bytes.IndexByte(t, '[') >= 0 {
			return fmt.Errorf("%w: it defines entities", ErrHostile)
		}
	}
	return nil
}

func (s *scan) start(t xml.StartElement, at span) error {
	if len(s.open) == 0 {
		switch strings.ToLower(t.Name.Local) {
		case "rss", "rdf", "feed":
			s.root = at.from
		default:
			return ErrNotFeed
		}
	}
	whole := isEntry(t.Name)
	if i := slices.IndexFunc(s.open, func(e element) bool { return e.entry }); whole && i >= 0 {
		s.closeTo(i, at.from) // an entry inside an entry: the first was not closed
	}
	s.open = append(s.open, element{t.Name, at.from, whole, len(s.edits)})
	switch {
	case len(s.open) > MaxDepth:
		return fmt.Errorf("%w: elements nested deeper than %d", ErrHostile, MaxDepth)
	case len(t.Attr) > MaxAttributes:
		return fmt.Errorf("%w: more than %d attributes", ErrHostile, MaxAttributes)
	}
	return nil
}

func isEntry(n xml.Name) bool {
	return n.Space == "" && (strings.EqualFold(n.Local, "item") || strings.EqualFold(n.Local, "entry"))
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
	if e.name != name { // in other letters
		s.edits = append(s.edits, edit{at, endTag(e.name)})
	}
	s.pop(at.to)
}

func sameName(a, b xml.Name) bool {
	return strings.EqualFold(a.Local, b.Local) && strings.EqualFold(a.Space, b.Space)
}

// closeTo closes open elements at an offset until n are left.
func (s *scan) closeTo(n, at int) {
	for len(s.open) > n {
		s.edits = append(s.edits, edit{span{at, at}, endTag(s.open[len(s.open)-1].name)})
		s.pop(at)
	}
}

func (s *scan) pop(at int) {
	e := s.open[len(s.open)-1]
	s.open = s.open[:len(s.open)-1]
	if e.entry {
		s.entries = append(s.entries, entry{span{e.from, at}, e.edits, len(s.edits)})
	}
	s.done = len(s.open) == 0
	if s.done {
		s.end = at
	}
}

func endTag(n xml.Name) string {
	if n.Space != "" {
		return "</" + n.Space + ":" + n.Local + ">"
	}
	return "</" + n.Local + ">"
}

// repair mends the token at an offset and says where the scan goes on.
func (s *scan) repair(at int) int {
	if at >= len(s.src) {
		return at
	}
	rest := s.src[at:]
	if rest[0] != '<' { // text that contains "]]>"
		n := bytes.IndexByte(rest, '<')
		if n < 0 {
			n = len(rest)
		}
		text := strings.ReplaceAll(string(rest[:n]), "]]>", "]]&gt;")
		s.edits = append(s.edits, edit{span{at, at + n}, text})
		return at + n
	}
	if bytes.HasPrefix(rest, []byte("<!--")) || bytes.HasPrefix(rest, []byte("<?")) {
		end := "-->"
		if rest[1] == '?' {
			end = "?>"
		}
		if n := bytes.Index(rest, []byte(end)); n >= 0 {
			s.edits = append(s.edits, edit{span{at, at + n + len(end)}, ""})
			return at + n + len(end)
		}
	}
	s.edits = append(s.edits, edit{span{at, at + 1}, "&lt;"})
	return at + 1
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

// dropOldest takes all but the newest MaxEntries entries out. Those without a date count
// as oldest, later ones before earlier ones.
func (s *scan) dropOldest() {
	if len(s.entries) <= MaxEntries {
		return
	}
	dates := make(map[int]time.Time, len(s.entries))
	for _, e := range s.entries {
		dates[e.from] = entryDate(s.src[e.from:e.to])
	}
	slices.SortStableFunc(s.entries, func(a, b entry) int { return dates[b.from].Compare(dates[a.from]) })
	var cuts []edit
	for _, old := range s.entries[MaxEntries:] {
		cuts = append(cuts, edit{old.span, ""})
		for i := old.first; i < old.last; i++ {
			s.edits[i].from = -1
		}
	}
	s.edits = slices.DeleteFunc(s.edits, func(e edit) bool { return e.from < 0 })
	s.edits = append(s.edits, cuts...)
	slices.SortStableFunc(s.edits, func(a, b edit) int { return a.from - b.from })
}

// entryDate finds the date of an entry in its source.
func entryDate(src []byte) time.Time {
	for _, tag := range []string{"<pubDate>", "<published>", "<dc:date>", "<updated>"} {
		if _, after, ok := bytes.Cut(src, []byte(tag)); ok {
			text, _, _ := bytes.Cut(after, []byte("<"))
			return parseDate(string(text))
		}
	}
	return time.Time{}
}

// apply is the source from the root on with all edits made.
func (s *scan) apply() []byte {
	if len(s.edits) == 0 {
		return s.src[s.root:s.end]
	}
	var out bytes.Buffer
	out.Grow(s.end - s.root)
	at := s.root
	for _, e := range s.edits {
		if e.from < at { // before the root
			continue
		}
		out.Write(s.src[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(s.src[min(at, s.end):s.end])
	return out.Bytes()
}
