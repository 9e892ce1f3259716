package digest

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// EntryMark is what is remembered of an entry of a feed.
type EntryMark struct {
	Key uint64 // the EntryHash of its key
	// Print is made of the entry's bytes and of what bears on how they are read: what has
	// the same print need not be read again. It is 0 where that would not be safe.
	Print     uint64
	Published time.Time // to the second, in UTC; zero if unknown
}

// EntryHash is the start of the SHA-256 of an entry's key.
func EntryHash(key string) uint64 {
	sum := sha256.Sum256([]byte(key))
	return binary.BigEndian.Uint64(sum[:])
}
