package feed

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/xml"
	"hash"
	"slices"
	"strconv"
	"time"

	"newsdigest/digest"
)

// Known tells what is remembered of an entry with this print, if anything is.
type Known func(print uint64) (digest.EntryMark, bool)

// rules goes into every print. It counts the changes of how entries are read that make a
// difference to their keys or dates.
const rules = "1"

// frame is what is around a document's entries.
type frame struct {
	parent int    // where their parent starts
	name   string // theirs
	tags   []span // the start tags of their parent and of what that is in
	// mixed says that they are not all children of one element, or not of one name, so that
	// the parser may take them in another order, or some for none.
	mixed bool
}

// frameEntry notes what is around an entry that starts here.
func (s *scan) frameEntry(n xml.Name) {
	f, parent := &s.frame, s.open[len(s.open)-1].from
	if f.tags == nil {
		f.parent, f.name = parent, n.Local
		for _, e := range s.open {
			f.tags = append(f.tags, span{e.from, e.inner})
		}
	}
	f.mixed = f.mixed || parent != f.parent || n.Local != f.name
}

// takePrints gives the entries their prints: the start of the SHA-256 of the entry's bytes,
// the tags around it, whose namespaces and base address hold for it, and the document's
// address. Entries that are the same twice get none, for how they are named depends on it.
func (s *scan) takePrints(baseURL string) {
	if s.frame.mixed {
		return
	}
	h := sha256.New()
	writePart(h, []byte(rules))
	writePart(h, []byte(baseURL))
	for _, t := range s.frame.tags {
		writePart(h, s.src[t.from:t.to])
	}
	around := h.Sum(nil)
	first := make(map[uint64]int, len(s.entries))
	var again []int
	for i := range s.entries {
		e := &s.entries[i]
		if e.dropped {
			continue
		}
		h.Reset()
		h.Write(around)
		h.Write(s.src[e.from:e.to])
		var sum [sha256.Size]byte
		e.print = binary.BigEndian.Uint64(h.Sum(sum[:0]))
		if n, ok := first[e.print]; ok {
			again = append(again, n, i)
		}
		first[e.print] = i
	}
	for _, i := range again {
		s.entries[i].print = 0
	}
}

// writePart writes a part of something that is hashed, so that no two lists of parts are
// the same bytes.
func writePart(h hash.Hash, part []byte) {
	h.Write(strconv.AppendInt(nil, int64(len(part)), 10))
	h.Write([]byte{':'})
	h.Write(part)
}

// marks are what is to be remembered of all entries, in the order of the document: the
// drafts, and those of the reading that were left out as known.
func (r reading) marks(drafts []draft) []digest.EntryMark {
	out := make([]digest.EntryMark, 0, len(drafts)+len(r.known))
	n := 0
	for i := range r.fates {
		if mark, ok := r.known[i]; ok {
			out = append(out, mark)
		}
		for ; n < len(drafts) && drafts[n].place == i; n++ {
			out = append(out, drafts[n].mark())
		}
	}
	for ; n < len(drafts); n++ {
		out = append(out, drafts[n].mark())
	}
	return out
}

// clashes tells whether one of the drafts has the key of an entry that was left out. Then
// both have to be read, to be told apart.
func (r reading) clashes(drafts []draft) bool {
	if len(r.known) == 0 {
		return false
	}
	left := make(map[uint64]bool, len(r.known))
	for _, mark := range r.known {
		left[mark.Key] = true
	}
	return slices.ContainsFunc(drafts, func(d draft) bool {
		return left[digest.EntryHash(d.Key)] || left[digest.EntryHash(d.first)]
	})
}

// mark is what is to be remembered of an entry. It has a print only if its key does not
// depend on the other entries of the document.
func (d *draft) mark() digest.EntryMark {
	m := digest.EntryMark{Key: digest.EntryHash(d.Key), Published: d.Published.Truncate(time.Second)}
	if !d.shared {
		m.Print = d.print
	}
	return m
}
