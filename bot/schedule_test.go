package bot

import (
	"testing"
	"time"

	"newsdigest/digest"
)

// What people type, and the echo of it.
var echoes = []struct{ typed, echo string }{
	{"daily at 8", "Every day at 08:00"}, {"every day 8", "Every day at 08:00"}, {"8am", "Every day at 08:00"},
	{"each morning", "Every day at 08:00"}, {"8", "Every day at 08:00"}, {"8 in the evening", "Every day at 20:00"},
	{"noon", "Every day at 12:00"}, {"midnight", "Every day at 00:00"}, {"evening", "Every day at 18:00"},
	{"half past 7", "Every day at 07:30"}, {"quarter to 9", "Every day at 08:45"}, {"0730", "Every day at 07:30"},
	{"7.30pm", "Every day at 19:30"}, {"23:59", "Every day at 23:59"}, {"18h", "Every day at 18:00"},
	{"weekdays 7:30", "Monday to Friday at 07:30"}, {"mon-fri 0730", "Monday to Friday at 07:30"},
	{"workdays at half past 7", "Monday to Friday at 07:30"}, {"monday to friday noon", "Monday to Friday at 12:00"},
	{"every Monday 9am", "Every Monday at 09:00"}, {"mondays 9", "Every Monday at 09:00"}, {"weekly", "Every Monday at 09:00"},
	{"weekly on friday", "Every Friday at 09:00"}, {"weekends 10", "Every Saturday and Sunday at 10:00"},
	{"sat, sun 18:00", "Every Saturday and Sunday at 18:00"}, {"mon, wed, fri at 6pm", "Every Monday, Wednesday and Friday at 18:00"},
	{"every day except sunday at 8", "Every Monday, Tuesday, Wednesday, Thursday, Friday and Saturday at 08:00"},
	{"8 and 18", "Twice a day, 08:00 and 18:00"}, {"twice a day", "Twice a day, 08:00 and 18:00"},
	{"three times a day", "Three times a day, 08:00, 13:00 and 18:00"}, {"4 times daily", "Four times a day, 08:00, 12:00, 16:00 and 20:00"},
	{"weekdays 8 and 18", "Monday to Friday at 08:00 and 18:00"},
}

func TestEchoes(t *testing.T) {
	for _, c := range echoes {
		r, err := digest.ParseSchedule(c.typed)
		if err != nil {
			t.Errorf("%s: %v", c.typed, err)
			continue
		}
		if got := inWords("en", r.Schedule); got != c.echo {
			t.Errorf("%s: %q, want %q", c.typed, got, c.echo)
		}
	}
	evening := digest.Schedule{Days: digest.EveryDay, Times: []int{0, 20*60 + 5}}
	if got := inWords("en-US", evening); got != "Twice a day, 12:00 AM and 8:05 PM" {
		t.Errorf("on an American clock: %q", got)
	}
}

// The next three runs over both changes of the clock, in six zones: each once a local day,
// at the time that was named, later where the clock skips it.
func TestRunsOverClockChanges(t *testing.T) {
	for _, zone := range []struct{ name, spring, autumn string }{
		{"Europe/Berlin", "2026-03-29", "2026-10-25"}, {"America/New_York", "2026-03-08", "2026-11-01"},
		{"America/Santiago", "2026-09-06", "2026-04-05"}, {"Australia/Lord_Howe", "2026-10-04", "2026-04-05"},
		{"Africa/Cairo", "2026-04-24", "2026-10-30"}, {"Asia/Kolkata", "2026-03-29", "2026-10-25"},
	} {
		clock, err := digest.LoadZone(zone.name)
		if err != nil {
			t.Fatal(err)
		}
		for _, day := range []string{zone.spring, zone.autumn} {
			for _, c := range echoes {
				checkRuns(t, c.typed, day, clock)
			}
		}
	}
}

// checkRuns holds the three runs from the day before on against the calendar.
func checkRuns(t *testing.T, typed, day string, clock *time.Location) {
	t.Helper()
	r, err := digest.ParseSchedule(typed)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" 00:00", clock)
	if err != nil {
		t.Fatal(err)
	}
	at = at.Add(-25 * time.Hour)
	seen := map[string]bool{}
	for range 3 {
		next := r.Schedule.Next(at, clock)
		named, err := time.Parse("2006-01-02T15:04", next.Local)
		if err != nil || seen[next.Local] || !next.At.After(at) || !r.Schedule.Days.Has(named.Weekday()) {
			t.Fatalf("%s in %s: %+v after %v", typed, clock, next, at)
		}
		seen[next.Local] = true
		// The clock shows the named time, or, where it skips that, at most an hour more.
		shown := next.At.In(clock)
		wall := time.Date(shown.Year(), shown.Month(), shown.Day(), shown.Hour(), shown.Minute(), 0, 0, time.UTC)
		if skip := wall.Sub(named); skip < 0 || skip > time.Hour || skip > 0 && !changedAt(next.At, clock) {
			t.Errorf("%s in %s: due at %v, named %s", typed, clock, shown, next.Local)
		}
		at = next.At
	}
}

// changedAt tells whether the clock was changed within the two hours before.
func changedAt(at time.Time, clock *time.Location) bool {
	_, now := at.In(clock).Zone()
	_, before := at.Add(-2 * time.Hour).In(clock).Zone()
	return now != before
}
