package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// A file that was closed has its list of free pages in it, and opening it need not cost
// reading all of it. What must be right before the first write is which pages are in use:
// a page in use that the list calls free would be overwritten. The branch pages and the
// list tell nearly all of that; of the pages with values only the heads of those are read
// that are followed by a page of which nothing else is known. A survey in full reads them
// all: whether every key can be found, and all of its value is there.

// The kinds of pages, as flags in their heads.
const (
	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
)

// noFreelist is the number of the free list's page where the file has none.
const noFreelist = ^uint64(0)

// pageHead is the head of a page. Overflow is how many pages right behind it belong to it.
type pageHead struct {
	ID           uint64
	Flags, Count uint16
	Overflow     uint32
}

// Elements of pages: Pos, counted from where the element is, leads to a key, behind which
// a leaf has the value.
const elementSize = 16

type branchElement struct {
	Pos, KeySize uint32
	Page         uint64
}

type leafElement struct {
	Flags, Pos, KeySize, ValueSize uint32
}

const bucketElement = 1 // its value leads to a bucket, or is a small one

// use is what a page is used for.
type use byte

const (
	unknown use = iota // belongs to the leaf before it, or else something is wrong
	taken              // read, and known
	leaf               // the first page of one with values, not read
	free
)

// survey is what is known of the pages of a file.
type survey struct {
	file   io.ReaderAt
	meta   meta
	inFull bool
	pages  []use
}

// surveyPages checks the structure of a file, in full or so much that writing to it
// overwrites nothing: every page is either in the tree or, in a file that was closed, in
// the list of free pages, and none in both.
func surveyPages(file io.ReaderAt, m meta, inFull bool) error {
	s := &survey{file: file, meta: m, inFull: inFull, pages: make([]use, m.Pages)}
	s.pages[0], s.pages[1] = taken, taken // the meta pages
	if err := s.root(); err != nil || m.Freelist == noFreelist {
		return err
	}
	if err := s.freelist(); err != nil {
		return err
	}
	return s.leaves()
}

// wrong is the error over a page.
func wrong(id uint64, what string) error {
	return fmt.Errorf("%w: page %d of it %s", ErrCorrupt, id, what)
}

// head reads the head of a page.
func (s *survey) head(id uint64) (pageHead, error) {
	raw, err := s.read(id, make([]byte, pageHeader))
	if err != nil {
		return pageHead{}, err
	}
	return s.headOf(id, raw)
}

func (s *survey) headOf(id uint64, raw []byte) (pageHead, error) {
	h := pageHead{
		ID: binary.NativeEndian.Uint64(raw), Flags: binary.NativeEndian.Uint16(raw[8:]),
		Count: binary.NativeEndian.Uint16(raw[10:]), Overflow: binary.NativeEndian.Uint32(raw[12:]),
	}
	if h.ID != id || uint64(h.Overflow) >= s.meta.Pages-id {
		return h, wrong(id, "has another one's head")
	}
	return h, nil
}

// read fills raw from the beginning of a page.
func (s *survey) read(id uint64, raw []byte) ([]byte, error) {
	if id < 2 || id >= s.meta.Pages {
		return nil, wrong(id, "does not exist")
	}
	_, err := s.file.ReadAt(raw, int64(id)*int64(s.meta.PageSize))
	return raw, err
}

// mark notes what pages are used for; each is used once.
func (s *survey) mark(first, n uint64, as use) error {
	for id := first; id < first+n; id++ {
		if id < 2 || id >= s.meta.Pages {
			return wrong(id, "does not exist")
		}
		if s.pages[id] != unknown {
			return wrong(id, "is used twice")
		}
		s.pages[id] = as
	}
	return nil
}

// taken reads a page that is in use, into buf if it fits, with the pages that belong to it.
func (s *survey) taken(id uint64, buf []byte) (h pageHead, raw []byte, err error) {
	if raw, err = s.read(id, slices.Grow(buf[:0], int(s.meta.PageSize))[:s.meta.PageSize]); err != nil {
		return h, nil, err
	}
	if h, err = s.headOf(id, raw); err != nil {
		return h, nil, err
	}
	if err := s.mark(id, uint64(h.Overflow)+1, taken); err != nil {
		return h, nil, err
	}
	if h.Overflow > 0 {
		raw, err = s.read(id, make([]byte, int(h.Overflow+1)*int(s.meta.PageSize)))
	}
	return h, raw, err
}

// root reads the page that names the one bucket, and then its tree.
func (s *survey) root() error {
	h, raw, err := s.taken(s.meta.Root, nil)
	if err != nil {
		return err
	}
	var e leafElement
	if _, err := binary.Decode(raw[pageHeader:], binary.NativeEndian, &e); err != nil {
		return err
	}
	key, value := part(raw, pageHeader, e.Pos, e.KeySize), part(raw, pageHeader, e.Pos+e.KeySize, e.ValueSize)
	if h.Flags != leafPage || h.Count != 1 || e.Flags != bucketElement || string(key) != string(bucket) || len(value) < elementSize {
		return fmt.Errorf("%w: it holds something else", ErrCorrupt)
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		return s.tree(root)
	}
	small := value[elementSize:] // a page without pages of its own
	if len(small) < pageHeader || binary.NativeEndian.Uint16(small[8:]) != leafPage {
		return wrong(h.ID, "is cut off")
	}
	return (&order{page: h.ID}).leaf(small, binary.NativeEndian.Uint16(small[10:]))
}

// part is a part of a page, nil if the page has not so much; from is counted from at.
func part(raw []byte, at int, from, size uint32) []byte {
	begin := uint64(at) + uint64(from)
	end := begin + uint64(size)
	if end > uint64(len(raw)) {
		return nil
	}
	return raw[begin:end:end]
}

// node is a page of a tree with the least key that its parent lets it have.
type node struct {
	page uint64
	from []byte
}

// tree marks the pages of a tree. All its leaves are equally deep, so that one tells where
// they begin.
func (s *survey) tree(root uint64) error {
	level := []node{{page: root}}
	for {
		h, err := s.head(level[0].page)
		if err != nil {
			return err
		}
		if h.Flags == leafPage {
			break
		}
		if level, err = s.below(level); err != nil {
			return err
		}
	}
	var o order
	buf := make([]byte, s.meta.PageSize)
	for _, n := range level {
		if !s.inFull {
			if err := s.mark(n.page, 1, leaf); err != nil {
				return err
			}
			continue
		}
		h, raw, err := s.taken(n.page, buf)
		if err != nil {
			return err
		}
		if h.Flags != leafPage {
			return wrong(n.page, "is no leaf")
		}
		if err := o.enter(n); err != nil {
			return err
		}
		if err := o.leaf(raw, h.Count); err != nil {
			return err
		}
	}
	return nil
}

// below are the children of branch pages.
func (s *survey) below(level []node) (next []node, err error) {
	var o order
	for _, n := range level {
		h, raw, err := s.taken(n.page, nil)
		if err != nil {
			return nil, err
		}
		if h.Flags != branchPage || h.Count == 0 {
			return nil, wrong(n.page, "is no branch")
		}
		if err := o.enter(n); err != nil {
			return nil, err
		}
		for i := range int(h.Count) {
			at := pageHeader + i*elementSize
			var e branchElement
			if _, err := binary.Decode(raw[min(at, len(raw)):], binary.NativeEndian, &e); err != nil {
				return nil, wrong(n.page, "is cut off")
			}
			key := part(raw, at, e.Pos, e.KeySize)
			if err := o.next(key); err != nil {
				return nil, err
			}
			next = append(next, node{e.Page, key})
		}
	}
	return next, nil
}

// order checks that the keys of one level of a tree are in order, and on the pages where
// they are looked for.
type order struct {
	page uint64
	from []byte // of the page
	last []byte
}

// enter begins a page.
func (o *order) enter(n node) error {
	o.page, o.from = n.page, n.from
	if o.last != nil && n.from != nil && bytes.Compare(o.last, n.from) >= 0 {
		return wrong(n.page, "has keys of the one before")
	}
	return nil
}

// next is the next key of the page.
func (o *order) next(key []byte) error {
	if len(key) == 0 || bytes.Compare(o.last, key) >= 0 || bytes.Compare(key, o.from) < 0 {
		return wrong(o.page, "has keys out of order")
	}
	o.last = append(o.last[:0], key...) // the page's place is used again
	return nil
}

// leaf checks the keys of a leaf, and that its values are all there.
func (o *order) leaf(raw []byte, count uint16) error {
	if pageHeader+int(count)*elementSize > len(raw) {
		return wrong(o.page, "is cut off")
	}
	for i := range int(count) {
		at := pageHeader + i*elementSize
		flags, pos := binary.NativeEndian.Uint32(raw[at:]), binary.NativeEndian.Uint32(raw[at+4:])
		key, value := binary.NativeEndian.Uint32(raw[at+8:]), binary.NativeEndian.Uint32(raw[at+12:])
		if flags != 0 || uint64(at)+uint64(pos)+uint64(key)+uint64(value) > uint64(len(raw)) {
			return wrong(o.page, "is cut off")
		}
		if err := o.next(part(raw, at, pos, key)); err != nil {
			return err
		}
	}
	return nil
}

// freelist marks the free pages and those that list them.
func (s *survey) freelist() error {
	h, raw, err := s.taken(s.meta.Freelist, nil)
	if err != nil {
		return err
	}
	if h.Flags != freelistPage {
		return wrong(h.ID, "lists no free pages")
	}
	ids, n := raw[pageHeader:], uint64(h.Count)
	if n == 0xFFFF { // the number does not fit and stands before the list
		n, ids = binary.NativeEndian.Uint64(ids), ids[8:]
	}
	if n > uint64(len(ids)/8) {
		return wrong(h.ID, "is cut off")
	}
	for id := range slices.Chunk(ids[:n*8], 8) {
		if err := s.mark(binary.NativeEndian.Uint64(id), 1, free); err != nil {
			return err
		}
	}
	return nil
}

// leaves checks that pages of which nothing is known belong to the leaf before them.
func (s *survey) leaves() error {
	for id := uint64(2); id < s.meta.Pages; {
		first, end := id, id+1
		for end < s.meta.Pages && s.pages[end] == unknown {
			end++
		}
		id = end
		known := end-first == 1 && (s.pages[first] != leaf || end < s.meta.Pages && s.pages[end] != free)
		if known {
			continue
		}
		if s.pages[first] != leaf {
			return wrong(first, "is followed by pages of nothing")
		}
		h, err := s.head(first)
		if err != nil {
			return err
		}
		if h.Flags != leafPage || uint64(h.Overflow) != end-first-1 {
			return wrong(first, "is not as long as it was")
		}
	}
	return nil
}
