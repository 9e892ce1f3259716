package digest

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
)

// Facts are hashes of what was told of a story, in ascending order, kept so that it is
// not told again: numbers, names, the words that carry the meaning, and which articles
// there were.
type Facts []uint32

// MaxFacts is the most facts of one story that a chat remembers: about as many as a
// headline and its summary state.
const MaxFacts = 64

// Has tells whether a fact is among them.
func (f Facts) Has(fact uint32) bool {
	_, ok := slices.BinarySearch(f, fact)
	return ok
}

// And are these facts and those of another, MaxFacts at most; where that is too few, the
// other's stay.
func (f Facts) And(other Facts) Facts {
	out := slices.Clone(other[:min(len(other), MaxFacts)])
	for _, fact := range f {
		if len(out) == MaxFacts {
			break
		}
		if !other.Has(fact) {
			out = append(out, fact)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// MarshalText writes the facts in base64, four bytes each: a chat remembers many.
func (f Facts) MarshalText() ([]byte, error) {
	raw := make([]byte, 0, 4*len(f))
	for _, fact := range f {
		raw = binary.BigEndian.AppendUint32(raw, fact)
	}
	return base64.RawStdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText reads what MarshalText wrote.
func (f *Facts) UnmarshalText(text []byte) error {
	raw, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil || len(raw)%4 != 0 {
		return errors.New("these are no facts")
	}
	*f = make(Facts, 0, len(raw)/4)
	for ; len(raw) > 0; raw = raw[4:] {
		*f = append(*f, binary.BigEndian.Uint32(raw))
	}
	return nil
}
