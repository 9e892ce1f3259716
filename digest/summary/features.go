package summary

import (
	"math"
	"slices"
)

// A feature is a number that tells something about a sentence, whatever its language.
const (
	fInverse        = iota // 1/(1+place)
	fLogPlace              // log of its place among the sentences of its document
	fPlace                 // place relative to the document
	fLogCount              // log of the number of sentences of the document
	fLogWords              // log of its length
	fDeviation             // difference of that to the document's mean
	fHeadWords             // log of the length of the document's first sentence
	fCentroid              // cosine to all documents together
	fCentroidOthers        // the same without the sentence itself
	fWeight                // mean idf of its terms
	fKeywords              // share of the keywords' weight that it has
	fRank                  // LexRank
	fDegree                // share of the sentences it has something in common with
	fLead                  // cosine to the first sentence
	fOpening               // mean cosine to the first three
	fBefore                // cosine to the sentence before
	fAfter                 // cosine to the sentence after
	fTitleCover            // share of the title's weight that it has
	fTitleCosine           // cosine to the title
	fUpper                 // share of capitalized words
	fDigit                 // share of numbers
	fNovel                 // share of terms that are new in the document
	fNames                 // share of its weight in names that the documents repeat
	fPlain                 // share of function words
	fCommas                // commas by word
	fWordLength            // mean length of its words
	fQuoted                // share of it that is quotation
	fQuoteHead
	fUnpaired
	fPerson
	fLeans
	fConnects
	fQuestion
	fSays
	fColon
	fYear
	fParagraph // opens a paragraph
	fFromEnd   // log of its place from the end
	fSupport   // what other documents say of the same
	fLeadSupport
	fDocs         // log of the number of documents
	fTitled       // whether there is a title
	fAllUpper     // share of capitalized words in the document
	fSentences    // log of the number of sentences asked for
	fHits         // how many of its terms a summary is expected to have
	fPrecision    // share of its terms that a summary is expected to have
	fExpected     // F1 of the two
	fTop          // its likeliest term
	fPairs        // how many of its pairs of terms a summary is expected to have, by its length
	fTitlePairs   // share of the title's pairs of neighboring terms that it has
	fTitleShare   // share of its own weight that the title has
	fHitsRank     // share of the document's sentences that beat its hits
	fExpectedRank // the same for the expected F1
	fTitleRank    // the same for the title's weight
	fBeforeHits   // hits of the sentence before
	fAfterHits    // hits of the sentence after
	fLeadTitle    // share of the title's weight that the first sentence has
	fGap          // expected F1 less the best of the document
	fCommon       // mean likeness to all other sentences, word for word
	fTitleWords   // share of the title's words that it has
	fTitleRuns    // pairs of neighboring words that it shares with the title
	featureCount
)

// featureNames are the names that the model's table uses.
var featureNames = [featureCount]string{
	"inverse", "log_place", "place", "log_count", "log_words", "deviation", "head_words", "centroid", "centroid_others", "weight",
	"keywords", "rank", "degree", "lead", "opening", "before", "after", "title_cover", "title_cosine", "upper", "digit", "novel",
	"names", "plain", "commas", "word_length", "quoted", "quote_head", "unpaired", "person", "leans", "connects", "question", "says",
	"colon", "year", "paragraph", "from_end", "support", "lead_support", "docs", "titled", "all_upper", "sentences",
	"hits", "precision", "expected", "top",
	"pairs", "title_pairs", "title_share", "hits_rank", "expected_rank", "title_rank", "before_hits", "after_hits", "lead_title", "gap",
	"common", "title_words", "title_runs",
}

const (
	keywordCount = 12
	openingCount = 3
)

type features [featureCount]float32

// features measures every sentence of the draft for a summary of so many sentences.
func (d *draft) features(sentences int) []features {
	if d.measured == nil {
		d.measured = d.lasting()
	}
	rows := slices.Clone(d.measured)
	salience := d.salience(sentences)
	var expected float32
	for _, p := range salience {
		expected += p / float32(max(1, sentences))
	}
	wanted := logf(float32(sentences))
	for i := range d.sentences {
		s, f := &d.sentences[i], &rows[i]
		f[fSentences] = wanted
		f.salient(s.vec, salience, expected)
		f[fPairs] = pairs(s.terms, salience) / float32(max(1, s.words))
	}
	for i := range d.perDoc {
		d.among(rows, d.perDoc[i])
	}
	return rows
}

// lasting are the features that do not depend on how long the summary is to be.
func (d *draft) lasting() []features {
	rows := make([]features, len(d.sentences))
	g, rank := d.links, d.rank
	keys, likenesses := d.keywords(), d.likenesses()
	for i := range d.perDoc {
		d.docFeatures(rows, d.perDoc[i], g)
	}
	docs, titled := logf(float32(len(d.docs))), flag(len(d.titles.id) > 0)
	for i := range d.sentences {
		s, f := &d.sentences[i], &rows[i]
		f[fRank] = rank[i]
		f[fDegree] = g.degree(i)
		f[fKeywords] = cover(s.vec, keys)
		f[fTitleCover] = d.titleCover(s.vec)
		f[fTitleCosine] = s.vec.dot(d.titles)
		f[fSupport], f[fLeadSupport] = d.support(i, g)
		f[fDocs], f[fTitled] = docs, titled
		f[fTitlePairs] = d.titlePairs(s.terms)
		f[fCommon], f[fTitleWords], f[fTitleRuns] = likenesses[i].common, likenesses[i].title, likenesses[i].runs
		f[fTitleShare] = d.titleShare(s.vec)
		d.contentFeatures(s, f)
		s.cues.features(f)
	}
	return rows
}

// among fills in how a sentence compares with the others of its document.
func (d *draft) among(rows []features, st docStats) {
	if st.from == st.to {
		return
	}
	doc := rows[st.from:st.to]
	for i := range doc {
		f := &doc[i]
		var hits, expected, title, best float32
		for j := range doc {
			hits += flag(doc[j][fHits] > f[fHits])
			expected += flag(doc[j][fExpected] > f[fExpected])
			title += flag(doc[j][fTitleCover] > f[fTitleCover])
			best = max(best, doc[j][fExpected])
		}
		n := float32(len(doc))
		f[fHitsRank], f[fExpectedRank], f[fTitleRank] = hits/n, expected/n, title/n
		f[fGap] = f[fExpected] - best
		f[fLeadTitle] = doc[0][fTitleCover]
		if i > 0 {
			f[fBeforeHits] = doc[i-1][fHits]
		}
		if i+1 < len(doc) {
			f[fAfterHits] = doc[i+1][fHits]
		}
	}
}

// pairs is how many pairs of neighboring terms a summary is expected to have.
func pairs(order []int32, salience []float32) float32 {
	var sum float32
	for i := 1; i < len(order); i++ {
		sum += salience[order[i-1]] * salience[order[i]]
	}
	return sum
}

// titlePairs is the share of the titles' pairs of neighboring terms that are neighbors
// in a sentence too.
func (d *draft) titlePairs(order []int32) float32 {
	if len(d.titleOrder) < 2 {
		return 0
	}
	n := 0
	for t := 1; t < len(d.titleOrder); t++ {
		for i := 1; i < len(order); i++ {
			if order[i-1] == d.titleOrder[t-1] && order[i] == d.titleOrder[t] {
				n++
				break
			}
		}
	}
	return float32(n) / float32(len(d.titleOrder)-1)
}

// titleShare is the share of a sentence's weight in terms of the titles.
func (d *draft) titleShare(v vector) float32 {
	var hit, all float32
	for i, id := range v.id {
		all += v.weight[i]
		if d.terms[id].title {
			hit += v.weight[i]
		}
	}
	return hit / max(1e-6, all)
}

// docFeatures fills in what depends on the sentence's place in its document.
func (d *draft) docFeatures(rows []features, st docStats, g graph) {
	n := st.to - st.from
	var mean, upper float32
	for _, s := range d.sentences[st.from:st.to] {
		mean += logf(float32(s.words)) / float32(n)
		upper += s.upper / float32(n)
	}
	for i := st.from; i < st.to; i++ {
		s, f := &d.sentences[i], &rows[i]
		at := float32(s.at)
		f[fInverse] = 1 / (1 + at)
		f[fLogPlace] = logf(at)
		f[fPlace] = at / float32(n)
		f[fFromEnd] = logf(float32(n-1) - at)
		f[fLogCount] = logf(float32(n))
		f[fLogWords] = logf(float32(s.words))
		f[fDeviation] = f[fLogWords] - mean
		f[fHeadWords] = logf(float32(d.sentences[st.from].words))
		f[fAllUpper] = upper
		f[fLead] = g.cosine(i, st.from)
		opening := min(n, openingCount)
		for j := st.from; j < st.from+opening; j++ {
			f[fOpening] += g.cosine(i, j) / float32(opening)
		}
		if i > st.from {
			f[fBefore] = g.cosine(i, i-1)
		}
		if i+1 < st.to {
			f[fAfter] = g.cosine(i, i+1)
		}
	}
}

func (d *draft) contentFeatures(s *sentence, f *features) {
	f[fCentroid] = s.vec.dense(d.centroid)
	var own, weight float32
	for k, id := range s.vec.id {
		own += s.vec.weight[k] * s.vec.weight[k]
		weight += d.idf[id]
	}
	f[fCentroidOthers] = f[fCentroid] - own/d.centroidLength
	f[fWeight] = weight / float32(max(1, len(s.vec.id)))
	f[fNames] = d.repeatedNames(s)
	f[fUpper], f[fDigit], f[fNovel], f[fPlain] = s.upper, s.digit, s.novel, s.plain
	f[fCommas], f[fWordLength] = s.commas, s.wordLength
	f[fParagraph] = flag(s.para)
}

// repeatedNames is the share of a sentence's weight in capitalized terms that other
// sentences have too.
func (d *draft) repeatedNames(s *sentence) float32 {
	var sum float32
	for _, id := range s.names {
		if d.frequency[id] > 1 {
			sum += d.idf[id]
		}
	}
	var all float32
	for _, id := range s.vec.id {
		all += d.idf[id]
	}
	if all == 0 {
		return 0
	}
	return sum / all
}

func (c cues) features(f *features) {
	f[fQuoted], f[fQuoteHead], f[fUnpaired] = c.quoted, flag(c.quoteHead), flag(c.unpaired)
	f[fPerson], f[fLeans], f[fConnects] = flag(c.first), flag(c.leans), flag(c.connects)
	f[fQuestion], f[fSays], f[fColon], f[fYear] = flag(c.question), flag(c.says), flag(c.colon), flag(c.year)
}

// keywords are the terms with the most tf-idf in the draft; the value is the share of
// their weight.
func (d *draft) keywords() map[int32]float32 {
	counts := make([]float32, len(d.idf))
	for id, n := range d.frequency {
		counts[id] = float32(n) * d.idf[id]
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
