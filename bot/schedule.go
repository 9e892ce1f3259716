package bot

import (
	"strings"
	"time"
	"unicode/utf8"

	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// placeName is what people call a clock: the place they named, else the zone's city.
func placeName(place, zone string) string {
	if place != "" {
		return place
	}
	if i := strings.LastIndexByte(zone, '/'); i >= 0 {
		zone = zone[i+1:]
	}
	if zone == "" {
		return "UTC"
	}
	return strings.ReplaceAll(zone, "_", " ")
}

// inWords says when a schedule is due: "Every day at 08:00".
func inWords(lang string, s digest.Schedule) string {
	var times []string
	for _, m := range s.Times {
		times = append(times, texts.Clock(lang, time.Date(2000, 1, 1, m/60, m%60, 0, 0, time.UTC)))
	}
	args := texts.Args{"Times": texts.List(lang, times, 0), "Count": len(times)}
	switch {
	case s.Days == digest.EveryDay && len(times) > 1:
		return texts.Say(lang, texts.ScheduleTimesADay, args)
	case s.Days == digest.EveryDay:
		return texts.Say(lang, texts.ScheduleDaily, args)
	case s.Days == digest.Workdays:
		return texts.Say(lang, texts.ScheduleWorkdays, args)
	}
	var days []string
	for _, d := range s.Days.List() {
		days = append(days, texts.WeekdayName(lang, d))
	}
	args["Days"] = texts.List(lang, days, 0)
	return texts.Say(lang, texts.ScheduleDays, args)
}

// withPlace is inWords with the clock it goes by.
func withPlace(lang string, s digest.Subscription, c digest.Chat) string {
	place := placeName(c.Settings.Place, c.Settings.Zone)
	if s.Schedule.Zone != "" {
		place = placeName(s.Schedule.Place, s.Schedule.Zone)
	}
	return inWords(lang, s.Schedule) + " (" + place + ")"
}

// midSentence is withPlace for the middle of a sentence.
func midSentence(lang string, s digest.Subscription, c digest.Chat) string {
	words := withPlace(lang, s, c)
	if strings.HasPrefix(words, texts.WeekdayName(lang, time.Monday)) {
		return words // a name keeps its capital: "Monday to Friday"
	}
	_, n := utf8.DecodeRuneInString(words)
	return strings.ToLower(words[:n]) + words[n:]
}

// clockOf is the clock that a subscription goes by, UTC where that is unknown.
func clockOf(s digest.Subscription, c digest.Chat) *time.Location {
	zone, err := s.Zone(c)
	if err != nil {
		return time.UTC
	}
	return zone
}

// firstOne says when the first digest of a subscription comes: "tomorrow, Mon 23 Nov".
func firstOne(lang string, s digest.Subscription, c digest.Chat, now time.Time) string {
	zone := clockOf(s, c)
	at := s.Next.At.In(zone)
	day := texts.Day(lang, at)
	switch days(at) - days(now.In(zone)) {
	case 0:
		return texts.Say(lang, texts.Today, texts.Args{"Day": day})
	case 1:
		return texts.Say(lang, texts.Tomorrow, texts.Args{"Day": day})
	}
	return day
}

// days counts the civil days up to t's on its own clock.
func days(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}
