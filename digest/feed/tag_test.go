package feed

import (
	"bytes"
	"encoding/xml"
	"testing"
)

// FuzzTag: what is read without the decoder, the decoder reads in the same way.
func FuzzTag(f *testing.F) {
	for _, s := range []string{
		"<a>", "</a >", "<a/>", "<a b='c' d=\"e>\"/>", "<a:b c:d='ä'\n>", "<a b=c>", "<a b>", "<a b='<'>", "<a b='&amp;'>",
		"<1>", "<a1>", "<a:>", "<:a>", "<a:b:c>", "<a:1>", "<ä>", "</ a>", "<a / >", "<a", "<a b='", "<a b='c'd='e'>", "</a b='c'>",
		"<a b = 'c'>", "<a\x00>", "<-a>", "< a>", "<a.b-c_d>", "<a b:c:d='e'>", "<a xmlns='x' xmlns:b='y'/>",
	} {
		f.Add([]byte(s + "text</a>"))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, err := decode(body, "")
		if err != nil {
			return
		}
		for at := 0; at < len(doc); at++ {
			n := bytes.IndexByte(doc[at:], '<')
			if n < 0 {
				return
			}
			at += n
			r := tagReader{doc: doc}
			got, next, ok := r.plain(at)
			if !ok {
				continue
			}
			d := xml.NewDecoder(bytes.NewReader(doc[at:]))
			d.Strict = false
			token, err := d.RawToken()
			if err != nil || at+int(d.InputOffset()) != next {
				t.Fatalf("%q ends at %d, not %d: %v", doc[at:], next, at+int(d.InputOffset()), err)
			}
			switch token := token.(type) {
			case xml.StartElement:
				ended, _ := d.RawToken()
				_, closed := ended.(xml.EndElement)
				closed = closed && at+int(d.InputOffset()) == next
				if got.kind != startTag || got.name != token.Name || got.attrs != len(token.Attr) || got.closed != closed {
					t.Fatalf("%q is %+v, not %+v", doc[at:], got, token)
				}
			case xml.EndElement:
				if got.kind != endTag || got.name != token.Name {
					t.Fatalf("%q is %+v, not %+v", doc[at:], got, token)
				}
			default:
				t.Fatalf("%q is %+v, not %+v", doc[at:], got, token)
			}
		}
	})
}
