package web

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"time"

	"newsdigest/bot"
	"newsdigest/digest"
)

// feedFormats make a feed's bytes by the name of the format.
var feedFormats = map[string]struct {
	kind string
	make func(feedPage) ([]byte, error)
}{
	bot.FeedRSS:  {"application/rss+xml; charset=utf-8", feedPage.rss},
	bot.FeedJSON: {"application/feed+json; charset=utf-8", feedPage.json},
}

// feed is a feed of a chat's digests.
func (s *Site) feed(w http.ResponseWriter, r *http.Request) {
	id, format := r.PathValue("id"), feedFormats[r.PathValue("format")]
	if !publicID.MatchString(id) || format.make == nil {
		s.gone(w, r)
		return
	}
	f, err := s.reader.Feed(r.Context(), id)
	if err != nil {
		s.fault(w, r, err)
		return
	}
	p := feedPage{language: digest.BaseLanguage(f.Language), home: s.url + "/", self: s.url + bot.FeedPath + id + "/" + r.PathValue("format")}
	for _, e := range f.Items {
		content, err := render("item", reading{frame: frame{Language: e.Language}, Edition: e})
		if err != nil {
			s.fault(w, r, err)
			return
		}
		p.items = append(p.items, feedItem{e, s.url + bot.EditionPath + e.Public, string(content)})
	}
	body, err := format.make(p)
	if err != nil {
		s.fault(w, r, err)
		return
	}
	s.send(w, r, page{kind: format.kind, cache: cacheFeed, body: body, changed: p.changed()})
}

// feedPage is a feed before it is written.
type feedPage struct {
	language, home, self string
	items                []feedItem // the newest first
}

type feedItem struct {
	bot.Reading
	address, content string
}

// changed is when the newest item came, zero if there is none.
func (p feedPage) changed() time.Time {
	if len(p.items) == 0 {
		return time.Time{}
	}
	return p.items[0].At
}

// rss is the feed as RSS 2.0 (rssboard.org, RSS 2.0 Specification).
func (p feedPage) rss() ([]byte, error) {
	type guid struct {
		IsPermaLink bool   `xml:"isPermaLink,attr"`
		ID          string `xml:",chardata"`
	}
	type item struct {
		Title       string `xml:"title"`
		Link        string `xml:"link"`
		GUID        guid   `xml:"guid"`
		PubDate     string `xml:"pubDate"`
		Description string `xml:"description"`
	}
	type self struct {
		Href string `xml:"href,attr"`
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
	}
	doc := struct {
		XMLName     xml.Name `xml:"rss"`
		Version     string   `xml:"version,attr"`
		Atom        string   `xml:"xmlns:atom,attr"`
		Title       string   `xml:"channel>title"`
		Link        string   `xml:"channel>link"`
		Description string   `xml:"channel>description"`
		Language    string   `xml:"channel>language,omitempty"`
		TTL         int      `xml:"channel>ttl"` // minutes
		Self        self     `xml:"channel>atom:link"`
		Items       []item   `xml:"channel>item"`
	}{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Title: siteName, Link: p.home, Description: siteName,
		Language: p.language, TTL: 15, Self: self{p.self, "self", "application/rss+xml"}}
	for _, i := range p.items {
		doc.Items = append(doc.Items, item{Title: i.Title, Link: i.address, GUID: guid{ID: i.Public},
			PubDate: i.At.UTC().Format(time.RFC1123Z), Description: i.content})
	}
	body, err := xml.MarshalIndent(doc, "", " ")
	return append([]byte(xml.Header), body...), err
}

// json is the feed as JSON Feed 1.1 (jsonfeed.org).
func (p feedPage) json() ([]byte, error) {
	type item struct {
		ID        string    `json:"id"`
		URL       string    `json:"url"`
		Title     string    `json:"title"`
		Content   string    `json:"content_html"`
		Published time.Time `json:"date_published"`
		Language  string    `json:"language,omitempty"`
	}
	doc := struct {
		Version  string `json:"version"`
		Title    string `json:"title"`
		Home     string `json:"home_page_url"`
		Self     string `json:"feed_url"`
		Language string `json:"language,omitempty"`
		Items    []item `json:"items"`
	}{"https://jsonfeed.org/version/1.1", siteName, p.home, p.self, p.language, []item{}}
	for _, i := range p.items {
		doc.Items = append(doc.Items, item{i.Public, i.address, i.Title, i.content, i.At.UTC(), digest.BaseLanguage(i.Language)})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	err := e.Encode(doc)
	return b.Bytes(), err
}
