package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"newsdigest/digest"
)

// ErrAmbiguousLetters is FindPlace's answer to "EST", "IST" and the like, which mean
// different clocks in different parts of the world, or only half of the year.
var ErrAmbiguousLetters = errors.New("letters mean different clocks in different places")

// UnknownPlaceError says that no place has this name.
type UnknownPlaceError struct {
	Query string
	Near  []Place // places of a similar name, the likeliest first, at most 3
}

// Error implements error.
func (e *UnknownPlaceError) Error() string {
	if len(e.Near) == 0 {
		return fmt.Sprintf("no place called %q", e.Query)
	}
	return fmt.Sprintf("no place called %q, did you mean %s?", e.Query, e.Near[0])
}

// maxQuery is the longest name of a place that is looked for, in bytes.
const maxQuery = 120

// clockLetters are abbreviations of clocks that people may try.
var clockLetters = strings.Fields(`acst acdt aest aedt ast adt awst bst cat cdt cest cet cst ct eat ect edt eest eet est et
	gst hst ist jst kst mdt mest met msk mst mt ndt nst nzdt nzst pdt pht pst pt sast sgt sst wast wat west wet wib`)

// dominance is how many times more people a place must have than any other of its name
// to be meant without asking: London is London in England, Springfield could be any.
const dominance = 10

// FindPlace finds the clock that people mean by the name of a city in English or its own
// language ("Munich", "München"), with region or country if they like ("Springfield,
// Illinois"), of a country or region, by an IANA name or an offset from UTC. Case and
// accents do not count.
//
// Several places mean that one has to ask: their clocks differ, the most populous comes
// first. A place at least ten times as populous as the others of its name is meant
// alone. Errors are ErrAmbiguousLetters and *UnknownPlaceError.
func FindPlace(query string) ([]Place, error) {
	query = digest.Clean(query[:min(len(query), maxQuery+1)])
	if zone, ok := digest.ParseOffset(query); ok {
		return []Place{{Name: zone, Zone: zone}}, nil
	}
	if slices.Contains(clockLetters, strings.ToLower(query)) {
		return nil, ErrAmbiguousLetters
	}
	a := places()
	if p, ok := a.zone(query); ok {
		return []Place{p}, nil
	}
	if folded := fold(query); len(query) <= maxQuery && folded != "" {
		if found := a.find(query, folded); len(found) > 0 {
			return choose(found), nil
		}
		return nil, &UnknownPlaceError{Query: query, Near: a.near(folded)}
	}
	return nil, &UnknownPlaceError{Query: query}
}

// zone is the place of an IANA name, in any case.
func (a *atlas) zone(name string) (Place, bool) {
	if !strings.Contains(name, "/") {
		return Place{}, false
	}
	for _, c := range a.cities {
		if strings.EqualFold(c.place.Zone, name) {
			name = c.place.Zone
			break
		}
	}
	if _, err := digest.LoadZone(name); err != nil {
		return Place{}, false
	}
	short := name[strings.LastIndex(name, "/")+1:]
	if strings.HasPrefix(name, "Etc/") {
		short = name // its signs are the other way round
	}
	return Place{Name: strings.ReplaceAll(short, "_", " "), Zone: name}, true
}

// candidate is a place that may be meant, with the people who might mean it.
type candidate struct {
	place     Place
	thousands int
}

// find are the places of a name, of a name within an area, or of an area.
func (a *atlas) find(query, folded string) []candidate {
	found := a.called(folded)
	if len(found) == 0 {
		found = a.calledWithin(query)
	}
	var all []candidate
	for _, i := range found {
		all = append(all, candidate{a.cities[i].place, a.cities[i].thousands})
	}
	code, isCountry := a.codes[folded]
	capital := slices.ContainsFunc(found, func(i int) bool { return a.cities[i].code == code })
	if isCountry && len(folded) > 1 && !capital {
		c := a.countries[code]
		all = append(all, a.area(Place{Name: c.name}, c.cities)...)
	}
	if len(found) == 0 {
		all = append(all, a.region(folded)...)
	}
	return all
}

// calledWithin finds "Springfield, Illinois" and "springfield il".
func (a *atlas) calledWithin(query string) []int {
	if name, area, ok := strings.Cut(query, ","); ok {
		return a.within(a.called(fold(name)), area, false)
	}
	words := strings.Fields(query)
	for n := len(words) - 1; n > 0; n-- {
		found := a.within(a.called(fold(strings.Join(words[:n], " "))), strings.Join(words[n:], " "), false)
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// region are the places that stand for a region: its clocks, country by country.
func (a *atlas) region(folded string) []candidate {
	var all []candidate
	cities := a.regions[folded]
	for len(cities) > 0 {
		first := a.cities[cities[0]]
		other := func(i int) bool { return a.cities[i].code != first.code }
		here := slices.DeleteFunc(slices.Clone(cities), other)
		cities = slices.DeleteFunc(slices.Clone(cities), func(i int) bool { return !other(i) })
		all = append(all, a.area(Place{Name: first.region, Country: first.place.Country}, here)...)
	}
	return all
}

// area is what stands for an area with these cities: the area itself if it has one
// clock, or one that most people live by, else the greatest city of each clock.
func (a *atlas) area(self Place, cities []int) []candidate {
	var clocks []candidate
	for _, i := range cities {
		clocks = append(clocks, candidate{a.cities[i].place, a.cities[i].thousands})
	}
	clocks = merge(clocks, true)
	if dominates(clocks) {
		self.Zone = clocks[0].place.Zone
		return []candidate{{self, clocks[0].thousands}}
	}
	return clocks
}

// dominates tells whether the first candidate is meant without asking.
func dominates(c []candidate) bool {
	return len(c) == 1 || len(c) > 1 && c[0].thousands >= dominance*c[1].thousands
}

// choose are the places to ask about; one is no question.
func choose(found []candidate) []Place {
	found = merge(found, false)
	if dominates(found) {
		found = found[:1]
	}
	var chosen []Place
	for _, c := range found {
		chosen = append(chosen, c.place)
	}
	return chosen
}

// merge keeps the most populous candidate of each clock, in the order of people; sum
// counts those of all its candidates.
func merge(found []candidate, sum bool) []candidate {
	slices.SortStableFunc(found, byPeople)
	var kept []candidate
	seen := map[clock]int{}
	for _, c := range found {
		k := clockOf(c.place.Zone)
		i, ok := seen[k]
		switch {
		case !ok:
			seen[k] = len(kept)
			kept = append(kept, c)
		case sum:
			kept[i].thousands += c.thousands
		}
	}
	slices.SortStableFunc(kept, byPeople)
	return kept
}

func byPeople(x, y candidate) int { return cmp.Compare(y.thousands, x.thousands) }

// clock is what a zone's clock shows in the middle of each month, as seconds ahead of
// UTC. Zones that agree in it are one clock to people, whatever they were in the past.
type clock [24]int

// clockOf is the clock of a zone of the table.
func clockOf(name string) clock {
	var k clock
	zone, err := digest.LoadZone(name)
	if err != nil {
		return k // a test loads them all
	}
	for month := range k {
		_, k[month] = time.Date(2026, time.January+time.Month(month), 15, 0, 0, 0, 0, time.UTC).In(zone).Zone()
	}
	return k
}

// CompletePlaces are places that begin like the prefix, the most populous first, then
// countries; at most limit of them. FindPlace finds each by its String.
func CompletePlaces(prefix string, limit int) []Place {
	prefix = digest.Clean(prefix[:min(len(prefix), maxQuery)])
	var all []Place
	if zone, ok := digest.ParseOffset(prefix); ok {
		all = append(all, Place{Name: zone, Zone: zone})
	}
	prefix = prefix[strings.LastIndex(prefix, "/")+1:] // "Europe/Ber"
	name, area, inArea := strings.Cut(prefix, ",")
	a := places()
	found := a.beginning(fold(name))
	if inArea {
		found = a.within(found, area, true)
	}
	for _, i := range found {
		if len(all) >= limit {
			break
		}
		all = append(all, a.cities[i].place)
	}
	if folded := fold(prefix); len(folded) > 2 && len(all) < limit {
		all = append(all, a.countriesLike(folded)...)
	}
	return all[:min(limit, len(all))]
}

// countriesLike are the countries whose name begins so.
func (a *atlas) countriesLike(folded string) []Place {
	var codes []string
	for name, code := range a.codes {
		if strings.HasPrefix(name, folded) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	var all []candidate
	for _, code := range slices.Compact(codes) {
		c := a.countries[code]
		all = append(all, a.area(Place{Name: c.name}, c.cities)...)
	}
	slices.SortStableFunc(all, byPeople)
	var found []Place
	for _, c := range all {
		found = append(found, c.place)
	}
	return found
}
