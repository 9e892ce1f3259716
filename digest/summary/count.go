package summary

import (
	"cmp"
	"slices"
	"strings"

	"newsdigest/digest/extract/boilerplate"
	"newsdigest/digest/language"
)

// count is a number and what the words around it say of it.
type count struct {
	quantity
	doc, sentence int
	lang          string
	noun          [2]uint32   // the first words of what is counted, 0 where there is none
	person        bool        // people are counted, whatever they are called
	event         role        // what happened to them, or the direction of a change
	past          bool        // it is said of another time, or not as a fact
	near          []weighed   // the words of its clause, in its window
	wide          []weighed   // those of its sentence and of the one before it, or the title
	subject       []uint32    // the names before it in its clause
	days          [3][]uint32 // the years, months and weekdays of its sentence
	place         uint32      // where it is said to be, 0 where nothing is said
	wording
}

// wording is how a number's claim and its clause are cited, in bytes of the document.
// The clause is empty where it is too long.
type wording struct {
	nounTo                  int // where the first word of what is counted ends
	boundFrom               int
	clauseFrom, clauseTo    int
	boundOpens, clauseOpens bool
}

// weighed is a word and how much it tells.
type weighed struct {
	hash   uint32
	weight float32
}

// events are the roles that say what is counted; two numbers must agree in them.
const (
	victims    = killedWord | injuredWord | missingWord | arrestedWord | evacuatedWord
	directions = upWord | downWord
)

// countsOf are the numbers of an article that may be compared.
func countsOf(doc Document, at int) []count {
	lang := doc.language()
	text := doc.Text[:min(len(doc.Text), maxBytes)]
	news := boilerplate.News(text, lang)
	var out []count
	var tokens, context []language.Token
	var found []quantity
	before := doc.Title
	for i, span := range news[:min(len(news), differWithin)] {
		s := span.Of(text)
		tokens = language.Tokens(tokens[:0], s, lang)
		r := newReader(s, tokens, lang)
		if found = r.quantities(found[:0]); len(found) > 0 {
			context = language.Tokens(append(context[:0], tokens...), before, lang)
			wide := weigh(context, lang)
			for _, q := range found {
				c := r.count(q)
				c.doc, c.sentence, c.wide = at, i, wide
				c.move(span.From)
				out = append(out, c)
			}
		}
		before = s
	}
	return out[:min(len(out), differNumbers)]
}

// weigh are the words among tokens in order of their hashes, each once.
func weigh(tokens []language.Token, lang string) []weighed {
	out := make([]weighed, 0, len(tokens))
	for _, t := range tokens {
		if t.Term != "" && !t.Number {
			out = append(out, weighed{language.TermHash(t.Term, lang), language.Rarity(t.Term, lang)})
		}
	}
	slices.SortFunc(out, func(a, b weighed) int { return cmp.Compare(a.hash, b.hash) })
	return slices.CompactFunc(out, func(a, b weighed) bool { return a.hash == b.hash })
}

// shared is the weight of the words that both lists have.
func shared(a, b []weighed) float32 {
	var sum float32
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].hash < b[j].hash:
			i++
		case a[i].hash > b[j].hash:
			j++
		default:
			sum += a[i].weight
			i, j = i+1, j+1
		}
	}
	return sum
}

// count reads what the sentence says of one of its numbers.
func (r reader) count(q quantity) count {
	c := count{quantity: q, lang: r.lang}
	from, to := r.clause(q)
	c.near = weigh(slices.Concat(r.tokens[from:q.first], r.tokens[q.last+1:to]), r.lang)
	r.readNoun(&c)
	r.readWording(&c, from, to)
	c.event = r.event(q, from, to, victims)
	if c.event == 0 {
		c.event = r.event(q, from, to, directions)
	}
	for i := range r.tokens {
		if i >= q.first && i <= q.last {
			continue
		}
		c.past = c.past || i >= from && i < to && r.is(i, pastWord)
		r.day(&c, i)
	}
	c.past = c.past || r.earlier(q, from) || r.withAttacker(q)
	c.subject = r.subject(q, from)
	c.place = r.place(q, from, to)
	return c
}

// clause is from which to which token the number's clause goes: to the next marks, at
// most window words each way.
func (r reader) clause(q quantity) (from, to int) {
	const marks = ",;:()—–\"“”„«»"
	from, to = q.first, q.last+1
	for from > 0 && q.first-from < window && !strings.ContainsAny(r.gap(from), marks) {
		from--
	}
	for to < len(r.tokens) && to-q.last <= window && !strings.ContainsAny(r.gap(to), marks) {
		to++
	}
	return from, to
}

// The longest clause that is cited: so many words before the number, and so many after it
// up to the word that tells what happened.
const (
	wordsBefore = 6
	wordsAfter  = 4
)

// readWording finds what to cite of the number's clause, which goes from one token to
// another: "the first-year cut is 15%", "at least 11 people were injured".
func (r reader) readWording(c *count, from, to int) {
	opens := func(i int) bool {
		return i == 0 && (r.tokens[0].Term == "" || i == c.first || i == c.bound)
	}
	c.boundFrom, c.boundOpens = min(c.From, r.tokens[c.bound].From), opens(c.bound)
	end := c.To
	if c.unit == "" {
		end = c.nounTo
	}
	verb := false
	for i := c.last + 1; i < min(to, c.last+1+wordsAfter) && c.unit == ""; i++ {
		if r.is(i, victims) {
			verb, end = true, max(end, r.tokens[i].To)
		}
	}
	switch {
	case verb && from < c.first-wordsBefore:
		c.clauseFrom, c.clauseTo, c.clauseOpens = c.boundFrom, end, c.boundOpens
	case from >= c.first-wordsBefore && (verb || from < c.bound):
		c.clauseFrom, c.clauseTo, c.clauseOpens = min(c.boundFrom, r.tokens[from].From), end, opens(from)
	}
}

// move makes places in a sentence places in its document.
func (c *count) move(by int) {
	for _, place := range []*int{&c.From, &c.To, &c.nounTo, &c.boundFrom, &c.clauseFrom, &c.clauseTo} {
		*place += by
	}
}

// earlier tells whether the number is what something was before: "from 2.7%".
func (r reader) earlier(q quantity, from int) bool {
	for i := max(from, q.first-4); i < q.first; i++ {
		if r.is(i, fromWord) {
			return true
		}
	}
	return false
}

// withAttacker tells whether the sentence says that whoever did it is among those counted:
// outlets count both ways.
func (r reader) withAttacker(q quantity) bool {
	for i := q.last + 1; i < len(r.tokens); i++ {
		if r.is(i, attackerWord) {
			return true
		}
	}
	return false
}

// subject are the names in the clause before the number; the first word of a sentence is
// taken for one only where there is no other.
func (r reader) subject(q quantity, from int) []uint32 {
	var out []uint32
	for i := max(1, from); i < q.first; i++ {
		if r.name(i) && r.tokens[i].Term != "" {
			out = append(out, language.TermHash(r.tokens[i].Term, r.lang))
		}
	}
	if len(out) == 0 && from == 0 && q.first > 0 && r.lang != "de" && r.tokens[0].Term != "" {
		out = append(out, language.TermHash(r.tokens[0].Term, r.lang))
	}
	return out
}

// day notes a year, month or weekday that the sentence names.
func (r reader) day(c *count, i int) {
	t := r.tokens[i]
	kind := -1
	switch n := t.Of(r.text); {
	case len(n) == 4 && strings.Trim(n, "0123456789") == "" && (n[:2] == "19" || n[:2] == "20"):
		kind = 0
	case r.is(i, monthWord):
		kind = 1
	case r.is(i, dayWord):
		kind = 2
	}
	if kind >= 0 {
		c.days[kind] = append(c.days[kind], language.TermHash(strings.ToLower(t.Of(r.text)), r.lang))
	}
}

// readNoun reads what the number counts: the words after it up to a mark or a function
// word.
func (r reader) readNoun(c *count) {
	i := c.last + 1
	for r.is(i, partWord) || c.unit != "" && i < len(r.tokens) && r.tokens[i].Term == "" && i <= c.last+2 {
		i++
	}
	c.nounTo = c.To
	n := 0
	for ; i < len(r.tokens) && n < len(c.noun); i++ {
		t := r.tokens[i]
		gap := r.gap(i)
		if t.Upper && t.Term == "" && (n == 0 || r.gap(i) == ".") { // U.S. troops
			continue
		}
		if t.Term == "" || t.Number || strings.TrimLeft(gap, " \u00a0%") != "" || i > c.last+1 && gap != " " {
			break
		}
		if r.is(i, personWord|victims) {
			c.person = c.person || n == 0
			if n == 0 {
				c.nounTo = t.To
			}
			n++ // whatever they are called
			continue
		}
		if n == 0 {
			c.nounTo = t.To
		}
		c.noun[n] = language.TermHash(t.Term, r.lang)
		n++
	}
	c.person = c.person || n == 0 && c.unit == ""
}

// event is the nearest of the words of the number's clause with these roles, 0 if there
// is none.
func (r reader) event(q quantity, from, to int, roles role) role {
	for d := 1; d <= window; d++ {
		var found role
		if i := q.last + d; i < to {
			found |= r.roles(i) & roles
		}
		if i := q.first - d; i >= from {
			found |= r.roles(i) & roles
		}
		if found != 0 {
			return found
		}
	}
	return 0
}

func (r reader) roles(i int) role { return roleOf(r.words, r.text, r.tokens[i], r.lang).role }

// places are the words after which a place is named.
var places = map[string]bool{
	"in": true, "at": true, "for": true, "für": true, "near": true, "around": true, "across": true, "im": true, "bei": true, "à": true, "en": true,
	"dans": true, "nel": true, "em": true,
}

// place is the name after a preposition of place in the number's clause, what follows the
// number first.
func (r reader) place(q quantity, from, to int) uint32 {
	for _, part := range [][2]int{{q.last + 1, to}, {from, q.first}} {
		for i := part[0]; i+1 < part[1]; i++ {
			name := r.tokens[i+1]
			if places[strings.ToLower(r.tokens[i].Of(r.text))] && name.Upper && name.Term != "" && !r.is(i+1, monthWord|dayWord) {
				return language.TermHash(name.Term, r.lang)
			}
		}
	}
	return 0
}

// claim is the number with its bound and what it counts.
func (c count) claim() Claim {
	to := c.To
	if c.unit == "" {
		to = c.nounTo
	}
	return Claim{c.doc, c.boundFrom, to, c.boundOpens}
}

// statement is the clause that the number is in, or its claim where that is long.
func (c count) statement() Claim {
	if c.clauseFrom >= c.clauseTo {
		return c.claim()
	}
	return Claim{c.doc, c.clauseFrom, c.clauseTo, c.clauseOpens}
}
