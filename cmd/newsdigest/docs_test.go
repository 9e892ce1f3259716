package main

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/caarlos0/env/v11"
	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"newsdigest/bot"
	"newsdigest/bot/texts"
)

// TestEnvExample compares .env.example with what the program reads: the same names, the
// same defaults, and a remark before each block of names.
func TestEnvExample(t *testing.T) {
	file, err := os.Open("../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got := map[string]string{}
	remarks := bufio.NewScanner(file)
	for before := ""; remarks.Scan(); before = remarks.Text() {
		name, value, ok := strings.Cut(strings.TrimPrefix(remarks.Text(), "#"), "=")
		if !ok || !strings.HasPrefix(name, "NEWSDIGEST_") {
			continue
		}
		got[name] = value
		if !strings.HasPrefix(before, "#") {
			t.Errorf("%s has no remark", name)
		}
	}
	params, err := env.GetFieldParams(&config{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, p := range params {
		want[p.Key] = p.DefaultValue
		if strings.HasSuffix(p.Key, "_RATE") {
			want[p.Key] = "0"
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf(".env.example (-the program, +the file):\n%s", diff)
	}
}

// pages are the names of README.md and of the pages that it leads to.
func pages(t *testing.T) []string {
	t.Helper()
	more, err := filepath.Glob("../../.docs/*.md")
	if err != nil || len(more) == 0 {
		t.Fatalf("no pages, %v", err)
	}
	return append([]string{"../../README.md"}, more...)
}

// section is what one of the pages has between a marker and the next end, what goes before
// and after it, and which page it is.
func section(t *testing.T, marker string) (page string, before, section, after []byte) {
	t.Helper()
	mark := []byte("<!-- " + marker + " -->\n")
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		before, rest, ok := bytes.Cut(text, mark)
		if !ok {
			continue
		}
		if section, after, ok = bytes.Cut(rest, []byte("<!-- end -->")); ok {
			return page, slices.Concat(before, mark), section, append([]byte("<!-- end -->"), after...)
		}
	}
	t.Fatalf("no page has a section %q", marker)
	return "", nil, nil, nil
}

// updateSection writes a section of a page anew.
func updateSection(t *testing.T, marker, text string) {
	t.Helper()
	page, before, _, after := section(t, marker)
	if err := os.WriteFile(page, slices.Concat(before, []byte(text), after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestReadmeCommands compares the tables of commands in the pages with the commands. With
// -update it writes them.
func TestReadmeCommands(t *testing.T) {
	for marker, want := range map[string]string{"commands: chat": chatCommands(), "commands: operator": operatorCommands()} {
		if *update {
			updateSection(t, marker, want)
		}
		if _, _, got, _ := section(t, marker); want != string(got) {
			t.Errorf("go test ./cmd/newsdigest -run TestReadme -update writes the %s:\n%s", marker, cmp.Diff(want, string(got)))
		}
	}
}

// shown is what is said in README.md's transcript.
const shown = `/subscribe daily at 8
/clock +24h
/story 1
/unsubscribe 1
`

// TestReadmeTranscript compares the transcript in README.md with a run, except for the
// words of digests and stories, which change whenever grouping or summaries get better.
// With -update it writes the whole of it.
func TestReadmeTranscript(t *testing.T) {
	t.Setenv("TZ", "Europe/Berlin")
	var out bytes.Buffer
	p := &program{in: strings.NewReader(shown), out: &out, errs: &out, columns: 80}
	if code := p.run(t.Context(), []string{"try"}); code != exitDone {
		t.Fatalf("exit code %d:\n%s", code, out.String())
	}
	want := "```\n$ newsdigest try\n" + out.String() + "```\n"
	if *update {
		updateSection(t, "transcript", want)
	}
	_, _, got, _ := section(t, "transcript")
	if diff := cmp.Diff(lastingParts(want), lastingParts(string(got))); diff != "" {
		t.Errorf("go test ./cmd/newsdigest -run TestReadme -update writes the transcript:\n%s", diff)
	}
}

// lastingParts are the parts of a transcript, each from its prompt on, without the text
// of news.
func lastingParts(transcript string) []string {
	parts := strings.Split(transcript, "\n> ")
	for i, p := range parts {
		if first, _, _ := strings.Cut(p, "\n"); strings.Contains(p, "\n 1  ") {
			parts[i] = first
		}
	}
	return parts
}

// chatCommands is the table of what can be said to the bot.
func chatCommands() string {
	var b strings.Builder
	b.WriteString("| command | what it does | for example |\n|---|---|---|\n")
	for _, c := range bot.Commands {
		row := func(name string, description texts.ID, example string) {
			fmt.Fprintf(&b, "| `/%s` | %s | %s |\n", name, texts.Say("en", description), example)
		}
		row(c.Name, c.Description, "`/"+c.Example+"`")
		for _, sub := range c.Sub {
			row(c.Name+" "+sub.Name, sub.Description, "")
		}
	}
	return b.String()
}

// operatorCommands is the table of the program's own commands.
func operatorCommands() string {
	var b strings.Builder
	b.WriteString("| command | what it does |\n|---|---|\n")
	for _, c := range leaves((&program{}).root()) {
		fmt.Fprintf(&b, "| `%s` | %s |\n", strings.NewReplacer(" [flags]", "", "|", `\|`).Replace(c.UseLine()), c.Short)
	}
	return b.String()
}

// leaves are the commands that do something, those without commands of their own.
func leaves(c *cobra.Command) []*cobra.Command {
	if !c.HasSubCommands() {
		return []*cobra.Command{c}
	}
	var out []*cobra.Command
	for _, sub := range c.Commands() {
		out = append(out, leaves(sub)...)
	}
	return out
}

// TestCommandsHaveTexts makes sure that every command and option has its description, and
// that examples are of the command they stand at.
func TestCommandsHaveTexts(t *testing.T) {
	seen := map[string]bool{}
	var check func(specs []bot.CommandSpec, path string)
	check = func(specs []bot.CommandSpec, path string) {
		for _, c := range specs {
			full := strings.TrimSpace(path + " " + c.Name)
			if seen[full] {
				t.Errorf("two commands are called %s", full)
			}
			seen[full] = true
			if path == "" && !strings.HasPrefix(c.Example, c.Name) {
				t.Errorf("the example of %s is %q", full, c.Example)
			}
			ids := []texts.ID{c.Description}
			for _, o := range c.Options {
				ids = append(ids, o.Description)
			}
			for _, id := range ids {
				if said := texts.Say("en", id); said == string(id) || said == "" {
					t.Errorf("%s: there is no text %s", full, id)
				}
			}
			check(c.Sub, full)
		}
	}
	check(bot.Commands, "")
	if len(seen) < 10 {
		t.Errorf("only %d commands: %v", len(seen), slices.Sorted(maps.Keys(seen)))
	}
}

// TestTestingNames: the tests that TESTING.md names are there.
func TestTestingNames(t *testing.T) {
	page, err := os.ReadFile("../../TESTING.md")
	if err != nil {
		t.Fatal(err)
	}
	var code bytes.Buffer
	for file := range sourceFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			b, err := os.ReadFile(filepath.Join("../..", file))
			if err != nil {
				t.Fatal(err)
			}
			code.Write(b)
		}
	}
	for _, name := range regexp.MustCompile(`\b(Test|Fuzz)[A-Z]\w+`).FindAllString(string(page), -1) {
		if !strings.Contains(code.String(), "func "+name) {
			t.Errorf("TESTING.md names %s", name)
		}
	}
}
