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
	// Marks are what is to be remembered of all entries, also of those that Skim left out as
	// known, in the order of the document.
	Marks []digest.EntryMark
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
func Parse(body []byte, contentType, baseURL string) (f Feed, err error) {
	defer contain(&f, &err)
	d, err := open(body, contentType, baseURL)
	if err != nil {
		return Feed{}, err
	}
	return d.read(d.all(), everything)
}

// Skim is Parse for who knows most of a feed's entries already. Those that are known by
// their print are not read and not among the Entries. Pick is shown the others with Key,
// Title, Link and Published alone, and gives the places of those that are to be read whole,
// which costs the most. Where that was too little, it is asked once more about all entries,
// those included that are known. A nil known knows nothing.
func Skim(body []byte, contentType, baseURL string, known Known, pick func([]Entry) []int) (f Feed, err error) {
	defer contain(&f, &err)
	d, err := open(body, contentType, baseURL)
	if err != nil {
		return Feed{}, err
	}
	if r := d.least(known); r.sparing() {
		if f, err = d.read(r, pick); err == nil {
			return f, nil
		}
	}
	return d.read(d.all(), pick)
}

// contain makes an error of a panic of the parser.
func contain(f *Feed, err *error) {
	if r := recover(); r != nil {
		*f, *err = Feed{}, fmt.Errorf("%w: the parser gave up on it", ErrDamaged)
	}
}

// errMore means that more of a document is needed than was read.
var errMore = errors.New("more of it is needed")

// document is a feed that can be read without harm.
type document struct {
	*scan   // of JSON an empty one
	json    []byte
	baseURL string
}

// open decodes and checks a document.
func open(body []byte, contentType, baseURL string) (document, error) {
	doc, err := decode(body, contentType)
	if err != nil {
		return document{}, err
	}
	if startsJSON(doc) {
		return document{&scan{}, doc, baseURL}, checkJSON(doc)
	}
	s, err := mended(doc)
	if err != nil {
		return document{}, err
	}
	s.takePrints(baseURL)
	return document{s, nil, baseURL}, nil
}

// read parses as much of a document as the reading says.
func (d document) read(r reading, pick func([]Entry) []int) (Feed, error) {
	doc := d.json
	if doc == nil {
		doc = d.apply(d.cuts(r))
	}
	parsed, err := parse(doc)
	if err != nil {
		return Feed{}, err
	}
	prints := make([]uint64, len(d.entries))
	for i, e := range d.entries {
		prints[i] = e.print
	}
	return r.convert(parsed, d.baseURL, prints, pick)
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
