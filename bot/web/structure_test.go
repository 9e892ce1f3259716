package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// node is an element of a page with the elements in it.
type node = html.Node

func attr(n *node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// said are an element's words as they are read aloud.
func said(n *node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case slices.Contains([]string{"td", "th", "dt", "dd", "li", "p"}, c.Data):
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// parse is a page as a browser reads it: whatever it is, a browser reads something.
func parse(page string) *node {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		panic(err) // a string is read to its end
	}
	return doc
}

// all are a page's elements with this tag.
func all(doc *node, tags ...string) []*node {
	var out []*node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && (len(tags) == 0 || slices.Contains(tags, n.Data)) {
			out = append(out, n)
		}
	}
	return out
}

// faults are what is wrong with how a page is built: what every page has to have, whoever
// reads it with whatever.
func faults(doc *node) []string {
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	ids := map[string]bool{}
	for _, n := range all(doc) {
		if id := attr(n, "id"); has(n, "id") && (id == "" || ids[id]) {
			bad("the id %q is there twice or empty", id)
		} else {
			ids[id] = true
		}
	}
	for _, n := range all(doc) {
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "srcdoc":
				bad("<%s> has %s", n.Data, a.Key)
			case (a.Key == "aria-labelledby" || a.Key == "aria-describedby") && !ids[a.Val]:
				bad("<%s> is named by #%s, which is not there", n.Data, a.Val)
			case a.Key == "lang" && a.Val == "":
				bad("<%s> has an empty language", n.Data)
			case a.Key == "href" && strings.HasPrefix(a.Val, "#") && len(a.Val) > 1 && !ids[a.Val[1:]]:
				bad("a link leads to %s, which is not there", a.Val)
			}
		}
		switch n.Data {
		case "script", "iframe", "object", "embed", "img", "video", "audio", "style", "base", "form":
			bad("there is a <%s>", n.Data)
		case "a":
			if said(n) == "" && attr(n, "aria-label") == "" || !has(n, "href") {
				bad("a link without a name or an address: %q", said(n))
			}
			if to := attr(n, "href"); strings.Contains(to, "ZgotmplZ") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(to)), "javascript") {
				bad("a link leads to %q", to)
			}
		case "link":
			if strings.Contains(attr(n, "href"), "//") {
				bad("%s is loaded from elsewhere", attr(n, "href"))
			}
		case "time":
			if attr(n, "datetime") == "" {
				bad("<time>%s has no machine's time", said(n))
			}
		case "nav", "section", "article":
			if !has(n, "aria-labelledby") && !has(n, "aria-label") {
				bad("a <%s> without a name", n.Data)
			}
		case "th":
			if !has(n, "scope") {
				bad("a heading of a table without a scope: %s", said(n))
			}
		}
	}
	return append(out, outline(doc)...)
}

// outline is what is wrong with a page's landmarks and headings.
func outline(doc *node) []string {
	var out []string
	if n := len(all(doc, "h1")); n != 1 {
		out = append(out, fmt.Sprintf("%d first headings", n))
	}
	if n := len(all(doc, "main")); n != 1 {
		out = append(out, fmt.Sprintf("%d main parts", n))
	}
	level := 0
	for _, h := range all(doc, "h1", "h2", "h3", "h4", "h5", "h6") {
		next := int(h.Data[1] - '0')
		if next > level+1 {
			out = append(out, fmt.Sprintf("a heading of level %d after one of %d: %s", next, level, said(h)))
		}
		if said(h) == "" {
			out = append(out, "an empty heading")
		}
		level = next
	}
	for _, root := range all(doc, "html") {
		if attr(root, "lang") == "" || attr(root, "dir") == "" {
			out = append(out, "the page does not say its language or direction")
		}
	}
	if titles := all(doc, "title"); len(titles) != 1 || said(titles[0]) == "" {
		out = append(out, "no title")
	}
	links := all(doc, "a")
	if len(links) == 0 || attr(links[0], "href") != "#text" {
		out = append(out, "the first link does not skip to the text")
	}
	return out
}

// wellBuilt checks how a page is built and returns it as a browser reads it.
func wellBuilt(t testing.TB, name, page string) *node {
	t.Helper()
	doc := parse(page)
	for _, f := range faults(doc) {
		t.Errorf("%s: %s", name, f)
	}
	return doc
}

// TestFaults shows that the checks see what they are there for.
func TestFaults(t *testing.T) {
	const good = `<html lang=en dir=ltr><title>T</title><a href="#text">Skip</a><main id=text><h1>H</h1>%s</main></html>`
	if f := faults(parse(fmt.Sprintf(good, `<h2>A</h2><section aria-label=S><a href="https://a.example/">A</a></section>`))); f != nil {
		t.Errorf("a good page: %q", f)
	}
	for _, bad := range []string{
		`<script>1</script>`, `<p onclick="x()">`, `<p style="x">`, `<h3>skipped</h3>`, `<h1>second</h1>`, `<h2></h2>`, `<i id=text>`,
		`<a href="#nowhere">x</a>`, `<a href="https://a.example/"></a>`, `<a href="javascript:alert(1)">x</a>`, `<img src="https://a.example/x.png">`,
		`<link rel=stylesheet href="https://a.example/x.css">`, `<time>now</time>`, `<section>x</section>`, `<form></form>`,
		`<table><tr><th>x</table>`, `<section aria-labelledby=nothing>x</section>`, `<main>two</main>`, `<a href="#ZgotmplZ">x</a>`,
	} {
		if f := faults(parse(fmt.Sprintf(good, bad))); f == nil {
			t.Errorf("nothing wrong with %s", bad)
		}
	}
}
