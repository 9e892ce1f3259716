package bot

import (
	"strings"
	"testing"
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
