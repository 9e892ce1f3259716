package catalog

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"strings"
	"time"
)

// feedLength is how many articles a feed of the sample news lists, the newest first.
const feedLength = 30

// format is a kind of feed. The same articles make the same bytes.
type format struct {
	mediaType string
	write     func(o *outlet, c channel, list []article) ([]byte, error)
}

var (
	rss      = format{"application/rss+xml", writeRSS}
	rdf      = format{"application/rdf+xml", writeRDF}
	atom     = format{"application/atom+xml", writeAtom}
	feedJSON = format{"application/feed+json", writeJSON}
)

// updated is the date of a feed: that of its newest article.
func updated(list []article) time.Time {
	if len(list) == 0 {
		return time.Time{}
	}
	return list[0].at
}

// markup is the article's text as HTML.
func (a article) markup() string {
	var b strings.Builder
	for _, p := range a.shown() {
		b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	return b.String()
}

type rssFeed struct {
	XMLName xml.Name  `xml:"rss"`
	Version string    `xml:"version,attr"`
	DC      string    `xml:"xmlns:dc,attr"`
	Title   string    `xml:"channel>title"`
	Link    string    `xml:"channel>link"`
	About   string    `xml:"channel>description"`
	Lang    string    `xml:"channel>language"`
	Built   string    `xml:"channel>lastBuildDate,omitempty"`
	TTL     int       `xml:"channel>ttl"` // minutes
	Items   []rssItem `xml:"channel>item"`
}

type rssItem struct {
	Title      string   `xml:"title"`
	Link       string   `xml:"link"`
	GUID       string   `xml:"guid"`
	Published  string   `xml:"pubDate"`
	Author     string   `xml:"dc:creator"`
	Categories []string `xml:"category"`
	Teaser     string   `xml:"description"`
}

// writeRSS writes RSS 2.0. Its teasers are HTML with a link to the rest, as most
// publishing systems make them; the links carry tracking parameters.
func writeRSS(o *outlet, c channel, list []article) ([]byte, error) {
	f := rssFeed{
		Version: "2.0", DC: dublinCore,
		Title: c.name, Link: o.base() + "/", About: o.tagline, Lang: o.language, TTL: 10,
	}
	if len(list) > 0 {
		f.Built = updated(list).Format(time.RFC1123Z)
	}
	for _, a := range list {
		more := `<p><a href="` + a.url() + `">` + wordings[o.language].More + `</a></p>`
		f.Items = append(f.Items, rssItem{
			Title:      a.title,
			Link:       a.url() + "?utm_source=rss&utm_medium=feed",
			GUID:       a.url(),
			Published:  a.at.Format(time.RFC1123Z),
			Author:     a.author,
			Categories: a.topics,
			Teaser:     "<p>" + html.EscapeString(a.text[0]) + "</p>" + more,
		})
	}
	return encodeXML(f)
}

const dublinCore = "http://purl.org/dc/elements/1.1/"

type rdfFeed struct {
	XMLName xml.Name   `xml:"rdf:RDF"`
	RDF     string     `xml:"xmlns:rdf,attr"`
	RSS     string     `xml:"xmlns,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Channel rdfChannel `xml:"channel"`
	Items   []rdfItem  `xml:"item"`
}

type rdfChannel struct {
	ID    string    `xml:"rdf:about,attr"`
	Title string    `xml:"title"`
	Link  string    `xml:"link"`
	About string    `xml:"description"`
	Lang  string    `xml:"dc:language"`
	Seq   []rdfLink `xml:"items>rdf:Seq>rdf:li"`
}

type rdfLink struct {
	ID string `xml:"rdf:resource,attr"`
}

type rdfItem struct {
	ID        string `xml:"rdf:about,attr"`
	Title     string `xml:"title"`
	Link      string `xml:"link"`
	Teaser    string `xml:"description"`
	Published string `xml:"dc:date"`
	Author    string `xml:"dc:creator"`
	Subject   string `xml:"dc:subject"`
}

// writeRDF writes RSS 1.0, which is RDF.
func writeRDF(o *outlet, c channel, list []article) ([]byte, error) {
	f := rdfFeed{
		RDF: "http://www.w3.org/1999/02/22-rdf-syntax-ns#", RSS: "http://purl.org/rss/1.0/", DC: dublinCore,
		Channel: rdfChannel{
			ID: o.base() + c.path, Title: c.name, Link: o.base() + "/", About: o.tagline, Lang: o.language,
		},
	}
	for _, a := range list {
		f.Channel.Seq = append(f.Channel.Seq, rdfLink{ID: a.url()})
		f.Items = append(f.Items, rdfItem{
			ID: a.url(), Title: a.title, Link: a.url(), Teaser: a.text[0],
			Published: a.at.Format(time.RFC3339), Author: a.author, Subject: a.topics[0],
		})
	}
	return encodeXML(f)
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	About   string      `xml:"subtitle"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Link       atomLink       `xml:"link"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Author     string         `xml:"author>name"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary"`
	Content    *atomContent   `xml:"content"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

// writeAtom writes Atom 1.0, with the whole text where the outlet gives it.
func writeAtom(o *outlet, c channel, list []article) ([]byte, error) {
	f := atomFeed{
		Lang: o.language, ID: o.base() + "/", Title: c.name, About: o.tagline,
		Updated: updated(list).Format(time.RFC3339),
		Links:   []atomLink{{Rel: "alternate", Href: o.base() + "/"}, {Rel: "self", Href: o.base() + c.path}},
	}
	for _, a := range list {
		date := a.at.Format(time.RFC3339)
		e := atomEntry{
			ID: a.url(), Title: a.title, Link: atomLink{Rel: "alternate", Href: a.url()},
			Published: date, Updated: date, Author: a.author, Summary: a.text[0],
		}
		for _, t := range a.topics {
			e.Categories = append(e.Categories, atomCategory{Term: t})
		}
		if o.full {
			e.Content = &atomContent{Type: "html", HTML: a.markup()}
		}
		f.Entries = append(f.Entries, e)
	}
	return encodeXML(f)
}

func encodeXML(feed any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(feed); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

type jsonFeed struct {
	Version  string     `json:"version"`
	Title    string     `json:"title"`
	Home     string     `json:"home_page_url"`
	Self     string     `json:"feed_url"`
	About    string     `json:"description"`
	Language string     `json:"language"`
	Items    []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	Summary   string       `json:"summary"`
	HTML      string       `json:"content_html,omitempty"`
	Published string       `json:"date_published"`
	Authors   []jsonAuthor `json:"authors"`
	Tags      []string     `json:"tags"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

// writeJSON writes JSON Feed 1.1. Whole texts end in the outlet's own advertisement.
func writeJSON(o *outlet, c channel, list []article) ([]byte, error) {
	f := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: c.name, Home: o.base() + "/",
		Self: o.base() + c.path, About: o.tagline, Language: o.language, Items: []jsonItem{},
	}
	for _, a := range list {
		i := jsonItem{
			ID: a.url(), URL: a.url(), Title: a.title, Summary: a.text[0],
			Published: a.at.Format(time.RFC3339), Authors: []jsonAuthor{{Name: a.author}}, Tags: a.topics,
		}
		if o.full {
			i.HTML = a.markup() + "<hr>\n<p><em>" + wordings[o.language].Newsletter + "</em></p>\n"
		}
		f.Items = append(f.Items, i)
	}
	return json.MarshalIndent(f, "", "  ")
}
