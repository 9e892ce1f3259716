package extract

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const harbourPage = `<!DOCTYPE html><html lang="en-GB"><head><title>Old pier to be rebuilt | The Harbour Post</title>
<meta property="og:title" content="Old pier to be rebuilt"><meta property="og:site_name" content="The Harbour Post">
<meta property="og:image" content="/img/pier.jpg"><meta name="author" content="By Ada Weir">
<meta property="article:published_time" content="2026-03-04T08:00:00Z"><link rel="canonical" href="/2026/pier">
<style>p { color: red }</style><script>var x = "<p>not this</p>"</script></head><body>
<nav><p>Home</p><p>World</p></nav>
<article><h1>Old pier to be rebuilt</h1><p>By Ada Weir</p>
<p>HARBOUR (AP) - The regional council voted on Tuesday to rebuild the old pier after a storm tore away a third of its planks.</p>
<figure><img src="/img/pier.jpg"><figcaption>The pier on Monday.</figcaption></figure>
<p>The works will cost $3.5 million and take until May, said Lena Fisk, who chairs the committee. Divers will inspect the piles first.</p>
<p><a href="/news">Read more: Storm damage along the coast</a></p>
<p>Shop owners on the quay, who lost a quarter of their trade in the winter, welcomed the vote. They had asked for a ferry stop as well.</p>
<p>Sign up for our daily newsletter and get the news in your inbox.</p>
<p>The committee will meet again in June, when the first piles are expected to be in place and the ferry stop is to be discussed.</p>
<p>Ada Weir is a freelance reporter on the coast.</p></article>
<footer><p>We use cookies to improve your visit.</p></footer></body></html>`

func TestPage(t *testing.T) {
	got, err := Page([]byte(harbourPage), "text/html; charset=utf-8", "https://harbour.example/x?utm=1")
	if err != nil {
		t.Fatal(err)
	}
	want := Article{
		Title: "Old pier to be rebuilt", Byline: "Ada Weir", Outlet: "The Harbour Post", Language: "en",
		Published: time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC), Picture: "https://harbour.example/img/pier.jpg",
		Canonical: "https://harbour.example/2026/pier",
		Text: "The regional council voted on Tuesday to rebuild the old pier after a storm tore away a third of its planks.\n\n" +
			"The works will cost $3.5 million and take until May, said Lena Fisk, who chairs the committee. Divers will inspect the piles first.\n\n" +
			"Shop owners on the quay, who lost a quarter of their trade in the winter, welcomed the vote. They had asked for a ferry stop as well.\n\n" +
			"The committee will meet again in June, when the first piles are expected to be in place and the ferry stop is to be discussed.",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestPageTooDeep(t *testing.T) {
	deep := strings.Replace(harbourPage, "<article>", "<article>"+strings.Repeat("<div>", 600), 1)
	got, err := Page([]byte(deep), "text/html", "https://harbour.example/x")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"voted on Tuesday", "Divers will inspect", "The committee will meet"} {
		if !strings.Contains(got.Text, s) {
			t.Errorf("%q is missing in %q", s, got.Text)
		}
	}
	if strings.Contains(got.Text, "cookies") || strings.Contains(got.Text, "not this") {
		t.Errorf("furniture in %q", got.Text)
	}
}

func TestPageTooMany(t *testing.T) {
	many := strings.Replace(harbourPage, "<footer>", strings.Repeat("<div><a></a></div>", 30_000)+"<footer>", 1)
	got, err := Page([]byte(many), "text/html", "https://harbour.example/x")
	if err != nil || !strings.Contains(got.Text, "voted on Tuesday") {
		t.Errorf("%v: %q", err, got.Text)
	}
}

func TestPageRefused(t *testing.T) {
	page := func(title, text string) string {
		return "<html><head><title>" + title + "</title></head><body><p>" + text + "</p></body></html>"
	}
	tests := []struct {
		name, body, contentType string
		want                    error
	}{
		{"challenge", page("Just a moment...", "Enable JavaScript and cookies to continue."), "text/html", ErrChallenge},
		{"consent", page("Harbour Post", "We value your privacy. We and our partners store information on a device."), "text/html", ErrConsent},
		{"only a cookie notice", page("Post", "We use cookies."), "text/html", ErrConsent},
		{"consent in German", page("Post", "Wir und unsere Partner speichern Informationen auf einem Gerät."), "text/html", ErrConsent},
		{"empty", "", "text/html", ErrNoArticle},
		{"only furniture", page("Post", "Sign up for our newsletter."), "text/html", ErrNoArticle},
		{"picture", "\x89PNG", "image/png", ErrNotText},
		{"feed", "<rss><channel><title>Post</title></channel></rss>", "application/rss+xml", ErrNotText},
		{"feed as XML", "<feed><title>Post</title></feed>", "text/xml; charset=utf-8", ErrNotText},
		{"XHTML as XML", page("Post", "Sign up for our newsletter."), "application/xml", ErrNoArticle},
	}
	for _, tt := range tests {
		if a, err := Page([]byte(tt.body), tt.contentType, "https://a.example/"); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, %q, want %v", tt.name, err, a.Text, tt.want)
		}
	}
}

func TestPagePaywall(t *testing.T) {
	news := "<p>The regional council voted on Tuesday to rebuild the old pier after a storm tore away a third of its planks.</p>"
	tests := []struct {
		name, head, body string
		want             bool
	}{
		{"open", "", news, false},
		{"schema.org", `<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>`, news, true},
		{"content tier", `<meta property="article:content_tier" content="locked">`, news, true},
		{"asks for it", "", news + "<p>Subscribe to continue reading.</p>", true},
		{"asks for it in French", "", news + "<p>Il vous reste 80% de cet article à lire. La suite est réservée aux abonnés.</p>", true},
	}
	for _, tt := range tests {
		a, err := Page([]byte("<html><head>"+tt.head+"</head><body><article>"+tt.body+"</article></body></html>"), "text/html", "https://a.example/x")
		if err != nil || a.Paywall != tt.want {
			t.Errorf("%s: paywall %v, %v", tt.name, a.Paywall, err)
		}
	}
}

func TestPageCharset(t *testing.T) {
	body := "<html><head><meta charset=\"iso-8859-1\"></head><body><p>Der Stadtrat beschlo\xdf am Dienstag, die alte Br\xfccke neu zu bauen.</p></body></html>"
	a, err := Page([]byte(body), "text/html", "https://a.example/x")
	if err != nil || !strings.Contains(a.Text, "beschloß am Dienstag, die alte Brücke") {
		t.Errorf("%q, %v", a.Text, err)
	}
}

func TestPageUndeclaredUTF8(t *testing.T) {
	body := "<html><body>" + strings.Repeat("<!-- filler -->", 100) + "<p>She said the “old pier” would be rebuilt by the council of Port Weir.</p></body></html>"
	a, err := Page([]byte(body), "text/html", "https://a.example/x")
	if err != nil || !strings.Contains(a.Text, "“old pier”") {
		t.Errorf("%q, %v", a.Text, err)
	}
}

func TestPagePlain(t *testing.T) {
	a, err := Page([]byte("Title: Old pier\nThe council voted to rebuild it.\n"), "text/plain", "")
	if err != nil || a.Title != "Old pier" || a.Text != "The council voted to rebuild it." {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestOutlet(t *testing.T) {
	tests := []struct{ page, feed, link, want string }{
		{"The Harbour Post", "Harbour Post feed", "https://harbourpost.example/1", "The Harbour Post"},
		{"", "World news | The Harbour Post", "https://www.harbourpost.example/1", "The Harbour Post"},
		{"", "Atlas Wire - Top stories", "https://aw.example/1", "Atlas Wire"},
		{"", "", "https://www.atlas.example/1", "atlas.example"},
		{"", "", "https://m.atlas.example/1", "atlas.example"},
		{"", strings.Repeat("long ", 30), "https://atlas.example", "atlas.example"},
	}
	for _, tt := range tests {
		if got := Outlet(tt.page, tt.feed, tt.link); got != tt.want {
			t.Errorf("Outlet(%q, %q, %q) = %q, want %q", tt.page, tt.feed, tt.link, got, tt.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	german := strings.Repeat("Der Hafen war zwei Tage lang geschlossen, weil der Kran, der ihn bedient, im Sturm beschädigt wurde. ", 6)
	tests := []struct{ feed, page, text, want string }{
		{"de-AT", "en", "Kurz", "de"},
		{"", "fr-FR", "Bref", "fr"},
		{"", "", german, "de"},
		{"en-US", "en", german, "de"},
		{"", "", "?", ""},
	}
	for _, tt := range tests {
		if got := Language(tt.feed, tt.page, tt.text); got != tt.want {
			t.Errorf("Language(%q, %q, %.20q) = %q, want %q", tt.feed, tt.page, tt.text, got, tt.want)
		}
	}
}

func TestTeaser(t *testing.T) {
	long := strings.Repeat("The council voted to rebuild the old pier after the storm. ", 20)
	for text, want := range map[string]bool{
		"":                                  true,
		"The council voted.":                true,
		long:                                false,
		long + "And then [...]":             true,
		long + "Continue reading":           true,
		strings.Repeat(long, 5) + " More …": false,
	} {
		if got := Teaser(text); got != want {
			t.Errorf("Teaser(%d bytes ending %q) = %v", len(text), text[max(0, len(text)-12):], got)
		}
	}
}

func FuzzPage(f *testing.F) {
	f.Add([]byte(harbourPage), "text/html", "https://a.example/")
	f.Add([]byte("<p>\xff<title>"), "text/html; charset=utf-16", ":")
	f.Add([]byte("<html><aside><aside></p></aside><p>One. Two."), "", "http://[")
	f.Fuzz(func(t *testing.T, body []byte, contentType, address string) {
		a, err := Page(body, contentType, address)
		if err == nil && strings.TrimSpace(a.Text) == "" {
			t.Error("no error and no text")
		}
	})
}

func BenchmarkPage(b *testing.B) {
	b.SetBytes(int64(len(harbourPage)))
	for b.Loop() {
		if _, err := Page([]byte(harbourPage), "text/html", "https://harbour.example/x"); err != nil {
			b.Fatal(err)
		}
	}
}

func TestPageShort(t *testing.T) {
	const news = "The regional council voted on Tuesday to rebuild the old pier after a storm tore away a third of its planks."
	page := `<html><head><title>Pier</title><meta name="author" content="Ada Weir"></head><body>
		<div class="banner"><p>We use cookies to count our visitors. Accept all cookies?</p></div>
		<article><h1>Pier</h1><p>` + news + `</p><p>Ada Weir keeps the harbor desk and two owls.</p></article></body></html>`
	got, err := Page([]byte(page), "text/html", "https://harbour.example/x")
	if err != nil || got.Text != news {
		t.Errorf("%v: %q, want only the news, without the cookie notice and the author", err, got.Text)
	}
}

func TestByline(t *testing.T) {
	for in, want := range map[string]string{
		"By Ada Weir":                     "Ada Weir",
		"Ada Weir and Lena Fisk":          "Ada Weir and Lena Fisk",
		"Ada Weir22 Dec 2026651":          "Ada Weir",
		"Ada Weir, 3 March":               "Ada Weir",
		"April 28, 2026 at 6:01 am":       "",
		"2026-03-04":                      "",
		"https://harbour.example/authors": "",
		"":                                "",
	} {
		if got := byline(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestWithoutSite(t *testing.T) {
	for in, want := range map[string]string{
		"Pier rebuilt - The Harbour Post":        "Pier rebuilt",
		"Pier rebuilt | harbour.example":         "Pier rebuilt",
		"Pier - a history | The Harbour Post":    "Pier - a history",
		"Pier rebuilt - a first look":            "Pier rebuilt - a first look",
		"Pier rebuilt":                           "Pier rebuilt",
		"The Harbour Post":                       "The Harbour Post",
		"码头将重建_社会_港口网":                           "码头将重建",
		"snake_case and other names - Weir":      "snake_case and other names - Weir",
		"Why harbour towns love a pier at night": "Why harbour towns love a pier at night",
	} {
		if got := withoutSite(in, "The Harbour Post", "www.harbour.example"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
