package main

import (
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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
	if err := h.pages(t.Context()); err != nil {
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
