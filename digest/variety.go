package digest

// vary fills the first Places one by one: each with the story that counts most once what
// it shares with those above is taken off. The stories come ordered by score.
func vary(all []place) {
	for n := range min(Places, len(all)) {
		best := n
		var lead float64
		for i := n; i < len(all) && (i == n || all[i].score > lead); i++ {
			all[i].shared.with(all[i].story, all[i].about(), all[:n])
			if score := all[i].score - all[i].shared.cost(); i == n || score > lead {
				best, lead = i, score
			}
		}
		p := all[best]
		p.addVariety()
		copy(all[n+1:best+1], all[n:best])
		all[n] = p
	}
}

// sharing is what a story has in common with those above it.
type sharing struct {
	above    int // how many of them were looked at
	subjects int // how many are on its subject
	word     string
	crowd    int // how many have its first topic
}

// with looks at those above that were not looked at yet.
func (s *sharing) with(story *Story, topics []string, above []place) {
	for ; s.above < len(above); s.above++ {
		o := &above[s.above]
		if word := story.sharesSubject(o.story); word != "" {
			s.subjects, s.word = s.subjects+1, word
		}
		if len(topics) > 0 && len(o.topics) > 0 && topics[0] == o.topics[0] {
			s.crowd++
		}
	}
}

func (s sharing) cost() float64 { return s.subjectCost() + s.topicCost() }

func (s sharing) subjectCost() float64 { return min(subjectMost, subjectCost*float64(s.subjects)) }

func (s sharing) topicCost() float64 {
	return min(topicMost, topicCost*float64(max(0, s.crowd-topicFree)))
}

// addVariety takes off what the story shares with those above.
func (p *place) addVariety() {
	if cost := p.shared.subjectCost(); cost > 0 {
		p.add(Reason{Kind: ByVariety, What: p.shared.word, Share: -cost})
	}
	if cost := p.shared.topicCost(); cost > 0 {
		p.add(Reason{Kind: ByVariety, What: p.topics[0], Share: -cost})
	}
}

// sharesSubject is the first word that two stories on one subject share, "" if they are on
// two. One subject takes two words in common, and two in five of those of the story that
// has fewer: the name of a sea alone is none.
func (s *Story) sharesSubject(o *Story) string {
	common, first := 0, ""
	for i := range s.Subjects {
		for j := range o.Subjects {
			if s.Subjects[i].Key == o.Subjects[j].Key {
				if common++; first == "" {
					first = s.Subjects[i].Word
				}
				break
			}
		}
	}
	if common < 2 || 5*common < 2*min(len(s.Subjects), len(o.Subjects)) {
		return ""
	}
	return first
}
