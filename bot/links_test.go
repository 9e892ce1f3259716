package bot

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// oddPages are pages that cannot be read as they should.
func oddPages(w http.ResponseWriter, r *http.Request) {
	const walled = `<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>`
	page := func(title, head, body string) {
		fmt.Fprintf(w, `<html lang="en"><head><title>%s</title>%s</head><body><article><h1>%s</h1>%s</article></body></html>`, title, head, title, body)
	}
	paragraph := "<p>Nine governments around the Grey Sea agreed early on Sunday to cut cod catches from January, ending three years of talks about the quota.</p>"
	switch r.URL.Path {
	case "/walled":
		page("Grey Sea cod catch to fall 18% next year under new pact", walled, "<p>Subscribe.</p>")
	case "/half":
		page("Grey Sea cod catch to fall 18% next year under new pact", walled, paragraph+strings.ReplaceAll(paragraph, "Nine", "Ten"))
	case "/front":
		page("Odd", `<link rel="alternate" type="application/rss+xml" href="/feed.xml">`, "")
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

func FuzzLinkIn(f *testing.F) {
	f.Add("see https://a.example/x_(y)), and so on")
	f.Fuzz(func(t *testing.T, text string) {
		if got := linkIn(text); got != "" && (!strings.Contains(text, got) || !strings.HasPrefix(strings.ToLower(got), "http")) {
			t.Errorf("%q: %q", text, got)
		}
	})
}

// Somebody who presses faster than they are answered is asked to wait, and nothing of that
// is done later.
func TestTooFast(t *testing.T) {
	w := newWorld(t, Access{})
	held := make(chan struct{})
	w.platform.fail = func(r Request) error {
		if r.ID == "first" {
			<-held
		}
		return nil
	}
	var all []Request
	for i := range mostWaiting + 4 {
		r := typed(private("9"), "help")
		if i >= mostWaiting+2 {
			r = press(private("9"), "digest:")
		}
		r.ID, r.At = fmt.Sprint("fast", i), now
		if i == 0 {
			r.ID = "first"
		}
		all = append(all, r)
	}
	if err := w.Accept(t.Context(), all[0].Platform, all[:1], ""); err != nil {
		t.Fatal(err)
	}
	for w.answers("first") == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := w.Accept(t.Context(), all[0].Platform, all[1:], ""); err != nil {
		t.Fatal(err)
	}
	close(held)
	w.Wait()
	for i, r := range all[1:] {
		w.platform.mu.Lock()
		got := w.platform.replies[r.ID]
		w.platform.mu.Unlock()
		if len(got) != 1 {
			t.Fatalf("%s: %d answers", r.ID, len(got))
		}
		text := got[0].Toast + strings.Join(words(got[0]), "")
		if late := i >= mostWaiting; late != strings.HasPrefix(text, "One moment, I am still on your last request.") {
			t.Errorf("request %d: %q", i+1, text)
		}
	}
	if waiting, err := w.desk.Waiting(t.Context()); err != nil || len(waiting) > 0 {
		t.Errorf("%d requests stay recorded, %v", len(waiting), err)
	}
}

// answers counts the answers to a request.
func (w *world) answers(id string) int {
	w.platform.mu.Lock()
	defer w.platform.mu.Unlock()
	return len(w.platform.replies[id])
}
