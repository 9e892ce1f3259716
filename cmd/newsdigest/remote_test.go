package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"newsdigest/digest/catalog"
	"newsdigest/digest/fetch"
)

// startHouse opens a store in a folder of its own, as run does, and returns its file. The
// environment of the test names it.
func startHouse(t *testing.T, news string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "running.db")
	t.Setenv("NEWSDIGEST_STORE", file)
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	// Somebody died here and left a socket behind.
	if err := os.WriteFile(socketName(file), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	allowed, err := fetch.ParseAllow([]string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	starter, err := catalog.FromOPML(opml(news, 2))
	if err != nil {
		t.Fatal(err)
	}
	h, err := build(t.Context(), config{Access: "open"}, slog.New(slog.DiscardHandler),
		plan{file: file, starter: starter, fetch: fetch.Options{Allow: allowed}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(socketName(file)); err == nil {
			t.Error("the socket is still there")
		}
	})
	if err := h.listen(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestBesideRunningBot runs commands while another house has the store open: they are
// carried out there, with the same output and exit codes.
func TestBesideRunningBot(t *testing.T) {
	news := httptest.NewServer(outlets(time.Now()))
	t.Cleanup(news.Close)
	file := startHouse(t, news.URL)
	if info, err := os.Stat(socketName(file)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v, %v; only its owner may use it", info.Mode(), err)
	}
	list := filepath.Join(t.TempDir(), "more.opml")
	if err := os.WriteFile(list, opml(news.URL, 3), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args, in  string
		code      int
		out, errs string // what has to be in it
	}{
		{"story 1", "", exitFailed, "", "newsdigest: there is no digest yet; print one first\n"},
		{"digest", "", exitDone, "5 stories", "Reading 2 sources…\n"},
		{"digest --json", "", exitDone, `"stories": [`, ""},
		{"story 1 --json", "", exitDone, `"rank": 1`, ""},
		{"digest --page 9", "", exitUsage, "", "there is no page 9"},
		{"sources list", "", exitDone, "Elm Valley Herald\ten\tworld\tok\n", ""},
		{"sources import " + list, "", exitDone, "Sources added: 1; there already: 2.\n", ""},
		{"sources import -", string(opml(news.URL, 3)), exitDone, "Sources added: 0; there already: 3.\n", ""},
		{"sources remove nobody", "", exitUsage, "", `0 sources are called "nobody"`},
		{"subscriptions list --json", "", exitDone, `"subscriptions": []`, ""},
		{"stats --plain", "", exitDone, "article\t", ""},
		{"compact", "", exitFailed, "", "the bot is running on the store; stop it first"},
		{"version", "", exitDone, "newsdigest ", ""},
	} {
		var out, errs bytes.Buffer
		p := &program{in: strings.NewReader(tt.in), out: &out, errs: &errs}
		if code := p.run(t.Context(), strings.Fields(tt.args)); code != tt.code {
			t.Errorf("%s: exit code %d, want %d", tt.args, code, tt.code)
		}
		if !strings.Contains(out.String(), tt.out) || tt.out == "" && out.Len() > 0 {
			t.Errorf("%s printed %q, want %q", tt.args, out.String(), tt.out)
		}
		if !strings.Contains(errs.String(), tt.errs) || tt.errs == "" && errs.Len() > 0 {
			t.Errorf("%s complained %q, want %q", tt.args, errs.String(), tt.errs)
		}
	}
}

// TestSecondBot shows that a second bot does not start on the same file.
func TestSecondBot(t *testing.T) {
	file := startHouse(t, "http://127.0.0.1")
	t.Setenv("NEWSDIGEST_TELEGRAM_TOKEN", "123456:secret")
	t.Setenv("NEWSDIGEST_LOG_LEVEL", "error")
	var out, errs bytes.Buffer
	p := &program{in: strings.NewReader(""), out: &out, errs: &errs}
	if code := p.run(t.Context(), []string{"run"}); code != exitConfig {
		t.Errorf("exit code %d, want %d", code, exitConfig)
	}
	if want := "newsdigest: the bot is running already on " + file; !strings.HasPrefix(errs.String(), want) {
		t.Errorf("it said %q, want %q", errs.String(), want)
	}
}

// TestNoErrand sends what is no command to the socket.
func TestNoErrand(t *testing.T) {
	file := startHouse(t, "http://127.0.0.1")
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socketName(file))
	}}}
	defer client.CloseIdleConnections()
	for _, body := range []string{"", "hello", `["digest"]`} {
		answer, err := client.Post("http://newsdigest/", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%q: %s", body, answer.Status)
		}
	}
}
