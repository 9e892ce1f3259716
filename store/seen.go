package store

import (
	"cmp"
	"context"
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

// A source's seen entries are one value, all numbers in it big-endian:
//
//	2 bytes: how many entries the feed had when it was read last
//	2 bytes: the day of that, counted from 1970
//	20 bytes for each of these: the hash of its key, its print, 4 bytes for when it was
//	published (seconds since 1970, 0 if unknown)
//	10 bytes for each entry that the feed had before, in order of their hashes: the hash of
//	its key, 2 bytes for the day when the feed last had it
const (
	seenHead  = 4
	seenNow   = 20
	seenBlock = 10
	seenHash  = 8
)

// SeenEntries are the entries of a source that were seen before.
type SeenEntries struct {
	now    []digest.EntryMark // those that the feed had when it was read last,
	read   uint16             // on this day
	prints map[uint64]int     // places of these
	days   map[uint64]uint16  // all of them, by the hash of their key
}

// Has tells whether the entry with this key was seen.
func (e SeenEntries) Has(entryKey string) bool {
	_, ok := e.days[digest.EntryHash(entryKey)]
	return ok
}

// Known is what is remembered of the entry with this print, if the feed had one when it was
// read last.
func (e SeenEntries) Known(print uint64) (digest.EntryMark, bool) {
	i, ok := e.prints[print]
	if !ok || print == 0 {
		return digest.EntryMark{}, false
	}
	return e.now[i], true
}

// Len is how many entries are remembered.
func (e SeenEntries) Len() int { return len(e.days) }

// SeenEntries are the remembered entries of a source; none if it was never polled.
func (s *Store) SeenEntries(ctx context.Context, id digest.SourceID) (SeenEntries, error) {
	raw, err := s.kv.Get(ctx, seenKey(id))
	return readSeen(id, raw, err)
}

func readSeen(id digest.SourceID, raw []byte, err error) (SeenEntries, error) {
	e := SeenEntries{prints: map[uint64]int{}, days: map[uint64]uint16{}}
	if errors.Is(err, kv.ErrNotFound) {
		return e, nil
	}
	if err != nil {
		return e, err
	}
	size := len(raw) - seenHead
	if size >= 0 {
		size -= seenNow * int(binary.BigEndian.Uint16(raw))
	}
	if size < 0 || size%seenBlock != 0 {
		return e, fmt.Errorf("seen entries of source %s: %d bytes are no whole blocks", id, len(raw))
	}
	e.read = binary.BigEndian.Uint16(raw[2:])
	now, before := raw[seenHead:len(raw)-size], raw[len(raw)-size:]
	for b := range slices.Chunk(now, seenNow) {
		m := readMark(b)
		e.prints[m.Print], e.days[m.Key] = len(e.now), e.read
		e.now = append(e.now, m)
	}
	for b := range slices.Chunk(before, seenBlock) {
		e.days[binary.BigEndian.Uint64(b)] = binary.BigEndian.Uint16(b[seenHash:])
	}
	return e, nil
}

func readMark(b []byte) digest.EntryMark {
	m := digest.EntryMark{Key: binary.BigEndian.Uint64(b), Print: binary.BigEndian.Uint64(b[8:])}
	if s := binary.BigEndian.Uint32(b[16:]); s > 0 {
		m.Published = time.Unix(int64(s), 0).UTC()
	}
	return m
}

func appendMark(raw []byte, m digest.EntryMark) []byte {
	raw = binary.BigEndian.AppendUint64(raw, m.Key)
	raw = binary.BigEndian.AppendUint64(raw, m.Print)
	s := m.Published.Unix()
	if s < 0 || s >= 1<<32 {
		s = 0
	}
	return binary.BigEndian.AppendUint32(raw, uint32(s))
}

// addSeen remembers the entries that a feed has now, and forgets those it has had last
// longer ago than seenLife.
func addSeen(tx kv.Tx, id digest.SourceID, marks []digest.EntryMark, now time.Time) error {
	raw, err := tx.Get(seenKey(id))
	seen, err := readSeen(id, raw, err)
	if err != nil {
		return err
	}
	return tx.Put(seenKey(id), seen.add(marks, epochDay(now)))
}

// add is the value when the feed was read with these entries on a day.
func (e SeenEntries) add(marks []digest.EntryMark, today int) []byte {
	raw := make([]byte, seenHead, seenHead+seenNow*len(marks)+seenBlock*len(e.days))
	fresh := make(map[uint64]bool, len(marks))
	for _, m := range marks {
		if !fresh[m.Key] {
			fresh[m.Key] = true
			raw = appendMark(raw, m)
		}
	}
	binary.BigEndian.PutUint16(raw, uint16(len(fresh)))
	binary.BigEndian.PutUint16(raw[2:], uint16(today))
	type entry struct {
		hash uint64
		day  uint16
	}
	before := make([]entry, 0, len(e.days))
	for hash, day := range e.days {
		if !fresh[hash] && today-int(day) <= int(seenLife/(24*time.Hour)) {
			before = append(before, entry{hash, day})
		}
	}
	byHash := func(a, b entry) int { return cmp.Compare(a.hash, b.hash) }
	if room := max(0, maxSeen-len(fresh)); len(before) > room {
		slices.SortFunc(before, func(a, b entry) int { return cmp.Or(cmp.Compare(b.day, a.day), byHash(a, b)) })
		before = before[:room]
	}
	slices.SortFunc(before, byHash)
	for _, x := range before {
		raw = binary.BigEndian.AppendUint64(raw, x.hash)
		raw = binary.BigEndian.AppendUint16(raw, x.day)
	}
	return raw
}

// epochDay counts days from 1970; 16 bits last until 2149.
func epochDay(t time.Time) int {
	return int(min(max(0, t.Unix()/86400), 1<<16-1))
}
