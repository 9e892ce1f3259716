package group

import "math"

// The chance that two articles tell the same event is a logistic function of a few
// things that are cheap to see. The weights were fitted to pairs of English and
// Vietnamese news articles of which it is known whether they do (fit_test.go).
const (
	chanceBias    = -12.67
	chanceAll     = 5.0   // cosine of the weighted terms
	chanceTitle   = 2.6   // the same of the titles
	chanceCovered = 6.0   // how much of each title is anywhere in the other article, the mean
	chanceRarest  = 6.0   // rarity of the rarest shared term
	chanceShared  = 3.0   // log(1 + number of shared terms)
	chanceDays    = -5.0  // log(1 + days between the two)
	chanceUndated = -4.45 // a date is missing: the words must carry it alone
	chanceBare    = 5.37  // one has a title only: there is less to share
	chanceForeign = -0.7  // how much of the names in the titles is not in the other article
	chanceSeldom  = -5.0  // how far covered is below seldom; not if one has a title only
)

const (
	// mostDays apart, two articles are two events.
	mostDays = 4
	// titleWeight is how many times a term in the title counts.
	titleWeight = 2
	// saturation is the frequency at which a term counts half of what it ever can.
	saturation = 2
	// seldom is the share of the titles in the other article below which it speaks against
	// one event.
	seldom = .25
	// What the titles tell of the other article below mostlyElsewhere does not tie the two:
	// then the second rarest of the shared terms has to tell as much as telling. A name
	// that both have, or one unusual word, is no event.
	mostlyElsewhere = .3
	telling         = .675
)

// frequencyWeights are what a term counts by how often an article has it.
var frequencyWeights = func() (w [titleWeight*maxInTitle + maxInText + 1]float32) {
	for n := range w {
		w[n] = weightOne * float32(n) / float32(n+saturation)
	}
	return w
}()

// weightOne is the weight 1. Weights are whole numbers so that their sums do not depend
// on the order of the terms, which another one is after a restart.
const weightOne = 1 << 12

// weight is how much a term says in an article that has it, in its title, and as a name.
type weight struct{ all, title, name int64 }

func (x *Index) weigh(t term) weight {
	r := x.rarity(t.id())
	n := t.inTitle()
	w := weight{
		all:   int64(frequencyWeights[titleWeight*n+t.inText()] * r),
		title: int64(frequencyWeights[n] * r),
	}
	if t.isName() {
		w.name = int64(weightOne * r * r)
	}
	return w
}

// probe is an article that others are compared with, and what its terms weigh.
type probe struct {
	*article
	weights                  []weight  // by term
	here                     []float32 // by term: its rarity among the live articles
	allSquared, titleSquared int64     // sums of squares
	names                    naming
}

// aim makes the article the one that others are compared with.
func (x *Index) aim(a *article) {
	p := &x.probe
	*p = probe{article: a, weights: p.weights[:0], here: p.here[:0]}
	x.speak(a.lang)
	for _, t := range a.terms {
		w := x.weigh(t)
		p.weights = append(p.weights, w)
		p.here = append(p.here, x.rarityHere(t.id()))
		p.allSquared += w.all * w.all
		p.titleSquared += w.title * w.title
		p.names.add(w)
	}
}

// evidence is what two articles have in common.
type evidence struct {
	all, title, covered float64
	rarest, second      float32 // rarity of the rarest shared terms
	shared              int
	// foreign is how much of the names in each title is not in the other article, the
	// smaller share; apart says that the two have names of their own throughout.
	foreign float64
	apart   bool
	bare    bool // one has a title only
}

// found takes the rarity of a term that both have.
func (e *evidence) found(rarity float32) {
	e.second = max(e.second, min(e.rarest, rarity))
	e.rarest = max(e.rarest, rarity)
	e.shared++
}

// loose tells whether nothing but a single word ties the two articles.
func (e *evidence) loose() bool {
	return !e.bare && e.covered < mostlyElsewhere && e.second < telling
}

// compare says what the article has in common with the one aimed at.
func (x *Index) compare(b *article) evidence {
	e := evidence{bare: b.bare || x.probe.bare}
	var all, title, found, foundHere int64 // products, and squares of the title's terms found
	var allSquared, titleSquared int64
	var names naming
	var common sharedNames
	p, i := &x.probe, 0
	for _, t := range b.terms {
		w := x.weigh(t)
		allSquared += w.all * w.all
		titleSquared += w.title * w.title
		names.add(w)
		for i < len(p.terms) && p.terms[i].id() < t.id() {
			i++
		}
		if i == len(p.terms) || !p.terms[i].same(t) {
			continue
		}
		v := p.weights[i]
		all += w.all * v.all
		title += w.title * v.title
		found += v.title * v.title
		foundHere += w.title * w.title
		if r := x.rarity(t.id()); e.bare {
			e.found(r)
		} else {
			e.found(min(r, p.here[i]))
		}
		common.add(v, w)
	}
	e.all = cosine(all, allSquared, p.allSquared)
	e.title = cosine(title, titleSquared, p.titleSquared)
	e.covered = (share(found, p.titleSquared) + share(foundHere, titleSquared)) / 2
	e.foreign = common.foreign(p.names, names)
	e.apart = e.foreign > mostlyForeign && common.apart(p.names, names) && !e.bare
	return e
}

func share(part, whole int64) float64 { return float64(part) / float64(max(whole, 1)) }

func cosine(product, aSquared, bSquared int64) float64 {
	if product == 0 {
		return 0
	}
	return float64(product) / math.Sqrt(float64(aSquared)*float64(bSquared))
}

// chance is how likely it is that the article tells the same event as the one aimed at,
// 0 to 1.
func (x *Index) chance(b *article) float64 {
	days, dated := daysBetween(x.probe.stamp, b.stamp)
	if days > mostDays {
		return 0
	}
	e := x.compare(b)
	if e.shared == 0 || e.apart || e.loose() {
		return 0
	}
	z := chanceBias + chanceAll*e.all + chanceTitle*e.title + chanceCovered*e.covered +
		chanceRarest*float64(e.rarest) + chanceShared*math.Log1p(float64(e.shared)) + chanceForeign*e.foreign
	if dated {
		z += chanceDays * math.Log1p(days)
	} else {
		z += chanceUndated
	}
	if e.bare {
		z += chanceBare
	} else {
		z += chanceSeldom * max(0, seldom-e.covered)
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
