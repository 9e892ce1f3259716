package bottest

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"newsdigest/digest"
)

// start is the moment the generated digests speak of.
var start = time.Date(2026, time.November, 22, 8, 0, 0, 0, time.UTC)

// generated is how many digests the suite tries, the first of them twice.
var generated = flag.Int("digests", 300, "how many generated digests each platform renders")

const repeated = 30

// scripts are words of several writings, and words that mean something to a platform's
// markup.
var scripts = [][]string{
	{"ministers", "agree", "quota", "Northport", "deal", "after", "talks", "of", "nine", "hours"},
	{"الحكومة", "توافق", "على", "خطة", "جديدة", "للمياه"},
	{"政府", "批准", "新的", "能源", "计划", "東京", "ニュース"},
	{"👩‍👩‍👧‍👦", "🏳️‍🌈", "goal", "🇩🇪", "e\u0301te\u0301", "🔥"},
	{"<b>", "</a>", "&amp;", "@everyone", "<@1>", "[x](http://evil.example)", "**", "`", "||", "<t:0:F>", "\\", "_", "~~", "#", "-# ", "\u202e"},
	{"supercalifragilistic", strings.Repeat("w", 90), "Ω", "ß", "http://bare.example/x"},
}

// letters are what addresses are made of; the second kind is what no careful publisher
// puts into one.
var letters = []string{"abc-/", `ab/"'<>()[]*_|&=?#%20é`}

// Digest is the nth generated digest: 1 to 12 stories in any writing, or in all of them,
// headlines of up to 300 characters, addresses of up to 2,000, up to four sentences and
// two of detail.
func Digest(n int) digest.Post {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	words := slices.Concat(scripts...)
	if of := n % (len(scripts) + 1); of < len(scripts) {
		words = scripts[of]
	}
	p := digest.Post{
		Language: "en", Page: 1, Pages: 1 + n%2, Time: start,
		Title:   digest.Line{{Text: "Morning digest", Bold: true}, {Text: " · Sun 22 Nov"}},
		Preview: text(r, words, 200), Lines: []digest.Line{digest.Plain("head")},
		End:     []digest.Line{digest.Plain("That’s all."), {{Text: "Next digest "}, {Text: "Mon 08:00 (Berlin)", At: start.Add(24 * time.Hour)}}},
		Note:    "Summaries are automatic. Check the sources.",
		Buttons: [][]digest.Button{{{Label: "Show 3 more", Action: "more:abcdefgh:2"}}},
	}
	if n%4 == 0 {
		p.Menus = []digest.Menu{{Action: "story:abcdefgh", Placeholder: text(r, words, 150), Options: []digest.Option{
			{Value: "1", Label: text(r, words, 100), Detail: text(r, words, 100)}, {Value: "2", Label: "2", Chosen: true}}}}
	}
	if n%5 == 0 {
		p.Lead = []digest.Line{digest.Plain("Late: this digest was due at 06:00.")}
	}
	for i := range 1 + r.IntN(12) {
		p.Stories = append(p.Stories, story(r, words, i+1, n%3 == 2))
	}
	return p
}

// story makes a story; a long one is as long as stories get.
func story(r *rand.Rand, words []string, number int, long bool) digest.PostStory {
	headline, address, sentence := 90, 120, 220
	if long {
		headline, address, sentence = 300, 2000, 900
	}
	s := digest.PostStory{Story: digest.StoryID(fmt.Sprint(number)), Number: number, Headline: text(r, words, headline), Articles: 1}
	for range r.IntN(5) {
		s.Summary = append(s.Summary, text(r, words, sentence))
	}
	for range r.IntN(3) {
		s.Detail = append(s.Detail, text(r, words, sentence))
	}
	if s.Updated = r.IntN(4) == 0; r.IntN(3) == 0 {
		s.Differ = text(r, words, 200)
	}
	for i := range 1 + r.IntN(6) {
		s.Links = append(s.Links, digest.Link{Paywall: r.IntN(4) == 0, Name: fmt.Sprintf("Outlet %d %s", i, words[r.IntN(len(words))]),
			URL: link(r, fmt.Sprintf("http://outlet%d.example/%d/", i, number), address)})
		s.Articles++
	}
	return s
}

// link is an address under base of at most n characters.
func link(r *rand.Rand, base string, n int) string {
	from := []rune(letters[r.IntN(len(letters))])
	out := []rune(base)
	for range r.IntN(n - len(out) + 1) {
		out = append(out, from[r.IntN(len(from))])
	}
	return string(out)
}

// text is clean text of at most n characters, as everything in a post is.
func text(r *rand.Rand, words []string, n int) string {
	left := 1 + r.IntN(n)
	var b strings.Builder
	for {
		word := words[r.IntN(len(words))]
		if left -= utf8.RuneCountInString(word) + 1; left < 0 {
			if clean := digest.Clean(b.String()); clean != "" {
				return clean
			}
		}
		b.WriteString(word + " ")
	}
}
