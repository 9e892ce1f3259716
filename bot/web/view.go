package web

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

//go:embed pages
var files embed.FS

// siteName is what stands over every page.
const siteName = "Newsdigest"

// frame is what every page has.
type frame struct {
	Language string
	Title    string
	// Root leads from the page to the site's root: "../", so that pages work under any
	// path.
	Root string
}

func newFrame(r *http.Request, lang, title string) frame {
	return frame{Language: lang, Title: title, Root: strings.Repeat("../", max(0, strings.Count(r.URL.Path, "/")-1))}
}

// Say is a text of the page's own.
func (f frame) Say(id string) string { return texts.Say(f.Language, texts.ID(id)) }

// With is a text with an argument.
func (f frame) With(id, name string, value any) string {
	return texts.Say(f.Language, texts.ID(id), texts.Args{name: value})
}

// Lang is the page's language, Dir the direction that it is written in.
func (f frame) Lang() string { return digest.BaseLanguage(f.Language) }

// Dir is the direction of the page's texts.
func (f frame) Dir() string { return texts.Direction(f.Language) }

// Site is the name over the page.
func (f frame) Site() string { return siteName }

// Style is the address of the style sheet, another one for each version of it.
func (f frame) Style() string { return f.Root + "style.css?" + version("style.css") }

// Icon is the address of the icon.
func (f frame) Icon() string { return f.Root + "icon.svg?" + version("icon.svg") }

// Day is a date with its year.
func (f frame) Day(t time.Time) string { return texts.FullDay(f.Language, t) }

// Clock is a time of day.
func (f frame) Clock(t time.Time) string { return texts.Clock(f.Language, t) }

func version(asset string) string { return versions[asset] }

// versions are short hashes of the assets.
var versions = func() map[string]string {
	out := map[string]string{}
	for _, name := range []string{"style.css", "icon.svg"} {
		body, err := files.ReadFile("pages/" + name)
		if err != nil {
			panic(err) // it is part of the program
		}
		sum := sha256.Sum256(body)
		out[name] = fmt.Sprintf("%x", sum[:4])
	}
	return out
}()

// functions are what templates may call besides.
var functions = template.FuncMap{
	"web": webAddress, "lang": langAttributes, "join": digest.Prose,
	"utc": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
}

// webAddress is an address that may be followed from a page, empty if it is anything else
// than a web page's.
func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// langAttributes say which language the words of an element are in, and which way they are
// written. Where nobody knows, the browser looks at the words.
func langAttributes(lang string) template.HTMLAttr {
	if lang == "" {
		return `dir="auto"`
	}
	return template.HTMLAttr(fmt.Sprintf(`lang="%s" dir="%s"`, template.HTMLEscapeString(lang), texts.Direction(lang)))
}

// reading is an edition's page.
type reading struct {
	frame
	Edition bot.Reading
	Until   time.Time // the last day that it is kept
}

// Note is the small print of the page.
func (r reading) Note() string { return r.Edition.Note }

// timeline is the page of a story.
type timeline struct {
	frame
	bot.Timeline
	Days  []day
	Until time.Time
}

// Note is the small print of the page. All its words are publishers'.
func (t timeline) Note() string { return texts.Say(t.Language, texts.Note) }

// day is what was told on one day of a story.
type day struct {
	At      time.Time
	Reports []bot.Report
}

// kept is how long an edition has a page (store, newsLife).
const kept = 30 * 24 * time.Hour

// byDay puts articles under the days of their dates.
func byDay(reports []bot.Report) []day {
	var out []day
	for _, r := range reports {
		if n := len(out); n == 0 || out[n-1].At.Format(time.DateOnly) != r.At.Format(time.DateOnly) {
			out = append(out, day{At: r.At})
		}
		last := &out[len(out)-1]
		last.Reports = append(last.Reports, r)
	}
	return out
}
