package extract

import (
	"regexp"
	"strings"
)

// wallBytes is how long the text of a page may be that only asks for something.
const wallBytes = 1500

// notFreeMark is schema.org's word for a page behind a paywall.
var notFreeMark = regexp.MustCompile(`(?i)"isAccessibleForFree"\s*:\s*"?false`)

func notFree(body []byte) bool { return notFreeMark.Match(body) }

// challenges and consents are what pages say that stand in an article's place.
var (
	challenges = []string{
		"just a moment", "checking your browser", "verify you are human", "verifying you are human", "are you a robot", "prove you are human",
		"you are not a robot", "enable javascript and cookies", "unusual traffic", "access denied", "attention required", "press & hold",
		"please turn javascript on", "ddos protection", "captcha",
	}
	consents = []string{
		"before you continue", "we value your privacy", "we and our partners", "wir und unsere partner", "nous et nos partenaires",
		"nosotros y nuestros socios", "noi e i nostri partner", "wij en onze partners", "accept all cookies", "alle akzeptieren", "tout accepter",
		"aceptar todo", "accetta tutti", "continuer sans accepter", "your privacy choices", "we use cookies", "manage cookies",
	}
	walls = []string{
		"subscribe to continue", "subscribe to read", "subscribe now to", "to continue reading", "continue reading with", "already a subscriber",
		"already have a subscription", "this article is for subscribers", "subscribers only", "subscriber-only", "exclusive to subscribers", "become a subscriber to",
		"register to continue", "sign in to continue", "create a free account to", "mit dem abo", "weiterlesen mit", "jetzt abonnieren und", "bereits abonnent", "nur für abonnenten",
		"réservé aux abonnés", "réservée aux abonnés", "la suite est réservée", "il vous reste", "déjà abonné", "solo para suscriptores", "suscríbete para", "contenido exclusivo para",
		"contenuto riservato", "riservato agli abbonati", "abbonati per", "exclusivo para assinantes", "assine para", "alleen voor abonnees", "word abonnee",
		"только для подписчиков", "оформите подписку", "sadece aboneler",
	}
)

// refusal is why a short page is no article: a challenge or a consent notice stands in
// its place.
func refusal(a Article, whole string) error {
	if len(a.Text) > wallBytes {
		return nil
	}
	title, text := strings.ToLower(a.Title), strings.ToLower(a.Text)
	if text == "" {
		text = strings.ToLower(whole)
	}
	switch {
	case says(title, challenges) || len(a.Text) < wallBytes/3 && says(text+"\n"+strings.ToLower(whole), challenges):
		return ErrChallenge
	case len(a.Text) < wallBytes/2 && says(title+"\n"+text, consents):
		// A short article may well have a cookie notice beside it; only one in its place
		// counts.
		return ErrConsent
	}
	return nil
}

// walled tells whether a page asks for money instead of going on.
func walled(whole, text string) bool {
	return len(text) < 3*wallBytes && says(strings.ToLower(whole+"\n"+text), walls)
}

func says(text string, any []string) bool {
	for _, s := range any {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}
