package main

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"os"
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

// TestReadmeCommands compares the tables of commands in README.md with the commands. With
// -update it writes them.
func TestReadmeCommands(t *testing.T) {
	const name = "../../README.md"
	readme, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	now := readme
	for section, want := range map[string]string{"chat": chatCommands(), "operator": operatorCommands()} {
		begin, end := "<!-- commands: "+section+" -->\n", "<!-- end -->"
		before, rest, ok := bytes.Cut(now, []byte(begin))
		got, after, ok2 := bytes.Cut(rest, []byte(end))
		if !ok || !ok2 {
			t.Fatalf("README.md has no section %q", section)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" && !*update {
			t.Errorf("the table of %s commands differs; go test ./cmd/newsdigest -run TestReadme -update writes it:\n%s", section, diff)
		}
		now = slices.Concat(before, []byte(begin), []byte(want), []byte(end), after)
	}
	if *update && !bytes.Equal(readme, now) {
		if err := os.WriteFile(name, now, 0o644); err != nil {
			t.Fatal(err)
		}
	}
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
