package bot

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"newsdigest/bot/texts"
)

// shown is every text that a test of this package showed.
var shown []string

// unseen are the texts that no test of this package shows, each with who does.
var unseen = map[texts.ID]string{
	texts.BotDescription: "registered with Telegram: bot/telegram, TestRegister", texts.BotShort: "registered with Telegram: bot/telegram, TestRegister",
	texts.OneSource:      "put in by platforms: their golden files",
	texts.MayRepeat:      "put in by platforms: their tests of repeats",
	texts.ExportTooLarge: "for more than 8 MiB about one person, which limits rule out today",
	texts.DateMonths:     "a list that dates are made of", texts.DateWeekdays: "a list that dates are made of", texts.DateWeekdayNames: "a list that schedules are made of",
	texts.DateFull: "a date on a page: bot/web, TestEdition",
}

// TestMain: when all tests have run, every text of the catalogue was shown by one of
// them, or it is said who shows it.
func TestMain(m *testing.M) {
	code := m.Run()
	if only := flag.Lookup("test.run").Value.String() + flag.Lookup("test.skip").Value.String() + flag.Lookup("test.list").Value.String(); code == 0 && only == "" {
		code = everyText()
	}
	os.Exit(code)
}

// everyText tells what is wrong, and gives the exit code for it.
func everyText() (code int) {
	all := strings.Join(shown, "\n")
	fail := func(what string, id texts.ID) {
		fmt.Printf("--- FAIL: %s %s\n", what, id)
		code = 1
	}
	for id, forms := range catalogOf(texts.English) {
		s := string(id)
		if strings.HasPrefix(s, "command.") || strings.HasPrefix(s, "option.") {
			continue // the table's texts: TestTable
		}
		if strings.HasPrefix(s, "web.") {
			continue // what pages say of their own: bot/web, TestWords
		}
		if strings.HasPrefix(s, "typed.") {
			continue // what people say: TestTypedWords
		}
		seen := slices.ContainsFunc(forms, func(f string) bool { return pattern(f).MatchString(all) })
		switch why := unseen[id]; {
		case !seen && why == "":
			fail("no test shows", id)
		case seen && why != "" && !strings.HasPrefix(s, "date."):
			fail("a test does show", id)
		}
	}
	return code
}

// action is a placeholder, or a choice between words, in a quoted text.
var action = regexp.MustCompile(`\\{\\{if .*\\{\\{end\\}\\}|\\{\\{.*?\\}\\}`)

// pattern matches what a text says with any arguments.
func pattern(text string) *regexp.Regexp {
	return regexp.MustCompile(action.ReplaceAllString(regexp.QuoteMeta(text), `.*`))
}

// catalogOf are all texts of a language, with their plural forms.
func catalogOf(lang string) map[texts.ID][]string {
	b, err := os.ReadFile("texts/" + lang + ".json")
	if err != nil {
		panic(err)
	}
	var catalog map[texts.ID]json.RawMessage
	if err := json.Unmarshal(b, &catalog); err != nil {
		panic(err)
	}
	out := map[texts.ID][]string{}
	for id, raw := range catalog {
		var one string
		var forms map[string]string
		if json.Unmarshal(raw, &one) == nil {
			out[id] = []string{one}
		} else if err := json.Unmarshal(raw, &forms); err != nil {
			panic(err)
		}
		for _, n := range slices.Sorted(maps.Keys(forms)) {
			out[id] = append(out[id], forms[n])
		}
	}
	return out
}
