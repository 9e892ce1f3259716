package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestCheckModel: check says whether the model answers, and exit code 3 where it does not.
func TestCheckModel(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		says   string
		code   int
	}{
		"answers":     {http.StatusOK, "model      ok, small answers\n", 0},
		"refuses key": {http.StatusUnauthorized, "model      the model: it refused the key (HTTP 401)\n", exitConfig},
		"unknown":     {http.StatusNotFound, "model      the model: there is no such model, or the address is not the base of an OpenAI-compatible server (HTTP 404)\n", exitConfig},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(tt.status)
			fmt.Fprint(w, `{"choices":[{"message":{"role":"assistant","content":"ready"}}]}`)
		}))
		var out bytes.Buffer
		p := &program{out: &out}
		err := p.checkModel(t.Context(), config{ModelURL: server.URL + "/v1", ModelName: "small", ModelKey: "SECRET", ModelBudget: 10 * time.Second})
		server.Close()
		var exit *exitError
		if out.String() != tt.says || (err != nil) != (tt.code != 0) || tt.code != 0 && (!errors.As(err, &exit) || exit.code != tt.code) {
			t.Errorf("%s: %q, %v", name, out.String(), err)
		}
		if strings.Contains(out.String(), "SECRET") {
			t.Errorf("%s: the key is shown", name)
		}
	}
	var out bytes.Buffer
	if err := (&program{out: &out}).checkModel(t.Context(), config{}); err != nil || out.Len() > 0 {
		t.Errorf("no model: %q, %v", out.String(), err)
	}
}
