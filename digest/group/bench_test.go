package group

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"newsdigest/digest"
)

// newswire makes articles of a synthetic stream: words by Zipf's law, every event with
// words of its own, told by one article mostly and by many now and then, all within
// three days.
type newswire struct {
	rnd   *rand.Rand
	zipf  *rand.Zipf
	event []string // words of the event that is told
	story digest.StoryID
	tells int     // articles still to come of it
	when  float64 // hours
	n     int
}

func newNewswire(seed uint64) *newswire {
	rnd := rand.New(rand.NewPCG(seed, 2))
	return &newswire{rnd: rnd, zipf: rand.NewZipf(rnd, 1.1, 20, 60_000)}
}

func (w *newswire) word() string { return "w" + strconv.FormatUint(w.zipf.Uint64(), 36) + "o" }

// next is the next article.
func (w *newswire) next() Doc {
	if w.tells == 0 {
		w.event = w.event[:0]
		w.story = digest.StoryID("story" + strconv.Itoa(w.n))
		for range 12 {
			w.event = append(w.event, w.word())
		}
		w.when = w.rnd.Float64() * 72
		w.tells = 1
		if w.rnd.IntN(8) == 0 {
			w.tells = 1 + int(w.rnd.ExpFloat64()*6)
		}
	}
	w.tells--
	w.n++
	return Doc{
		ID:    digest.ArticleID("article" + strconv.Itoa(w.n)),
		Title: w.sentence(9, 5),
		Text:  w.sentence(70, 12),
		Lang:  "en",
		Date:  at(w.when + 6*w.rnd.Float64()),
	}
}

// sentence is n words, of them so many of the event.
func (w *newswire) sentence(n, ofEvent int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = w.word()
		if i < ofEvent {
			words[i] = w.event[w.rnd.IntN(len(w.event))]
		}
	}
	return strings.Join(words, " ")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkAdd is one article into an index that holds as many live ones.
func BenchmarkAdd(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("live=%d", n), func(b *testing.B) {
			wire, before := newNewswire(1), heap()
			x := New()
			for range n {
				x.Restore(wire.next(), wire.story)
			}
			bytes := float64(heap()-before) / float64(n)
			docs := make([]Doc, 1000)
			b.ResetTimer()
			for i := 0; b.Loop(); i++ {
				if i%len(docs) == 0 { // one that is there already would cost nothing
					b.StopTimer()
					for k := range docs {
						docs[k] = wire.next()
					}
					b.StartTimer()
				}
				x.Add(docs[i%len(docs)])
			}
			b.ReportMetric(bytes, "B/article")
			b.ReportMetric(float64(len(x.stories)), "stories")
		})
	}
}

// BenchmarkRestore rebuilds an index of 100,000 articles.
func BenchmarkRestore(b *testing.B) {
	wire := newNewswire(1)
	docs, stories := make([]Doc, 100_000), make([]digest.StoryID, 100_000)
	for i := range docs {
		docs[i], stories[i] = wire.next(), wire.story
	}
	for b.Loop() {
		x := New()
		for i, d := range docs {
			x.Restore(d, stories[i])
		}
	}
}
