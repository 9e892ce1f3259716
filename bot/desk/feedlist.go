package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"newsdigest/digest"
)

// FollowedFeeds are the sources that somebody follows, those that give trouble first: those
// that fail, the longest first, then the paused and those never read.
func (d *Desk) FollowedFeeds(ctx context.Context) ([]digest.Source, error) {
	var out []digest.Source
	for s, err := range d.store.FollowedSources(ctx) {
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b digest.Source) int {
		return cmp.Or(cmp.Compare(trouble(a), trouble(b)), a.Fetch.FailingSince.Compare(b.Fetch.FailingSince),
			strings.Compare(a.Label(), b.Label()), strings.Compare(string(a.ID), string(b.ID)))
	})
	return out, nil
}

// trouble is the place of a source among those that are listed for operators.
func trouble(s digest.Source) int {
	switch {
	case s.Fetch.Paused:
		return 1
	case s.Fetch.Failures > 0:
		return 0
	case s.Fetch.LastTry.IsZero():
		return 2
	}
	return 3
}
