package group

import (
	"cmp"
	"slices"

	"newsdigest/digest"
)

const (
	// joinAt is the least mean chance at which an article belongs to a story, and at which
	// two stories are one.
	joinAt = .35
	// crossPairs is how many pairs of articles at most are compared to see whether two
	// stories are one.
	crossPairs = 400
)

// story keeps its live articles in order of date, then id.
type story struct {
	id      digest.StoryID
	members []slot
}

// called is the story with that id, opened if it is not there.
func (x *Index) called(id digest.StoryID) *story {
	st := x.stories[id]
	if st == nil {
		st = &story{id: id}
		x.stories[id] = st
	}
	return st
}

// join makes an article a member of a story.
func (x *Index) join(st *story, s slot) {
	x.articles[s].story = st
	i, _ := slices.BinarySearchFunc(st.members, s, func(m, s slot) int {
		return x.articles[m].compare(x.articles[s].stamp)
	})
	st.members = slices.Insert(st.members, i, s)
}

// leave takes an article out of its story, which ends with its last one.
func (x *Index) leave(s slot) {
	st := x.articles[s].story
	st.members = slices.DeleteFunc(st.members, func(m slot) bool { return m == s })
	if len(st.members) == 0 {
		delete(x.stories, st.id)
	}
}

// merge makes one story of two and returns the one that is gone. The larger one stays,
// of two as large the one with the older article.
func (x *Index) merge(a, b *story) (gone *story) {
	if x.compareStories(a, b) > 0 {
		a, b = b, a
	}
	for _, s := range b.members {
		x.join(a, s)
	}
	delete(x.stories, b.id)
	return b
}

func (x *Index) compareStories(a, b *story) int {
	return cmp.Or(
		cmp.Compare(len(b.members), len(a.members)),
		x.articles[a.members[0]].compare(x.articles[b.members[0]].stamp),
	)
}

// meanChance is the mean chance that the article aimed at tells the same event as those
// of a story.
func (x *Index) meanChance(st *story) float64 {
	return x.sumChance(st.members) / float64(len(st.members))
}

func (x *Index) sumChance(members []slot) float64 {
	var sum float64
	for _, s := range members {
		sum += x.chance(&x.articles[s])
	}
	return sum
}

// crossChance is the mean chance between the articles of two stories, of large ones
// between articles spread evenly over them.
func (x *Index) crossChance(a, b *story) float64 {
	as, bs := a.members, b.members
	for len(as)*len(bs) > crossPairs {
		if len(as) > len(bs) {
			as = everySecond(as)
		} else {
			bs = everySecond(bs)
		}
	}
	var sum float64
	for _, s := range as {
		x.aim(&x.articles[s])
		sum += x.sumChance(bs)
	}
	return sum / float64(len(as)*len(bs))
}

func everySecond(s []slot) []slot {
	out := make([]slot, 0, (len(s)+1)/2)
	for i := 0; i < len(s); i += 2 {
		out = append(out, s[i])
	}
	return out
}
