package group

import "math"

// The chance that two articles tell the same event is a logistic function of a few
// things that are cheap to see. The weights were fitted to pairs of English and
// Vietnamese news articles of which it is known whether they do, see DESIGN.md.
const (
	chanceBias     = -6.8
	chanceAllWords = 7.9  // cosine of the weighted terms
	chanceTitle    = 4.25 // the same of the titles
	chanceRarest   = 3.8  // rarity of the rarest shared term
	chanceShared   = 1.8  // log(1 + number of shared terms)
	chanceDays     = -5.5 // log(1 + days between the two)
	chanceUndated  = -5.6 // a date is missing: the words must carry it alone
)

const (
	// mostDays apart, two articles are two events.
	mostDays = 4
	// titleWeight is how many times a term in the title counts.
	titleWeight = 2
	// saturation is the frequency at which a term counts half of what it ever can.
	saturation = 2
)

// weight is how much a term says in an article that has it this often.
func (x *Index) weight(t term, frequency int) float32 {
	tf := float32(frequency)
	return tf / (tf + saturation) * x.rarity[t.id()]
}

func (x *Index) weights(t term) (all, title float32) {
	n := t.inTitle()
	if n > 0 {
		title = x.weight(t, n)
	}
	return x.weight(t, titleWeight*n+t.inText()), title
}

func (x *Index) lengths(terms []term) (all, title float32) {
	for _, t := range terms {
		w, v := x.weights(t)
		all += w * w
		title += v * v
	}
	return float32(math.Sqrt(float64(all))), float32(math.Sqrt(float64(title)))
}

// evidence is what two articles have in common.
type evidence struct {
	all, title float32 // cosines
	rarest     float32 // rarity of the rarest shared term
	shared     int
}

func (x *Index) compare(a, b *article) evidence {
	var e evidence
	for i, j := 0, 0; i < len(a.terms) && j < len(b.terms); {
		s, t := a.terms[i], b.terms[j]
		switch {
		case s.id() < t.id():
			i++
		case s.id() > t.id():
			j++
		default:
			x.note(&e, s, t)
			i, j = i+1, j+1
		}
	}
	if e.shared > 0 {
		e.all /= a.length * b.length
	}
	if e.title > 0 {
		e.title /= a.titleLength * b.titleLength
	}
	return e
}

// note adds a shared term to the evidence.
func (x *Index) note(e *evidence, s, t term) {
	sAll, sTitle := x.weights(s)
	tAll, tTitle := x.weights(t)
	e.all += sAll * tAll
	e.title += sTitle * tTitle
	e.rarest = max(e.rarest, x.rarity[s.id()])
	e.shared++
}

// chance is how likely it is that two articles tell the same event, 0 to 1.
func (x *Index) chance(a, b *article) float64 {
	days, dated := daysBetween(a.stamp, b.stamp)
	if days > mostDays {
		return 0
	}
	e := x.compare(a, b)
	if e.shared == 0 {
		return 0
	}
	z := chanceBias + chanceAllWords*float64(e.all) + chanceTitle*float64(e.title) +
		chanceRarest*float64(e.rarest) + chanceShared*math.Log1p(float64(e.shared))
	if dated {
		z += chanceDays * math.Log1p(days)
	} else {
		z += chanceUndated
	}
	return 1 / (1 + math.Exp(-z))
}

// daysBetween is the time between two articles; dated is false if a date is missing.
func daysBetween(a, b stamp) (days float64, dated bool) {
	if a.unix == undated || b.unix == undated {
		return 0, false
	}
	return math.Abs(float64(a.unix-b.unix)) / (24 * 60 * 60), true
}
