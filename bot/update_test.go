package bot

import (
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

// quake is an edition of one story that has news and numbers that differ.
func quake() digest.Edition {
	member := func(id digest.ArticleID, outlet string) digest.Member {
		return digest.Member{Article: id, Outlet: outlet, Link: "https://" + string(id) + ".example/"}
	}
	return digest.Edition{Language: "en", At: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC), Stories: []digest.EditionStory{{
		Headline: "Earthquake shakes Skerry Islands", Updated: true,
		Summary: []digest.Sentence{{Article: "a", Text: "Most were hit by falling chimneys."}, {Article: "b", Text: "The ferry is a hotel now."}},
		Differ: &digest.Difference{
			A: digest.Figure{Article: "a", Text: "At least 11 people were injured", Opens: true},
			B: digest.Figure{Article: "b", Text: "14 people"}},
		Members: []digest.Member{member("a", "Atlas Wire"), member("b", "Harbour Times"), member("c", "The Ledger")},
	}}}
}

func TestPostSaysWhatIsNewAndWhatDiffers(t *testing.T) {
	to := digest.Address{Platform: digest.Telegram, Channel: "7"}
	e := quake()
	s := Editor{}.Post(e, 1, to).Stories[0]
	if want := "Atlas Wire says at least 11 people were injured, Harbour Times says 14 people."; !s.Updated || s.Differ != want {
		t.Errorf("updated %v, %q; want %q", s.Updated, s.Differ, want)
	}
	e.Stories[0].Members = e.Stories[0].Members[:1]
	if s := (Editor{}).Post(e, 1, to).Stories[0]; s.Differ != "" {
		t.Errorf("an outlet that is not shown differs: %q", s.Differ)
	}
	e = quake()
	e.Stories[0].Differ.A = digest.Figure{Article: "a", Text: "Northline will pay 410 million crowns"}
	if s := (Editor{}).Post(e, 1, to).Stories[0]; !strings.Contains(s.Differ, "says Northline will") {
		t.Errorf("a name written small: %q", s.Differ)
	}
}

// TestFitDropsWhatDiffersFirst: two links, then what differs, then sentences.
func TestFitDropsWhatDiffersFirst(t *testing.T) {
	p := Editor{}.Post(quake(), 1, digest.Address{Platform: digest.Telegram, Channel: "7"})
	size := func(p digest.Post) int {
		s := p.Stories[0]
		links, _ := p.Shown(s)
		return len(join(s.Summary)) + len(s.Differ) + 20*len(links)
	}
	var seen []string
	for room := size(p); room > 40; room-- {
		q := Fit(p, func(q digest.Post) bool { return size(q) <= room })[0]
		s := q.Stories[0]
		links, _ := q.Shown(s)
		state := strings.Join([]string{strings.Repeat("l", len(links)), strings.Repeat("s", len(s.Summary)), strings.Repeat("d", min(1, len(s.Differ)))}, "")
		if len(seen) == 0 || seen[len(seen)-1] != state {
			seen = append(seen, state)
		}
	}
	if got := strings.Join(seen[:4], " "); got != "lllssd llssd llss lls" {
		t.Errorf("gave way in the order %q", got)
	}
}
