package digest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // containers often have no zone files
)

// The offsets from UTC that clocks on Earth use, in minutes.
const (
	minOffset = -12 * 60
	maxOffset = 14 * 60
)

var (
	zoneName   = regexp.MustCompile(`^(UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2})$`)
	offsetName = regexp.MustCompile(`^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?$`)
	zones      sync.Map // name -> *time.Location; bounded, for only names that load are kept
)

// LoadZone finds a time zone by its IANA name ("Europe/Berlin", "UTC") or by a fixed
// offset as ParseOffset writes it ("UTC+02:00"). It refuses every other name, also those
// that time.LoadLocation takes: "", "Local" and letters such as "EST", which mean
// different clocks to different people.
func LoadZone(name string) (*time.Location, error) {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location), nil
	}
	zone, err := findZone(name)
	if err != nil {
		return nil, err
	}
	zones.Store(name, zone)
	return zone, nil
}

func findZone(name string) (*time.Location, error) {
	if canonical, ok := ParseOffset(name); ok && canonical == name && name != "UTC" {
		return time.FixedZone(name, offsetMinutes(name)*60), nil
	}
	if len(name) <= 40 && zoneName.MatchString(name) {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, fmt.Errorf("unknown time zone %q", shorten(name, 40))
}

// ParseOffset reads an offset from UTC as people write it, "UTC+2", "GMT-3:30", "+0530",
// "UTC", and gives the name that LoadZone knows it by: "UTC+02:00", and "UTC" for zero.
func ParseOffset(text string) (zoneName string, ok bool) {
	text = strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	text = strings.NewReplacer("−", "-", "–", "-", "±", "+").Replace(text)
	if text == "UTC" || text == "GMT" {
		return "UTC", true
	}
	m := offsetName.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	hours, _ := strconv.Atoi(m[2])
	minutes, _ := strconv.Atoi("0" + m[3])
	total := hours*60 + minutes
	if m[1] == "-" {
		total = -total
	}
	switch {
	case minutes > 59 || total < minOffset || total > maxOffset:
		return "", false
	case total == 0:
		return "UTC", true
	}
	return fmt.Sprintf("UTC%s%02d:%02d", m[1], hours, minutes), true
}

// offsetMinutes reads the name of a fixed offset, "UTC+02:00".
func offsetMinutes(name string) int {
	hours, _ := strconv.Atoi(name[4:6])
	minutes, _ := strconv.Atoi(name[7:9])
	if name[3] == '-' {
		return -hours*60 - minutes
	}
	return hours*60 + minutes
}
