package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/language"

	"newsdigest/bot"
	"newsdigest/bot/texts"
)

// page is an answer before it is written.
type page struct {
	kind  string // of the content
	cache string
	body  []byte
	// changed is when its content last did, zero if that is not known.
	changed time.Time
}

// How long answers may be kept: pages by their reader only, and not for long, since they
// may be erased; assets, whose addresses change with them, by everybody.
const (
	cachePage  = "private, max-age=300"
	cacheFeed  = "private, max-age=900"
	cacheAsset = "public, max-age=31536000, immutable"
)

const kindHTML = "text/html; charset=utf-8"

// compressed is the size in bytes from which answers are compressed where the reader
// takes it.
const compressed = 1 << 10

// send writes an answer, or says that the reader has it already.
func (s *Site) send(w http.ResponseWriter, r *http.Request, p page) {
	sum := sha256.Sum256(p.body)
	tag := fmt.Sprintf("%x", sum[:8])
	if len(p.body) >= compressed && takesGzip(r) {
		p.body, tag = zipped(p.body), tag+"-gzip"
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Vary", "Accept-Encoding")
	w.Header().Set("Content-Type", p.kind)
	w.Header().Set("Cache-Control", p.cache)
	w.Header().Set("ETag", `"`+tag+`"`)
	r.Header.Del("Range") // whole pages only: a part of a compressed one helps nobody
	http.ServeContent(w, r, "", p.changed, bytes.NewReader(p.body))
}

func takesGzip(r *http.Request) bool {
	for _, way := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.ReplaceAll(way, " ", ""), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.Trim(strings.TrimPrefix(quality, "q="), "0.") != "" || quality == ""
		}
	}
	return false
}

func zipped(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(body) //nolint:errcheck // a buffer takes everything
	z.Close()     //nolint:errcheck // likewise
	return b.Bytes()
}

// say writes a small page that says one thing, in the reader's language.
func (s *Site) say(w http.ResponseWriter, r *http.Request, status int, head, text texts.ID) {
	lang := readerLanguage(r)
	title := siteName
	if head != "" {
		title = texts.Say(lang, head)
	}
	body, err := render("message", struct {
		frame
		Text string
	}{newFrame(r, lang, title), texts.Say(lang, text)})
	if err != nil {
		s.log.Error("page not made", "error", err)
		http.Error(w, http.StatusText(status), status)
		return
	}
	w.Header().Set("Content-Type", kindHTML)
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body) //nolint:errcheck // whoever has gone does not read it
	}
}

// readerLanguage is the language that the reader's browser asks for, of those that we have.
func readerLanguage(r *http.Request) string {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return texts.English
	}
	return texts.Supported(tags[0].String())
}

func (s *Site) home(w http.ResponseWriter, r *http.Request) {
	s.say(w, r, http.StatusOK, "", texts.WebHome)
}

func (s *Site) gone(w http.ResponseWriter, r *http.Request) {
	s.say(w, r, http.StatusNotFound, texts.WebGone, texts.WebGoneWhy)
}

// fault answers a request that could not be: nothing is there, or something is wrong here.
func (s *Site) fault(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, bot.ErrGone) {
		s.gone(w, r)
		return
	}
	// The path may be somebody's secret: what kind of page it was is enough.
	kind, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	s.log.Error("page not shown", "page", kind, "error", err)
	s.say(w, r, http.StatusInternalServerError, "", texts.WebFault)
}

// render makes a page from its template.
func render(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	err := templates.ExecuteTemplate(&b, name, data)
	return b.Bytes(), err
}

var templates = template.Must(template.New("").Funcs(functions).ParseFS(files, "pages/*.html"))
