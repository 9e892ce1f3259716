package catalog

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/fetch"
)

func sample(t *testing.T) *Sample {
	t.Helper()
	s, err := NewSample(SampleStart)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newStories counts the stories in a language whose first article in it lies between two
// offsets from the start, and those that two outlets have told by then.
func newStories(s *Sample, language string, from, to time.Duration) (stories, shared int) {
	first, by := map[string]time.Time{}, map[string]map[*outlet]bool{}
	for _, a := range slices.Backward(s.articles) { // oldest first
		if a.outlet.language != language || a.at.After(SampleStart.Add(to)) {
			continue
		}
		if by[a.story] == nil {
			first[a.story], by[a.story] = a.at, map[*outlet]bool{}
		}
		by[a.story][a.outlet] = true
	}
	for story, at := range first {
		if at.After(SampleStart.Add(from)) {
			stories++
			if len(by[story]) > 1 {
				shared++
			}
		}
	}
	return stories, shared
}

func TestSampleSize(t *testing.T) {
	s := sample(t)
	stories, days := map[string]bool{}, map[string]bool{}
	articles, germanStories := map[string]int{}, map[string]bool{}
	for _, a := range s.articles {
		stories[a.story] = true
		days[a.at.Add(-13*time.Hour).Format(time.DateOnly)] = true // a day of the trial begins at 13:05
		articles[a.outlet.language]++
		if a.outlet.language == "de" {
			germanStories[a.story] = true
		}
		if d := a.at.Sub(SampleStart).Abs(); d > 72*time.Hour {
			t.Errorf("%s lies %v from the start", a.url(), d)
		}
	}
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"articles", len(s.articles), 64},
		{"stories", len(stories), 22},
		{"days", len(days), 6},
		{"outlets", len(outlets), 8},
		{"languages", len(articles), 2},
		{"German articles", articles["de"], 12},
		{"German stories", len(germanStories), 4},
	} {
		if c.got < c.want {
			t.Errorf("%d %s, want at least %d", c.got, c.what, c.want)
		}
		t.Logf("%d %s", c.got, c.what)
	}
}

// Whoever starts the trial has something to read, and so has everybody who comes back
// on the next three mornings.
func TestSampleHasNewsEveryDay(t *testing.T) {
	s := sample(t)
	const morning = 17 * time.Hour // 06:05, before a digest at 8 anywhere in Europe
	for i, c := range []struct {
		from, to        time.Duration
		stories, shared int
	}{
		{-24 * time.Hour, 0, 5, 3},
		{0, morning, 5, 2},
		{morning, morning + 24*time.Hour, 5, 2},
		{morning + 24*time.Hour, morning + 48*time.Hour, 5, 2},
	} {
		stories, shared := newStories(s, "en", c.from, c.to)
		if stories < c.stories || shared < c.shared {
			t.Errorf("day %d: %d new English stories, %d by several outlets; want %d and %d", i, stories, shared, c.stories, c.shared)
		}
		t.Logf("day %d: %d new English stories, %d by several outlets", i, stories, shared)
	}
}

// breakable is a text with common spaces for the unbreakable ones of French.
func breakable(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

var sentenceEnd = regexp.MustCompile(`[.!?][”“"»]?\s+`)

// Each outlet has its own words. The one exception is a wire report that a paper prints
// whole.
func TestSampleSharesNoSentence(t *testing.T) {
	s := sample(t)
	in := map[string]article{}
	copies := map[string]bool{}
	for _, a := range s.articles {
		for _, p := range a.text {
			for _, sentence := range sentenceEnd.Split(p, -1) {
				if digest.Words(sentence) < 12 {
					continue
				}
				b, ok := in[sentence]
				switch {
				case !ok:
					in[sentence] = a
				case slices.Equal(a.text, b.text):
					copies[b.url()+" "+a.url()] = true
				default:
					t.Errorf("%s and %s share %q", b.url(), a.url(), sentence)
				}
			}
		}
	}
	if len(copies) != 1 {
		t.Errorf("wire copies: %v, want one pair", copies)
	}
}

func TestSampleArticles(t *testing.T) {
	s := sample(t)
	seen := map[string]bool{}
	for _, a := range s.articles {
		name := a.url()
		if u, err := fetch.Canonical(name); err != nil || u != name || seen[name] {
			t.Errorf("%s: not canonical or there twice", name)
		}
		seen[name] = true
		if n := len([]rune(a.title)); n < 25 || n > 80 || strings.HasSuffix(a.title, ".") {
			t.Errorf("%s: %d characters of title: %s", name, n, a.title)
		}
		if _, ok := s.authors[a.author]; !ok && !strings.HasPrefix(a.author, "Atlas Wire") {
			t.Errorf("%s: nobody knows %s", name, a.author)
		}
		for _, p := range a.text {
			if p = breakable(p); digest.Clean(p) != p {
				t.Errorf("%s: a paragraph is not one clean line: %q", name, p)
			}
		}
	}
	for author := range s.authors {
		if !slices.ContainsFunc(s.articles, func(a article) bool { return a.author == author }) {
			t.Errorf("%s wrote nothing", author)
		}
	}
}

func TestSampleSources(t *testing.T) {
	s := sample(t)
	hosts := s.Hosts()
	for _, source := range s.Sources() {
		u, err := fetch.Canonical(source.URL)
		if err != nil || u != source.URL || source.ID != digest.NewSourceID(u) || !source.Starter {
			t.Errorf("%+v is no canonical starter source", source)
		}
		host := strings.TrimSuffix(strings.TrimPrefix(source.Site, "http://"), "/")
		if !slices.Contains(hosts, host) {
			t.Errorf("%s is not among the hosts", host)
		}
		for _, topic := range source.Topics {
			if !slices.Contains(topics, topic) {
				t.Errorf("%s: no topic %q", source.Name, topic)
			}
		}
	}
	if !slices.Contains(hosts, brokenHost) {
		t.Error("the broken host is missing")
	}
}

func TestParseStoryErrors(t *testing.T) {
	const head = "Outlet: atlas\nAt: +1h\nTitle: A\nTopics: world\nAuthor: B\n"
	for _, c := range []struct{ name, body, want string }{
		{"unknown outlet", "Outlet: nobody\n\nText.", `article 1: there is no outlet "nobody"`},
		{"unknown topic", "Topics: wrld\n\nText.", `there is no topic "wrld"`},
		{"unknown header", "Tilte: A\n\nText.", `there is no header "Tilte"`},
		{"no sign", "At: 1h\n\nText.", `"1h" is no offset`},
		{"no days", "At: +xd1h\n\nText.", `"+xd1h" is no offset`},
		{"no duration", "At: +1d1x\n\nText.", `"+1d1x" is no offset`},
		{"header not complete", "Outlet: atlas\n\nText.", "an article needs"},
		{"no text", head, "there is no text"},
		{"second article", head + "\nText.\n\n---\nOutlet: x\n\nText.", `article 2: there is no outlet "x"`},
		{"empty", "", "an article needs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parseStory("s", c.body, SampleStart)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestParseOffset(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"+45m": 45 * time.Minute, "-8h10m": -8*time.Hour - 10*time.Minute, "-1d30m": -24*time.Hour - 30*time.Minute, "+3d": 72 * time.Hour,
	} {
		if got, err := parseOffset(s); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", s, got, err, want)
		}
	}
}

func ExampleSample_Hosts() {
	s, err := NewSample(SampleStart)
	fmt.Println(s.Hosts()[:3], err)
	// Output: [atlas.example civic.example harbour.example] <nil>
}
