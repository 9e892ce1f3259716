package bot

import (
	"strings"
	"testing"

	"newsdigest/digest"
)

// TestFitDropsDetailsFirst: the last story's details give way before anything else does.
func TestFitDropsDetailsFirst(t *testing.T) {
	p := digest.Post{Language: "en", Lines: []digest.Line{digest.Plain("head")}}
	for i := range 3 {
		p.Stories = append(p.Stories, digest.PostStory{
			Number: i + 1, Headline: "A headline", Summary: []string{"First.", "Second."}, Differ: "They differ.",
			Detail: []string{strings.Repeat("d", 100)}, Links: []digest.Link{{Name: "A"}, {Name: "B"}, {Name: "C"}}})
	}
	room := func(n int) digest.Post {
		return Fit(p, func(q digest.Post) bool {
			size := 0
			for _, s := range q.Stories {
				links, _ := q.Shown(s)
				size += len(join(s.Detail)) + len(join(s.Summary)) + len(s.Differ) + 10*len(links)
			}
			return size <= n
		})[0]
	}
	for _, c := range []struct {
		room, details, links int
	}{{600, 3, 3}, {450, 2, 3}, {250, 0, 3}, {170, 0, 2}} {
		got := room(c.room)
		details := 0
		for i, s := range got.Stories {
			if details += len(s.Detail); len(s.Detail) > 0 && details != i+1 {
				t.Errorf("room %d: story %d keeps what an earlier one lost", c.room, i+1)
			}
		}
		links, _ := got.Shown(got.Stories[0])
		if details != c.details || len(links) != c.links {
			t.Errorf("room %d: %d details, %d links; want %d, %d", c.room, details, len(links), c.details, c.links)
		}
	}
	if len(p.Stories[0].Detail) != 1 {
		t.Error("the post itself was changed")
	}
}
