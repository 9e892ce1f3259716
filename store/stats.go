package store

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"newsdigest/store/kv"
)

// compactedKey is when the store's file was last compacted.
var compactedKey = []byte("meta/compacted")

// Kind is the rows of one kind of key: "article", "due/sub", "expire/article".
type Kind struct {
	Kind  string `json:"kind"`
	Rows  int    `json:"rows"`
	Bytes int64  `json:"bytes"` // of their keys and values
}

// Cost is what is kept because of one sort of thing, in all kinds of rows.
type Cost struct {
	Of    string `json:"of"`
	Rows  int    `json:"rows"` // how many of these things there are
	Bytes int64  `json:"bytes"`
}

// Each is how many bytes are kept for one of them, 0 if there is none.
func (c Cost) Each() int64 {
	if c.Rows == 0 {
		return 0
	}
	return c.Bytes / int64(c.Rows)
}

// Stats are counts for the operator.
type Stats struct {
	Chats         int `json:"chats"`
	Subscriptions int `json:"subscriptions"` // those that wait for a slot
	Sources       int `json:"sources"`       // those that somebody follows
	Queued        int `json:"queued"`        // articles not yet grouped
	Stories       int `json:"stories"`
	Waiting       int `json:"waiting"` // deliveries that wait for a send
	Sending       int `json:"sending"` // deliveries with a send under way
	Inbox         int `json:"inbox"`   // messages not handled yet
	// Kinds are all rows by their kind, in order of their keys; Costs the same rows by
	// what they are kept for.
	Kinds []Kind `json:"kinds"`
	Costs []Cost `json:"costs"`
	// Compacted is when the store's file was last compacted, zero if it never was.
	Compacted time.Time `json:"compacted,omitzero"`
}

// Stats reads all rows, one page of them after the other, and counts.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	kinds := map[string]*Kind{}
	for p, err := range s.kv.Scan(ctx, nil, nil) {
		if err != nil {
			return Stats{}, err
		}
		name := kindOf(p.Key)
		k := kinds[string(name)]
		if k == nil {
			k = &Kind{Kind: string(name)}
			kinds[k.Kind] = k
		}
		k.Rows++
		k.Bytes += int64(len(p.Key) + len(p.Value))
	}
	st := Stats{Costs: costs(kinds)}
	for _, k := range kinds {
		st.Kinds = append(st.Kinds, *k)
	}
	slices.SortFunc(st.Kinds, func(a, b Kind) int { return strings.Compare(a.Kind, b.Kind) })
	for n, of := range map[*int][]string{
		&st.Chats: {"chat"}, &st.Subscriptions: {"due/sub"}, &st.Sources: {"followers"}, &st.Queued: {"queue/read", "queue/place"},
		&st.Stories: {"live"}, &st.Waiting: {"due/delivery"}, &st.Sending: {"sending"}, &st.Inbox: {"inbox/body"},
	} {
		for _, name := range of {
			if k := kinds[name]; k != nil {
				*n += k.Rows
			}
		}
	}
	at, err := load[time.Time](ctx, s.kv, compactedKey)
	if st.Compacted = at; errors.Is(err, ErrNotFound) {
		err = nil
	}
	return st, err
}

// kindOf is the kind of a key: its first part, with the second where that is a kind of its
// own, and for an entry of the expiry index with what it is about.
func kindOf(key []byte) []byte {
	first, rest, _ := bytes.Cut(key, []byte("/"))
	second, rest, _ := bytes.Cut(rest, []byte("/"))
	switch string(first) {
	case "due", "inbox", "queue", "public":
		return key[:len(first)+1+len(second)]
	case "expire", "own": // "expire", time, kind, id; "own", chat, kind, id
		third, _, _ := bytes.Cut(rest, []byte("/"))
		return slices.Concat(first, []byte("/"), third)
	}
	return first
}

// costsOf are the sorts of things that rows are kept for: the kind that has one row for
// each of them, and the others that come with it.
var costsOf = []struct {
	of, counted string
	with        []string
}{
	{"article", "article", []string{"queue/read", "queue/place", "expire/article"}},
	{"story", "story", []string{"live", "news", "expire/story", "public/story"}},
	{"source", "source", []string{"followers", "seen", "due/source", "expire/polls"}},
	{"chat", "chat", []string{"addr", "due/sub", "watch", "public/feed", "expire/chat"}},
	{"delivery", "delivery", []string{"own/delivery", "due/delivery", "sending", "expire/delivery"}},
	{"edition", "edition", []string{"own/edition", "public/edition", "expire/edition"}},
}

// costs adds the kinds up by what they are kept for; what fits nowhere is "other".
func costs(kinds map[string]*Kind) []Cost {
	var out []Cost
	used := map[string]bool{}
	add := func(to *Cost, kind string) {
		if k := kinds[kind]; k != nil {
			to.Bytes += k.Bytes
		}
		used[kind] = true
	}
	for _, s := range costsOf {
		cost := Cost{Of: s.of}
		if k := kinds[s.counted]; k != nil {
			cost.Rows = k.Rows
		}
		for _, kind := range append([]string{s.counted}, s.with...) {
			add(&cost, kind)
		}
		out = append(out, cost)
	}
	other := Cost{Of: "other"}
	for name, k := range kinds {
		if !used[name] {
			other.Rows += k.Rows
			add(&other, name)
		}
	}
	return append(out, other)
}

// Compacted notes when the store's file was compacted.
func (s *Store) Compacted(ctx context.Context, now time.Time) error {
	return s.kv.Update(ctx, func(tx kv.Tx) error { return put(tx, compactedKey, now) })
}
