package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"newsdigest/digest/summary"
)

const testKey = "key-3f9a77"

// docs are two articles of one event, invented.
func docs() []summary.Document {
	return []summary.Document{
		{ID: "a", Outlet: "Northport Post", Lang: "en", Title: "Harbour fire in Northport injures six, closes ferry line",
			Text: "A fire in a warehouse in Northport harbour injured six people on Tuesday and closed the ferry line to Skerry for 12 hours.\n\n" +
				"Fire chief Lena Hartmann said the blaze had started in a battery store on pier 4. About 140 firefighters from three towns fought the flames until dawn on Wednesday.\n\n" +
				"Ferry operator Bay Lines put the damage at 2.3 million crowns."},
		{ID: "b", Outlet: "Atlas Wire", Lang: "en", Title: "Six hurt as warehouse burns in Northport harbour",
			Text: "Six people were hurt when a warehouse burned in the harbour of Northport on Tuesday, the fire brigade said.\n\n" +
				"Mayor Tom Okafor, who had opposed the battery store, asked the council for an inquiry into the fire and its causes."},
	}
}

const (
	fineHeadline = "Warehouse fire in Northport harbour injures six"
	fineSummary  = "A warehouse fire in Northport harbour injured six people on Tuesday."
)

// completion is the answer of a server whose model writes this.
func completion(content string) string {
	text, _ := json.Marshal(content)
	return fmt.Sprintf(`{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"stop"}]}`, text)
}

func wording(headline string, sentences ...string) string {
	text, _ := json.Marshal(map[string]any{"headline": headline, "summary": sentences, "full": sentences})
	return string(text)
}

// serve runs a server on loopback and a model that asks it.
func serve(t testing.TB, handler http.HandlerFunc) *Model {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // else the server does not see that the other side went away
		r.Body = io.NopCloser(bytes.NewReader(body))
		handler(w, r)
	}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	m, err := New(Options{URL: server.URL + "/v1", Name: "m", Key: testKey, Budget: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestRewrite: the model is asked with the story as data, and its words come back.
func TestRewrite(t *testing.T) {
	for name, content := range map[string]string{
		"plain":      wording(fineHeadline, fineSummary),
		"code block": "```json\n" + wording(fineHeadline, fineSummary) + "\n```",
		"thinking":   "<think>I could write {\"headline\": 1} here.</think>\n" + wording(fineHeadline, fineSummary),
		"no full":    `{"headline": "` + fineHeadline + `.", "summary": ["` + fineSummary + `"]}`,
	} {
		m := serve(t, func(w http.ResponseWriter, r *http.Request) {
			var request struct {
				Model     string
				MaxTokens int `json:"max_tokens"`
				Messages  []struct{ Role, Content string }
				Tools     []any
			}
			if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
				t.Error(err)
			}
			if r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer "+testKey || request.Model != "m" ||
				request.MaxTokens != maxTokens || len(request.Messages) != 2 || len(request.Tools) > 0 {
				t.Errorf("%s %v %+v", r.URL.Path, r.Header, request)
			}
			var data material
			if err := json.Unmarshal([]byte(request.Messages[1].Content), &data); err != nil || data.Language != "en" || len(data.Headlines) != 2 || len(data.Sentences) < 4 {
				t.Errorf("%v: %+v", err, data)
			}
			fmt.Fprint(w, completion(content))
		})
		r, err := m.Rewrite(t.Context(), docs())
		if err != nil || r.Headline != fineHeadline || len(r.Standard) != 1 || r.Standard[0] != fineSummary || len(r.Full) != 1 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// TestFailures: whatever the server does, there is an error in our words, soon, without
// the key or anything that the server said.
func TestFailures(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			fmt.Fprintf(w, `{"error":{"message":"Incorrect key %s, see secretplace","type":"x"}}`, testKey)
		}
	}
	say := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
	}
	for name, tt := range map[string]struct {
		handler http.HandlerFunc
		says    string
	}{
		"429": {status(429), "HTTP 429"},
		"500": {status(500), "HTTP 500"},
		"401": {status(401), "refused the key"},
		"404": {status(404), "no such model"},
		"error of no JSON": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(502)
			fmt.Fprint(w, "<html>secretplace "+testKey)
		}, "HTTP 502"},
		"no JSON":     {say("<html>secretplace</html>"), "no chat completion"},
		"wrong JSON":  {say(`{"choices": "secretplace"}`), "no chat completion"},
		"no choices":  {say(`{"choices": []}`), "without a text"},
		"empty text":  {say(completion("")), "not the JSON object"},
		"prose":       {say(completion("Here is your summary: secretplace")), "not the JSON object"},
		"array":       {say(completion(`["secretplace"]`)), "not the JSON object"},
		"wrong types": {say(completion(`{"headline": ["secretplace"], "summary": 3}`)), "not the JSON object"},
		"no headline": {say(completion(`{"summary": ["secretplace"]}`)), "not the JSON object"},
		"huge":        {say(completion(strings.Repeat("secretplace ", maxAnswer/8))), "longer than"},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/v1", http.StatusTemporaryRedirect)
		}, "no chat completion"},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000")
			fmt.Fprint(w, completion("secretplace")[:40])
		}, "no chat completion"},
		"closed": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "cannot be reached"},
	} {
		m := serve(t, tt.handler)
		_, err := m.Rewrite(t.Context(), docs())
		var failed *CallError
		if !errors.As(err, &failed) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", name, err, tt.says)
		}
		if err != nil && (strings.Contains(err.Error(), testKey) || strings.Contains(err.Error(), "secretplace")) {
			t.Errorf("%s: the error tells too much: %v", name, err)
		}
	}
}

// TestBudget: a server that says nothing, or drips, costs no more than the budget.
func TestBudget(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"silent": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"drips": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				fmt.Fprint(w, " ")
				w.(http.Flusher).Flush()
				select {
				case <-r.Context().Done():
				case <-time.After(5 * time.Millisecond):
				}
			}
		},
	} {
		m := serve(t, handler)
		m.budget = 50 * time.Millisecond
		began := time.Now()
		_, err := m.Rewrite(t.Context(), docs())
		if err == nil || !strings.Contains(err.Error(), "did not answer within 50ms") || time.Since(began) > 5*time.Second {
			t.Errorf("%s: %v after %v", name, err, time.Since(began))
		}
	}
}

// TestLeftAlone: a model that fails is left alone, and one that cannot be reached is not
// blamed on who stopped waiting.
func TestLeftAlone(t *testing.T) {
	calls := 0
	m := serve(t, func(w http.ResponseWriter, _ *http.Request) { calls++; w.WriteHeader(500) })
	for range breakerInRow + 3 {
		m.Rewrite(t.Context(), docs())
	}
	if _, err := m.Rewrite(t.Context(), docs()); !errors.Is(err, ErrOpen) || calls != breakerInRow || m.Wait() == 0 || !m.Down() {
		t.Errorf("%v after %d calls, wait %v", err, calls, m.Wait())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m = serve(t, func(http.ResponseWriter, *http.Request) {})
	for range breakerInRow {
		if _, err := m.Rewrite(ctx, docs()); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if m.Wait() != 0 || m.Down() {
		t.Error("the model is blamed for a stop")
	}
}

// TestRefusalIsNoFailure: words that may not be used do not open the breaker.
func TestRefusalIsNoFailure(t *testing.T) {
	m := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, completion(wording("Fire kills nine in Southport", "A fire killed nine people in Southport.")))
	})
	for range breakerInRow + 1 {
		var refused *Refusal
		if _, err := m.Rewrite(t.Context(), docs()); !errors.As(err, &refused) {
			t.Fatal(err)
		}
	}
}

// TestPing: the model is asked for a word, also while it is left alone.
func TestPing(t *testing.T) {
	m := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, completion("ready")) })
	if err := m.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestReasoningModel: models that think are told the same limit by its other name.
func TestReasoningModel(t *testing.T) {
	m := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var request map[string]any
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil || request["max_completion_tokens"] != float64(maxTokens) || request["max_tokens"] != nil {
			t.Errorf("%v, %v", request, err)
		}
		fmt.Fprint(w, completion("ready"))
	})
	m.name = "o3-mini"
	if err := m.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestNew: a model has an address and a name.
func TestNew(t *testing.T) {
	for _, o := range []Options{{}, {URL: "localhost:11434", Name: "m"}, {URL: "ftp://x", Name: "m"}, {URL: "http://", Name: "m"}, {URL: "http://x/v1"}} {
		if _, err := New(o); !errors.Is(err, ErrOptions) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestNothing: without sentences there is no call.
func TestNothing(t *testing.T) {
	m := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a call") })
	for _, docs := range [][]summary.Document{nil, {{Title: "Fire", Lang: "en"}}} {
		if _, err := m.Rewrite(t.Context(), docs); !errors.Is(err, ErrNothing) {
			t.Error(err)
		}
	}
}
