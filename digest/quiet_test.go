package digest

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestParseQuiet(t *testing.T) {
	night := Quiet{From: "22:00", To: "07:00"}
	tests := []struct {
		text string
		want Quiet
	}{
		{"22-7", night},
		{"22:00-07:00", night},
		{"22:00 – 07:00", night},
		{"10pm to 7am", night},
		{"10 p.m. until 7 a.m.", night},
		{"10 to 7", night}, // nobody is quiet for 21 hours
		{"10 to 7am", night},
		{"from 22 to 7", night},
		{"between 22 and 7", night},
		{"22h-7h", night},
		{"von 22 bis 7", night},
		{"de 22h à 7h", night},
		{"desde 22 hasta 7", night},
		{"с 22 до 7", night},
		{"22.30-6.15", Quiet{From: "22:30", To: "06:15"}},
		{"midnight to 6", Quiet{From: "00:00", To: "06:00"}},
		{"0-6", Quiet{From: "00:00", To: "06:00"}},
		{"13-15", Quiet{From: "13:00", To: "15:00"}},
		{"1pm-3pm", Quiet{From: "13:00", To: "15:00"}},
		{"8-22", Quiet{From: "08:00", To: "22:00"}}, // the 24-hour clock is meant
		{"9 to 5pm", Quiet{From: "09:00", To: "17:00"}},
		{"off", Quiet{}},
		{" None ", Quiet{}},
		{"aus", Quiet{}},
	}
	for _, tt := range tests {
		got, err := ParseQuiet(tt.text)
		if err != nil || got != tt.want {
			t.Errorf("%q: %v, %v; want %v", tt.text, got, err, tt.want)
		}
	}
	for _, bad := range []string{"", "22", "22-", "-7", "7-7", "24-7", "22-7-9", "13pm-2", "at night", "22-7 Berlin",
		"22:00-07:60", "\xff", "22 or 7", strings.Repeat("22-7 ", 60)} {
		if got, err := ParseQuiet(bad); !errors.Is(err, ErrQuiet) || got != (Quiet{}) {
			t.Errorf("%q: %v, %v", bad, got, err)
		}
	}
}

// TestSilentHours: over midnight, with the ends where they belong, and by the clock on the
// wall when it is changed.
func TestSilentHours(t *testing.T) {
	berlin, err := LoadZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	night, noon := Quiet{From: "22:00", To: "07:00"}, Quiet{From: "13:00", To: "15:00"}
	early := Quiet{From: "02:15", To: "02:45"} // comes twice on 25 October, never on 29 March
	tests := []struct {
		q    Quiet
		utc  string
		want bool
	}{
		{night, "2026-01-10T20:59:59Z", false},
		{night, "2026-01-10T21:00:00Z", true},
		{night, "2026-01-11T00:00:00Z", true},
		{night, "2026-01-11T05:59:59Z", true},
		{night, "2026-01-11T06:00:00Z", false},
		{night, "2026-07-11T05:00:00Z", false}, // summer time
		{noon, "2026-01-10T11:59:00Z", false},
		{noon, "2026-01-10T12:00:00Z", true},
		{noon, "2026-01-10T14:00:00Z", false},
		{early, "2026-10-25T00:30:00Z", true},
		{early, "2026-10-25T01:30:00Z", true},
		{early, "2026-03-29T00:59:00Z", false},
		{early, "2026-03-29T01:00:00Z", false},
		{Quiet{}, "2026-01-10T00:00:00Z", false},
	}
	for _, tt := range tests {
		at, err := time.Parse(time.RFC3339, tt.utc)
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.q.Silent(at, berlin); got != tt.want {
			t.Errorf("%v at %s: %v", tt.q, tt.utc, got)
		}
	}
	if !(Quiet{}).IsZero() || night.IsZero() {
		t.Error("quiet hours are those that have a length")
	}
}

func FuzzParseQuiet(f *testing.F) {
	for _, s := range []string{"22-7", "10pm to 7am", "off", "von 22 bis 7", "half past 9 - 6:30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseQuiet(text)
		if err != nil || q == (Quiet{}) {
			return
		}
		again, err := ParseQuiet(q.From + "-" + q.To)
		if err != nil || again != q {
			t.Fatalf("%q is %v, which reads as %v, %v", text, q, again, err)
		}
	})
}
