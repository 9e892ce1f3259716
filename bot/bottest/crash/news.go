package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"newsdigest/digest/feed"
)

// The news are one feed of as many stories as a page holds, each told in one sentence of so
// long words that a digest is several messages.
const (
	stories       = 5
	sentenceWords = 40 // a digest's reading time allows that much of each
	wordRepeats   = 8
)

// words make up the sentences; no two stories share one.
var words = strings.Fields("copper harbor violin glacier pepper lantern orchard saddle thunder willow " +
	"anchor biscuit candle dragon engine feather guitar hammer island jacket " +
	"kettle ladder magnet needle oyster pillow quartz ribbon shovel timber " +
	"umbrella velvet walnut yarrow zipper almond barrel cactus dagger ember " +
	"falcon garlic helmet icicle jungle kernel lizard meadow nickel onion")

func story(n int) (title, text string) {
	own := words[n*len(words)/stories : (n+1)*len(words)/stories]
	var b strings.Builder
	for i := range sentenceWords {
		fmt.Fprintf(&b, "%s%d ", strings.Repeat(own[i%len(own)], wordRepeats), i)
	}
	return strings.ToUpper(own[0][:1]) + own[0][1:] + " " + strings.Join(own[1:6], " "),
		"The " + strings.TrimSpace(b.String()) + "."
}

func serveNews(w http.ResponseWriter, r *http.Request) {
	if n := 0; r.URL.Path != "/feed.xml" {
		if _, err := fmt.Sscanf(r.URL.Path, "/%d", &n); err != nil || n < 0 || n >= stories {
			http.NotFound(w, r)
			return
		}
		title, text := story(n)
		fmt.Fprintf(w, "<!doctype html><html lang=en><title>%s</title><article><h1>%s</h1><p>%s</p></article>", title, title, text)
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprintf(w, `<rss version="2.0"><channel><title>Drill</title><link>http://%s/</link><language>en</language>`, r.Host)
	for n := range stories {
		title, text := story(n)
		fmt.Fprintf(w, "<item><title>%s</title><link>http://%s/%d</link><pubDate>%s</pubDate><description>%s</description></item>",
			title, r.Host, n, time.Now().Add(-time.Duration(n+1)*time.Minute).Format(time.RFC1123Z), text)
	}
	fmt.Fprint(w, "</channel></rss>")
}

// opml names the feed.
func opml(base string) []byte {
	var file bytes.Buffer
	err := feed.WriteOPML(&file, "drill", []feed.Outline{{Title: "Drill", URL: base + "/feed.xml", Language: "en", Topics: []string{"World"}}})
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return file.Bytes()
}
