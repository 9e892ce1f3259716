package bolt

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
)

// A file that has the list of its free pages in it need not be read in full to be opened. What
// must be right before the first write is which pages are in use: a page in use that the list
// calls free would be overwritten. The branch pages and the list tell nearly all of that; of
// the pages with values only the heads of those are read that are followed by a page of which
// nothing else is known. A survey in full reads them all: whether every key can be found, and
// all of its value is there.

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

// elementSize is the size of the elements on pages. One of a branch page is where its key is,
// counted from the element itself, the key's size, and the page that begins with the key; one
// of a leaf page its flags, where the key is, and the sizes of key and value, which is behind
// the key.
const elementSize = 16

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
// overwrites nothing: every page is either in the tree or, where there is one, in the list
// of free pages, and none in both.
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
	if h, raw, err = s.whole(id, buf); err == nil {
		err = s.mark(id, uint64(h.Overflow)+1, taken)
	}
	return h, raw, err
}

// whole reads a page with those that belong to it, into buf if it fits.
func (s *survey) whole(id uint64, buf []byte) (h pageHead, raw []byte, err error) {
	if raw, err = s.read(id, slices.Grow(buf[:0], int(s.meta.PageSize))[:s.meta.PageSize]); err != nil {
		return h, nil, err
	}
	if h, err = s.headOf(id, raw); err == nil && h.Overflow > 0 {
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
	flags, key, value, ok := element(raw, pageHeader)
	if !ok || h.Flags != leafPage || h.Count != 1 || flags != bucketElement || string(key) != string(bucket) || len(value) < elementSize {
		return fmt.Errorf("%w: it holds something else", ErrCorrupt)
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		return s.tree(root)
	}
	small := value[elementSize:] // a page without pages of its own
	if len(small) < pageHeader || binary.NativeEndian.Uint16(small[8:]) != leafPage {
		return wrong(h.ID, "is cut off")
	}
	return (&order{node: node{page: h.ID}}).leaf(small, binary.NativeEndian.Uint16(small[10:]))
}

// element is an element of a leaf, not ok if the page has not all of it.
func element(raw []byte, at int) (flags uint32, key, value []byte, ok bool) {
	number := func(n int) uint64 { return uint64(binary.NativeEndian.Uint32(raw[at+4*n:])) }
	from := uint64(at) + number(1)
	to := from + number(2)
	end := to + number(3)
	if end > uint64(len(raw)) {
		return 0, nil, nil, false
	}
	return uint32(number(0)), raw[from:to:to], raw[to:end:end], true
}

// node is a page of a tree with the keys that its parent lets it have: from the first and
// before the second, if that is not nil.
type node struct {
	page     uint64
	from, to []byte
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
	if s.inFull {
		return s.readLeaves(level)
	}
	for _, n := range level {
		if err := s.mark(n.page, 1, leaf); err != nil {
			return err
		}
	}
	return nil
}

// readLeaves checks leaves, in the order in which they are in the file: a disk reads that
// many times faster. Each processor takes a stretch of them.
func (s *survey) readLeaves(level []node) error {
	slices.SortFunc(level, func(a, b node) int { return cmp.Compare(a.page, b.page) })
	lengths := make([]uint64, len(level)) // in pages
	atOnce := max(1, min(runtime.GOMAXPROCS(0), len(level)/leastStretch))
	failed := make([]error, atOnce)
	var reading sync.WaitGroup
	for n := range atOnce {
		from, to := n*len(level)/atOnce, (n+1)*len(level)/atOnce
		reading.Go(func() { failed[n] = s.stretch(level[from:to], lengths[from:to]) })
	}
	reading.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	for i, n := range level {
		if err := s.mark(n.page, lengths[i], taken); err != nil {
			return err
		}
	}
	return nil
}

// leastStretch is how many leaves are worth a goroutine.
const leastStretch = 1 << 10

// stretch checks leaves that lie one behind the other, and says how long they are. It marks
// nothing, since others are at work beside it.
func (s *survey) stretch(level []node, lengths []uint64) error {
	own := &survey{file: &window{file: s.file, raw: make([]byte, windowBytes)}, meta: s.meta}
	buf := make([]byte, s.meta.PageSize)
	for i, n := range level {
		if own.meta.Pages = s.meta.Pages; i+1 < len(level) {
			own.meta.Pages = level[i+1].page // it ends before the next one, or is damaged
		}
		h, raw, err := own.whole(n.page, buf)
		if err != nil {
			return err
		}
		if h.Flags != leafPage {
			return wrong(n.page, "is no leaf")
		}
		if err := (&order{node: n}).leaf(raw, h.Count); err != nil {
			return err
		}
		lengths[i] = uint64(h.Overflow) + 1
	}
	return nil
}

// window reads a file ahead, for who reads it from its beginning to its end.
type window struct {
	file io.ReaderAt
	raw  []byte
	at   int64 // of what raw has
	n    int
}

const windowBytes = 1 << 20

// ReadAt implements io.ReaderAt.
func (w *window) ReadAt(p []byte, at int64) (int, error) {
	if len(p) > len(w.raw) {
		return w.file.ReadAt(p, at)
	}
	if at < w.at || at+int64(len(p)) > w.at+int64(w.n) {
		n, err := w.file.ReadAt(w.raw, at)
		if w.at, w.n = at, n; n < len(p) {
			return 0, err
		}
	}
	return copy(p, w.raw[at-w.at:w.n]), nil
}

// below are the children of branch pages.
func (s *survey) below(level []node) (next []node, err error) {
	for _, n := range level {
		h, raw, err := s.taken(n.page, nil)
		if err != nil {
			return nil, err
		}
		if h.Flags != branchPage || h.Count == 0 || pageHeader+int(h.Count)*elementSize > len(raw) {
			return nil, wrong(n.page, "is no branch")
		}
		o := &order{node: n}
		for i := range int(h.Count) {
			at := pageHeader + i*elementSize
			from := uint64(at) + uint64(binary.NativeEndian.Uint32(raw[at:]))
			to := from + uint64(binary.NativeEndian.Uint32(raw[at+4:]))
			if to > uint64(len(raw)) {
				return nil, wrong(n.page, "is cut off")
			}
			key := raw[from:to:to]
			if err := o.next(key); err != nil {
				return nil, err
			}
			if i > 0 {
				next[len(next)-1].to = key
			}
			next = append(next, node{binary.NativeEndian.Uint64(raw[at+8:]), key, n.to})
		}
	}
	return next, nil
}

// order checks that the keys of a page are in order, and where they are looked for.
type order struct {
	node
	last []byte
}

// next is the next key of the page.
func (o *order) next(key []byte) error {
	if len(key) == 0 || bytes.Compare(o.last, key) >= 0 || bytes.Compare(key, o.from) < 0 || o.to != nil && bytes.Compare(key, o.to) >= 0 {
		return wrong(o.page, "has keys out of order")
	}
	o.last = key
	return nil
}

// leaf checks the keys of a leaf, and that its values are all there.
func (o *order) leaf(raw []byte, count uint16) error {
	if pageHeader+int(count)*elementSize > len(raw) {
		return wrong(o.page, "is cut off")
	}
	for i := range int(count) {
		flags, key, _, ok := element(raw, pageHeader+i*elementSize)
		if !ok || flags != 0 {
			return wrong(o.page, "is cut off")
		}
		if err := o.next(key); err != nil {
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
