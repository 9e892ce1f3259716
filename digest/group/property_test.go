package group

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"newsdigest/digest"
)

// stream draws articles of a synthetic stream, several of one date, some without one.
func stream(t *rapid.T) []Doc {
	wire := newNewswire(rapid.Uint64().Draw(t, "seed"))
	docs := make([]Doc, rapid.IntRange(2, 80).Draw(t, "articles"))
	for i := range docs {
		docs[i] = wire.next()
		docs[i].Date = docs[i].Date.Truncate(12 * time.Hour)
		if i%17 == 3 {
			docs[i].Date = time.Time{}
		}
	}
	return docs
}

func shuffled(t *rapid.T, docs []Doc) []Doc {
	seed := rapid.Uint64().Draw(t, "order")
	docs = slices.Clone(docs)
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
	return docs
}

// state is the story of each article in the index.
func (x *Index) state() map[digest.ArticleID]digest.StoryID {
	out := map[digest.ArticleID]digest.StoryID{}
	for id, s := range x.slots {
		out[id] = x.articles[s].story.id
	}
	return out
}

// TestOrder: a batch gives the same stories however it arrived.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := stream(t)
		if diff := cmp.Diff(groupAll(docs), groupAll(shuffled(t, docs))); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestRestart: an index that is rebuilt in any order goes on as the old one would have,
// with the same ids and the same reasons.
func TestRestart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := stream(t)
		slices.SortFunc(docs, Compare)
		cut := rapid.IntRange(0, len(docs)).Draw(t, "cut")
		old := New()
		for _, d := range docs[:cut] {
			old.Add(d)
		}
		if rapid.Bool().Draw(t, "forgets") {
			old.Forget(at(30))
		}
		fresh, live := New(), old.state()
		for _, d := range shuffled(t, docs[:cut]) {
			if id, ok := live[d.ID]; ok {
				fresh.Restore(d, id)
			}
		}
		for _, d := range docs[cut:] {
			if diff := cmp.Diff(old.Add(d), fresh.Add(d)); diff != "" {
				t.Fatal(diff)
			}
		}
		if diff := cmp.Diff(old.state(), fresh.state()); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestStoriesAreWhole: what assignments tell adds up to the stories of the index.
func TestStoriesAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := stream(t)
		slices.SortFunc(docs, Compare)
		x := New()
		told := map[digest.ArticleID]digest.StoryID{}
		for _, d := range docs {
			a := x.Add(d)
			told[d.ID] = a.Story
			for id, s := range told {
				if slices.Contains(a.Absorbed, s) {
					told[id] = a.Story
				}
			}
			for id, original := range x.Copies(a.Story) {
				if told[id] != a.Story || told[original] != a.Story {
					t.Fatalf("%s is a copy of %s in another story", id, original)
				}
			}
		}
		if diff := cmp.Diff(x.state(), told); diff != "" {
			t.Fatal(diff)
		}
	})
}
