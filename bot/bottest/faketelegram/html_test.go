package faketelegram

import (
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseHTML(t *testing.T) {
	tests := []struct {
		in, text string
		entities []Entity
	}{
		{"plain & simple", "plain & simple", nil},
		{"&lt;b&gt; &#128240;&quot;&amp;&#x27;", `<b> 📰"&'`, nil},
		{"&nbsp;&lt", "&nbsp;<", nil},
		{"📰<b>x</b>", "📰x", []Entity{{Type: "bold", Offset: 2, Length: 1}}},
		{"<b>a<i>b</i></b>", "ab", []Entity{{Type: "bold", Length: 2}, {Type: "italic", Offset: 1, Length: 1}}},
		{`<a href="https://a.example/?x=1&amp;y=2">A</a>`, "A", []Entity{{Type: "text_link", Length: 1, URL: "https://a.example/?x=1&y=2"}}},
		{`<a href="javascript:alert(1)">A</a>`, "A", nil},
		{`<a href="https://localhost/">A</a>`, "A", nil},
		{`<blockquote expandable>q</blockquote>`, "q", []Entity{{Type: "expandable_blockquote", Length: 1}}},
		{`<blockquote>a<blockquote expandable>b</blockquote></blockquote>`, "ab", []Entity{{Type: "blockquote", Length: 2}}},
		{"<blockquote expandable><b>a</b>\nb</blockquote>", "a\nb", []Entity{{Type: "expandable_blockquote", Length: 3}, {Type: "bold", Length: 1}}},
		{`<tg-time unix="1795417200" format="wDt">Mon</tg-time>`, "Mon", []Entity{{Type: "date_time", Length: 3, UnixTime: 1795417200, Format: "wDt"}}},
		{`<span class="tg-spoiler">s</span><B>x</>`, "sx", []Entity{{Type: "spoiler", Length: 1}, {Type: "bold", Offset: 1, Length: 1}}},
		{`<b></b>`, "", nil},
	}
	for _, test := range tests {
		text, entities, err := ParseHTML(test.in)
		if err != nil {
			t.Errorf("%q: %v", test.in, err)
			continue
		}
		if text != test.text {
			t.Errorf("%q: text %q, want %q", test.in, text, test.text)
		}
		if diff := cmp.Diff(test.entities, entities); diff != "" {
			t.Errorf("%q: %s", test.in, diff)
		}
	}
}

func TestParseHTMLRefuses(t *testing.T) {
	tests := map[string]string{
		"a < b":                `Unsupported start tag "" at byte offset 2`,
		"é<x>":                 `Unsupported start tag "x" at byte offset 2`,
		"<b>":                  `Can't find end tag corresponding to start tag "b"`,
		"</b>":                 "Unexpected end tag at byte offset 0",
		"<b></i>":              `Unmatched end tag at byte offset 3, expected "</b>", found "</i>"`,
		"<b></b":               "Unclosed end tag at byte offset 3",
		"<a href>x</a>":        `Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0`,
		"<a href=a/b>x</a>":    "Unexpected end of name token at byte offset 8",
		`<a href="x>y</a>`:     "Unclosed start tag at byte offset 0",
		"<span>x</span>":       `Tag "span" must have class "tg-spoiler" at byte offset 0`,
		"<tg-time>x</tg-time>": `Invalid Unix time in the tag "tg-time" at byte offset 0`,
		`<tg-time unix="1" format="dD">x</tg-time>`: `Invalid format in the tag "tg-time" at byte offset 0`,
	}
	for in, want := range tests {
		_, _, err := ParseHTML(in)
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}

func FuzzParseHTML(f *testing.F) {
	for _, s := range []string{"", "a&b<b>c</b>", `<a href="https://x.example/&#38;">y</a>`, "&#xD800;&#0;&", "<b", "<b x=", "</", "<tg-time unix='1'>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		text, entities, err := ParseHTML(in)
		if err != nil {
			return
		}
		if !utf8.ValidString(text) {
			t.Fatalf("%q is not UTF-8", text)
		}
		units := len(utf16.Encode([]rune(text)))
		for _, e := range entities {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > units {
				t.Fatalf("entity %+v outside of %d units", e, units)
			}
		}
	})
}
