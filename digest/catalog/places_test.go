package catalog

import (
	"errors"
	"strings"
	"testing"

	"newsdigest/digest"
)

func TestPlacesTable(t *testing.T) {
	seen := map[string]bool{}
	others, last := 0, 1<<30
	for row := range rows(placesTSV) {
		if len(row) != 6 || row[0] == "" || row[3] == "" {
			t.Fatalf("not a row: %q", row)
		}
		if key := strings.Join([]string{row[0], row[2], row[3], row[5]}, "\t"); seen[key] {
			t.Errorf("twice: %q", row)
		} else {
			seen[key] = true
		}
		if row[1] != "" {
			others += strings.Count(row[1], "|") + 1
		}
	}
	for _, c := range places().cities {
		if _, err := digest.LoadZone(c.place.Zone); err != nil {
			t.Errorf("%s: %v", c.place, err)
		}
		if c.thousands < 1 || c.thousands > last {
			t.Errorf("%s: %d thousand people after %d", c.place, c.thousands, last)
		}
		if c.place.Country == "" {
			t.Errorf("%s: no country %q", c.place, c.code)
		}
		last = c.thousands
	}
	for code, c := range places().countries {
		if len(c.cities) == 0 {
			t.Errorf("%s has no place", code)
		}
	}
	t.Logf("%d places, %d other names, %d bytes", len(seen), others, len(placesTSV))
	if len(seen) < 5000 || others < 400 || len(placesTSV) > 400_000 {
		t.Errorf("%d places, %d other names, %d bytes", len(seen), others, len(placesTSV))
	}
}

// TestFindPlace names places as people do; several answers are the question to ask.
func TestFindPlace(t *testing.T) {
	tests := map[string][]string{
		"Berlin": {"Berlin, Germany=Europe/Berlin"}, "berlin": {"Berlin, Germany=Europe/Berlin"},
		"  BERLIN ": {"Berlin, Germany=Europe/Berlin"}, "Berlin, Germany": {"Berlin, Germany=Europe/Berlin"},
		"berlin germany": {"Berlin, Germany=Europe/Berlin"}, "Berlin, DE": {"Berlin, Germany=Europe/Berlin"},
		"Munich": {"Munich, Germany=Europe/Berlin"}, "München": {"Munich, Germany=Europe/Berlin"},
		"Muenchen": {"Munich, Germany=Europe/Berlin"}, "munchen": {"Munich, Germany=Europe/Berlin"},
		"Köln": {"Cologne, Germany=Europe/Berlin"}, "Roma": {"Rome, Italy=Europe/Rome"},
		"Wien": {"Vienna, Austria=Europe/Vienna"}, "Praha": {"Prague, Czechia=Europe/Prague"},
		"Москва": {"Moscow, Russia=Europe/Moscow"}, "МОСКВА": {"Moscow, Russia=Europe/Moscow"},
		"Київ": {"Kyiv, Ukraine=Europe/Kyiv"}, "Kiev": {"Kyiv, Ukraine=Europe/Kyiv"},
		"北京": {"Beijing, China=Asia/Shanghai"}, "東京": {"Tokyo, Japan=Asia/Tokyo"},
		"القاهرة": {"Cairo, Egypt=Africa/Cairo"}, "서울": {"Seoul, South Korea=Asia/Seoul"},
		"กรุงเทพ": {"Bangkok, Thailand=Asia/Bangkok"}, "दिल्ली": {"Delhi, India=Asia/Kolkata"},
		"São Paulo": {"São Paulo, Brazil=America/Sao_Paulo"}, "Sao Paulo": {"São Paulo, Brazil=America/Sao_Paulo"},
		"istanbul": {"Istanbul, Turkey=Europe/Istanbul"}, "İSTANBUL": {"Istanbul, Turkey=Europe/Istanbul"},
		"lodz": {"Łódź, Poland=Europe/Warsaw"}, "St. Petersburg, Russia": {"Saint Petersburg, Russia=Europe/Moscow"},
		"xian": {"Xi'an, China=Asia/Shanghai"}, "Port au Prince": {"Port-au-Prince, Haiti=America/Port-au-Prince"},
		"New York": {"New York, United States=America/New_York"}, "NYC": {"New York, United States=America/New_York"},
		"Washington DC": {"Washington, United States=America/New_York"},
		"London":        {"London, United Kingdom=Europe/London"}, "Paris": {"Paris, France=Europe/Paris"},
		"London, Ontario": {"London, Canada=America/Toronto"}, "london canada": {"London, Canada=America/Toronto"},
		"Moscow": {"Moscow, Russia=Europe/Moscow"}, "Athens": {"Athens, Greece=Europe/Athens"},
		"Springfield": {
			"Springfield, Massachusetts, United States=America/New_York", "Springfield, Missouri, United States=America/Chicago",
			"Springfield, Oregon, United States=America/Los_Angeles"},
		"Springfield, Illinois": {"Springfield, Illinois, United States=America/Chicago"},
		"springfield il":        {"Springfield, Illinois, United States=America/Chicago"},
		"Portland, OR":          {"Portland, Oregon, United States=America/Los_Angeles"},
		"Birmingham": {
			"Birmingham, United Kingdom=Europe/London", "Birmingham, United States=America/Chicago"},
		"India": {"India=Asia/Kolkata"}, "Deutschland": {"Germany=Europe/Berlin"}, "UK": {"United Kingdom=Europe/London"},
		"Japan": {"Japan=Asia/Tokyo"}, "China": {"China=Asia/Shanghai"}, "Argentina": {"Argentina=America/Argentina/Buenos_Aires"},
		"Spain": {"Spain=Europe/Madrid"}, "Singapore": {"Singapore, Singapore=Asia/Singapore"},
		"California": {"California, United States=America/Los_Angeles"}, "Bayern": {"Bayern, Germany=Europe/Berlin"},
		"America/New_York": {"New York=America/New_York"}, "america/new_york": {"New York=America/New_York"},
		"Europe/Berlin": {"Berlin=Europe/Berlin"}, "Asia/Kolkata": {"Kolkata=Asia/Kolkata"}, "Etc/GMT+5": {"Etc/GMT+5=Etc/GMT+5"},
		"UTC+5:30": {"UTC+05:30=UTC+05:30"}, "GMT-3:30": {"UTC-03:30=UTC-03:30"}, "+0530": {"UTC+05:30=UTC+05:30"}, "UTC": {"UTC=UTC"},
		"Georgia": {"Georgia, United States=America/New_York", "Georgia=Asia/Tbilisi"},
	}
	for query, want := range tests {
		found, err := FindPlace(query)
		var got []string
		for _, p := range found {
			got = append(got, p.String()+"="+p.Zone)
		}
		if err != nil || strings.Join(got, "; ") != strings.Join(want, "; ") {
			t.Errorf("%q is %q, %v; want %q", query, got, err, want)
		}
	}
}

func TestFindPlaceAsksAboutCountriesOfManyClocks(t *testing.T) {
	for query, first := range map[string]string{"USA": "New York", "Russia": "Moscow", "Australia": "Sydney", "Canada": "Toronto"} {
		found, err := FindPlace(query)
		if err != nil || len(found) < 2 || found[0].Name != first {
			t.Errorf("%s: %v, %v", query, found, err)
		}
	}
}

func TestFindPlaceRefuses(t *testing.T) {
	for _, query := range []string{"EST", "est", "IST", "CST", "PST", "bst", "CET"} {
		if found, err := FindPlace(query); !errors.Is(err, ErrAmbiguousLetters) {
			t.Errorf("%q: %v, %v", query, found, err)
		}
	}
	near := map[string]string{
		"Berlinn": "Berlin, Germany", "berlni": "Berlin, Germany", "Pariss": "Paris, France", "Amsterdm": "Amsterdam, Netherlands",
		"Kopenhaggen": "Copenhagen, Denmark", "San Fr": "San Francisco, United States", "Москав": "Moscow, Russia",
		"": "", "x": "", "Qwrtzpsdf": "", "Local": "", "../../etc/passwd": "", "EST5EDT,M3": "", "Europe/Nowhere": "", "\x00": "",
		"UTC+25": "", "<script>": "", strings.Repeat("Berlin", 200_000): "",
	}
	for query, want := range near {
		found, err := FindPlace(query)
		var unknown *UnknownPlaceError
		if !errors.As(err, &unknown) {
			t.Errorf("%.40q: %v, %v", query, found, err)
			continue
		}
		got := ""
		if len(unknown.Near) > 0 {
			got = unknown.Near[0].String()
		}
		if want != "" && got != want || len(unknown.Near) > 3 || len(unknown.Error()) > 300 {
			t.Errorf("%.40q: near %v, want %q", query, unknown.Near, want)
		}
	}
}

// TestFindPlaceByString: what is shown in a list finds itself when it is sent back.
func TestFindPlaceByString(t *testing.T) {
	for _, c := range places().cities {
		found, err := FindPlace(c.place.String())
		if err != nil || len(found) != 1 || clockOf(found[0].Zone) != clockOf(c.place.Zone) {
			t.Errorf("%s (%s): %v, %v", c.place, c.place.Zone, found, err)
		}
	}
}

func TestCompletePlaces(t *testing.T) {
	tests := []struct{ prefix, first string }{
		{"Ber", "Berlin, Germany"}, {"ber", "Berlin, Germany"}, {"mün", "Munich, Germany"}, {"new y", "New York, United States"},
		{"Моск", "Moscow, Russia"}, {"東", "Tokyo, Japan"}, {"", "Tokyo, Japan"}, {"UTC+2", "UTC+02:00"},
		{"Europe/Ber", "Berlin, Germany"}, {"Paris, F", "Paris, France"}, {"Springfield, Ill", "Springfield, Illinois, United States"},
		{"Deutschl", "Germany"}, {"Indi", "Indianapolis, United States"},
	}
	for _, test := range tests {
		found := CompletePlaces(test.prefix, 25)
		if len(found) == 0 || found[0].String() != test.first {
			t.Errorf("%q: %v, want %s first", test.prefix, found, test.first)
		}
		for _, p := range found {
			if len(p.String()) > 80 {
				t.Errorf("%s is too long for a row of a list", p)
			}
		}
	}
	if found := CompletePlaces("a", 7); len(found) != 7 {
		t.Errorf("%d places, want 7", len(found))
	}
	if found := CompletePlaces("qqqq", 25); len(found) != 0 {
		t.Errorf("found %v", found)
	}
}

func TestGuessPlace(t *testing.T) {
	for language := range mainPlaces {
		p, ok := GuessPlace(language)
		if found, err := FindPlace(mainPlaces[language]); !ok || err != nil || found[0] != p {
			t.Errorf("%s: %v, %v, %v", language, p, found, err)
		}
	}
	tests := map[string]string{
		"de": "Berlin", "de-DE": "Berlin", "de-AT": "Vienna", "en-GB": "London", "es-ES": "Madrid", "fr-FR": "Paris", "zh-TW": "Taipei", "pt-BR": "São Paulo", "es-MX": "Mexico City",
		"ja": "Tokyo", "uk": "Kyiv", "sv-SE": "Stockholm", "zh-CN": "Shanghai", "DE_de": "Berlin", "zh-Hans": "Shanghai",
		"en": "", "es": "", "pt": "", "fr": "", "ar": "", "ru": "", "en-US": "", "": "", "xx": "", "-": "",
	}
	for language, want := range tests {
		if p, ok := GuessPlace(language); p.Name != want || ok != (want != "") {
			t.Errorf("%q: %v, want %q", language, p, want)
		}
	}
}

func FuzzFindPlace(f *testing.F) {
	for _, query := range []string{"Berlin", "Springfield, IL", "UTC+2", "EST", "東京", "a,b,c", ",", "Europe/Berlin", "\xff", "İ"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		found, err := FindPlace(query)
		if (len(found) == 0) != (err != nil) {
			t.Fatalf("%q: %v, %v", query, found, err)
		}
		for _, p := range found {
			if _, err := digest.LoadZone(p.Zone); err != nil || p.Name == "" {
				t.Fatalf("%q: %v, %v", query, p, err)
			}
		}
		CompletePlaces(query, 25)
		GuessPlace(query)
	})
}

func BenchmarkCompletePlaces(b *testing.B) {
	for _, prefix := range []string{"a", "san", "Springfield, I"} {
		b.Run(prefix, func(b *testing.B) {
			for b.Loop() {
				CompletePlaces(prefix, 25)
			}
		})
	}
}

func BenchmarkFindPlace(b *testing.B) {
	for _, query := range []string{"Berlin", "Berlinn", "USA"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				_, _ = FindPlace(query)
			}
		})
	}
}
