package discord

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"newsdigest/bot/bottest/fakediscord"
	"newsdigest/digest"
)

// morning is a digest with something of everything.
func morning() digest.Post {
	next := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	return digest.Post{
		Language: "en", Title: digest.Plain("Morning digest · Sun 22 Nov"),
		Lead:    []digest.Line{digest.Plain("Late: this digest was due at 08:00.")},
		Preview: "Morning digest, Sun 22 Nov: Coastal states agree 10-year cod quota deal, and 1 more",
		Lines:   []digest.Line{digest.Plain("2 stories · 1 min read · 5 articles, 4 sources")},
		Stories: []digest.PostStory{
			{Number: 1, Headline: "Coastal states agree 10-year cod quota deal", Articles: 4,
				Summary: []string{"Nine governments will cut *cod* catches.", "Boats under 12 m are exempt."},
				Updated: true, Differ: "Atlas Wire says the *first-year* cut is 15%, Harbour Times says 18%.",
				Links: []digest.Link{{Name: "Atlas Wire", URL: "https://atlas.example/cod_(quota)"}, {Name: "Harbour [Times]", URL: "https://harbour.example/a b"},
					{Name: "The Ledger", URL: "https://ledger.example/1", Paywall: true}, {Name: "Post", URL: "https://post.example"}}},
			{Number: 2, Headline: "Start-up claims @everyone gets <b>chips</b>", Articles: 1,
				Links: []digest.Link{{Name: "Open Bench", URL: "https://openbench.example/chip"}}},
		},
		End:  []digest.Line{{{Text: "That’s all. Next digest "}, {Text: "Mon 08:00 (Berlin)", At: next}, {Text: "."}}},
		Note: "Summaries are automatic. Check the sources.", Time: time.Date(2026, 11, 22, 7, 0, 0, 0, time.UTC),
		Buttons: [][]digest.Button{{{Label: "Show 3 more", Action: "d:7q2f:2"}, {Label: "Site", URL: "https://example.org"}}},
	}
}

// notice is a message without stories.
func notice() digest.Post {
	return digest.Post{
		Language: "en", Title: digest.Line{{Text: "Your", Bold: true}, {Text: " sources"}}, Note: "Ask for help at any time.",
		Lines: []digest.Line{
			{{Text: "1. ", Bold: true}, {Text: "Harbour Times", Bold: true}, {Text: " does not answer "}, {Text: " since Friday ", Italic: true}},
			{{Text: "# no heading, see "}, {Text: "its site", URL: "https://harbour.example"}, {Text: " or "}, {Text: "this", URL: "javascript:alert(1)"}},
		},
	}
}

// TestPages compares with the messages in testdata, which a person has looked at; they
// are written anew with UPDATE=1.
func TestPages(t *testing.T) {
	p, err := New(Options{Token: canary})
	if err != nil {
		t.Fatal(err)
	}
	for name, post := range map[string]digest.Post{"morning": morning(), "notice": notice()} {
		var all []payload
		for _, page := range p.Pages(post) {
			for _, v := range page.Variants {
				var one payload
				if err := json.Unmarshal(v.Payload, &one); err != nil {
					t.Fatal(err)
				}
				all = append(all, one)
			}
		}
		got, err := json.MarshalIndent(all, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name+".json")
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.TrimSpace(string(want)), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// drawPost makes posts of every size, from the words that could do harm.
func drawPost(t *rapid.T) digest.Post {
	word := rapid.SampledFrom([]string{"news", "*bold*", "[x](http://e.example)", "@everyone", "<@1>", "🌍🧑‍🚒", "نص", "漢字かな", "```", "||", "https://e.example", "a_b_c", "\\", "#", "> q", ":smile:"})
	text := func(n int) string {
		words := rapid.SliceOfN(word, 1, max(1, n/6)).Draw(t, "words")
		s := []rune(strings.Join(words, " "))
		return string(s[:min(len(s), n)])
	}
	post := digest.Post{Language: "en", Title: digest.Plain(text(rapid.SampledFrom([]int{20, 300}).Draw(t, "title"))), Preview: text(300), Note: text(60)}
	for i := range rapid.IntRange(0, 12).Draw(t, "stories") {
		s := digest.PostStory{Number: i + 1, Headline: text(rapid.SampledFrom([]int{1, 60, 300}).Draw(t, "headline")), Articles: 3, Updated: i%2 == 0}
		if rapid.Bool().Draw(t, "differ") {
			s.Differ = text(90)
		}
		for range rapid.IntRange(0, 4).Draw(t, "sentences") {
			s.Summary = append(s.Summary, text(rapid.SampledFrom([]int{40, 400}).Draw(t, "sentence")))
		}
		for j := range rapid.IntRange(1, 5).Draw(t, "links") {
			long := rapid.SampledFrom([]int{0, 100, 1900}).Draw(t, "address")
			s.Links = append(s.Links, digest.Link{Name: text(30), URL: fmt.Sprintf("https://e%d.example/%s", j, strings.Repeat("a", long))})
		}
		post.Stories = append(post.Stories, s)
	}
	for range rapid.IntRange(0, 40).Draw(t, "lines") {
		post.Lines = append(post.Lines, digest.Plain(text(200)))
	}
	for r := range rapid.IntRange(0, 13).Draw(t, "rows") {
		row := []digest.Button{{Label: text(100), Action: fmt.Sprint("a:", r)}, {Label: "link", URL: fmt.Sprint("https://e.example/", r)}}
		post.Buttons = append(post.Buttons, row)
	}
	return post
}

// Whatever a digest holds, Discord takes every form of every page, and no story is lost.
func TestPagesFit(t *testing.T) {
	w := newWorld(t, fakediscord.Options{})
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		post := drawPost(r)
		pages := w.p.Pages(post)
		for i, page := range pages {
			for v := range page.Variants {
				n++
				to := digest.Address{User: "1", Channel: w.DM("1")}
				if _, err := w.p.Send(t.Context(), to, page, digest.Attempt{Key: fmt.Sprintf("k%d", n), Variant: v, Repeat: true}); err != nil {
					r.Fatalf("page %d, %s: %v", i, page.Variants[v].Kind, err)
				}
			}
		}
		var shown strings.Builder
		for _, page := range pages {
			shown.Write(page.Variants[0].Payload)
		}
		for _, s := range post.Stories {
			if !strings.Contains(shown.String(), fmt.Sprintf("**%d. ", s.Number)) {
				r.Fatalf("story %d is on no page", s.Number)
			}
		}
	})
}

// markup is what Discord would give a meaning, once each escaped sign is a percent sign.
var (
	escapes = regexp.MustCompile(`\\[^0-9A-Za-z\s]`)
	markup  = regexp.MustCompile("[*_~`|\\[\\]<>@]|https?:/|(?m:^\\s*(#|-|\\+|\\d+\\.(\\s|$)))|:\\w+:")
)

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"plain", "*a* _b_ ~~c~~", "[a](http://b)", "@everyone <@1> <t:1:F>", "# head\n- list\n1. one", "https://e.example", ":smile:", "\\*", "08:00", "3.5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := escape(s, true)
		if rest := escapes.ReplaceAllString(got, "%"); markup.MatchString(rest) {
			t.Errorf("%q becomes %q, where %q has a meaning", s, got, markup.FindString(rest))
		}
		back := regexp.MustCompile(`\\([^0-9A-Za-z\s])`).ReplaceAllString(got, "$1")
		if want := strings.ToValidUTF8(s, "\uFFFD"); strings.ToValidUTF8(back, "\uFFFD") != want && !strings.Contains(s, "\uFFFD") && s == want {
			t.Errorf("%q reads as %q", s, back)
		}
	})
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"https://e.example/a(b)", "javascript:alert(1)", "http://e.example/ä b", "https://e.example/<x>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := address(s); strings.ContainsAny(got, "()<> \n\"\\") || got != "" && !strings.HasPrefix(strings.ToLower(got), "http") {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{"cod quota deal agreed", 15, "cod quota…"},
		{strings.Repeat("a", 20), 10, strings.Repeat("a", 9) + "…"},
		{"🌍🌍🌍🌍", 6, "🌍🌍…"},
	} {
		if got := shorten(c.in, c.n); got != c.want || units(got) > c.n {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func TestStyle(t *testing.T) {
	for _, c := range []struct {
		in   digest.Line
		want string
	}{
		{digest.Line{{Text: "a ", Bold: true}, {Text: "b", Bold: true}, {Text: " c"}}, "**a b** c"},
		{digest.Line{{Text: "  ", Bold: true}}, "  "},
		{digest.Line{{Text: "x", Bold: true, Italic: true}}, "***x***"},
		{digest.Line{{Text: "now", At: time.Unix(1795417200, 0)}}, "<t:1795417200:F>"},
		{digest.Line{{Text: "08:00", At: time.Unix(1795417200, 0), Ago: true}}, "<t:1795417200:R>"},
		{digest.Line{{Text: "at 8:00, see"}, {Text: " "}, {Text: "it", URL: "https://e.example/(1)"}}, "at 8:00, see [it](https://e.example/%281%29)"},
	} {
		if got := inEmbed.line(c.in); got != c.want {
			t.Errorf("%v: %q, want %q", c.in, got, c.want)
		}
	}
}

func BenchmarkPages(b *testing.B) {
	p, err := New(Options{Token: canary})
	if err != nil {
		b.Fatal(err)
	}
	post := morning()
	for i := range 3 {
		s := post.Stories[0]
		s.Number = i + 3
		post.Stories = append(post.Stories, s)
	}
	for b.Loop() {
		p.Pages(post)
	}
}
