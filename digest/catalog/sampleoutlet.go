package catalog

import "slices"

// outlet is a fictional publisher.
type outlet struct {
	id       string // as the story files name it
	host     string
	name     string
	tagline  string
	language string
	format   format
	full     bool   // the feed brings whole articles, not only teasers
	layout   string // the template of its article pages
	channels []channel
}

// channel is one feed of an outlet.
type channel struct {
	path   string
	name   string
	topics []string // those its source declares
	// only keeps articles whose first topic is one of these; nil keeps all.
	only []string
}

func (o *outlet) base() string { return "http://" + o.host }

// has tells whether an article is in the channel.
func (c channel) has(a article) bool {
	return c.only == nil || slices.Contains(c.only, a.topics[0])
}

// outlets are all publishers of the sample news. They differ on purpose in format, in
// how much their feeds bring and in how their pages are built.
var outlets = []outlet{
	{
		id: "atlas", host: "atlas.example", name: "Atlas Wire", language: "en",
		tagline: "News agency of the Grey Sea states", format: atom, full: true, layout: "plain",
		channels: []channel{{
			path: "/feed.atom", name: "Atlas Wire",
			topics: []string{"world", "politics", "business", "technology", "science"},
		}},
	},
	{
		id: "harbour", host: "harbour.example", name: "Harbour Times", language: "en",
		tagline: "The paper of the ports since 1871", format: rss, layout: "classic",
		channels: []channel{{
			path: "/feed.xml", name: "Harbour Times", topics: []string{"world", "business", "culture"},
		}},
	},
	{
		id: "ledger", host: "ledger.example", name: "The Ledger", language: "en",
		tagline: "Money and what it moves", format: rss, layout: "modern",
		channels: []channel{{
			path: "/rss", name: "The Ledger", topics: []string{"business", "politics"},
		}},
	},
	{
		id: "civic", host: "civic.example", name: "Civic Daily", language: "en",
		tagline: "How the country works, explained", format: rss, layout: "modern",
		channels: []channel{{
			path: "/feed/", name: "Civic Daily",
			topics: []string{"politics", "business", "health", "technology"},
		}},
	},
	{
		id: "northport", host: "northport.example", name: "Northport Post", language: "en",
		tagline: "Your city, every morning", format: rss, layout: "classic",
		channels: []channel{
			{
				path: "/feeds/news.xml", name: "Northport Post",
				topics: []string{"world", "politics"}, only: []string{"world", "politics"},
			},
			{
				path: "/feeds/sport.xml", name: "Northport Post Sport",
				topics: []string{"sport"}, only: []string{"sport"},
			},
			{
				path: "/feeds/culture.xml", name: "Northport Post Culture",
				topics: []string{"culture"}, only: []string{"culture"},
			},
		},
	},
	{
		id: "openbench", host: "openbench.example", name: "Open Bench", language: "en",
		tagline: "Technology, taken apart", format: feedJSON, full: true, layout: "modern",
		channels: []channel{{
			path: "/feed.json", name: "Open Bench", topics: []string{"technology", "science"},
		}},
	},
	{
		id: "lakeland", host: "lakeland.example", name: "Lakeland Courier", language: "en",
		tagline: "Birchford and the Long Lake", format: rdf, layout: "plain",
		channels: []channel{{
			path: "/index.rdf", name: "Lakeland Courier",
			topics: []string{"politics", "business", "health", "sport"},
		}},
	},
	{
		id: "meridian", host: "meridian.example", name: "Meridian Review", language: "en",
		tagline: "Science and culture without hurry", format: atom, layout: "classic",
		channels: []channel{{
			path: "/atom.xml", name: "Meridian Review", topics: []string{"science", "health", "culture"},
		}},
	},
	{
		id: "kuestenbote", host: "kuestenbote.example", name: "Küstenbote", language: "de",
		tagline: "Nachrichten aus Westersand und von der Grauen See", format: rss, layout: "classic",
		channels: []channel{{
			path: "/feed.xml", name: "Küstenbote",
			topics: []string{"world", "business", "technology", "science", "health"},
		}},
	},
	{
		id: "seenland", host: "seenland.example", name: "Seenland-Zeitung", language: "de",
		tagline: "Unabhängige Zeitung für Birkenfurt und den Langen See", format: atom, layout: "modern",
		channels: []channel{{
			path: "/atom.xml", name: "Seenland-Zeitung",
			topics: []string{"world", "politics", "business", "science"},
		}},
	},
	{
		id: "phare", host: "phare.example", name: "Le Phare", language: "fr",
		tagline: "Le quotidien de Port-Clair", format: rss, layout: "modern",
		channels: []channel{{
			path: "/rss.xml", name: "Le Phare", topics: []string{"world", "business", "culture"},
		}},
	},
}

// outletByID finds an outlet, nil if there is none of that id.
func outletByID(id string) *outlet {
	i := slices.IndexFunc(outlets, func(o outlet) bool { return o.id == id })
	if i < 0 {
		return nil
	}
	return &outlets[i]
}
