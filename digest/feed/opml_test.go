package feed

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestReadOPML(t *testing.T) {
	got, err := ReadOPML([]byte(`<?xml version="1.1" encoding="ISO-8859-1"?>
	<opml version="1.0"><head><title>x</title></head><body>
		<outline text="World &amp; more">
			<outline type="rss" text="Harbour Post" title="" xmlUrl="HTTPS://Harbour.example/rss?utm_source=opml" htmlUrl="https://harbour.example" language="en-GB"/>
			<outline text="Deeper"><outline text="Quay" XMLURL="quay.example/feed"/></outline>
			<outline text="None" xmlUrl="javascript:x"/><outline text="Inside" xmlUrl="file:///etc/passwd"/>
		</outline>
		<outline text="Ferries"><outline text="Again" xmlUrl="https://harbour.example/rss"/></outline>
		<outline text="Tagged" xmlUrl="https://tagged.example/" category="/News/World, /Culture,,"></outline>
		<outline text="Loose & broken" xmlUrl="https://loose.example/a?b=1&c=2">
	</body></opml>`))
	want := []Outline{
		{"Harbour Post", "https://harbour.example/rss", "https://harbour.example/", "en", []string{"World & more", "Ferries"}},
		{"Quay", "https://quay.example/feed", "", "", []string{"Deeper"}},
		{"Tagged", "https://tagged.example/", "", "", []string{"World", "Culture"}},
		{"Loose & broken", "https://loose.example/a?b=1&c=2", "", "", nil},
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v -want +got\n%s", err, d)
	}
}

func TestReadOPMLRefuses(t *testing.T) {
	var many strings.Builder
	for i := range MaxOutlines + 1 {
		fmt.Fprintf(&many, `<outline xmlUrl="https://site%d.example/"/>`, i)
	}
	for doc, want := range map[string]error{
		"":                           ErrNotOPML,
		"hello":                      ErrNotOPML,
		"<rss><channel/></rss>":      ErrNotOPML,
		"<opml><body><outline text=": ErrDamaged,
		`<!DOCTYPE opml [<!ENTITY a "aaa">]><opml></opml>`:          ErrHostile,
		"<opml><body>" + strings.Repeat("<outline text='x'>", 1000): ErrHostile,
		"<opml" + strings.Repeat(" a='b'", 1000) + "></opml>":       ErrHostile,
		"<opml><body>" + many.String() + "</body></opml>":           ErrHostile,
		`<?xml version="1.0" encoding="utf-7"?><opml></opml>`:       ErrHostile,
	} {
		if _, err := ReadOPML([]byte(doc)); !errors.Is(err, want) {
			t.Errorf("%.40q: %v, want %v", doc, err, want)
		}
	}
}

func TestOPMLRoundTrip(t *testing.T) {
	feeds := []Outline{
		{"Harbour <Post> & \"Co\"", "https://harbour.example/rss?a=1&b=2", "https://harbour.example/", "en", []string{"World", "Business"}},
		{"Ufer", "https://ufer.example/feed", "", "de", nil},
		{"Quay", "https://quay.example/feed", "https://quay.example/", "", []string{"World"}},
		{"", "https://nameless.example/", "", "", []string{"Sport"}},
	}
	var file bytes.Buffer
	if err := WriteOPML(&file, "My <sources>", feeds); err != nil {
		t.Fatal(err)
	}
	got, err := ReadOPML(file.Bytes())
	byURL := cmpopts.SortSlices(func(a, b Outline) bool { return a.URL < b.URL })
	if d := cmp.Diff(feeds, got, byURL, cmpopts.EquateEmpty()); d != "" || err != nil {
		t.Errorf("%v -want +got\n%s\n%s", err, d, file.String())
	}
}

func FuzzOPML(f *testing.F) {
	f.Add([]byte(`<opml version="2.0"><body><outline text="World"><outline text="a" xmlUrl="https://a.example/" category="x,/y/z"/></outline></body></opml>`))
	f.Add([]byte(`<?xml version="1.0" encoding="koi8-r"?><OPML><outline xmlurl='b.example'></body>`))
	f.Fuzz(func(t *testing.T, file []byte) {
		feeds, err := ReadOPML(file)
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := WriteOPML(&out, "t", feeds); err != nil {
			t.Fatal(err)
		}
		again, err := ReadOPML(out.Bytes())
		if err != nil || len(again) != len(feeds) {
			t.Fatalf("%d feeds came back as %d, %v\n%s", len(feeds), len(again), err, out.String())
		}
	})
}
