package texts

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every language says every text, with the same arguments as English, for every count.
func TestLanguages(t *testing.T) {
	english := catalog(t, English)
	for _, lang := range Languages {
		own := catalog(t, lang)
		for id, forms := range english {
			if len(own[id]) == 0 {
				t.Errorf("%s: no text for %s", lang, id)
				continue
			}
			if want, got := arguments(forms), arguments(own[id]); !slices.Equal(want, got) {
				t.Errorf("%s: %s has the arguments %v, want %v", lang, id, got, want)
			}
			if len(forms) == 1 {
				continue
			}
			for _, n := range []int{0, 1, 2, 3, 5, 11, 21, 22, 100, 101, 1000000} {
				args := Args{"Count": n}
				for _, a := range arguments(forms) {
					if a != "Count" {
						args[a] = "x"
					}
				}
				if got := Say(lang, id, args); got == string(id) || got == "" || strings.Contains(got, "<no value>") {
					t.Errorf("%s: %s of %d: %q", lang, id, n, got)
				}
			}
		}
		for id := range own {
			if len(english[id]) == 0 {
				t.Errorf("%s: %s is no text of ours", lang, id)
			}
		}
	}
}

// arguments are the names of a text's placeholders over all its forms.
func arguments(forms map[string]string) []string {
	names := map[string]bool{}
	for _, f := range forms {
		for _, m := range placeholder.FindAllStringSubmatch(strings.Join(actions.FindAllString(f, -1), ""), -1) {
			names[m[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Every language names twelve months and seven days, each in a word.
func TestDateWords(t *testing.T) {
	for _, lang := range Languages {
		for id, want := range map[ID]int{DateMonths: 12, DateWeekdays: 7, DateWeekdayNames: 7} {
			if got := len(strings.Fields(Say(lang, id))); got != want {
				t.Errorf("%s: %s has %d words, want %d", lang, id, got, want)
			}
		}
		day := Day(lang, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
		if !strings.Contains(day, "22") || !strings.Contains(day, Weekday(lang, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))) {
			t.Errorf("%s: %q", lang, day)
		}
	}
}
