package summary

import "math"

// A feature is a number that tells something about a sentence, whatever its language.
const (
	fInverse = iota // 1/(1+place)
	fLogPlace
	fPlace // place relative to the document
	fFirst
	fSecond
	fThird
	fLogCount // sentences of the document
	fLogWords
	fShort
	fLong
	fDeviation // from the mean length
	fCentroid
	fCentroidOthers
	fWeight   // mean idf of its terms
	fKeywords // share of the document's keywords it has
	fRank     // LexRank
	fLead     // cosine to the first sentence
	fNext     // cosine to its neighbors
	fTitleCover
	fTitleCosine
	fUpper
	fDigit
	fNovel
	fQuoteHead
	fQuotes
	fUnpaired
	fPerson
	fLeans
	fConnects
	fQuestion
	fSays
	fColon
	fYear
	fParagraph
	fLast    // one of the last two
	fSupport // how much other documents say the same
	fDocs    // log of the number of documents
	fTitled  // whether there is a title
	featureCount
)

const (
	keywordCount = 12
	rankDamping  = 0.85
	rankRounds   = 12
	rankEdge     = 0.05 // smaller cosines are no edge
	shortWords   = 8
	longWords    = 40
)

type features [featureCount]float32

// features measures every sentence of the draft.
func (d *draft) features() []features {
	rows := make([]features, len(d.sentences))
	rank, support := d.rank()
	keys := d.keywords()
	for doc, st := range d.perDoc {
		d.docFeatures(rows, st, doc)
	}
	for i := range d.sentences {
		s, f := &d.sentences[i], &rows[i]
		f[fRank] = rank[i]
		f[fSupport] = support[i]
		f[fKeywords] = cover(s.vec, keys)
		f[fTitleCover] = d.titleCover(s.vec)
		f[fTitleCosine] = s.vec.dot(d.titles)
		f[fDocs] = logf(float32(len(d.docs)))
		f[fTitled] = flag(len(d.titles.id) > 0)
		d.contentFeatures(s, f)
		s.cues.features(f)
	}
	return rows
}

// docFeatures fills in what depends on the sentence's place in its document.
func (d *draft) docFeatures(rows []features, st docStats, doc int) {
	n := st.to - st.from
	var mean float32
	for _, s := range d.sentences[st.from:st.to] {
		mean += logf(float32(s.words)) / float32(n)
	}
	for i := st.from; i < st.to; i++ {
		s, f := &d.sentences[i], &rows[i]
		at := float32(s.at)
		f[fInverse] = 1 / (1 + at)
		f[fLogPlace] = logf(at)
		f[fPlace] = at / float32(n)
		f[fFirst], f[fSecond], f[fThird] = flag(s.at == 0), flag(s.at == 1), flag(s.at == 2)
		f[fLogCount] = logf(float32(n))
		words := logf(float32(s.words))
		f[fLogWords] = words
		f[fShort], f[fLong] = flag(s.words < shortWords), flag(s.words > longWords)
		f[fDeviation] = abs(words - mean)
		f[fLead] = s.vec.dot(d.sentences[st.from].vec) * flag(s.at > 0)
		if i > st.from {
			f[fNext] += s.vec.dot(d.sentences[i-1].vec)
		}
		if i+1 < st.to {
			f[fNext] += s.vec.dot(d.sentences[i+1].vec)
		}
		f[fLast] = flag(s.at >= n-2 && n > 4)
	}
}

func (d *draft) contentFeatures(s *sentence, f *features) {
	f[fCentroid] = s.vec.dense(d.centroid)
	var own, weight float32
	for k, id := range s.vec.id {
		own += s.vec.weight[k] * s.vec.weight[k]
		weight += d.idf[id]
	}
	f[fCentroidOthers] = f[fCentroid] - own/float32(1+len(d.sentences))
	f[fWeight] = weight / float32(max(1, len(s.vec.id)))
	f[fUpper], f[fDigit], f[fNovel] = s.upper, s.digit, s.novel
	f[fParagraph] = flag(s.para)
}

func (c cues) features(f *features) {
	f[fQuoteHead], f[fQuotes], f[fUnpaired] = flag(c.quoteHead), flag(c.quotes), flag(c.unpaired)
	f[fPerson], f[fLeans], f[fConnects] = flag(c.first), flag(c.leans), flag(c.connects)
	f[fQuestion], f[fSays], f[fColon], f[fYear] = flag(c.question), flag(c.says), flag(c.colon), flag(c.year)
}

// rank is LexRank: the stationary share of a walk over the sentences along their
// cosines, times their number; and for each sentence the mean, over the other
// documents, of the greatest cosine to a sentence there.
func (d *draft) rank() (rank, support []float32) {
	n := len(d.sentences)
	rank, support = make([]float32, n), make([]float32, n)
	cosines := make([]float32, n*n)
	sums := make([]float32, n)
	row := make([]float32, len(d.idf))
	for i, s := range d.sentences {
		for k, id := range s.vec.id {
			row[id] = s.vec.weight[k]
		}
		for j := i + 1; j < n; j++ {
			c := d.sentences[j].vec.dense(row)
			if c < rankEdge {
				continue
			}
			cosines[i*n+j], cosines[j*n+i] = c, c
			sums[i] += c
			sums[j] += c
		}
		for _, id := range s.vec.id {
			row[id] = 0
		}
	}
	walk(rank, cosines, sums)
	if len(d.docs) > 1 {
		d.supports(support, cosines)
	}
	return rank, support
}

func walk(rank, cosines, sums []float32) {
	n := len(rank)
	next := make([]float32, n)
	for i := range rank {
		rank[i] = 1
	}
	for range rankRounds {
		var loose float32 // what sentences without edges give to all
		for i := range next {
			next[i] = 0
			if sums[i] == 0 {
				loose += rank[i] / float32(n)
			}
		}
		for i := range rank {
			if sums[i] == 0 {
				continue
			}
			share := rank[i] / sums[i]
			for j, c := range cosines[i*n : i*n+n] {
				next[j] += share * c
			}
		}
		for i := range rank {
			rank[i] = 1 - rankDamping + rankDamping*(next[i]+loose)
		}
	}
}

func (d *draft) supports(support, cosines []float32) {
	n := len(support)
	for i, s := range d.sentences {
		for doc, st := range d.perDoc {
			if doc == s.doc {
				continue
			}
			var best float32
			for j := st.from; j < st.to; j++ {
				best = max(best, cosines[i*n+j])
			}
			support[i] += best / float32(len(d.docs)-1)
		}
	}
}

// keywords are the terms with the most tf-idf in the draft; the value is the share of
// their weight.
func (d *draft) keywords() map[int32]float32 {
	counts := make([]float32, len(d.idf))
	for _, s := range d.sentences {
		for _, id := range s.vec.id {
			counts[id] += d.idf[id]
		}
	}
	keys := make(map[int32]float32, keywordCount)
	var total float32
	for range keywordCount {
		best := int32(-1)
		for id, w := range counts {
			if w > 0 && (best < 0 || w > counts[best]) {
				best = int32(id)
			}
		}
		if best < 0 {
			break
		}
		keys[best] = counts[best]
		total += counts[best]
		counts[best] = 0
	}
	for id := range keys {
		keys[id] /= total
	}
	return keys
}

func cover(v vector, keys map[int32]float32) float32 {
	var sum float32
	for _, id := range v.id {
		sum += keys[id]
	}
	return sum
}

// titleCover is the share of the titles' weight that the sentence has.
func (d *draft) titleCover(v vector) float32 {
	var hit, all float32
	j := 0
	for i, id := range d.titles.id {
		w := d.titles.weight[i]
		all += w
		for j < len(v.id) && v.id[j] < id {
			j++
		}
		if j < len(v.id) && v.id[j] == id {
			hit += w
		}
	}
	if all == 0 {
		return 0
	}
	return hit / all
}

func flag(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// logf is the logarithm of 1+x.
func logf(x float32) float32 { return float32(math.Log1p(float64(x))) }

func abs(x float32) float32 { return max(x, -x) }
