package store

import (
	"context"
	"errors"

	"newsdigest/digest"
)

// Article is the article with this id.
func (s *Store) Article(ctx context.Context, id digest.ArticleID) (digest.Article, error) {
	return load[digest.Article](ctx, s.kv, articleKey(id))
}

// Articles are the articles with these ids in this order; those that are gone are left
// out.
func (s *Store) Articles(ctx context.Context, ids []digest.ArticleID) ([]digest.Article, error) {
	out := make([]digest.Article, 0, len(ids))
	for _, id := range ids {
		a, err := s.Article(ctx, id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
