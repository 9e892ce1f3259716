package telegram

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"newsdigest/digest"
)

func TestKeyboard(t *testing.T) {
	tests := []struct {
		name string
		post digest.Post
		want [][]button
	}{
		{"what is refused is left out", digest.Post{Buttons: [][]digest.Button{
			{{Label: " ", Action: "a"}, {Label: "x", Action: strings.Repeat("a", 65)}, {Label: "y", URL: "tg://x"}, {Label: "z"}},
			{{Label: "More\nstories", Action: strings.Repeat("a", 64)}},
		}}, [][]button{{{Text: "More stories", Data: strings.Repeat("a", 64)}}}},
		{"links to the bot", digest.Post{Buttons: [][]digest.Button{
			{{Label: "Private", Start: "d_7Q2F"}, {Label: "Hostile", Start: "a b"}, {Label: "Long", Start: strings.Repeat("a", 65)}},
		}}, [][]button{{{Text: "Private", URL: "https://t.me/paper_bot?start=d_7Q2F"}}}},
		{"a menu of many", digest.Post{Menus: []digest.Menu{{Action: "topic", Many: true, Options: []digest.Option{
			{Value: "world", Label: "World", Chosen: true}, {Value: "tech", Label: "Tech"}, {Value: "sport", Label: "Sport"},
		}}, {Action: "where", Channels: true, Options: []digest.Option{{Value: "9", Label: "#news"}}},
		}, Buttons: [][]digest.Button{{{Label: "Done", Action: "done"}}}}, [][]button{
			{{Text: "✓ World", Data: "topic^world"}, {Text: "Tech", Data: "topic^tech"}},
			{{Text: "Sport", Data: "topic^sport"}},
			{{Text: "Done", Data: "done"}},
		}},
		{"long labels take the whole width", digest.Post{Menus: []digest.Menu{{Action: "story", Options: []digest.Option{
			{Value: "1", Label: "Coastal states agree cod deal"}, {Value: "2", Label: "Chip"},
		}}}}, [][]button{{{Text: "Coastal states agree cod deal", Data: "story=1"}}, {{Text: "Chip", Data: "story=2"}}}},
		{"rows are named by their lines where labels repeat", digest.Post{Rows: []digest.Row{
			{Line: digest.Line{{Text: "Time zone", Bold: true}, {Text: ": Berlin"}}, Button: digest.Button{Label: "Change", Action: "ask:zone"}},
			{Line: digest.Line{{Text: "Language: ", Bold: true}, {Text: "English"}}, Button: digest.Button{Label: "Change", Action: "lang"}},
			{Line: digest.Plain("Sources: 14"), Button: digest.Button{Label: "Show", Action: "sources"}},
		}}, [][]button{
			{{Text: "Time zone", Data: "ask:zone"}, {Text: "Language", Data: "lang"}},
			{{Text: "Sources: 14", Data: "sources"}},
		}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, keyboard(test.post, "paper_bot")); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
	if got := keyboard(tests[1].post, ""); got != nil {
		t.Errorf("links to a bot without a name: %+v", got)
	}
}

// TestPressed: what a menu's button sends comes back as its action and its value.
func TestPressed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := digest.Menu{
			Action: rapid.StringMatching(`[a-z]{1,8}(:[A-Za-z0-9+~.:/-]{0,20})?`).Draw(t, "action"),
			Many:   rapid.Bool().Draw(t, "many"),
		}
		value := rapid.StringMatching(`[A-Za-z0-9+~.:/-]{0,20}`).Draw(t, "value")
		m.Options = []digest.Option{{Value: value, Label: "x"}}
		data := keyboard(digest.Post{Menus: []digest.Menu{m}}, "")[0][0].Data
		action, values, toggled := pressed(data)
		if action != m.Action || len(values) != 1 || values[0] != value || toggled != m.Many {
			t.Fatalf("%q became %q %q %v", data, action, values, toggled)
		}
	})
	if action, values, toggled := pressed("more:7q2f:2"); action != "more:7q2f:2" || values != nil || toggled {
		t.Error("a plain button has a value")
	}
}

// FuzzPressed: callback data of whatever kind, also from a keyboard of an older version or
// from nobody's, is read in one way, and what is read says all that was there.
func FuzzPressed(f *testing.F) {
	for _, data := range []string{"", "=", "^", "a=b", "a^b", "a=b^c", "a^b=c", "more:7q2f:2", "topic^world~chat", "a=\x00\xff"} {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data string) {
		action, values, toggled := pressed(data)
		again := action
		if join := map[bool]string{false: choose, true: toggle}[toggled]; len(values) > 0 {
			again += join + strings.Join(values, "\x00 two values")
		}
		if again != data || strings.ContainsAny(action, choose+toggle) || toggled && values == nil {
			t.Fatalf("%q is read as %q %q %v", data, action, values, toggled)
		}
	})
}
