package main

import (
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/console"
	"newsdigest/bot/discord"
	"newsdigest/bot/telegram"
	"newsdigest/bot/web"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
)

// TestWebProblems: what is wrong with the settings of the web is said before it starts.
func TestWebProblems(t *testing.T) {
	for _, tt := range []struct {
		c    config
		want string
	}{
		{config{}, ""},
		{config{Web: "localhost:8080", WebURL: "https://news.example/", WebToken: "0123456789abcdef"}, ""},
		{config{WebURL: "https://news.example/paper"}, ""}, // another process serves them
		{config{Web: "8080"}, "NEWSDIGEST_WEB: not an address to listen on"},
		{config{WebURL: "news.example"}, "NEWSDIGEST_WEB_URL: not an address"},
		{config{WebURL: "https://me:secret@news.example"}, "NEWSDIGEST_WEB_URL: not an address"},
		{config{WebURL: "https://news.example?a=b"}, "NEWSDIGEST_WEB_URL: not an address"},
		{config{WebToken: "0123456789abcdef"}, "that is not set"},
		{config{Web: ":8080", WebToken: "short"}, "write at least 16 characters"},
	} {
		got := strings.Join(tt.c.webProblems(), "; ")
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) || strings.Contains(got, "secret") {
			t.Errorf("%+v: %q, want %q", tt.c, got, tt.want)
		}
		if strings.HasSuffix(tt.c.WebURL, "/") {
			t.Errorf("address %q", tt.c.WebURL)
		}
	}
}

// TestPages: with the web configured, the house gives a digest a page and serves it until
// it is closed.
func TestPages(t *testing.T) {
	var log strings.Builder
	h, err := build(t.Context(), config{Access: "open", Web: "127.0.0.1:0", WebURL: "https://news.example"}, slog.New(slog.NewTextHandler(&log, nil)),
		plan{file: filepath.Join(t.TempDir(), "db"), starter: catalog.Starter()})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.pages(t.Context(), time.Now); err != nil {
		t.Fatal(err)
	}
	now := catalog.SampleStart
	c, err := h.desk.Meet(t.Context(), digest.Address{Platform: digest.Telegram, Channel: "1"}, "en", "en", now)
	if err != nil {
		t.Fatal(err)
	}
	e, err := h.desk.Digest(t.Context(), c, "r", "", "", now)
	if err != nil || e.Public == "" {
		t.Fatalf("public id %q, %v", e.Public, err)
	}
	at := regexp.MustCompile(`listens=(\S+)`).FindStringSubmatch(log.String())
	if at == nil {
		t.Fatalf("log: %s", &log)
	}
	answer, err := http.Get("http://" + at[1] + "/d/" + e.Public)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(body), "Midday digest") {
		t.Errorf("%d %s %v", answer.StatusCode, body, err)
	}
	if err := h.close(); err != nil {
		t.Error(err)
	}
	if again, err := http.Get("http://" + at[1] + "/"); err == nil {
		again.Body.Close()
		t.Error("it is served after the house is closed")
	}
}

// TestLinkToPage: on every platform a digest with a page links to it once, under its end.
func TestLinkToPage(t *testing.T) {
	e := digest.Edition{ID: "e", Chat: "c", Public: "abcdefgh23456777", At: catalog.SampleStart, Language: "en", Sources: 1,
		Stories: []digest.EditionStory{{Story: "s", Headline: "A headline", Members: []digest.Member{{Outlet: "Atlas Wire", Link: "https://atlas.example/"}}}}}
	post := bot.Editor{Web: "https://news.example"}.Post(e, 1, digest.Address{Platform: digest.Telegram, Channel: "1"})
	for name, shown := range map[string]string{
		"Telegram": telegram.Preview(post, exampleBot), "Discord": discord.Preview(post), "console": console.Style{Width: 80}.Render(post),
	} {
		if strings.Count(shown, "https://news.example/d/abcdefgh23456777") != 1 || !strings.Contains(shown, "Read it on the web") {
			t.Errorf("%s: %s", name, shown)
		}
	}
}

// TestDigestOnWeb: a digest in a chat leads to its page, which tells the same stories; what
// /web tells there leads to feeds, until they are renewed.
func TestDigestOnWeb(t *testing.T) {
	const address = "https://news.example"
	r := readerOf(t, config{Access: "open", WebURL: address}, nil)
	site := web.New(web.Options{Reader: bot.NewReader(r.house.desk), URL: address}).Handler()
	get := func(at string) (int, string) {
		answer := httptest.NewRecorder()
		site.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, strings.TrimPrefix(at, address), nil))
		return answer.Code, html.UnescapeString(answer.Body.String())
	}
	said := func(pattern string) []string {
		t.Helper()
		ms := r.Messages(r.id)
		text := html.UnescapeString(ms[len(ms)-1].Source)
		found := regexp.MustCompile(pattern).FindAllString(text, -1)
		if len(found) == 0 {
			t.Fatalf("no %s in %q", pattern, text)
		}
		return found
	}
	r.says(t, "/start")
	r.presses(t, "Show me today")
	code, page := get(said(address + `/d/[a-z2-7]{16}`)[0])
	for _, headline := range said(`\d\. [^<]+`) {
		if _, words, _ := strings.Cut(headline, " "); code != http.StatusOK || !strings.Contains(page, words) {
			t.Errorf("%d: no %q on the page", code, words)
		}
	}
	r.says(t, "/web")
	feeds := said(address + `/f/\S+`)
	if code, body := get(feeds[0]); len(feeds) != 2 || code != http.StatusOK || !strings.Contains(body, "<rss") {
		t.Errorf("%v: %d %s", feeds, code, body)
	}
	r.presses(t, "Renew the addresses")
	if code, _ := get(feeds[0]); code != http.StatusNotFound {
		t.Errorf("the old address: %d", code)
	}
}
