package bolt

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"os"
)

// The head of a bbolt file: two meta pages, each with a header of 16 bytes and then, in
// the machine's byte order, what meta names.
const (
	pageHeader = 16
	boltMagic  = 0xED0CDAED
)

type meta struct {
	Magic, Version, PageSize, Flags          uint32
	Root, Sequence, Freelist, Pages, Tx, Sum uint64
}

// checkLength is the newest meta of a file. It refuses one that is shorter than that says:
// reading the missing pages would end the process.
func checkLength(path string) (meta, error) {
	f, err := os.Open(path)
	if err != nil {
		return meta{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return meta{}, err
	}
	first, ok := readMeta(f, 0)
	size := int64(first.PageSize)
	if !ok {
		size = int64(os.Getpagesize())
	}
	newest := first
	if second, ok := readMeta(f, size); ok && second.Tx > newest.Tx {
		newest = second
	}
	if need := int64(newest.Pages) * int64(newest.PageSize); info.Size() < need {
		return meta{}, fmt.Errorf("%w: it has %d bytes of %d", ErrCorrupt, info.Size(), need)
	}
	return newest, nil
}

// readMeta reads the meta page at an offset; the zero meta and false if it is not whole.
func readMeta(f *os.File, at int64) (meta, bool) {
	var m meta
	raw := make([]byte, binary.Size(m))
	if _, err := f.ReadAt(raw, at+pageHeader); err != nil {
		return meta{}, false
	}
	if _, err := binary.Decode(raw, binary.NativeEndian, &m); err != nil {
		return meta{}, false
	}
	sum := fnv.New64a()
	sum.Write(raw[:len(raw)-8])
	if m.Magic != boltMagic || m.Sum != sum.Sum64() {
		return meta{}, false
	}
	return m, true
}
