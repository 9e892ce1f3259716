package summary

import (
	"slices"
	"sync"
)

// Material is what the trainer learns from: the sentences of a story that may be
// chosen, and what the model sees of them.
type Material struct{ d *draft }

// Read makes training material of a story with the given rarity of terms.
func Read(docs []Document, rarity func(term, lang string) float32) Material {
	return Material{readWith(docs, rarity, nil)}
}

// Sentences are the sentences that may be chosen.
func (m Material) Sentences() []Sentence {
	out := make([]Sentence, len(m.d.sentences))
	for i, s := range m.d.sentences {
		out[i] = Sentence{s.doc, s.From, s.To}
	}
	return out
}

// Inputs are what the model sees of each sentence when so many are asked for and the
// salience of terms is what a ranker says.
func (m Material) Inputs(sentences int, salience *Ranker) [][]float32 {
	m.d.terming = salience
	rows := m.d.inputs(sentences)
	out := make([][]float32, len(rows))
	for i := range rows {
		out[i] = slices.Clone(rows[i][:])
	}
	return out
}

// Choose are the indexes of the sentences chosen if the model rates them so.
func (m Material) Choose(scores []float64, sentences int) []int {
	m.d.scores = scores
	return m.d.pick(sentences, 0)
}

// Terms are the terms of the story and what the model of their salience sees of each
// when so many sentences are asked for.
func (m Material) Terms(sentences int) ([]string, [][]float32) {
	terms := make([]string, len(m.d.terms))
	for t, id := range m.d.ids {
		terms[id] = t
	}
	rows := m.d.termInputs(m.d.rank, sentences)
	inputs := make([][]float32, len(rows))
	for i := range rows {
		inputs[i] = slices.Clone(rows[i][:])
	}
	return terms, inputs
}

// TermInputNames are the names of those inputs.
func TermInputNames() []string { return termInputNames[:] }

// InputNames are the names of the model's inputs.
func InputNames() []string { return inputNames() }

var inputNames = sync.OnceValue(func() []string {
	names := slices.Clone(featureNames[:])
	for _, n := range featureNames {
		names = append(names, "z_"+n)
	}
	return names
})
