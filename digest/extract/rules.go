package extract

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"newsdigest/digest"
	"newsdigest/digest/language"
)

// sureBytes is from how many bytes on a text tells its language better than what feed
// and page declare: many declare the default of their software.
const sureBytes = 400

// Language is the language of an article by what its feed and its page declare and its
// text shows: the feed's, the page's, then the text's; but a long text overrules a
// declaration that it contradicts.
func Language(feed, page, text string) string {
	feed, page = language.Base(feed), language.Base(page)
	declared := feed
	if declared == "" {
		declared = page
	}
	if declared != "" && len(text) < sureBytes {
		return declared
	}
	shown := language.Detect(text)
	if shown == "" {
		return declared
	}
	return shown
}

const maxOutlet = 40 // characters of an outlet's name

// Outlet is the name of an article's outlet: the one its page gives, the feed's title,
// or the host of its link.
func Outlet(page, feed, link string) string {
	host := hostOf(link)
	for _, name := range []string{page, feed} {
		if name = outletName(name, host); name != "" {
			return name
		}
	}
	return host
}

// siteName is the site's name as a page gives it, "" if it gives its headline or an
// address instead.
func siteName(name, title string) string {
	name = digest.Clean(name)
	if name == "" || name == title || strings.Contains(name, "://") || utf8.RuneCountInString(name) > maxOutlet {
		return ""
	}
	return name
}

// siteWords is the most words of a site's name behind a headline.
const siteWords = 4

// withoutSite is a page's title without the name of its site behind it ("Pier rebuilt -
// The Harbour"); Chinese sites put section and name behind underscores.
func withoutSite(title, outlet, host string) string {
	for _, sep := range []string{" | ", " - ", " – ", " — ", " · ", " » "} {
		i := strings.LastIndex(title, sep)
		if i <= 0 {
			continue
		}
		name := strings.TrimSpace(title[i+len(sep):])
		if len(strings.Fields(name)) <= siteWords && (strings.EqualFold(name, outlet) || resembles(name, host)) {
			return strings.TrimSpace(title[:i])
		}
	}
	if head, rest, found := strings.Cut(title, "_"); found && hasHan(head) && hasHan(rest) {
		return strings.TrimSpace(head)
	}
	return title
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// outletName is the part of a feed's or site's title that names the outlet: the part
// that resembles the host ("World news | The Harbour" at theharbour.example), else the
// first.
func outletName(title, host string) string {
	title = digest.Clean(title)
	parts := strings.FieldsFunc(strings.NewReplacer(" - ", "\x00", " – ", "\x00", " — ", "\x00", " | ", "\x00", " » ", "\x00", " > ", "\x00", " :: ", "\x00", ": ", "\x00").Replace(title),
		func(r rune) bool { return r == 0 })
	name := ""
	for _, p := range parts {
		p = strings.TrimSpace(p)
		if utf8.RuneCountInString(p) > maxOutlet || strings.Contains(p, "://") {
			continue
		}
		if resembles(p, host) {
			return p
		}
		if name == "" {
			name = p
		}
	}
	return name
}

// resembles tells whether a name is that of a host: its letters are in the host's first
// labels, or the first label's in it.
func resembles(name, host string) bool {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	if letters == "" || host == "" {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		label = strings.ReplaceAll(label, "-", "")
		if len(label) > 3 && strings.Contains(letters, label) || len(letters) > 2 && strings.Contains(label, letters) {
			return true
		}
	}
	return false
}

// hostOf is the host of a link without "www." and the like, for people to read.
func hostOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	for _, prefix := range []string{"www.", "m.", "amp.", "mobile."} {
		if rest, found := strings.CutPrefix(host, prefix); found && strings.Contains(rest, ".") {
			return rest
		}
	}
	return host
}

const (
	// teaserWords is the most words of a text that is surely not the whole article.
	teaserWords = 130
	// shortened is the most words of a text that is a teaser if it ends in the middle.
	shortened = 400
)

// endings are how feeds end a text that goes on elsewhere.
var endings = []string{
	"…", "...", "[…]", "[...]", "(more)", "»", ">>", "→", "read more", "continue reading", "read more.", "read full article", "read the full story",
	"weiterlesen", "mehr lesen", "lire la suite", "seguir leyendo", "leer más", "leia mais", "leggi tutto", "continua a leggere", "lees verder", "lees meer",
	"читать далее", "детальніше", "devamı", "xem thêm", "阅读全文", "閱讀全文", "続きを読む", "더보기", "اقرأ المزيد",
}

// Teaser tells whether a feed's text is only the beginning of the article, so that its
// page is worth reading.
func Teaser(text string) bool {
	words := digest.Words(text)
	if words < teaserWords {
		return true
	}
	if words > shortened {
		return false
	}
	end := strings.ToLower(strings.TrimRightFunc(text[max(0, len(text)-200):], unicode.IsSpace))
	for _, e := range endings {
		if strings.HasSuffix(end, e) {
			return true
		}
	}
	return strings.Contains(end, "appeared first on")
}
