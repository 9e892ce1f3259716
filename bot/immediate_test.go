package bot

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"newsdigest/bot/texts"
)

// immediate: forms and suggestions, within their limits.
func (w *world) immediate(t *testing.T) {
	for action, title := range map[string]string{"ask:zone~abc": "What city are you in?", "ask:quiet": "Quiet hours", "ask:source": "Site or feed", "ask:when:sport:b": "When should it come?"} {
		got := w.Immediate(t.Context(), press(server("9"), action))
		w.note(t, got)
		if got.Form == nil || got.Form.Title != title || got.Form.Action != strings.TrimPrefix(action, AskPrefix) {
			t.Errorf("%s: %+v", action, got.Form)
		}
	}
	if got := w.Immediate(t.Context(), press(server("9"), "ask:nothing")); got.Form != nil || got.Post == nil {
		t.Errorf("unknown question: %+v", got)
	}
	for _, c := range []struct{ option, typed, first string }{
		{"when", "", "Every day at 08:00"},
		{"when", "mon 9:00 berlin", "Every Monday at 09:00 (berlin)"},
		{"when", strings.Repeat("x", 5000), "Every day at 08:00"},
		{"topic", "tec", "Technology"},
		{"topic", "zzz", ""},
		{"what", "", "Every day at 08:00 (Berlin)"},
		{"source", "ledger", "The Ledger"},
		{"time_zone", "", "Berlin"},
		{"time_zone", "berl", "Berlin, "},
		{"time_zone", "utc+2", "UTC+02:00"},
		{"news", "ger", "German"},
		{"language", "", "English"},
		{"story", "", ""},
		{"nothing", "", ""},
	} {
		r := options(server("7"), "any", c.option, c.typed)
		r.Kind, r.Focused, r.At = Completion, c.option, now
		got := w.Immediate(t.Context(), r)
		w.note(t, got)
		first := ""
		if len(got.Choices) > 0 {
			first = got.Choices[0].Label
		}
		if !strings.HasPrefix(first, c.first) || (c.first == "") != (first == "") {
			t.Errorf("%s %.20q: %q, want %q", c.option, c.typed, first, c.first)
		}
		for _, ch := range got.Choices {
			if len(got.Choices) > 25 || len([]rune(ch.Label)) > 100 || len([]rune(ch.Value)) > 100 || ch.Value == "" {
				t.Errorf("%s %.20q: choice %+v of %d", c.option, c.typed, ch, len(got.Choices))
			}
		}
	}
}

// unseen are the texts that no conversation of these tests shows, each with the reason.
var unseen = map[texts.ID]string{
	texts.BotDescription: "registered with Telegram", texts.BotShort: "registered with Telegram",
	texts.OneSource: "put in by platforms", texts.Paywall: "put in by platforms", texts.MoreLinks: "put in by platforms",
	texts.MayRepeat: "put in by platforms", texts.SourcesHead: "heads the list of a chat that has sources of its own; the console's scripts show it",
	texts.Late: "TestEditor", texts.Restored: "TestEditor", texts.MostSilent: "TestEditor", texts.AllSilent: "TestEditor", texts.AllSilentEver: "TestEditor",
	texts.NothingNew: "TestEditor", texts.NothingNewSince: "TestEditor", texts.NameMidday: "TestEditor",
	texts.NameMorning: "TestEditor", texts.NameEvening: "TestEditor", texts.NameDigest: "TestEditor",
	texts.SilentSources: "TestEditor", texts.NextDigest: "TestEditor", texts.AndMore: "TestFit",
	texts.HeadPage: "TestEditor", texts.MoreNames: "bot/texts", texts.ModelDown: "TestEditor", texts.NoteReworded: "TestEditor",
	texts.TooManySources: "the desk's tests reach the limit", texts.NoFeed: "desk", texts.NoArticle: "desk",
	texts.NotAnswering: "desk", texts.PageRefused: "desk",
	texts.StateSilent: "desk", texts.StateNew: "desk", texts.Yesterday: "bot/texts", texts.ScheduleTimesADay: "TestInWords",
	texts.SourcesDiffer: "put in by platforms", texts.Differ: "put in by platforms", texts.Updated: "put in by platforms",
	texts.SourcePausedState: "the desk's tests pause sources", texts.SourceBack: "desk", texts.SourceStillSilent: "desk",
	texts.SettingsSourcesFailing: "desk", texts.ExportTitle: "in the file", texts.ImportedAlready: "needs two at once",
	texts.ImportedNoRoom: "needs two at once", texts.NothingToPost: "the desk's tests", texts.ExportTooLarge: "8 MiB",
	texts.Exported: "TestPrivacy", texts.Erased: "TestPrivacy", texts.OneMoment: "TestTooFast",
	texts.DateMonths: "bot/texts", texts.DateWeekdays: "bot/texts", texts.DateWeekdayNames: "bot/texts",
	texts.AlreadyUndone: "TestUndoTwice", texts.SourceAdded: "the sample's feeds all have a headline",
}

var action = regexp.MustCompile(`\\{\\{.*?\\}\\}`)

// everyText lists the texts that no conversation showed.
func (w *world) everyText(t *testing.T) {
	b, err := os.ReadFile("texts/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var catalog map[texts.ID]json.RawMessage
	if err := json.Unmarshal(b, &catalog); err != nil {
		t.Fatal(err)
	}
	all := strings.Join(w.shown, "\n")
	for id, raw := range catalog {
		if _, excused := unseen[id]; excused || strings.HasPrefix(string(id), "command.") || strings.HasPrefix(string(id), "option.") {
			continue // the table's texts: TestTable
		}
		var forms map[string]string
		if json.Unmarshal(raw, &forms) != nil {
			var one string
			if err := json.Unmarshal(raw, &one); err != nil {
				t.Fatal(err)
			}
			forms = map[string]string{"other": one}
		}
		seen := false
		for _, f := range forms {
			seen = seen || regexp.MustCompile(action.ReplaceAllString(regexp.QuoteMeta(f), "(?s:.*)")).MatchString(all)
		}
		if !seen {
			t.Errorf("no conversation shows %s", id)
		}
	}
}
