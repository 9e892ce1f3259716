package digest

import (
	"testing"
	"time"
)

func TestLoadZone(t *testing.T) {
	at := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	good := map[string]int{ // minutes ahead of UTC at that time
		"UTC": 0, "Europe/Berlin": 60, "America/New_York": -300, "America/Argentina/Buenos_Aires": -180,
		"America/Port-au-Prince": -300, "Etc/GMT+5": -300, "UTC+02:00": 120, "UTC-03:30": -210,
		"UTC+14:00": 840, "UTC-12:00": -720,
	}
	for name, want := range good {
		zone, err := LoadZone(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, got := at.In(zone).Zone(); got != want*60 {
			t.Errorf("%s is %d seconds ahead of UTC, want %d", name, got, want*60)
		}
	}
	for _, name := range []string{
		"", "Local", "local", "EST", "CET", "EST5EDT", "EST5EDT,M3", "EST5EDT,M3.2.0,M11.1.0", "GMT", "Zulu",
		"../../etc/passwd", "/etc/localtime", "Europe/../Europe/Berlin", `Europe\Berlin`, "Europe/Nowhere", "Europe/", "Europe",
		"posix/Europe/Berlin", "right/Europe/Berlin", "UTC+2", "UTC+00:00", "UTC+15:00", "+02:00", "UTC+02:60", "Europe/Berlin\x00",
		" Europe/Berlin", "<+03>-3",
	} {
		if zone, err := LoadZone(name); err == nil {
			t.Errorf("%q loads as %s", name, zone)
		}
	}
}

func TestParseOffset(t *testing.T) {
	good := map[string]string{
		"UTC+2": "UTC+02:00", "utc +2": "UTC+02:00", "GMT-3:30": "UTC-03:30", "+0530": "UTC+05:30", "+5:30": "UTC+05:30",
		"+530": "UTC+05:30", "UTC−3": "UTC-03:00", "-12": "UTC-12:00", "+14": "UTC+14:00", "GMT+05:45": "UTC+05:45",
		"UTC": "UTC", "gmt": "UTC", "UTC+0": "UTC", "UTC±0": "UTC", "-00:00": "UTC",
	}
	for text, want := range good {
		got, ok := ParseOffset(text)
		if !ok || got != want {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
		if _, err := LoadZone(got); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"", "2", "UTC2", "EST", "EST+2", "+", "UTC+", "+15", "-12:30", "+14:30", "+2:60", "+99999", "++2", "+2+2", "+2h"} {
		if got, ok := ParseOffset(text); ok {
			t.Errorf("%q is read as %s", text, got)
		}
	}
}
