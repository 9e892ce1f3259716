package fetch

import (
	"testing"
)

func TestFold(t *testing.T) {
	const plain = "https://harbour.example/2026/pier"
	for _, in := range []string{
		plain, plain + "/", "http://harbour.example/2026/pier", "https://www.harbour.example/2026/pier",
		"https://m.harbour.example/2026/pier", "https://amp.harbour.example/2026/pier", "https://www.m.harbour.example/2026/pier",
		plain + "/amp", plain + "/amp/", plain + ".amp", plain + "?amp", plain + "?amp=1", plain + "?outputType=amp&utm_source=x",
		plain + "?m=1#top", "https://harbour.example/amp/2026/pier",
		"https://www.google.com/amp/s/harbour.example/2026/pier", "https://www.google.co.uk/amp/harbour.example/2026/pier",
		"https://www.bing.com/amp/s/harbour.example/2026/pier/amp/",
		"https://harbour-example.cdn.ampproject.org/c/s/harbour.example/2026/pier?amp=1",
		"https://harbour-example.cdn.ampproject.org/v/s/www.harbour.example/2026/pier.amp",
	} {
		if got := Fold(in); got != plain {
			t.Errorf("%s: %s", in, got)
		}
	}
	for in, want := range map[string]string{
		"https://harbour.example/pier.amp.html":    "https://harbour.example/pier.html",
		"https://en.m.pedia.example/wiki/Pier":     "https://en.pedia.example/wiki/Pier",
		"https://harbour.example:8080/amp":         "https://harbour.example:8080",
		"https://harbour.example/":                 "https://harbour.example",
		"https://m.com/a":                          "https://m.com/a",
		"https://amp.co.uk/a":                      "https://amp.co.uk/a",
		"https://harbour.example/guitar-amp":       "https://harbour.example/guitar-amp",
		"https://harbour.example/?p=17&amp=1":      "https://harbour.example?p=17",
		"https://harbour.example/a%2Fb/":           "https://harbour.example/a%2Fb",
		"https://192.0.2.7/m/a":                    "https://192.0.2.7/m/a",
		"https://x.cdn.ampproject.org/":            "https://x.cdn.ampproject.org",
		"https://www.google.com/amp/s/":            "https://google.com/s",
		"https://www.google.com/amp/s/localhost/a": "https://google.com/s/localhost/a",
		"https://harbour.example/2026/pier?page=2": "https://harbour.example/2026/pier?page=2",
		"not an address with spaces://":            "not an address with spaces://",
	} {
		if got := Fold(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestClaimed(t *testing.T) {
	const from = "https://m.harbour.co.uk/pier?page=1"
	for claim, want := range map[string]string{
		"":                                      from,
		"https://www.harbour.co.uk/2026/pier":   "https://www.harbour.co.uk/2026/pier",
		"https://www.harbour.co.uk/pier?utm_id": "https://www.harbour.co.uk/pier",
		"http://www.harbour.co.uk/2026/pier":    "https://www.harbour.co.uk/2026/pier",
		"http://harbour.co.uk:8080/pier":        "http://harbour.co.uk:8080/pier",
		"https://harbour.co.uk/":                from, // a home page
		"https://harbour.co.uk":                 from,
		"https://harbour.co.uk/?p=17":           "https://harbour.co.uk/?p=17",
		"https://other.co.uk/pier":              from, // another publisher
		"https://co.uk/pier":                    from,
		"https://harbour.co.uk.evil.example/a":  from,
		"https://user@harbour.co.uk/pier":       from,
		"ftp://harbour.co.uk/pier":              from,
		"https://192.0.2.7/pier":                from,
	} {
		if got := Claimed(claim, from); got != want {
			t.Errorf("%q: %s, want %s", claim, got, want)
		}
	}
	cache := "https://harbour-example.cdn.ampproject.org/c/s/harbour.example/pier"
	if got := Claimed("https://harbour.example/pier", cache); got != "https://harbour.example/pier" {
		t.Errorf("from a cache: %s", got)
	}
	if got := Claimed("https://b.github.io/pier", "https://a.github.io/pier"); got != "https://a.github.io/pier" {
		t.Errorf("two publishers at one host: %s", got)
	}
	if got := Claimed("https://192.0.2.7/pier", "https://192.0.2.7/x"); got != "https://192.0.2.7/pier" {
		t.Errorf("an IP address: %s", got)
	}
	if got := Claimed("https://harbour.example/pier", "::"); got != "::" {
		t.Errorf("from nowhere: %s", got)
	}
}

// FuzzFold: what is claimed can be fetched, and nothing breaks.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"https://m.harbour.example/a/amp", "https://www.google.com/amp/s/www.google.com/amp/s/a.b/c", "https://a.b/amp/amp/", "https://a.b/%zz?amp&&m=1"} {
		f.Add(s, "https://harbour.example/b")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		Fold(a)
		if got := Claimed(a, b); got != b {
			if _, err := Canonical(got); err != nil {
				t.Fatalf("claimed %q of %q is %q", a, b, got)
			}
		}
	})
}
