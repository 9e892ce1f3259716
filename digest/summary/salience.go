package summary

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
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
	termInputCount
)

var termInputNames = [termInputCount]string{
	"bias", "idf", "log_count", "share", "once", "inverse", "log_first", "head", "title", "untitled", "upper", "number", "docs",
	"rank", "weight", "upper_head", "title_repeat", "log_all", "log_wanted",
}

type termInputs [termInputCount]float32

// termInputs measures every term of the draft.
func (d *draft) termInputs(rank []float32, sentences int) []termInputs {
	rows := make([]termInputs, len(d.terms))
	for i := range d.sentences {
		for _, id := range d.sentences[i].vec.id {
			rows[id][tRank] = max(rows[id][tRank], rank[i])
		}
	}
	untitled := flag(len(d.titles.id) == 0)
	all, wanted := logf(float32(len(d.sentences))), logf(float32(sentences))
	for id := range rows {
		t, f := &d.terms[id], &rows[id]
		f[tBias], f[tIDF] = 1, d.idf[id]
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

// salienceTable is what each input of a term counts, written by the trainer: a line an
// input.
//
//go:embed salience.txt
var salienceTable string

// salienceWeights are the table's weights.
var salienceWeights = sync.OnceValue(func() termInputs {
	w, err := parseSalience(salienceTable)
	if err != nil {
		panic(err) // the embedded table is broken; a test reads it
	}
	return w
})

func parseSalience(table string) (termInputs, error) {
	var out termInputs
	for line := range strings.Lines(table) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		i := slices.Index(termInputNames[:], name)
		w, err := strconv.ParseFloat(value, 32)
		if i < 0 || err != nil {
			return out, fmt.Errorf("salience: %q is no weight", line)
		}
		out[i] = float32(w)
	}
	return out, nil
}

// salience is how likely a summary of so many sentences has each term.
func (d *draft) salience(rank []float32, sentences int) []float32 {
	w := salienceWeights()
	rows := d.termInputs(rank, sentences)
	out := make([]float32, len(rows))
	for id := range rows {
		var sum float32
		for k, x := range rows[id] {
			sum += w[k] * x
		}
		out[id] = float32(1 / (1 + math.Exp(-float64(sum))))
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
