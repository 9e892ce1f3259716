package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"newsdigest/bot"
	"newsdigest/digest"
)

// nasty are words as they should never be.
var nasty = []string{"", "</article></main><script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "{{.Root}}", "\x00\x1b[31m", "-->", "<!--", "]]>",
	"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "https://evil.example/'\"<>", "https://a.example/ b", "http://", `en" onload="x`, "\u202eevil"}

// anyWords draws any text, or one of the nasty ones.
func anyWords(t *rapid.T, label string) string {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom(nasty)).Draw(t, label)
}

func anyLink(t *rapid.T) digest.Link {
	return digest.Link{Name: anyWords(t, "outlet"), URL: anyWords(t, "address"), Paywall: rapid.Bool().Draw(t, "paywall")}
}

func anyStory(t *rapid.T, number int) bot.ReadStory {
	return bot.ReadStory{Language: anyWords(t, "language"), PostStory: digest.PostStory{Number: number,
		// A headline and an outlet have words: digest.Clean leaves something of them.
		Headline: "x" + anyWords(t, "headline"), Summary: []string{anyWords(t, "summary")}, Detail: []string{anyWords(t, "detail")},
		Differ: anyWords(t, "differ"), Updated: rapid.Bool().Draw(t, "updated"), Links: []digest.Link{anyLink(t), anyLink(t)}}}
}

// TestAnyWords: whatever publishers write, a page is built as it should be, and their
// words stay words.
func TestAnyWords(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/d/x", nil)
	rapid.Check(t, func(t *rapid.T) {
		e := bot.Reading{Public: "abcdefgh23456777", Language: "en", Name: "Digest", At: time.Unix(0, 0), Note: "Note"}
		for i := range rapid.IntRange(1, 3).Draw(t, "stories") {
			e.Stories = append(e.Stories, anyStory(t, i+1))
		}
		story := bot.Timeline{Edition: e, Story: e.Stories[0], Then: anyWords(t, "then"),
			Summary: []bot.Quote{{Text: anyWords(t, "quote"), Language: anyWords(t, "language"), Link: anyLink(t)}}}
		reports := []bot.Report{{Title: anyWords(t, "title"), Language: anyWords(t, "language"), Link: anyLink(t),
			CopyOf: anyWords(t, "copy"), Added: anyWords(t, "added")}}
		for name, view := range map[string]any{
			"edition": reading{newFrame(r, "en", e.Name), e, e.At},
			"story":   timeline{newFrame(r, "en", story.Story.Headline), story, byDay(reports), e.At},
		} {
			body, err := render(name, view)
			if err != nil {
				t.Fatal(err)
			}
			doc := parse(string(body))
			for _, f := range faults(doc) {
				if !strings.HasPrefix(f, "a link without a name") { // an outlet without a name is one of these
					t.Fatalf("%s: %s", name, f)
				}
			}
			for _, a := range all(doc, "a") {
				if to := attr(a, "href"); strings.Contains(to, ":") && !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "http://") {
					t.Fatalf("%s: a link leads to %q", name, to)
				}
			}
		}
	})
}
