package bot

import (
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

// notices: what is said unasked.
func (w *world) notices(t *testing.T) {
	story := quake().Stories[0]
	at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		n             digest.Notice
		says, buttons string
	}{
		{digest.Notice{Kind: digest.StoryNotice, Story: &story}, `Earthquake shakes Skerry Islands
Updated: Most were hit by falling chimneys. The ferry is a hotel now.
Sources differ: Atlas Wire says at least 11 people were injured, Harbour Times says 14 people.
Atlas Wire · Harbour Times`, "Stop following"},
		{digest.Notice{Kind: digest.SourceNotice, Source: "s", SourceName: "Harbour\nTimes", Since: at.AddDate(0, 0, -7)},
			"Harbour Times has not answered for 7 days. I paused it.", "Try again | Remove"},
		{digest.Notice{Kind: digest.QuietNotice}, "Three quiet days in a row. More sources or wider topics would help.", "Topics | Add sources"},
	} {
		c.n.At, c.n.Language = at, "en"
		p := Editor{}.Notice(c.n, private("1").Chat)
		r := Reply{Post: &p}
		w.note(t, r)
		if got := strings.TrimSuffix(strings.Join(words(r), "\n"), "\n"+p.Preview); got != c.says || labels(r) != c.buttons {
			t.Errorf("%s:\n%s\n%s", c.n.Kind, got, labels(r))
		}
	}
	n := digest.Notice{Kind: digest.StoryNotice, Story: &story, Public: "abcdefghijklmnop", Language: "en"}
	p := Editor{}.Notice(n, group("1").Chat)
	if b := p.Buttons[0][0]; labels(Reply{Post: &p}) != "Read more in private" || b.Start != "s_abcdefghijklmnop" {
		t.Errorf("in a group: %+v", p.Buttons)
	}
	p = Editor{}.Notice(n, channelOf("1", "#news").Chat)
	if b := p.Buttons[0][0]; labels(Reply{Post: &p}) != "Stop following" || b.Action == "" {
		t.Errorf("in a channel: %+v", p.Buttons)
	}
}
