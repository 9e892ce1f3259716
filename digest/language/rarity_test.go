package language

import "testing"

func TestRarity(t *testing.T) {
	if n := len(rarities()); n < 1000 {
		t.Errorf("the table has %d terms", n)
	}
	for _, c := range []struct{ lang, common, rare string }{
		{"en", "year", "xylocarp"},
		{"fr", "franc", "xylocarp"},
	} {
		common, rare := Rarity(c.common, c.lang), Rarity(c.rare, c.lang)
		if common >= rare || rare != 1 {
			t.Errorf("%s: %s counts %v, %s %v", c.lang, c.common, common, c.rare, rare)
		}
	}
}

// TestHasRarity: the table has words of the languages that it is said to know, and of
// no other.
func TestHasRarity(t *testing.T) {
	known := map[string]string{"en": "year", "fr": "année", "tr": "yıl", "vi": "năm", "de": "Jahr", "es": "año", "ru": "год", "it": "anno"}
	for lang, word := range known {
		for _, term := range Terms(nil, word, lang) {
			if got, want := Rarity(term, lang) < 1, HasRarity(lang); got != want {
				t.Errorf("%s: %s is in the table: %v, known: %v", lang, term, got, want)
			}
		}
	}
}
