package main

import (
	"encoding/binary"
	"math"
	"os"
	"slices"
	"strings"

	"newsdigest/digest/language"
)

const (
	leastDocuments = 3      // documents a term must be in to be in the table
	mostTerms      = 45_000 // terms of the table
)

// frequencies counts in how many documents of each language each term is.
type frequencies struct {
	documents map[string]int
	terms     map[string]map[string]int
}

func newFrequencies() frequencies {
	return frequencies{map[string]int{}, map[string]map[string]int{}}
}

func (f frequencies) addRecord(r record) {
	if strings.HasPrefix(r.set, "mixed") {
		return // made of other sets
	}
	for _, d := range r.docs() {
		f.add(d.Title+"\n"+d.Text, d.Lang)
	}
}

func (f frequencies) add(text, lang string) {
	if f.terms[lang] == nil {
		f.terms[lang] = map[string]int{}
	}
	f.documents[lang]++
	seen := map[string]bool{}
	for _, t := range language.Terms(nil, text, lang) {
		if !seen[t] {
			seen[t] = true
			f.terms[lang][t]++
		}
	}
}

type entry struct {
	hash  uint32
	idf   uint8
	share float64
}

// entries are the terms of the table in order of their hashes.
func (f frequencies) entries() []entry {
	var list []entry
	for lang, terms := range f.terms {
		n := float64(f.documents[lang])
		for t, df := range terms {
			if df < leastDocuments {
				continue
			}
			idf := math.Log((n+1)/float64(df)) / math.Log((n+1)/1)
			list = append(list, entry{language.TermHash(t, lang), uint8(math.Round(255 * min(1, max(0.02, idf)))), float64(df) / n})
		}
	}
	slices.SortFunc(list, func(a, b entry) int {
		if a.share != b.share {
			if a.share > b.share {
				return -1
			}
			return 1
		}
		return int(int64(a.hash) - int64(b.hash))
	})
	list = list[:min(len(list), mostTerms)]
	slices.SortFunc(list, func(a, b entry) int { return int(int64(a.hash) - int64(b.hash)) })
	list = slices.CompactFunc(list, func(a, b entry) bool { return a.hash == b.hash })
	return list
}

// rarity is what language.Rarity says with this table.
func (f frequencies) rarity() func(term, lang string) float32 {
	table := map[uint32]float32{}
	for _, e := range f.entries() {
		table[e.hash] = float32(e.idf) / 255
	}
	return func(term, lang string) float32 {
		if r, ok := table[language.TermHash(term, lang)]; ok {
			return r
		}
		return 1
	}
}

// write writes the table that digest/language embeds.
func (f frequencies) write(path string) error {
	list := f.entries()
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(list)))
	for _, e := range list {
		out = binary.LittleEndian.AppendUint32(out, e.hash)
	}
	for _, e := range list {
		out = append(out, e.idf)
	}
	return os.WriteFile(path, out, 0o644)
}
