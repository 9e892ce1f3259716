package bot

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"newsdigest/bot/texts"
)

// spoken is what somebody says in every language; commands are the same in all of them.
var spoken = []string{
	"settings language %", "start", "help", "settings", "settings length", "topics", "topics +tech -sport", "sources", "sources add", "digest",
	"why 1", "follow", "follow 1", "mute", "mute football 1 week", "mute", "search cod", "search xylophone", "article", "feedback", "privacy",
	"subscribe", "subscribe every Blursday", "subscribe daily at 8 Berlin", "subscribe weekdays 7:30 and 18:00 Berlin", "subscribe hourly",
	"subscriptions", "unsubscribe 1", "settings time zone Springfield", "settings time zone Berlinn", "settings quiet 22-7", "degist", "cancel",
}

// TestLanguages: a whole conversation in every language has no sentence that is English
// and need not be, no gap, and nothing over a limit (which the world checks).
func TestLanguages(t *testing.T) {
	english := catalogOf(texts.English)
	w := newWorld(t, Access{})
	for _, lang := range texts.Languages {
		t.Run(lang, func(t *testing.T) {
			foreign := foreignTo(english, catalogOf(lang))
			for _, me := range []Request{private("in " + lang), server("in " + lang)} {
				me.Language = lang
				for _, line := range spoken {
					for _, reply := range w.do(t, typed(me, strings.ReplaceAll(line, "%", lang))) {
						checkLanguage(t, line, reply, foreign)
					}
				}
			}
		})
	}
}

// Who is lost in a language that they cannot read says the one they want in any of them.
func TestLanguageLike(t *testing.T) {
	for typed, want := range map[string]string{
		"de": "de", " DE ": "de", "de-AT": "de", "en_us": "en", "Englisch": "en", "英语": "en", "الإنجليزية": "en", "по-английски": "",
		"espanol": "es", "ESPAÑOL": "es", "Portugues": "pt", "français": "fr", "Французька": "fr", "中文": "zh", "klingon": "", "": "", "e": "",
	} {
		for _, lang := range []string{"en", "ar", "zh"} {
			got, ok := (&conversation{lang: lang}).languageLike(typed, texts.Languages)
			if ok != (want != "") || ok && got != want {
				t.Errorf("%s: %q is %q, %v; want %q", lang, typed, got, ok, want)
			}
		}
	}
}

// checkLanguage looks for English, and for placeholders without a value.
func checkLanguage(t *testing.T, said string, reply Reply, foreign map[texts.ID]*regexp.Regexp) {
	t.Helper()
	all := append(words(reply), strings.Split(labels(reply)+" | "+menu(reply), " | ")...)
	for _, line := range strings.Split(strings.Join(all, "\n"), "\n") {
		if strings.Contains(line, "<no value>") || strings.Contains(line, "{{") {
			t.Errorf("/%s: %q", said, line)
		}
		for id, f := range foreign {
			if f.MatchString(line) {
				t.Errorf("/%s: %q is the English %s", said, line, id)
			}
		}
	}
}

// foreignTo are the English sentences that a language says otherwise. Words that are the
// same in both, and texts of less than a dozen letters, tell nothing.
func foreignTo(english, own map[texts.ID][]string) map[texts.ID]*regexp.Regexp {
	out := map[texts.ID]*regexp.Regexp{}
	for id, forms := range english {
		for _, f := range forms {
			letters := action.ReplaceAllString(regexp.QuoteMeta(f), "")
			if utf8.RuneCountInString(letters) >= 12 && strings.Join(own[id], "") != strings.Join(forms, "") {
				out[id] = regexp.MustCompile(`^` + action.ReplaceAllString(regexp.QuoteMeta(f), `.*`) + `$`)
			}
		}
	}
	return out
}
