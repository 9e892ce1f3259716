package summary

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func filtered(t *testing.T, in string, limit Limit) []map[string]any {
	t.Helper()
	var out bytes.Buffer
	if err := Filter(strings.NewReader(in), &out, limit); err != nil {
		t.Fatal(err)
	}
	var rows []map[string]any
	for line := range strings.Lines(out.String()) {
		var row map[string]any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestFilter(t *testing.T) {
	in := `{"id":"x","title":"Pier","text":"The council voted to rebuild the pier. Divers will inspect the piles. The works start in May.","lang":"en","k":2,"extra":[1]}

{"id":7,"text":"The <b>harbor</b> & quay were closed for two days because the crane was damaged in the storm of the year."}
{"id":null,"text":""}
{"id":"m","text":"Not this.","documents":[{"id":"a","text":"The council voted to rebuild the pier."},{"id":"b","text":"Critics wanted to spend the money on schools."}],"k":5}`
	rows := filtered(t, in, Limit{})
	if len(rows) != 4 {
		t.Fatalf("%d rows: %v", len(rows), rows)
	}
	if rows[0]["id"] != "x" || rows[1]["id"] != 7.0 || rows[2]["id"] != nil || rows[3]["id"] != "m" {
		t.Errorf("ids: %v", rows)
	}
	if n := len(rows[0]["summary"].([]any)); n != 2 {
		t.Errorf("k = 2 gave %d sentences", n)
	}
	if rows[1]["lang"] != "en" {
		t.Errorf("language %q was not detected", rows[1]["lang"])
	}
	if s := rows[2]["summary"].([]any); len(s) != 0 {
		t.Errorf("no text gave %v", s)
	}
	docs := []string{"The council voted to rebuild the pier.", "Critics wanted to spend the money on schools."}
	for i, s := range rows[3]["spans"].([]any) {
		span := s.([]any)
		doc := docs[int(span[0].(float64))]
		if got := doc[int(span[1].(float64)):int(span[2].(float64))]; got != rows[3]["summary"].([]any)[i] {
			t.Errorf("span %v is %q", span, got)
		}
	}
	if n := len(filtered(t, in, Limit{Sentences: 1})[0]["summary"].([]any)); n != 1 {
		t.Errorf("the flag must win over k: %d sentences", n)
	}
}

func TestFilterLongLine(t *testing.T) {
	text := strings.Repeat("The council voted to rebuild the pier. ", 100_000)
	row, err := json.Marshal(map[string]any{"id": "long", "text": text, "lang": "en"})
	if err != nil {
		t.Fatal(err)
	}
	if rows := filtered(t, string(row), Limit{}); len(rows) != 1 || len(rows[0]["summary"].([]any)) == 0 {
		t.Errorf("%v", rows)
	}
}

func TestFilterBrokenLine(t *testing.T) {
	for in, want := range map[string]string{
		"{\"id\":1,\"text\":\"A.\"}\n{\"id\":": "line 2:",
		`[1]`:                                  "line 1:",
		`{"text":3}`:                           "line 1:",
		"\n\n{\"text\":\"\",\"k\":-1}":         "line 3:",
	} {
		var out bytes.Buffer
		if err := Filter(strings.NewReader(in), &out, Limit{}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("Filter(%q) = %v, want it to begin with %q", in, err, want)
		}
	}
}
