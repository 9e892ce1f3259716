package digest

import "testing"

// TestMaySecret: addresses made for one reader are told from those of everybody.
func TestMaySecret(t *testing.T) {
	for address, want := range map[string]bool{
		"https://harbour.example/feed":                                        false,
		"https://harbour.example/world-news-2026/rss.xml":                     false,
		"https://harbour.example/?feed=rss2&cat=5":                            false,
		"https://harbour.example/nachrichten/wirtschaft-und-gesellschaft.xml": false,
		"https://harbour.example/новости-и-события-сегодня-и-завтра":          false,
		"https://harbour.example/2026/11/22/1234567890123456":                 false,
		"https://harbour.example/feed?token=1":                                true,
		"https://harbour.example/feed?Auth=abc":                               true,
		"https://harbour.example/feed?x=1a2b3c4d":                             true,
		"https://harbour.example/feed?1a2b3c4d5e6f7a8b9c0d":                   true,
		"https://harbour.example/private/sea.xml":                             true,
		"https://harbour.example/private-a1b2/basic.ics":                      true,
		"https://harbour.example/feeds/550e8400-e29b-41d4-a716-446655440000":  true,
		"https://harbour.example/feeds/Zm9v-YmFyYmF6_cXV1eDEy.xml":            true,
		"https://harbour.example/feeds/qwertyuiopasdfghjklzxcvbnm":            true,
		"https://k7f3m9q2x8w4v6t1.harbour.example/feed":                       true,
		"https://gus:sea@harbour.example/feed":                                true,
		"https://harbour.example/%zz":                                         true,
	} {
		if got := (Source{URL: address}).MaySecret(); got != want {
			t.Errorf("%s: %v", address, got)
		}
		if got := (Source{URL: "https://harbour.example/", Site: address}).MaySecret(); got != want {
			t.Errorf("site %s: %v", address, got)
		}
		if (Source{URL: address, Starter: true}).MaySecret() {
			t.Errorf("%s: a starter source is public", address)
		}
	}
}

// TestLabelNoAddress: an address that stands as the name is not shown.
func TestLabelNoAddress(t *testing.T) {
	s := Source{URL: "https://harbour.example/feed?token=1", Name: "https://harbour.example/feed?token=1"}
	if got := s.Label(); got != "harbour.example" {
		t.Error(got)
	}
}
