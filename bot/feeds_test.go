package bot

import (
	"strings"
	"testing"

	"newsdigest/digest"
)

// TestFeeds: the addresses of feeds are told in private only, stay until somebody renews
// them, and there are none where digests are not on the web.
func TestFeeds(t *testing.T) {
	w := newWorld(t, Access{})
	if r := w.last(t, typed(private("1"), "web")); words(r)[0] != "This bot does not put digests on the web." {
		t.Errorf("without the web: %q", words(r))
	}
	if got := labels(w.last(t, typed(private("1"), "settings"))); strings.Contains(got, "Feeds") {
		t.Errorf("buttons without the web: %s", got)
	}
	w.editor.Web = "https://news.example"
	panel := w.last(t, typed(private("1"), "settings"))
	told := w.last(t, press(private("1"), button(t, panel, "Feeds")))
	lines := words(told)
	if len(lines) != 3 || !strings.HasPrefix(lines[1], "RSS: https://news.example/f/") || !strings.HasSuffix(lines[2], "/feed.json") {
		t.Fatalf("%q", lines)
	}
	if again := words(w.last(t, typed(private("1"), "web"))); again[1] != lines[1] {
		t.Errorf("asked again: %q, before %q", again, lines)
	}
	if other := words(w.last(t, typed(private("2"), "web"))); other[1] == lines[1] {
		t.Error("two chats have the same feeds")
	}
	renewed := words(w.last(t, press(private("1"), button(t, told, "Renew the addresses"))))
	if renewed[0] != "These are the new addresses. The old ones lead nowhere any more." || renewed[1] == lines[1] {
		t.Errorf("renewed: %q, before %q", renewed, lines)
	}
	if old := words(w.last(t, press(private("1"), "web:nonsense"))); strings.Contains(old[0], "http") {
		t.Errorf("an unknown button: %q", old)
	}
}

// TestFeedsOverheard: where others read along no address is told, and only those who run
// a group may ask.
func TestFeedsOverheard(t *testing.T) {
	w := newWorld(t, Access{})
	w.editor.Web = "https://news.example"
	for name, r := range map[string]Reply{
		"a member":          w.last(t, typed(group("1"), "web")),
		"an administrator":  w.last(t, typed(group("boss"), "web")),
		"the group's panel": w.last(t, typed(group("boss"), "settings")),
	} {
		if text := strings.Join(words(r), "\n") + labels(r); strings.Contains(text, "https://") || strings.Contains(text, "Feeds") {
			t.Errorf("%s in a group: %s", name, text)
		}
	}
	for name, r := range map[string]Request{
		"from the group":          typed(private("1"), "start web"),
		"a channel, from private": typed(private("boss"), "web of @harbor_news"),
		"a channel, on Discord":   press(channelOf("boss", "#news"), "web:"),
		"nobody's but one's own":  press(server("1"), "web:"),
	} {
		if got := words(w.last(t, r)); len(got) != 3 || !strings.HasPrefix(got[1], "RSS: ") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestOnWeb: a digest with a page ends with a link to it, others do not.
func TestOnWeb(t *testing.T) {
	e := edition(2)
	e.Public = "abcdefgh23456777"
	link := func(ed Editor, e digest.Edition) string {
		p := ed.Post(e, 1, private("1").Chat)
		shown = append(shown, words(Reply{Post: &p})...)
		return p.End[len(p.End)-1][0].URL
	}
	if got := link(Editor{Web: "https://news.example"}, e); got != "https://news.example/d/abcdefgh23456777" {
		t.Errorf("link %q", got)
	}
	if got := link(Editor{}, e) + link(Editor{Web: "https://news.example"}, edition(2)); got != "" {
		t.Errorf("a link to no page: %q", got)
	}
}
