package digest

import "testing"

func TestProse(t *testing.T) {
	for _, c := range []struct {
		sentences []string
		want      string
	}{
		{nil, ""},
		{[]string{"One."}, "One."},
		{[]string{"One.", "“Two.”", "Three…", "Four"}, "One. “Two.” Three… Four"},
		{[]string{"一。", "“二。”", "「三。」", "四！", "Five.", "六"}, "一。“二。”「三。」四！Five. 六"},
	} {
		if got := Prose(c.sentences); got != c.want {
			t.Errorf("%q: %q, want %q", c.sentences, got, c.want)
		}
	}
}
