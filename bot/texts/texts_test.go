package texts

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// declared are the IDs of ids.go by the names of their constants.
func declared(t *testing.T) map[string]ID {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "ids.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]ID{}
	for _, d := range f.Decls {
		for _, s := range d.(*ast.GenDecl).Specs {
			v := s.(*ast.ValueSpec)
			id, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out[v.Names[0].Name] = ID(id)
		}
	}
	return out
}

// catalog is a language's file: each text's plural forms, "other" where it has only one.
func catalog(t *testing.T, lang string) map[ID]map[string]string {
	t.Helper()
	b, err := files.ReadFile(lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[ID]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	out := map[ID]map[string]string{}
	for id, text := range raw {
		var one string
		forms := map[string]string{}
		if json.Unmarshal(text, &one) == nil {
			forms["other"] = one
		} else if err := json.Unmarshal(text, &forms); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		out[id] = forms
	}
	return out
}

func TestEveryTextExists(t *testing.T) {
	ids := declared(t)
	for _, lang := range Languages {
		texts := catalog(t, lang)
		for name, id := range ids {
			if len(texts[id]) == 0 {
				t.Errorf("%s: no text for %s (%s)", lang, name, id)
			}
		}
		for id := range texts {
			used := strings.HasPrefix(string(id), "topic.") // named by the starter set
			for _, d := range ids {
				used = used || d == id
			}
			if !used {
				t.Errorf("%s: %s has no ID", lang, id)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\.([A-Za-z]+)`)

// Every text says something with its arguments, in all plural forms, and an argument is
// never read as a template.
func TestSayEveryText(t *testing.T) {
	const outside = "{{.Count}} {{template}} <b>"
	for id, forms := range catalog(t, English) {
		args := Args{}
		for _, f := range forms {
			for _, m := range placeholder.FindAllStringSubmatch(strings.Join(actions.FindAllString(f, -1), ""), -1) {
				args[m[1]] = outside
			}
		}
		counts := []int{1}
		if len(forms) > 1 {
			counts = []int{1, 2, 4, 0}
		} else if _, ok := args["Count"]; ok {
			t.Errorf("%s counts but has one form only", id)
		}
		for _, n := range counts {
			if len(forms) > 1 {
				args["Count"] = n
			}
			got := Say("en", id, args)
			if got == "" || got == string(id) || strings.Contains(got, "<no value>") {
				t.Errorf("%s, %d: %q", id, n, got)
			}
			want := 0
			for name := range args {
				if name != "Count" {
					want++
				}
			}
			if strings.Count(got, outside) < min(want, 1) {
				t.Errorf("%s: %q lost its arguments", id, got)
			}
		}
	}
}

var actions = regexp.MustCompile(`{{[^}]*}}`)

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 stories", 1: "1 story", 2: "2 stories"} {
		if got := Say("en", CountStories, Args{"Count": n}); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for id, forms := range catalog(t, English) {
		if len(forms) > 1 && (forms["one"] == "" || forms["other"] == "" || len(forms) != 2) {
			t.Errorf("%s: English has the forms one and other, not %v", id, forms)
		}
	}
}

// Every language, and one whose texts are longer than English by two fifths, stays within what platforms take
// (Discord: description 100, modal title and label 45, placeholder 100, button 80).
func TestLongerLanguage(t *testing.T) {
	limit := func(id ID) int {
		s := string(id)
		switch {
		case strings.HasPrefix(s, "command."), strings.HasPrefix(s, "option."), strings.HasPrefix(s, "length."),
			strings.Contains(s, ".example_"):
			return 100
		case strings.Contains(s, ".label_"):
			return 45
		case strings.HasPrefix(s, "button."):
			return 80
		case id == BotShort:
			return 120 // Bot API, setMyShortDescription
		case id == BotDescription:
			return 512 // Bot API, setMyDescription
		}
		return 1500
	}
	for _, lang := range Languages {
		for id, forms := range catalog(t, lang) {
			for _, f := range forms {
				n := len([]rune(f))
				if lang == English {
					n = n * 7 / 5
				}
				if n > limit(id) {
					t.Errorf("%s: %s has %d characters, over %d", lang, id, n, limit(id))
				}
			}
		}
	}
}

func TestSupported(t *testing.T) {
	for tag, want := range map[string]string{"en": "en", "en-GB": "en-GB", "en-US": "en-US", "de": "de", "de-AT": "de-AT", "nl": "en", "nl-BE": "en", "": "en", "!!": "en",
		"zh": "zh", "zh-CN": "zh-CN", "zh-Hans": "zh", "zh-Hans-CN": "zh-CN", "zh-SG": "zh-SG", "zh-TW": "zh-TW", "zh-Hant": "zh", "uk-UA": "uk-UA", strings.Repeat("x", 1000): "en"} {
		if got := Supported(tag); got != want {
			t.Errorf("%.20q: %s, want %s", tag, got, want)
		}
	}
	if !slices.Contains(Languages, English) {
		t.Error("English is not among the languages")
	}
}

func TestDates(t *testing.T) {
	now := time.Date(2026, 11, 22, 14, 5, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{Day("en", now), "Sun 22 Nov"},
		{Weekday("en", now), "Sun"},
		{WeekdayName("en", time.Monday), "Monday"},
		{Clock("en", now), "14:05"},
		{Clock("en-GB", now), "14:05"},
		{Clock("en-US", now), "2:05 PM"},
		{Clock("en-AU", now.Add(-14*time.Hour)), "12:05 AM"},
		{Say("en-US", PreviewMore, Args{"Head": "x", "Count": 1}), "x, and 1 more"},
		{Moment("en", now.Add(-6*time.Hour), now), "08:05"},
		{Moment("en", now.Add(-20*time.Hour), now), "yesterday 18:05"},
		{Moment("en", now.Add(-72*time.Hour), now), "Thu 19 Nov 14:05"},
		{List("en", nil, 0), ""},
		{List("en", []string{"A"}, 0), "A"},
		{List("en", []string{"A", "B"}, 0), "A and B"},
		{List("en", []string{"A", "B", "C"}, 0), "A, B and C"},
		{List("en", []string{"A", "B"}, 4), "A, B and 4 more"},
		{List("en", []string{"A"}, 1), "A and 1 more"},
		{Day("ru", now), "вс 22 ноя"},
		{Day("ar", now), "الأحد 22 نوفمبر"},
		{Day("zh", now), "11月22日 周日"},
		{List("zh", []string{"A", "B", "C"}, 0), "A、B和C"},
		{LanguageName("en", "de"), "German"},
		{LanguageName("en-US", "de"), "German"},
		{LanguageName("de", "de"), "Deutsch"},
		{LanguageName("en", "?!"), "?!"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// TestArgumentsAreNoTemplates: words from outside stand in a text as they are.
func TestArgumentsAreNoTemplates(t *testing.T) {
	for _, hostile := range []string{"{{.Chat}}", "{{template \"x\"}}", "}}{{", "%s %d", "{{.Chat.X}}", "<<.Chat>>"} {
		for _, lang := range Languages {
			if got := Say(lang, NeedManageServer, Args{"Chat": hostile}); !strings.Contains(got, hostile) {
				t.Errorf("%s: %q became %q", lang, hostile, got)
			}
		}
	}
}
