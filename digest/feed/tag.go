package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
)

// rawTag is what stands between "<" and ">" outside of text.
type rawTag struct {
	kind   tagKind
	name   xml.Name // of an element; Space is the prefix as written
	attrs  int      // how many attributes
	closed bool     // the element ends in its start tag
	text   []byte   // of a directive
}

type tagKind int

const (
	otherTag tagKind = iota
	startTag
	endTag
	directive
)

// errCut means that the document ends inside a tag.
var errCut = errors.New("ends inside a tag")

// tagReader reads single tags from anywhere in a document.
type tagReader struct {
	doc   []byte
	names map[string]xml.Name
	src   *bytes.Reader
	xml   *xml.Decoder // nil until it is needed
}

// read gives the tag at an offset and the offset behind it. What is one, the decoder says
// that gofeed uses too; only what nearly all tags are is read without it.
func (t *tagReader) read(at int) (rawTag, int, error) {
	if plain, next, ok := t.plain(at); ok {
		return plain, next, nil
	}
	if t.xml == nil {
		t.src = bytes.NewReader(t.doc) // an io.ByteReader, so the decoder does not read ahead
		t.xml = xml.NewDecoder(t.src)
		t.xml.Strict = false
	}
	if _, err := t.src.Seek(int64(at), io.SeekStart); err != nil {
		return rawTag{}, 0, err
	}
	token, err := t.xml.RawToken()
	if err != nil {
		t.xml = nil // it is spent
		if se, ok := errors.AsType[*xml.SyntaxError](err); ok && se.Msg == "unexpected EOF" {
			err = errCut
		}
		return rawTag{}, 0, err
	}
	next := len(t.doc) - t.src.Len()
	switch token := token.(type) {
	case xml.StartElement:
		closed := t.doc[next-2] == '/'
		if closed {
			_, err = t.xml.RawToken() // its end comes without reading on
		}
		return rawTag{kind: startTag, name: token.Name, attrs: len(token.Attr), closed: closed}, next, err
	case xml.EndElement:
		return rawTag{kind: endTag, name: token.Name}, next, nil
	case xml.Directive:
		return rawTag{kind: directive, text: token}, next, nil
	}
	return rawTag{}, next, nil
}

// plain reads a tag as nearly all are: names of ASCII letters and digits, at most one of
// them before a colon, values in quotes and without references. Of anything else it reads
// nothing.
func (t *tagReader) plain(at int) (plain rawTag, next int, ok bool) {
	doc := t.doc
	plain.kind = startTag
	at++
	if at < len(doc) && doc[at] == '/' {
		plain.kind = endTag
		at++
	}
	end := nameEnd(doc, at)
	if end < 0 {
		return plain, 0, false
	}
	plain.name = t.name(doc[at:end])
	for {
		at = blankEnd(doc, end)
		switch {
		case at >= len(doc):
			return plain, 0, false
		case doc[at] == '>':
			return plain, at + 1, true
		case plain.kind == endTag:
			return plain, 0, false
		case doc[at] == '/':
			plain.closed = true
			return plain, at + 2, at+1 < len(doc) && doc[at+1] == '>'
		case at == end:
			return plain, 0, false
		}
		if end = attributeEnd(doc, at); end < 0 {
			return plain, 0, false
		}
		plain.attrs++
	}
}

// name is a name with its prefix, which was read before more often than not.
func (t *tagReader) name(b []byte) xml.Name {
	if n, ok := t.names[string(b)]; ok {
		return n
	}
	n := xml.Name{Local: string(b)}
	if i := bytes.IndexByte(b, ':'); i >= 0 {
		n = xml.Name{Space: n.Local[:i], Local: n.Local[i+1:]}
	}
	if t.names == nil {
		t.names = map[string]xml.Name{}
	}
	t.names[string(b)] = n
	return n
}

// nameEnd is where a name that starts at an offset ends, -1 if none does.
func nameEnd(doc []byte, at int) int {
	first, colon := true, false
	for ; at < len(doc); at++ {
		switch c := doc[at]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			first = false
		case c == ':' && !first && !colon:
			first, colon = true, true
		case first:
			return -1
		case c >= '0' && c <= '9', c == '-', c == '.':
		case c == ':' || c >= 0x80:
			return -1
		default:
			return at
		}
	}
	return -1
}

// blankEnd is where white space ends that starts at an offset.
func blankEnd(doc []byte, at int) int {
	for at < len(doc) && (doc[at] == ' ' || doc[at] == '\n' || doc[at] == '\t' || doc[at] == '\r') {
		at++
	}
	return at
}

// attributeEnd is where an attribute that starts at an offset ends, -1 if none does.
func attributeEnd(doc []byte, at int) int {
	at = nameEnd(doc, at)
	if at < 0 || at+2 > len(doc) || doc[at] != '=' {
		return -1
	}
	quote := doc[at+1]
	if quote != '"' && quote != '\'' {
		return -1
	}
	value := doc[at+2:]
	n := bytes.IndexByte(value, quote)
	if n < 0 || bytes.IndexByte(value[:n], '<') >= 0 || bytes.IndexByte(value[:n], '&') >= 0 {
		return -1
	}
	return at + 2 + n + 1
}
