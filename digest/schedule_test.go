package digest

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// schedules draws valid schedules.
func schedules() *rapid.Generator[Schedule] {
	return rapid.Custom(func(t *rapid.T) Schedule {
		times := rapid.SliceOfNDistinct(rapid.IntRange(0, minutesDay-1), 1, MaxDigestsDay, rapid.ID).Draw(t, "times")
		return Schedule{
			Days:  Weekdays(rapid.IntRange(1, int(EveryDay)).Draw(t, "days")),
			Times: sorted(times),
			Zone:  rapid.SampledFrom([]string{"", "UTC", "Asia/Tokyo", "UTC-03:30"}).Draw(t, "zone"),
		}
	})
}

func TestScheduleCodeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := schedules().Draw(t, "schedule")
		if err := s.Valid(); err != nil {
			t.Fatal(err)
		}
		code := s.Code()
		if len(code) > 26+1+len(s.Zone) {
			t.Fatalf("%s has %d bytes", code, len(code))
		}
		got, err := ParseScheduleCode(code)
		if err != nil || got.Code() != code {
			t.Fatalf("%s comes back as %s, %v", code, got.Code(), err)
		}
	})
}

func TestParseScheduleCodeRefuses(t *testing.T) {
	for _, code := range []string{
		"", "@", "*", "*@", "@0800", "*@800", "*@0860", "*@2400", "*@0800,", "*@1800,0800", "*@0800,0800",
		"*@0800,0900,1000,1100,1200", "1234567@0800", "21@0800", "11@0800", "8@0800", "0@0800", "*@0800@", "*@0800@EST",
		"*@0800@Local", "*@0800@../etc", "*@0800@UTC+2", "*@+800", "*@0800 ", "*@0800@Asia/Tokyo@",
	} {
		if s, err := ParseScheduleCode(code); err == nil {
			t.Errorf("%q is read as %s", code, s.Code())
		}
	}
}

func FuzzParseScheduleCode(f *testing.F) {
	for _, code := range []string{"*@0800", "12345@0730", "67@1000,2200@Asia/Tokyo", "*@0000@UTC-03:30", "*@@", ""} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		s, err := ParseScheduleCode(code)
		if err == nil && (s.Code() != code || s.Valid() != nil) {
			t.Fatalf("%q is read as %q: %v", code, s.Code(), s.Valid())
		}
	})
}

func TestValid(t *testing.T) {
	bad := map[string]Schedule{
		"zero":       {},
		"no days":    {Times: []int{0}},
		"no times":   {Days: EveryDay},
		"eighth day": {Days: 128, Times: []int{0}},
		"five times": {Days: EveryDay, Times: []int{1, 2, 3, 4, 5}},
		"negative":   {Days: EveryDay, Times: []int{-1}},
		"24:00":      {Days: EveryDay, Times: []int{minutesDay}},
		"descending": {Days: EveryDay, Times: []int{2, 1}},
		"twice":      {Days: EveryDay, Times: []int{1, 1}},
		"zone":       {Days: EveryDay, Times: []int{1}, Zone: "EST"},
	}
	for name, s := range bad {
		if s.Valid() == nil {
			t.Errorf("%s: valid", name)
		}
	}
}

func TestWeekdaysList(t *testing.T) {
	got := (Weekend | On(time.Wednesday)).List()
	if len(got) != 3 || got[0] != time.Wednesday || got[1] != time.Saturday || got[2] != time.Sunday {
		t.Errorf("got %v", got)
	}
}

func TestParseCron(t *testing.T) {
	good := map[string]string{
		"0 8 * * 1-5":         "12345@0800",
		"0 8 * * *":           "*@0800",
		" 30  7 ? * MON-FRI ": "12345@0730",
		"0,30 8,18 * * 0":     "7@0800,0830,1800,1830",
		"0 9 * * 7":           "7@0900",
		"0 9 * * 5-7":         "567@0900",
		"0 9 * * sat,sun":     "67@0900",
		"15 */6 * * *":        "*@0015,0615,1215,1815",
		"0 8-10 * * 1":        "1@0800,0900,1000",
		"0 6/9 * * 1":         "1@0600,1500",
		"@daily":              "*@0000",
		"@weekly":             "7@0000",
	}
	for expr, want := range good {
		s, err := ParseCron(expr)
		if err != nil || s.Code() != want || s.Valid() != nil {
			t.Errorf("%q is %s, %v, %v; want %s", expr, s.Code(), err, s.Valid(), want)
		}
	}
	bad := map[string]ScheduleProblem{
		"":                     Unreadable,
		"daily at 8":           Unreadable,
		"0 8 * *":              Unreadable,
		"0 0 8 * * *":          Unreadable,
		"60 8 * * *":           Unreadable,
		"0 24 * * *":           Unreadable,
		"0 8 * * 8":            Unreadable,
		"0 8 * * fri-mon":      Unreadable,
		"0 8 * * mo":           Unreadable,
		"0 8/0 * * *":          Unreadable,
		"0 -8 * * *":           Unreadable,
		"0 8, * * *":           Unreadable,
		"0 8 1 * *":            TooSeldom,
		"0 8 * 1 *":            TooSeldom,
		"* 8 * * *":            TooOften,
		"0 * * * *":            TooOften,
		"@hourly":              TooOften,
		"0 8,9,10,11,12 * * *": TooOften,
	}
	for expr, want := range bad {
		_, err := ParseCron(expr)
		var refused *ScheduleError
		if !errors.As(err, &refused) || refused.Problem != want || refused.Detail == "" {
			t.Errorf("%q: %v, want %s with a reason", expr, err, want)
		}
	}
}
