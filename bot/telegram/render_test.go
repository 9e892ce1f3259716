package telegram

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/digest"
)

var golden = flag.Bool("golden", false, "write the golden files anew")

func goldenPost() digest.Post {
	link := func(name string, paywall bool) digest.Link {
		return digest.Link{Name: name, URL: "https://" + strings.ToLower(strings.ReplaceAll(name, " ", "")) + ".example/?a=1&b=2", Paywall: paywall}
	}
	return digest.Post{
		Language: "en", Page: 1, Pages: 2,
		Lead:  []digest.Line{digest.Plain("Late: this digest was due at 08:00.")},
		Title: digest.Line{{Text: "Morning digest", Bold: true}, {Text: " · Sun 22 Nov"}},
		Lines: []digest.Line{digest.Plain("3 stories · 1 min read · 10 articles, 6 sources")},
		Stories: []digest.PostStory{
			{Number: 1, Headline: "Coastal states agree 10-year cod quota deal",
				Summary: []string{"Nine governments will cut cod catches.", "Boats under 12 metres are exempt."},
				Detail:  []string{"Cod stocks have halved in a decade.", "Ministers sign on 3 December & after."},
				Differ:  "Atlas Wire says the first-year cut is <15%>, Harbour Times says 18%.",
				Links:   []digest.Link{link("Atlas Wire", false), link("Harbour Times", false), link("The Ledger", false), link("A", false), link("B", false), link("C", false)}},
			{Number: 2, Headline: "Parliament passes <right-to-repair> bill 212–140 & more",
				Summary: []string{"Makers must sell parts for “seven” years."}, Updated: true,
				Links: []digest.Link{link("The Ledger", true), link("Civic Daily", false)}},
			{Number: 3, Headline: "Start-up @openbench claims memory chip", Links: []digest.Link{link("Open Bench", false)}},
		},
		End: []digest.Line{
			{{Text: "That’s all. Next digest "}, {Text: "Mon 08:00 (Berlin)", At: time.Unix(1795417200, 0)}, {Text: "."}},
			digest.Plain("1 source did not answer: Harbour Times."),
		},
		Note:    "Summaries are automatic. Check the sources.",
		Buttons: [][]digest.Button{{{Label: "Show 3 more", Action: "more:7q2f:2"}}},
	}
}

func TestGolden(t *testing.T) {
	forms := variants(goldenPost(), "paper_bot")
	if len(forms) != 3 {
		t.Fatalf("%d forms", len(forms))
	}
	for _, f := range forms {
		name := "testdata/" + f.kind + ".golden"
		if *golden {
			if err := os.WriteFile(name, []byte(f.payload.Text+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), f.payload.Text+"\n"); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestParagraphsStay(t *testing.T) {
	p := digest.Post{Language: "en", Lines: []digest.Line{digest.Plain("one"), digest.Plain(""), digest.Plain("two")}, Note: "note"}
	if text, _ := rich(p); text != "one\n\ntwo\n\n<i>note</i>" {
		t.Errorf("%q", text)
	}
}

func TestLinksThatLeadNowhere(t *testing.T) {
	for _, address := range []string{"javascript:alert(1)", "tg://resolve?domain=x", "data:text/html,x", "http://", "://", "https://a.example/ b", ""} {
		m := &markup{html: true}
		if got := m.link("A", address); got != "A" {
			t.Errorf("%q: %q", address, got)
		}
	}
}

// checkPages parses every form of every page as Telegram does and holds it to the limits.
func checkPages(t *testing.T, p digest.Post) []digest.Page {
	t.Helper()
	tg := &Telegram{}
	tg.self.set(user{Username: "paper_bot"})
	pages := tg.Pages(p)
	for _, page := range pages {
		if len(page.Variants) == 0 {
			t.Fatalf("a page without a form of %+v", p)
		}
		for _, v := range page.Variants {
			var m payload
			if err := json.Unmarshal(v.Payload, &m); err != nil {
				t.Fatal(err)
			}
			checkText(t, m.Repeat+"\n\n"+m.Text, m.HTML)
		}
	}
	return pages
}

func checkText(t *testing.T, text string, html bool) {
	t.Helper()
	if len(text) > maxSource || !utf8.ValidString(text) {
		t.Fatalf("%d bytes, valid %v", len(text), utf8.ValidString(text))
	}
	if html {
		parsed, entities, err := faketelegram.ParseHTML(text)
		if err != nil {
			t.Fatalf("%v in %q", err, text)
		}
		if len(entities) > maxEntities {
			t.Fatalf("%d entities", len(entities))
		}
		text = parsed
	}
	if n := len(utf16.Encode([]rune(text))); n > maxText || strings.TrimSpace(text) == "" {
		t.Fatalf("%d units of text", n)
	}
}

// TestSizes renders digests of all sizes from hostile words.
func TestSizes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"cod", "<b>", "&amp;", "\"x\"", "@everyone", "[x](y)", "</a>", "📰📰", "日本語の見出し", "مرحبا", "e\u0301\u0301\u0301", "\x00\x1f", "\xff\xfe", "*_`", "&#60;", "a\u202eb", strings.Repeat("y", 90)}
	text := func(n int) string {
		var b strings.Builder
		for b.Len() < n {
			b.WriteString(words[r.IntN(len(words))] + " ")
		}
		return b.String()
	}
	for range 40 {
		p := digest.Post{Language: "en", Title: digest.Line{{Text: text(20), Bold: true}}, Note: text(r.IntN(50)), Page: 1, Pages: 1}
		for i := range r.IntN(13) {
			s := digest.PostStory{Number: i + 1, Headline: text(1 + r.IntN(300)), Articles: 1, Updated: r.IntN(2) == 0, Differ: text(r.IntN(90))}
			for range r.IntN(3) {
				s.Detail = append(s.Detail, text(r.IntN(400)))
			}
			for range r.IntN(5) {
				s.Summary = append(s.Summary, text(r.IntN(400)))
			}
			for range 1 + r.IntN(6) {
				s.Links = append(s.Links, digest.Link{Name: text(r.IntN(60)), URL: "https://a.example/?" + strings.Repeat("&x=é", r.IntN(400)), Paywall: r.IntN(3) == 0})
			}
			p.Stories = append(p.Stories, s)
		}
		if len(p.Stories) == 0 {
			for range r.IntN(200) {
				p.Lines = append(p.Lines, digest.Line{{Text: text(r.IntN(80)), URL: "https://a.example/"}, {Text: text(10)}})
			}
		}
		checkPages(t, p)
	}
}

// TestTooLongForAnyPage shows that words without end are cut, not refused.
func TestTooLongForAnyPage(t *testing.T) {
	endless := strings.Repeat("word ", 3000)
	checkPages(t, digest.Post{Language: "en", Lines: []digest.Line{digest.Plain(endless)}})
	checkPages(t, digest.Post{Language: "en", Title: digest.Plain(endless), Lines: []digest.Line{digest.Plain("x")}})
	pages := checkPages(t, digest.Post{Language: "en", Stories: []digest.PostStory{{Number: 1, Headline: endless}, {Number: 2, Headline: "short"}}})
	var last payload
	json.Unmarshal(pages[len(pages)-1].Variants[0].Payload, &last)
	if !strings.Contains(last.Text, "2. short") {
		t.Errorf("the second story is lost: %q", last.Text)
	}
}

func FuzzRender(f *testing.F) {
	f.Add("headline", "https://a.example/?x=1&y=2", "Outlet", "@everyone <b>&lt;")
	f.Add("</b><a href=\"", "javascript:x", "\x00", "&#x41;\n\r\u2028")
	f.Add("\xff", "http://[::1]/\"'>", "📰", strings.Repeat("x", 5000))
	f.Fuzz(func(t *testing.T, headline, address, outlet, text string) {
		p := digest.Post{
			Language: "en", Title: digest.Line{{Text: text, Bold: true}, {Text: outlet, URL: address}},
			Lines: []digest.Line{digest.Plain(text)}, Note: text,
			Stories: []digest.PostStory{{Number: 1, Headline: headline, Summary: []string{text}, Detail: []string{text}, Links: []digest.Link{{Name: outlet, URL: address}}}},
			Rows:    []digest.Row{{Line: digest.Line{{Text: outlet, Bold: true}}, Button: digest.Button{Label: text, Action: headline}}},
			Menus:   []digest.Menu{{Action: headline, Options: []digest.Option{{Value: outlet, Label: text, Chosen: true}}}},
			End:     []digest.Line{{{Text: text, At: time.Unix(int64(len(text)), 0)}}},
			Buttons: [][]digest.Button{{{Label: text, Action: headline}, {Label: outlet, URL: address}, {Label: text, Start: headline}}},
		}
		pages := checkPages(t, p)
		var m payload
		if err := json.Unmarshal(pages[0].Variants[0].Payload, &m); err != nil {
			t.Fatal(err)
		}
		if !m.HTML {
			return
		}
		_, entities, err := faketelegram.ParseHTML(m.Text)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entities {
			// Nothing but the renderer's own tags: at most these kinds, and links only
			// where a link was asked for.
			if !strings.Contains("bold italic date_time text_link expandable_blockquote", e.Type) || e.Type == "text_link" && !webAddress(address) {
				t.Fatalf("entity %+v out of outside text", e)
			}
		}
	})
}

func BenchmarkPages(b *testing.B) {
	p := goldenPost()
	tg := &Telegram{}
	for b.Loop() {
		if len(tg.Pages(p)) != 1 {
			b.Fatal(fmt.Errorf("more than one page"))
		}
	}
}
