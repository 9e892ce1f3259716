package main

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"newsdigest/digest/feed"
)

type told struct{ title, text string }

const flood = "The river Elm flooded the old town of Brackwater on Monday after two days of rain. " +
	"About 1,400 people left their houses. Firefighters carried 60 patients out of the clinic. "

// outletNews is what two news outlets tell, by the last part of its address: one event
// both of them, in nearly the same words, and six that only one of them tells, which
// makes a digest of two pages.
var outletNews = map[string]map[string]told{
	"gazette": {
		"flood":   {"River Elm floods old town of Brackwater", flood + "The mayor asked for boats from the neighboring towns."},
		"theater": {"Theater in Osterby opens with a play about bees", "The new theater in Osterby opened on Sunday with a play about bees. All 420 seats were taken. The director thanked the carpenters first."},
		"chess":   {"Chess champion loses to a schoolgirl", "Chess champion Ruben Falk lost on Sunday to Ines Marlow, a girl of eleven. She gave up a rook for the center. He asked her for the score sheet."},
		"lynx":    {"Lynx seen in Karst forest after forty years", "A lynx walked past a camera in the Karst forest last week. Nobody had seen one there for forty years. Rangers now look for tracks of kittens."},
	},
	"herald": {
		"flood":   {"Old town of Brackwater flooded by river Elm", flood + "Schools in Brackwater stay closed until Thursday."},
		"tariff":  {"Ministers agree to cut the tariff on copper wire", "Trade ministers agreed on Sunday to cut the tariff on copper wire from 12% to 3%. The cut takes effect in January. Cable makers had asked for it for years."},
		"vaccine": {"One dose of measles vaccine left in Sandholm", "Doctors in Sandholm have one dose of measles vaccine left. A delivery was lost at the airport. Parents are asked to wait until Friday."},
		"comet":   {"Comet Harrow can be seen without a telescope", "Comet Harrow can be seen low in the west after sunset this week. Astronomers expect a tail as long as two moons. Clouds may hide it on Wednesday."},
	},
}

// outlets serves the two news outlets, their feeds and pages, and a feed that never
// answers.
func outlets(now time.Time) http.Handler {
	mux := http.NewServeMux()
	for outlet, articles := range outletNews {
		mux.HandleFunc("GET /"+outlet+"/{$}", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `<!doctype html><title>%s</title><link rel="alternate" type="application/rss+xml" href="feed.xml">`, outlet)
		})
		mux.HandleFunc("GET /"+outlet+"/feed.xml", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/rss+xml")
			writeFeed(w, "http://"+r.Host+"/"+outlet+"/", outlet, articles, now.Add(-time.Hour))
		})
		for name, a := range articles {
			mux.HandleFunc("GET /"+outlet+"/"+name, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				fmt.Fprintf(w, "<!doctype html><html lang=en><title>%s</title><article><h1>%s</h1><p>%s</p></article>", a.title, a.title, a.text)
			})
		}
	}
	mux.HandleFunc("GET /opml", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s", opml("http://"+r.Host, 2))
	})
	mux.HandleFunc("/telegram/", func(w http.ResponseWriter, _ *http.Request) { // knows no token
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"ok":false,"error_code":401,"description":"Unauthorized"}`)
	})
	mux.HandleFunc("GET /quiet/feed.xml", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	return mux
}

func writeFeed(w http.ResponseWriter, site, title string, articles map[string]told, at time.Time) {
	fmt.Fprintf(w, `<rss version="2.0"><channel><title>%s</title><link>%s</link><language>en</language>`, title, site)
	for name, a := range articles {
		fmt.Fprintf(w, `<item><title>%s</title><link>%s</link><pubDate>%s</pubDate><description>%s</description></item>`,
			a.title, site+name, at.Format(time.RFC1123Z), a.text)
	}
	fmt.Fprint(w, `</channel></rss>`)
}

// opml names the first n of the two outlets and the one that does not answer.
func opml(base string, n int) []byte {
	outlines := []feed.Outline{
		{Title: "Brackwater Gazette", URL: base + "/gazette/feed.xml", Site: base + "/gazette/", Language: "en", Topics: []string{"World"}},
		{Title: "Elm Valley Herald", URL: base + "/herald/feed.xml", Site: base + "/herald/", Language: "en", Topics: []string{"World"}},
		{Title: "Quiet Outlet", URL: base + "/quiet/feed.xml", Language: "en", Topics: []string{"World"}},
	}
	var file bytes.Buffer
	if err := feed.WriteOPML(&file, "test", outlines[:n]); err != nil {
		panic(err) // a buffer takes everything
	}
	return file.Bytes()
}
