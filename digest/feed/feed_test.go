package feed

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

const base = "https://harbour.example/feeds/news.xml"

func channel(items ...string) string {
	return `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Harbour Post</title>` +
		strings.Join(items, "") + `</channel></rss>`
}

func item(title, link, rest string) string {
	return "<item><title>" + title + "</title><link>" + link + "</link>" + rest + "</item>"
}

func mustParse(t *testing.T, doc string) Feed {
	t.Helper()
	f, err := Parse([]byte(doc), "", base)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func titles(f Feed) (out []string) {
	for _, e := range f.Entries {
		out = append(out, e.Title)
	}
	return out
}

func TestFormats(t *testing.T) {
	files, _ := filepath.Glob("testdata/format.*")
	if len(files) != 5 {
		t.Fatalf("formats: %v", files)
	}
	want := Feed{
		Title: "Harbour Post", Site: "https://harbour.example/", Language: "de",
		Entries: []Entry{{
			Title: "Ferry & quay", Link: "https://harbour.example/ferry?id=7", Author: "Ida Brandt",
			Published: time.Date(2026, 10, 5, 6, 30, 0, 0, time.UTC),
			Summary:   "The ferry sails again.\n\nTickets at the quay.", Categories: []string{"Transport"},
		}},
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := mustParse(t, string(body))
		if len(got.Entries) != 1 || got.Entries[0].Key == "" {
			t.Fatalf("%s: %+v", file, got)
		}
		got.Entries[0].Key, got.TTL, got.Marks = "", 0, nil
		if file == "testdata/format.rdf.xml" || file == "testdata/format.rss091.xml" {
			got.Entries[0].Author, got.Entries[0].Categories = "Ida Brandt", []string{"Transport"} // have no place for them
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: -want +got\n%s", file, d)
		}
	}
}

func TestNotAFeed(t *testing.T) {
	for _, doc := range []string{
		"", "OK", "<!DOCTYPE html><html><head></head><body><p>Hi</p></body></html>", `{"error":"no"}`, `{"version":"2.0"}`,
		"<opml version='2.0'><body/></opml>", "%PDF-1.7", "\x1f\x8b\x08", "[1,2]", "<", "<>", "</rss>", "<?xml version='1.0'?>",
	} {
		if f, err := Parse([]byte(doc), "", base); !errors.Is(err, ErrNotFeed) {
			t.Errorf("%.40q: %+v, %v", doc, f, err)
		}
	}
	for _, doc := range []string{
		"<rss><channel><item><title>a", "<rss><channel",
		`{"version":"https://jsonfeed.org/version/1","items":"no"}`, `{"title":"a"`,
	} {
		if f, err := Parse([]byte(doc), "", base); err == nil || errors.Is(err, ErrHostile) {
			t.Errorf("%.40q: %+v, %v", doc, f, err)
		}
	}
}

func TestCharsets(t *testing.T) {
	const russian, chinese, german = "Паром снова ходит", "渡轮恢复通航了今天", "Fähre fährt über Förde"
	doc := func(label, title string) string {
		return `<?xml version="1.0" encoding="` + label + `"?>` + channel(item(title, "/a", ""))
	}
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy) encoding.Encoding { return unicode.UTF16(e, b) }
	for name, c := range map[string]struct {
		enc           encoding.Encoding
		label, header string
		want          string
	}{
		"windows-1251":         {charmap.Windows1251, "windows-1251", "", russian},
		"koi8-r":               {charmap.KOI8R, "KOI8-R", "", russian},
		"header only":          {charmap.Windows1251, "", "text/xml; charset=windows-1251", russian},
		"header wins":          {charmap.KOI8R, "windows-1251", "text/xml; charset=koi8-r", russian},
		"gbk":                  {simplifiedchinese.GBK, "gb2312", "", chinese},
		"gb18030":              {simplifiedchinese.GB18030, "gb18030", "", chinese},
		"big5":                 {traditionalchinese.Big5, "big5", "", "渡輪恢復通航了今天"},
		"shift_jis":            {japanese.ShiftJIS, "Shift_JIS", "", "フェリー再開"},
		"iso-2022-jp":          {japanese.ISO2022JP, "ISO-2022-JP", "", "フェリー再開"},
		"euc-kr":               {korean.EUCKR, "EUC-KR", "", "여객선 운항 재개"},
		"utf-16 LE, mark":      {utf16(unicode.LittleEndian, unicode.UseBOM), "utf-16", "", russian},
		"utf-16 BE, mark":      {utf16(unicode.BigEndian, unicode.UseBOM), "utf-16", "", russian},
		"utf-16 LE, no mark":   {utf16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16", "", russian},
		"utf-8, mark":          {unicode.UTF8BOM, "windows-1251", "text/xml; charset=koi8-r", russian},
		"utf-8, lies":          {unicode.UTF8, "iso-8859-1", "text/xml; charset=koi8-r", russian},
		"utf-8 called utf-16":  {unicode.UTF8, "utf-16", "", german},
		"1252 called utf-8":    {charmap.Windows1252, "utf-8", "", german},
		"1252 called nothing":  {charmap.Windows1252, "", "", german},
		"unknown charset name": {unicode.UTF8, "x-user-defined-by-me", "", german},
	} {
		t.Run(name, func(t *testing.T) {
			body, err := c.enc.NewEncoder().Bytes([]byte(doc(c.label, c.want)))
			if err != nil {
				t.Fatal(err)
			}
			f, err := Parse(body, c.header, base)
			if err != nil || f.Entries[0].Title != c.want {
				t.Errorf("%q, %v; want %q", titles(f), err, c.want)
			}
		})
	}
	for _, label := range []string{"utf-7", "UTF-7", "iso-2022-kr", "hz-gb-2312"} {
		if _, err := Parse([]byte(doc(label, "+AGE-")), "", base); !errors.Is(err, ErrHostile) {
			t.Errorf("%s: %v", label, err)
		}
	}
}

func TestMending(t *testing.T) {
	a, b, c := item("A", "/a", ""), item("B", "/b", ""), item("C", "/c", "")
	long := strings.Repeat("<!-- a long comment -->", 300)
	for name, doc := range map[string]string{
		"fine":                     channel(a, b, c),
		"blanks and a mark first":  "\ufeff \r\n\n" + `<?xml version="1.0"?>` + channel(a, b, c),
		"an error message first":   "<br />\n<b>Warning</b>: mysql_connect() in <b>/x.php</b>\n" + `<?xml version="1.0"?>` + channel(a, b, c),
		"a message, no prolog":     "<b>Notice</b>: x\n" + channel(a, b, c),
		"version 1.1":              `<?xml version="1.1" encoding="utf-8"?>` + channel(a, b, c),
		"a late root":              `<?xml version="1.0"?>` + long + channel(a, b, c),
		"a commented root":         `<!-- the <rss> root --><?xml version="1.0" encoding="utf-8"?>` + channel(a, b, c),
		"a plain doctype":          `<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://quay.example/rss.dtd">` + channel(a, b, c),
		"cut after an entry":       `<rss><channel>` + a + b + c + "<item><title>D",
		"cut in a tag":             `<rss><channel>` + a + b + c + "<item><title>D</ti",
		"cut in CDATA":             `<rss><channel>` + a + b + c + "<item><title><![CDATA[D",
		"entry not closed":         channel(a, "<item><title>B</title><link>/b</link>", c),
		"element not closed":       channel(a, "<item><title>B</title><link>/b</link><description><p>x<b></description></item>", c),
		"tag closed twice":         channel(a, "<item><title>B</title></title></p><link>/b</link></item></item>", c),
		"tag closed in other case": channel(a, "<item><TITLE>B</title><link>/b</LINK></item>", c),
		"a bare less-than":         channel(a, item("B", "/b", "<description>1 < 2 <3 << </description>"), c),
		"a bare ampersand":         channel(a, item("B", "/b?x=1&y=2", "<description>Q&A & more &nbsp; &unknown;</description>"), c),
		"the end of CDATA":         channel(a, item("B", "/b", "<description>a ]]> b</description>"), c),
		"a comment with dashes":    channel(a, "<!-- x -- y -->", b, c),
		"a second declaration":     channel(a, `<?xml version="1.1"?>`, b, c),
		"a doctype inside":         channel(a, `<!DOCTYPE html>`, b, c),
		"a conditional comment":    channel(a, item("B", "/b", "<description><![if x]>y<![endif]></description>"), c),
		"forbidden characters":     channel(a, item("\x00B\x1b", "/b", "<description>&#x1b;&#0; &#00008;&#65535;\ufffe</description>"), c),
		"broken UTF-8":             channel(a, item("B", "/b", "<description>ü \xff\xfe ü</description>"), c),
		"text behind the end":      channel(a, b, c) + "<script>x</script>\nrubbish < &",
		"attributes without marks": channel(a, item("B", "/b", "<enclosure url=x type=y disabled/>"), c),
	} {
		t.Run(name, func(t *testing.T) {
			f := mustParse(t, doc)
			if d := cmp.Diff([]string{"A", "B", "C"}, titles(f)); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
			for i, e := range f.Entries {
				if !strings.HasPrefix(e.Link, "https://harbour.example/"+string(rune('a'+i))) {
					t.Errorf("link %q", e.Link)
				}
			}
		})
	}
}

// TestMendedIsStable: what was mended has nothing left to mend.
func TestMendedIsStable(t *testing.T) {
	once, err := mend([]byte(channel("<item><title>A</p></title><b>1 < 2 ]]> <!-- -- --><?x?><item><Title>B</title></channel>")))
	if err != nil {
		t.Fatal(err)
	}
	twice, err := mend(once)
	if err != nil || !bytes.Equal(once, twice) {
		t.Errorf("%v\n%s\n%s", err, once, twice)
	}
}

// hostile documents and what they may cost.
func TestHostile(t *testing.T) {
	var lol strings.Builder
	lol.WriteString(`<!DOCTYPE rss [<!ENTITY lol "lol">`)
	for i := range 10 {
		fmt.Fprintf(&lol, `<!ENTITY lol%d "%s">`, i, strings.Repeat("&lol;", 10))
	}
	lol.WriteString("]>" + channel(item("&lol9;", "/a", "")))
	var attributes strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&attributes, ` a%d="x"`, i)
	}
	for name, c := range map[string]struct {
		doc  string
		most time.Duration
	}{
		"billion laughs":        {lol.String(), 50 * time.Millisecond},
		"quadratic entity":      {`<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("a", 100_000) + `">]>` + channel(item(strings.Repeat("&a;", 10_000), "", "")), 50 * time.Millisecond},
		"external entity":       {`<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + channel(item("&x;", "/a", "")), 50 * time.Millisecond},
		"a million nested tags": {"<rss><channel><item>" + strings.Repeat("<a>", 1_000_000), 100 * time.Millisecond},
		"nested namespaces":     {nestedNamespaces(8000), 20 * time.Millisecond},
		"200,000 attributes":    {"<rss" + attributes.String() + "><channel/></rss>", 500 * time.Millisecond},
		"200,000 extensions":    {channel("<item>" + strings.Repeat("<x:a/>", MaxElements) + "</item>"), 2 * time.Second},
		"deep JSON":             {`{"version":"https://jsonfeed.org/version/1","items":` + strings.Repeat("[", 1_000_000), 50 * time.Millisecond},
		"a million JSON items":  {`{"version":"https://jsonfeed.org/version/1","items":[` + strings.Repeat("{},", 1_000_000) + "{}]}", 50 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := Parse([]byte(c.doc), "", base)
			if d := time.Since(start); d > slack*c.most {
				t.Errorf("%d bytes took %v", len(c.doc), d)
			}
			if !errors.Is(err, ErrHostile) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// slack is for machines that are slow or busy; the benchmark has the real figures.
const slack = 10

func nestedNamespaces(n int) string {
	var b strings.Builder
	b.WriteString("<rss><channel><item>")
	for i := range n {
		fmt.Fprintf(&b, `<a xmlns:n%d="u%d">`, i, i)
	}
	return b.String()
}

// heavy documents are legitimate, in a way.
func TestHeavy(t *testing.T) {
	t.Run("text", func(t *testing.T) {
		f := mustParse(t, channel(item("A", "/a", "<description>"+strings.Repeat("word ", 1<<19)+"</description>"), item("B", "/b", "")))
		if len(f.Entries) != 2 || len(f.Entries[0].Summary) > maxText || len(f.Entries[0].Summary) < maxText-100 {
			t.Errorf("%q, %d bytes", titles(f), len(f.Entries[0].Summary))
		}
	})
	t.Run("title", func(t *testing.T) {
		f := mustParse(t, channel(item(strings.Repeat("ä", 1<<18), "/a", "")))
		if n := len(f.Entries[0].Title); n > maxTitle || n < maxTitle-1 {
			t.Errorf("%d bytes", n)
		}
	})
	t.Run("bare tags", func(t *testing.T) {
		if _, err := Parse([]byte(channel(item("A", "/a", "<description>"+strings.Repeat("<", 1<<15)+"</description>"))), "", base); !errors.Is(err, ErrDamaged) {
			t.Error(err)
		}
	})
}

func TestNewestEntriesAreKept(t *testing.T) {
	const n = 3 * MaxEntries
	var items, objects []string
	for i := range n { // i counts minutes, in no order
		at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration((i*7919)%n) * time.Minute)
		// The entries are not closed, so mending and dropping meet.
		items = append(items, fmt.Sprintf("<item><title>%d</title><pubDate>%s</pubDate>", (i*7919)%n, at.Format(time.RFC1123Z)))
		objects = append(objects, fmt.Sprintf(`{"id":"%d","title":"%[1]d","date_published":"%s"}`, (i*7919)%n, at.Format(time.RFC3339)))
	}
	for name, doc := range map[string]string{
		"RSS": channel(items...), "JSON": `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Join(objects, ",") + `]}`,
	} {
		f := mustParse(t, doc)
		if len(f.Entries) != MaxEntries {
			t.Errorf("%s: %d entries", name, len(f.Entries))
		}
		oldest := time.Date(2026, 10, 1, 0, n-MaxEntries, 0, 0, time.UTC)
		for _, e := range f.Entries {
			if e.Published.Before(oldest) {
				t.Errorf("%s: %s of %v is kept", name, e.Title, e.Published)
				break
			}
		}
	}
}

func TestManyEntriesCostLittle(t *testing.T) {
	doc := []byte(channel(strings.Repeat(item("A title of usual length", "https://harbour.example/a", "<pubDate>Mon, 05 Oct 2026 08:00:00 GMT</pubDate>"), 20_000)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f, err := Parse(doc, "", base)
	runtime.ReadMemStats(&after)
	if err != nil || len(f.Entries) != 1 { // all the same
		t.Errorf("%d entries, %v", len(f.Entries), err)
	}
	if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 100 {
		t.Errorf("%d MB allocated for %d MB", n, len(doc)>>20)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(channel(item("A", "/a", "<description>&lt;p&gt;x</description>"))), "text/xml; charset=koi8-r")
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title type="html">a&lt;b&gt;</title><link href="/a"/></entry></feed>`), "")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","title":"a","items":[{"id":1,"content_html":"<p>x"}]}`), "")
	f.Add([]byte("<?xml version='1.1' encoding='utf-16'?><rdf:RDF><item><title>1 < 2 ]]><!-- -- --><item></x>"), "")
	f.Add([]byte(channel(longItems(14)...)), "")
	f.Add([]byte(channel(untitled(longItems(14))...)), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		feed, err := Parse(body, contentType, base)
		if err != nil {
			if !errors.Is(err, ErrNotFeed) && !errors.Is(err, ErrHostile) && !errors.Is(err, ErrDamaged) {
				t.Fatalf("error %v", err)
			}
			return
		}
		for _, e := range feed.Entries {
			checkEntry(t, e)
		}
		skimmed, err := Skim(body, contentType, base, nil, func([]Entry) []int { return nil })
		if err == nil && !slices.Equal(keysOf(skimmed), keysOf(feed)) {
			t.Fatalf("skimmed: %q, want %q", keysOf(skimmed), keysOf(feed))
		}
		checkKnown(t, body, contentType, feed)
	})
}

func keysOf(f Feed) (out []string) {
	for _, e := range f.Entries {
		out = append(out, e.Key)
	}
	return out
}

func checkEntry(t *testing.T, e Entry) {
	t.Helper()
	if e.Key == "" || len(e.Title) > maxTitle || len(e.Content) > maxText || strings.ContainsAny(e.Title, "\n\x00\u202e") {
		t.Fatalf("%+v", e)
	}
	for _, u := range []string{e.Link, e.Image} {
		if u != "" && !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") {
			t.Fatalf("address %q", u)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	doc := usualFeed()
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(doc, "", base); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSkim is the same feed where all but one entry is known.
func BenchmarkSkim(b *testing.B) {
	doc := usualFeed()
	f, err := Parse(doc, "", base)
	if err != nil {
		b.Fatal(err)
	}
	known := knowing(f.Marks[1:])
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if f, err := Skim(doc, "", base, known, everything); err != nil || len(f.Entries) != 1 {
			b.Fatal(err, len(f.Entries))
		}
	}
}

// usualFeed has thirty entries with texts.
func usualFeed() []byte {
	var items []string
	for i := range 30 {
		items = append(items, item(fmt.Sprintf("The ferry sails again, day %d", i), fmt.Sprintf("https://harbour.example/%d", i),
			"<pubDate>Mon, 05 Oct 2026 08:00:00 GMT</pubDate><description>"+strings.Repeat("&lt;p&gt;The ferry between the islands sails again.&lt;/p&gt; ", 40)+"</description>"))
	}
	return []byte(channel(items...))
}

// mend is a document after all repairs.
func mend(doc []byte) ([]byte, error) {
	s, err := mended(doc)
	if err != nil {
		return nil, err
	}
	return s.apply(s.cuts(s.all())), nil
}

// BenchmarkMend is the scan alone: of the feed a parser would need 10 s and 4 GB for, and
// of a usual one.
func BenchmarkMend(b *testing.B) {
	for name, doc := range map[string]string{
		"nested": nestedNamespaces(8000),
		"usual":  channel(strings.Repeat(item("A", "/a", "<description>"+strings.Repeat("text ", 400)+"</description>"), 30)),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				mend([]byte(doc))
			}
		})
	}
}
