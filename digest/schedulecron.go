package digest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// cronField is one column of a cron expression, see crontab(5).
type cronField struct {
	name  string
	to    int      // from 0 to
	names []string // of 0, 1, ...
}

var (
	cronMinute  = cronField{name: "minute", to: 59}
	cronHour    = cronField{name: "hour", to: 23}
	cronWeekday = cronField{name: "day of week", to: 7, names: []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}}
	cronShort   = map[string]string{
		"@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@hourly": "0 * * * *",
	}
)

// ParseCron reads a cron expression of five fields as far as a schedule can hold it:
// fixed minutes and hours on days of the week, "0 8,18 * * 1-5". Errors are
// *ScheduleError.
func ParseCron(expr string) (Schedule, error) {
	if len(expr) > maxPhrase {
		return Schedule{}, scheduleError(Unreadable, expr, "too long")
	}
	full := strings.ToLower(strings.TrimSpace(expr))
	if short, ok := cronShort[full]; ok {
		full = short
	}
	f := strings.Fields(full)
	if len(f) != 5 {
		return Schedule{}, scheduleError(Unreadable, expr, "a cron expression has five fields: minute, hour, day of month, month, day of week")
	}
	if !cronAny(f[2]) || !cronAny(f[3]) {
		return Schedule{}, scheduleError(TooSeldom, expr, "day of month and month must be *, digests come on days of the week")
	}
	minutes, err1 := cronMinute.values(f[0])
	hours, err2 := cronHour.values(f[1])
	weekdays, err3 := cronWeekday.values(f[4])
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			return Schedule{}, scheduleError(Unreadable, expr, err.Error())
		}
	}
	if n := len(minutes) * len(hours); n > MaxDigestsDay {
		return Schedule{}, scheduleError(TooOften, expr, fmt.Sprintf("due %d times a day, the most is %d", n, MaxDigestsDay))
	}
	s := Schedule{}
	for _, d := range weekdays {
		s.Days |= 1 << (d % 7) // 7 is Sunday too
	}
	for _, h := range hours {
		for _, m := range minutes {
			s.Times = append(s.Times, h*60+m)
		}
	}
	return s, nil
}

func cronAny(field string) bool { return field == "*" || field == "?" }

// values are the values of a field, ascending: lists of "*", "n", "a-b", each with "/step".
func (f cronField) values(text string) ([]int, error) {
	var values []int
	for part := range strings.SplitSeq(text, ",") {
		bounds, stepText, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			n, err := strconv.Atoi(stepText)
			if err != nil || n < 1 {
				return nil, fmt.Errorf("%s: no such step: %q", f.name, shorten(stepText, 20))
			}
			step = n
		}
		from, to, err := f.bounds(bounds, stepped)
		if err != nil {
			return nil, err
		}
		for v := from; v <= to; v += step {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	return slices.Compact(values), nil
}

// bounds reads "*", "n" or "a-b"; with a step, "n" goes on to the end.
func (f cronField) bounds(text string, open bool) (from, to int, err error) {
	if cronAny(text) {
		return 0, f.to, nil
	}
	first, last, isRange := strings.Cut(text, "-")
	from, err = f.value(first)
	switch {
	case err != nil:
		return 0, 0, err
	case isRange:
		to, err = f.value(last)
	case open:
		to = f.to
	default:
		to = from
	}
	if err == nil && to < from {
		err = fmt.Errorf("%s: %q ends before it begins", f.name, shorten(text, 20))
	}
	return from, to, err
}

func (f cronField) value(text string) (int, error) {
	if i := slices.Index(f.names, text); i >= 0 {
		return i, nil
	}
	n, err := strconv.ParseUint(text, 10, 8)
	if err != nil || int(n) > f.to {
		return 0, fmt.Errorf("%s: no such value: %q", f.name, shorten(text, 20))
	}
	return int(n), nil
}
