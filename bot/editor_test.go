package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"newsdigest/digest"
)

// edition is an edition of n stories as the morning's, with two articles each.
func edition(n int) digest.Edition {
	e := digest.Edition{ID: "e", Chat: "c", At: time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC), Zone: "Europe/Berlin", Language: "en", Sources: 14}
	for i := range n {
		e.Stories = append(e.Stories, digest.EditionStory{Story: digest.StoryID(fmt.Sprint(i)), Headline: fmt.Sprint("Headline ", i+1),
			Summary: []digest.Sentence{{Article: "b", Text: "One sentence of it."}},
			Members: []digest.Member{{Article: "a", Outlet: "Atlas Wire", Link: "http://atlas.example/1"}, {Article: "b", Outlet: fmt.Sprint("Outlet ", i), Link: "http://b.example/"}}})
	}
	return e
}

func TestEditor(t *testing.T) {
	silent := func(e digest.Edition, n int, since time.Time) digest.Edition {
		e.Sources = 4
		for i := range n {
			e.Silent = append(e.Silent, digest.SilentSource{Name: fmt.Sprint("S", i), Since: since})
		}
		return e
	}
	yesterday := time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC)
	next := func(e digest.Edition, in time.Duration) digest.Edition {
		e.Next, e.NextZone = digest.Slot{Local: "x", At: e.At.Add(in)}, "Europe/Berlin"
		return e
	}
	at := func(hour int) digest.Edition {
		e := edition(1)
		e.At = time.Date(2026, 11, 22, hour-1, 0, 0, 0, time.UTC)
		return e
	}
	late := edition(1)
	late.Late, late.Slot = true, digest.Slot{Local: "x", At: late.At.Add(-time.Hour)}
	restored := edition(1)
	restored.Restored = true
	reworded, down := edition(8), edition(2)
	for _, i := range []int{0, 2, 5} {
		reworded.Stories[i].Reworded, reworded.Stories[i].Wording = true, []string{"A model's sentence."}
	}
	down.ModelDown = true
	chinese := next(edition(1), 24*time.Hour)
	chinese.Language = "zh"
	previous := edition(0)
	previous.Previous = yesterday
	for _, c := range []struct {
		name string
		e    digest.Edition
		page int
		has  []string
	}{
		{"five", edition(5), 1, []string{"Morning digest · Sun 22 Nov", "5 stories · 1 min read · 10 articles, 6 sources", "That’s all.",
			"Morning digest, Sun 22 Nov: Headline 1, and 4 more", "Summaries are automatic. Check the sources."}},
		{"one", edition(1), 1, []string{"1 story · 1 min read · 2 articles, 2 sources", "Morning digest, Sun 22 Nov: Headline 1"}},
		{"second page", edition(8), 2, []string{"Page 2 of 2 · 3 stories"}},
		{"midday", at(11), 1, []string{"Midday digest"}},
		{"evening", at(15), 1, []string{"Evening digest"}},
		{"reworded", reworded, 1, []string{"Summaries are automatic; stories 1 and 3 are worded by a model. Check the sources."}},
		{"one reworded", reworded, 2, []string{"Summaries are automatic; story 6 is worded by a model. Check the sources."}},
		{"model down", down, 1, []string{"The model did not answer, so these are the publishers’ own sentences.", "Summaries are automatic. Check the sources."}},
		{"night", at(23), 1, []string{"Digest · Sun 22 Nov"}},
		{"restored", restored, 1, []string{"I was restored from a backup, so this digest may miss stories."}},
		{"late", late, 1, []string{"Late: this digest was due at 07:00."}},
		{"next", next(edition(1), 24*time.Hour), 1, []string{"That’s all. Next digest Mon 08:00 (Berlin)."}},
		{"next in a week", next(edition(1), 7*24*time.Hour), 1, []string{"That’s all. Next digest Sun 29 Nov 08:00 (Berlin)."}},
		{"no space in Chinese", chinese, 1, []string{"就这些。下一份简报：周一 08:00 (Berlin)。"}},
		{"nothing", edition(0), 1, []string{"Nothing new on your topics."}},
		{"nothing since", previous, 1, []string{"Nothing new on your topics since yesterday 20:00."}},
		{"nothing, next", next(edition(0), 24*time.Hour), 1, []string{"Nothing new on your topics. Next digest Mon 08:00 (Berlin)."}},
		{"one silent", silent(edition(1), 1, yesterday), 1, []string{"1 source did not answer: S0."}},
		{"most silent", silent(edition(1), 3, yesterday), 1, []string{"Only 1 of 4 sources answered, so this digest may miss stories.", "3 sources did not answer: S0, S1 and S2."}},
		{"all silent", silent(edition(0), 4, yesterday), 1, []string{"None of your 4 sources has answered since yesterday 20:00."}},
		{"all silent, stories of before", silent(edition(1), 4, yesterday), 1, []string{"None of your 4 sources has answered since yesterday 20:00.", "4 sources did not answer: S0, S1, S2 and 1 more."}},
		{"never answered", silent(edition(0), 4, time.Time{}), 1, []string{"None of your 4 sources has answered yet."}},
	} {
		p := Editor{}.Post(c.e, c.page, private("1").Chat)
		lines := words(Reply{Post: &p})
		shown = append(shown, lines...)
		for _, want := range c.has {
			found := false
			for _, l := range lines {
				found = found || l == want || strings.HasPrefix(l, want)
			}
			if !found {
				t.Errorf("%s: no %q in %q", c.name, want, lines)
			}
		}
	}
	p := Editor{}.Post(edition(1), 1, private("1").Chat)
	if links := p.Stories[0].Links; links[0].Name != "Outlet 0" || len(links) != 2 {
		t.Errorf("the quoted outlet is not first: %+v", links)
	}
}

// TestPostForMany: a post with blanks for what is one chat's own is, filled in, what each
// chat would get: so it is made once.
func TestPostForMany(t *testing.T) {
	next := digest.Slot{Local: "x", At: now.Add(24 * time.Hour)}
	for _, n := range []int{0, 1, 8} {
		for _, to := range []digest.Address{private("1").Chat, group("1").Chat, channelOf("1", "#news").Chat, {Platform: digest.Discord, User: "5"}} {
			own := edition(n)
			own.ID, own.Chat, own.Subscription, own.Slot = "q2j5lk3rpj4eqnel", "zoybvvw7j6toujjv", "sub", digest.Slot{Local: "x", At: own.At}
			own.Next, own.NextZone = next, "Europe/Berlin"
			if !to.Private() {
				own.Public = "lbc3g4frivmu2ody"
			}
			if n > 0 {
				own.Previous = own.At.Add(-24 * time.Hour)
			}
			many := own
			many.ID, many.Chat, many.Subscription = "bbbbbbbbbbbbbbbb", "", ""
			if many.Public != "" {
				many.Public = "pppppppppppppppp"
			}
			if n > 0 {
				many.Previous = time.Time{}
			}
			want, _ := json.Marshal(Editor{}.Post(own, 1, to))
			raw, _ := json.Marshal(Editor{}.Post(many, 1, digest.Address{Platform: to.Platform, User: to.User, Channel: strings.Repeat(to.Channel, 2), Thread: "7"}))
			got := strings.NewReplacer("bbbbbbbbbbbbbbbb", string(own.ID), "pppppppppppppppp", own.Public).Replace(string(raw))
			if got != string(want) {
				t.Errorf("%d stories to %v:\n%s\nwant\n%s", n, to, got, want)
			}
		}
	}
}

func TestButtons(t *testing.T) {
	subscribed := edition(5)
	subscribed.Next = digest.Slot{Local: "x", At: now}
	for _, c := range []struct {
		e    digest.Edition
		page int
		to   digest.Address
		want string
	}{
		{edition(8), 1, private("1").Chat, "Get this every day | Show 3 more | Follow a story | Settings | Useful | Not useful"},
		{edition(8), 2, private("1").Chat, "‹ Back to the top 5 | Follow a story | Settings | Useful | Not useful"},
		{edition(12), 2, private("1").Chat, "‹ Back to the top 5 | Show 2 more | Follow a story | Settings | Useful | Not useful"},
		{subscribed, 1, private("1").Chat, "Follow a story | Settings | Useful | Not useful"},
		{edition(8), 1, group("1").Chat, ""},
		{edition(8), 1, channelOf("1", "#news").Chat, "Show 3 more | Follow a story | Useful | Not useful"},
		{edition(0), 1, private("1").Chat, "Show top stories instead"},
		{edition(0), 1, group("1").Chat, ""},
	} {
		p := Editor{}.Post(c.e, c.page, c.to)
		if got := labels(Reply{Post: &p}); got != c.want {
			t.Errorf("%d stories, page %d, %s: %q, want %q", len(c.e.Stories), c.page, c.to, got, c.want)
		}
	}
}

// measure is a limit of the simplest kind: the characters that a post shows.
func measure(p digest.Post) int {
	n := 0
	for _, l := range append(append(append([]digest.Line{p.Title}, p.Lead...), p.Lines...), p.End...) {
		n += len([]rune(l.String())) + 1
	}
	for _, s := range p.Stories {
		n += len([]rune(s.Headline)) + 1
		for _, sentence := range s.Summary {
			n += len([]rune(sentence)) + 1
		}
		links, _ := p.Shown(s)
		for _, l := range links {
			n += len(l.Name) + len(l.URL)
		}
	}
	return n + len([]rune(p.Note))
}

// Whatever the limit is, no story is lost or repeated, what is shown is whole, the head
// lines count what is shown, and a page over the limit is one story down to its headline
// and a link.
func TestFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Editor{}.Post(edition(5), 1, private("1").Chat)
		for i := range p.Stories {
			s := &p.Stories[i]
			s.Summary = rapid.SliceOfN(rapid.StringMatching(`[A-Z][a-z ]{0,200}\.`), 0, 4).Draw(t, "summary")
			for n := range rapid.IntRange(0, 4).Draw(t, "links") {
				s.Links = append(s.Links, digest.Link{Name: fmt.Sprint("More ", n), URL: "http://more.example/"})
			}
		}
		p = withHead(p)
		limit := rapid.IntRange(0, 3000).Draw(t, "limit")
		pages := Fit(p, func(p digest.Post) bool { return measure(p) <= limit })
		number := 0
		for i, page := range pages {
			if measure(page) > limit && (len(page.Stories) != 1 || len(page.Stories[0].Summary) > 0 || page.MaxLinks != 1) {
				t.Fatalf("page %d is over %d with %d stories", i, limit, len(page.Stories))
			}
			if page.Lines[0].String() != headLine(page).String() {
				t.Fatalf("page %d: head %q, shows %q", i, page.Lines[0], headLine(page))
			}
			for _, s := range page.Stories {
				whole := p.Stories[number]
				number++
				if s.Headline != whole.Headline || len(s.Links) != len(whole.Links) || s.Single() != whole.Single() {
					t.Fatalf("story %d changed: %+v", number, s)
				}
				for j, sentence := range s.Summary {
					if sentence != whole.Summary[j] {
						t.Fatalf("sentence changed: %q", sentence)
					}
				}
			}
		}
		if number != len(p.Stories) {
			t.Fatalf("%d stories shown, want %d", number, len(p.Stories))
		}
	})
}

// A list that is too long for one message becomes several: every line once and in order,
// the title on the first, the note and the buttons under the last.
func TestFitLines(t *testing.T) {
	long := digest.Plain(strings.Repeat("word ", 100))
	for _, rows := range []int{0, 5} {
		p := digest.Post{Language: "en", Title: digest.Plain("Sources"), Note: "How to go on.", Buttons: [][]digest.Button{{{Label: "Add", Action: "add"}}}}
		for i := range 100 - rows {
			p.Lines = append(p.Lines, digest.Plain(fmt.Sprintf("%d. Source", i+1)))
		}
		for i := range rows {
			p.Rows = append(p.Rows, digest.Row{Line: digest.Plain(fmt.Sprintf("%d. Source", 100-rows+i+1))})
		}
		p.Lines[40] = long
		pages := Fit(p, func(p digest.Post) bool { return measure(p)+12*len(p.Rows) <= 200 })
		number := 0
		for i, page := range pages {
			first, last := i == 0, i == len(pages)-1
			if measure(page) > 200 || len(page.Title) > 0 != first || page.Note != "" != last || len(page.Buttons) > 0 != last || items(page) == 0 {
				t.Errorf("page %d of %d: %+v", i+1, len(pages), page)
			}
			shown = append(shown, words(Reply{Post: &page})...)
			lines := slices.Clone(page.Lines)
			for _, r := range page.Rows {
				lines = append(lines, r.Line)
			}
			for _, l := range lines {
				number++
				want := fmt.Sprintf("%d. Source", number)
				if number == 41 {
					want = "… and 1 more"
				}
				if l.String() != want {
					t.Errorf("line %d is %q, want %q", number, l, want)
				}
			}
		}
		if number != 100 {
			t.Errorf("%d lines, want 100", number)
		}
	}
}

// TestReworded: a model's wording stands in the place of the sentences, whose outlets are
// still linked first, and the line about the model that is down is only for digests
// without it.
func TestReworded(t *testing.T) {
	e := edition(1)
	e.ModelDown = true
	e.Stories[0].Reworded, e.Stories[0].Wording = true, []string{"A model's sentence."}
	p := Editor{}.Post(e, 1, digest.Address{})
	s := p.Stories[0]
	if !slices.Equal(s.Summary, []string{"A model's sentence."}) || s.Links[0].Name != "Outlet 0" || len(p.End) != 1 {
		t.Errorf("%+v, end %q", s, p.End)
	}
}
