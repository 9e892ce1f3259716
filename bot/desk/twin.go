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

// twinOf is the article that is there under the id that its address gives it, empty if
// none is.
func (r *newsroom) twinOf(id digest.ArticleID) digest.ArticleID {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.twins[id]
}

// noteTwin notes the source of an article that is in a story already by another address,
// and tells whether it is.
func (b *batch) noteTwin(ctx context.Context, a digest.Article) (bool, error) {
	id := idOf(member(a))
	id = cmp.Or(b.d.room.twinOf(id), b.twins[id], id)
	if id == a.ID {
		return false, nil
	}
	c, err := b.storyOf(ctx, id)
	if c == nil || err != nil {
		return false, err
	}
	i := slices.IndexFunc(c.Story.Members, func(m digest.Member) bool { return m.Article == id })
	if i < 0 {
		return false, nil
	}
	m := c.Story.Members[i]
	m.Also, m.Topics = append([]digest.SourceID{a.Source}, a.Also...), a.Topics
	b.take(c, a, m)
	return true, nil
}

// storyOf is the story that has an article, placed in this batch or before; nil if none
// has.
func (b *batch) storyOf(ctx context.Context, id digest.ArticleID) (*change, error) {
	if c, ok := b.in[id]; ok {
		return c, nil
	}
	a, err := b.d.store.Article(ctx, id)
	if err == nil && a.Story == "" {
		return nil, nil
	}
	var s digest.Story
	if err == nil {
		s, err = b.d.store.Story(ctx, a.Story)
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	now := s.ID
	for to, ok := b.gone[now]; ok; to, ok = b.gone[now] {
		now = to
	}
	if c, ok := b.changed[now]; ok {
		return c, nil
	}
	return b.change(s), nil
}
