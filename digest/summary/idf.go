package summary

import (
	_ "embed"
	"encoding/binary"
	"sync"
)

// idfTable is how common terms are in news: a count, as many hashes of language and
// term (32 bit, little endian, ascending), as many bytes of idf, 255 = never seen. The
// trainer writes it.
//
//go:embed idf.bin
var idfTable []byte

// inverseFrequencies are the table's values by hash.
var inverseFrequencies = sync.OnceValue(func() map[uint32]float32 {
	if len(idfTable) < 4 {
		return nil
	}
	n := int(binary.LittleEndian.Uint32(idfTable))
	hashes, values := idfTable[4:4+4*n], idfTable[4+4*n:]
	out := make(map[uint32]float32, n)
	for i := range n {
		out[binary.LittleEndian.Uint32(hashes[4*i:])] = float32(values[i]) / 255
	}
	return out
})

// inverseFrequency is how much a term tells: 1 for one that was never seen in news of
// its language, the less the commoner it is.
func inverseFrequency(term, lang string) float32 {
	if w, ok := inverseFrequencies()[TermHash(term, lang)]; ok {
		return w
	}
	return 1
}

// TermHash is the key of a term in the table: FNV-1a of language and term.
func TermHash(term, lang string) uint32 {
	const offset, prime = 2166136261, 16777619
	h := uint32(offset)
	for i := range len(lang) {
		h = (h ^ uint32(lang[i])) * prime
	}
	h = (h ^ 0xff) * prime
	for i := range len(term) {
		h = (h ^ uint32(term[i])) * prime
	}
	return h
}
