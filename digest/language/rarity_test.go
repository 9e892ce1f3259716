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
