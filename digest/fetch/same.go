package fetch

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Claimed is the address that a page gives itself (rel=canonical) in canonical form, if it
// may be believed: it is on the same registrable domain as the address the page was read
// from, and is not the home page of the site. Otherwise it is the latter.
func Claimed(claim, readFrom string) string {
	from, err := Canonical(readFrom)
	if err != nil {
		return readFrom
	}
	to, err := Canonical(claim)
	if claim == "" || err != nil {
		return from
	}
	a, b := mustParse(to), mustParse(unwrap(from))
	if !sameDomain(a.Hostname(), b.Hostname()) || a.Path == "/" && a.RawQuery == "" {
		return from
	}
	if a.Scheme == "http" && b.Scheme == "https" && a.Port() == "" { // pages that were moved to https forget this line
		a.Scheme = "https"
	}
	return a.String()
}

// mustParse parses what Canonical or unwrap has made.
func mustParse(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil {
		return &url.URL{}
	}
	return u
}

// sameDomain tells whether two hosts are of one registrable domain: "m.harbour.co.uk" and
// "www.harbour.co.uk", but not "a.github.io" and "b.github.io".
func sameDomain(a, b string) bool {
	if a == b {
		return a != ""
	}
	x, err := registrable(a)
	y, err2 := registrable(b)
	return err == nil && err2 == nil && x == y
}

func registrable(host string) (string, error) {
	if _, err := netip.ParseAddr(host); err == nil {
		return "", invalid(host, "an IP address has no domain")
	}
	return publicsuffix.EffectiveTLDPlusOne(host)
}

// variants are the labels in front of a domain that lead to the same articles in another
// form: for phones, or as accelerated pages (AMP).
var variants = map[string]bool{"www": true, "m": true, "mobile": true, "amp": true}

// variantQuery are the query parameters that do so.
var variantQuery = []string{"amp", "amp=1", "amp=true", "outputtype=amp", "output=amp", "m=1"}

// Fold is what the addresses of one article have in common, whichever way they lead to
// it: plain or as AMP, for phones or not, through an AMP cache, with http or https, with
// or without a slash at the end. It is for comparison and not to be fetched.
func Fold(address string) string {
	canonical, err := Canonical(address)
	if err != nil {
		return address
	}
	u := mustParse(unwrap(canonical))
	u.Scheme = "https"
	u.Host = foldHost(u)
	path := strings.TrimRight(u.EscapedPath(), "/")
	path = strings.TrimSuffix(strings.TrimSuffix(path, "/amp"), ".amp")
	if rest, ok := strings.CutSuffix(path, ".amp.html"); ok {
		path = rest + ".html"
	}
	if rest, ok := strings.CutPrefix(path, "/amp/"); ok {
		path = "/" + rest
	}
	u.Path, u.RawPath = unescaped(path), path
	u.RawQuery = strings.Join(slices.DeleteFunc(strings.Split(u.RawQuery, "&"), func(part string) bool {
		return part == "" || slices.Contains(variantQuery, strings.ToLower(part))
	}), "&")
	return u.String()
}

func unescaped(path string) string {
	p, err := url.PathUnescape(path)
	if err != nil {
		return path
	}
	return p
}

// foldHost is the host and port without the labels of variants.
func foldHost(u *url.URL) string {
	host := u.Hostname()
	domain, err := registrable(host)
	if err != nil {
		return u.Host
	}
	var kept []string
	for label := range strings.SplitSeq(strings.TrimSuffix(host, domain), ".") {
		if label != "" && !variants[label] {
			kept = append(kept, label)
		}
	}
	host = strings.Join(append(kept, domain), ".")
	if u.Port() != "" {
		host += ":" + u.Port()
	}
	return host
}

// unwrap is the publisher's address in that of an AMP cache or viewer:
// "https://www.google.com/amp/s/harbour.example/a" and
// "https://harbour-example.cdn.ampproject.org/c/s/harbour.example/a".
func unwrap(address string) string {
	u := mustParse(address)
	path := u.EscapedPath()
	switch host := u.Hostname(); {
	case strings.HasSuffix(host, ".cdn.ampproject.org"):
		if len(path) < 3 || path[2] != '/' { // one letter: what kind of copy it is
			return address
		}
		path = path[3:]
	case strings.HasPrefix(path, "/amp/") && (strings.HasPrefix(host, "www.google.") || host == "www.bing.com"):
		path = strings.TrimPrefix(path, "/amp/")
	default:
		return address
	}
	scheme := "http://"
	if rest, ok := strings.CutPrefix(path, "s/"); ok {
		scheme, path = "https://", rest
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	inner, err := Canonical(scheme + path)
	if err != nil || !strings.Contains(mustParse(inner).Hostname(), ".") {
		return address
	}
	return inner
}
