package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// TestEdition: the page of a digest has all that the digest told, and nothing of whom it
// was made for.
func TestEdition(t *testing.T) {
	w := newWorld(t)
	w.change(t, func(c *digest.Chat) { c.Settings.Length = digest.Full })
	e := w.digest(t, "request-canary")
	page := w.page(t, bot.EditionPath+e.Public)
	doc := wellBuilt(t, "the edition", page)
	text := said(doc)
	for i, s := range e.Stories {
		for _, m := range s.Members {
			if !strings.Contains(text, m.Outlet) {
				t.Errorf("story %d: no %s", i+1, m.Outlet)
			}
		}
		for _, sentence := range append(s.Summary, s.Detail...) {
			if !strings.Contains(text, digest.Clean(sentence.Text)) {
				t.Errorf("story %d: no %q", i+1, sentence.Text)
			}
		}
		if !strings.Contains(text, s.Headline) {
			t.Errorf("no %q", s.Headline)
		}
	}
	for _, want := range []string{"Midday digest", "Sun 22 Nov 2026, 14:06", "paywall", "Timeline", "In this digest", "until Tue 22 Dec 2026"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if n := len(all(doc, "article")); n != len(e.Stories) {
		t.Errorf("%d stories of %d", n, len(e.Stories))
	}
	for _, secret := range []string{"canary", "Europe", "Berlin", string(e.ID), string(w.chat.ID), string(e.Stories[0].Story), "operators", "Useful"} {
		if strings.Contains(page, secret) {
			t.Errorf("the page has %q", secret)
		}
	}
}

// TestStory: a story's page goes on after the digest, and says what is new.
func TestStory(t *testing.T) {
	w := newWorld(t)
	e := w.digest(t, "r")
	w.walk(t, 36*time.Hour)
	grown, newer, added := 0, 0, 0
	for i, s := range e.Stories {
		page := w.page(t, bot.StoryPath+e.Public+"/"+string(rune('1'+i)))
		doc := wellBuilt(t, s.Headline, page)
		articles := len(all(doc, "time"))
		if articles < len(s.Members) {
			t.Errorf("%s: %d articles, %d in the digest", s.Headline, articles, len(s.Members))
		}
		if articles > len(s.Members) {
			grown++
		}
		if strings.Contains(said(doc), "Since this digest") {
			newer++
		}
		for _, q := range all(doc, "q") {
			if attr(q, "class") == "added" {
				added++
			}
		}
		if strings.Contains(page, "canary") || !strings.Contains(page, "../../d/"+e.Public+"#story-") {
			t.Errorf("%s: %s", s.Headline, page)
		}
	}
	if grown == 0 || newer == 0 || added == 0 {
		t.Errorf("of %d stories %d have grown and %d say so in a day and a half, %d articles tell what they add", len(e.Stories), grown, newer, added)
	}
}

// TestGone: what is not there any more, or never was, is a page that says so.
func TestGone(t *testing.T) {
	w := newWorld(t)
	e := w.digest(t, "r")
	paths := []string{bot.EditionPath + e.Public, bot.StoryPath + e.Public + "/1"}
	for _, path := range paths {
		w.page(t, path)
	}
	never := []string{"/d/", "/d/abcdefgh23456777", "/d/../x", "/d/" + string(e.ID), "/s/" + e.Public + "/99", "/s/" + e.Public + "/0", "/s/" + e.Public + "/x",
		"/f/abcdefgh23456777/rss.xml", "/f/" + e.Public + "/feed.json", "/f/" + e.Public + "/x", "/nowhere", "/favicon.ico", "/d/" + strings.ToUpper(e.Public)}
	check := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			answer := w.get(path, "Accept-Language", "de-AT,en;q=0.5")
			if answer.Code == http.StatusMovedPermanently || answer.Code == http.StatusTemporaryRedirect {
				continue // the path is put straight first
			}
			doc := wellBuilt(t, path, answer.Body.String())
			if answer.Code != http.StatusNotFound || !strings.Contains(said(doc), "Diese Seite gibt es nicht") {
				t.Errorf("%s: %d, %s", path, answer.Code, said(doc))
			}
		}
	}
	check(never...)
	if err := w.desk.EraseUser(t.Context(), digest.Console, w.chat.Address.Channel); err != nil {
		t.Fatal(err)
	}
	check(paths...)
}

// TestRetention: a page goes when the digest does.
func TestRetention(t *testing.T) {
	w := newWorld(t)
	e := w.digest(t, "r")
	path := bot.EditionPath + e.Public
	for _, step := range []struct{ days, want int }{{29, http.StatusOK}, {31, http.StatusNotFound}} {
		if _, err := w.store.Retain(t.Context(), w.clock.AddDate(0, 0, step.days), 1000); err != nil {
			t.Fatal(err)
		}
		if answer := w.get(path); answer.Code != step.want {
			t.Errorf("after %d days: %d", step.days, answer.Code)
		}
	}
}

// TestHeaders: what every answer says in its head, whatever it is.
func TestHeaders(t *testing.T) {
	w := newWorld(t)
	e := w.digest(t, "r")
	for _, path := range []string{"/", bot.EditionPath + e.Public, bot.StoryPath + e.Public + "/1", "/nowhere", "/operator", "/style.css", "/icon.svg"} {
		h := w.get(path).Header()
		for name, want := range headers {
			if got := h.Get(name); got != want && name != "Cache-Control" {
				t.Errorf("%s: %s %q", path, name, got)
			}
		}
		if h.Get("Set-Cookie") != "" || h.Get("Cache-Control") == "" {
			t.Errorf("%s: %v", path, h)
		}
	}
	if csp := headers["Content-Security-Policy"]; strings.Contains(csp, "unsafe") || strings.Contains(csp, "script") || !strings.Contains(csp, "default-src 'none'") {
		t.Error(csp)
	}
}

// TestConditional: what a reader has is not sent again, a HEAD has no body, large pages are
// compressed for who takes it, nothing but reading is answered.
func TestConditional(t *testing.T) {
	w := newWorld(t)
	path := bot.EditionPath + w.digest(t, "r").Public
	plain := w.get(path)
	tag := plain.Header().Get("ETag")
	if got := w.get(path, "If-None-Match", tag); tag == "" || got.Code != http.StatusNotModified || got.Body.Len() != 0 {
		t.Errorf("asked again: %d", got.Code)
	}
	if got := w.get(path, "If-Modified-Since", plain.Header().Get("Last-Modified")); got.Code != http.StatusNotModified {
		t.Errorf("asked by date: %d", got.Code)
	}
	if got := w.ask(http.MethodHead, path); got.Code != http.StatusOK || got.Body.Len() != 0 || got.Header().Get("ETag") != tag {
		t.Errorf("HEAD: %d, %d bytes, %v", got.Code, got.Body.Len(), got.Header())
	}
	if got := w.ask(http.MethodHead, "/nowhere"); got.Code != http.StatusNotFound || got.Body.Len() != 0 {
		t.Errorf("HEAD of nothing: %d, %d bytes", got.Code, got.Body.Len())
	}
	packed := w.get(path, "Accept-Encoding", "br, gzip")
	z, err := gzip.NewReader(packed.Body)
	if err != nil || packed.Header().Get("ETag") == tag {
		t.Fatal(err, packed.Header())
	}
	if body, err := io.ReadAll(z); err != nil || !bytes.Equal(body, plain.Body.Bytes()) {
		t.Errorf("unpacked it is another page: %v", err)
	}
	for _, way := range []string{"", "br", "gzip;q=0", "gzip; q=0.0"} {
		if got := w.get(path, "Accept-Encoding", way); got.Header().Get("Content-Encoding") != "" {
			t.Errorf("%q got it compressed", way)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, "BREW"} {
		if got := w.ask(method, path); got.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, got.Code)
		}
	}
}

// TestUnderPath: the site may be part of another one, whether its proxy passes the path on
// or not.
func TestUnderPath(t *testing.T) {
	w := newWorld(t)
	path := bot.EditionPath + w.digest(t, "r").Public
	if a, b := w.page(t, path), w.page(t, "/paper"+path); a != b {
		t.Error("another page under the path")
	}
	if answer := w.get("/style.css?" + version("style.css")); answer.Code != http.StatusOK || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/css") {
		t.Errorf("style: %d %v", answer.Code, answer.Header())
	}
}

// TestFault: a bug or a broken store is a page that tells nothing of it, and others go on.
func TestFault(t *testing.T) {
	w := newWorld(t)
	answer := func(h http.Handler) (int, string) {
		r, to := httptest.NewRequest(http.MethodGet, "/d/secret-of-theirs", nil), httptest.NewRecorder()
		h.ServeHTTP(to, r)
		return to.Code, to.Body.String()
	}
	code, body := answer(w.contained(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("bug-canary") })))
	wellBuilt(t, "a bug", body)
	if code != http.StatusInternalServerError || strings.Contains(body, "canary") || !strings.Contains(w.log.String(), "bug-canary") {
		t.Errorf("%d: %s; log %s", code, body, &w.log)
	}
	if strings.Contains(w.log.String(), "secret-of-theirs") {
		t.Errorf("the log has the address: %s", &w.log)
	}
}

// TestServe: the site is served until it is told to stop, and what is under way is ended.
func TestServe(t *testing.T) {
	w := newWorld(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Serve(ctx, l) }()
	answer, err := http.Get("http://" + l.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil || !strings.Contains(string(body), "have pages here") {
		t.Errorf("%s, %v", body, err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := New(Options{}).Serve(t.Context(), l); err == nil {
		t.Error("a closed listener is no error")
	}
}

// TestWords: every text of a page's own is on one of the pages, in every language.
func TestWords(t *testing.T) {
	w := newWorld(t)
	w.walk(t, time.Minute)
	for _, lang := range texts.Languages {
		w.change(t, func(c *digest.Chat) { c.Settings.Language = lang })
		e := w.digest(t, "in "+lang)
		page := w.page(t, bot.EditionPath+e.Public)
		doc := wellBuilt(t, lang, page)
		if root := all(doc, "html")[0]; attr(root, "lang") != lang || attr(root, "dir") != texts.Direction(lang) {
			t.Errorf("%s: the page is in %s, %s", lang, attr(root, "lang"), attr(root, "dir"))
		}
		if strings.Contains(page, "web.") || strings.Contains(page, "<no value>") {
			t.Errorf("%s: a text is missing: %s", lang, page)
		}
		e.Stories[0].Headline, e.Stories[0].Members = "Another headline", e.Stories[0].Members[:1]
		e.At = e.At.Add(-6 * time.Hour)
		story := w.page(t, bot.StoryPath+w.put(t, e).Public+"/1")
		wellBuilt(t, lang, story)
		copied := httptest.NewRecorder()
		w.html(copied, httptest.NewRequest(http.MethodGet, "/s/x/1", nil), "story", timeline{frame: frame{Language: lang}, Days: []day{
			{At: e.At, Reports: []bot.Report{{CopyOf: "Atlas Wire"}}}}}, e.At)
		broken := httptest.NewRecorder()
		w.fault(broken, httptest.NewRequest(http.MethodGet, "/", http.NoBody), errors.New("a bug"))
		shown := html.UnescapeString(page + story + copied.Body.String() + broken.Body.String() +
			w.get("/", "Accept-Language", lang).Body.String() + w.get("/x", "Accept-Language", lang).Body.String())
		for id, args := range map[texts.ID]texts.Args{
			texts.WebSkip: nil, texts.WebContents: nil, texts.WebTimeline: nil, texts.WebSummary: nil, texts.WebSince: nil, texts.WebFirst: nil,
			texts.WebQuoted: nil, texts.WebBack: nil, texts.WebHome: nil, texts.WebGone: nil, texts.WebGoneWhy: nil,
			texts.WebThen: {"Headline": "Another headline"}, texts.WebCopy: {"Outlet": "Atlas Wire"},
			texts.WebKept: {"Day": texts.FullDay(lang, e.At.Add(kept))},
		} {
			if text := texts.Say(lang, id, args); !strings.Contains(shown, text) || text == string(id) {
				t.Errorf("%s: no %q on any page", lang, text)
			}
		}
		if lang == texts.English && !strings.Contains(broken.Body.String(), texts.Say(lang, texts.WebFault)) {
			t.Errorf("a fault is told as %s", broken.Body)
		}
	}
}
