package catalog

import (
	"bytes"
	"time"
)

// wording is what stands around the articles of an outlet, in its language.
type wording struct {
	Home, Sections, More, Related, Share  string
	Newsletter, Address, SignUp           string
	By, Cookies, Accept, Paywall, Imprint string
	// Date is the layout of a date and time of day.
	Date string
}

var wordings = map[string]wording{
	"en": {
		Home: "Home", Sections: "All sections", More: "Continue reading", Related: "More on this",
		Share:      "Share this article",
		Newsletter: "Get the day's most important stories in your inbox. Sign up for our free newsletter.",
		Address:    "Your email address", SignUp: "Sign up",
		By:      "By",
		Cookies: "We use cookies to keep you signed in and to count visits. You can change your choice at any time.",
		Accept:  "Accept all",
		Paywall: "This article is for subscribers. Subscribe now for 5 crowns a month to continue reading.",
		Imprint: "Contact and imprint", Date: "2 January 2006, 15:04",
	},
	"de": {
		Home: "Startseite", Sections: "Alle Ressorts", More: "Weiterlesen", Related: "Mehr zum Thema",
		Share:      "Artikel teilen",
		Newsletter: "Die wichtigsten Nachrichten des Tages per E-Mail. Jetzt kostenlos den Newsletter abonnieren.",
		Address:    "Ihre E-Mail-Adresse", SignUp: "Anmelden",
		By:      "Von",
		Cookies: "Wir verwenden Cookies, um Besuche zu zählen. Sie können Ihre Auswahl jederzeit ändern.",
		Accept:  "Alle akzeptieren",
		Paywall: "Dieser Artikel ist für Abonnenten. Jetzt abonnieren und weiterlesen.",
		Imprint: "Kontakt und Impressum", Date: "02.01.2006, 15:04 Uhr",
	},
	"fr": {
		Home: "Accueil", Sections: "Toutes les rubriques", More: "Lire la suite", Related: "À lire aussi",
		Share:      "Partager cet article",
		Newsletter: "Recevez l’essentiel de l’actualité chaque matin. Inscrivez-vous à notre lettre d’information.",
		Address:    "Votre adresse électronique", SignUp: "S’inscrire",
		By:      "Par",
		Cookies: "Nous utilisons des cookies pour mesurer l’audience. Vous pouvez changer d’avis à tout moment.",
		Accept:  "Tout accepter",
		Paywall: "Cet article est réservé aux abonnés. Abonnez-vous pour lire la suite.",
		Imprint: "Contact et mentions légales", Date: "02/01/2006 à 15:04",
	},
}

// headline is a link to an article.
type headline struct{ Title, URL string }

// feedLink is how a page names a feed of its site.
type feedLink struct{ Title, URL, Type string }

// page is what the templates of sample/pages.html show: the front page of an outlet, or
// one article.
type page struct {
	wording
	Outlet, Tagline, Language, Base string
	Feeds                           []feedLink
	Topics                          []string
	Headlines                       []headline // on the front page all, under an article others

	Title, URL, Topic, Author, Biography, Caption string
	Published, Shown                              string // for machines, for people
	Text                                          []string
	Paywalled                                     bool
}

// related is how many other articles a page links to.
const related = 4

func newPage(o *outlet, list []article) page {
	p := page{
		wording: wordings[o.language], Outlet: o.name, Tagline: o.tagline, Language: o.language, Base: o.base(),
	}
	for _, c := range o.channels {
		p.Feeds = append(p.Feeds, feedLink{Title: c.name, URL: c.path, Type: o.format.mediaType})
		p.Topics = append(p.Topics, c.topics...)
	}
	for _, a := range list {
		p.Headlines = append(p.Headlines, headline{Title: a.title, URL: a.path})
	}
	return p
}

// frontPage is the outlet's site, with links to its feeds.
func (s *Sample) frontPage(o *outlet, list []article) ([]byte, error) {
	return s.render("front", newPage(o, list))
}

// articlePage is an article among all that surrounds articles on the web.
func (s *Sample) articlePage(a article, list []article) ([]byte, error) {
	var others []article
	for _, b := range list {
		if b.path != a.path && len(others) < related {
			others = append(others, b)
		}
	}
	p := newPage(a.outlet, others)
	p.Title, p.URL, p.Topic = a.title, a.url(), a.topics[0]
	p.Author, p.Biography, p.Caption = a.author, s.authors[a.author], a.caption
	p.Published, p.Shown = a.at.Format(time.RFC3339), a.at.Format(p.Date)
	p.Text, p.Paywalled = a.shown(), a.paywall
	return s.render(a.outlet.layout, p)
}

func (s *Sample) render(name string, p page) ([]byte, error) {
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, name, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
