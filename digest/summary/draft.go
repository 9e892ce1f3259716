package summary

import (
	"math"
	"slices"
	"strings"

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
	centroid       []float32  // tf-idf of all documents together, unit length
	centroidLength float32    // what was divided by to make it so
	frequency      []int32    // sentences that have a term, by id
	titles         vector     // the titles' terms, unit length
	titleOrder     []int32    // the same as they follow each other
	titleRun       []int32    // all their words as they follow each other
	links          graph      // cosines of the sentences
	rank           []float32  // LexRank of each sentence
	measured       []features // see lasting; nil until they are asked for
	scores         []float64
	terming        *Ranker // log odds that a summary has a term
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
	terms []int32 // as they follow each other
	names []int32 // capitalized terms
	order []int32 // the numbers of all its words as they follow each other
	cues  cues

	novel      float32 // share of its terms that no earlier sentence of its document has
	upper      float32 // share of its words that are capitalized
	digit      float32 // share of its words that are numbers
	plain      float32 // share of its words that are function words
	commas     float32 // commas by word
	wordLength float32 // mean length of its words in bytes
	para       bool    // it opens a paragraph
}

// vector is a sparse vector in order of ids.
type vector struct {
	id     []int32
	weight []float32
}

// vocabulary numbers the terms of a draft.
type vocabulary struct {
	ids    map[string]int32
	idf    []float32   // by id
	terms  []termStats // by id
	length []uint8     // of a term in bytes, by id

	functionWords map[string]int32 // words that are no terms, numbered on their own

	rarity func(term, lang string) float32
}

// termStats is what is known of a term.
type termStats struct {
	count, upper int32 // how often it occurs, and how often capitalized
	first        int32 // place of the first sentence that has it, in its document
	docs         int32 // documents that have it
	lastDoc      int32 // the last of them, from 1
	number       bool
	title        bool
}

// meet counts a term in a sentence.
func (t *termStats) meet(s *sentence, upper, number bool) {
	if t.count == 0 {
		t.first = int32(s.at)
	}
	t.first = min(t.first, int32(s.at))
	t.count++
	if upper {
		t.upper++
	}
	if int(t.lastDoc) != s.doc+1 {
		t.lastDoc = int32(s.doc + 1)
		t.docs++
	}
	t.number = number
}

func (v *vocabulary) id(term, lang string) int32 {
	id, ok := v.ids[term]
	if !ok {
		id = int32(len(v.idf))
		v.ids[term] = id
		v.idf = append(v.idf, v.rarity(term, lang))
		v.terms = append(v.terms, termStats{})
		v.length = append(v.length, uint8(min(255, len(term))))
	}
	return id
}

// read cuts the documents into sentences and measures them.
func read(docs []Document) *draft { return readWith(docs, language.Rarity, salienceModel()) }

// readWith does so with other tables than those in use.
func readWith(docs []Document, rarity func(term, lang string) float32, salience *Ranker) *draft {
	d := &draft{docs: slices.Clone(docs), terming: salience, vocabulary: vocabulary{ids: make(map[string]int32, 512), functionWords: make(map[string]int32, 128), rarity: rarity}}
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
	d.links = d.graph()
	d.rank = d.links.walk()
	return d
}

func (d *draft) readDoc(i int, tokens []language.Token) []language.Token {
	doc := &d.docs[i]
	text := doc.Text
	if len(text) > maxBytes {
		text = text[:maxBytes]
	}
	spans := wholeQuotations(text, boilerplate.News(text, doc.Lang))
	spans = spans[:min(len(spans), maxSentences, max(1, maxAll-len(d.sentences)))]
	seen := make(map[int32]bool, 256)
	end := 0
	for at, span := range spans {
		s := sentence{Span: span, doc: i, at: at}
		s.para = at == 0 || hasBreak(text[end:span.From])
		end = span.To
		tokens = language.Tokens(tokens[:0], span.Of(text), doc.Lang)
		s.words = digest.Words(span.Of(text))
		d.measure(&s, span.Of(text), tokens, doc.Lang, seen)
		s.commas = float32(strings.Count(span.Of(text), ",")) / float32(max(1, s.words))
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
func (d *draft) measure(s *sentence, text string, tokens []language.Token, lang string, seen map[int32]bool) {
	ids := make([]int32, 0, len(tokens))
	s.order = make([]int32, 0, len(tokens))
	fresh, upper, digits, plain, length := 0, 0, 0, 0, 0
	for i, t := range tokens {
		length += t.To - t.From
		if t.Number {
			digits++
		}
		if t.Term == "" {
			plain++
			s.order = append(s.order, d.functionWord(t.Of(text)))
			continue
		}
		id := d.id(t.Term, lang)
		ids = append(ids, id)
		s.order = append(s.order, termNumber(id))
		d.terms[id].meet(s, t.Upper && i > 0, t.Number)
		if t.Upper && i > 0 {
			upper++
			s.names = append(s.names, id)
		}
		if !seen[id] {
			seen[id] = true
			fresh++
		}
	}
	n := float32(max(1, len(tokens)))
	s.upper, s.digit, s.plain, s.wordLength = float32(upper)/n, float32(digits)/n, float32(plain)/n, float32(length)/n
	s.novel = float32(fresh) / float32(max(1, len(ids)))
	s.terms = slices.Clone(ids)
	s.vec = d.unit(ids)
}

// unit is the tf-idf vector of a list of terms, of length 1.
func (v *vocabulary) unit(ids []int32) vector {
	slices.Sort(ids)
	out := vector{id: make([]int32, 0, len(ids)), weight: make([]float32, 0, len(ids))}
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

// normalize makes a vector's length 1 and returns what it was, 1 for the empty vector.
func normalize(w []float32) float32 {
	sum := 0.0
	for _, x := range w {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return 1
	}
	length := float32(math.Sqrt(sum))
	for i := range w {
		w[i] /= length
	}
	return length
}

func (d *draft) readTitles() {
	var ids []int32
	for _, doc := range d.docs {
		for _, t := range language.Tokens(nil, doc.Title, doc.Lang) {
			if t.Term == "" {
				d.titleRun = append(d.titleRun, d.functionWord(t.Of(doc.Title)))
				continue
			}
			id := d.id(t.Term, doc.Lang)
			d.terms[id].title = true
			d.titleRun = append(d.titleRun, termNumber(id))
			ids = append(ids, id)
		}
	}
	d.titleOrder = slices.Clone(ids)
	d.titles = d.unit(ids)
}

func (d *draft) readCentroid() {
	d.centroid, d.frequency = make([]float32, len(d.idf)), make([]int32, len(d.idf))
	for _, s := range d.sentences {
		for k, id := range s.vec.id {
			d.centroid[id] += s.vec.weight[k]
			d.frequency[id]++
		}
	}
	d.centroidLength = normalize(d.centroid)
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
