package catalog

import (
	"slices"
	"strings"
)

// mainPlaces are the places by whose clock most readers of a language live. Languages of
// many clocks (English, Spanish, Portuguese, French, Arabic, Russian) are not in it.
var mainPlaces = map[string]string{
	"am": "Addis Ababa", "az": "Baku", "be": "Minsk", "bg": "Sofia", "bn": "Dhaka", "bs": "Sarajevo", "ca": "Barcelona",
	"cs": "Prague", "da": "Copenhagen", "de": "Berlin", "el": "Athens", "et": "Tallinn", "eu": "Bilbao", "fa": "Tehran",
	"fi": "Helsinki", "ga": "Dublin", "gl": "Vigo", "gu": "Ahmedabad", "he": "Tel Aviv", "hi": "Delhi", "hr": "Zagreb",
	"hu": "Budapest", "hy": "Yerevan", "id": "Jakarta", "is": "Reykjavik", "it": "Rome", "ja": "Tokyo", "ka": "Tbilisi",
	"km": "Phnom Penh", "kn": "Bengaluru", "ko": "Seoul", "lo": "Vientiane", "lt": "Vilnius", "lv": "Riga", "mk": "Skopje",
	"ml": "Kochi, India", "mn": "Ulaanbaatar", "mr": "Mumbai", "ms": "Kuala Lumpur", "mt": "Valletta", "my": "Yangon",
	"nb": "Oslo", "ne": "Kathmandu", "nl": "Amsterdam", "nn": "Oslo", "no": "Oslo", "pl": "Warsaw", "ro": "Bucharest",
	"si": "Colombo", "sk": "Bratislava", "sl": "Ljubljana", "sq": "Tirana", "sr": "Belgrade", "sv": "Stockholm",
	"ta": "Chennai", "te": "Hyderabad, India", "th": "Bangkok", "tr": "Istanbul", "uk": "Kyiv", "ur": "Karachi",
	"uz": "Tashkent", "vi": "Hanoi", "zh": "Shanghai",
}

// usStates are the letters by which people tell American places apart.
var usStates = map[string]string{
	"al": "alabama", "ak": "alaska", "az": "arizona", "ar": "arkansas", "ca": "california", "co": "colorado",
	"ct": "connecticut", "dc": "district of columbia", "de": "delaware", "fl": "florida", "ga": "georgia", "hi": "hawaii",
	"ia": "iowa", "id": "idaho", "il": "illinois", "in": "indiana", "ks": "kansas", "ky": "kentucky", "la": "louisiana",
	"ma": "massachusetts", "md": "maryland", "me": "maine", "mi": "michigan", "mn": "minnesota", "mo": "missouri",
	"ms": "mississippi", "mt": "montana", "nc": "north carolina", "nd": "north dakota", "ne": "nebraska",
	"nh": "new hampshire", "nj": "new jersey", "nm": "new mexico", "nv": "nevada", "ny": "new york", "oh": "ohio",
	"ok": "oklahoma", "or": "oregon", "pa": "pennsylvania", "ri": "rhode island", "sc": "south carolina",
	"sd": "south dakota", "tn": "tennessee", "tx": "texas", "ut": "utah", "va": "virginia", "vt": "vermont",
	"wa": "washington", "wi": "wisconsin", "wv": "west virginia", "wy": "wyoming",
}

// GuessPlace is the place to offer to somebody who reads in this language, a BCP 47 tag:
// the one where most of its readers live, or a city of the tag's country if that has one
// clock ("de-AT", "en-GB"). There is none for languages of many clocks.
func GuessPlace(language string) (Place, bool) {
	tags := strings.FieldsFunc(language, func(r rune) bool { return r == '-' || r == '_' })
	if len(tags) == 0 {
		return Place{}, false
	}
	a := places()
	main, ok := a.mainPlace(strings.ToLower(tags[0]))
	for _, tag := range tags[1:] {
		c, isCountry := a.countries[strings.ToUpper(tag)]
		if !isCountry || ok && main.Country == c.name {
			continue
		}
		clocks := a.area(Place{}, c.cities)
		if len(clocks) != 1 {
			return Place{}, false
		}
		return a.seat(c, clocks[0].place.Zone), true
	}
	return main, ok
}

// mainPlace is the place of a base language.
func (a *atlas) mainPlace(language string) (Place, bool) {
	name, ok := mainPlaces[language]
	if !ok {
		return Place{}, false
	}
	return choose(a.find(name, fold(name)))[0], true
}

// seat is the city of the country that gave the zone its name, else its greatest.
func (a *atlas) seat(c country, zone string) Place {
	named, _ := a.zone(zone)
	for _, i := range a.called(fold(named.Name)) {
		if slices.Contains(c.cities, i) {
			return a.cities[i].place
		}
	}
	return a.cities[c.cities[0]].place
}
