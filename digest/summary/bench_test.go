package summary

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"newsdigest/digest"
	"newsdigest/digest/language"
)

// article600 is an article of 600 words.
func article600() []Document {
	names := strings.Fields("council harbor bridge treasurer ferry school storm market museum railway orchard lighthouse hospital library theater")
	var text strings.Builder
	for i := 0; digest.Words(text.String()) < 600; i++ {
		a, b, c := names[i%len(names)], names[(i*7+3)%len(names)], names[(i*4+1)%len(names)]
		text.WriteString("The " + a + " of Port Weir, which was closed in 2024, will share its " + b + " budget of $" + string(rune('1'+i%9)) + ".5 million with the " + c + " from May on. ")
		if i%4 == 3 {
			text.WriteString("\"It is about time,\" said Lena Fisk, who chairs the " + c + " committee.\n\n")
		}
	}
	return []Document{{Title: "Port Weir shares its budget", Text: text.String(), Lang: "en"}}
}

func BenchmarkSummarize600(b *testing.B) {
	docs := article600()
	b.ReportAllocs()
	for b.Loop() {
		Summarize(docs, Limit{Sentences: 3})
	}
}

// BenchmarkTextRank600 is the measure to hold BenchmarkSummarize600 against.
func BenchmarkTextRank600(b *testing.B) {
	docs := article600()
	b.ReportAllocs()
	for b.Loop() {
		textRank(docs, 3)
	}
}

func BenchmarkStory5(b *testing.B) {
	docs := slices.Repeat(article600(), 5)
	b.ReportAllocs()
	for b.Loop() {
		Story(docs)
	}
}

// BenchmarkTextRankStory5 is the measure to hold BenchmarkStory5 against.
func BenchmarkTextRankStory5(b *testing.B) {
	docs := slices.Repeat(article600(), 5)
	b.ReportAllocs()
	for b.Loop() {
		textRank(docs, 4)
	}
}

// textRank is TextRank as its authors describe it (Mihalcea and Tarau, 2004) and nothing
// else: sentences linked by the words they share, by their lengths' logarithms, and a walk
// over the links.
func textRank(docs []Document, count int) []string {
	var sentences []string
	var words []map[string]bool
	for _, doc := range docs {
		for _, span := range language.Sentences(doc.Text, doc.Lang) {
			set := map[string]bool{}
			for w := range strings.FieldsSeq(strings.ToLower(span.Of(doc.Text))) {
				set[strings.Trim(w, ".,;:!?\"“”()")] = true
			}
			sentences, words = append(sentences, span.Of(doc.Text)), append(words, set)
		}
	}
	rank := walkLinks(wordLinks(words))
	order := make([]int, len(sentences))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(rank[b], rank[a]) })
	order = order[:min(count, len(order))]
	slices.Sort(order)
	var out []string
	for _, i := range order {
		out = append(out, sentences[i])
	}
	return out
}

func wordLinks(words []map[string]bool) [][]float64 {
	links := make([][]float64, len(words))
	for i := range words {
		links[i] = make([]float64, len(words))
		for j := range i {
			shared := 0
			for w := range words[i] {
				if words[j][w] {
					shared++
				}
			}
			if n := math.Log(float64(len(words[i]))) + math.Log(float64(len(words[j]))); n > 0 {
				links[i][j] = float64(shared) / n
				links[j][i] = links[i][j]
			}
		}
	}
	return links
}

func walkLinks(links [][]float64) []float64 {
	rank, sums := make([]float64, len(links)), make([]float64, len(links))
	for i := range links {
		rank[i] = 1
		for _, w := range links[i] {
			sums[i] += w
		}
	}
	for change := 1.0; change > 1e-4; {
		change = 0
		for i := range rank {
			sum := 0.0
			for j, w := range links[i] {
				if w > 0 {
					sum += w / sums[j] * rank[j]
				}
			}
			next := 0.15 + 0.85*sum
			change, rank[i] = max(change, math.Abs(next-rank[i])), next
		}
	}
	return rank
}
