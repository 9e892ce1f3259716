package desk

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"newsdigest/digest"
)

// requests counts what was asked: each request has an id of its own.
var requests atomic.Int64

// asked is what the chat gets on request now.
func (w *world) asked(c digest.Chat, topic string, length digest.Length) digest.Edition {
	w.t.Helper()
	e, err := w.Digest(w.t.Context(), w.chat(c), fmt.Sprint("request ", requests.Add(1)), topic, length, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// mute mutes something in a chat.
func (w *world) mute(c digest.Chat, kind digest.Kind, what string) {
	w.t.Helper()
	_, err := w.Change(w.t.Context(), c.ID, func(c *digest.Chat) error { return c.Mute(digest.Mute{Kind: kind, What: what}, w.now) })
	if err != nil {
		w.t.Fatal(err)
	}
}

func headlines(e digest.Edition) (out []string) {
	for _, s := range e.Stories {
		out = append(out, s.Headline)
	}
	return out
}

// TestMuted: what is muted does not come, not on request and not as an update either; what
// a muted outlet tells is not told, and what others tell of it is.
func TestMuted(t *testing.T) {
	const first, news = "Storm cuts power to 92,000 homes around Northport", "Power is back for 90% of homes around Northport after storm"
	setUp := func(t *testing.T) (*world, digest.Chat) {
		w := newWorld(t)
		w.sites["a.example"].add(
			item{title: first, at: start.Add(-2 * time.Hour), text: stormText}, tale("flood", start.Add(-time.Hour)),
			item{title: news, at: start.AddDate(0, 0, 1).Add(-time.Hour), text: stormOver})
		w.sites["b.example"].add(
			item{title: "Storm: 92,000 homes around Northport are without power", at: start.Add(-90 * time.Minute), text: stormAgain})
		c := w.meet(private)
		w.daily(c, 8)
		w.walk(2 * time.Hour)
		return w, c
	}
	t.Run("nothing", func(t *testing.T) {
		w, c := setUp(t)
		w.walk(24 * time.Hour)
		if got := w.editions()["2026-03-03"]; len(got.Stories) != 1 || !got.Stories[0].Updated {
			t.Errorf("second day: %v", headlines(got))
		}
		if got := w.asked(c, "", ""); len(got.Stories) == 0 || len(got.Stories[0].Members) != 3 {
			t.Errorf("on request: %+v", got.Stories)
		}
	})
	t.Run("a word", func(t *testing.T) {
		w, c := setUp(t)
		w.mute(c, digest.OfWord, "northport")
		if got := w.asked(c, "", ""); len(got.Stories) != 1 || got.Stories[0].Headline != headline("flood") {
			t.Errorf("on request: %v", headlines(got))
		}
		w.walk(24 * time.Hour)
		if got := w.editions()["2026-03-03"]; len(got.Stories) != 0 {
			t.Errorf("second day: %v", headlines(got))
		}
	})
	t.Run("a topic", func(t *testing.T) {
		w, c := setUp(t)
		w.mute(c, digest.OfTopic, "world")
		if got := w.asked(c, "", ""); len(got.Stories) != 0 {
			t.Errorf("on request: %v", headlines(got))
		}
	})
	t.Run("an outlet", func(t *testing.T) {
		w, c := setUp(t)
		w.mute(c, digest.OfSource, "a.example")
		got := w.asked(c, "", "")
		if len(got.Stories) != 1 || len(got.Stories[0].Members) != 1 || got.Stories[0].Members[0].Outlet != "b.example" ||
			got.Stories[0].Headline == first {
			t.Errorf("on request: %+v", got.Stories)
		}
		w.walk(24 * time.Hour)
		if got := w.editions()["2026-03-03"]; len(got.Stories) != 0 {
			t.Errorf("second day, by a muted outlet: %v", headlines(got))
		}
	})
}

// TestLeft: an edition has what fits its reading time and says how much it left out; what
// is over from a story's full summary is its detail.
func TestLeft(t *testing.T) {
	w := newWorld(t)
	for i := range 14 {
		host := []string{"a.example", "b.example"}[i%2]
		w.sites[host].add(tale(fmt.Sprint("event", i), start.Add(-time.Duration(i)*time.Minute)))
	}
	c := w.meet(private)
	w.daily(c, 8)
	w.walk(90 * time.Minute)
	scheduled := w.editions()["2026-03-02"]
	if len(scheduled.Stories) != digest.EditionPages*digest.PageStories || scheduled.Left != 4 {
		t.Errorf("%d stories and %d left of 14", len(scheduled.Stories), scheduled.Left)
	}
	for _, length := range digest.Lengths {
		// The ten on page 1 and 2 are five that were shown and five that were not: of
		// those not shown nine, one page may have been left.
		e := w.asked(c, "", length)
		if want := max(0, 9-len(e.Stories)); e.Left != want {
			t.Errorf("%s: %d left beside %d, want %d", length, e.Left, len(e.Stories), want)
		}
		for _, s := range e.Stories {
			shown := map[digest.Length]int{digest.Brief: 0, digest.Standard: 2, digest.Full: 4}[length]
			if len(s.Summary) > shown || len(s.Summary)+len(s.Detail) < digest.FullSentences {
				t.Errorf("%s: %d sentences and %d details", length, len(s.Summary), len(s.Detail))
			}
			for _, d := range s.Detail {
				if slices.Contains(s.Summary, d) {
					t.Errorf("%s: %q is told twice", length, d.Text)
				}
			}
		}
	}
}

// TestExplained: the order follows the chat, and the edition says why.
func TestExplained(t *testing.T) {
	w := newWorld(t)
	w.sites["a.example"].add(
		item{title: "Storm cuts power to 92,000 homes around Northport", at: start.Add(-2 * time.Hour), text: stormText},
		item{title: "Goalkeeper saves two penalties in the cup final", at: start.Add(-time.Hour), text: words("cup", 100)})
	w.sites["b.example"].add(
		item{title: "Storm: 92,000 homes around Northport are without power", at: start.Add(-90 * time.Minute), text: stormAgain})
	w.sites["c.example"].add(tale("meadow", start.Add(-3*time.Hour)))
	c := w.meet(private)
	if _, err := w.AddSource(t.Context(), c.ID, "http://c.example/feed", w.now); err != nil {
		t.Fatal(err)
	}
	w.walk(time.Hour)
	got := w.asked(c, "", "")
	if len(got.Stories) != 3 {
		t.Fatal(headlines(got))
	}
	storm, own, cup := got.Stories[0], got.Stories[1], got.Stories[2]
	reason := func(s digest.EditionStory, kind digest.ReasonKind) digest.Reason {
		i := slices.IndexFunc(s.Reasons, func(r digest.Reason) bool { return r.Kind == kind })
		if i < 0 {
			return digest.Reason{}
		}
		return s.Reasons[i]
	}
	if r := reason(storm, digest.ByVoices); r.Count != 2 || storm.Reasons[0] != r {
		t.Errorf("what two outlets tell: %+v", storm.Reasons)
	}
	if r := reason(storm, digest.ByWords); r.What == "" || len(storm.Subjects) == 0 {
		t.Errorf("what joins its articles: %+v of %+v", r, storm.Subjects)
	}
	if r := reason(own, digest.ByOwnSource); r.What != "c.example" {
		t.Errorf("the chat's own: %+v", own.Reasons)
	}
	if e := w.asked(c, "sport", ""); len(e.Stories) != 1 || e.Stories[0].Story != cup.Story {
		t.Errorf("sport: %v", headlines(e))
	}

	_, err := w.Change(t.Context(), c.ID, func(c *digest.Chat) error {
		for range 3 {
			c.Learn(cup, true, w.now)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.asked(c, "", ""); got.Stories[0].Story != cup.Story || reason(got.Stories[0], digest.ByTaste).Share <= 0 {
		t.Errorf("after three presses: %v, %+v", headlines(got), got.Stories[0].Reasons)
	}
}
