package summary

import (
	_ "embed"
	"math"
	"sync"
)

// A term's input is a number that tells how likely a summary has the term.
const (
	tBias = iota
	tIDF
	tLogCount    // log of how often it occurs
	tShare       // share of the sentences that have it
	tOnce        // occurs once
	tInverse     // 1/(1+place of its first sentence)
	tLogFirst    // log of that place
	tHead        // it is in a first sentence
	tTitle       // it is in a title
	tUntitled    // there is no title
	tUpper       // share of its occurrences that are capitalized
	tNumber      // it is a number
	tDocs        // share of the documents that have it, where there are several
	tRank        // greatest LexRank of a sentence that has it
	tWeight      // its part in the centroid
	tUpperHead   // capitalized and in a first sentence
	tTitleRepeat // in a title and repeated
	tLogAll      // log of the number of sentences
	tLogWanted   // log of the number of sentences asked for
	tOpening     // share of the first three sentences of the documents that have it
	tLast        // place of the last sentence that has it, relative
	tLength      // length in bytes, log
	tMeanRank    // mean LexRank of the sentences that have it
	tQuoted      // mean share of quotation of the sentences that have it
	tWithTitle   // greatest share of the title that a sentence with it has
	tSupport     // share of the documents whose first sentence has it
	tWords       // log of the mean length of the sentences that have it
	tDocCount    // log of the number of documents
	termInputCount
)

var termInputNames = [termInputCount]string{
	"bias", "idf", "log_count", "share", "once", "inverse", "log_first", "head", "title", "untitled", "upper", "number", "docs",
	"rank", "weight", "upper_head", "title_repeat", "log_all", "log_wanted",
	"opening", "last", "length", "mean_rank", "quoted", "with_title", "support", "words", "doc_count",
}

type termInputs [termInputCount]float32

// termInputs measures every term of the draft.
func (d *draft) termInputs(rank []float32, sentences int) []termInputs {
	rows := make([]termInputs, len(d.terms))
	for i := range d.sentences {
		s := &d.sentences[i]
		n := d.perDoc[s.doc].to - d.perDoc[s.doc].from
		title := d.titleCover(s.vec)
		for _, id := range s.vec.id {
			f := &rows[id]
			share := 1 / float32(d.frequency[id])
			f[tRank] = max(f[tRank], rank[i])
			f[tMeanRank] += rank[i] * share
			f[tQuoted] += s.cues.quoted * share
			f[tWords] += float32(s.words) * share
			f[tLast] = max(f[tLast], float32(s.at)/float32(n))
			f[tWithTitle] = max(f[tWithTitle], title)
			if s.at < openingCount {
				f[tOpening] += 1 / float32(min(n, openingCount)*len(d.docs))
			}
			if s.at == 0 {
				f[tSupport] += 1 / float32(len(d.docs))
			}
		}
	}
	docs := logf(float32(len(d.docs)))
	untitled := flag(len(d.titles.id) == 0)
	all, wanted := logf(float32(len(d.sentences))), logf(float32(sentences))
	for id := range rows {
		t, f := &d.terms[id], &rows[id]
		f[tBias], f[tIDF], f[tDocCount] = 1, d.idf[id], docs
		f[tWords] = logf(f[tWords])
		f[tLength] = logf(float32(d.length[id]))
		f[tLogCount] = logf(float32(t.count))
		f[tShare] = float32(d.frequency[id]) / float32(len(d.sentences))
		f[tOnce] = flag(t.count <= 1)
		f[tInverse] = 1 / (1 + float32(t.first))
		f[tLogFirst] = logf(float32(t.first))
		f[tHead] = flag(t.first == 0 && t.count > 0)
		f[tTitle], f[tUntitled] = flag(t.title), untitled
		f[tUpper] = float32(t.upper) / float32(max(1, t.count))
		f[tNumber] = flag(t.number)
		if len(d.docs) > 1 {
			f[tDocs] = float32(t.docs) / float32(len(d.docs))
		}
		f[tWeight] = d.centroid[id]
		f[tUpperHead] = f[tUpper] * f[tHead]
		f[tTitleRepeat] = f[tTitle] * flag(t.count > 1)
		f[tLogAll], f[tLogWanted] = all, wanted
	}
	return rows
}

// salienceTable is how likely a summary has a term, as log odds, written by the trainer.
//
//go:embed salience.txt
var salienceTable string

// salienceModel is the model of that table.
var salienceModel = sync.OnceValue(func() *Ranker { return mustParse(salienceTable, TermInputNames()) })

// salience is how likely a summary of so many sentences has each term.
func (d *draft) salience(sentences int) []float32 {
	rows := d.termInputs(d.rank, sentences)
	views := make([][]float32, len(rows))
	for id := range rows {
		views[id] = rows[id][:]
	}
	out := make([]float32, len(rows))
	for id, odds := range d.terming.Rate(views) {
		out[id] = float32(1 / (1 + math.Exp(-odds)))
	}
	return out
}

// salient fills in what the salience of its terms says about a sentence; expected is
// how many terms a summary may have for each of its sentences.
func (f *features) salient(v vector, salience []float32, expected float32) {
	var sum, top float32
	for _, id := range v.id {
		sum += salience[id]
		top = max(top, salience[id])
	}
	n := float32(len(v.id))
	f[fHits] = sum
	f[fPrecision] = sum / max(1, n)
	f[fExpected] = 2 * sum / max(1, n+expected)
	f[fTop] = top
}
