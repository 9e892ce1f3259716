package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
)

// stormNews are what a.example tells of the storm after the first article, each with
// something new.
var stormNews = []string{
	"Schools in Northport stay closed on Tuesday because 31 of them have no heating, mayor Ines Valdor said.",
	"The railway between Northport and Lakeland opens again on Wednesday, the operator Coastline said.",
	"Insurers expect claims of 210 million crowns from the storm around Northport, their association said.",
	"Two men who stole copper wire from the fallen masts near Northport were arrested, police said.",
	"Parliament debates a plan to bury the power lines around Northport on Friday, minister Olan Reed said.",
}

// follower is a chat that was told of the storm on request and follows it; more tells it
// news at the given times after the start.
func (w *world) follower(at digest.Address, more ...time.Duration) digest.Chat {
	w.t.Helper()
	w.sites["a.example"].add(item{title: "Storm cuts power to 92,000 homes around Northport", at: start.Add(-2 * time.Hour), text: stormText})
	for i, after := range more {
		w.sites["a.example"].add(item{title: fmt.Sprintf("Storm cuts power around Northport, day %d", i), at: start.Add(after),
			text: stormNews[i] + " " + stormText})
	}
	c := w.meet(at)
	w.walk(time.Minute)
	w.follow(c)
	return w.chat(c)
}

// follow makes a chat follow the first story of a digest on request.
func (w *world) follow(c digest.Chat) {
	w.t.Helper()
	e, err := w.Digest(w.t.Context(), c, "r", "", "", w.now)
	if err != nil || len(e.Stories) == 0 {
		w.t.Fatal(e.Stories, err)
	}
	if _, made, err := w.Follow(w.t.Context(), c.ID, e.Stories[0], w.now); err != nil || !made {
		w.t.Fatal(made, err)
	}
}

func storyNotices(got []message) []message {
	var out []message
	for _, m := range got {
		if strings.Contains(m.text, ": story ") {
			out = append(out, m)
		}
	}
	return out
}

// TestFollow: news of a followed story comes silently, at once, and the next digest does
// not tell it again.
func TestFollow(t *testing.T) {
	w := newWorld(t)
	c := w.follower(private, 3*time.Hour)
	other := w.meet(person)
	w.daily(c, 8, 20)
	w.daily(other, 20)
	w.walk(26 * time.Hour)
	got := storyNotices(w.telegram.messages())
	if len(got) != 1 || !got[0].silent || got[0].at.Sub(start) > 5*time.Hour || !strings.Contains(got[0].text, "Storm cuts power around Northport, day 0") {
		t.Fatalf("%+v", got)
	}
	if n := len(storyNotices(w.discord.messages())); n > 0 {
		t.Errorf("%d notices to a chat that follows nothing", n)
	}
	for slot, d := range w.deliveries() {
		if d.Slot.Local == "2026-03-02T20:00" && d.Chat == c.ID && len(d.Shown) > 0 {
			t.Errorf("%s tells it again: %+v", slot, d.Shown)
		}
		if len(w.chat(c).Pending) > 0 {
			t.Error("something stays pending")
		}
	}
	if f := w.chat(c).Followed[0]; f.Headline != "Storm cuts power to 92,000 homes around Northport" || len(f.Facts) == 0 {
		t.Errorf("remembered as %+v", f)
	}
}

// TestFollowInADigest: news that a digest brought is no notice any more.
func TestFollowInADigest(t *testing.T) {
	w := newWorld(t)
	c := w.follower(private, 3*time.Hour)
	w.change(c, func(c *digest.Chat) { c.Settings.Quiet = digest.Quiet{From: "08:00", To: "22:00"} })
	w.daily(c, 12)
	w.walk(26 * time.Hour)
	if got := storyNotices(w.telegram.messages()); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func (w *world) change(c digest.Chat, change func(*digest.Chat)) {
	w.t.Helper()
	if _, err := w.Change(w.t.Context(), c.ID, func(c *digest.Chat) error { change(c); return nil }); err != nil {
		w.t.Fatal(err)
	}
}

// TestFollowLimits: three notices a local day, none in quiet hours; what has to wait comes
// when it may.
func TestFollowLimits(t *testing.T) {
	w := newWorld(t)
	// The chat's clock is four hours ahead of UTC; start is 11:00 there.
	c := w.follower(private, 2*time.Hour, 4*time.Hour, 6*time.Hour, 8*time.Hour, 10*time.Hour)
	w.change(c, func(c *digest.Chat) {
		c.Settings.Zone = "Asia/Dubai"
		c.Settings.Quiet = digest.Quiet{From: "22:00", To: "07:30"}
	})
	w.walk(40 * time.Hour)
	zone, _ := digest.LoadZone("Asia/Dubai")
	days := map[string]int{}
	for _, m := range storyNotices(w.telegram.messages()) {
		local := m.at.In(zone)
		days[local.Format(time.DateOnly)]++
		if clock := local.Format("15:04"); clock < "07:30" || clock >= "22:00" {
			t.Errorf("a notice at %s", clock)
		}
	}
	if days["2026-03-02"] != 3 || days["2026-03-03"] != 1 || len(days) != 2 {
		t.Errorf("notices by day: %v", days)
	}
}

// TestFollowUnderKill: however the program dies on the way, the news comes once.
func TestFollowUnderKill(t *testing.T) {
	for kill := int64(0); kill < 60; kill += 3 {
		w := newWorld(t)
		c := w.follower(person, 3*time.Hour)
		w.engine.left.Store(kill)
		for range 2 {
			if w.walk(4*time.Hour) != nil {
				w.live()
			}
		}
		w.engine.left.Store(-1)
		w.walk(8 * time.Hour)
		if got := storyNotices(w.discord.messages()); len(got) != 1 {
			t.Fatalf("killed after %d writes: %d notices", kill, len(got))
		}
		if n := w.chat(c).Notices; n != 1 {
			t.Errorf("killed after %d writes: %d notices counted", kill, n)
		}
	}
}

// TestUnfollow: who stops following, pauses everything or is gone is told nothing, and a
// story that is over is let go.
func TestUnfollow(t *testing.T) {
	for name, quit := range map[string]func(*digest.Chat){
		"unfollowed": func(c *digest.Chat) { c.Followed = nil },
		"paused":     func(c *digest.Chat) { c.Paused = true },
		"gone":       func(c *digest.Chat) { c.Gone = "blocked" },
	} {
		w := newWorld(t)
		c := w.follower(private, 3*time.Hour)
		w.change(c, quit)
		w.walk(10 * time.Hour)
		if got := storyNotices(w.telegram.messages()); len(got) > 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	w := newWorld(t)
	c := w.follower(private)
	w.walk(kept + 2*lookAgain)
	if f := w.chat(c).Followed; len(f) > 0 {
		t.Errorf("a story that is over is followed: %+v", f)
	}
}

// TestFollowRefused: a story that is gone, one followed already, and one too many.
func TestFollowRefused(t *testing.T) {
	w := newWorld(t)
	c := w.follower(private)
	e, err := w.Digest(t.Context(), c, "r", "", "", w.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, made, err := w.Follow(t.Context(), c.ID, e.Stories[0], w.now); made || err != nil {
		t.Errorf("followed twice: %v, %v", made, err)
	}
	if _, _, err := w.Follow(t.Context(), c.ID, digest.EditionStory{Story: "nosuch"}, w.now); reason(err) != NoSuchStory {
		t.Errorf("a story that is gone: %v", err)
	}
	w.change(c, func(c *digest.Chat) {
		c.Followed = nil
		for i := range digest.MaxFollowed {
			c.Followed = append(c.Followed, digest.FollowedStory{Story: digest.StoryID(fmt.Sprint(i))})
		}
	})
	if _, made, err := w.Follow(t.Context(), c.ID, e.Stories[0], w.now); made || reason(err) != TooManyFollowed {
		t.Errorf("one too many: %v, %v", made, err)
	}
}
