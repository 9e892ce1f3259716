package fetch

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"https://Harbour.Example/Feed":                          "https://harbour.example/Feed",
		"HTTP://harbour.example":                                "http://harbour.example/",
		" harbour.example/rss ":                                 "https://harbour.example/rss",
		"harbour.example:8080/rss":                              "https://harbour.example:8080/rss",
		"feed://harbour.example/a":                              "http://harbour.example/a",
		"feed:https://harbour.example/a":                        "https://harbour.example/a",
		"http://harbour.example:80/a":                           "http://harbour.example/a",
		"https://harbour.example:443/a":                         "https://harbour.example/a",
		"https://harbour.example:0443/a":                        "https://harbour.example/a",
		"http://harbour.example:443/a":                          "http://harbour.example:443/a",
		"https://harbour.example./a":                            "https://harbour.example/a",
		"https://harbour.example/a#part":                        "https://harbour.example/a",
		"https://harbour.example/a?":                            "https://harbour.example/a",
		"https://harbour.example/a/":                            "https://harbour.example/a/",
		"https://harbour.example/a?b=2&a=1":                     "https://harbour.example/a?b=2&a=1",
		"https://harbour.example/a?utm_source=x&id=3":           "https://harbour.example/a?id=3",
		"https://harbour.example/a?id=3&UTM_Medium=rss":         "https://harbour.example/a?id=3",
		"https://harbour.example/a?fbclid=1&gclid=2":            "https://harbour.example/a",
		"https://harbour.example/a?partner=rss&emc=rss&ref=top": "https://harbour.example/a?ref=top",
		"https://harbour.example/a?utmost=1":                    "https://harbour.example/a?utmost=1",
		"https://harbour.example/a?q=a%26b&token=s3":            "https://harbour.example/a?q=a%26b&token=s3",
		"https://harbour.example/a b":                           "https://harbour.example/a%20b",
		"https://harbour.example/é":                             "https://harbour.example/%C3%A9",
		"https://harbour.example/a?q=x y&é=\"":                  "https://harbour.example/a?q=x%20y&%C3%A9=%22",
		"https://Bücher.Example/":                               "https://xn--bcher-kva.example/",
		"https://аррӏе.com/":                                    "https://xn--80ak6aa92e.com/",
		"https://ｈａｒｂｏｕｒ。example/":                              "https://harbour.example/",
		"https://my_host.example/":                              "https://my_host.example/",
		"http://[2001:DB8::1]/":                                 "http://[2001:db8::1]/",
		"http://[2001:db8:0:0::1]:8080/":                        "http://[2001:db8::1]:8080/",
		"http://①②⑦.0.0.1/":                                     "http://127.0.0.1/",
	} {
		got, err := Canonical(in)
		if err != nil || got != want {
			t.Errorf("Canonical(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for _, in := range []string{
		"", "  ", "https://", "https:///path", "file:///etc/passwd", "gopher://harbour.example/", "ftp://harbour.example/",
		"unix:/run/socket", "data:text/html,hi", "javascript:alert(1)", "jar:http://harbour.example!/", "mailto:a@harbour.example",
		"tg://resolve?domain=x", "http://user:pw@harbour.example/", "http://harbour.example@127.0.0.1/",
		`http://harbour.example\@127.0.0.1/`, `http:\\harbour.example/`, "http://harbour.example/\r\nHost: x", "http://har\tbour.example/",
		"http://harbour.example:0/", "http://harbour.example:65536/", "http://harbour.example:x/",
		"http://[fe80::1%25eth0]/", "http://[::1", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/",
		"http://0/", "http://0x/", "http://1.2.3.4.5/", "http://256.1.1.1/", "http://a..b/", "http://harbour.example／x/",
		"http://harbour.exa mple/", "http://%31%32%37.0.0.1%2f/", "http://" + strings.Repeat("a", 64) + ".example/",
		"http://harbour.example/" + strings.Repeat("a", MaxURL),
	} {
		if got, err := Canonical(in); err == nil {
			t.Errorf("Canonical(%q) = %q, want an error", in, got)
		} else if len(in) > 20 && strings.Contains(err.Error(), in[8:]) {
			t.Errorf("error repeats the address: %v", err)
		}
	}
}

func TestResolve(t *testing.T) {
	const base = "https://harbour.example/news/feed.xml"
	for ref, want := range map[string]string{
		"/a":                       "https://harbour.example/a",
		"a?utm_source=x":           "https://harbour.example/news/a",
		"../b":                     "https://harbour.example/b",
		"//Quay.example/c":         "https://quay.example/c",
		"http://quay.example/d#e ": "http://quay.example/d",
	} {
		if got, err := Resolve(base, ref); err != nil || got != want {
			t.Errorf("Resolve(%q) = %q, %v; want %q", ref, got, err, want)
		}
	}
	for _, ref := range []string{"", "javascript:alert(1)", "mailto:a@b.example", "tg://x", "http://user@harbour.example/"} {
		if got, err := Resolve(base, ref); err == nil {
			t.Errorf("Resolve(%q) = %q, want an error", ref, got)
		}
	}
	if got, err := Resolve("", "harbour.example/a"); err == nil {
		t.Errorf("without a base, Resolve = %q, want an error", got)
	}
}

// addresses draws what resembles addresses.
func addresses() *rapid.Generator[string] {
	part := rapid.SampledFrom([]string{
		"http", "https", "://", ":", "//", "/", "?", "#", "&", "=", "%", "%2F", "%zz", "@", "[", "]", ".", "..", " ", "\\",
		"harbour", "Example", "example.com", "127.0.0.1", "1", "0x7f", "::1", "80", "443", "utm_source", "a", "b=c", "é", "ß", "İ",
		"。", "１", "xn--", "xn--bcher-kva", "feed:", "\u200d", "+", ";",
	})
	return rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"", "http://", "https://a.example"}).Draw(t, "start") +
			strings.Join(rapid.SliceOfN(part, 0, 12).Draw(t, "parts"), "")
	})
}

func TestCanonicalIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkCanonical(t, addresses().Draw(t, "address")) })
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{"https://harbour.example/a?utm_source=x&b=1#c", "feed:harbour.example", "http://[::1]:80", "http://①.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkCanonical(t, s) })
}

func checkCanonical(t interface {
	Fatalf(string, ...any)
}, s string) {
	once, err := Canonical(s)
	if err != nil {
		return
	}
	twice, err := Canonical(once)
	if err != nil || twice != once {
		t.Fatalf("Canonical(%q) = %q, and of that %q, %v", s, once, twice, err)
	}
	if !strings.HasPrefix(once, "http://") && !strings.HasPrefix(once, "https://") || strings.ContainsAny(once, " \\#\r\n\t") {
		t.Fatalf("Canonical(%q) = %q", s, once)
	}
}
