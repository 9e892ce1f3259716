package summary

import (
	"math"
	"slices"

	"newsdigest/digest"
	"newsdigest/digest/extract/boilerplate"
	"newsdigest/digest/language"
)

const (
	// maxSentences is how many sentences of a document are read: news says what matters
	// long before, and the time stays bounded whatever is sent.
	maxSentences = 200
	// maxAll is how many sentences of all documents together are read.
	maxAll = 400
	// maxBytes is how much of a document is read.
	maxBytes = 1 << 17
)

// draft is what has to be known of the documents to choose sentences.
type draft struct {
	docs      []Document
	sentences []sentence
	perDoc    []docStats
	vocabulary
	centroid []float32 // tf-idf of all documents together, unit length
	titles   vector    // the titles' terms, unit length
	scores   []float64
	// spread asks for sentences of different outlets.
	spread bool
}

// docStats are a document's sentences: d.sentences[from:to].
type docStats struct{ from, to int }

// sentence is a sentence that may be chosen.
type sentence struct {
	language.Span
	doc   int
	at    int // its place among the news sentences of its document
	words int
	vec   vector
	cues  cues
	novel float32 // share of its terms that no earlier sentence of its document has
	upper float32 // share of its words that are capitalized
	digit float32 // share of its words that are numbers
	para  bool    // it opens a paragraph
}

// vector is a sparse vector in order of ids.
type vector struct {
	id     []int32
	weight []float32
}

// vocabulary numbers the terms of a draft.
type vocabulary struct {
	ids map[string]int32
	idf []float32 // by id
}

func (v *vocabulary) id(term, lang string) int32 {
	id, ok := v.ids[term]
	if !ok {
		id = int32(len(v.idf))
		v.ids[term] = id
		v.idf = append(v.idf, inverseFrequency(term, lang))
	}
	return id
}

// read cuts the documents into sentences and measures them.
func read(docs []Document) *draft {
	d := &draft{docs: slices.Clone(docs), vocabulary: vocabulary{ids: make(map[string]int32, 512)}}
	var tokens []language.Token
	for i := range d.docs {
		doc := &d.docs[i]
		if doc.Lang == "" {
			doc.Lang = language.Detect(doc.Title + "\n" + doc.Text[:min(len(doc.Text), 4000)])
		}
		from := len(d.sentences)
		tokens = d.readDoc(i, tokens)
		d.perDoc = append(d.perDoc, docStats{from, len(d.sentences)})
	}
	d.readTitles()
	d.readCentroid()
	d.score()
	return d
}

func (d *draft) readDoc(i int, tokens []language.Token) []language.Token {
	doc := &d.docs[i]
	text := doc.Text
	if len(text) > maxBytes {
		text = text[:maxBytes]
	}
	spans := boilerplate.News(text, doc.Lang)
	spans = spans[:min(len(spans), maxSentences, max(1, maxAll-len(d.sentences)))]
	seen := make(map[int32]bool, 256)
	end := 0
	for at, span := range spans {
		s := sentence{Span: span, doc: i, at: at}
		s.para = at == 0 || hasBreak(text[end:span.From])
		end = span.To
		tokens = language.Tokens(tokens[:0], span.Of(text), doc.Lang)
		s.words = digest.Words(span.Of(text))
		d.measure(&s, tokens, doc.Lang, seen)
		s.cues = cuesOf(span.Of(text), tokens, doc.Lang)
		d.sentences = append(d.sentences, s)
	}
	return tokens
}

func hasBreak(gap string) bool {
	for i := range len(gap) {
		if gap[i] == '\n' {
			return true
		}
	}
	return false
}

// measure counts the sentence's terms and what is new in them.
func (d *draft) measure(s *sentence, tokens []language.Token, lang string, seen map[int32]bool) {
	ids := make([]int32, 0, len(tokens))
	fresh, upper, digits := 0, 0, 0
	for i, t := range tokens {
		if t.Upper && i > 0 {
			upper++
		}
		if t.Number {
			digits++
		}
		if t.Term == "" {
			continue
		}
		id := d.id(t.Term, lang)
		ids = append(ids, id)
		if !seen[id] {
			seen[id] = true
			fresh++
		}
	}
	n := float32(max(1, len(tokens)))
	s.upper, s.digit = float32(upper)/n, float32(digits)/n
	s.novel = float32(fresh) / float32(max(1, len(ids)))
	s.vec = d.unit(ids)
}

// unit is the tf-idf vector of a list of terms, of length 1.
func (v *vocabulary) unit(ids []int32) vector {
	slices.Sort(ids)
	out := vector{id: ids[:0:0]}
	out.id = make([]int32, 0, len(ids))
	out.weight = make([]float32, 0, len(ids))
	for i := 0; i < len(ids); {
		j := i + 1
		for j < len(ids) && ids[j] == ids[i] {
			j++
		}
		out.id = append(out.id, ids[i])
		out.weight = append(out.weight, float32(j-i)*v.idf[ids[i]])
		i = j
	}
	normalize(out.weight)
	return out
}

func normalize(w []float32) {
	sum := 0.0
	for _, x := range w {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return
	}
	length := float32(math.Sqrt(sum))
	for i := range w {
		w[i] /= length
	}
}

func (d *draft) readTitles() {
	var ids []int32
	for _, doc := range d.docs {
		for _, t := range language.Terms(nil, doc.Title, doc.Lang) {
			ids = append(ids, d.id(t, doc.Lang))
		}
	}
	d.titles = d.unit(ids)
}

func (d *draft) readCentroid() {
	d.centroid = make([]float32, len(d.idf))
	for _, s := range d.sentences {
		for k, id := range s.vec.id {
			d.centroid[id] += s.vec.weight[k]
		}
	}
	normalize(d.centroid)
}

// dot is the cosine of two unit vectors.
func (a vector) dot(b vector) float32 {
	var sum float32
	for i, j := 0, 0; i < len(a.id) && j < len(b.id); {
		switch {
		case a.id[i] < b.id[j]:
			i++
		case a.id[i] > b.id[j]:
			j++
		default:
			sum += a.weight[i] * b.weight[j]
			i, j = i+1, j+1
		}
	}
	return sum
}

// dense is the dot product with a dense vector.
func (a vector) dense(b []float32) float32 {
	var sum float32
	for i, id := range a.id {
		sum += a.weight[i] * b[id]
	}
	return sum
}
