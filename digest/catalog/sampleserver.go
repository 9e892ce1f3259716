package catalog

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"slices"
	"time"
)

// picture stands for all photographs.
const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">` +
	`<rect width="640" height="360" fill="#789"/></svg>` + "\n"

// Handler serves the sample news of all outlets, told apart by the Host header: front
// pages, feeds and article pages, with validators for conditional requests. It shows
// only what was published at or before now, which is asked at every request.
func (s *Sample) Handler(now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
			return
		}
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if host == brokenHost {
			http.Error(w, "out of order", http.StatusServiceUnavailable)
			return
		}
		i := slices.IndexFunc(outlets, func(o outlet) bool { return o.host == host })
		if i < 0 {
			http.NotFound(w, r)
			return
		}
		s.serve(w, r, &outlets[i], now())
	})
}

// answer is a document before it has validators.
type answer struct {
	contentType string
	body        []byte
	modified    time.Time
}

func (s *Sample) serve(w http.ResponseWriter, r *http.Request, o *outlet, now time.Time) {
	a, found, err := s.find(o, r.URL.Path, now)
	switch {
	case err != nil:
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	case !found:
		http.NotFound(w, r)
		return
	}
	sum := sha256.Sum256(a.body)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	w.Header().Set("Content-Type", a.contentType)
	http.ServeContent(w, r, "", a.modified, bytes.NewReader(a.body))
}

// find makes the document that stands at a path of an outlet.
func (s *Sample) find(o *outlet, path string, now time.Time) (a answer, found bool, err error) {
	const page = "text/html; charset=utf-8"
	list := s.published(o, now)
	switch path {
	case "/":
		body, err := s.frontPage(o, list[:min(feedLength, len(list))])
		return answer{page, body, updated(list)}, true, err
	case "/picture.svg":
		return answer{"image/svg+xml", []byte(picture), time.Time{}}, true, nil
	}
	for _, c := range o.channels {
		if c.path == path {
			a, err := c.answer(o, list)
			return a, true, err
		}
	}
	for _, b := range list {
		if b.path == path {
			body, err := s.articlePage(b, list)
			return answer{page, body, b.at}, true, err
		}
	}
	return answer{}, false, nil
}

// published are an outlet's articles up to now, newest first.
func (s *Sample) published(o *outlet, now time.Time) []article {
	var list []article
	for _, a := range s.articles {
		if a.outlet == o && !a.at.After(now) {
			list = append(list, a)
		}
	}
	return list
}

// answer is the channel's feed of an outlet's articles.
func (c channel) answer(o *outlet, list []article) (answer, error) {
	var kept []article
	for _, a := range list {
		if c.has(a) && len(kept) < feedLength {
			kept = append(kept, a)
		}
	}
	body, err := o.format.write(o, c, kept)
	return answer{o.format.mediaType + "; charset=utf-8", body, updated(kept)}, err
}
