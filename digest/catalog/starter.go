// Package catalog is the news a fresh installation knows: the starter sources and their
// topics, the time zones of cities, and the sample news of a trial.
package catalog

import (
	_ "embed"
	"slices"
	"strings"

	"newsdigest/digest"
	"newsdigest/digest/feed"
)

//go:embed starter.opml
var starterOPML []byte

// topics are the starter topics in the order people see them: the folders of
// starter.opml, in lower case.
var topics = []string{"world", "politics", "business", "technology", "science", "health", "sport", "culture"}

// Starter lists the starter sources: well-known public feeds in several languages, each
// with its topics and language. The slice is the caller's own.
func Starter() []digest.Source {
	sources, err := FromOPML(starterOPML)
	if err != nil {
		return nil // a test reads the file; it cannot differ in the program
	}
	return sources
}

// FromOPML reads starter sources from an operator's own OPML file. An address is one
// source, however many folders it lies in; the folders' names in lower case are its
// topics. The error says what is wrong with the file, as feed.ReadOPML does.
func FromOPML(file []byte) ([]digest.Source, error) {
	outlines, err := feed.ReadOPML(file)
	if err != nil {
		return nil, err
	}
	sources := make([]digest.Source, 0, len(outlines))
	for _, o := range outlines {
		s := digest.Source{
			ID:       digest.NewSourceID(o.URL),
			URL:      o.URL,
			Name:     o.Title,
			Site:     o.Site,
			Language: o.Language,
			Starter:  true,
		}
		for _, t := range o.Topics {
			if t = strings.ToLower(t); !slices.Contains(s.Topics, t) {
				s.Topics = append(s.Topics, t)
			}
		}
		sources = append(sources, s)
	}
	return sources, nil
}
