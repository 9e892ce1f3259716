package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"newsdigest/digest"
	"newsdigest/digest/fetch"
	"newsdigest/store"
)

// An article is named by what its address has in common with other ways to it (fetch.Fold)
// and its title. Only its page tells some of these ways: then an article that was named by
// one address turns out to be the twin of one that is there under another.

// articleID is the id of an article at this address.
func articleID(link, title string, source digest.SourceID, key string) digest.ArticleID {
	if link != "" {
		link = fetch.Fold(link)
	}
	return digest.NewArticleID(link, title, source, key)
}

// idOf is the id that an article's address gives it now, its own if it has no address.
func idOf(m digest.Member) digest.ArticleID {
	if m.Link == "" {
		return m.Article
	}
	return articleID(m.Link, m.Title, "", "")
}

// know notes an article of which the address says another id than it has. The caller
// holds r.mu.
func (r *newsroom) know(m digest.Member) {
	if id := idOf(m); id != m.Article {
		if _, known := r.twins[id]; !known {
			r.twins[id] = m.Article
		}
	}
}

// noteTwin notes the source of an article that is in a story already by another address,
// and tells whether it is.
func (d *Desk) noteTwin(ctx context.Context, a digest.Article) (bool, error) {
	id := idOf(member(a))
	d.room.mu.RLock()
	id = cmp.Or(d.room.twins[id], id)
	d.room.mu.RUnlock()
	if id == a.ID {
		return false, nil
	}
	twin, err := d.store.Article(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && twin.Story == "" {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s, err := d.store.Story(ctx, twin.Story)
	i := slices.IndexFunc(s.Members, func(m digest.Member) bool { return m.Article == id })
	if errors.Is(err, store.ErrNotFound) || err == nil && i < 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	m := s.Members[i]
	m.Also, m.Topics = append([]digest.SourceID{a.Source}, a.Also...), a.Topics
	s.Add(m)
	a.Story = s.ID
	if err := d.store.SaveStory(ctx, store.Ingest{Article: a, Story: s}); err != nil {
		return false, err
	}
	d.room.put(s, nil)
	return true, nil
}
