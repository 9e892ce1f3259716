package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"newsdigest/bot/console"
	"newsdigest/bot/discord"
	"newsdigest/bot/telegram"
	"newsdigest/digest"
	"newsdigest/digest/catalog"
)

// sixDays are all digests of the sample news, twice a day, the first one asked for.
func sixDays(t *testing.T) (all []digest.Post, scheduled []digest.Post) {
	t.Helper()
	t.Setenv("TZ", "Europe/Berlin")
	var out bytes.Buffer
	p := &program{in: strings.NewReader("/subscribe daily at 8 and 18\n/clock +72h\n"), out: &out, errs: io.Discard}
	if code := p.run(t.Context(), []string{"try", "--json"}); code != exitDone {
		t.Fatalf("exit code %d", code)
	}
	for d := json.NewDecoder(&out); d.More(); {
		var m struct {
			Post    *digest.Post
			Unasked time.Time
		}
		if err := d.Decode(&m); err != nil {
			t.Fatal(err)
		}
		if m.Post == nil || len(m.Post.Stories) == 0 {
			continue
		}
		all = append(all, *m.Post)
		if !m.Unasked.IsZero() {
			scheduled = append(scheduled, *m.Post)
		}
	}
	if len(scheduled) < 6 {
		t.Fatalf("%d scheduled digests", len(scheduled))
	}
	return all, scheduled
}

// TestSixDays holds the digests of six days against what a reader may expect of each.
func TestSixDays(t *testing.T) {
	all, scheduled := sixDays(t)
	t.Run("add up", func(t *testing.T) { addUp(t, all) })
	t.Run("name their sources", func(t *testing.T) { nameSources(t, all) })
	t.Run("nothing twice", func(t *testing.T) { nothingTwice(t, scheduled) })
}

// addUp: what the head of a digest counts is what the digest shows, it can be
// read in the time that it says, and its headlines are short and ask nothing.
func addUp(t *testing.T, all []digest.Post) {
	for _, p := range all {
		words, articles, outlets := 0, 0, map[string]bool{}
		for _, s := range p.Stories {
			words += digest.Words(s.Headline) + digest.Words(strings.Join(s.Summary, " ")) + digest.Words(s.Differ)
			articles += s.Articles
			for _, l := range s.Links {
				outlets[l.Name] = true
			}
			if n := len([]rune(s.Headline)); n > 80 || strings.ContainsAny(s.Headline[len(s.Headline)-1:], ".?!") {
				t.Errorf("a headline of %d characters: %q", n, s.Headline)
			}
		}
		want := fmt.Sprintf("%d stories · %d min read · %d articles, %d sources", len(p.Stories), max(1, (words+115)/230), articles, len(outlets))
		if got := p.Lines[0].String(); got != want {
			t.Errorf("%s: %q, want %q", p.Title, got, want)
		}
		if words > 260 {
			t.Errorf("%s: %d words", p.Title, words)
		}
	}
}

// nameSources: every story links articles that exist, what one outlet
// tells alone is called so on every platform, no headline names the outlet it is from, and
// every digest says how it is made.
func nameSources(t *testing.T, all []digest.Post) {
	sample, err := catalog.NewSample(catalog.SampleStart)
	if err != nil {
		t.Fatal(err)
	}
	news := sample.Handler(func() time.Time { return catalog.SampleStart.AddDate(0, 0, 4) })
	for _, p := range all {
		shown := map[string]string{"Telegram": telegram.Preview(p, exampleBot), "Discord": discord.Preview(p), "a terminal": console.Style{Width: 80}.Render(p)}
		single := 0
		for _, s := range p.Stories {
			if len(s.Links) == 0 {
				t.Errorf("no source: %q", s.Headline)
			}
			for _, l := range s.Links {
				if !exists(news, l.URL) {
					t.Errorf("%q leads to %s", s.Headline, l.URL)
				}
				if strings.Contains(s.Headline, l.Name) {
					t.Errorf("%q names %s", s.Headline, l.Name)
				}
			}
			if s.Single() {
				single++
			}
		}
		for where, text := range shown {
			if got := strings.Count(strings.ToLower(text), "one source"); got != single {
				t.Errorf("%s: on %s %d stories are called of one source, want %d", p.Title, where, got, single)
			}
			if !strings.Contains(text, "Summaries are automatic. Check the sources.") {
				t.Errorf("%s: on %s nothing says how it is made", p.Title, where)
			}
		}
	}
}

// exists tells whether an address of the sample news has a page.
func exists(news http.Handler, address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	r := httptest.NewRequest("GET", address, nil)
	r.Host = u.Host
	w := httptest.NewRecorder()
	news.ServeHTTP(w, r)
	return w.Code == http.StatusOK
}

// nothingTwice: what a scheduled digest told as new is in no later one, except as an
// update.
func nothingTwice(t *testing.T, scheduled []digest.Post) {
	told := map[string]string{}
	updates := 0
	for _, p := range scheduled {
		var here []string
		for _, s := range p.Stories {
			if s.Updated {
				updates++
				continue
			}
			for _, l := range s.Links {
				if before := told[l.URL]; before != "" {
					t.Errorf("%s: %s is new again, it was in %s", p.Title, l.URL, before)
				}
				here = append(here, l.URL)
			}
		}
		for _, l := range slices.Compact(here) {
			told[l] = p.Title.String()
		}
	}
	if updates == 0 {
		t.Error("no update in six days")
	}
}
