package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
)

// login asks for the operators' page with a token from an address.
func (w *world) login(given, from string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/operator", nil)
	r.RemoteAddr = from
	if given != "" {
		r.SetBasicAuth("anybody", given)
	}
	answer := httptest.NewRecorder()
	w.Handler().ServeHTTP(answer, r)
	return answer
}

// TestOperator: who has the token sees how the bot is doing, and nothing of what chats read.
func TestOperator(t *testing.T) {
	w := newWorld(t)
	w.walk(t, 19*time.Hour)
	w.failing = "harbour.example"
	w.walk(t, 5*time.Hour)
	answer := w.login(token, "192.0.2.1:1")
	if answer.Code != http.StatusOK || answer.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", answer.Code, answer.Header())
	}
	doc := wellBuilt(t, "the operators' page", answer.Body.String())
	text := said(doc)
	for _, want := range []string{"console sent 1", "Harbour Times failing for ", "Late none", "Next in"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if first := said(all(doc, "tbody")[2]); !strings.HasPrefix(first, "Harbour Times") {
		t.Errorf("what fails is not first: %s", first)
	}
	for _, secret := range []string{"canary", string(w.chat.ID), "http://"} {
		if strings.Contains(answer.Body.String(), secret) {
			t.Errorf("the page has %q", secret)
		}
	}
}

// TestOperatorToken: without the token nothing is told; after several wrong ones from one
// place none is looked at there for a while, and elsewhere they are.
func TestOperatorToken(t *testing.T) {
	w := newWorld(t)
	const here = "192.0.2.1:1"
	if got := w.login("", here); got.Code != http.StatusUnauthorized || got.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("without a token: %d %v", got.Code, got.Header())
	}
	for i := range wrongAtOnce {
		if got := w.login("wrong", here); got.Code != http.StatusUnauthorized {
			t.Errorf("wrong token %d: %d", i+1, got.Code)
		}
	}
	got := w.login(token, here)
	if got.Code != http.StatusTooManyRequests || got.Header().Get("Retry-After") != "10" || strings.Contains(got.Body.String(), "Problems") {
		t.Errorf("the right one after %d wrong ones: %d %v", wrongAtOnce, got.Code, got.Header())
	}
	if got := w.login(token, "192.0.2.2:1"); got.Code != http.StatusOK {
		t.Errorf("from elsewhere: %d", got.Code)
	}
	w.clock = w.clock.Add(wrongEvery)
	if got := w.login(token, here); got.Code != http.StatusOK {
		t.Errorf("after a wait: %d", got.Code)
	}
	if log := w.log.String(); !strings.Contains(log, "wrong token") || strings.Contains(log, token) {
		t.Errorf("log: %s", log)
	}
	w.token = ""
	if got := w.login("", "192.0.2.3:1"); got.Code != http.StatusNotFound {
		t.Errorf("where there is no token: %d", got.Code)
	}
}

// TestOperatorShared: of several processes the page names the one that tells it, and the one
// that found a problem; of one it names none.
func TestOperatorShared(t *testing.T) {
	var o bot.Operation
	page := func() string {
		body, err := render("operator", newOperation(httptest.NewRequest(http.MethodGet, "/operator", nil), o))
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	if got := page(); strings.Contains(got, "told by") {
		t.Error("one process speaks for others")
	}
	o.Process, o.Processes = "south", 3
	o.Problems = []digest.Problem{{Kind: digest.DiskFull, Process: "north", Since: time.Now()}}
	for _, want := range []string{"told by <bdi>south</bdi>, one of 3 processes", "<strong>disk</strong> on <bdi>north</bdi>"} {
		if !strings.Contains(page(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestProxy: a proxy of ours tells for whom it asks, the last of those it names; a stranger
// may not.
func TestProxy(t *testing.T) {
	for _, tt := range []struct{ from, passed, want string }{
		{"127.0.0.1:80", "198.51.100.7, 192.0.2.1", "192.0.2.1/32"}, {"[::1]:80", "2001:db8::1", "2001:db8::/64"}, {"10.1.2.3:80", "192.0.2.1", "192.0.2.1/32"},
		{"127.0.0.1:80", "nonsense", "127.0.0.1/32"}, {"127.0.0.1:80", "", "127.0.0.1/32"}, {"198.51.100.9:80", "192.0.2.1", "198.51.100.9/32"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tt.from
		if r.Header.Set("X-Forwarded-For", tt.passed); client(r) != tt.want {
			t.Errorf("%s for %q: %s, want %s", tt.from, tt.passed, client(r), tt.want)
		}
	}
}

// TestClient: one customer of an IPv6 network is one place.
func TestClient(t *testing.T) {
	for from, want := range map[string]string{
		"192.0.2.1:80": "192.0.2.1/32", "[::ffff:192.0.2.1]:80": "192.0.2.1/32", "[2001:db8:1:2:3::4]:80": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:80": "fe80::/64", "a socket": "a socket",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if r.RemoteAddr = from; client(r) != want {
			t.Errorf("%s: %s, want %s", from, client(r), want)
		}
	}
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		0: "0 s ago", -30 * time.Second: "30 s ago", -90 * time.Minute: "90 min ago", -47 * time.Hour: "47 h ago", -72 * time.Hour: "3 days ago", time.Hour: "in 60 min",
	} {
		if got := ago(now.Add(d), now); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	if got := ago(time.Time{}, now); got != "never" {
		t.Error(got)
	}
	for n, want := range map[int64]string{10: "1 KiB", 5 << 20: "5.0 MiB", 3 << 30: "3.0 GiB"} {
		if got := (operation{}).Size(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
