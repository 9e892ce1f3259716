package group

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFilter(t *testing.T) {
	in := `{"id":"b","title":"Nine die in Kelvar ferry sinking","text":"Nine people died when a ferry sank off Kelvar harbor, the coast guard said.","source":"Kelvar Post","date":"2031-03-04T08:00:00Z","extra":1}

{"id":"c","title":"Oster raises interest rate","text":"","date":""}
{"id":"a","title":"Ferry sinks off Kelvar, six dead","text":"A ferry sank off the harbor of Kelvar. Six people died, the coast guard said.","date":"2031-03-04T06:00:00Z"}
{"id":"b","title":"Nine die in Kelvar ferry sinking"}
`
	var out bytes.Buffer
	if err := Filter(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	var ids, stories []string
	for line := range strings.Lines(out.String()) {
		var got map[string]string
		if err := json.Unmarshal([]byte(line), &got); err != nil || len(got) != 2 {
			t.Fatalf("%q: %v", line, err)
		}
		ids, stories = append(ids, got["id"]), append(stories, got["story_id"])
	}
	if diff := cmp.Diff([]string{"b", "c", "a", "b"}, ids); diff != "" {
		t.Error(diff)
	}
	if stories[0] != stories[2] || stories[0] != stories[3] || stories[0] == stories[1] {
		t.Errorf("stories %v", stories)
	}
}

func TestFilterBroken(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"{\"id\":\"a\"}\n\n{broken\n", "line 3: "},
		{`{"title":"no id"}`, `line 1: no "id"`},
		{`{"id":7}`, "line 1: "},
		{`{"id":"a","date":"yesterday"}`, `line 1: "yesterday" is no RFC 3339 date`},
	} {
		var out bytes.Buffer
		err := Filter(strings.NewReader(tt.in), &out)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%q gives %v, want %s", tt.in, err, tt.want)
		}
		if out.Len() > 0 {
			t.Errorf("%q writes %q", tt.in, out.String())
		}
	}
}

func FuzzFilter(f *testing.F) {
	f.Add("{\"id\":\"a\",\"title\":\"Ferry sinks\",\"text\":\"A ferry sank.\",\"date\":\"2031-03-04T06:00:00Z\"}\n{\"id\":\"b\",\"title\":\"Ferry sank\"}")
	f.Add("{\"id\":\"a\",\"title\":\"\u6d77\u6cbf\u3044\",\"text\":\"\\ud800 \\u0000\"}\n\n")
	f.Add("{\"id\":\"a\"}\r\n{\"id\":\"a\",\"date\":\"0001-01-01T00:00:00Z\"}")
	f.Add("[]\n")
	f.Fuzz(func(t *testing.T, in string) {
		var out bytes.Buffer
		if Filter(strings.NewReader(in), &out) != nil {
			return
		}
		want := 0
		for line := range strings.Lines(in) {
			if strings.TrimSpace(line) != "" {
				want++
			}
		}
		if got := strings.Count(out.String(), "\n"); got != want {
			t.Errorf("%d lines in, %d out", want, got)
		}
	})
}
