package bot

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// flaky is whether the Flaky Post answers with an error.
var flaky atomic.Bool

// oddPages are pages that cannot be read as they should.
func oddPages(w http.ResponseWriter, r *http.Request) {
	const walled = `<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>`
	page := func(title, head, body string) {
		fmt.Fprintf(w, `<html lang="en"><head><title>%s</title>%s</head><body><article><h1>%s</h1>%s</article></body></html>`, title, head, title, body)
	}
	paragraph := "<p>Nine governments around the Grey Sea agreed early on Sunday to cut cod catches from January, ending three years of talks about the quota.</p>"
	if r.Host == "bare.example" && r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	switch r.URL.Path {
	case "/":
		page("Bare", "", paragraph)
	case "/walled":
		page("Grey Sea cod catch to fall 18% next year under new pact", walled, "<p>Subscribe.</p>")
	case "/half":
		page("Grey Sea cod catch to fall 18% next year under new pact", walled, paragraph+strings.ReplaceAll(paragraph, "Nine", "Ten"))
	case "/front":
		page("Odd", `<link rel="alternate" type="application/rss+xml" href="/feed.xml">`, "")
	case "/closed":
		w.WriteHeader(http.StatusForbidden)
	case "/flaky.xml":
		if flaky.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Flaky Post</title><link>http://odd.example/flaky</link></channel></rss>`)
	case "/many":
		page("Odd", `<link rel="alternate" type="application/rss+xml" title="Odd Sport" href="/feed.xml?of=sport"><link rel="alternate" type="application/rss+xml" title="Odd World" href="/feed.xml?of=world">`, "")
	case "/feed.xml":
		if r.Header.Get("X-Fail") == "" {
			fmt.Fprint(w, `<rss version="2.0"><channel><title>Odd Post</title><link>http://odd.example/</link></channel></rss>`)
		}
	default:
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// What can be done with a page that cannot be read.
func (w *world) oddLinks(t *testing.T) {
	w.converse(t, []exchange{
		{say: typed(dan, "article http://odd.example/walled"), want: "This page is behind a paywall. I could not read any of it.\n3 other outlets cover the same story:\n"},
		{say: typed(dan, "article http://odd.example/half"), want: "Grey Sea cod catch to fall 18% next year under new pact\nThis page is behind a paywall. I could read only the first 2 paragraphs:\n"},
		{say: typed(dan, "article http://odd.example/front"), want: "I could not find an article on that page.", buttons: "Add the site as a source"},
		{say: dan, press: "Add the site as a source", want: "Added Odd Post.", buttons: "Undo"},
		{say: typed(dan, "sources add http://odd.example/many?token=s3cret"), want: "odd.example has 2 feeds. Which one?", buttons: "Odd Post | Odd Post | Cancel"},
		{say: text(dan, " odd.example/front "), want: "A page of odd.example. What should I do with it?", buttons: "Summarize | Add as source"},
		{say: dan, press: "Summarize", want: "I could not find an article on that page.", buttons: "Add the site as a source"},
		{say: typed(dan, "subscribe sport"), want: "When?", buttons: times + " | Other…"},
		{say: text(dan, "odd.example"), want: "I could not read “odd.example”.", buttons: times},
		{say: typed(dan, "article http://odd.example/later"), want: "odd.example did not", buttons: "Try again"},
		{say: dan, press: "Try again", want: "odd.example did not", buttons: "Try again"},
	})
}

func TestLinkIn(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "no link": "", "http://": "", "see https://a.example/x.": "https://a.example/x",
		"(https://a.example/x_(y))": "https://a.example/x_(y)", "<https://a.example/?q=1&r=2>": "https://a.example/?q=1&r=2",
		"HTTPS://A.example/ and http://b.example": "HTTPS://A.example/", "“https://a.example/x”": "https://a.example/x",
		"xhttp://a.example": "", "https://a.example/x, https://b.example": "https://a.example/x",
	} {
		if got := linkIn(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestBareLink(t *testing.T) {
	for text, want := range map[string]bool{
		"civic.example": true, "WWW.civic.example/a?b=c": true, "civic.example:8080/": true,
		"": false, "hello": false, "8.30": false, "hello there.": false, "see civic.example": false, "a@b.example": false, "1.2.3.4": false,
	} {
		if got := bareLink.MatchString(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzLinkIn(f *testing.F) {
	f.Add("see https://a.example/x_(y)), and so on")
	f.Fuzz(func(t *testing.T, text string) {
		if got := linkIn(text); got != "" && (!strings.Contains(text, got) || !strings.HasPrefix(strings.ToLower(got), "http")) {
			t.Errorf("%q: %q", text, got)
		}
	})
}
