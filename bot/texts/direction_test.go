package texts

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"newsdigest/digest"
)

// In a sentence from right to left, what runs the other way stands between isolates,
// shown here as < and >.
func TestIsolates(t *testing.T) {
	shown := strings.NewReplacer(string(digest.Isolate), "<", string(digest.EndIsolate), ">")
	for _, c := range []struct{ got, want string }{
		{Say("ar", SourceRemoved, Args{"Name": "Atlas Wire"}), "حُذف المصدر <Atlas Wire>."},
		{Say("ar-EG", SourceRemoved, Args{"Name": "Atlas Wire"}), "حُذف المصدر <Atlas Wire>."},
		{Say("ar", SourceRemoved, Args{"Name": "الجزيرة"}), "حُذف المصدر الجزيرة."},
		{Say("ar", Yesterday, Args{"Time": "08:00"}), "أمس <08:00>"},
		{Say("ar", UnknownLike, Args{"Command": "halp", "Like": "help"}), "لا أعرف الأمر </<halp>>. هل تقصد </<help>>؟"},
		{List("ar", []string{"Atlas", "الجزيرة", "Ledger"}, 0), "<Atlas>، الجزيرة و<Ledger>"},
		{Say("ar", LearnedMore, Args{"Names": List("ar", []string{"A", "B"}, 0)}), "سأرسل المزيد من: <A> و<B>."},
		{Say("ar", SubscribedTopic, Args{"Topic": ""}), "، الموضوع: "},
		{Say("en", SourceRemoved, Args{"Name": "الجزيرة"}), "Removed الجزيرة."},
	} {
		if got := shown.Replace(c.got); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// Languages in scripts from right to left run that way, whatever else is in their tags.
func TestDirection(t *testing.T) {
	for lang, want := range map[string]string{"ar": "rtl", "he": "rtl", "fa-IR": "rtl", "ur": "rtl", "en": "ltr", "zh": "ltr", "uz-Arab": "rtl", "": "ltr", "nonsense!": "ltr"} {
		if got := Direction(lang); got != want {
			t.Errorf("%q runs %s, want %s", lang, got, want)
		}
	}
}

// Isolates are in pairs, once around what needs them, and a platform that cleans the text
// leaves them.
func TestIsolatesArePairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := digest.Clean(rapid.String().Draw(t, "name"))
		once := isolate(name)
		if isolate(once) != once {
			t.Fatalf("%q isolated twice: %q", name, isolate(once))
		}
		if got := digest.CleanOwn(once); got != once {
			t.Fatalf("%q became %q", once, got)
		}
		if digest.Clean(once) != name {
			t.Fatalf("%q is not %q in isolates", once, name)
		}
	})
}
