package feed

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const page = "https://harbour.example/news/"

func TestDiscover(t *testing.T) {
	for name, c := range map[string]struct {
		page string
		want []Candidate
	}{
		"declared, comments last": {
			`<head><link rel="alternate" type="application/rss+xml" title="Harbour &raquo; Comments Feed" href="/comments/feed/">
			<link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" title="Harbour" href="atom.xml">
			<link rel=alternate type=application/feed+json href=//quay.example/feed.json>
			<link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet" type="text/css" href="/x.css"></head>
			<body><a href="/rss">RSS</a></body>`,
			[]Candidate{
				{"https://harbour.example/news/atom.xml", "Harbour"},
				{"https://quay.example/feed.json", ""},
				{"https://harbour.example/comments/feed/", "Harbour » Comments Feed"},
			},
		},
		"the same twice": {
			`<link rel="alternate" type="application/rss+xml" href="/rss"><link rel="alternate" type="application/rss+xml" href="/rss?utm_source=x">`,
			[]Candidate{{"https://harbour.example/rss", ""}},
		},
		"base": {
			`<base href="https://quay.example/x/"><link rel="alternate" type="application/rss+xml" href="rss">`,
			[]Candidate{{"https://quay.example/x/rss", ""}},
		},
		"links": {
			`<a href="/about">About</a><a href="/world/rss.xml"><b>World</b> news</a><a href="/feed/?x=1#y">All</a><a href="/feedback">No</a>
			<a type="application/rss+xml" href="/sport"><img src=x></a><a href="/data.xml">No</a>`,
			[]Candidate{
				{"https://harbour.example/world/rss.xml", "World news"},
				{"https://harbour.example/feed/?x=1", "All"},
				{"https://harbour.example/sport", ""},
			},
		},
		"nothing usable": {
			`<link rel="alternate" type="application/rss+xml" href="javascript:x"><a href="file:///rss">x</a>`,
			guesses(page),
		},
		"nothing": {"", guesses(page)},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, Discover([]byte(c.page), page)); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func TestDiscoverBounds(t *testing.T) {
	deep := strings.Repeat("<div>", 100_000) + `<link rel="alternate" type="application/rss+xml" href="/rss">`
	if got := Discover([]byte(deep), page); len(got) != 1 || got[0].URL != "https://harbour.example/rss" {
		t.Errorf("deep page: %v", got)
	}
	var many strings.Builder
	for i := range 1000 {
		many.WriteString(`<a href="/` + strings.Repeat("x", i) + `/rss">x</a>`)
	}
	if got := Discover([]byte(many.String()), page); len(got) != MaxCandidates {
		t.Errorf("%d candidates", len(got))
	}
	if got := Discover(nil, "not an address"); len(got) != 0 {
		t.Errorf("no page at all: %v", got)
	}
}
