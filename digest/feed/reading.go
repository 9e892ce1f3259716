package feed

import (
	"bytes"
	"slices"
	"time"

	"newsdigest/digest"
)

// What of an entry is given to the parser. Nearly all that a poll costs is the parsing of
// entries that are known. So those whose bytes are known are left out altogether, and of
// many others all but the newest are read without their text. Where that turns out to have
// been too little, the document is parsed once more, whole.
type fate uint8

const (
	whole  fate = iota
	bare        // without its text
	absent      // nothing
)

const (
	wholeEntries = 10  // entries that keep their text
	longText     = 200 // bytes; less is not worth it
)

// reading is how a document is read: the fate of each of its entries, and of those that
// are known, what is.
type reading struct {
	fates []fate
	known map[int]digest.EntryMark
}

// all is how everything is read that is not dropped.
func (s *scan) all() reading {
	r := reading{fates: make([]fate, len(s.entries))}
	for i, e := range s.entries {
		if e.dropped {
			r.fates[i] = absent
		}
	}
	return r
}

// least is how no more is read than is new, as far as that can be told now.
func (s *scan) least(known Known) reading {
	r := s.all()
	if s.frame.mixed {
		return r // nobody can tell which is which
	}
	r.known = map[int]digest.EntryMark{}
	var left []int
	for i, e := range s.entries {
		if e.dropped {
			continue
		}
		if mark, ok := e.known(known); ok {
			r.fates[i], r.known[i] = absent, mark
			continue
		}
		left = append(left, i)
	}
	if len(left) > wholeEntries {
		for _, i := range s.byDate(left)[wholeEntries:] {
			r.fates[i] = bare
		}
	}
	return r
}

func (e entry) known(known Known) (digest.EntryMark, bool) {
	if known == nil || e.print == 0 {
		return digest.EntryMark{}, false
	}
	return known(e.print)
}

// sparing tells whether less than everything is read.
func (r reading) sparing() bool { return len(r.known) > 0 || slices.Contains(r.fates, bare) }

// places are those of the entries that are given to the parser.
func (r reading) places() []int {
	out := make([]int, 0, len(r.fates))
	for i, f := range r.fates {
		if f != absent {
			out = append(out, i)
		}
	}
	return out
}

// cuts is what is left out, in the order of the document. Of a bare entry without a long
// text nothing is: it is whole.
func (s *scan) cuts(r reading) (out []part) {
	n := 0 // texts and entries are both in the order of the document
	for i, e := range s.entries {
		if r.fates[i] == absent {
			out = append(out, e.part)
		}
		cut, done := false, e.from
		for ; n < len(s.texts) && s.texts[n].from < e.to; n++ {
			if t := s.texts[n]; r.fates[i] == bare && t.from >= done && t.to <= e.to {
				out = append(out, t)
				cut, done = true, t.to
			}
		}
		if r.fates[i] == bare && !cut {
			r.fates[i] = whole
		}
	}
	return out
}

// apply is the source from the root on with all edits made and these parts left out.
func (s *scan) apply(cuts []part) []byte {
	if len(s.edits)+len(cuts) == 0 {
		return s.src[s.root:s.end]
	}
	size := s.end - s.root
	for _, c := range cuts {
		size -= c.to - c.from
	}
	out := make([]byte, 0, size+size/8)
	at, done := s.root, 0
	replace := func(edits ...edit) {
		for _, e := range edits {
			if e.from < at { // before the root
				continue
			}
			out = append(out, s.src[at:e.from]...)
			out = append(out, e.text...)
			at = e.to
		}
	}
	for _, c := range cuts {
		replace(s.edits[done:c.first]...)
		replace(edit{c.span, ""})
		done = c.last
	}
	replace(s.edits[done:]...)
	return append(out, s.src[min(at, s.end):s.end]...)
}

// dropOldest drops all but the newest MaxEntries entries.
func (s *scan) dropOldest() {
	if len(s.entries) <= MaxEntries {
		return
	}
	ranked := make([]int, len(s.entries))
	for i := range ranked {
		ranked[i] = i
	}
	for _, i := range s.byDate(ranked)[MaxEntries:] {
		s.entries[i].dropped = true
		s.elements -= s.entries[i].elements
	}
}

// byDate sorts places of entries, the newest first. Those without a date count as oldest,
// later ones before earlier ones.
func (s *scan) byDate(places []int) []int {
	dates := make(map[int]time.Time, len(places))
	for _, i := range places {
		dates[i] = entryDate(s.src[s.entries[i].from:s.entries[i].to])
	}
	slices.SortStableFunc(places, func(a, b int) int { return dates[b].Compare(dates[a]) })
	return places
}

// entryDate finds the date of an entry in its source.
func entryDate(src []byte) time.Time {
	for _, tag := range []string{"<pubDate>", "<published>", "<dc:date>", "<updated>"} {
		if _, after, ok := bytes.Cut(src, []byte(tag)); ok {
			text, _, _ := bytes.Cut(after, []byte("<"))
			return parseDate(string(text))
		}
	}
	return time.Time{}
}
