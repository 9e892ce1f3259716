package digest

import "time"

// localFormat is the form of Slot.Local.
const localFormat = "2006-01-02T15:04"

// Next is the first slot strictly later than after, the zero Slot if the schedule has
// no times or days.
//
// A slot is named by the civil time its schedule states, also where the zone's clock
// skips it: it is then due later by the length of the gap. Where two civil times come to
// the same instant that way, they are one slot, named by the time the clock does show.
func (s Schedule) Next(after time.Time, zone *time.Location) Slot {
	var next Slot
	year, month, day := after.In(zone).Date()
	// A gap moves a slot by at most a day, so days around the one under way may hold the
	// next slot, and the day after a find may still hold an earlier one.
	for d, last := -2, 9; d <= last; d++ {
		date := time.Date(year, month, day+d, 0, 0, 0, 0, time.UTC)
		if !s.Days.Has(date.Weekday()) {
			continue
		}
		for _, minutes := range s.Times {
			wall := date.Add(time.Duration(minutes) * time.Minute)
			at := civil(wall, zone)
			if at.After(after) && (next.IsZero() || !at.After(next.At)) {
				next = Slot{Local: wall.Format(localFormat), At: at}
				last = min(last, d+1)
			}
		}
	}
	return next
}

// civil is the instant at which the clock of the zone shows the time that wall shows in
// UTC: the first one if it comes twice; if it is skipped, as much later as the clock
// skips (the "compatible" rule of RFC 5545 and Temporal). time.Date promises neither.
func civil(wall time.Time, zone *time.Location) time.Time {
	const farthest = 27 * time.Hour // no clock is farther from UTC, before or after a change
	at := wall.Add(-farthest).In(zone)
	before := offset(at)
	for {
		_, end := at.ZoneBounds()
		here := wall.Add(-offset(at))
		switch {
		case here.Before(at): // this clock begins later: the time is skipped
			return wall.Add(-before).In(zone)
		case end.IsZero() || here.Before(end):
			return here.In(zone)
		}
		before, at = offset(at), end
	}
}

// offset is how far the zone's clock is ahead of UTC at an instant.
func offset(at time.Time) time.Duration {
	_, seconds := at.Zone()
	return time.Duration(seconds) * time.Second
}

// catchUpDays is how far back missed slots are listed one by one.
const catchUpDays = 30

// CatchUp sorts out what became due up to now for a subscription that waits for a slot:
// due is the newest slot if it is not too late for it (see Deadline), missed are the
// others of the last 30 days, oldest first. Both are zero if the slot is still to come.
func (s Schedule) CatchUp(waiting Slot, now time.Time, zone *time.Location) (due Slot, missed []Slot) {
	slot := waiting
	if horizon := now.AddDate(0, 0, -catchUpDays); slot.At.Before(horizon) {
		slot = s.Next(horizon, zone)
	}
	for ; !slot.IsZero() && !slot.At.After(now); slot = s.Next(slot.At, zone) {
		missed = append(missed, slot)
	}
	if n := len(missed); n > 0 && !now.After(s.Deadline(missed[n-1], zone)) {
		return missed[n-1], missed[:n-1]
	}
	return Slot{}, missed
}

// How late a digest may be.
const (
	maxLate     = 6 * time.Hour
	maxLateRare = 24 * time.Hour // where the next slot is more than a day away
)

// Deadline is the last moment at which the slot may still be delivered: half the time to
// the next slot, at most 6 hours; 24 hours where the next one is more than a day away.
func (s Schedule) Deadline(slot Slot, zone *time.Location) time.Time {
	gap := maxLate
	if next := s.Next(slot.At, zone); !next.IsZero() {
		gap = next.At.Sub(slot.At)
	}
	if gap > 25*time.Hour { // the longest day: one more hour in autumn
		return slot.At.Add(maxLateRare)
	}
	return slot.At.Add(min(maxLate, gap/2))
}
