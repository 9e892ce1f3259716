package digest

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// What moves a story up or down. A share is a number of doublings: a story that leads
// another by 1 counts twice as much. So shares add up, and each is what it would take of
// another to outweigh it.
const (
	voicesShare   = .8             // for twice as many voices
	freshness     = 24 * time.Hour // without news for so long, a story loses 1
	lately        = 6 * time.Hour  // the articles of this time are its velocity
	velocityShare = .15            // for twice as many of them
	velocityMost  = .45
	ownShare      = .5 // one of the chat's own sources tells it
	topicShare    = .5 // it is about a topic that the chat chose

	// Of the strongest leaning of each kind; one press is a fifth of it. All that was ever
	// pressed counts less than four times the voices: taste does not decide what happened.
	topicLeaning   = .8
	outletLeaning  = .6
	subjectLeaning = 1
	tasteMost      = 1.5

	// For each story above it on the same subject, and for each above it of the same topic
	// beyond the first few.
	subjectCost = .5
	subjectMost = 1.5
	topicCost   = .2
	topicMost   = .6
	topicFree   = 2
)

// Places is how many stories Rank puts in order at most: as many as an edition holds.
const Places = EditionPages * PageStories

// Ranked is a story in its place.
type Ranked struct {
	Story
	// Reasons say why it stands there, the weightiest first. Their shares add up to what
	// the order goes by.
	Reasons []Reason
}

// Rank puts stories in order for a chat, the one that matters most to it at now first:
// what many independent outlets tell and what is new, then what the chat's sources, topics
// and taste say; a story on a subject that was told above it stands further down. The
// order depends on the stories, the chat and the time only.
func Rank(stories []Story, c Chat, now time.Time) []Ranked {
	all := make([]place, len(stories))
	for i := range stories {
		all[i] = c.place(&stories[i], now)
	}
	slices.SortFunc(all, place.compare)
	vary(all)
	all = all[:min(len(all), Places)]
	out := make([]Ranked, len(all))
	for i, p := range all {
		out[i] = Ranked{*p.story, p.explained()}
	}
	return out
}

// place is a story while its place is being found.
type place struct {
	story   *Story
	last    time.Time
	topics  []string // nil until asked for
	reasons []Reason
	score   float64
	shared  sharing // with the stories above it
}

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(o.score, p.score), o.last.Compare(p.last), cmp.Compare(p.story.ID, o.story.ID))
}

// add adds a reason, with its share in hundredths: nobody reads more, and sums of them
// come out the same everywhere.
func (p *place) add(r Reason) {
	r.Share = math.Round(r.Share*100) / 100
	p.reasons = append(p.reasons, r)
	p.score += r.Share
}

// place is the story with what speaks for it at now, others aside.
func (c Chat) place(s *Story, now time.Time) place {
	p := place{story: s, last: s.Last(), reasons: make([]Reason, 0, 4)}
	voices := max(1, s.Voices())
	p.add(Reason{Kind: ByVoices, Count: voices, Share: voicesShare * math.Log2(float64(voices))})
	age := max(0, now.Sub(p.last))
	p.add(Reason{Kind: ByFreshness, Count: int(age.Hours()), Share: -float64(age) / float64(freshness)})
	if n := s.since(now.Add(-lately)); n > 1 {
		p.add(Reason{Kind: ByVelocity, Count: n, Share: min(velocityMost, velocityShare*math.Log2(float64(n)))})
	}
	if i := slices.IndexFunc(s.Members, c.owns); i >= 0 {
		p.add(Reason{Kind: ByOwnSource, What: s.Members[i].Outlet, Share: ownShare})
	}
	if !c.AllTopics {
		i := slices.IndexFunc(p.about(), func(t string) bool { return slices.Contains(c.Topics, t) })
		if i >= 0 {
			p.add(Reason{Kind: ByTopic, What: p.topics[i], Share: topicShare})
		}
	}
	c.addTaste(&p)
	return p
}

// since is how many articles in words of their own came after a time.
func (s Story) since(t time.Time) int {
	n := 0
	for _, m := range s.Members {
		if m.CopyOf == "" && m.Published.After(t) {
			n++
		}
	}
	return n
}

// owns tells whether one of the chat's own sources brought the article.
func (c Chat) owns(m Member) bool {
	return slices.Contains(c.Own, m.Source) || slices.ContainsFunc(m.Also, func(id SourceID) bool { return slices.Contains(c.Own, id) })
}

// about are the story's topics.
func (p *place) about() []string {
	if p.topics == nil {
		p.topics = p.story.Topics()
	}
	return p.topics
}

// addTaste adds what the chat's leanings say, together tasteMost at most.
func (c Chat) addTaste(p *place) {
	var found []Reason
	var sum float64
	for _, l := range c.Leanings {
		if weight := l.on(p); weight != 0 {
			r := Reason{Kind: ByTaste, What: l.What, Share: weight * float64(l.Weight) / MaxLeaning}
			found = append(found, r)
			sum += r.Share
		}
	}
	scale := 1.0
	if math.Abs(sum) > tasteMost {
		scale = tasteMost / math.Abs(sum)
	}
	for _, r := range found {
		r.Share *= scale
		p.add(r)
	}
}

// on is what the leaning would weigh at its strongest for a story, 0 if it is not about it.
func (l Leaning) on(p *place) float64 {
	switch l.Kind {
	case OfTopic:
		if slices.Contains(p.about(), l.What) {
			return topicLeaning
		}
	case OfWord:
		if slices.ContainsFunc(p.story.Subjects, func(s Subject) bool { return s.Key == l.Key }) {
			return subjectLeaning
		}
	case OfSource:
		if slices.ContainsFunc(p.story.Members, func(m Member) bool { return m.Outlet == l.What }) {
			return outletLeaning
		}
	}
	return 0
}

// explained are the reasons for a place, the weightiest first, and how the articles hang
// together.
func (p place) explained() []Reason {
	slices.SortStableFunc(p.reasons, func(a, b Reason) int { return cmp.Compare(math.Abs(b.Share), math.Abs(a.Share)) })
	out := p.reasons
	if words := p.story.shared(); words != "" {
		out = append(out, Reason{Kind: ByWords, What: words})
	}
	copies := 0
	for _, m := range p.story.Members {
		if m.CopyOf != "" {
			copies++
		}
	}
	if copies > 0 {
		out = append(out, Reason{Kind: ByCopies, Count: copies})
	}
	return out
}
