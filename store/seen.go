package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// seenLife is how long an entry that has left its feed is remembered: a feed that brings
// it back later brings it as new.
const seenLife = 120 * 24 * time.Hour

// maxSeen is the most entries remembered of one source, 200 KB. Only a feed that
// renames its entries at every poll comes near; the longest unseen are forgotten.
const maxSeen = 20_000

// A source's seen entries are one value: a block of 10 bytes for each, in order of their
// hashes. The first 8 bytes are the start of the SHA-256 of the entry's key, the other
// two the day, counted from 1970, when the feed last had it; big-endian both.
const (
	seenBlock = 10
	seenHash  = 8
)

// SeenEntries are the entries of a source that were seen before.
type SeenEntries struct {
	days map[uint64]uint16
}

// Has tells whether the entry with this key was seen.
func (e SeenEntries) Has(entryKey string) bool {
	_, ok := e.days[hashEntry(entryKey)]
	return ok
}

// Len is how many entries are remembered.
func (e SeenEntries) Len() int { return len(e.days) }

// SeenEntries are the remembered entries of a source; none if it was never polled.
func (s *Store) SeenEntries(ctx context.Context, id digest.SourceID) (SeenEntries, error) {
	raw, err := s.kv.Get(ctx, seenKey(id))
	return readSeen(id, raw, err)
}

func readSeen(id digest.SourceID, raw []byte, err error) (SeenEntries, error) {
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		return SeenEntries{}, err
	}
	if len(raw)%seenBlock != 0 {
		return SeenEntries{}, fmt.Errorf("seen entries of source %s: %d bytes are no whole blocks", id, len(raw))
	}
	days := make(map[uint64]uint16, len(raw)/seenBlock)
	for b := range slices.Chunk(raw, seenBlock) {
		days[binary.BigEndian.Uint64(b)] = binary.BigEndian.Uint16(b[seenHash:])
	}
	return SeenEntries{days}, nil
}

// addSeen remembers the entries that a feed has now, and forgets those it has had last
// longer ago than seenLife.
func addSeen(tx kv.Tx, id digest.SourceID, entryKeys []string, now time.Time) error {
	raw, err := tx.Get(seenKey(id))
	seen, err := readSeen(id, raw, err)
	if err != nil {
		return err
	}
	today := epochDay(now)
	for hash, day := range seen.days {
		if today-int(day) > int(seenLife/(24*time.Hour)) {
			delete(seen.days, hash)
		}
	}
	for _, k := range entryKeys {
		seen.days[hashEntry(k)] = uint16(today)
	}
	return tx.Put(seenKey(id), seen.encode())
}

func (e SeenEntries) encode() []byte {
	type entry struct {
		hash uint64
		day  uint16
	}
	entries := make([]entry, 0, len(e.days))
	for h, d := range e.days {
		entries = append(entries, entry{h, d})
	}
	byHash := func(a, b entry) int { return cmp.Compare(a.hash, b.hash) }
	if len(entries) > maxSeen {
		slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(b.day, a.day), byHash(a, b)) })
		entries = entries[:maxSeen]
	}
	slices.SortFunc(entries, byHash)
	raw := make([]byte, 0, len(entries)*seenBlock)
	for _, x := range entries {
		raw = binary.BigEndian.AppendUint64(raw, x.hash)
		raw = binary.BigEndian.AppendUint16(raw, x.day)
	}
	return raw
}

func hashEntry(entryKey string) uint64 {
	sum := sha256.Sum256([]byte(entryKey))
	return binary.BigEndian.Uint64(sum[:])
}

// epochDay counts days from 1970; 16 bits last until 2149.
func epochDay(t time.Time) int {
	return int(min(max(0, t.Unix()/86400), 1<<16-1))
}
