package kv

import (
	"context"
	"iter"
	"slices"
)

// Pages is how an engine scans: a page at a time, so that no transaction is held while the
// loop's body runs. A scan reads few pairs at once and more with each page, since most end
// soon.
type Pages struct {
	First, Last int // pairs in the first page, and the most in a later one
	// Read reads up to size pairs with from <= key < to, and tells whether there may be
	// more.
	Read func(ctx context.Context, from, to []byte, size int) (page []Pair, more bool, err error)
}

// PageBytes is about how many bytes of values a page has at most.
const PageBytes = 256 << 10

// Scan implements Engine's Scan.
func (p Pages) Scan(ctx context.Context, from, to []byte) iter.Seq2[Pair, error] {
	from, to = append([]byte{}, from...), slices.Clone(to) // nil stays nil in to only
	return func(yield func(Pair, error) bool) {
		next := from
		for size := p.First; ; size = min(2*size, p.Last) {
			page, more, err := p.Read(ctx, next, to, size)
			if err != nil {
				yield(Pair{}, err)
				return
			}
			if more {
				next = append(slices.Clone(page[len(page)-1].Key), 0) // the least key after it
			}
			for _, pair := range page {
				if !yield(pair, nil) {
					return
				}
			}
			if !more {
				return
			}
		}
	}
}
