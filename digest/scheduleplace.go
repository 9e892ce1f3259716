package digest

import "strings"

// addPlace takes the rest of the text for the place whose clock counts.
func (p *phrase) addPlace() {
	place := strings.TrimRight(p.text[p.placeStart():p.placeEnd()], ") .!")
	_, isOffset := ParseOffset(place)
	k := p.at(0).kind
	isOffset = isOffset && p.at(1).glued && (k == plusWord || !p.at(0).glued) // not "8-9"
	isName := k != plusWord && k != minusWord && place != "" && len(place) <= maxPlace
	if len(p.times) == 0 || p.last == exceptItem || p.joint == andWord || !isOffset && !isName {
		p.fail(Unreadable)
	}
	p.place, p.pos = place, len(p.tokens)
	p.joint = unknownWord
}

// placeStart is where the name of the place starts that is read: with its article, and
// without a parenthesis and what says nothing in it.
func (p *phrase) placeStart() int {
	i := p.pos
	if p.at(0).kind == unknownWord && p.at(0).size == 1 { // "("
		for i++; i < len(p.tokens) && p.fills(i-p.pos); i++ {
		}
	}
	for i > 0 && p.tokens[i-1].word == (word{fillWord, article}) {
		i-- // "la Habana"
	}
	if i == len(p.tokens) {
		return p.placeEnd()
	}
	return p.tokens[i].from
}

// placeEnd is where the name of the place ends that is read: before "time".
func (p *phrase) placeEnd() int {
	last := len(p.tokens) - 1
	for last > p.pos && p.tokens[last].kind == badWord { // ")"
		last--
	}
	if last > p.pos && p.tokens[last].kind == zoneWord {
		return p.tokens[last].from
	}
	return len(p.text)
}
