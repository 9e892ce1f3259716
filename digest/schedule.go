package digest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Weekdays is a set of days of the week, bit 1<<time.Weekday each.
type Weekdays uint8

// Sets of days people name.
const (
	EveryDay Weekdays = 0b1111111
	Workdays Weekdays = 0b0111110 // Monday to Friday
	Weekend  Weekdays = 0b1000001 // Saturday and Sunday
)

// On is the set of this one day.
func On(d time.Weekday) Weekdays { return 1 << d }

// Has tells whether the day is in the set.
func (w Weekdays) Has(d time.Weekday) bool { return w&On(d) != 0 }

// List is the days of the set, Monday first.
func (w Weekdays) List() []time.Weekday {
	var days []time.Weekday
	for i := range 7 {
		if d := time.Weekday((i + 1) % 7); w.Has(d) {
			days = append(days, d)
		}
	}
	return days
}

// Schedule is when a subscription is due: times of day on days of the week, on the clock
// of a zone.
type Schedule struct {
	Days  Weekdays `json:"days"`
	Times []int    `json:"times"` // minutes after midnight, ascending, 1 to MaxDigestsDay of them
	// Zone and Place are set where the schedule has a clock of its own ("8:00 Tokyo"),
	// else the chat's count. Zone is an IANA name or "UTC+02:00".
	Zone  string `json:"zone,omitempty"`
	Place string `json:"place,omitempty"`
}

// minutesDay is the length of a civil day in minutes, as a clock face shows it.
const minutesDay = 24 * 60

// Valid says what is wrong with the schedule, nil if nothing is.
func (s Schedule) Valid() error {
	switch {
	case s.Days == 0 || s.Days > EveryDay:
		return fmt.Errorf("schedule: no such days of the week: %#x", uint8(s.Days))
	case len(s.Times) == 0 || len(s.Times) > MaxDigestsDay:
		return fmt.Errorf("schedule: %d times a day, not 1 to %d", len(s.Times), MaxDigestsDay)
	}
	for i, t := range s.Times {
		if t < 0 || t >= minutesDay || i > 0 && t <= s.Times[i-1] {
			return fmt.Errorf("schedule: times of day not ascending from 0 to %d: %v", minutesDay-1, s.Times)
		}
	}
	if s.Zone == "" {
		return nil
	}
	_, err := LoadZone(s.Zone)
	return err
}

// PerDay is how many times the schedule is due on each of its days.
func (s Schedule) PerDay() int { return len(s.Times) }

// OtherHalf is the schedule with its times in the other half of the day: 20:00 for 08:00.
func (s Schedule) OtherHalf() Schedule {
	times := make([]int, len(s.Times))
	for i, t := range s.Times {
		times[i] = (t + minutesDay/2) % minutesDay
	}
	slices.Sort(times)
	s.Times = times
	return s
}

// Code is the schedule in a few characters, for buttons and lists: days as digits from
// Monday 1 to Sunday 7 or "*", then times, then the zone if it has its own:
// "12345@0730", "*@0800,1800@Asia/Tokyo". At most 26 bytes without a zone. Place is not
// part of it.
func (s Schedule) Code() string {
	var b strings.Builder
	if s.Days == EveryDay {
		b.WriteByte('*')
	} else {
		for _, d := range s.Days.List() {
			b.WriteByte('0' + byte((d+6)%7+1))
		}
	}
	for i, t := range s.Times {
		sep := ','
		if i == 0 {
			sep = '@'
		}
		fmt.Fprintf(&b, "%c%02d%02d", sep, t/60, t%60)
	}
	if s.Zone != "" {
		b.WriteString("@" + s.Zone)
	}
	return b.String()
}

// ParseScheduleCode reads what Code wrote and nothing else.
func ParseScheduleCode(code string) (Schedule, error) {
	bad := fmt.Errorf("not the code of a schedule: %q", shorten(code, 60))
	days, rest, _ := strings.Cut(code, "@")
	times, zone, _ := strings.Cut(rest, "@")
	s := Schedule{Days: EveryDay, Zone: zone}
	if days != "*" {
		s.Days = 0
		for _, c := range []byte(days) {
			if c < '1' || c > '7' {
				return Schedule{}, bad
			}
			s.Days |= On(time.Weekday((c - '0') % 7))
		}
	}
	for t := range strings.SplitSeq(times, ",") {
		n, err := strconv.ParseUint(t, 10, 16)
		if err != nil || n%100 > 59 || len(s.Times) == MaxDigestsDay {
			return Schedule{}, bad
		}
		s.Times = append(s.Times, int(n/100*60+n%100))
	}
	if s.Valid() != nil || s.Code() != code { // one schedule, one code
		return Schedule{}, bad
	}
	return s, nil
}

// shorten is text fit for an error message: clean, at most n runes.
func shorten(text string, n int) string {
	runes := []rune(Clean(text[:min(len(text), 4*n)]))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n]) + "…"
}
