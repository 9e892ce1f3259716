package digest

import "slices"

// vary fills the first Places one by one: each with the story that counts most once what
// it shares with those above is taken off. The stories come ordered by score.
func vary(all []place) {
	for n := range min(Places, len(all)) {
		best, cost := n, costs{}
		lead := 0.0
		for i := n; i < len(all) && (i == n || all[i].score > lead); i++ {
			c := all[i].costs(all[:n])
			if score := all[i].score + c.sum(); i == n || score > lead {
				best, cost, lead = i, c, score
			}
		}
		p := all[best]
		for _, r := range cost.reasons() {
			p.add(r)
		}
		copy(all[n+1:best+1], all[n:best])
		all[n] = p
	}
}

// costs are what a story loses for what it shares with those above it.
type costs struct {
	subject, topic   float64 // 0 or less
	onSubject, about string
}

func (c costs) sum() float64 { return c.subject + c.topic }

// costs compares a story with those above it.
func (p *place) costs(above []place) costs {
	var c costs
	crowd := 0
	for i := range above {
		if word := p.story.sharesSubject(above[i].story); word != "" {
			c.subject, c.onSubject = max(-subjectMost, c.subject-subjectCost), word
		}
		if own, other := p.about(), above[i].about(); len(own) > 0 && len(other) > 0 && own[0] == other[0] {
			crowd++
		}
	}
	if crowd > topicFree {
		c.topic, c.about = max(-topicMost, -topicCost*float64(crowd-topicFree)), p.topics[0]
	}
	return c
}

func (c costs) reasons() []Reason {
	var out []Reason
	if c.subject < 0 {
		out = append(out, Reason{Kind: ByVariety, What: c.onSubject, Share: c.subject})
	}
	if c.topic < 0 {
		out = append(out, Reason{Kind: ByVariety, What: c.about, Share: c.topic})
	}
	return out
}

// sharesSubject is the first word that two stories on one subject share, "" if they are on
// two. One subject takes two words in common, and two in five of those of the story that
// has fewer: the name of a sea alone is none.
func (s *Story) sharesSubject(o *Story) string {
	common, first := 0, ""
	for _, a := range s.Subjects {
		if slices.ContainsFunc(o.Subjects, func(b Subject) bool { return a.Key == b.Key }) {
			if common++; first == "" {
				first = a.Word
			}
		}
	}
	if common < 2 || 5*common < 2*min(len(s.Subjects), len(o.Subjects)) {
		return ""
	}
	return first
}
