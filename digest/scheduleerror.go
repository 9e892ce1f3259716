package digest

import "fmt"

// ScheduleProblem is why a text is not a schedule.
type ScheduleProblem string

// The problems.
const (
	Unreadable ScheduleProblem = "unreadable"
	TooOften   ScheduleProblem = "too often"  // more than MaxDigestsDay a day, or at an interval
	TooSeldom  ScheduleProblem = "too seldom" // more than a week apart: "monthly"
	OnlyOnce   ScheduleProblem = "only once"  // "tomorrow"; Instead is the same every day
)

// ScheduleError says why a text is not a schedule.
type ScheduleError struct {
	Problem ScheduleProblem
	Text    string   // what was typed, cleaned and shortened
	Detail  string   // more for those who write cron expressions, may be empty
	Instead *Reading // what could be offered, nil if nothing
}

// Error implements error.
func (e *ScheduleError) Error() string {
	s := fmt.Sprintf("cannot read the schedule %q", e.Text)
	switch {
	case e.Detail != "":
		return s + ": " + e.Detail
	case e.Problem == TooOften:
		return fmt.Sprintf("%s: digests come at set times, up to %d a day", s, MaxDigestsDay)
	case e.Problem == TooSeldom:
		return s + ": digests come at least once a week"
	case e.Problem == OnlyOnce:
		return s + ": that would be once"
	}
	return s
}

func scheduleError(p ScheduleProblem, text, detail string) *ScheduleError {
	return &ScheduleError{Problem: p, Text: shorten(text, 60), Detail: detail}
}
