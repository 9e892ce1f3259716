// Package feed turns the bytes of a feed into entries, finds feeds in a page and reads
// and writes OPML.
//
// Feeds are hostile input. A document is first decoded to UTF-8, then scanned token by
// token: the scan bounds depth, attributes and entries before the real parser starts,
// and mends what publishers commonly break. Only then gofeed reads it.
package feed

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"newsdigest/digest"
)

// The bounds of a document.
const (
	MaxEntries    = 2000 // the newest are kept
	MaxDepth      = 64   // nested elements
	MaxAttributes = 64   // of one element
	MaxElements   = 200_000
)

var (
	// ErrNotFeed means that the document is something else, perhaps a page that names
	// its feeds (Discover).
	ErrNotFeed = errors.New("not a feed")
	// ErrHostile means that the document breaks the bounds and was not parsed.
	ErrHostile = errors.New("the document is built to harm its readers")
	// ErrDamaged means that the document starts as a feed, and nothing of it is readable.
	ErrDamaged = errors.New("the feed is damaged")
)

// Feed is what a document says.
type Feed struct {
	Title    string
	Site     string // canonical address of the web site, or empty
	Language string // BCP 47 base language ("en"), or empty
	// TTL is how long the publisher wants the feed to be cached, 0 if it does not say.
	TTL time.Duration
	// Skip is when the publisher wants the feed not to be polled.
	Skip    digest.Skip
	Entries []Entry // in the order of the document, at most MaxEntries
}

// Entry is one entry of a feed. All text is plain.
type Entry struct {
	// Key names the entry within its source, the same at every poll: it is made of the
	// publisher's id and the link, or where that says nothing, of link and title.
	Key        string
	Title      string // one line, perhaps empty
	Link       string // canonical, http or https, or empty
	Author     string
	Published  time.Time // zero if unknown or not readable; may lie in the future
	Summary    string    // paragraphs separated by blank lines
	Content    string    // likewise; the longer text some feeds bring
	Categories []string
	Image      string // canonical address, or empty
}

// Parse reads a feed: RSS 0.9x to 2.0, RDF, Atom or JSON Feed. contentType is the HTTP
// header, for its charset; baseURL the address the document came from, against which
// relative links are resolved. Errors are ErrNotFeed, ErrHostile or ErrDamaged with
// details.
func Parse(body []byte, contentType, baseURL string) (Feed, error) {
	return Skim(body, contentType, baseURL, nil)
}

// Skim is Parse for who knows most of a feed's entries already: pick is shown them with
// Key, Title, Link and Published alone, and gives the places of those that are to be read
// whole, which costs the most. It may be asked twice. A nil pick takes all.
func Skim(body []byte, contentType, baseURL string, pick func([]Entry) []int) (f Feed, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = Feed{}, fmt.Errorf("%w: the parser gave up on it", ErrDamaged)
		}
	}()
	doc, err := decode(body, contentType)
	if err != nil {
		return Feed{}, err
	}
	if pick == nil {
		pick = everything
	} else if !startsJSON(doc) {
		s, err := mended(doc)
		if err != nil {
			return Feed{}, err
		}
		bare := s.strip()
		parsed, err := parse(s.apply())
		if err == nil {
			f, err = convert(parsed, baseURL, bare, pick)
		}
		if err == nil {
			return f, nil
		}
	}
	return whole(doc, baseURL, pick)
}

// errBare means that an entry is wanted whose text was left out.
var errBare = errors.New("its text was left out")

// whole reads a document with the text of all entries.
func whole(doc []byte, baseURL string, pick func([]Entry) []int) (_ Feed, err error) {
	if startsJSON(doc) {
		err = checkJSON(doc)
	} else {
		doc, err = mend(doc)
	}
	if err != nil {
		return Feed{}, err
	}
	parsed, err := parse(doc)
	if err != nil {
		return Feed{}, err
	}
	return convert(parsed, baseURL, nil, pick)
}

// parse reads a document that has been checked.
func parse(doc []byte) (*gofeed.Feed, error) {
	parsed, err := parser().Parse(bytes.NewReader(doc))
	switch {
	case errors.Is(err, gofeed.ErrFeedTypeNotDetected):
		return nil, ErrNotFeed
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	case parsed.FeedType == "json" && !isJSONFeed(parsed):
		return nil, ErrNotFeed
	}
	return parsed, nil
}

// parser is gofeed with nothing that is not needed: pictures are looked for while text
// is made from HTML, which has to be read then anyway.
func parser() *gofeed.Parser {
	p := gofeed.NewParser()
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	p.KeepOriginalFeed = true // for the time to live, which the common model leaves out
	return p
}

// isJSONFeed tells a JSON Feed from any other JSON.
func isJSONFeed(f *gofeed.Feed) bool {
	return strings.Contains(f.FeedVersion, "jsonfeed.org") || len(f.Items) > 0
}
