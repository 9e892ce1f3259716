// Package group finds out which articles tell the same story. An index in memory takes
// articles one by one and says for each which story it belongs to, a new one or one
// that is there; stories that turn out to be one are merged.
//
// Two articles are as likely to tell one event as their words and their dates say
// (chance.go); an article joins the story whose articles it is likeliest to match on
// average, if that average is high enough. Nothing is random and no clock is read: the
// same articles in the same order give the same stories.
package group

import (
	"slices"
	"time"

	"newsdigest/digest"
	"newsdigest/digest/language"
)

// Doc is what grouping wants to know of an article.
type Doc struct {
	ID    digest.ArticleID
	Title string
	Text  string
	// Lang is the base language; empty: it is guessed from the text. Articles in two
	// languages are never one story.
	Lang string
	// Date is when it was published; the zero time is a date nobody knows.
	Date time.Time
}

// Compare orders a batch as it should be added: by date, then id, undated ones last.
// Adding in this order makes stories and ids independent of how a batch arrived.
func Compare(a, b Doc) int {
	return stampOf(a).compare(stampOf(b))
}

// Assignment says where an article went, and why.
type Assignment struct {
	Story digest.StoryID
	// New says that the article opened the story.
	New bool
	// Absorbed are stories that turned out to be this one and exist no longer.
	Absorbed []digest.StoryID
	// Likeness is the mean chance, 0 to 1, that the article and those of the story tell
	// the same event; 0 for a new story.
	Likeness float64
	// Shared are the words, as the article has them, that tie it most to the story.
	Shared []string
}

// Index holds the articles that are still looked at and their stories. It is not safe
// for concurrent use. The zero value is not usable, see New.
type Index struct {
	vocabulary
	articles []article // by slot; a free one has no story
	free     []slot
	slots    map[digest.ArticleID]slot
	stories  map[digest.StoryID]*story

	probe  probe
	tokens []language.Token // scratch of read
	words  []word           // the same
	terms  []term           // the same
	tally  tally            // scratch of near
}

// slot is the place of an article in the index.
type slot int32

// New is an empty index.
func New() *Index {
	return &Index{
		vocabulary: newVocabulary(),
		slots:      map[digest.ArticleID]slot{},
		stories:    map[digest.StoryID]*story{},
	}
}

// Len is how many articles the index holds.
func (x *Index) Len() int { return len(x.slots) }

// Add puts an article into the story it tells, or opens one for it. An article that is
// there already stays where it is.
func (x *Index) Add(d Doc) Assignment {
	if s, ok := x.slots[d.ID]; ok {
		return Assignment{Story: x.articles[s].story.id}
	}
	a := x.read(d)
	x.aim(&a)
	found := x.candidates()
	s := x.insert(a)
	var result Assignment
	if len(found) == 0 {
		// The story is there if its first article was forgotten and comes again.
		st := x.called(digest.NewStoryID(d.ID))
		result.New = len(st.members) == 0
		x.join(st, s)
	} else {
		result.Likeness = found[0].chance
		result.Shared = x.shared(d, found[0].story)
		x.join(found[0].story, s)
		result.Absorbed = x.absorb(s, found[1:])
	}
	result.Story = x.articles[s].story.id
	return result
}

// absorb merges the story of the article with those of the others that it matches as a
// whole, and returns the ids that are gone.
func (x *Index) absorb(s slot, others []candidate) []digest.StoryID {
	var gone []digest.StoryID
	for _, c := range others {
		if st := x.articles[s].story; x.crossChance(st, c.story) >= joinAt {
			gone = append(gone, x.merge(st, c.story).id)
		}
	}
	return gone
}

// Restore puts an article into the story it is known to be in, as after a restart.
func (x *Index) Restore(d Doc, id digest.StoryID) {
	if _, ok := x.slots[d.ID]; ok {
		return
	}
	x.join(x.called(id), x.insert(x.read(d)))
}

// Forget drops the articles published before the time, and the stories that have none
// left. Articles without a date stay.
func (x *Index) Forget(before time.Time) {
	limit := before.Unix()
	var gone []slot
	var terms []termID
	for s := range x.articles {
		if a := &x.articles[s]; a.story != nil && a.unix < limit {
			gone = append(gone, slot(s))
			for _, t := range a.terms {
				terms = append(terms, t.id())
			}
		}
	}
	slices.Sort(terms)
	x.unpost(slices.Compact(terms), func(s slot) bool { return x.articles[s].unix < limit })
	for _, s := range gone {
		x.leave(s)
		x.live[x.articles[s].lang]--
		delete(x.slots, x.articles[s].id)
		x.articles[s] = article{}
	}
	x.free = append(x.free, gone...)
}

// insert gives the article a slot and makes it findable.
func (x *Index) insert(a article) slot {
	var s slot
	if n := len(x.free); n > 0 {
		s, x.free = x.free[n-1], x.free[:n-1]
		x.articles[s] = a
	} else {
		s = slot(len(x.articles))
		x.articles = append(x.articles, a)
	}
	x.slots[a.id] = s
	x.post(s, a.terms, a.lang)
	return s
}
