package feed

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"newsdigest/digest"
)

func TestDates(t *testing.T) {
	at := func(h, m int) time.Time { return time.Date(2026, 9, 5, h, m, 0, 0, time.UTC) }
	for in, want := range map[string]time.Time{
		"2026-09-05T10:00:00Z": at(10, 0), "2026-09-05T12:00:00+02:00": at(10, 0), "2026-09-05T10:00:00.123456Z": at(10, 0).Add(123456 * time.Microsecond),
		"2026-09-05T10:00Z": at(10, 0), "2026-09-05 10:00:00": at(10, 0), "2026-09-05 12:00:00 +0200": at(10, 0), "2026-09-05T12:00+0200": at(10, 0),
		"2026-09-05": at(0, 0), "2026/09/05 10:00": at(10, 0), "20260905": {}, "2026-09-05T12:00:9+02:00": at(10, 0).Add(9 * time.Second),
		"Sat, 05 Sep 2026 10:00:00 GMT": at(10, 0), "Sat, 5 Sep 2026 12:00:00 +0200": at(10, 0), "5 Sep 26 10:00 UT": at(10, 0),
		"Sat, 05 Sep 2026 12:00:00 CEST": at(10, 0), "Sat, 05 Sep 2026 05:00:00 EST": at(10, 0), "Sat, 05 Sep 2026 19:00:00 JST": at(10, 0),
		"Sat, 05 Sep 2026 13:00:00 MSK": at(10, 0), "Sat, 05 Sep 2026 15:30:00 IST": at(10, 0), "Sat, 05 Sep 2026 12:00 MESZ": at(10, 0),
		"Sat, 05 Sep 2026 12:00:00 GMT+0200": at(10, 0), "Sat Sep 05 2026 12:00:00 GMT+0200 (CEST)": at(10, 0), "Sat, 05 Sep 2026 12:00:00 +02:00": at(10, 0),
		"Saturday, 05-Sep-26 10:00:00 GMT": at(10, 0), "Sat Sep  5 10:00:00 UTC 2026": at(10, 0), "Sat, 05 Sep 2026 10:00:00 Z": at(10, 0),
		"Sept 5 2026, 10:00 pm EST": at(27, 0), "September 5th, 2026 at 10:00 a.m.": at(10, 0), "Sep 5, 2026 12:00 AM": at(0, 0), "Sep 5, 2026 12:30pm": at(12, 30),
		"5 сентября 2026, 10:00": at(10, 0), "Сб, 05 сен 2026 13:00:00 +0300": at(10, 0), "5 вересня 2026 р. 10:00": at(10, 0),
		"Sa, 05 Sep. 2026 12:00:00 +0200": at(10, 0), "sam., 05 sept. 2026 12:00:00 +0200": at(10, 0), "5 septembre 2026": at(0, 0),
		"sáb, 05 set 2026 07:00:00 -0300": at(10, 0), "5 de septiembre de 2026 10:00": at(10, 0), "05 settembre 2026 10:00": at(10, 0),
		"05 Eylül 2026 10:00": at(10, 0), "5 września 2026 10:00": at(10, 0), "2026年9月5日 10:00": at(10, 0), "05.09.2026 10:00": at(10, 0), "5/9/2026 10:00": at(10, 0),
		"09/25/2026": time.Date(2026, 9, 25, 0, 0, 0, 0, time.UTC), "mar., 08 sept. 2026 10:00": time.Date(2026, 9, 8, 10, 0, 0, 0, time.UTC),
		"Fri, 05 Sep 2026 10:00:00 +3000": at(10, 0), "Sat, 05 Sep 2026 24:00:00 GMT": at(24, 0), "Sat, 05 Sep 2026 23:59:60 GMT": at(24, 0),
		"Mon, 05 Sep 2050 10:00:00 GMT": time.Date(2050, 9, 5, 10, 0, 0, 0, time.UTC), // the desk's to judge
		"":                              {}, "soon": {}, "10:00": {}, "2026": {}, "Sep 2026": {}, "31 Feb 2026": {}, "2026-13-01": {}, "2026-09-32": {}, "25:61 5 Sep 2026": {},
		"Thu, 01 Jan 1970 00:00:00 GMT": {}, "0000-00-00 00:00:00": {}, "0001-01-01T00:00:00Z": {}, "9999-12-31T23:59:59Z": {}, "99999999999999999999": {},
	} {
		if got := parseDate(in); !got.Equal(want) {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

func FuzzDate(f *testing.F) {
	f.Add("Sat, 05 Sep 2026 12:00:00 CEST")
	f.Add("2026年9月5日 10:00 a.m. (UTC-03)")
	f.Fuzz(func(t *testing.T, s string) {
		if d := parseDate(s); !d.IsZero() && (!plausible(d) || d.Location() != time.UTC) {
			t.Fatalf("%q: %v", s, d)
		}
	})
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"":                                      "",
		"plain":                                 "plain",
		"one\ntwo\n\n \nthree":                  "one two\n\nthree",
		"Q&A &amp; more&nbsp;&#8230;":           "Q&A & more …",
		"<p>one</p><p>two</p>":                  "one\n\ntwo",
		"<div><p>one</p></div>\n<div>two":       "one\n\ntwo",
		"one<br>two<br/><br />three":            "one\ntwo\n\nthree",
		"<p>a\n  b\tc</p>":                      "a b c",
		"<ul><li>a</li><li>b</li></ul>":         "a\n\nb",
		"<h2>Head</h2>text":                     "Head\n\ntext",
		"a<b>b</b>c <i>d</i>":                   "abc d",
		"<td>a</td><td>b</td>":                  "a b",
		"<script>x()</script>a":                 "a",
		"<style>p{}</style>a<!-- c -->":         "a",
		"<script>unclosed":                      "",
		"<svg><svg></svg>x</svg>a":              "a",
		"<noscript><p>x</p></noscript>a":        "a",
		"<video>no player</video>a":             "a",
		"1 < 2 and 3 > 2":                       "1 < 2 and 3 > 2",
		"<o:p>a</o:p><custom-tag><department>b": "ab",
		"&lt;p&gt;one&lt;/p&gt;&lt;p&gt;2":      "one\n\n2",
		"use &lt;x&gt; here":                    "use <x> here",
		"<a href='/x'>link</a>\u202eevil":       "linkevil",
		"<p>unclosed <b>bold":                   "unclosed bold",
		"<p":                                    "",
		"\x00<p>a\x07b":                         "ab",
	} {
		if got, _ := plain(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestPictures(t *testing.T) {
	for rest, want := range map[string]string{
		`<media:content url="/m.jpg" medium="image"/><enclosure url="/e.jpg" type="image/jpeg"/>`:           "https://harbour.example/m.jpg",
		`<enclosure url="/e.mp3" type="audio/mpeg"/><enclosure url="/e.jpg" type="image/jpeg" length="1"/>`: "https://harbour.example/e.jpg",
		`<media:thumbnail url="//img.harbour.example/t.jpg"/>`:                                              "https://img.harbour.example/t.jpg",
		`<media:group><media:thumbnail url="/t.jpg"/></media:group>`:                                        "https://harbour.example/t.jpg",
		`<description>&lt;p>x&lt;img src="/d.jpg">&lt;img src="/f.jpg"></description>`:                      "https://harbour.example/d.jpg",
		`<description>&lt;img src="/count" width="1" height="1">&lt;img src="/d.jpg"></description>`:        "https://harbour.example/d.jpg",
		`<description>&lt;img src="data:image/png;base64,AAAA"></description>`:                              "",
		`<description>&lt;img src="javascript:x">&lt;img></description>`:                                    "",
	} {
		if got := mustParse(t, channel(item("A", "/a", rest))).Entries[0].Image; got != want {
			t.Errorf("%s: %q, want %q", rest, got, want)
		}
	}
}

func TestLinks(t *testing.T) {
	for in, want := range map[string]string{
		"<link>/a?utm_source=rss&amp;b=1#c</link>": "https://harbour.example/a?b=1",
		"<link>a</link>":                                                   "https://harbour.example/feeds/a",
		"<link>//quay.example/a</link>":                                    "https://quay.example/a",
		"<link><![CDATA[ https://quay.example/a ]]></link>":                "https://quay.example/a",
		"<link>javascript:alert(1)</link>":                                 "",
		"<link>data:text/html,x</link>":                                    "",
		"<link>tg://resolve?domain=x</link>":                               "",
		"<link>discord://x</link>":                                         "",
		"<link>intent://x#Intent;end</link>":                               "",
		"<link>https://user:pw@quay.example/</link>":                       "",
		"<guid>https://quay.example/a</guid>":                              "https://quay.example/a",
		"<guid isPermaLink='true'>not-an-address</guid>":                   "",
		"<link>/a</link><guid>https://quay.example/b</guid>":               "https://harbour.example/a",
		"<link>https://аррӏе.example/</link>":                              "https://xn--80ak6aa92e.example/",
		"<link>/go</link><fb:origLink>https://quay.example/</fb:origLink>": "https://quay.example/",
	} {
		doc := `<rss xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><title>A</title>` + in + `</item></channel></rss>`
		if got := mustParse(t, doc).Entries[0].Link; got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestXMLBase(t *testing.T) {
	doc := `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://quay.example/news/"><entry><title>A</title><link href="a"/></entry></feed>`
	if got := mustParse(t, doc).Entries[0].Link; got != "https://quay.example/news/a" {
		t.Error(got)
	}
}

func keys(t *testing.T, items ...string) (out []string) {
	t.Helper()
	for _, e := range mustParse(t, channel(items...)).Entries {
		out = append(out, e.Key)
	}
	return out
}

func TestKeys(t *testing.T) {
	const guid = "<guid isPermaLink='false'>1</guid>"
	same := func(name string, want bool, a, b string) {
		t.Helper()
		if got := keys(t, a)[0] == keys(t, b)[0]; got != want {
			t.Errorf("%s: same = %v", name, got)
		}
	}
	same("a new title under the id", true, item("A", "/a", guid), item("A, corrected", "/a", guid))
	same("a new story under the id", false, item("A", "/a", guid), item("B", "/b", guid))
	same("other tracking", true, item("A", "/a?utm_source=x", guid), item("A", "/a?utm_source=y", guid))
	same("no id, other title", false, item("A", "/a", ""), item("B", "/a", ""))
	same("no id", true, item("A", "/a", ""), item("A", "/a", "<description>more</description>"))
	same("nothing but text", false, "<item><description>x</description></item>", "<item><description>y</description></item>")

	if k := keys(t, item("A", "/a", guid), item("B", "/a", guid), item("C", "/c", guid)); len(k) != 3 || k[0] == k[1] || k[1] == k[2] {
		t.Errorf("one id for several entries: %v", k)
	}
	if k := keys(t, item("A", "/a", guid), item("A", "/a", guid), item("A", "/a", "")); len(k) != 1 {
		t.Errorf("the same entry three times: %v", k)
	}
	if k := keys(t, item("A", "/a", ""), item("B", "/a", ""), item("", "/a", "")); len(k) != 3 {
		t.Errorf("one link for several titles: %v", k)
	}
	if k := keys(t, "<item/>", item("", "", "<guid>7</guid>"), item("  ", "", "")); len(k) != 0 {
		t.Errorf("empty entries: %v", k)
	}
}

func TestAuthors(t *testing.T) {
	for in, want := range map[string]string{
		"<author>ida@harbour.example (Ida Brandt)</author>":      "Ida Brandt",
		"<author>Ida Brandt (ida@harbour.example)</author>":      "Ida Brandt",
		"<author><name>Ida Brandt</name><desk>x</desk></author>": "Ida Brandtx",
		"<author>ida@harbour.example</author>":                   "",
		"<dc:creator><![CDATA[ Ida &amp; Jon ]]></dc:creator>":   "Ida & Jon",
		"<author>Ida Brandt</author><dc:creator>x</dc:creator>":  "Ida Brandt",
	} {
		doc := `<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><title>A</title>` + in + `</item></channel></rss>`
		if got := mustParse(t, doc).Entries[0].Author; got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestCategories(t *testing.T) {
	doc := channel(item("A", "/a", "<category> World </category><category>World</category><category/><category>Food &amp;amp; Drink</category>"))
	if d := cmp.Diff([]string{"World", "Food & Drink"}, mustParse(t, doc).Entries[0].Categories); d != "" {
		t.Error(d)
	}
}

func TestFeedFields(t *testing.T) {
	for in, want := range map[string]Feed{
		"<ttl>60</ttl>":          {TTL: time.Hour},
		"<ttl>99999999999</ttl>": {TTL: maxTTL},
		"<ttl>1000000</ttl>":     {TTL: maxTTL},
		"<ttl>-5</ttl>":          {},
		"<skipHours><hour>0</hour><hour> 5 </hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>": {Skip: digest.Skip{Hours: 1 | 1<<5}},
		"<skipDays><day>Sunday</day><day>saturday</day><day>Someday</day></skipDays>":                       {Skip: digest.Skip{Days: 1 | 1<<6}},
		"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>":               {TTL: 15 * time.Minute},
		"<sy:updatePeriod>yearly</sy:updatePeriod>":                                                         {TTL: maxTTL},
		"<language>en-us</language>":              {Language: "en"},
		"<language>pt_BR</language>":              {Language: "pt"},
		"<language>zh-Hant-TW</language>":         {Language: "zh"},
		"<language>English</language>":            {},
		"<language>und</language>":                {},
		"<link>javascript:x</link>":               {},
		"<link>/home</link>":                      {Site: "https://harbour.example/home"},
		"<title>A &lt;b>bold&lt;/b> name</title>": {Title: "A bold name"},
	} {
		doc := `<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>` + in + `</channel></rss>`
		got := mustParse(t, doc)
		got.Entries, got.Marks = nil, nil
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: -want +got\n%s", in, d)
		}
	}
}
