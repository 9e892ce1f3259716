package language

import (
	_ "embed"
	"encoding/binary"
	"sync"
)

// rarityTable is how common terms are in news: a count, as many hashes of language and
// term (32 bit, little endian, ascending), as many bytes of rarity, 255 = never seen.
// The trainer of digest/summary writes it.
//
//go:embed rarity.bin
var rarityTable []byte

// rarities are the table's values by hash.
var rarities = sync.OnceValue(func() map[uint32]float32 {
	if len(rarityTable) < 4 {
		return nil
	}
	n := int(binary.LittleEndian.Uint32(rarityTable))
	hashes, values := rarityTable[4:4+4*n], rarityTable[4+4*n:]
	out := make(map[uint32]float32, n)
	for i := range n {
		out[binary.LittleEndian.Uint32(hashes[4*i:])] = float32(values[i]) / 255
	}
	return out
})

// Rarity is how much a term tells: 1 for one that was never seen in news of its
// language, the less the commoner it is. It is the inverse document frequency, scaled:
// log((n+1)/df) / log(n+1) over the n articles of the language that were counted.
func Rarity(term, lang string) float32 {
	if r, ok := rarities()[TermHash(term, lang)]; ok {
		return r
	}
	return 1
}

// HasRarity tells whether Rarity knows words of the language at all.
func HasRarity(lang string) bool {
	switch lang {
	case "en", "fr", "tr", "vi":
		return true
	}
	return false
}

// TermHash names a term in a language: FNV-1a of the two, 32 bit. Two terms with one
// hash count as one, which among a few hundred thousand happens to some dozens and then
// costs nothing.
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
