package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"newsdigest/digest"
	"newsdigest/store/kv"
)

// The fields of a source. Its id is in its key. When it is due comes first: whoever moves
// it in the index needs no more.
const (
	sourceNext protowire.Number = iota + 1
	sourceURL
	sourceName
	sourceSite
	sourceLanguage
	sourceTopic // one for each
	sourceStarter
	sourceETag
	sourceLastModified
	sourceBodyHash
	sourceLastTry
	sourceLastSuccess
	sourceFailingSince
	sourceFailures
	sourceProblem
	sourceWaited
	sourceTTL
	sourceSkipHours
	sourceSkipDays
	sourceGap
	sourceNewest
	sourceGone
	sourceMoved
	sourceMoves
	sourcePaused
)

func encodeSource(src digest.Source) []byte {
	f := newFields()
	f.time(sourceNext, src.Fetch.Next)
	f.text(sourceURL, src.URL)
	f.text(sourceName, src.Name)
	f.text(sourceSite, src.Site)
	f.text(sourceLanguage, src.Language)
	for _, t := range src.Topics {
		f.text(sourceTopic, t)
	}
	f.flag(sourceStarter, src.Starter)
	f.text(sourceETag, src.Fetch.ETag)
	f.text(sourceLastModified, src.Fetch.LastModified)
	f.text(sourceBodyHash, src.Fetch.BodyHash)
	f.time(sourceLastTry, src.Fetch.LastTry)
	f.time(sourceLastSuccess, src.Fetch.LastSuccess)
	f.time(sourceFailingSince, src.Fetch.FailingSince)
	f.number(sourceFailures, int64(src.Fetch.Failures))
	f.text(sourceProblem, src.Fetch.Problem)
	f.number(sourceWaited, int64(src.Fetch.Waited))
	f.number(sourceTTL, int64(src.Fetch.TTL))
	f.number(sourceSkipHours, int64(src.Fetch.Skip.Hours))
	f.number(sourceSkipDays, int64(src.Fetch.Skip.Days))
	f.number(sourceGap, int64(src.Fetch.Rhythm.Gap))
	f.time(sourceNewest, src.Fetch.Rhythm.Newest)
	f.number(sourceGone, int64(src.Fetch.Gone))
	f.text(sourceMoved, src.Fetch.Moved)
	f.number(sourceMoves, int64(src.Fetch.Moves))
	f.flag(sourcePaused, src.Fetch.Paused)
	return f
}

func decodeSource(key, raw []byte) (digest.Source, error) {
	src := digest.Source{ID: digest.SourceID(lastPart(key))}
	err := readFields(raw, func(f field) bool {
		if !describe(&src, f) {
			remember(&src.Fetch, f)
		}
		return true
	})
	if err != nil {
		return src, fmt.Errorf("decode %s: %w", key, err)
	}
	return src, nil
}

// describe takes a field if it is of the source's description.
func describe(src *digest.Source, f field) bool {
	switch f.id {
	case sourceURL:
		src.URL = f.text
	case sourceName:
		src.Name = f.text
	case sourceSite:
		src.Site = f.text
	case sourceLanguage:
		src.Language = f.text
	case sourceTopic:
		src.Topics = append(src.Topics, f.text)
	case sourceStarter:
		src.Starter = f.number != 0
	default:
		return false
	}
	return true
}

// remember takes a field of what is known of the source's polls.
func remember(p *digest.Fetch, f field) {
	switch f.id {
	case sourceNext:
		p.Next = f.time()
	case sourceETag:
		p.ETag = f.text
	case sourceLastModified:
		p.LastModified = f.text
	case sourceBodyHash:
		p.BodyHash = f.text
	case sourceLastTry:
		p.LastTry = f.time()
	case sourceLastSuccess:
		p.LastSuccess = f.time()
	case sourceFailingSince:
		p.FailingSince = f.time()
	case sourceFailures:
		p.Failures = int(f.number)
	case sourceProblem:
		p.Problem = f.text
	case sourceWaited:
		p.Waited = time.Duration(f.number)
	case sourceTTL:
		p.TTL = time.Duration(f.number)
	case sourceSkipHours:
		p.Skip.Hours = uint32(f.number)
	case sourceSkipDays:
		p.Skip.Days = uint8(f.number)
	case sourceGap:
		p.Rhythm.Gap = time.Duration(f.number)
	case sourceNewest:
		p.Rhythm.Newest = f.time()
	case sourceGone:
		p.Gone = int(f.number)
	case sourceMoved:
		p.Moved = f.text
	case sourceMoves:
		p.Moves = int(f.number)
	case sourcePaused:
		p.Paused = f.number != 0
	}
}

// getSource reads a source within an update.
func getSource(tx kv.Tx, id digest.SourceID) (src digest.Source, found bool, err error) {
	key := sourceKey(id)
	raw, err := tx.Get(key)
	if errors.Is(err, kv.ErrNotFound) {
		return src, false, nil
	}
	if err != nil {
		return src, false, err
	}
	src, err = decodeSource(key, raw)
	return src, err == nil, err
}

// dueTime is when a source is due by its value, zero if it waits for nothing or is not
// there.
func dueTime(tx kv.Tx, id digest.SourceID) (at time.Time, err error) {
	raw, err := tx.Get(sourceKey(id))
	if errors.Is(err, kv.ErrNotFound) {
		return at, nil
	}
	if err != nil {
		return at, err
	}
	err = readFields(raw, func(f field) bool {
		if f.id == sourceNext {
			at = f.time()
		}
		return false // it comes first
	})
	if err != nil {
		err = fmt.Errorf("decode %s: %w", sourceKey(id), err)
	}
	return at, err
}

// Source is the source with this id.
func (s *Store) Source(ctx context.Context, id digest.SourceID) (digest.Source, error) {
	key := sourceKey(id)
	raw, err := s.kv.Get(ctx, key)
	if err != nil {
		return digest.Source{}, err
	}
	return decodeSource(key, raw)
}

// Sources yields all sources in order of their ids. After an error nothing follows.
func (s *Store) Sources(ctx context.Context) iter.Seq2[digest.Source, error] {
	const prefix = "source/"
	return func(yield func(digest.Source, error) bool) {
		for p, err := range s.kv.Scan(ctx, []byte(prefix), after(prefix)) {
			var src digest.Source
			if err == nil {
				src, err = decodeSource(p.Key, p.Value)
			}
			if !yield(src, err) || err != nil {
				return
			}
		}
	}
}
