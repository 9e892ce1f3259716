package feed

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/rss"
	"golang.org/x/text/language"

	"newsdigest/digest"
	"newsdigest/digest/fetch"
)

// The bounds of an entry's parts.
const (
	maxTitle      = 500 // bytes
	maxText       = 100_000
	maxCategories = 20
	maxCategory   = 80
)

// convert makes the feed of what was parsed of a document. It is errMore if more of the
// document has to be read.
func (r reading) convert(f *gofeed.Feed, baseURL string, prints []uint64, pick func([]Entry) []int) (Feed, error) {
	places := r.places()
	if len(places) != len(f.Items) {
		if r.sparing() {
			return Feed{}, errMore // nobody can tell which is which
		}
		places = nil
	}
	drafts, err := r.skimAll(f.Items, baseURL, places, prints)
	if err != nil {
		return Feed{}, err
	}
	site, _ := fetch.Resolve(baseURL, f.Link)
	out := Feed{
		Title:    line(f.Title, maxTitle),
		Site:     site,
		Language: baseLanguage(f.Language),
		TTL:      ttl(f),
		Skip:     skip(f),
		Entries:  make([]Entry, len(drafts)),
		Marks:    r.marks(drafts),
	}
	for i, d := range drafts {
		out.Entries[i] = d.Entry
	}
	for _, i := range pick(out.Entries) {
		if drafts[i].bare {
			return Feed{}, errMore
		}
		drafts[i].read(&out.Entries[i], baseURL)
	}
	return out, nil
}

// skimAll are the entries, each once, at most MaxEntries. Places say which of the
// document's each item is; nil if that cannot be told.
func (r reading) skimAll(items []*gofeed.Item, baseURL string, places []int, prints []uint64) ([]draft, error) {
	drafts := make([]draft, 0, len(items))
	for i, item := range items {
		d := draft{item: item, place: -1}
		if places != nil {
			d.place, d.print = places[i], prints[places[i]]
			d.bare = r.fates[d.place] == bare
		}
		if d.skim(baseURL); d.Title+d.Link == "" {
			if d.bare {
				return nil, errMore // its text names it
			}
			d.read(&d.Entry, baseURL)
		}
		if d.Title+d.Link+d.Summary+d.Content != "" {
			drafts = append(drafts, d)
		}
	}
	setKeys(drafts)
	if r.clashes(drafts) {
		return nil, errMore
	}
	drafts = distinct(drafts)
	if len(drafts) > MaxEntries { // JSON; of XML the scan took only the newest
		slices.SortStableFunc(drafts, func(a, b draft) int { return b.Published.Compare(a.Published) })
		drafts = drafts[:MaxEntries]
	}
	return drafts, nil
}

// everything picks all entries.
func everything(entries []Entry) []int {
	all := make([]int, len(entries))
	for i := range all {
		all[i] = i
	}
	return all
}

// draft is an entry on its way.
type draft struct {
	Entry
	item   *gofeed.Item
	place  int  // in the document, -1 if nobody knows
	bare   bool // its text was left out
	print  uint64
	first  string // the key it had if it were alone
	shared bool   // others of the document would have that, too
}

// skim reads what an entry is named and dated by.
func (d *draft) skim(baseURL string) {
	d.Title = line(cmp.Or(d.item.Title, extension(d.item, "media", "title", "")), maxTitle)
	d.Link = link(d.item, baseURL)
	d.Published = published(d.item)
}

// read reads the rest of an entry.
func (d *draft) read(e *Entry, baseURL string) {
	content, picture := plain(d.item.Content)
	summary, second := plain(cmp.Or(d.item.Description, extension(d.item, "media", "description", "")))
	e.Summary, e.Content = cut(summary, maxText), cut(content, maxText)
	e.Author = author(d.item.Authors)
	e.Categories = categories(d.item.Categories)
	e.Image = image(d.item, baseURL, picture, second)
}

// link is the article's address: the one that a feed service replaced, else the link,
// else an id that is an address.
func link(item *gofeed.Item, baseURL string) string {
	candidates := []string{extension(item, "feedburner", "origLink", ""), item.Link}
	candidates = append(candidates, item.Links...)
	for _, c := range candidates {
		if u, err := fetch.Resolve(baseURL, c); err == nil {
			return u
		}
	}
	u, _ := fetch.Resolve("", item.GUID)
	return u
}

// extension is an attribute of the first extension element of this name, or its text
// where attr is empty.
func extension(item *gofeed.Item, space, name, attr string) string {
	found := item.Extensions[space][name]
	for _, group := range item.Extensions[space]["group"] {
		found = append(found, group.Children[name]...)
	}
	for _, e := range found {
		if v := cmp.Or(e.Attrs[attr], e.Value); attr == "" || e.Attrs[attr] != "" {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

func image(item *gofeed.Item, baseURL string, inText ...string) string {
	var candidates []string
	if item.Image != nil {
		candidates = append(candidates, item.Image.URL)
	}
	for _, e := range item.Enclosures {
		if strings.HasPrefix(e.Type, "image/") {
			candidates = append(candidates, e.URL)
		}
	}
	candidates = append(candidates, extension(item, "media", "thumbnail", "url"))
	for _, c := range append(candidates, inText...) {
		if u, err := fetch.Resolve(baseURL, c); err == nil {
			return u
		}
	}
	return ""
}

// author is the names of up to three authors. An e-mail address is not a name.
func author(persons []*gofeed.Person) string {
	var names []string
	for _, p := range persons {
		if p == nil || len(names) == 3 {
			continue
		}
		if n := line(p.Name, 120); n != "" && !strings.Contains(n, "@") && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return strings.Join(names, ", ")
}

func published(item *gofeed.Item) time.Time {
	for _, text := range []string{item.Published, item.Updated} {
		if t := parseDate(text); !t.IsZero() {
			return t
		}
	}
	for _, t := range []*time.Time{item.PublishedParsed, item.UpdatedParsed} {
		if t != nil && plausible(*t) {
			return t.UTC()
		}
	}
	return time.Time{}
}

func categories(in []string) []string {
	var out []string
	for _, c := range in {
		c = line(c, maxCategory)
		if c != "" && len(out) < maxCategories && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// setKeys names the entries. Publishers use an id twice, or for another article later,
// so the link belongs to the name; where several entries of one document would still
// share it, the title tells them apart.
func setKeys(drafts []draft) {
	count := map[string]int{}
	for i := range drafts {
		d := &drafts[i]
		d.Key = byTitle(&d.Entry)
		if guid := strings.TrimSpace(d.item.GUID); guid != "" {
			d.Key = key("guid", guid, d.Link)
		}
		d.first = d.Key
		count[d.Key]++
	}
	for i := range drafts {
		if d := &drafts[i]; count[d.Key] > 1 {
			d.shared = true
			d.Key = byTitle(&d.Entry)
		}
	}
}

func byTitle(e *Entry) string {
	if e.Link+e.Title == "" {
		return key("text", e.Summary, e.Content)
	}
	return key("title", e.Link, e.Title)
}

// key is 80 bits of SHA-256 in hexadecimal.
func key(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(strconv.AppendInt(nil, int64(len(p)), 10))
		h.Write([]byte(":" + p))
	}
	return hex.EncodeToString(h.Sum(nil)[:10])
}

// distinct leaves the first of entries that are the same.
func distinct(drafts []draft) []draft {
	seen := make(map[string]bool, len(drafts))
	return slices.DeleteFunc(drafts, func(d draft) bool {
		again := seen[d.Key]
		seen[d.Key] = true
		return again
	})
}

// baseLanguage is the base language of a tag, or empty if it is none.
func baseLanguage(tag string) string {
	t, err := language.Parse(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"))
	if err != nil {
		return ""
	}
	base, confidence := t.Base()
	if confidence < language.High {
		return ""
	}
	return base.String()
}

// maxTTL bounds what a publisher may ask for.
const maxTTL = 24 * time.Hour

// ttl reads the time to live of RSS, in minutes, or the update period of the
// syndication module.
func ttl(f *gofeed.Feed) time.Duration {
	if r, ok := f.OriginalFeed().(*rss.Feed); ok {
		if n, err := strconv.Atoi(strings.TrimSpace(r.TTL)); err == nil && n > 0 {
			return min(time.Duration(min(n, 1<<20))*time.Minute, maxTTL)
		}
	}
	periods := map[string]time.Duration{
		"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": maxTTL, "monthly": maxTTL, "yearly": maxTTL,
	}
	sy := f.Extensions["sy"]
	if len(sy["updatePeriod"]) == 0 {
		return 0
	}
	period := periods[strings.ToLower(strings.TrimSpace(sy["updatePeriod"][0].Value))]
	if len(sy["updateFrequency"]) > 0 {
		if n, err := strconv.Atoi(strings.TrimSpace(sy["updateFrequency"][0].Value)); err == nil && n > 0 {
			period /= time.Duration(n)
		}
	}
	return period
}

// skip reads skipHours and skipDays of RSS. Hour 24 is midnight too, as the older
// versions count.
func skip(f *gofeed.Feed) digest.Skip {
	var s digest.Skip
	r, ok := f.OriginalFeed().(*rss.Feed)
	if !ok {
		return s
	}
	for _, text := range r.SkipHours {
		if h, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && h >= 0 && h <= 24 {
			s.Hours |= 1 << (h % 24)
		}
	}
	for _, text := range r.SkipDays {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(strings.TrimSpace(text), day.String()) {
				s.Days |= 1 << day
			}
		}
	}
	return s
}
