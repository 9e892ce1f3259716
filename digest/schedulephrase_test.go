package digest

import (
	"errors"
	"strings"
	"testing"
)

// Every phrase with the code of its schedule; then the place after "|", and the time of
// the other reading after "/".
var phrases = []struct{ text, want string }{
	{"daily at 8", "*@0800/2000"},
	{"every day 8", "*@0800/2000"},
	{"everyday 8:15", "*@0815/2015"},
	{"8am", "*@0800"},
	{"8 a.m.", "*@0800"},
	{"8 AM", "*@0800"},
	{"each morning", "*@0800"},
	{"every single day at 9", "*@0900/2100"},
	{"daily", "*@0800"},
	{"every day", "*@0800"},
	{"Daily at 8.", "*@0800/2000"},
	{"  daily   at\t8  ", "*@0800/2000"},
	{"every day @ 8", "*@0800/2000"},
	{"please every day at 8!", "*@0800/2000"},
	{"all week at 7", "*@0700/1900"},
	{"8", "*@0800/2000"},
	{"08", "*@0800"},
	{"12", "*@1200/0000"},
	{"0:30", "*@0030"},
	{"18h", "*@1800"},
	{"7h30", "*@0730/1930"},
	{"730", "*@0730/1930"},
	{"0730", "*@0730"},
	{"0800 hours", "*@0800"},
	{"23:59", "*@2359"},
	{"12am", "*@0000"},
	{"12 pm", "*@1200"},
	{"12:30 AM", "*@0030"},
	{"11:59pm", "*@2359"},
	{"weekdays 7:30", "12345@0730/1930"},
	{"mon-fri 0730", "12345@0730"},
	{"Mon – Fri, 07:30", "12345@0730"},
	{"monday to friday at 7:30 am", "12345@0730"},
	{"monday through friday noon", "12345@1200"},
	{"workdays at half past 7", "12345@0730/1930"},
	{"fri-mon 9", "1567@0900/2100"},
	{"weekday mornings", "12345@0800"},
	{"mornings on weekdays", "12345@0800"},
	{"daily on weekdays at 8", "12345@0800/2000"},
	{"every Monday 9am", "1@0900"},
	{"mondays 9", "1@0900/2100"},
	{"monday morning", "1@0800"},
	{"every friday morning at 7", "5@0700"},
	{"weekly", "1@0900"},
	{"once a week", "1@0900"},
	{"every week", "1@0900"},
	{"weekly on friday", "5@0900"},
	{"weekly on friday at 6pm", "5@1800"},
	{"fridays", "5@0800"},
	{"weekends 10", "67@1000/2200"},
	{"every weekend at 10:30", "67@1030/2230"},
	{"sat, sun 10", "67@1000/2200"},
	{"sat/sun 10", "67@1000/2200"},
	{"mon, wed, fri at 6pm", "135@1800"},
	{"mon wed fri 18:00", "135@1800"},
	{"mon, wed, and fri at 6pm", "135@1800"},
	{"tuesday and thursday 12:15", "24@1215/0015"},
	{"tue. & thu. 13:15", "24@1315"},
	{"at 6pm on sundays", "7@1800"},
	{"8:00 every day", "*@0800/2000"},
	{"6pm mon-thu", "1234@1800"},
	{"every day except sunday at 8", "123456@0800/2000"},
	{"daily at 8 but not on weekends", "12345@0800/2000"},
	{"8 and 18", "*@0800,1800"},
	{"8, 18", "*@0800,1800"},
	{"18 and 8", "*@0800,1800"},
	{"8 & 18", "*@0800,1800"},
	{"8 and 8", "*@0800/2000"},
	{"7, 12, 17 and 22", "*@0700,1200,1700,2200"},
	{"daily at 8 and 18", "*@0800,1800"},
	{"weekdays at 8am and 6pm", "12345@0800,1800"},
	{"morning and evening", "*@0800,1800"},
	{"mornings and evenings on weekends", "67@0800,1800"},
	{"every morning and evening", "*@0800,1800"},
	{"every morning at 6 and every evening at 7", "*@0600,1900"},
	{"twice a day", "*@0800,1800"},
	{"twice daily", "*@0800,1800"},
	{"2x a day", "*@0800,1800"},
	{"two times per day", "*@0800,1800"},
	{"twice a day on weekdays", "12345@0800,1800"},
	{"twice a day at 9 and 21", "*@0900,2100"},
	{"three times a day", "*@0800,1300,1800"},
	{"4 times a day", "*@0800,1200,1600,2000"},
	{"4 a day", "*@0800,1200,1600,2000"},
	{"once a day", "*@0800"},
	{"once a day at 7", "*@0700/1900"},
	{"daily at 8 UTC+2", "*@0800|UTC+2/2000"},
	{"8:00 Tokyo", "*@0800|Tokyo/2000"},
	{"8:00, Tokyo", "*@0800|Tokyo/2000"},
	{"8am in New York", "*@0800|New York"},
	{"08:00 (São Paulo)", "*@0800|São Paulo"},
	{"8pm Berlin time", "*@2000|Berlin"},
	{"18:00 東京", "*@1800|東京"},
	{"weekdays 18:00 America/New_York", "12345@1800|America/New_York"},
	{"18:00 +0530", "*@1800|+0530"},
	{"18:00 -3:30", "*@1800|-3:30"},
	{"18:00+02:00", "*@1800|+02:00"},
	{"8 and 18 GMT-3:30", "*@0800,1800|GMT-3:30"},
	{"noon in Port-au-Prince", "*@1200|Port-au-Prince"},
	{"8am EST", "*@0800|EST"},
	{"noon", "*@1200"},
	{"12 noon", "*@1200"},
	{"midnight", "*@0000"},
	{"12 midnight", "*@0000"},
	{"evening", "*@1800"},
	{"nightly", "*@2100"},
	{"afternoons", "*@1500"},
	{"8 in the evening", "*@2000"},
	{"8 in the morning", "*@0800"},
	{"1 at night", "*@0100"},
	{"10 at night", "*@2200"},
	{"12 at night", "*@0000"},
	{"3 in the afternoon", "*@1500"},
	{"evenings at 20:15", "*@2015"},
	{"7.30", "*@0730/1930"},
	{"8 o'clock", "*@0800/2000"},
	{"8 o’clock in the morning", "*@0800"},
	{"quarter to 9", "*@0845/2045"},
	{"a quarter past nine pm", "*@2115"},
	{"half past seven", "*@0730/1930"},
	{"ten to 8", "*@0750/1950"},
	{"20 past 8", "*@0820/2020"},
	{"five after 12", "*@1205/0005"},
	{"eight", "*@0800/2000"},
	{"seven thirty am", "*@0730"},
}

func TestParseSchedule(t *testing.T) {
	for _, p := range phrases {
		r, err := ParseSchedule(p.text)
		if err != nil {
			t.Errorf("%q: %v", p.text, err)
			continue
		}
		got := r.Schedule.Code()
		if r.Place != "" {
			got += "|" + r.Place
		}
		if o, ok := r.Other(); ok {
			got += "/" + strings.TrimPrefix(o.Code(), strings.SplitAfter(o.Code(), "@")[0])
		}
		if got != p.want {
			t.Errorf("%q is %s, want %s", p.text, got, p.want)
		}
		if err := r.Schedule.Valid(); err != nil {
			t.Errorf("%q: %v", p.text, err)
		}
	}
	t.Logf("%d phrases", len(phrases))
}

func TestParseScheduleRefuses(t *testing.T) {
	tests := []struct {
		text    string
		want    ScheduleProblem
		instead string
	}{
		{text: "hourly", want: TooOften},
		{text: "every hour", want: TooOften},
		{text: "every 3 hours", want: TooOften},
		{text: "every half hour", want: TooOften},
		{text: "every 30 minutes", want: TooOften},
		{text: "every few minutes", want: TooOften},
		{text: "in 2 hours", want: TooOften},
		{text: "5 times a day", want: TooOften},
		{text: "10x a day", want: TooOften},
		{text: "7, 8, 9, 10 and 11", want: TooOften},
		{text: "monthly", want: TooSeldom},
		{text: "every month", want: TooSeldom},
		{text: "every other day", want: TooSeldom},
		{text: "every 2 weeks", want: TooSeldom},
		{text: "every second monday", want: TooSeldom},
		{text: "tomorrow", want: OnlyOnce, instead: "*@0800"},
		{text: "tomorrow at 9", want: OnlyOnce, instead: "*@0900"},
		{text: "tonight", want: OnlyOnce, instead: "*@2000"},
		{text: "this evening", want: OnlyOnce, instead: "*@1800"},
		{text: "next monday 7am", want: OnlyOnce, instead: "1@0700"},
		{text: "once", want: OnlyOnce, instead: "*@0800"},
		{text: "", want: Unreadable},
		{text: " \n\t ", want: Unreadable},
		{text: "...", want: Unreadable},
		{text: "25:00", want: Unreadable},
		{text: "24:00", want: Unreadable},
		{text: "8:75", want: Unreadable},
		{text: "8:5", want: Unreadable},
		{text: "8:", want: Unreadable},
		{text: "13pm", want: Unreadable},
		{text: "0am", want: Unreadable},
		{text: "99999", want: Unreadable},
		{text: "123456789012345678901234567890", want: Unreadable},
		{text: "every blue moon", want: Unreadable},
		{text: "every 3 blue moons", want: Unreadable},
		{text: "every", want: Unreadable},
		{text: "every 8", want: Unreadable},
		{text: "8 30", want: Unreadable},
		{text: "8-18", want: Unreadable},
		{text: "8 - 18", want: Unreadable},
		{text: "8 to 18", want: Unreadable},
		{text: "9 to 5", want: Unreadable},
		{text: "half 8", want: Unreadable},
		{text: "8 and", want: Unreadable},
		{text: "and 8", want: Unreadable},
		{text: "8 and and 9", want: Unreadable},
		{text: "mon 8, tue 9", want: Unreadable},
		{text: "8 on mondays and 9", want: Unreadable},
		{text: "weekdays-weekends 8", want: Unreadable},
		{text: "daily except daily", want: Unreadable},
		{text: "daily except", want: Unreadable},
		{text: "daily except at 8", want: Unreadable},
		{text: "mondays except mondays", want: Unreadable},
		{text: "twice a day at 9", want: Unreadable},
		{text: "twice a week", want: Unreadable},
		{text: "0 times a day", want: Unreadable},
		{text: "8 noon", want: Unreadable},
		{text: "morning at 18", want: Unreadable},
		{text: "Tokyo", want: Unreadable},
		{text: "daily Tokyo", want: Unreadable},
		{text: "8 +99", want: Unreadable},
		{text: "8 (", want: Unreadable},
		{text: "8\x00", want: Unreadable},
		{text: "\x00", want: Unreadable},
		{text: "\xff\xfe 8", want: Unreadable},
		{text: "8 💣", want: Unreadable},
		{text: "0 8 * * 1-5", want: Unreadable},
		{text: strings.Repeat("8 ", 1<<19), want: Unreadable},
		{text: "8 " + strings.Repeat("x", 190), want: Unreadable},
	}
	for _, test := range tests {
		r, err := ParseSchedule(test.text)
		var refused *ScheduleError
		if !errors.As(err, &refused) {
			t.Errorf("%.40q is read as %s %q", test.text, r.Schedule.Code(), r.Place)
			continue
		}
		instead := ""
		if refused.Instead != nil {
			instead = refused.Instead.Schedule.Code()
		}
		if refused.Problem != test.want || instead != test.instead {
			t.Errorf("%.40q: %s, instead %q; want %s, %q", test.text, refused.Problem, instead, test.want, test.instead)
		}
		if len(refused.Error()) > 400 {
			t.Errorf("%.40q: the error has %d bytes", test.text, len(refused.Error()))
		}
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, p := range phrases {
		f.Add(p.text)
	}
	for _, text := range []string{"hourly", "tomorrow", "8:", "8 (", "a.m.", "''", "every", "8\x00", "mon-"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseSchedule(text)
		if err != nil {
			var refused *ScheduleError
			if !errors.As(err, &refused) || refused.Problem == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			if (refused.Problem == OnlyOnce) != (refused.Instead != nil) {
				t.Fatalf("%q: %s, instead %v", text, refused.Problem, refused.Instead)
			}
			return
		}
		if err := r.Schedule.Valid(); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if o, ok := r.Other(); ok && o.Valid() != nil {
			t.Fatalf("%q: %v", text, o.Valid())
		}
	})
}
