package summary

// A story that several articles tell has a beginning that most of them share: what
// happened. Their angles come after it. So its summary opens with what the articles
// agree on at their start, and goes on with what stands near a start.
const (
	// openWithin and goOnWithin are among how many first sentences of an article the
	// opening and the others are looked for.
	openWithin, goOnWithin = 2, 6
	// agreeWithin is how many first sentences of the other articles it is held against.
	agreeWithin = 3
	// openWords is the least that an opening has.
	openWords = 6
	// second is what a second sentence counts as an opening beside a first one, and
	// titleShare what likeness to the titles counts beside likeness to one article.
	second, titleShare = 0.8, 0.5
	// repeatsInStory is repeats for a story: outlets say the same in other words.
	repeatsInStory = 0.3
)

// together tells whether the draft is a story that several articles tell.
func (d *draft) together() bool { return d.spread && len(d.docs) > 1 }

// opening is the sentence that a story's summary begins with; -1 if it is no story of
// several articles, or nothing of it fits.
func (d *draft) opening(words int) int {
	best, top := -1, 0.0
	if !d.together() {
		return best
	}
	for i := range d.sentences {
		s := &d.sentences[i]
		if s.at >= openWithin || s.cues.leans || s.words < openWords || words > 0 && s.words > words {
			continue
		}
		agreement := d.agreement(s)
		if s.at > 0 {
			agreement *= second
		}
		if agreement > top {
			best, top = i, agreement
		}
	}
	return best
}

// agreement is how much of a sentence the beginnings of the other outlets' articles say
// too, and the titles.
func (d *draft) agreement(s *sentence) float64 {
	sum := titleShare * float64(s.vec.dot(d.titles))
	for doc, st := range d.perDoc {
		if d.sameOutlet(doc, s.doc) {
			continue
		}
		var nearest float32
		for i := st.from; i < min(st.to, st.from+agreeWithin); i++ {
			nearest = max(nearest, s.vec.dot(d.sentences[i].vec))
		}
		sum += float64(nearest)
	}
	return sum
}

// tooFar tells whether a sentence stands too far down its article for a story.
func (d *draft) tooFar(s *sentence) bool { return d.together() && s.at >= goOnWithin }

// repeatsAt is the cosine from which on a sentence says again what was said.
func (d *draft) repeatsAt() float32 {
	if d.together() {
		return repeatsInStory
	}
	return repeats
}
