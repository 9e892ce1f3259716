package web

import (
	"net/http"
	"path"
	"strconv"
	"time"
)

// edition is the page of a digest.
func (s *Site) edition(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !publicID.MatchString(id) {
		s.gone(w, r)
		return
	}
	e, err := s.reader.Edition(r.Context(), id)
	if err != nil {
		s.fault(w, r, err)
		return
	}
	s.html(w, r, "edition", reading{newFrame(r, e.Language, e.Name), e, e.At.Add(kept)}, e.At)
}

// story is the page of a story.
func (s *Site) story(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || !publicID.MatchString(id) {
		s.gone(w, r)
		return
	}
	t, err := s.reader.Story(r.Context(), id, number, s.now())
	if err != nil {
		s.fault(w, r, err)
		return
	}
	view := timeline{newFrame(r, t.Edition.Language, t.Story.Headline), t, byDay(t.Articles), t.Edition.At.Add(kept)}
	s.html(w, r, "story", view, time.Time{})
}

// html answers with a page.
func (s *Site) html(w http.ResponseWriter, r *http.Request, name string, view any, changed time.Time) {
	body, err := render(name, view)
	if err != nil {
		s.fault(w, r, err)
		return
	}
	s.send(w, r, page{kind: kindHTML, cache: cachePage, body: body, changed: changed})
}

// asset is the style sheet or the icon.
func (s *Site) asset(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.URL.Path)
	body, err := files.ReadFile("pages/" + name)
	if err != nil {
		s.fault(w, r, err)
		return
	}
	kind := map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}[path.Ext(name)]
	s.send(w, r, page{kind: kind, cache: cacheAsset, body: body})
}
