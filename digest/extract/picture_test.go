package extract

import (
	"strings"
	"testing"
)

func TestPicture(t *testing.T) {
	for in, fit := range map[string]bool{
		"https://harbour.example/2026/pier.jpg":                          true,
		"https://harbour.example/styles/default/public/pier.webp?w=1200": true,
		"https://img.harbour.example/v1/9f3c":                            true,
		"https://harbour.example/":                                       true,
		"https://harbour.example/img/catalogo-pier.png":                  true,
		"https://harbour.example/iconic-pier.jpg":                        true,
		"":                                     false,
		"/img/pier.jpg":                        false,
		"http://harbour.example/2026/pier.jpg": false,
		"data:image/png;base64,AAAA":           false,
		"https://user:secret@harbour.example/pier.jpg":                   false,
		"https://harbour.example/pier.svg":                               false,
		"https://harbour.example/assets/logo.png":                        false,
		"https://harbour.example/harbour-logo-1200.png":                  false,
		"https://harbour.example/og_default.jpg":                         false,
		"https://harbour.example/no-image.png":                           false,
		"https://harbour.example/og-image.png":                           false,
		"https://harbour.example/defaultPromoCrop.png":                   false,
		"https://harbour.example/NoImage.png":                            false,
		"https://harbour.example/favicon.png":                            false,
		"https://harbour.example/" + strings.Repeat("a", longestPicture): false,
		"https://harbour.example/%zz":                                    false,
	} {
		got := Picture(in)
		if (got != "") != fit || fit && got != in {
			t.Errorf("%.80s: %q, fit %v", in, got, fit)
		}
	}
}

// TestLeadPicture: the first picture that is fit, of those the page's head names.
func TestLeadPicture(t *testing.T) {
	const body = "<body><article><p>The regional council voted on Tuesday to rebuild the old pier after a storm tore away a third of its planks.</p></article></body>"
	for head, want := range map[string]string{
		"": "",
		`<meta property="og:image" content="/pier.jpg">`:                                                                                     "https://harbour.example/pier.jpg",
		`<meta property="og:image" content="http://harbour.example/pier.jpg">`:                                                               "",
		`<meta property="og:image" content="/logo.png"><meta name="twitter:image" content="//img.example/pier.jpg">`:                         "https://img.example/pier.jpg",
		`<meta property="og:image" content="data:image/png;base64,AA"><meta name="twitter:image:src" content="/b.jpg">`:                      "https://harbour.example/b.jpg",
		`<meta property="og:image" content="http://a.example/a.jpg"><meta property="og:image:secure_url" content="https://a.example/a.jpg">`: "https://a.example/a.jpg",
	} {
		got, err := Page([]byte("<html><head>"+head+"</head>"+body+"</html>"), "text/html", "https://harbour.example/x")
		if err != nil || got.Picture != want {
			t.Errorf("%s: %q, want %q (%v)", head, got.Picture, want, err)
		}
	}
}
