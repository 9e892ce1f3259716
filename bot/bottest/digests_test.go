package bottest

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestDigest: the generated digests reach what the suite is said to try.
func TestDigest(t *testing.T) {
	stories, shortest, longest, addresses, all := map[int]bool{}, 300, 0, 0, ""
	for i := range 300 {
		p := Digest(i)
		stories[len(p.Stories)] = true
		for _, s := range p.Stories {
			n := utf8.RuneCountInString(s.Headline)
			shortest, longest = min(shortest, n), max(longest, n)
			for _, l := range s.Links {
				addresses = max(addresses, utf8.RuneCountInString(l.URL))
			}
			all += s.Headline
		}
	}
	for n := range 12 {
		if !stories[n+1] {
			t.Errorf("no digest has %d stories", n+1)
		}
	}
	if shortest != 1 || longest < 290 || longest > 300 || addresses < 1900 || addresses > 2000 {
		t.Errorf("headlines of %d to %d characters, addresses of up to %d", shortest, longest, addresses)
	}
	for _, part := range []string{"الحكومة", "政府", "👩‍👩‍👧‍👦", "🇩🇪", "@everyone", "<b>", "[x](http", "||", "&amp;"} {
		if !strings.Contains(all, part) {
			t.Errorf("no headline has %q", part)
		}
	}
}
