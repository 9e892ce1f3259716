package catalog

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed places.tsv
var placesTSV string

//go:embed countries.tsv
var countriesTSV string

// Place is a place whose clock people name: a city, a country or an offset from UTC.
type Place struct {
	Name string
	// Region is set where the country has several places of the name: "Illinois".
	Region  string
	Country string // empty for a country itself, an offset and an IANA name
	Zone    string // as digest.LoadZone takes it
}

// String is the place as people write it, "Springfield, Illinois, United States";
// FindPlace finds it by that.
func (p Place) String() string {
	s := p.Name
	for _, more := range []string{p.Region, p.Country} {
		if more != "" {
			s += ", " + more
		}
	}
	return s
}

// atlas is the table of places in memory.
type atlas struct {
	cities    []city             // most populous first
	names     []nameOf           // every name of every city, sorted
	regions   map[string][]int   // folded name -> cities
	countries map[string]country // by code
	codes     map[string]string  // folded name or code -> code
}

type city struct {
	place     Place
	region    string // also where place.Region is empty
	code      string // of the country
	thousands int    // of people
}

type country struct {
	name   string
	cities []int
}

type nameOf struct {
	folded string
	city   int
}

// places is the atlas, read when it is first asked for.
var places = sync.OnceValue(func() *atlas {
	a := &atlas{
		regions:   map[string][]int{},
		countries: map[string]country{},
		codes:     map[string]string{},
	}
	for row := range rows(countriesTSV) {
		code := row[0]
		a.countries[code] = country{name: row[1]}
		a.codes[fold(code)] = code
		for _, name := range append(strings.Split(row[2], "|"), row[1]) {
			a.codes[fold(name)] = code
		}
	}
	delete(a.codes, "")
	for row := range rows(placesTSV) {
		a.add(row)
	}
	slices.SortFunc(a.names, func(x, y nameOf) int {
		if c := strings.Compare(x.folded, y.folded); c != 0 {
			return c
		}
		return x.city - y.city
	})
	a.names = slices.Compact(a.names)
	a.nameRegions()
	return a
})

// rows are the rows of an embedded table.
func rows(table string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(table) {
			if line[0] != '#' && !yield(strings.Split(strings.TrimSuffix(line, "\n"), "\t")) {
				return
			}
		}
	}
}

// add takes in a row of places.tsv.
func (a *atlas) add(row []string) {
	i, code := len(a.cities), row[3]
	thousands, _ := strconv.Atoi(row[4]) // a test reads every row
	c := a.countries[code]
	a.cities = append(a.cities, city{
		place:  Place{Name: row[0], Country: c.name, Zone: row[5]},
		region: row[2], code: code, thousands: thousands,
	})
	c.cities = append(c.cities, i)
	a.countries[code] = c
	a.names = append(a.names, nameOf{fold(row[0]), i})
	if row[1] != "" {
		for name := range strings.SplitSeq(row[1], "|") {
			a.names = append(a.names, nameOf{fold(name), i})
		}
	}
	if region := fold(row[2]); region != "" {
		a.regions[region] = append(a.regions[region], i)
	}
}

// nameRegions puts the region to the places that need it to be told apart.
func (a *atlas) nameRegions() {
	for i, n := range a.names {
		for _, m := range a.names[i+1:] {
			if m.folded != n.folded {
				break
			}
			if x, y := &a.cities[n.city], &a.cities[m.city]; x.code == y.code {
				x.place.Region, y.place.Region = x.region, y.region
			}
		}
	}
}

// called are the cities of exactly this name, most populous first.
func (a *atlas) called(folded string) []int {
	i, _ := slices.BinarySearchFunc(a.names, folded, func(n nameOf, s string) int { return strings.Compare(n.folded, s) })
	var found []int
	for ; i < len(a.names) && a.names[i].folded == folded; i++ {
		found = append(found, a.names[i].city)
	}
	return found
}

// beginning are the cities with a name that begins like this, most populous first.
func (a *atlas) beginning(folded string) []int {
	i, _ := slices.BinarySearchFunc(a.names, folded, func(n nameOf, s string) int { return strings.Compare(n.folded, s) })
	var found []int
	for ; i < len(a.names) && strings.HasPrefix(a.names[i].folded, folded); i++ {
		found = append(found, a.names[i].city)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// within keeps the cities in a region or country, in whole or by the beginning of its
// name.
func (a *atlas) within(found []int, area string, prefix bool) []int {
	area = fold(area)
	if state, ok := usStates[area]; ok {
		kept := slices.DeleteFunc(slices.Clone(found), func(i int) bool {
			return a.cities[i].code != "US" || fold(a.cities[i].region) != state
		})
		if len(kept) > 0 {
			return kept
		}
	}
	code := a.codes[area]
	return slices.DeleteFunc(slices.Clone(found), func(i int) bool {
		c := a.cities[i]
		region, name := fold(c.region), fold(c.place.Country)
		begins := prefix && (strings.HasPrefix(region, area) || strings.HasPrefix(name, area))
		return c.code != code && region != area && region+" "+name != area && !begins
	})
}

// letters without a decomposition of their own.
var plainLetters = map[rune]string{
	'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ə': "e", 'ħ': "h", 'ŋ': "n",
}

// fold makes names comparable: lower case, without accents, dots and apostrophes, other
// punctuation as one space.
func fold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch plain, ok := plainLetters[r]; {
		case unicode.Is(unicode.Mn, r), strings.ContainsRune(".'’ʻ`´", r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			space = b.Len() > 0
			continue
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			if ok {
				b.WriteString(plain)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}
