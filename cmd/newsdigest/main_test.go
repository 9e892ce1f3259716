package main

import (
	"encoding/json"
	"errors"
	"flag"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the generated parts of the documents and the expected output of scripts anew")

// TestMain lets the test binary stand in for the program: a script's "newsdigest" is it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"newsdigest": main})
}

// TestScripts runs the conversations and command lines in testdata, each in a folder and
// an environment of its own.
func TestScripts(t *testing.T) {
	news := httptest.NewServer(outlets(time.Now()))
	t.Cleanup(news.Close)
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *update,
		Deadline:      time.Now().Add(5 * time.Minute), // they wait for each other, and for TestRun
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, "data"))
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
			e.Setenv("TZ", "UTC")
			e.Setenv("NEWS", news.URL)
			e.Values[loopback{}] = &loopback{}
			return writeOPML(e.WorkDir, news.URL)
		},
		Condition: scriptConditions,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": wantCode, "postgres": usePostgres, "talk": talk, "walk": walk, "withoutnews": withoutNews, "platforms": startPlatforms, "ready": untilReady, "spans": exactSpans, "stories": wantStories},
	})
}

// writeOPML writes news.opml, which names the two outlets, and quiet.opml, which also
// names the one that does not answer.
func writeOPML(dir, base string) error {
	for name, n := range map[string]int{"news.opml": 2, "quiet.opml": 3} {
		if err := os.WriteFile(filepath.Join(dir, name), opml(base, n), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// wantCode is the script command "code N program args...": the program has to end with
// exit code N.
func wantCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N program args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// talk is the script command "talk FILE [options...]": it runs try on the lines of the
// file, and writes to "said" what was said after the first digest, whose words depend on
// how stories are found and summarized.
func talk(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: talk FILE [options...]")
	}
	ts.Check(ts.Exec("newsdigest", append([]string{"try", "--script", args[0]}, args[1:]...)...))
	_, said, ok := strings.Cut(ts.ReadFile("stdout"), "\n> ")
	if !ok {
		ts.Fatalf("nothing was said after the first digest")
	}
	ts.Check(os.WriteFile(ts.MkAbs("said"), []byte("> "+said), 0o644))
}

// exactSpans is the script command "spans FILE": every sentence that summarize printed
// for the file has to be the bytes of the document that its span names.
func exactSpans(ts *testscript.TestScript, _ bool, args []string) {
	type row struct {
		Text      string
		Documents []struct{ Text string }
	}
	answers := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n")
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var in row
		ts.Check(json.Unmarshal([]byte(line), &in))
		if len(in.Documents) == 0 {
			in.Documents = append(in.Documents, struct{ Text string }{in.Text})
		}
		var out struct {
			Summary []string
			Spans   [][3]int
		}
		ts.Check(json.Unmarshal([]byte(answers[0]), &out))
		answers = answers[1:]
		if len(out.Summary) != len(out.Spans) {
			ts.Fatalf("%d sentences, %d spans", len(out.Summary), len(out.Spans))
		}
		for i, s := range out.Spans {
			if got := in.Documents[s[0]].Text[s[1]:s[2]]; got != out.Summary[i] {
				ts.Fatalf("span %v is %q, the sentence %q", s, got, out.Summary[i])
			}
		}
	}
}

// wantStories is the script command "stories 'a c' b": the articles that group printed
// have to be in these stories.
func wantStories(ts *testscript.TestScript, _ bool, want []string) {
	stories := map[string][]string{}
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		var a struct {
			ID    string
			Story string `json:"story_id"`
		}
		ts.Check(json.Unmarshal([]byte(line), &a))
		stories[a.Story] = append(stories[a.Story], a.ID)
	}
	var got []string
	for _, ids := range stories {
		slices.Sort(ids)
		got = append(got, strings.Join(ids, " "))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		ts.Fatalf("stories %q, want %q", got, want)
	}
}
