package digest

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func sorted(times []int) []int {
	slices.Sort(times)
	return times
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.Parse("2006-01-02T15:04Z07:00", text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestNext follows schedules over gaps and overlaps: from a moment, the slots that come
// and when they are due.
func TestNext(t *testing.T) {
	tests := []struct {
		name, code, zone, after string
		want                    []string // local time, "=", instant
	}{
		{"strictly later", "*@0800", "UTC", "2026-11-22T08:00Z",
			[]string{"2026-11-23T08:00=2026-11-23T08:00Z"}},
		{"a minute before", "*@0800", "UTC", "2026-11-22T07:59Z",
			[]string{"2026-11-22T08:00=2026-11-22T08:00Z"}},
		{"weekdays", "12345@0730", "Europe/Berlin", "2026-11-20T12:00Z", // a Friday
			[]string{"2026-11-23T07:30=2026-11-23T06:30Z", "2026-11-24T07:30=2026-11-24T06:30Z"}},
		{"weekly", "1@0900", "Asia/Tokyo", "2026-11-23T00:00Z", // Monday 9:00 in Tokyo
			[]string{"2026-11-30T09:00=2026-11-30T00:00Z"}},
		{"ahead of UTC's date", "*@0100", "Pacific/Kiritimati", "2026-11-22T12:00Z",
			[]string{"2026-11-24T01:00=2026-11-23T11:00Z"}},
		{"fixed offset", "*@0800,1800", "UTC-03:30", "2026-11-22T12:00Z",
			[]string{"2026-11-22T18:00=2026-11-22T21:30Z", "2026-11-23T08:00=2026-11-23T11:30Z"}},
		{"gap Berlin", "*@0230", "Europe/Berlin", "2026-03-28T12:00Z",
			[]string{"2026-03-29T02:30=2026-03-29T01:30Z", "2026-03-30T02:30=2026-03-30T00:30Z"}},
		{"overlap Berlin", "*@0230", "Europe/Berlin", "2026-10-24T12:00Z",
			[]string{"2026-10-25T02:30=2026-10-25T00:30Z", "2026-10-26T02:30=2026-10-26T01:30Z"}},
		{"gap New York", "*@0230", "America/New_York", "2026-03-07T12:00Z",
			[]string{"2026-03-08T02:30=2026-03-08T07:30Z", "2026-03-09T02:30=2026-03-09T06:30Z"}},
		{"overlap New York", "*@0130", "America/New_York", "2026-10-31T12:00Z",
			[]string{"2026-11-01T01:30=2026-11-01T05:30Z", "2026-11-02T01:30=2026-11-02T06:30Z"}},
		{"gap of 30 minutes", "*@0215", "Australia/Lord_Howe", "2026-10-03T01:00Z",
			[]string{"2026-10-04T02:15=2026-10-03T15:45Z", "2026-10-05T02:15=2026-10-04T15:15Z"}},
		{"gap at midnight", "*@0000", "Africa/Cairo", "2026-04-23T12:00Z",
			[]string{"2026-04-24T00:00=2026-04-23T22:00Z", "2026-04-25T00:00=2026-04-24T21:00Z"}},
		{"overlap at midnight", "*@2330", "Africa/Cairo", "2026-10-29T12:00Z",
			[]string{"2026-10-29T23:30=2026-10-29T20:30Z", "2026-10-30T23:30=2026-10-30T21:30Z"}},
		{"two times come together in a gap", "*@0230,0330", "Europe/Berlin", "2026-03-28T12:00Z",
			[]string{"2026-03-29T03:30=2026-03-29T01:30Z", "2026-03-30T02:30=2026-03-30T00:30Z"}},
		{"a gap changes the order", "*@0230,0310", "Europe/Berlin", "2026-03-28T12:00Z",
			[]string{"2026-03-29T03:10=2026-03-29T01:10Z", "2026-03-29T02:30=2026-03-29T01:30Z", "2026-03-30T02:30=2026-03-30T00:30Z"}},
		{"a day that does not exist, daily", "*@0800", "Pacific/Apia", "2011-12-29T12:00Z",
			[]string{"2011-12-29T08:00=2011-12-29T18:00Z", "2011-12-31T08:00=2011-12-30T18:00Z", "2012-01-01T08:00=2011-12-31T18:00Z"}},
		{"a day that does not exist, weekly", "5@0800", "Pacific/Apia", "2011-12-29T12:00Z",
			[]string{"2011-12-30T08:00=2011-12-30T18:00Z", "2012-01-06T08:00=2012-01-05T18:00Z"}},
		{"leap day", "4@0800", "UTC", "2024-02-28T12:00Z",
			[]string{"2024-02-29T08:00=2024-02-29T08:00Z"}},
		{"beyond 2038", "*@0800", "Europe/Berlin", "2059-07-01T12:00Z",
			[]string{"2059-07-02T08:00=2059-07-02T06:00Z"}},
	}
	for _, test := range tests {
		s, err := ParseScheduleCode(test.code)
		if err != nil {
			t.Fatal(err)
		}
		moment, z := at(t, test.after), zone(t, test.zone)
		for _, want := range test.want {
			slot := s.Next(moment, z)
			if got := slot.Local + "=" + slot.At.UTC().Format("2006-01-02T15:04Z07:00"); got != want {
				t.Errorf("%s: after %s comes %s, want %s", test.name, moment, got, want)
			}
			moment = slot.At
		}
	}
	if slot := (Schedule{}).Next(time.Now(), time.UTC); !slot.IsZero() {
		t.Errorf("an empty schedule is due %v", slot)
	}
}

// zoneNames are all zones of the time zone database that comes with Go.
func zoneNames(t *testing.T) []string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no list of time zones: ", err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skip("no list of time zones: ", err)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range archive.File {
		if strings.Contains(f.Name, "/") && !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	return names
}

// transitions are the instants from 1970 to 2037 at which the zone's clock changes.
func transitions(z *time.Location) []time.Time {
	var out []time.Time
	limit := time.Date(2038, 1, 1, 0, 0, 0, 0, time.UTC)
	for moment := time.Unix(0, 0).In(z); ; {
		_, end := moment.ZoneBounds()
		if end.IsZero() || end.After(limit) {
			return out
		}
		if offset(end) != offset(end.Add(-time.Second)) {
			out = append(out, end)
		}
		moment = end
	}
}

// kindsOf are six kinds of schedule that have a slot at this minute of the day: every day,
// workdays, the weekend, one day, twice and four times a day.
func kindsOf(minute int, day time.Weekday) []Schedule {
	other := (minute + 12*60) % minutesDay
	twice := []int{min(minute, other), max(minute, other)}
	var often []int
	for i := range 4 {
		often = append(often, (minute+i*6*60)%minutesDay)
	}
	slices.Sort(often)
	return []Schedule{
		{Days: EveryDay, Times: []int{minute}}, {Days: Workdays, Times: []int{minute}}, {Days: Weekend, Times: []int{minute}},
		{Days: On(day), Times: []int{minute}}, {Days: EveryDay, Times: twice}, {Days: EveryDay, Times: often},
	}
}

// TestNextEveryTransition follows six kinds of schedule over every change of every clock on
// Earth: each civil time that exists has its slot once, and none comes twice.
func TestNextEveryTransition(t *testing.T) {
	every := 1
	if testing.Short() {
		every = 10
	}
	var zones, changes, slots int
	for i, name := range zoneNames(t) {
		if i%every != 0 {
			continue
		}
		zones++
		z := zone(t, name)
		for _, change := range transitions(z) {
			changes++
			// The time that is skipped or comes twice, and one on the other side of it.
			before := change.Add(-time.Second)
			wall := change.Add(max(offset(before), offset(change)) - 7*time.Minute).UTC()
			minutes := wall.Hour()*60 + wall.Minute()
			for _, s := range kindsOf(minutes, wall.Weekday()) {
				slots += follow(t, s, change.Add(-60*time.Hour), change.Add(60*time.Hour), z)
			}
		}
	}
	t.Logf("%d zones, %d changes, %d slots: 0 twice, 0 left out", zones, changes, slots)
	if zones < 40 || changes < 1000 {
		t.Errorf("only %d zones and %d changes", zones, changes)
	}
}

// follow checks the slots between two moments, one after the other: they ascend, none comes
// twice, and none that the clock showed is left out. One that it did not show comes after
// the gap, perhaps behind a later one.
func follow(t *testing.T, s Schedule, from, to time.Time, z *time.Location) int {
	t.Helper()
	first := s.Next(from, z)
	last, seen := first, map[string]bool{first.Local: true}
	for slot := s.Next(last.At, z); slot.At.Before(to); slot = s.Next(slot.At, z) {
		if !slot.At.After(last.At) || seen[slot.Local] {
			t.Fatalf("%s: %v is followed by %v", z, last, slot)
		}
		if got := slot.At.In(z).Format(localFormat); got != slot.Local && existed(slot.Local, z) {
			t.Fatalf("%s: %s is due at %s", z, slot.Local, got)
		}
		last, seen[slot.Local] = slot, true
	}
	day, _ := time.Parse(time.DateOnly, first.Local[:len(time.DateOnly)])
	for ; day.Format(localFormat) < last.Local; day = day.AddDate(0, 0, 1) {
		for _, minute := range s.Times {
			local := day.Add(time.Duration(minute) * time.Minute).Format(localFormat)
			if s.Days.Has(day.Weekday()) && local > first.Local && local < last.Local && !seen[local] && existed(local, z) {
				t.Fatalf("%s: %s is left out", z, local)
			}
		}
	}
	return len(seen)
}

// existed tells whether the zone's clock ever showed this time, by trying every offset
// in use around it.
func existed(local string, z *time.Location) bool {
	wall, _ := time.Parse(localFormat, local)
	for h := -26; h <= 26; h++ {
		moment := wall.Add(-offset(wall.Add(time.Duration(h) * time.Hour).In(z)))
		if moment.In(z).Format(localFormat) == local {
			return true
		}
	}
	return false
}

// TestNextProperties: slots ascend strictly, keep to the schedule's days and times, and
// no local time comes twice, whatever the schedule.
func TestNextProperties(t *testing.T) {
	names := zoneNames(t)
	rapid.Check(t, func(t *rapid.T) {
		s := schedules().Draw(t, "schedule")
		z, _ := LoadZone(rapid.SampledFrom(names).Draw(t, "zone"))
		moment := time.Unix(rapid.Int64Range(0, 2145916800).Draw(t, "after"), 0)
		seen := map[string]bool{}
		for range 20 {
			slot := s.Next(moment, z)
			wall, err := time.Parse(localFormat, slot.Local)
			if err != nil || !slot.At.After(moment) || seen[slot.Local] {
				t.Fatalf("after %s comes %v", moment, slot)
			}
			if !s.Days.Has(wall.Weekday()) || !slices.Contains(s.Times, wall.Hour()*60+wall.Minute()) {
				t.Fatalf("%s is not in %s", slot.Local, s.Code())
			}
			if late := slot.At.Add(offset(slot.At.In(z))).Sub(wall); late < 0 || late > 24*time.Hour {
				t.Fatalf("%s is due %s off its time", slot.Local, late)
			}
			seen[slot.Local] = true
			moment = slot.At
		}
	})
}

func TestDeadline(t *testing.T) {
	tests := []struct {
		code, slot string
		want       time.Duration
	}{
		{"*@0800", "2026-11-22T08:00Z", 6 * time.Hour},
		{"*@0800,1800", "2026-11-22T08:00Z", 5 * time.Hour},
		{"*@0800,1800", "2026-11-22T18:00Z", 6 * time.Hour},
		{"*@0800,0900", "2026-11-22T08:00Z", 30 * time.Minute},
		{"12345@0800", "2026-11-19T08:00Z", 6 * time.Hour},  // Thursday
		{"12345@0800", "2026-11-20T08:00Z", 24 * time.Hour}, // Friday
		{"1@0900", "2026-11-23T09:00Z", 24 * time.Hour},
	}
	for _, test := range tests {
		s, err := ParseScheduleCode(test.code)
		if err != nil {
			t.Fatal(err)
		}
		slot := Slot{Local: test.slot[:16], At: at(t, test.slot)}
		if got := s.Deadline(slot, time.UTC).Sub(slot.At); got != test.want {
			t.Errorf("%s at %s may be %s late, want %s", test.code, test.slot, got, test.want)
		}
	}
}

func TestCatchUp(t *testing.T) {
	daily, often, weekly := "*@0800", "*@0800,1300,1800,2200", "7@0800"
	tests := []struct {
		name, code, waiting, now string
		due                      string
		missed                   int
	}{
		{"still to come", daily, "2026-11-22T08:00Z", "2026-11-22T07:59Z", "", 0},
		{"on time", daily, "2026-11-22T08:00Z", "2026-11-22T08:00Z", "2026-11-22T08:00", 0},
		{"5 hours late", daily, "2026-11-22T08:00Z", "2026-11-22T13:00Z", "2026-11-22T08:00", 0},
		{"7 hours late", daily, "2026-11-22T08:00Z", "2026-11-22T15:00Z", "", 1},
		{"8 days, in time", daily, "2026-11-14T08:00Z", "2026-11-22T08:05Z", "2026-11-22T08:00", 8},
		{"8 days, too late", daily, "2026-11-14T08:00Z", "2026-11-22T20:00Z", "", 9},
		{"8 days, often", often, "2026-11-14T08:00Z", "2026-11-22T13:10Z", "2026-11-22T13:00", 33},
		{"8 days, weekly", weekly, "2026-11-15T08:00Z", "2026-11-23T07:00Z", "2026-11-22T08:00", 1},
		{"weekly, a day and more late", weekly, "2026-11-22T08:00Z", "2026-11-23T09:00Z", "", 1},
		{"half a century", often, "1976-01-01T08:00Z", "2026-11-22T18:00Z", "2026-11-22T18:00", 4 * catchUpDays},
	}
	for _, test := range tests {
		s, err := ParseScheduleCode(test.code)
		if err != nil {
			t.Fatal(err)
		}
		waiting := Slot{Local: test.waiting[:16], At: at(t, test.waiting)}
		due, missed := s.CatchUp(waiting, at(t, test.now), time.UTC)
		if due.Local != test.due || len(missed) < test.missed-1 || len(missed) > test.missed {
			t.Errorf("%s: due %q and %d missed, want %q and %d", test.name, due.Local, len(missed), test.due, test.missed)
		}
		if slices.Contains(missed, due) {
			t.Errorf("%s: %s is both due and missed", test.name, due.Local)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	s, z := Schedule{Days: Workdays, Times: []int{450, 1080}}, zone(b, "Europe/Berlin")
	moment := time.Date(2026, 10, 23, 18, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		s.Next(moment, z)
	}
}
