package summary

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// When two numbers of different outlets are said of the same thing. Found on the pairs in
// testdata/differ.txt and on stories of many outlets: whatever is in doubt is none.
const (
	// updatedAfter is how much later an article is when its other number is no longer a
	// contradiction but what has happened since.
	updatedAfter = 6 * time.Hour
	// differWithin is how many of an article's sentences are compared.
	differWithin = 15
	// differNumbers is how many of an article's numbers are compared: tables have more.
	differNumbers = 60
	// window is how many words before and after a number may say what it counts.
	window = 9
	// sameSubject is the weight of the words that both sentences must share, sameLead that
	// of the words that two leads must share.
	sameSubject = 1.0
	sameLead    = 1.5
	// sameClause is the share of the words of both clauses that they must have in common.
	// Two amounts of money for what has the same two words ("aid package") need less.
	sameClause = 0.7
	sameAmount = 0.45
	// tolls that are further apart than this count different things.
	tollsApart = 4
	// leadSentences is how many sentences are an article's lead.
	leadSentences = 3
)

// Claim is a number as published, with its bound and what it counts: "at least 11
// people". It is docs[Doc].Text[From:To].
type Claim struct {
	Doc, From, To int
	// Opens says that it begins its sentence, with a word that is written small elsewhere.
	Opens bool
}

// Difference is two numbers of different outlets for the same thing. One of them says so
// in a clause of its own, where it has a short one: "the first-year cut is 15%".
type Difference struct{ A, B Claim }

// Differ finds where the outlets of a story give different numbers for the same thing,
// and says so only if it is sure: the same unit, the same thing counted in the same
// connection, at about the same time, and not one the rounding or the bound of the other.
// Of several differences it gives the one that stands earliest in its articles; A is the
// older article.
func Differ(docs []Document) (Difference, bool) {
	if !contradictory(docs) {
		return Difference{}, false
	}
	var all []count
	for i, doc := range docs {
		all = append(all, countsOf(doc, i)...)
	}
	best, found := Difference{}, false
	early := math.MaxInt
	for i, a := range all {
		for _, b := range all[i+1:] {
			place := a.sentence + b.sentence
			if place >= early || a.doc == b.doc || !differ(docs, all, a, b) {
				continue
			}
			one, other := docs[a.doc], docs[b.doc]
			if cmp.Or(one.Published.Compare(other.Published), cmp.Compare(one.ID, other.ID)) > 0 {
				best = difference(b, a)
			} else {
				best = difference(a, b)
			}
			found, early = true, place
		}
	}
	return best, found
}

func difference(a, b count) Difference {
	if a.clauseFrom < a.clauseTo {
		return Difference{a.statement(), b.claim()}
	}
	return Difference{a.claim(), b.statement()}
}

// differ tells whether two numbers of all contradict each other.
func differ(docs []Document, all []count, a, b count) bool {
	if !apart(docs[a.doc], docs[b.doc]) || a.loose || b.loose || a.past || b.past || !same(a, b) || a.agrees(b.quantity) {
		return false
	}
	// Who gives the other's number as well speaks of two things.
	for _, c := range all {
		if c.value == a.value && oneOutlet(docs, c.doc, b.doc) && alike(a, c) || c.value == b.value && oneOutlet(docs, c.doc, a.doc) && alike(b, c) {
			return false
		}
	}
	return true
}

func oneOutlet(docs []Document, a, b int) bool {
	return a == b || docs[a].Outlet != "" && docs[a].Outlet == docs[b].Outlet
}

// alike tells whether two numbers might count the same.
func alike(a, b count) bool {
	return a.unit == b.unit && (a.unit != "" || a.event&b.event != 0 || a.noun[0] == b.noun[0] || b.loose)
}

// contradictory tells whether any two of the articles may contradict each other.
func contradictory(docs []Document) bool {
	for i, a := range docs {
		if slices.ContainsFunc(docs[i+1:], func(b Document) bool { return apart(a, b) }) {
			return true
		}
	}
	return false
}

// apart tells whether two articles may contradict each other: those of two outlets, told
// at about the same time.
func apart(a, b Document) bool {
	if a.Outlet == b.Outlet && a.Outlet != "" {
		return false
	}
	return a.Published.IsZero() || b.Published.IsZero() || a.Published.Sub(b.Published).Abs() <= updatedAfter
}

// same tells whether two numbers are said of the same thing.
func same(a, b count) bool {
	if a.lang != b.lang || a.unit != b.unit || a.event != b.event || a.person != b.person || !sameTime(a, b) ||
		!a.placed(b.place) || !b.placed(a.place) {
		return false
	}
	noun := a.noun[0] == b.noun[0] && (a.noun[1] == b.noun[1] || a.noun[1] == 0 || b.noun[1] == 0)
	lead := a.sentence < leadSentences && b.sentence < leadSentences
	switch {
	case a.event&victims != 0 && a.unit == "":
		near := max(a.value, b.value) <= tollsApart*min(a.value, b.value)
		return noun && near && shared(a.wide, b.wide) >= sameSubject
	case disjoint(a.subject, b.subject):
		return false
	case a.event != 0 && a.unit == "%" && lead:
		return shared(a.near, b.near) > 0 && shared(a.wide, b.wide) >= sameLead
	case !noun || a.noun[0] == 0 && a.unit == "":
		return false
	}
	least := float32(sameClause)
	if strings.Contains(currencies, a.unit) && a.unit != "" && a.noun[1] != 0 && a.noun == b.noun {
		least = sameAmount
	}
	common := shared(a.near, b.near)
	return common >= sameSubject && common >= least*(total(a.near)+total(b.near)-common)
}

func total(list []weighed) float32 { return shared(list, list) }

// placed tells whether a place, if one is given, is spoken of where the number stands.
func (c count) placed(place uint32) bool {
	return place == 0 || slices.ContainsFunc(c.wide, func(w weighed) bool { return w.hash == place })
}

// sameTime tells whether two sentences name no different years, months or weekdays.
func sameTime(a, b count) bool {
	for kind := range a.days {
		if disjoint(a.days[kind], b.days[kind]) {
			return false
		}
	}
	return true
}

func disjoint(a, b []uint32) bool {
	return len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(h uint32) bool { return slices.Contains(b, h) })
}

// agrees tells whether the two numbers can both be right: one rounds the other or bounds
// it.
func (a quantity) agrees(b quantity) bool {
	low, high := a, b
	if low.value > high.value {
		low, high = b, a
	}
	if low.value == high.value || low.value <= 0 {
		return true
	}
	gap := (high.value - low.value) / high.value
	loosely := a.about || b.about || a.least || b.least || a.most || b.most
	switch {
	case rounds(a.value, b.value) || rounds(b.value, a.value):
		return true
	case loosely && gap < 0.15 && high.value >= 20:
		return true
	case low.least && round(low.value), high.most && round(high.value): // more than 100, 160
		return true
	}
	return gap < 0.03 && high.value >= 1000
}

// rounds tells whether a is b with fewer digits.
func rounds(a, b float64) bool {
	for digits := 1; digits <= 4; digits++ {
		if r := rounded(b, digits); r == a && (b >= 20 || r != math.Trunc(b)) {
			return true
		}
	}
	return false
}

// round tells whether a number is one that people round to.
func round(v float64) bool { return v >= 20 && rounded(v, 1) == v || v >= 1000 && rounded(v, 2) == v }
