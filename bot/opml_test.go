package bot

import (
	"strings"
	"testing"

	"newsdigest/digest/feed"
)

// TestExportOverheard: where others read along, an exported list lacks the addresses that
// somebody may have to themselves, and says so; in private it has all.
func TestExportOverheard(t *testing.T) {
	w := newWorld(t, Access{})
	const secret = "http://paid.example/feed?token=7"
	ids, err := w.desk.Introduce(t.Context(), []feed.Outline{{Title: "Harbour Paper", URL: secret},
		{Title: "http://bare.example/private/sea.xml", URL: "http://bare.example/private/sea.xml"}}, now)
	if err != nil {
		t.Fatal(err)
	}
	for name, one := range map[string]struct {
		who  Request
		kept bool
	}{
		"a group":               {group("boss"), true},
		"a person":              {private("1"), false},
		"a channel, on Discord": {channelOf("boss", "#news"), false}, // the answer is for one reader
	} {
		chat, err := w.desk.Meet(t.Context(), one.who.Chat, "en", "en", now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.desk.FollowAll(t.Context(), chat.ID, ids); err != nil {
			t.Fatal(err)
		}
		r := w.last(t, press(one.who, "sources:export"))
		body, said := string(r.Post.File.Body), strings.Join(words(r), "\n")
		if has := strings.Contains(body, secret) || strings.Contains(body, "sea.xml"); has == one.kept {
			t.Errorf("%s: the file has secrets: %v", name, has)
		}
		want := "Left out, because their addresses may be a secret of whoever added them: bare.example and Harbour Paper."
		if strings.Contains(said, want) != one.kept {
			t.Errorf("%s: %q", name, said)
		}
	}
	// A group whose sources are all such ones gets no file.
	boss := group("boss")
	w.last(t, typed(boss, "topics -world -politics -business -technology -science -culture -health -sport"))
	if r := w.last(t, press(boss, "sources:export")); r.Post.File != nil || !strings.HasPrefix(words(r)[0], "Left out") {
		t.Errorf("nothing to export: %q", words(r))
	}
}
